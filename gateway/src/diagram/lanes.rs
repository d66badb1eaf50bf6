//! How wide lanes are, and what they leave beside their columns for edges.

use super::block::{self, BODY, SMALL};
use super::clocks;
use super::count;
use super::measure::{Weight, width};
use super::model::{Diagram, Lane as Said, Node, Role, Shape};
use super::place::MARGIN;
use super::route::{Routes, Side};
use super::scene::{Line, Tone};
use certs::Lang;

/// The least width of a column that steps stand in.
const LEAST: f64 = 120.0;
/// No word makes a column wider than this.
const WIDEST: f64 = 190.0;
/// The size of headings.
const HEADING: f64 = 10.5;
/// Space between a heading's text and its lane's border, both sides together.
const PADDING: f64 = 10.0;
/// The way from one track of a gutter to the next.
const TRACK: f64 = 12.0;

/// A lane's column with its gutters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lane {
    /// The whole lane.
    pub(super) x: f64,
    pub(super) w: f64,
    /// What steps may use.
    pub(super) column: (f64, f64),
}

impl Lane {
    pub(super) fn middle(&self) -> f64 {
        self.column.0 + self.column.1 / 2.0
    }

    /// The middle of a track in a gutter; the first one is nearest to the column.
    pub(super) fn track(&self, side: Side, track: usize, of: usize) -> f64 {
        let (x, w) = self.column;
        let room = if side == Side::Left { x - self.x } else { self.x + self.w - x - w };
        let away = (room - 6.0 - TRACK * count(of.saturating_sub(1))).max(9.0) + TRACK * count(track);
        if side == Side::Left { x - away } else { x + w + away }
    }
}

/// How wide each column has to be: people need less than steps, and what only passes messages on or answers a
/// question needs least.
fn least(diagram: &Diagram) -> Vec<f64> {
    let least = |lane: usize| {
        let of = |holds: &dyn Fn(&Node) -> bool| diagram.nodes.iter().any(holds);
        let used = if of(&|node| node.lane == lane) {
            LEAST
        } else if of(&|node| node.deed.as_ref().is_some_and(|deed| deed.lane == lane)) {
            0.88 * LEAST
        } else if of(&|node| node.delivery.as_ref().is_some_and(|delivery| delivery.lane == Some(lane))) {
            0.72 * LEAST
        } else {
            0.56 * LEAST
        };
        // What cannot be divided in a heading is not to be cut, nor is a word in a step.
        let heading = diagram.lanes[lane].actor.heading();
        let parts = heading.get(diagram.lang).split([' ', '\u{ad}']);
        let longest = parts.map(|part| width(&format!("{part}-"), HEADING, Weight::Bold)).fold(0.0, f64::max);
        let steps = diagram.nodes.iter().filter(|node| node.lane == lane).map(words);
        used.max(longest.min(LEAST) + PADDING - 12.0).max(steps.fold(0.0, f64::max).min(WIDEST))
    };
    (0..diagram.lanes.len()).map(least).collect()
}

/// The width of a column in which no word of a step has to be cut.
fn words(node: &Node) -> f64 {
    let longest = |text: &str, size: f64| {
        text.split_whitespace().map(|word| width(word, size, Weight::Regular)).fold(0.0, f64::max)
    };
    let said = node.guard.iter().chain(&node.documents).chain(&node.signed).chain(&node.within);
    let said = said.map(|text| longest(text, SMALL)).fold(longest(&node.what, BODY), f64::max);
    let unsaid = node.unsaid.as_ref().map_or(0.0, |text| longest(text, SMALL));
    match node.shape {
        Shape::Process | Shape::Aside => said.max(unsaid) + 16.0,
        // A diamond is as wide as its text in the middle only; what is unsaid has half the column below it.
        Shape::Condition => f64::max(said * 1.6, 2.0 * unsaid + 18.0),
    }
}

/// The space beside a column for edges.
fn gutter(diagram: &Diagram, routes: &Routes, lane: usize, side: Side) -> f64 {
    let (left, right) = routes.tracks[lane];
    let tracks = if side == Side::Left { left } else { right };
    let answered = diagram.edges.iter().zip(&routes.ways).filter(|(edge, route)| {
        let from = &diagram.nodes[edge.from];
        let named = matches!(edge.role, Role::Yes | Role::No);
        from.lane == lane && from.shape == Shape::Condition && route.exit == side && named
    });
    let words = answered.filter_map(|(edge, _)| edge.caption.as_ref());
    let caption = words.map(|words| width(words, SMALL, Weight::Bold) + 5.0).fold(8.0, f64::max);
    caption + count(tracks) * TRACK
}

fn gutters(diagram: &Diagram, routes: &Routes) -> Vec<(f64, f64)> {
    let both = |lane| (gutter(diagram, routes, lane, Side::Left), gutter(diagram, routes, lane, Side::Right));
    (0..diagram.lanes.len()).map(both).collect()
}

/// The narrowest page that columns have room on.
pub(super) fn least_width(diagram: &Diagram, routes: &Routes) -> f64 {
    let gutters: f64 = gutters(diagram, routes).iter().map(|(left, right)| left + right).sum();
    2.0 * MARGIN + clocks::strip(diagram) + gutters + least(diagram).iter().sum::<f64>()
}

/// The lanes of a page: steps take most of what room there is to spare.
pub(super) fn lay(diagram: &Diagram, routes: &Routes, wide: f64) -> Vec<Lane> {
    let least = least(diagram);
    let gutters = gutters(diagram, routes);
    let spare = (wide - least_width(diagram, routes)).max(0.0);
    let steps = |lane: usize| diagram.nodes.iter().any(|node| node.lane == lane);
    let shares: Vec<f64> = (0..least.len()).map(|lane| if steps(lane) { 1.0 } else { 0.4 }).collect();
    let unit = spare / shares.iter().sum::<f64>().max(1.0);
    let mut x = MARGIN;
    let lane = |((least, share), (left, right)): ((&f64, &f64), &(f64, f64))| {
        let column = least + share * unit;
        let lane = Lane { x, w: left + column + right, column: (x + left, column) };
        x += lane.w;
        lane
    };
    least.iter().zip(&shares).zip(&gutters).map(lane).collect()
}

/// The lines of a lane's heading.
pub(super) fn heading(said: &Said, lang: Lang, room: f64) -> Vec<Line> {
    block::lines(said.actor.heading().get(lang), HEADING, Weight::Bold, Tone::Plain, room - PADDING)
}
