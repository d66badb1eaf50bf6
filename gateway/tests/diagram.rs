//! Interaction diagrams: snapshots in three languages, and what must hold of every picture.
//!
//! Snapshots are of a copy of the regulation that stands beside them, so that they change with the drawing alone;
//! `UPDATE_DIAGRAMS=1 cargo test -p gateway --test diagram` writes them anew. Look at the pictures then.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "diagram_support/channels.rs"]
mod channels;
#[path = "diagram_support/mod.rs"]
mod support;

use certs::Lang;
use gateway::diagram::{Diagram, Format, Mark, Role, Shape, State, Trace, draw, place};
use gateway::regulation::Regulation;
use registries::store::Entry;

use support::{Journal, compare, edited, hold, regulation};

const CHANNELS: [&str; 2] = ["portal", "state-corporation"];

fn picture(regulation: &Regulation, channel: &str, lang: Lang) -> Diagram {
    Diagram::of(regulation, regulation.channel(channel).unwrap(), lang)
}

fn traced_in(channel: &str, journal: &[Entry], lang: Lang) -> Diagram {
    let regulation = regulation();
    let mut picture = picture(&regulation, channel, lang);
    Trace::read("00000000-0000-0000-0000-000000000001", journal)
        .over(&mut picture, regulation.channel(channel).unwrap());
    picture
}

fn traced(journal: &[Entry], lang: Lang) -> Diagram {
    traced_in("portal", journal, lang)
}

/// Cases by channel and name.
fn cases() -> [(&'static str, &'static str, Journal); 6] {
    [
        ("portal", "served", Journal::served()),
        ("portal", "refused", Journal::refused()),
        ("portal", "stopped", Journal::stopped()),
        ("state-corporation", "served", Journal::counter_served()),
        ("state-corporation", "refused", Journal::counter_refused()),
        ("state-corporation", "stopped", Journal::counter_stopped()),
    ]
}

/// Every channel of every edited regulation, each different picture once.
fn edited_pictures(lang: Lang) -> Vec<(String, usize, Diagram)> {
    let mut known: Vec<String> = Vec::new();
    let mut all = Vec::new();
    for (name, regulation) in edited() {
        for channel in CHANNELS {
            let drawn = picture(&regulation, channel, lang);
            let said = format!("{drawn:?}");
            if !known.contains(&said) {
                known.push(said);
                all.push((format!("{name}: {channel} in {lang}"), drawn.nodes.len(), drawn));
            }
        }
    }
    all
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
    for channel in CHANNELS {
        for lang in Lang::ALL {
            for format in Format::ALL {
                let name = format!("{channel}-{lang}.{}", extension(format));
                compare(&name, &draw(&picture(&regulation, channel, lang), format));
            }
        }
    }
}

