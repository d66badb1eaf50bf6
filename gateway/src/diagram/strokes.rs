//! Drawing edges along their ways, and what leads to and from people.

use super::block::{self, Block, SMALL};
use super::count;
use super::measure::{Weight, width, wrap};
use super::model::{Diagram, Edge, Role, Shape, State};
use super::place::{Drawn, LEVEL, Plan, deed_lines, shown_beside};
use super::route::{Arrival, Routes, Side};
use super::scene::{Anchor, Glyph, Point, Stroke, Text, Tone, facing};

/// Something that touches a step's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Port {
    /// A person's deed.
    Deed,
    /// All edges that come in by the gutter.
    In,
    /// An edge that leaves.
    Out(usize),
    /// A message to the recipient.
    Delivery,
}

/// What touches a side of a step, from top to bottom.
fn ports(diagram: &Diagram, routes: &Routes, node: usize, side: Side) -> Vec<Port> {
    let step = &diagram.nodes[node];
    let mut ports = Vec::new();
    if step.deed.as_ref().is_some_and(|deed| facing(step.lane, deed.lane) == side) {
        ports.push(Port::Deed);
    }
    let both = || diagram.edges.iter().zip(&routes.ways).enumerate();
    let enters =
        |edge: &Edge, arrival| edge.to == node && matches!(arrival, Arrival::Gutter(s, _) if s == side);
    if both().any(|(_, (edge, route))| enters(edge, route.arrival)) {
        ports.push(Port::In);
    }
    ports.extend(
        both()
            .filter(|(_, (edge, route))| edge.from == node && route.exit == side)
            .map(|(index, _)| Port::Out(index)),
    );
    let delivery = step.delivery.as_ref().and_then(|delivery| delivery.lane);
    if delivery.is_some_and(|lane| facing(step.lane, lane) == side) {
        ports.push(Port::Delivery);
    }
    ports
}

/// How far below the middle of a step something touches it.
pub(super) fn port(diagram: &Diagram, routes: &Routes, node: usize, port: Port, block: &Block) -> f64 {
    for side in [Side::Left, Side::Right] {
        let ports = ports(diagram, routes, node, side);
        if let Some(at) = ports.iter().position(|known| *known == port) {
            let room = match diagram.nodes[node].shape {
                Shape::Process => block.height,
                Shape::Condition => block.height * 0.5,
            };
            return room * (count(at + 1) / count(ports.len() + 1) - 0.5);
        }
    }
    0.0
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
    let mut drawn = Drawn { strokes: Vec::new(), glyphs: Vec::new(), captions: Vec::new() };
    begin(plan, &mut drawn);
    for node in 0..plan.diagram.nodes.len() {
        deed(plan, node, &mut drawn);
        delivery(plan, node, &mut drawn);
    }
    for index in 0..plan.diagram.edges.len() {
        edge(plan, index, &mut drawn);
    }
    drawn
}

/// Where something touches a step's side.
fn touch(plan: &Plan<'_>, node: usize, side: Side, which: Port) -> Point {
    let rect = plan.rects[node];
    let offset = port(plan.diagram, plan.routes, node, which, &plan.blocks[node]);
    let y = rect.centre().y + offset;
    // A diamond's slope draws back from the corner.
    let back = match plan.diagram.nodes[node].shape {
        Shape::Process => 0.0,
        Shape::Condition => rect.w * offset.abs() / rect.h,
    };
    let x = if side == Side::Right { rect.x + rect.w - back } else { rect.x + back };
    Point { x, y }
}

fn caption(text: &str, at: Point, anchor: Anchor, pale: bool, weight: Weight) -> Text {
    Text { line: block::line(text, SMALL, weight, Tone::Plain), at, anchor, pale }
}

fn plain(points: Vec<Point>, role: Role, heads: (bool, bool), inferred: bool, state: State) -> Stroke {
    Stroke { edge: None, role, points, heads, inferred, state }
}

