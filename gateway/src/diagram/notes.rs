//! Where notes stand beside their steps.

use super::block::{self, Block};
use super::lanes::Lane;
use super::model::Note;
use super::plan::Plan;
use super::route::Side;
use super::scene::{Noted, Point, Rect, facing};

/// A note's place: in another lane, or below its step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Spot {
    /// On this side of the step, from here, as wide as this.
    Beside(Side, f64, f64),
    /// Below it.
    Below,
}

/// A note with its lines and its place.
pub(super) struct Placing {
    pub(super) node: usize,
    pub(super) which: usize,
    pub(super) spot: Spot,
    pub(super) block: Block,
}

/// The narrowest place in which a note can be read.
const NARROWEST: f64 = 92.0;
/// The widest.
const WIDE: f64 = 170.0;
/// A narrower note takes the next lane, too.
const NARROW: f64 = 130.0;

/// The nearest lanes that are free all the way, else below the step.
pub(super) fn spot(note: &Note, own: usize, busy: &mut [bool], lanes: &[Lane]) -> (Spot, Block) {
    let mut spots: Vec<usize> = (0..lanes.len()).filter(|lane| *lane != own).collect();
    spots.sort_by_key(|lane| lane.abs_diff(own));
    for lane in spots {
        let side = facing(own, lane);
        // From the lane on, away from the step, until there is room enough.
        let beyond: Vec<usize> =
            if side == Side::Right { (lane..lanes.len()).collect() } else { (0..=lane).rev().collect() };
        let (first, last) = (own.min(lane), own.max(lane));
        if (first..=last).any(|between| between != own && busy[between]) {
            continue;
        }
        let mut taken: Option<(usize, f64, f64)> = None;
        for next in beyond.into_iter().take_while(|next| !busy[*next]) {
            let (x, w) = lanes[next].column;
            let (left, right) = taken.map_or((x, x + w), |(_, left, right)| (left.min(x), right.max(x + w)));
            taken = Some((next, left, right));
            if right - left >= NARROW {
                break;
            }
        }
        let Some((end, left, right)) = taken.filter(|(_, left, right)| right - left >= NARROWEST) else {
            continue;
        };
        let (first, last) = (own.min(end), own.max(end));
        busy[first..=last].iter_mut().for_each(|lane| *lane = true);
        // No wider than it is read well.
        let room = (right - left).min(WIDE);
        let x = if side == Side::Right { left } else { right - room };
        return (Spot::Beside(side, x, room), block::of_note(note, room));
    }
    (Spot::Below, block::of_note(note, lanes[own].column.1))
}

/// The notes in their places.
pub(super) fn set(plan: &Plan<'_>) -> Vec<Noted> {
    let mut below: Vec<f64> = plan.rows.iter().map(|row| row.top + row.body + row.below).collect();
    let mut all = Vec::new();
    for Placing { node, which, spot, block } in plan.notes.iter().rev() {
        let (own, row) = (plan.rects[*node], &plan.rows[*node]);
        let middle = row.middle();
        let (rect, leader) = match *spot {
            Spot::Beside(side, x, w) => {
                let rect = Rect { x, y: middle - block.height / 2.0, w, h: block.height };
                let (from, to) = if side == Side::Right { (x, own.x + own.w) } else { (x + w, own.x) };
                (rect, Some((Point { x: from, y: middle }, Point { x: to, y: middle })))
            }
            Spot::Below => {
                below[*node] -= block.height;
                let rect = Rect { x: own.x, y: below[*node], w: own.w, h: block.height };
                below[*node] -= 10.0;
                (rect, None)
            }
        };
        let step = &plan.diagram.nodes[*node];
        let difference = step.notes[*which].difference;
        all.push(Noted { node: *node, difference, rect, texts: block::set_note(block, rect), leader });
    }
    all
}
