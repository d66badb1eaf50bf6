//! Pictures of every channel of the built-in regulations: what must hold of each, and snapshots of a few.
//!
//! `UPDATE_DIAGRAMS=1` writes the snapshots anew, as it does those of the copy beside them.

use certs::Lang;
use gateway::diagram::{Diagram, Format, Glyph, Legend, Role, Scene, Shape, Trace, draw, place};
use gateway::regulation::{CheckWord, Fact, Issued, Message, Person, Regulations, Verb};
use signer::System;

use super::support::{self, Journal, hold};

fn built_in() -> Regulations {
    Regulations::built_in().unwrap()
}

/// Every channel in every language.
fn pictures() -> Vec<Diagram> {
    let regulations = built_in();
    let channels = regulations
        .iter()
        .flat_map(|regulation| regulation.channels.iter().map(move |channel| (regulation, channel)));
    channels
        .flat_map(|(regulation, channel)| Lang::ALL.map(|lang| Diagram::of(regulation, channel, lang)))
        .collect()
}

fn picture(id: &str, channel: &str, lang: Lang) -> Diagram {
    let regulations = built_in();
    let regulation = regulations.regulation(id).unwrap();
    Diagram::of(regulation, regulation.channel(channel).unwrap(), lang)
}

fn name(drawn: &Diagram) -> String {
    format!("{} in {}", drawn.id, drawn.lang)
}

/// A4 with print that can be read, and the four signs of the acts' legends.
fn printable(name: &str, scene: &Scene) {
    let texts = scene.texts.iter().chain(&scene.captions);
    let texts = texts.chain(scene.symbols.iter().flat_map(|symbol| &symbol.texts));
    let smallest = texts.map(|text| text.line.size).fold(f64::MAX, f64::min);
    let points = smallest * if scene.portrait { 595.3 } else { 841.9 } / scene.size.0;
    // A3 is larger by the root of two.
    let points = if scene.large { points * std::f64::consts::SQRT_2 } else { points };
    assert!(points >= 5.83, "{name}: {points} points");
    assert!(scene.pages <= 6, "{name}: {} pages", scene.pages);
    let explains = |what: Legend| scene.legend.iter().any(|entry| entry.what == what);
    for sign in [
        Legend::Glyph(Glyph::Begin),
        Legend::Glyph(Glyph::End),
        Legend::Shape(Shape::Process),
        Legend::Shape(Shape::Condition),
    ] {
        assert!(explains(sign), "{name}: the legend has no {sign:?}");
    }
    let onward = |what: &Legend| matches!(what, Legend::Stroke(Role::Then, false, _));
    assert!(scene.legend.iter().any(|entry| onward(&entry.what)), "{name}: no way on in the legend");
}

#[test]
fn every_channel_holds_together() {
    for drawn in pictures() {
        let (name, scene) = (name(&drawn), place(&drawn));
        hold(&name, &drawn, &scene);
        printable(&name, &scene);
    }
}

#[test]
fn every_channel_is_written_in_every_format() {
    for drawn in pictures() {
        let name = name(&drawn);
        let text = draw(&drawn, Format::Text);
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= 110, "{name}: {widest} columns");
        for sign in ["(○)", "(●)", "[■]", "<◆>"] {
            assert!(text.contains(sign), "{name}: no {sign}");
        }
        support::mermaid(&name, &draw(&drawn, Format::Mermaid), drawn.nodes.len());
        let svg = draw(&drawn, Format::Svg);
        support::well_formed(&name, &svg);
        for node in &drawn.nodes {
            assert_eq!(
                svg.matches(&format!("<g id=\"step-{}\">", node.at)).count(),
                1,
                "{name}: §{}",
                node.at
            );
        }
    }
}

/// Everything that is read of a picture.
fn words(drawn: &Diagram) -> Vec<String> {
    let lanes = drawn.lanes.iter().flat_map(|lane| [lane.title.clone(), lane.short.clone()]);
    let nodes = drawn.nodes.iter().flat_map(|node| {
        let one = [&node.guard, &node.signed, &node.within, &node.unsaid, &node.label];
        let deeds = node.deed.iter().flat_map(|deed| deed.what.clone());
        let all = one.into_iter().flatten().cloned().chain(deeds).chain([node.what.clone()]);
        all.chain(node.documents.clone()).chain(node.delivery.iter().map(|shown| shown.caption.clone()))
    });
    let edges = drawn.edges.iter().filter_map(|edge| edge.caption.clone());
    let clocks = drawn.clocks.iter().flat_map(|clock| [clock.limit.clone(), clock.what.clone()]);
    lanes.chain(nodes).chain(edges).chain(clocks).map(|text| text.replace('\u{ad}', "")).collect()
}

