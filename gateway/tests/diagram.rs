//! Interaction diagrams: snapshots in three languages, and what must hold of every picture.
//!
//! Snapshots are of a copy of the regulation that stands beside them, so that they change with the drawing alone;
//! `UPDATE_DIAGRAMS=1 cargo test -p gateway --test diagram` writes them anew. Look at the pictures then.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "diagram_support/mod.rs"]
mod support;

use certs::Lang;
use gateway::diagram::{Diagram, Format, State, Trace, draw, place};
use gateway::regulation::Regulation;
use registries::store::Entry;

use support::{Journal, edited, hold, regulation};

fn picture(regulation: &Regulation, lang: Lang) -> Diagram {
    Diagram::of(regulation, regulation.channel("portal").unwrap(), lang)
}

fn traced(journal: &[Entry], lang: Lang) -> Diagram {
    let regulation = regulation();
    let mut picture = picture(&regulation, lang);
    Trace::read("00000000-0000-0000-0000-000000000001", journal)
        .over(&mut picture, regulation.channel("portal").unwrap());
    picture
}

fn compare(name: &str, drawn: &str) {
    let file = format!("{}/tests/diagrams/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_DIAGRAMS").is_some() {
        std::fs::write(&file, drawn).unwrap();
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(known == drawn, "{name} is drawn otherwise; UPDATE_DIAGRAMS=1 writes it anew, then look at it");
}

fn extension(format: Format) -> &'static str {
    match format {
        Format::Text => "txt",
        Format::Mermaid => "mmd",
        Format::Svg => "svg",
    }
}

#[test]
fn a_channel_is_drawn_as_it_was() {
    let regulation = regulation();
    for lang in Lang::ALL {
        for format in Format::ALL {
            let name = format!("portal-{lang}.{}", extension(format));
            compare(&name, &draw(&picture(&regulation, lang), format));
        }
    }
}

#[test]
fn a_case_is_drawn_over_it_as_it_was() {
    let cases =
        [("served", Journal::served()), ("refused", Journal::refused()), ("stopped", Journal::stopped())];
    for (name, journal) in cases {
        for lang in Lang::ALL {
            for format in Format::ALL {
                let drawn = draw(&traced(&journal.0, lang), format);
                // Nine pictures more say nothing new: one language each is kept.
                if lang == Lang::Ru {
                    compare(&format!("portal-{name}-{lang}.{}", extension(format)), &drawn);
                }
            }
        }
    }
}

#[test]
fn what_was_gone_through_is_told_apart() {
    let served = traced(&Journal::served().0, Lang::En);
    let state = |picture: &Diagram, at: &str| picture.nodes.iter().find(|node| node.at == at).unwrap().state;
    assert_eq!(state(&served, "12.11b"), State::Gone);
    assert_eq!(state(&served, "12.10"), State::Not);
    assert_eq!(served.traced.as_ref().unwrap().difference, None);
    let hops = |picture: &Diagram, at: &str| {
        let edge = picture.edges.iter().find(|e| picture.nodes[e.from].at == at && !e.through.is_empty());
        edge.unwrap().hops.clone()
    };
    assert_eq!(hops(&served, "12.11"), [State::Gone; 3]);
    assert_eq!(hops(&served, "12.10"), [State::Not; 3]);
    let refused = traced(&Journal::refused().0, Lang::En);
    assert_eq!(hops(&refused, "12.11"), [State::Not; 3]);
    assert_eq!(refused.nodes.iter().find(|n| n.at == "12.9").unwrap().answer, Some(false));
}

#[test]
fn the_first_difference_has_its_paragraph() {
    let difference = |journal: &Journal| traced(&journal.0, Lang::En).traced.unwrap().difference;
    assert_eq!(difference(&Journal::refused()), None);
    let stopped = difference(&Journal::stopped()).unwrap();
    assert_eq!(
        stopped,
        "§12.8: portal → gateway: “application” was not accepted. The certificate is revoked."
    );
    // The condition said no, and the application left all the same.
    let careless = Journal::default().step("portal", "12.3", "yes").step("portal", "12.6", "no").crossing(
        "application",
        "portal",
        "gateway",
    );
    let found = difference(&careless).unwrap();
    assert!(found.starts_with("§12.6: the answer is no"), "{found}");
    // The portal reports its steps, but none of this condition.
    let skipped = Journal::default().step("portal", "12.3", "yes").step("portal", "12.5", "done").crossing(
        "application",
        "portal",
        "gateway",
    );
    let found = difference(&skipped).unwrap();
    assert!(found.starts_with("§12.6: was not checked"), "{found}");
    // Past the gateway.
    let past = Journal::default().step("portal", "12.6", "yes").crossing("application", "portal", "provider");
    let found = difference(&past).unwrap();
    assert!(found.starts_with("§12.6: portal → provider"), "{found}");
    // A system of somebody else reports nothing of its inner steps: that is no difference.
    let silent = Journal::default().crossing("application", "portal", "gateway");
    assert_eq!(difference(&silent), None);
}

#[test]
fn every_picture_holds_together() {
    for (name, regulation) in edited() {
        for lang in Lang::ALL {
            let drawn = picture(&regulation, lang);
            hold(&format!("{name} in {lang}"), &drawn, &place(&drawn));
        }
    }
    for (name, journal) in
        [("served", Journal::served()), ("refused", Journal::refused()), ("stopped", Journal::stopped())]
    {
        for lang in Lang::ALL {
            let drawn = traced(&journal.0, lang);
            hold(&format!("{name} in {lang}"), &drawn, &place(&drawn));
        }
    }
}

#[test]
fn a_case_is_drawn_over_edited_regulations_too() {
    for (name, regulation) in edited() {
        let mut drawn = picture(&regulation, Lang::Kk);
        let trace = Trace::read("case", &Journal::refused().0);
        trace.over(&mut drawn, regulation.channel("portal").unwrap());
        hold(&name, &drawn, &place(&drawn));
    }
}

#[test]
fn text_stays_within_a_terminal() {
    for (name, regulation) in edited() {
        for lang in Lang::ALL {
            let drawn = draw(&picture(&regulation, lang), Format::Text);
            let widest = drawn.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= 110, "{name} in {lang}: {widest} columns");
        }
    }
}

#[test]
fn markup_is_escaped_and_closed() {
    for (name, regulation) in edited() {
        let svg = draw(&picture(&regulation, Lang::En), Format::Svg);
        support::well_formed(&name, &svg);
        assert!(svg.contains("role=\"img\"") && svg.contains("<title id=") && svg.contains("<desc id="));
        assert!(svg.contains("ҮЛГІ · ОБРАЗЕЦ · SPECIMEN") && svg.contains("not an official document"));
    }
}

#[test]
fn mermaid_names_every_step_once_and_only_known_ones() {
    for (name, regulation) in edited() {
        let drawn = draw(&picture(&regulation, Lang::Ru), Format::Mermaid);
        support::mermaid(&name, &drawn, regulation.channel("portal").unwrap().steps.len());
    }
}
