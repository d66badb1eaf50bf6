//! Giving everything its place on a page of A4 proportions.
//!
//! Letters have one size in units of the page; the page is made as wide as its content needs to keep the
//! proportions, upright or across, whichever leaves the letters larger in print.

use super::block::{self, Block, SMALL};
use super::header::{self, Header};
use super::legend;
use super::measure::{Weight, width};
use super::model::{Diagram, Shape};
use super::route::{Arrival, Routes, Side};
use super::scene::{
    Anchor, Column, Glyph, Noted, Placed, Point, Rect, Scene, Stroke, Symbol, Text, Tone, facing,
};
use super::{count, strokes};

/// Space around the page's content.
pub(super) const MARGIN: f64 = 30.0;
/// Space between rows.
const GAP: f64 = 26.0;
/// Height of the row with the beginning.
const BEGIN: f64 = 44.0;
/// The least width of a column that steps stand in.
const LEAST: f64 = 124.0;
/// The longer side of A4 by the shorter one.
const A4: f64 = std::f64::consts::SQRT_2;
/// Height of one more level of a message's way.
pub(super) const LEVEL: f64 = 30.0;

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
}

/// A row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Row {
    pub(super) top: f64,
    /// What the step and all beside it take.
    pub(super) body: f64,
    /// What is below them: further levels of a message's way, notes, ends.
    pub(super) below: f64,
}

impl Row {
    pub(super) fn middle(&self) -> f64 {
        self.top + self.body / 2.0
    }
}

/// Everything that is known before strokes are drawn.
pub(super) struct Plan<'a> {
    pub(super) diagram: &'a Diagram,
    pub(super) routes: &'a Routes,
    pub(super) lanes: Vec<Lane>,
    pub(super) rows: Vec<Row>,
    pub(super) blocks: Vec<Block>,
    /// Each step's rectangle.
    pub(super) rects: Vec<Rect>,
    /// Where the columns' headings begin and how high they are.
    top: f64,
    head: f64,
    /// The middle of the beginning.
    begin: f64,
    /// Where the columns end.
    bottom: f64,
    header: Header,
    notes: Vec<(usize, usize, NotePlace, Block)>,
}

/// Where a note stands: in another lane, or below its step.
#[derive(Debug, Clone, Copy, PartialEq)]
enum NotePlace {
    Lane(usize),
    Below,
}

/// Places a picture.
pub fn place(diagram: &Diagram) -> Scene {
    let routes = Routes::of(diagram);
    let least = least_width(diagram, &routes);
    let tall = |wide: f64| plan(diagram, &routes, wide, 0.0).bottom + legend::height(diagram, wide) + MARGIN;
    let fit = |start: f64, ratio: f64| {
        let mut wide = start.max(least).round();
        let mut narrow = wide;
        // Beyond this width letters could not be read in print, however the page is turned.
        while tall(wide) > wide * ratio && wide < 12_000.0 {
            narrow = wide;
            wide = (wide * 1.16).round();
        }
        for _ in 0..4 {
            let between = f64::midpoint(narrow, wide).round();
            if tall(between) > between * ratio { narrow = between } else { wide = between }
        }
        (wide, tall(wide))
    };
    let (upright, high) = fit(840.0, A4);
    let (across, flat) = fit(1100.0, 1.0 / A4);
    let portrait = 1.0 / upright >= A4 / across;
    let (wide, used, page) =
        if portrait { (upright, high, upright * A4) } else { (across, flat, across / A4) };
    let page = page.max(used);
    let spare = ((page - used) / count(diagram.nodes.len() + 1)).clamp(0.0, 16.0);
    let plan = plan(diagram, &routes, wide, spare);
    plan.scene(wide, page, portrait)
}

/// How wide lanes are in relation to each other: those that only pass messages on need less.
fn weights(diagram: &Diagram) -> Vec<f64> {
    (0..diagram.lanes.len())
        .map(|lane| {
            let used = diagram.nodes.iter().any(|node| {
                node.lane == lane
                    || node.deed.as_ref().is_some_and(|deed| deed.lane == lane)
                    || node.delivery.as_ref().is_some_and(|delivery| delivery.lane == Some(lane))
            });
            // A heading's words are not to be cut.
            let words = diagram.lanes[lane].title.split_whitespace();
            let longest = words.map(|word| width(word, 11.5, Weight::Bold)).fold(0.0, f64::max).min(160.0);
            f64::max(if used { 1.0 } else { 0.62 }, longest / LEAST)
        })
        .collect()
}

/// The space beside a column for edges.
fn gutter(diagram: &Diagram, routes: &Routes, lane: usize, side: Side) -> f64 {
    let (left, right) = routes.tracks[lane];
    let tracks = if side == Side::Left { left } else { right };
    let captioned = diagram.edges.iter().zip(&routes.ways).any(|(edge, route)| {
        diagram.nodes[edge.from].lane == lane
            && diagram.nodes[edge.from].shape == Shape::Condition
            && route.exit == side
    });
    let caption = if captioned { 26.0 } else { 8.0 };
    caption + count(tracks) * 12.0
}

