//! Which way edges go, before anything has a size.
//!
//! Rows hold one step each, in printed order; a step stands in its system's column. So a row is free to its left
//! and right, and a column is free between two of its steps. Edges use these: straight down a column; along the
//! row of their source and down into the target's top; or, where a step stands in the way, by a gutter beside
//! the target's column. Tracks in a gutter keep edges apart that share a stretch of it.

use super::lanes::Lane;
use super::model::{Diagram, Edge, Role, Shape};
use super::scene::facing;

/// A side of a step's symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Side {
    /// The left one.
    Left,
    /// The right one.
    Right,
    /// The lower one.
    Bottom,
}

/// How an edge reaches its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    /// Down the column, from above.
    Top,
    /// By the gutter on this side of the column, on this track.
    Gutter(Side, usize),
}

/// The way of one edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Route {
    /// Where it leaves its source.
    pub(super) exit: Side,
    /// How it comes to its target.
    pub(super) arrival: Arrival,
}

/// All ways of a picture, and what they leave free.
#[derive(Debug, Clone)]
pub(super) struct Routes {
    /// One for each edge.
    pub(super) ways: Vec<Route>,
    /// How many tracks each column has to its left and right.
    pub(super) tracks: Vec<(usize, usize)>,
    /// Stretches of columns that edges run down: column, first and last row.
    down: Vec<(usize, usize, usize)>,
}

impl Routes {
    /// Finds them.
    pub(super) fn of(diagram: &Diagram) -> Self {
        let mut found = Self {
            ways: Vec::with_capacity(diagram.edges.len()),
            tracks: vec![(0, 0); diagram.lanes.len()],
            down: Vec::new(),
        };
        for (index, edge) in diagram.edges.iter().enumerate() {
            let taken: Vec<Side> = diagram.edges[..index]
                .iter()
                .zip(&found.ways)
                .filter(|(other, _)| other.from == edge.from)
                .map(|(_, route)| route.exit)
                .collect();
            let route = found.route(diagram, edge, &taken);
            found.ways.push(route);
        }
        found.assign_tracks(diagram);
        found
    }

    fn route(&mut self, diagram: &Diagram, edge: &Edge, taken: &[Side]) -> Route {
        let (from, to) = (diagram.nodes[edge.from].lane, diagram.nodes[edge.to].lane);
        // A diamond's corners are points: one edge each. A box's sides have room for several.
        let pointed = diagram.nodes[edge.from].shape == Shape::Condition;
        let free = |side: Side| !(taken.contains(&side) && (pointed || side == Side::Bottom));
        let clear =
            edge.to > edge.from && diagram.nodes[edge.from + 1..edge.to].iter().all(|node| node.lane != to);
        let passes = edge.through.first().copied();
        if from == to && passes.is_none() {
            if clear && free(Side::Bottom) {
                self.down.push((to, edge.from, edge.to));
                return Route { exit: Side::Bottom, arrival: Arrival::Top };
            }
            let (left, right) = (crowd(diagram, edge, Side::Left), crowd(diagram, edge, Side::Right));
            let side = match (free(Side::Left), free(Side::Right)) {
                (true, true) if left < right => Side::Left,
                (true, false) => Side::Left,
                _ => Side::Right,
            };
            return Route { exit: side, arrival: Arrival::Gutter(side, 0) };
        }
        let first = passes.unwrap_or(to);
        let wanted = if first > from { Side::Right } else { Side::Left };
        let exit = if free(wanted) { wanted } else { Side::Bottom };
        let last = edge.through.last().copied().unwrap_or(from);
        if clear && last != to {
            self.down.push((to, edge.from, edge.to));
            return Route { exit, arrival: Arrival::Top };
        }
        let side = if last < to { Side::Left } else { Side::Right };
        Route { exit, arrival: Arrival::Gutter(side, 0) }
    }

