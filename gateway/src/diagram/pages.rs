//! Rows on pages: where a page ends, and what of an edge stands on which page.

use super::block::{self, SMALL};
use super::count;
use super::header;
use super::measure::{Weight, width};
use super::model::Role;
use super::place::MARGIN;
use super::plan::Plan;
use super::scene::{Anchor, Point, Rect, Stroke, Text, Tone};

/// Space between rows.
pub(super) const GAP: f64 = 29.0;
/// Height of the row with the beginning.
const BEGIN: f64 = 44.0;
/// Space below a heading for what comes from the page before.
const COMING: f64 = 40.0;
/// Space above the end of a page for what goes on.
const GOING: f64 = 32.0;
/// Rows are set at most this much further apart than they need.
const SPARE: f64 = 16.0;

/// A page's measures.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sheet {
    pub(super) wide: f64,
    pub(super) high: f64,
    /// What the legend takes on the last page.
    pub(super) legend: f64,
}

/// Where the columns of a page stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// Where their headings begin.
    pub(super) top: f64,
    /// Where their headings end.
    pub(super) body: f64,
    /// Where they end.
    pub(super) bottom: f64,
}

impl Sheet {
    /// The room for rows on a page.
    fn room(&self, plan: &Plan<'_>, first: bool, last: bool) -> f64 {
        let above = if first {
            plan.header.bottom + 14.0 + plan.head + BEGIN
        } else {
            header::AGAIN + plan.head + COMING
        };
        self.high - above - MARGIN - if last { self.legend + 12.0 } else { GOING + 4.0 }
    }
}

/// The height of the rows from `first` to before `last`.
fn height(plan: &Plan<'_>, first: usize, last: usize) -> f64 {
    let rows: f64 = plan.rows[first..last].iter().map(super::plan::Row::height).sum();
    rows + GAP * count(last - first)
}

/// How many edges go on from before a row to it or beyond.
fn crossings(plan: &Plan<'_>, row: usize) -> usize {
    plan.diagram.edges.iter().filter(|edge| (edge.from < row) != (edge.to < row)).count()
}

/// The first row of each page, for the fewest pages, at most `most`; of these the fullest ones that the fewest edges
/// cross. Nothing where some row is higher than a page.
pub(super) fn split(plan: &Plan<'_>, sheet: &Sheet, most: usize) -> Option<Vec<usize>> {
    let rows = plan.rows.len();
    // For each number of rows the best pages that hold them, without the last one.
    let mut best: Vec<Option<(f64, Vec<usize>)>> = vec![None; rows + 1];
    best[0] = Some((0.0, Vec::new()));
    for page in 0..most {
        let cost = |from: usize, to: usize, last: bool| {
            let room = sheet.room(plan, page == 0, last);
            let free = room - height(plan, from, to);
            let edges = if last { 0 } else { crossings(plan, to) };
            (free >= 0.0).then(|| (free / room.max(1.0)).powi(2) + 0.02 * count(edges))
        };
        let on = |from: usize, to: usize, last: bool| {
            let (before, starts) = best[from].as_ref()?;
            Some((before + cost(from, to, last)?, starts, from))
        };
        let least = |to: usize, last: bool| {
            let all = (0..to.max(1)).filter_map(|from| on(from, to, last));
            let found = all.min_by(|(a, ..), (b, ..)| a.total_cmp(b));
            found.map(|(cost, starts, from)| (cost, starts.iter().copied().chain([from]).collect::<Vec<_>>()))
        };
        if let Some((_, starts)) = least(rows, true) {
            return Some(starts);
        }
        let next: Vec<_> = (0..=rows).map(|to| if to == 0 { None } else { least(to, false) }).collect();
        best = next;
    }
    None
}

/// Gives rows their places on pages that begin with these rows.
pub(super) fn set(plan: &mut Plan<'_>, sheet: &Sheet, starts: &[usize]) {
    for (page, start) in starts.iter().enumerate() {
        let (first, last) = (page == 0, page + 1 == starts.len());
        let next = starts.get(page + 1).copied().unwrap_or(plan.rows.len());
        let above = sheet.high * count(page);
        let top = above + if first { plan.header.bottom + 14.0 } else { header::AGAIN };
        let body = top + plan.head;
        let free = sheet.room(plan, first, last) - height(plan, *start, next);
        let spare = (free / count((next - start).max(1))).clamp(0.0, SPARE);
        let mut y = body + if first { BEGIN } else { COMING };
        if first {
            plan.begin = body + BEGIN / 2.0 - 5.0;
        }
        for row in &mut plan.rows[*start..next] {
            row.top = y;
            y += row.height() + GAP + spare;
        }
        let end = above + sheet.high - MARGIN;
        let bottom = match (last, end - sheet.legend - 12.0 - y) {
            (false, _) => end - 4.0,
            // Columns end above a legend that stands at the page's foot, unless much would be empty.
            (true, empty) if empty < 60.0 => end - sheet.legend - 12.0,
            (true, _) => y - 6.0,
        };
        plan.frames.push(Frame { top, body, bottom });
    }
    let rects =
        plan.rows.iter().zip(&plan.blocks).zip(&plan.diagram.nodes).map(|((row, block), node)| Rect {
            x: plan.lanes[node.lane].column.0,
            y: row.middle() - block.height / 2.0,
            w: plan.lanes[node.lane].column.1,
            h: block.height,
        });
    plan.rects = rects.collect();
}