fn gutters(diagram: &Diagram, routes: &Routes) -> Vec<(f64, f64)> {
    let both = |lane| (gutter(diagram, routes, lane, Side::Left), gutter(diagram, routes, lane, Side::Right));
    (0..diagram.lanes.len()).map(both).collect()
}

fn least_width(diagram: &Diagram, routes: &Routes) -> f64 {
    let gutters: f64 = gutters(diagram, routes).iter().map(|(left, right)| left + right).sum();
    2.0 * MARGIN + gutters + weights(diagram).iter().sum::<f64>() * LEAST
}

fn plan<'a>(diagram: &'a Diagram, routes: &'a Routes, wide: f64, spare: f64) -> Plan<'a> {
    let weights = weights(diagram);
    let gutters = gutters(diagram, routes);
    let total: f64 = gutters.iter().map(|(left, right)| left + right).sum();
    let unit = (wide - 2.0 * MARGIN - total) / weights.iter().sum::<f64>().max(1.0);
    let mut lanes: Vec<Lane> = Vec::new();
    let mut x = MARGIN;
    for (weight, (left, right)) in weights.iter().zip(&gutters) {
        let column = (x + left, weight * unit);
        lanes.push(Lane { x, w: left + weight * unit + right, column });
        x += left + weight * unit + right;
    }
    let header = header::set(diagram, wide);
    let head = diagram
        .lanes
        .iter()
        .zip(&lanes)
        .map(|(lane, place)| block::height(&heading(&lane.title, place.w)))
        .fold(0.0, f64::max)
        + 16.0;
    let top = header.bottom + 14.0;
    let blocks: Vec<Block> =
        diagram.nodes.iter().map(|node| block::of_node(node, lanes[node.lane].column.1)).collect();
    let mut notes = Vec::new();
    let mut rows = Vec::new();
    let mut y = top + head + BEGIN;
    for (index, node) in diagram.nodes.iter().enumerate() {
        let mut busy = routes.busy(diagram, index);
        let mut body = blocks[index].height;
        let mut below = 0.0_f64;
        if let Some(deed) = &node.deed {
            let offset = strokes::port(diagram, routes, index, strokes::Port::Deed, &blocks[index]).abs();
            let said = deed_lines(&deed.what, lanes[deed.lane].column.1);
            body = body.max(block::height(&said) + 2.0 * offset + 6.0);
        }
        if let Some(delivery) = &node.delivery {
            let offset = strokes::port(diagram, routes, index, strokes::Port::Delivery, &blocks[index]).abs();
            if delivery.lane.is_some() {
                body = body.max(58.0 + 2.0 * offset);
            }
        }
        if (node.ends.is_some() || node.delivery.is_some()) && !shown_beside(node) {
            below += 44.0;
        }
        let levels = strokes::levels(diagram, index);
        below += LEVEL * count(levels) + if levels > 0 { 6.0 } else { 0.0 };
        for (which, note) in node.notes.iter().enumerate() {
            let (spot, block) = note_place(note, node.lane, &mut busy, &lanes);
            match spot {
                NotePlace::Lane(_) => body = body.max(block.height + 4.0),
                NotePlace::Below => below += block.height + 10.0,
            }
            notes.push((index, which, spot, block));
        }
        rows.push(Row { top: y, body, below });
        y += body + below + GAP + spare;
    }
    let rects = rows.iter().zip(&blocks).zip(&diagram.nodes).map(|((row, block), node)| Rect {
        x: lanes[node.lane].column.0,
        y: row.middle() - block.height / 2.0,
        w: lanes[node.lane].column.1,
        h: block.height,
    });
    Plan {
        rects: rects.collect(),
        begin: top + head + BEGIN / 2.0 - 5.0,
        bottom: y - spare,
        diagram,
        routes,
        lanes,
        rows,
        blocks,
        top,
        head,
        header,
        notes,
    }
}

/// Whether what a step shows and ends stands in the recipient's lane.
pub(super) fn shown_beside(node: &super::model::Node) -> bool {
    node.delivery.as_ref().is_some_and(|delivery| delivery.lane.is_some())
}

fn heading(title: &str, room: f64) -> Vec<super::scene::Line> {
    block::lines(title, 11.5, Weight::Bold, Tone::Plain, room - 12.0)
}

pub(super) fn deed_lines(what: &[String], room: f64) -> Vec<super::scene::Line> {
    what.iter()
        .flat_map(|what| block::lines(what, SMALL, Weight::Regular, Tone::Plain, room - 26.0))
        .collect()
}

