//! The legend: a sample of each kind of sign that the picture has, and what it means.

use super::block;
use super::count;
use super::measure::Weight;
use super::model::{Diagram, Role, Shape, State};
use super::place::MARGIN;
use super::scene::{Anchor, Entry, Glyph, Legend, Rect, Tone};
use super::words;
use crate::regulation::End;

/// The width of a sample.
const SAMPLE: f64 = 46.0;
/// The height of the heading.
const HEADING: f64 = 22.0;

/// What is explained: the four signs of the acts' legends, and of the others those that the picture has.
fn entries(diagram: &Diagram) -> Vec<(Legend, &'static str)> {
    let lang = diagram.lang;
    let shown = |end| {
        diagram.nodes.iter().filter_map(|n| n.delivery.as_ref()).any(|d| d.kind == Some(end) && !d.by_hand)
    };
    let asked = diagram.nodes.iter().filter_map(|node| node.exchange.as_ref());
    let has = |shape| diagram.nodes.iter().any(|node| node.shape == shape);
    let refused = diagram.edges.iter().any(|edge| edge.hops.contains(&State::Refused));
    let differs = diagram.traced.as_ref().is_some_and(|traced| traced.difference.is_some());
    let traced = diagram.traced.is_some();
    let usual = if traced { State::Gone } else { State::Plain };
    let all = [
        (true, Legend::Glyph(Glyph::Begin), words::l_begin(lang)),
        (true, Legend::Glyph(Glyph::End), words::l_end(lang)),
        (true, Legend::Shape(Shape::Process), words::l_process(lang)),
        (true, Legend::Shape(Shape::Condition), words::l_condition(lang)),
        (has(Shape::Aside), Legend::Shape(Shape::Aside), words::l_aside(lang)),
        (shown(End::Refusal), Legend::Glyph(Glyph::Message(Some(End::Refusal))), words::l_refusal(lang)),
        (shown(End::Result), Legend::Glyph(Glyph::Message(Some(End::Result))), words::l_result(lang)),
        (true, Legend::Stroke(Role::Then, false, usual), words::l_then(lang)),
        (
            asked.clone().count() > 0 || diagram.edges.iter().any(|edge| edge.role == Role::Message),
            Legend::Stroke(Role::Message, false, usual),
            words::l_message(lang),
        ),
        (
            asked.clone().any(|exchange| !exchange.through.is_empty())
                || diagram.edges.iter().any(|edge| !edge.through.is_empty()),
            Legend::Glyph(Glyph::Relay),
            words::l_relay(lang),
        ),
        (asked.clone().count() > 0, Legend::Glyph(Glyph::Register), words::l_register(lang)),
        (
            diagram.nodes.iter().filter_map(|n| n.delivery.as_ref()).any(|delivery| delivery.by_hand),
            Legend::Glyph(Glyph::Sheet(None)),
            words::l_by_hand(lang),
        ),
        (diagram.infers(), Legend::Stroke(Role::Then, true, usual), words::l_inferred(lang)),
        (
            diagram.nodes.iter().any(|n| n.guard.is_some() || n.documents.iter().any(|d| d.contains('['))),
            Legend::Guard,
            words::l_guard(lang),
        ),
        (!diagram.clocks.is_empty(), Legend::Clock, words::l_clock(lang)),
        (traced, Legend::Stroke(Role::Message, false, State::Gone), words::l_gone(lang)),
        (traced, Legend::Stroke(Role::Message, false, State::Not), words::l_pale(lang)),
        (refused, Legend::Stroke(Role::Message, false, State::Refused), words::l_refused(lang)),
        (differs, Legend::Difference, words::l_difference(lang)),
    ];
    all.into_iter().filter(|(has, ..)| *has).map(|(_, what, said)| (what, said)).collect()
}

fn columns(wide: f64) -> usize {
    let fit = (3..12).take_while(|n| (wide - 2.0 * MARGIN) / count(*n) >= 225.0).last();
    fit.unwrap_or(3)
}

/// The legend's height, with the rule above it.
pub(super) fn height(diagram: &Diagram, wide: f64) -> f64 {
    let all = set(diagram, wide, 0.0);
    let bottom = |entry: &Entry| entry.sample.y + entry.sample.h;
    all.iter().map(bottom).fold(HEADING, f64::max) + 14.0
}

/// The entries in their places, beginning below a heading at `top`.
pub(super) fn set(diagram: &Diagram, wide: f64, top: f64) -> Vec<Entry> {
    let number = columns(wide);
    let w = (wide - 2.0 * MARGIN) / count(number);
    let mut y = top + HEADING;
    let mut all = Vec::new();
    for row in entries(diagram).chunks(number) {
        let said = row
            .iter()
            .map(|(_, said)| block::lines(said, 10.0, Weight::Regular, Tone::Plain, w - SAMPLE - 18.0));
        let said: Vec<_> = said.collect();
        let tall = said.iter().map(|lines| block::height(lines)).fold(28.0, f64::max) + 4.0;
        for (index, ((what, _), lines)) in row.iter().zip(&said).enumerate() {
            let x = MARGIN + w * count(index);
            let text_top = y + (tall - block::height(lines)) / 2.0;
            all.push(Entry {
                what: *what,
                sample: Rect { x, y, w: SAMPLE, h: tall },
                texts: block::set(lines, x + SAMPLE + 8.0, text_top, Anchor::Start, false),
            });
        }
        y += tall;
    }
    all
}
