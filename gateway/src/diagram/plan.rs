//! How much room everything takes on a page of some width; [`super::pages`] then gives it its place.

use super::block::{self, Block, SMALL};
use super::clocks;
use super::count;
use super::header::{self, Header};
use super::lanes::{self, Lane};
use super::measure::{Weight, width};
use super::model::{Diagram, Node, Role};
use super::notes::{self, Placing, Spot};
use super::pages::Frame;
use super::ports::{Port, Ports};
use super::route::{Arrival, Routes, Side};
use super::scene::{Glyph, Line, Rect, Tone};
use super::strokes;

/// Height of one more level of a message's way.
pub(super) const LEVEL: f64 = 30.0;
/// How much of what stands below a diamond needs no room of its own.
const UNSAID: f64 = 20.0;
/// The height of an end below its step.
const END: f64 = 44.0;

/// A row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Row {
    pub(super) top: f64,
    /// What the step and all beside it take.
    pub(super) body: f64,
    /// What is said of the ways past the next step.
    pub(super) said: f64,
    /// All that is below the step: that, further levels of a message's way, notes, ends.
    pub(super) below: f64,
}

impl Row {
    pub(super) fn middle(&self) -> f64 {
        self.top + self.body / 2.0
    }

    pub(super) fn height(&self) -> f64 {
        self.body + self.below
    }

    /// The middle of a further level of a message's way, counted from one.
    pub(super) fn level(&self, level: usize) -> f64 {
        self.top + self.body + self.said + LEVEL * count(level) - LEVEL / 2.0
    }
}

/// Everything that is known before strokes are drawn.
pub(super) struct Plan<'a> {
    pub(super) diagram: &'a Diagram,
    pub(super) routes: &'a Routes,
    pub(super) lanes: Vec<Lane>,
    pub(super) rows: Vec<Row>,
    pub(super) blocks: Vec<Block>,
    pub(super) ports: Vec<Ports>,
    /// Each step's rectangle; empty until pages are set.
    pub(super) rects: Vec<Rect>,
    /// The height of the columns' headings.
    pub(super) head: f64,
    pub(super) header: Header,
    pub(super) notes: Vec<Placing>,
    /// The middle of the beginning.
    pub(super) begin: f64,
    /// The pages' columns; empty until pages are set.
    pub(super) frames: Vec<Frame>,
}

impl<'a> Plan<'a> {
    /// Measures everything for a page of this width.
    pub(super) fn of(diagram: &'a Diagram, routes: &'a Routes, wide: f64) -> Self {
        let lanes = lanes::lay(diagram, routes, wide);
        let headings = diagram.lanes.iter().zip(&lanes);
        let head = headings.map(|(lane, place)| block::height(&lanes::heading(lane, diagram.lang, place.w)));
        let mut plan = Self {
            head: head.fold(0.0, f64::max) + 14.0,
            header: header::set(diagram, wide),
            diagram,
            routes,
            lanes,
            rows: Vec::new(),
            blocks: Vec::new(),
            ports: Vec::new(),
            rects: Vec::new(),
            notes: Vec::new(),
            begin: 0.0,
            frames: Vec::new(),
        };
        for (index, node) in diagram.nodes.iter().enumerate() {
            plan.measure(index, node);
        }
        if let (Some(row), Some(past)) = (plan.rows.len().checked_sub(1).map(|_| 0), plan.past()) {
            plan.rows[row].below += block::height(&past) + 2.0;
        }
        plan
    }

    fn measure(&mut self, index: usize, node: &Node) {
        let (diagram, routes) = (self.diagram, self.routes);
        let deed = node.deed.as_ref().map(|deed| deed_lines(&deed.what, self.lanes[deed.lane].column.1));
        let said = deed.map_or(0.0, |lines| block::height(&lines));
        let mut block = block::of_node(node, self.lanes[node.lane].column.1);
        let ports = Ports::of(diagram, routes, index, block.height, said);
        block.height = ports.least;
        let mut row = Row { body: block.height, ..Row::default() };
        let mut reach =
            |port: Port, half: f64| row.body = row.body.max(2.0 * (ports.offset(port).abs() + half));
        if node.deed.is_some() {
            reach(Port::Deed, said / 2.0 + 3.0);
        }
        if shown_beside(node) {
            reach(Port::Delivery, 29.0);
        }
        if node.exchange.is_some() {
            reach(Port::Exchange, 28.0);
        }
        row.body = row.body.max(clocks::height(diagram, index));
        for (edge, _) in diagram.edges.iter().enumerate().filter(|(_, edge)| edge.from == index && edge.other)
        {
            if let Some((lines, _)) = self.said_other(edge) {
                let reach = ports.offset(Port::Out(edge)).abs() + block::height(&lines) + 8.0;
                row.body = row.body.max(2.0 * reach);
            }
        }
        if (node.ends.is_some() || node.delivery.is_some()) && !shown_beside(node) {
            row.below += END;
        }
        self.blocks.push(block);
        self.ports.push(ports);
        let slack = (row.body - self.blocks[index].height) / 2.0;
        let words = diagram.edges.iter().enumerate().filter(|(_, edge)| edge.from == index);
        let words = words.filter_map(|(edge, _)| self.said_past(edge)).map(|said| said.height + 8.0);
        // Half of the gap below is free on that side.
        let unsaid = block::height(&block::below_diamond(node, self.lanes[node.lane].column.1)) - UNSAID;
        row.said = (words.fold(unsaid, f64::max) - slack).max(0.0);
        let levels = strokes::levels(diagram, index);
        row.below += row.said + LEVEL * count(levels) + if levels > 0 { 6.0 } else { 0.0 };
        let mut busy = routes.busy(diagram, index);
        for (which, note) in node.notes.iter().enumerate() {
            let (spot, block) = notes::spot(note, node.lane, &mut busy, &self.lanes);
            match spot {
                Spot::Beside(..) => row.body = row.body.max(block.height + 4.0),
                Spot::Below => row.below += block.height + 10.0,
            }
            self.notes.push(Placing { node: index, which, spot, block });
        }
        self.rows.push(row);
    }