#[test]
fn no_word_of_the_files_is_shown_as_it_is_written() {
    let mut slugs: Vec<&str> = System::ALL.iter().map(|word| word.name()).collect();
    slugs.extend(Person::ALL.iter().map(|word| word.word()));
    slugs.extend(Verb::ALL.iter().map(|word| word.word()));
    slugs.extend(CheckWord::ALL.iter().map(|word| word.word()));
    slugs.extend(Fact::ALL.iter().map(|word| word.word()));
    slugs.extend(Message::ALL.iter().map(|word| word.word()));
    slugs.extend(Issued::ALL.iter().map(|word| word.word()));
    for drawn in pictures() {
        for text in words(&drawn) {
            for slug in &slugs {
                // In English a word may be a term as well; one with a dash never is.
                let shown = text.split([' ', ',', ':', '[', ']']).any(|word| word == *slug);
                let term = drawn.lang == Lang::En && !slug.contains('-') || *slug == "sign-in";
                assert!(!shown || term, "{}: `{slug}` in `{text}`", name(&drawn));
            }
        }
    }
}

#[test]
fn in_an_office_steps_stand_with_the_people_who_act() {
    let drawn = picture("kyzylorda-1056-preschool-admission", "office", Lang::En);
    let lanes: Vec<&str> = drawn.lanes.iter().map(|lane| lane.actor.word()).collect();
    assert_eq!(lanes, ["recipient", "provider-clerk", "provider-executor", "provider-head"]);
    let at = |at: &str| lanes[drawn.nodes.iter().find(|node| node.at == at).unwrap().lane];
    assert_eq!([at("6.1"), at("6.2"), at("6.3b"), at("6.4")], lanes[..]);
    assert!(drawn.nodes.iter().all(|node| node.deed.is_none()));
}

#[test]
fn both_ways_of_a_message_are_drawn() {
    let drawn = picture("kyzylorda-1056-preschool-queue", "portal", Lang::En);
    let ways: Vec<_> = drawn.edges.iter().filter(|edge| edge.role == Role::Message).collect();
    let other = ways.iter().find(|edge| edge.other).unwrap();
    let usual = ways.iter().find(|edge| edge.from == other.from && !edge.other).unwrap();
    assert_eq!((usual.to, usual.caption.as_deref()), (other.to, Some("application")));
    assert_eq!(other.caption.as_deref(), Some("application [if reached by the regional gateway]"));
}

/// A case drawn over a channel of the built-in regulations.
fn traced(id: &str, channel: &str, journal: &Journal) -> Diagram {
    let regulations = built_in();
    let regulation = regulations.regulation(id).unwrap();
    let channel = regulation.channel(channel).unwrap();
    let mut drawn = Diagram::of(regulation, channel, Lang::En);
    Trace::read("case", &journal.0).over(&mut drawn, channel);
    drawn
}

#[test]
fn a_message_by_the_other_way_is_recognised() {
    let journal = Journal::default().crossing("application", "portal", "regional-gateway").crossing(
        "application",
        "regional-gateway",
        "queue-registry",
    );
    let drawn = traced("kyzylorda-1056-preschool-queue", "portal", &journal);
    assert_eq!(drawn.traced.as_ref().unwrap().difference, None);
    let gone = |other: bool| {
        let mut edges = drawn.edges.iter();
        let from = drawn.edges.iter().find(|edge| edge.other).unwrap().from;
        let edge = edges
            .find(|edge| edge.role == Role::Message && edge.from == from && edge.other == other)
            .unwrap();
        edge.hops.iter().all(|hop| *hop == gateway::diagram::State::Gone)
    };
    assert_eq!((gone(false), gone(true)), (false, true));
}

#[test]
fn a_technical_failure_that_was_made_good_is_no_difference() {
    let id = "kyzylorda-1056-preschool-queue";
    let failed = || Journal::default().failing_technically("application", "portal", "gateway");
    let difference = |journal: &Journal| traced(id, "portal", journal).traced.unwrap().difference;
    assert!(difference(&failed()).unwrap().contains("was not accepted"));
    assert_eq!(difference(&failed().crossing("application", "portal", "gateway")), None);
}

#[test]
fn snapshots_of_a_few_channels() {
    for (id, channel, lang) in [
        ("kyzylorda-1056-preschool-admission", "office", Lang::Kk),
        ("kyzylorda-1056-preschool-queue", "portal", Lang::Kk),
        ("mangystau-339-externat", "portal", Lang::En),
        ("passport-preschool-queue", "complaint", Lang::En),
    ] {
        let drawn = picture(id, channel, lang);
        for (format, extension) in [(Format::Text, "txt"), (Format::Mermaid, "mmd"), (Format::Svg, "svg")] {
            support::compare(&format!("{id}-{channel}-{lang}.{extension}"), &draw(&drawn, format));
        }
    }
}