#[test]
fn a_case_is_drawn_over_it_as_it_was() {
    for (channel, name, journal) in cases() {
        for format in Format::ALL {
            // More pictures say nothing new: one language each is kept.
            let drawn = draw(&traced_in(channel, &journal.0, Lang::Ru), format);
            compare(&format!("{channel}-{name}-ru.{}", extension(format)), &drawn);
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
fn ways_past_steps_are_told_apart() {
    let node = |picture: &Diagram, at: &str| picture.nodes.iter().position(|node| node.at == at).unwrap();
    let past = |picture: &Diagram, at: &str| {
        let step = node(picture, at);
        picture.edges.iter().find(|edge| edge.past == Some(step)).unwrap().clone()
    };
    let served = traced_in("state-corporation", &Journal::counter_served().0, Lang::En);
    let refused = traced_in("state-corporation", &Journal::counter_refused().0, Lang::En);
    for (at, from, to, words) in [
        ("9-p3b", "9-p3", "10", "[if the law says otherwise]"),
        ("11.3b", "11.3", "11.4", "[if in person or not notarised]"),
    ] {
        let edge = past(&served, at);
        assert_eq!((edge.from, edge.to), (node(&served, from), node(&served, to)));
        assert_eq!((edge.role, edge.caption.as_deref(), edge.inferred), (Role::Past, Some(words), true));
        assert_eq!((edge.hops, past(&refused, at).hops), (vec![State::Gone], vec![State::Not]));
    }
    let begun = traced(&Journal::served().0, Lang::En).past.unwrap();
    assert_eq!((begun.to, begun.caption.as_str(), begun.state), (1, "[if registered]", State::Not));
    let registered: Vec<Entry> = Journal::served().0.into_iter().skip(1).collect();
    assert_eq!(traced(&registered, Lang::En).past.unwrap().state, State::Gone);
}

#[test]
fn registers_are_asked_there_and_back() {
    let asked = |journal: &Journal, at: &str| {
        let picture = traced_in("state-corporation", &journal.0, Lang::En);
        let node = picture.nodes.into_iter().find(|node| node.at == at).unwrap();
        node.exchange.unwrap().hops
    };
    assert_eq!(asked(&Journal::counter_refused(), "11.3b"), [State::Gone; 4]);
    assert_eq!(asked(&Journal::counter_served(), "11.3b"), [State::Not; 4]);
    let served = traced_in("state-corporation", &Journal::counter_served().0, Lang::En);
    let condition = served.nodes.iter().find(|node| node.at == "11.4").unwrap();
    assert_eq!(
        condition.notes[0].lines,
        [
            (Mark::Yes, "recipient found".to_owned()),
            (Mark::None, "power of attorney found: not asked".to_owned())
        ]
    );
    assert_eq!(
        asked(&Journal::counter_stopped(), "11.3b"),
        [State::Gone, State::Gone, State::Refused, State::Not]
    );
    let picture = picture(&regulation(), "state-corporation", Lang::En);
    let aside = picture.nodes.iter().position(|node| node.at == "11.8c").unwrap();
    assert_eq!(picture.nodes[aside].shape, Shape::Aside);
    assert!(picture.edges.iter().all(|edge| edge.from != aside));
    assert!(picture.edges.iter().any(|edge| edge.to == aside && edge.role == Role::Message));
}

#[test]
fn the_first_difference_at_the_counter_has_its_paragraph() {
    let difference = |journal: &Journal| {
        traced_in("state-corporation", &journal.0, Lang::En).traced.unwrap().difference.unwrap_or_default()
    };
    assert_eq!(difference(&Journal::counter_refused()), "");
    assert_eq!(difference(&Journal::counter_served()), "", "steps may be passed by");
    for (journal, says) in [
        (Journal::counter_stopped(), "§11.3: notary registry → gateway: “answer” was not accepted."),
        (
            Journal::counter_unregistered(),
            "§11.8: “incoming number” did not cross, but “for processing” crossed",
        ),
        (
            Journal::counter_unasked(),
            "§11.3: “query on the recipient” did not cross, but “application” crossed",
        ),
        (Journal::counter_unanswered(), "§11.3: “query on the recipient” was not answered, but"),
        (Journal::counter_without_consent(), "§9-p3: the answer is no, but “query on the recipient” crossed"),
    ] {
        let found = difference(&journal);
        assert!(found.starts_with(says), "{found}");
    }
}

#[test]
fn print_can_be_read() {
    for channel in CHANNELS {
        for lang in Lang::ALL {
            let scene = place(&picture(&regulation(), channel, lang));
            let texts = scene.texts.iter().chain(&scene.captions);
            let texts = texts.chain(scene.symbols.iter().flat_map(|symbol| &symbol.texts));
            let smallest = texts.map(|text| text.line.size).fold(f64::MAX, f64::min);
            let points = smallest * if scene.portrait { 595.3 } else { 841.9 } / scene.size.0;
            assert!(points >= 5.85, "{channel} in {lang}: {points} points");
        }
    }
}

#[test]
fn every_picture_holds_together() {
    for (name, _, drawn) in Lang::ALL.into_iter().flat_map(edited_pictures) {
        hold(&name, &drawn, &place(&drawn));
    }
    for (channel, name, journal) in cases() {
        for lang in Lang::ALL {
            let drawn = traced_in(channel, &journal.0, lang);
            hold(&format!("{name}: {channel} in {lang}"), &drawn, &place(&drawn));
        }
    }
}

#[test]
fn a_case_is_drawn_over_edited_regulations_too() {
    for (name, regulation) in edited() {
        for (channel, journal) in
            [(CHANNELS[0], Journal::refused()), (CHANNELS[1], Journal::counter_refused())]
        {
            let mut drawn = picture(&regulation, channel, Lang::Kk);
            Trace::read("case", &journal.0).over(&mut drawn, regulation.channel(channel).unwrap());
            hold(&format!("{name}: {channel}"), &drawn, &place(&drawn));
        }
    }
}

#[test]
fn text_stays_within_a_terminal() {
    for (name, _, drawn) in Lang::ALL.into_iter().flat_map(edited_pictures) {
        let drawn = draw(&drawn, Format::Text);
        let widest = drawn.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= 110, "{name}: {widest} columns");
    }
}

#[test]
fn markup_is_escaped_and_closed() {
    for (name, _, drawn) in edited_pictures(Lang::En) {
        let svg = draw(&drawn, Format::Svg);
        support::well_formed(&name, &svg);
        assert!(svg.contains("role=\"img\"") && svg.contains("<title id=") && svg.contains("<desc id="));
        let pages = place(&drawn).pages;
        assert_eq!(svg.matches(">ҮЛГІ · ОБРАЗЕЦ · SPECIMEN<").count(), pages, "{name}: on every page");
        assert!(svg.contains("not an official document"));
    }
}

#[test]
fn mermaid_names_every_step_once_and_only_known_ones() {
    for (name, steps, drawn) in edited_pictures(Lang::Ru) {
        support::mermaid(&name, &draw(&drawn, Format::Mermaid), steps);
    }
}