/// Cuts strokes where they go from page to page, and says there where they come from and go to.
pub(super) fn cut(plan: &Plan<'_>, strokes: Vec<Stroke>) -> (Vec<Stroke>, Vec<Text>) {
    let mut pieces = Vec::new();
    let mut ends: Vec<(Point, String, Stroke)> = Vec::new();
    for stroke in strokes {
        let mut points: Vec<Point> = Vec::new();
        let mut parts = Vec::new();
        for point in &stroke.points {
            if let Some(before) = points.last().copied() {
                for (end, begin) in breaks(plan, before, *point) {
                    points.push(end);
                    parts.push(std::mem::replace(&mut points, vec![begin]));
                }
            }
            points.push(*point);
        }
        parts.push(points);
        let last = parts.len() - 1;
        for (index, points) in parts.into_iter().enumerate() {
            let heads = (stroke.heads.0 || index < last, stroke.heads.1 && index == 0);
            if let (Some((edge, _)), true) = (stroke.edge, last > 0) {
                let edge = &plan.diagram.edges[edge];
                let step = |node: usize| format!("§{}", plan.diagram.nodes[node].paragraph);
                if let Some(end) = points.last().filter(|_| index < last) {
                    ends.push((*end, step(edge.to), stroke.clone()));
                }
                if let Some(begin) = points.first().filter(|_| index > 0) {
                    ends.push((*begin, step(edge.from), stroke.clone()));
                }
            }
            pieces.push(Stroke { points, heads, ..stroke.clone() });
        }
    }
    let said = labels(plan, &ends, &pieces);
    (pieces, said)
}

/// Where a stretch leaves pages and comes to the next ones.
fn breaks(plan: &Plan<'_>, from: Point, to: Point) -> Vec<(Point, Point)> {
    let page = |y: f64| plan.frames.iter().rposition(|frame| frame.top <= y).unwrap_or(0);
    let (first, last) = (page(from.y), page(to.y));
    let at = |y: f64| Point { x: from.x, y };
    let foot = |page: usize| at(plan.frames[page].bottom - 3.0);
    let head = |page: usize| at(plan.frames[page].body);
    if first <= last {
        (first..last).map(|page| (foot(page), head(page + 1))).collect()
    } else {
        (last..first).rev().map(|page| (Point { y: head(page + 1).y + 3.0, ..head(0) }, foot(page))).collect()
    }
}

/// Puts the paragraphs beside the ends of what is cut, out of the way of everything else there.
fn labels(plan: &Plan<'_>, ends: &[(Point, String, Stroke)], pieces: &[Stroke]) -> Vec<Text> {
    let mut taken: Vec<Rect> = Vec::new();
    let mut all = Vec::new();
    for (point, words, stroke) in ends {
        let wide = width(words, SMALL, Weight::Regular);
        let tall = block::leading(SMALL);
        // Inside of the columns: below a head, above a foot.
        let head = plan.frames.iter().any(|frame| (point.y - frame.body).abs() < 5.0);
        let up = if head { 1.0 } else { -1.0 };
        let places = (0..2).flat_map(|level| [(level, true), (level, false)]).map(|(level, right)| {
            let y = point.y + up * (10.0 + tall * count(level));
            Rect {
                x: if right { point.x + 5.0 } else { point.x - 5.0 - wide },
                y: y - tall / 2.0,
                w: wide,
                h: tall,
            }
        });
        let places: Vec<Rect> = places.collect();
        let free = |place: &&Rect| {
            let on = |pair: &[Point]| place.is_crossed(pair[0], pair[1]);
            !taken.iter().any(|other| place.overlaps(other))
                && !pieces.iter().any(|piece| piece.points.windows(2).any(on))
                && plan.lanes.iter().any(|lane| place.x > lane.x && place.x + wide < lane.x + lane.w)
        };
        // Where several ways to one step come close, it is said once.
        let said = |known: &Text| {
            known.line.text == *words
                && (known.at.y - point.y).abs() < 40.0
                && (known.at.x - point.x).abs() < 60.0
        };
        let place = match (places.iter().find(free), places.first()) {
            (Some(place), _) => *place,
            (None, Some(place)) if !all.iter().any(said) => *place,
            (None, _) => continue,
        };
        taken.push(place);
        let tone = if stroke.role == Role::Message { Tone::Plain } else { Tone::Quiet };
        all.push(Text {
            line: block::line(words.clone(), SMALL, Weight::Regular, tone),
            at: Point { x: place.x, y: place.y + SMALL },
            anchor: Anchor::Start,
            pale: stroke.state == super::model::State::Not,
        });
    }
    all
}