fn begin(plan: &Plan<'_>, drawn: &mut Drawn) {
    let Some(first) = plan.diagram.nodes.first() else { return };
    let lane = first.deed.as_ref().map_or(first.lane, |deed| deed.lane);
    let at = Point { x: plan.lanes[lane].middle(), y: plan.begin() };
    let state = if first.state == State::Not { State::Not } else { first.state };
    let began = plan.diagram.nodes.iter().any(|node| node.state == State::Gone);
    drawn.glyph(Glyph::Begin, at, false, if began { State::Gone } else { first.state });
    let end = match &first.deed {
        Some(deed) => {
            let lines = deed_lines(&deed.what, plan.lanes[deed.lane].column.1);
            let offset = port(plan.diagram, plan.routes, 0, Port::Deed, &plan.blocks[0]);
            plan.rects[0].centre().y + offset - block::height(&lines) / 2.0 - 5.0
        }
        None => plan.rects[0].y,
    };
    let points = vec![Point { y: at.y + 11.0, ..at }, Point { y: end, ..at }];
    drawn.strokes.push(plain(points, Role::Then, (true, false), false, state));
    let word = super::words::begin(plan.diagram.lang);
    drawn.captions.push(caption(
        word,
        Point { x: at.x + 17.0, y: at.y + 4.0 },
        Anchor::Start,
        false,
        Weight::Regular,
    ));
}

fn deed(plan: &Plan<'_>, node: usize, drawn: &mut Drawn) {
    let step = &plan.diagram.nodes[node];
    let Some(deed) = &step.deed else { return };
    let side = facing(step.lane, deed.lane);
    let end = touch(plan, node, side, Port::Deed);
    let lane = &plan.lanes[deed.lane];
    let lines = deed_lines(&deed.what, lane.column.1);
    let pale = step.state == State::Not;
    let half = block::widest(&lines) / 2.0 + 5.0;
    let centre = lane.middle();
    drawn.captions.extend(block::set(
        &lines,
        centre,
        end.y - block::height(&lines) / 2.0,
        Anchor::Middle,
        pale,
    ));
    let x = if side == Side::Left { centre + half } else { centre - half };
    let points = vec![Point { x, y: end.y }, end];
    let heads = (true, deed.both_ways);
    drawn.strokes.push(plain(points, Role::Message, heads, deed.inferred || step.inferred, step.state));
}