    /// Gives edges that share a stretch of a gutter a track each, the shortest nearest to the column.
    fn assign_tracks(&mut self, diagram: &Diagram) {
        for lane in 0..diagram.lanes.len() {
            for side in [Side::Left, Side::Right] {
                let mut users: Vec<(usize, usize, usize)> = diagram
                    .edges
                    .iter()
                    .enumerate()
                    .filter(|(index, edge)| {
                        let by_gutter =
                            matches!(self.ways[*index].arrival, Arrival::Gutter(s, _) if s == side);
                        by_gutter && diagram.nodes[edge.to].lane == lane
                    })
                    .map(|(index, edge)| (edge.from.min(edge.to), edge.from.max(edge.to), index))
                    .collect();
                users.sort_by_key(|(first, last, index)| (last - first, *first, *index));
                let mut tracks: Vec<Vec<(usize, usize)>> = Vec::new();
                for (first, last, index) in users {
                    let apart =
                        |track: &Vec<(usize, usize)>| track.iter().all(|(a, b)| last < *a || first > *b);
                    let track = tracks.iter().position(apart).unwrap_or(tracks.len());
                    if track == tracks.len() {
                        tracks.push(Vec::new());
                    }
                    tracks[track].push((first, last));
                    self.ways[index].arrival = Arrival::Gutter(side, track);
                }
                let (left, right) = &mut self.tracks[lane];
                *(if side == Side::Left { left } else { right }) = tracks.len();
            }
        }
    }

    /// The middle of a track in a lane's gutter.
    pub(super) fn track(&self, place: &Lane, lane: usize, side: Side, track: usize) -> f64 {
        let (left, right) = self.tracks[lane];
        place.track(side, track, if side == Side::Left { left } else { right })
    }

    /// Whether an edge runs down the middle of a column past or through a row.
    pub(super) fn runs_down(&self, lane: usize, row: usize) -> bool {
        self.down.iter().any(|(column, first, last)| *column == lane && (*first..*last).contains(&row))
    }

    /// The columns that things of a row stand in or pass through, besides the step's own.
    pub(super) fn busy(&self, diagram: &Diagram, row: usize) -> Vec<bool> {
        let node = &diagram.nodes[row];
        let mut busy: Vec<bool> = (0..diagram.lanes.len()).map(|lane| self.runs_down(lane, row)).collect();
        let mut take = |other: usize| {
            let (first, last) = (node.lane.min(other), node.lane.max(other));
            busy[first..=last].iter_mut().for_each(|lane| *lane = true);
        };
        take(node.lane);
        node.deed.iter().for_each(|deed| take(deed.lane));
        node.delivery.iter().filter_map(|delivery| delivery.lane).for_each(&mut take);
        node.exchange.iter().for_each(|exchange| take(exchange.lane));
        if let (Some(begins), Some(past)) = (diagram.begins(), &diagram.past)
            && row <= past.to
        {
            take(begins);
        }
        for edge in diagram.edges.iter().filter(|edge| edge.from == row) {
            edge.through.iter().for_each(|lane| take(*lane));
            if edge.role != Role::Then || !edge.through.is_empty() || diagram.nodes[edge.to].lane != node.lane
            {
                take(diagram.nodes[edge.to].lane);
            }
        }
        busy
    }
}

/// How many arrows an edge would cross in the gutter on this side of its column.
fn crowd(diagram: &Diagram, edge: &Edge, side: Side) -> usize {
    let lane = diagram.nodes[edge.to].lane;
    let (first, last) = (edge.from.min(edge.to), edge.from.max(edge.to));
    let rows = (first + 1..last).filter(|row| diagram.nodes[*row].lane == lane);
    rows.map(|row| {
        let node = &diagram.nodes[row];
        let people = [node.deed.as_ref().map(|deed| deed.lane), node.delivery.as_ref().and_then(|d| d.lane)];
        let sent = diagram
            .edges
            .iter()
            .filter(|other| other.from == row)
            .map(|other| other.through.first().copied().unwrap_or(diagram.nodes[other.to].lane));
        let asked = node.exchange.as_ref().map(|exchange| exchange.lane);
        people
            .into_iter()
            .flatten()
            .chain(sent)
            .chain(asked)
            .filter(|to| *to != lane && facing(lane, *to) == side)
            .count()
    })
    .sum()
}
