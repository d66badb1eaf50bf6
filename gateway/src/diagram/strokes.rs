//! Drawing edges along their ways.

use super::block::{self, SMALL};
use super::count;
use super::measure::{Weight, width, wrap};
use super::model::{Diagram, Edge, Role, Shape, State};
use super::people;
use super::plan::Plan;
use super::ports::Port;
use super::route::{Arrival, Side};
use super::scene::{Anchor, Glyph, Placed, Point, Stroke, Text, Tone};

/// How far above a diamond ways by the gutter turn to its upper corner.
const OVER: f64 = 13.0;

/// All strokes with what is written beside them, and small symbols.
#[derive(Default)]
pub(super) struct Drawn {
    pub(super) strokes: Vec<Stroke>,
    pub(super) glyphs: Vec<Placed>,
    pub(super) captions: Vec<Text>,
}

impl Drawn {
    pub(super) fn glyph(&mut self, glyph: Glyph, at: Point, inferred: bool, state: State) {
        self.glyphs.push(Placed { glyph, at, inferred, state });
    }
}

/// How many more levels the ways of a step's messages need because they turn back.
pub(super) fn levels(diagram: &Diagram, node: usize) -> usize {
    diagram.edges.iter().filter(|edge| edge.from == node).map(|edge| turns(diagram, edge)).max().unwrap_or(0)
}

/// The columns that an edge goes through.
fn columns(diagram: &Diagram, edge: &Edge) -> Vec<usize> {
    let mut columns = vec![diagram.nodes[edge.from].lane];
    columns.extend(&edge.through);
    columns.push(diagram.nodes[edge.to].lane);
    columns
}

fn turns(diagram: &Diagram, edge: &Edge) -> usize {
    if edge.through.is_empty() {
        return 0;
    }
    let columns = columns(diagram, edge);
    columns
        .windows(3)
        .filter(|three| three[1].cmp(&three[0]) != three[2].cmp(&three[1]) || three[1] == three[2])
        .count()
}

pub(super) fn draw(plan: &Plan<'_>) -> Drawn {
    let mut drawn = Drawn::default();
    people::begin(plan, &mut drawn);
    for node in 0..plan.diagram.nodes.len() {
        people::deed(plan, node, &mut drawn);
        people::delivery(plan, node, &mut drawn);
        people::exchange(plan, node, &mut drawn);
    }
    for index in 0..plan.diagram.edges.len() {
        edge(plan, index, &mut drawn);
    }
    drawn
}

/// Where something touches a step's side.
pub(super) fn touch(plan: &Plan<'_>, node: usize, side: Side, which: Port) -> Point {
    let rect = plan.rects[node];
    let offset = plan.ports[node].offset(which);
    let y = rect.centre().y + offset;
    // A diamond's slope draws back from the corner.
    let back = match plan.diagram.nodes[node].shape {
        Shape::Process | Shape::Aside => 0.0,
        Shape::Condition => rect.w * offset.abs() / rect.h,
    };
    let x = if side == Side::Right { rect.x + rect.w - back } else { rect.x + back };
    Point { x, y }
}

pub(super) fn caption(text: &str, at: Point, anchor: Anchor, pale: bool, weight: Weight) -> Text {
    Text { line: block::line(text, SMALL, weight, Tone::Plain), at, anchor, pale }
}

pub(super) fn plain(
    points: Vec<Point>,
    role: Role,
    heads: (bool, bool),
    inferred: bool,
    state: State,
) -> Stroke {
    Stroke { edge: None, role, points, heads, inferred, state }
}

/// The stretches of one edge: a stroke for each hop.
fn edge(plan: &Plan<'_>, index: usize, drawn: &mut Drawn) {
    let edge = &plan.diagram.edges[index];
    let route = plan.routes.ways[index];
    let (source, target) = (plan.rects[edge.from], plan.rects[edge.to]);
    let mut points = match route.exit {
        Side::Bottom => vec![Point { x: source.centre().x, y: source.y + source.h }],
        side => vec![touch(plan, edge.from, side, Port::Out(index))],
    };
    let start = points[0];
    let columns = columns(plan.diagram, edge);
    let straight = route.exit == Side::Bottom && columns.len() == 2 && columns[0] == columns[1];
    if route.exit == Side::Bottom && !straight {
        points.push(Point { y: start.y + 12.0, ..start });
    }
    let row = &plan.rows[edge.from];
    let mut level = 0;
    let mut strokes: Vec<Vec<Point>> = Vec::new();
    for (hop, pair) in columns.windows(2).enumerate() {
        let last = points.last().copied().unwrap_or(start);
        let before = hop.checked_sub(1).map(|hop| columns[hop]);
        let turned =
            before.is_some_and(|before| pair[0].cmp(&before) != pair[1].cmp(&pair[0]) || pair[0] == pair[1]);
        let mut y = last.y;
        if turned {
            level += 1;
            y = row.level(level);
            let below = Point { x: last.x, y: last.y + Glyph::Relay.reach().1 };
            points = vec![below, Point { y, ..below }];
        } else if hop > 0 {
            let away = if pair[1] > pair[0] { 1.0 } else { -1.0 };
            points = vec![Point { x: last.x + away * Glyph::Relay.reach().0, ..last }];
        }
        if hop + 1 < columns.len() - 1 {
            let relay = Point { x: beside_what_runs(plan, pair[1], edge.from), y };
            let away = if relay.x > last.x { 1.0 } else { -1.0 };
            let end = if pair[0] == pair[1] {
                Point { y: y - Glyph::Relay.reach().1, ..relay }
            } else {
                Point { x: relay.x - away * Glyph::Relay.reach().0, y }
            };
            points.push(end);
            strokes.push(std::mem::replace(&mut points, vec![relay]));
            drawn.glyph(Glyph::Relay, relay, edge.inferred, edge.hops[hop]);
            continue;
        }
        match route.arrival {
            Arrival::Top => {
                let x = target.centre().x;
                if !straight {
                    points.push(Point { x, y });
                }
                points.push(Point { x, y: target.y });
            }
            Arrival::Gutter(side, track) => {
                let x = plan.routes.track(&plan.lanes[pair[1]], pair[1], side, track);
                points.push(Point { x, y });
                if plan.diagram.nodes[edge.to].shape == Shape::Condition {
                    let over = Point { x: target.centre().x, y: target.y - OVER };
                    points.extend([Point { x, ..over }, over, Point { y: target.y, ..over }]);
                } else {
                    let end = touch(plan, edge.to, side, Port::In);
                    points.extend([Point { x, y: end.y }, end]);
                }
            }
        }
        strokes.push(std::mem::take(&mut points));
    }
    said(plan, index, route.exit, start, &strokes, drawn);
    for (hop, points) in strokes.into_iter().enumerate() {
        drawn.strokes.push(Stroke {
            edge: Some((index, hop)),
            role: edge.role,
            points,
            heads: (true, false),
            inferred: edge.inferred,
            state: edge.hops[hop],
        });
    }
}