fn delivery(plan: &Plan<'_>, node: usize, drawn: &mut Drawn) {
    let step = &plan.diagram.nodes[node];
    let pale = step.state == State::Not;
    let rect = plan.rects[node];
    let beside = shown_beside(step);
    let (mut from, dx, dy) = match step.delivery.as_ref().and_then(|delivery| delivery.lane) {
        Some(lane) => {
            let side = facing(step.lane, lane);
            let from = touch(plan, node, side, Port::Delivery);
            (from, if side == Side::Left { -1.0 } else { 1.0 }, 0.0)
        }
        None => (Point { x: rect.centre().x, y: rect.y + rect.h }, 0.0, 1.0),
    };
    if let Some(delivery) = &step.delivery {
        let at = match delivery.lane {
            Some(lane) => Point { x: plan.lanes[lane].middle() - dx * 16.0, y: from.y },
            None => Point { x: rect.centre().x, y: from.y + 27.0 },
        };
        let (wide, tall) = Glyph::Message(delivery.kind).reach();
        let end = Point { x: at.x - dx * wide, y: at.y - dy * tall };
        drawn.strokes.push(plain(
            vec![from, end],
            Role::Message,
            (true, false),
            delivery.inferred,
            step.state,
        ));
        drawn.glyph(Glyph::Message(delivery.kind), at, delivery.inferred, step.state);
        if beside {
            let below = Point { x: at.x, y: at.y + tall + 11.0 };
            drawn.captions.push(caption(&delivery.caption, below, Anchor::Middle, pale, Weight::Bold));
        }
        from =
            if beside { Point { x: at.x + dx * wide, y: at.y } } else { Point { x: at.x + wide, y: at.y } };
    }
    if step.ends.is_none() {
        return;
    }
    // Below a step the end stands right of the message, or by itself.
    let (x, y) = match (beside, step.delivery.is_some()) {
        (true, _) => (from.x + dx * 26.0, from.y),
        (false, true) => (from.x + 26.0, from.y),
        (false, false) => (from.x, from.y + 27.0),
    };
    let (reach, _) = Glyph::End.reach();
    let aside = if beside {
        dx
    } else if step.delivery.is_some() {
        1.0
    } else {
        0.0
    };
    let end = Point { x: x - aside * reach, y: if aside == 0.0 { y - reach } else { y } };
    drawn.strokes.push(plain(vec![from, end], Role::Then, (true, false), false, step.state));
    drawn.glyph(Glyph::End, Point { x, y }, false, step.state);
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
    let mut first_stop = None;
    for (hop, pair) in columns.windows(2).enumerate() {
        let last = points.last().copied().unwrap_or(start);
        let before = hop.checked_sub(1).map(|hop| columns[hop]);
        let turned =
            before.is_some_and(|before| pair[0].cmp(&before) != pair[1].cmp(&pair[0]) || pair[0] == pair[1]);
        let mut y = last.y;
        if turned {
            level += 1;
            y = row.top + row.body + LEVEL * count(level) - LEVEL / 2.0;
            let below = Point { x: last.x, y: last.y + Glyph::Relay.reach().1 };
            points = vec![below, Point { y, ..below }];
        } else if hop > 0 {
            let away = if pair[1] > pair[0] { 1.0 } else { -1.0 };
            points = vec![Point { x: last.x + away * Glyph::Relay.reach().0, ..last }];
        }
        if hop + 1 < columns.len() - 1 {
            let lane = &plan.lanes[pair[1]];
            let aside = if plan.routes.runs_down(pair[1], edge.from) { -lane.column.1 / 4.0 } else { 0.0 };
            let relay = Point { x: lane.middle() + aside, y };
            let away = if relay.x > last.x { 1.0 } else { -1.0 };
            let end = if pair[0] == pair[1] {
                Point { y: y - Glyph::Relay.reach().1, ..relay }
            } else {
                Point { x: relay.x - away * Glyph::Relay.reach().0, y }
            };
            points.push(end);
            first_stop.get_or_insert(end.x);
            strokes.push(std::mem::replace(&mut points, vec![relay]));
            drawn.glyph(Glyph::Relay, relay, edge.inferred, edge.hops[hop]);
            continue;
        }
        match route.arrival {
            Arrival::Top => {
                let x = target.centre().x;
                if !straight {
                    points.push(Point { x, y });
                    first_stop.get_or_insert(x);
                }
                points.push(Point { x, y: target.y });
            }
            Arrival::Gutter(side, _) => {
                let x = plan.track(pair[1], route.arrival);
                let end = touch(plan, edge.to, side, Port::In);
                first_stop.get_or_insert(x);
                points.extend([Point { x, y }, Point { x, y: end.y }, end]);
            }
        }
        strokes.push(std::mem::take(&mut points));
    }
    said(plan, edge, route.exit, start, first_stop.unwrap_or(start.x), drawn);
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

/// What is written beside an edge.
fn said(plan: &Plan<'_>, edge: &Edge, exit: Side, start: Point, stop: f64, drawn: &mut Drawn) {
    let Some(words) = &edge.caption else { return };
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
    // Behind the source's own lane, where there is nothing beside it.
    let lane = &plan.lanes[plan.diagram.nodes[edge.from].lane];
    let edge_of_lane = if stop > start.x { lane.x + lane.w } else { lane.x };
    let room = (stop - edge_of_lane).abs() - 10.0;
    let longest =
        words.split_whitespace().map(|word| width(word, SMALL, Weight::Regular)).fold(40.0, f64::max);
    let lines = wrap(words, SMALL, Weight::Regular, room.max(longest));
    let middle = f64::midpoint(stop, edge_of_lane);
    let y = if exit == Side::Bottom { start.y + 12.0 } else { start.y };
    for (index, line) in lines.iter().rev().enumerate() {
        let at = Point { x: middle, y: y - 6.0 - block::leading(SMALL) * count(index) };
        drawn.captions.push(caption(line, at, Anchor::Middle, pale, Weight::Regular));
    }
}