    /// What is said below a step of a way past the next one.
    pub(super) fn said_past(&self, edge: usize) -> Option<SaidPast> {
        let (edge, route) = (self.diagram.edges.get(edge)?, self.routes.ways.get(edge)?);
        let words = edge.caption.as_ref().filter(|_| edge.role == Role::Past)?;
        let from = self.diagram.nodes[edge.from].lane;
        let lane = &self.lanes[from];
        let left = route.exit == Side::Left;
        let beside = match route.arrival {
            Arrival::Gutter(side, track)
                if self.diagram.nodes[edge.to].lane == from && side == route.exit =>
            {
                self.routes.track(lane, from, side, track)
            }
            _ if left => lane.column.0,
            _ => lane.column.0 + lane.column.1,
        };
        let room = (beside - lane.middle()).abs() - 13.0;
        let lines = block::lines(words, SMALL, Weight::Regular, Tone::Plain, room);
        // On the right of a step that leads down by its answer, that answer's word comes first.
        let answered = self.diagram.edges.iter().zip(&self.routes.ways).any(|(other, way)| {
            other.from == edge.from && way.exit == Side::Bottom && other.role != Role::Then
        });
        let node = &self.diagram.nodes[edge.from];
        let lower = match (left, answered) {
            (false, true) => 16.0,
            (false, false) => 0.0,
            (true, _) => block::height(&block::below_diamond(node, lane.column.1)),
        };
        let height = block::height(&lines) + lower;
        Some(SaidPast { lines, lower, height, x: if left { beside + 5.0 } else { beside - 5.0 }, left })
    }

    /// What is said of the other way of a message, and the middle of it: below its first stretch outside of its lane.
    pub(super) fn said_other(&self, edge: usize) -> Option<(Vec<Line>, f64)> {
        let edge = self.diagram.edges.get(edge).filter(|edge| edge.other)?;
        let from = self.diagram.nodes[edge.from].lane;
        let first = edge.through.first().copied().unwrap_or(self.diagram.nodes[edge.to].lane);
        let lane = &self.lanes[from];
        let reach = Glyph::Relay.reach().0;
        let (left, right) = if first > from {
            (lane.x + lane.w, self.lanes[first].middle() - reach)
        } else {
            (self.lanes[first].middle() + reach, lane.x)
        };
        let words = edge.caption.as_ref()?;
        let word = words.split_whitespace().map(|word| width(word, SMALL, Weight::Regular));
        let room = word.fold((right - left - 10.0).abs(), f64::max);
        let lines = block::lines(words, SMALL, Weight::Regular, Tone::Plain, room);
        Some((lines, f64::midpoint(left, right)))
    }

    /// What is said of the beginning's way past the first step.
    pub(super) fn past(&self) -> Option<Vec<Line>> {
        let past = self.diagram.past.as_ref()?;
        let lane = &self.lanes[self.diagram.begins()?];
        let room = lane.column.0 + lane.column.1 - self.past_track()? - 5.0;
        Some(block::lines(&past.caption, SMALL, Weight::Regular, Tone::Plain, room))
    }

    /// Where the beginning's way past the first step runs down: left of all deeds on its way.
    pub(super) fn past_track(&self) -> Option<f64> {
        let past = self.diagram.past.as_ref()?;
        let begins = self.diagram.begins()?;
        let lane = &self.lanes[begins];
        let deeds = self.diagram.nodes.iter().take(past.to).filter_map(|node| node.deed.as_ref());
        let widest = deeds
            .filter(|deed| deed.lane == begins)
            .map(|deed| block::widest(&deed_lines(&deed.what, lane.column.1)) / 2.0)
            .fold(12.0, f64::max);
        let steps = self.diagram.nodes.iter().take(past.to).any(|node| node.lane == begins);
        Some(if steps { lane.x + 5.0 } else { (lane.middle() - widest - 14.0).max(lane.x + 5.0) })
    }
}

/// Words below a step beside a way past the next one.
pub(super) struct SaidPast {
    pub(super) lines: Vec<Line>,
    /// How far below the step they begin.
    pub(super) lower: f64,
    pub(super) height: f64,
    pub(super) x: f64,
    /// Whether they begin, rather than end, at `x`.
    pub(super) left: bool,
}

/// Whether what a step shows and ends stands in the recipient's lane.
pub(super) fn shown_beside(node: &Node) -> bool {
    node.delivery.as_ref().is_some_and(|delivery| delivery.lane.is_some())
}

/// The lines of a person's deed.
pub(super) fn deed_lines(what: &[String], room: f64) -> Vec<Line> {
    let all = what.len();
    let said = what.iter().enumerate().flat_map(|(index, what)| {
        let comma = if index + 1 < all { "," } else { "" };
        block::lines(&format!("{what}{comma}"), SMALL, Weight::Regular, Tone::Plain, room - 22.0)
    });
    said.collect()
}
