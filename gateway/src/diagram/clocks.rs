//! Clocks beside the lanes: a bracket over the steps that a limit holds for, and the limit at its beginning.

use super::block::{self, SMALL};
use super::count;
use super::measure::Weight;
use super::model::{Clock, Diagram};
use super::plan::Plan;
use super::scene::{Anchor, Clocked, Line, Point, Tone};

/// Space from the lanes to the first bracket, and from one to the next.
const TRACK: f64 = 12.0;
/// The room for what is said of clocks.
const ROOM: f64 = 92.0;
/// How long a bracket's ends are.
const END: f64 = 5.0;
/// Space between what is said of two clocks.
const APART: f64 = 6.0;

/// The width of the strip beside the lanes; nothing without clocks.
pub(super) fn strip(diagram: &Diagram) -> f64 {
    let tracks = diagram.clock_tracks().into_iter().max();
    tracks.map_or(0.0, |last| TRACK * count(last + 1) + ROOM)
}

fn lines(clock: &Clock) -> Vec<Line> {
    let room = ROOM - TRACK / 2.0;
    let mut all = block::lines(&clock.limit, SMALL, Weight::Bold, Tone::Plain, room);
    let rest = format!("§{}: {}", clock.paragraph, clock.what);
    all.extend(block::lines(&rest, SMALL, Weight::Regular, Tone::Plain, room));
    all
}

/// The height of what is said of the clocks that begin at a row.
pub(super) fn height(diagram: &Diagram, row: usize) -> f64 {
    let begun = diagram.clocks.iter().filter(|clock| clock.rows().0 == row);
    begun.map(|clock| block::height(&lines(clock)) + APART).sum()
}

/// The brackets in their places, in pieces where they go from page to page.
pub(super) fn set(plan: &Plan<'_>) -> Vec<Clocked> {
    let diagram = plan.diagram;
    let Some(edge) = plan.lanes.last().map(|lane| lane.x + lane.w) else { return Vec::new() };
    let tracks = diagram.clock_tracks();
    let said = edge + TRACK * count(tracks.iter().max().map_or(0, |last| last + 1)) + TRACK / 2.0;
    let mut taken = vec![0.0; plan.rows.len()];
    let mut all = Vec::new();
    for (index, clock) in diagram.clocks.iter().enumerate() {
        let (first, last) = clock.rows();
        let x = edge + TRACK * count(tracks[index] + 1) - END;
        let (top, bottom) = (plan.rows[first].top, plan.rows[last].top + plan.rows[last].body);
        let lines = lines(clock);
        let texts = block::set(&lines, said, top + taken[first], Anchor::Start, false);
        taken[first] += block::height(&lines) + APART;
        all.push(Clocked {
            clock: index,
            pieces: pieces(plan, x, (top, bottom)),
            texts,
            inferred: clock.inferred,
        });
    }
    all
}

/// An end points at the row where the clock begins or stops; where a page ends there is none.
fn pieces(plan: &Plan<'_>, x: f64, (top, bottom): (f64, f64)) -> Vec<Vec<Point>> {
    let on = plan.frames.iter().filter(|frame| frame.body < bottom && frame.bottom > top);
    let piece = |frame: &super::pages::Frame| {
        let (high, low) = (top.max(frame.body), bottom.min(frame.bottom));
        let begins = (top >= frame.body).then_some(Point { x: x - END, y: high });
        let stops = (bottom <= frame.bottom).then_some(Point { x: x - END, y: low });
        let stretch = [Point { x, y: high }, Point { x, y: low }];
        begins.into_iter().chain(stretch).chain(stops).collect()
    };
    on.map(piece).collect()
}