/// The nearest lane that is free all the way, else below the step.
fn note_place(
    note: &super::model::Note,
    own: usize,
    busy: &mut [bool],
    lanes: &[Lane],
) -> (NotePlace, Block) {
    let mut spots: Vec<usize> = (0..lanes.len()).filter(|lane| *lane != own).collect();
    spots.sort_by_key(|lane| lane.abs_diff(own));
    let free = |lane: &usize| {
        let (first, last) = (own.min(*lane), own.max(*lane));
        (first..=last).all(|between| between == own || !busy[between]) && lanes[*lane].column.1 >= 110.0
    };
    match spots.iter().find(|lane| free(lane)) {
        Some(lane) => {
            let (first, last) = (own.min(*lane), own.max(*lane));
            busy[first..=last].iter_mut().for_each(|lane| *lane = true);
            (NotePlace::Lane(*lane), block::of_note(note, lanes[*lane].column.1))
        }
        None => (NotePlace::Below, block::of_note(note, lanes[own].column.1)),
    }
}

impl Plan<'_> {
    fn scene(self, wide: f64, page: f64, portrait: bool) -> Scene {
        let diagram = self.diagram;
        let legend = legend::height(diagram, wide);
        let rule = page - MARGIN - legend + 6.0;
        let end = self.bottom.max(self.bottom.min(rule) - 4.0) - 8.0;
        let columns = diagram.lanes.iter().zip(&self.lanes).map(|(lane, place)| {
            let lines = heading(&lane.title, place.w);
            let top = self.top + (self.head - block::height(&lines)) / 2.0;
            Column {
                rect: Rect { x: place.x, y: self.top, w: place.w, h: end - self.top },
                head: self.head,
                texts: block::set(&lines, place.x + place.w / 2.0, top, Anchor::Middle, false),
            }
        });
        let symbols = diagram.nodes.iter().enumerate().map(|(index, node)| Symbol {
            node: index,
            shape: node.shape,
            rect: self.rects[index],
            texts: block::set_in(
                &self.blocks[index],
                node.shape,
                self.rects[index],
                node.state == super::model::State::Not,
            ),
            inferred: node.inferred,
            state: node.state,
        });
        let drawn = strokes::draw(&self);
        Scene {
            size: (wide, page),
            portrait,
            texts: self.header.texts.clone(),
            frames: self.header.frames.clone(),
            columns: columns.collect(),
            symbols: symbols.collect(),
            glyphs: drawn.glyphs,
            strokes: drawn.strokes,
            captions: drawn.captions,
            notes: self.noted(),
            legend: legend::set(diagram, wide, rule + 8.0),
            rule,
        }
    }

    /// The middle of the beginning.
    pub(super) fn begin(&self) -> f64 {
        self.begin
    }

    fn noted(&self) -> Vec<Noted> {
        let mut below: Vec<f64> = self.rows.iter().map(|row| row.top + row.body + row.below).collect();
        let mut all = Vec::new();
        for (index, which, spot, block) in self.notes.iter().rev() {
            let (own, row) = (self.rects[*index], &self.rows[*index]);
            let middle = row.middle();
            let (rect, leader) = match *spot {
                NotePlace::Lane(lane) => {
                    let (x, w) = self.lanes[lane].column;
                    let rect = Rect { x, y: middle - block.height / 2.0, w, h: block.height };
                    let side = facing(lane, self.diagram.nodes[*index].lane);
                    let (from, to) = if side == Side::Right { (x + w, own.x) } else { (x, own.x + own.w) };
                    (rect, Some((Point { x: from, y: middle }, Point { x: to, y: middle })))
                }
                NotePlace::Below => {
                    below[*index] -= block.height;
                    let rect = Rect { x: own.x, y: below[*index], w: own.w, h: block.height };
                    below[*index] -= 10.0;
                    (rect, None)
                }
            };
            let difference = self.diagram.nodes[*index].notes[*which].difference;
            all.push(Noted { node: *index, difference, rect, texts: block::set_note(block, rect), leader });
        }
        all
    }

    /// The middle of a track in a gutter.
    pub(super) fn track(&self, lane: usize, arrival: Arrival) -> f64 {
        let place = &self.lanes[lane];
        let (x, w) = place.column;
        match arrival {
            Arrival::Gutter(Side::Left, track) => {
                x - (x - place.x - 6.0 - 12.0 * count(self.routes.tracks[lane].0 - 1)).max(9.0)
                    - 12.0 * count(track)
            }
            Arrival::Gutter(_, track) => {
                let room = place.x + place.w - x - w;
                x + w
                    + (room - 6.0 - 12.0 * count(self.routes.tracks[lane].1 - 1)).max(9.0)
                    + 12.0 * count(track)
            }
            Arrival::Top => place.middle(),
        }
    }
}

/// What [`strokes::draw`] gives.
pub(super) struct Drawn {
    pub(super) strokes: Vec<Stroke>,
    pub(super) glyphs: Vec<Placed>,
    pub(super) captions: Vec<Text>,
}

impl Drawn {
    pub(super) fn glyph(&mut self, glyph: Glyph, at: Point, inferred: bool, state: super::model::State) {
        self.glyphs.push(Placed { glyph, at, inferred, state });
    }
}