/// The middle of a lane; or beside what runs down there past a row.
pub(super) fn beside_what_runs(plan: &Plan<'_>, lane: usize, row: usize) -> f64 {
    let place = &plan.lanes[lane];
    place.middle() - if plan.routes.runs_down(lane, row) { place.column.1 / 4.0 } else { 0.0 }
}

/// What is written below a step of a way past the next one.
fn said_past(plan: &Plan<'_>, index: usize, drawn: &mut Drawn) {
    let Some(said) = plan.said_past(index) else { return };
    let edge = &plan.diagram.edges[index];
    let rect = plan.rects[edge.from];
    let anchor = if said.left { Anchor::Start } else { Anchor::End };
    let top = rect.y + rect.h + 3.0 + said.lower;
    drawn.captions.extend(block::set(&said.lines, said.x, top, anchor, edge.hops[0] == State::Not));
}

/// What is written beside an edge.
fn said(plan: &Plan<'_>, index: usize, exit: Side, start: Point, hops: &[Vec<Point>], drawn: &mut Drawn) {
    let edge = &plan.diagram.edges[index];
    let Some(words) = &edge.caption else { return };
    if edge.role == Role::Past {
        return said_past(plan, index, drawn);
    }
    let pale = edge.hops[0] == State::Not;
    if edge.role != Role::Message {
        let at = match exit {
            Side::Bottom => (Point { x: start.x + 6.0, y: start.y + 13.0 }, Anchor::Start),
            Side::Right => (Point { x: start.x + 3.0, y: start.y - 5.0 }, Anchor::Start),
            Side::Left => (Point { x: start.x - 3.0, y: start.y - 5.0 }, Anchor::End),
        };
        drawn.captions.push(caption(words, at.0, at.1, pale, Weight::Bold));
        return;
    }
    if let Some((lines, middle)) = plan.said_other(index) {
        drawn.captions.extend(block::set(&lines, middle, start.y + 3.0, Anchor::Middle, pale));
        return;
    }
    // Above the first stretch outside of the source's own lane that is long enough, or above the longest.
    let lane = &plan.lanes[plan.diagram.nodes[edge.from].lane];
    let y = if exit == Side::Bottom { start.y + 12.0 } else { start.y };
    let outside = |a: f64, b: f64| {
        let (left, right) = (a.min(b), a.max(b));
        if right > lane.x + lane.w { (left.max(lane.x + lane.w), right) } else { (left, right.min(lane.x)) }
    };
    let level = |pair: &&[Point]| (pair[0].y - y).abs() < 0.1 && (pair[1].y - y).abs() < 0.1;
    let stretches = hops.iter().flat_map(|points| points.windows(2)).filter(level);
    let stretches: Vec<(f64, f64)> =
        stretches.map(|pair| outside(pair[0].x, pair[1].x)).filter(|(left, right)| right > left).collect();
    let needs = width(words, SMALL, Weight::Regular) + 14.0;
    let long = |stretch: &&(f64, f64)| stretch.1 - stretch.0 >= needs;
    let longest = || stretches.iter().max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)));
    let (left, right) = stretches.iter().find(long).or_else(longest).copied().unwrap_or((start.x, start.x));
    let word = words.split_whitespace().map(|word| width(word, SMALL, Weight::Regular)).fold(40.0, f64::max);
    let lines = wrap(words, SMALL, Weight::Regular, (right - left - 10.0).max(word));
    for (index, line) in lines.iter().rev().enumerate() {
        let at = Point { x: f64::midpoint(left, right), y: y - 6.0 - block::leading(SMALL) * count(index) };
        drawn.captions.push(caption(line, at, Anchor::Middle, pale, Weight::Regular));
    }
}
