//! What leads to and from people: the beginning, their deeds, what they are given; and what registers are asked.

use super::block::{self, SMALL};
use super::measure::{Weight, width};
use super::model::{Role, State};
use super::plan::{Plan, deed_lines, shown_beside};
use super::ports::{APART, Port};
use super::route::Side;
use super::scene::{Anchor, Glyph, Point, facing};
use super::strokes::{Drawn, beside_what_runs, caption, plain, touch};
use super::words;

pub(super) fn begin(plan: &Plan<'_>, drawn: &mut Drawn) {
    let Some(first) = plan.diagram.nodes.first() else { return };
    let Some(lane) = plan.diagram.begins() else { return };
    let at = Point { x: plan.lanes[lane].middle(), y: plan.begin };
    let state = if first.state == State::Not { State::Not } else { first.state };
    let began = plan.diagram.nodes.iter().any(|node| node.state == State::Gone);
    drawn.glyph(Glyph::Begin, at, false, if began { State::Gone } else { first.state });
    let end = match &first.deed {
        Some(deed) => {
            let lines = deed_lines(&deed.what, plan.lanes[deed.lane].column.1);
            let offset = plan.ports[0].offset(Port::Deed);
            plan.rects[0].centre().y + offset - block::height(&lines) / 2.0 - 5.0
        }
        None => plan.rects[0].y,
    };
    let points = vec![Point { y: at.y + 11.0, ..at }, Point { y: end, ..at }];
    drawn.strokes.push(plain(points, Role::Then, (true, false), false, state));
    let word = words::begin(plan.diagram.lang);
    drawn.captions.push(caption(
        word,
        Point { x: at.x + 17.0, y: at.y + 4.0 },
        Anchor::Start,
        false,
        Weight::Regular,
    ));
    past(plan, lane, at, drawn);
}

/// From the beginning past the first step: down left of all deeds to the deed, or to the step, that comes then.
fn past(plan: &Plan<'_>, lane: usize, begin: Point, drawn: &mut Drawn) {
    let (Some(past), Some(x), Some(lines)) = (&plan.diagram.past, plan.past_track(), plan.past()) else {
        return;
    };
    let step = &plan.diagram.nodes[past.to];
    let start = Point { x: begin.x - Glyph::Begin.reach().0, y: begin.y };
    let end = match &step.deed {
        Some(deed) if deed.lane == lane => {
            let lines = deed_lines(&deed.what, plan.lanes[lane].column.1);
            let y = touch(plan, past.to, facing(step.lane, lane), Port::Deed).y;
            Point { x: plan.lanes[lane].middle() - block::widest(&lines) / 2.0 - 4.0, y }
        }
        _ => {
            let rect = plan.rects[past.to];
            Point { x: rect.centre().x, y: rect.y }
        }
    };
    let mut points = vec![start, Point { x, y: start.y }];
    if step.deed.as_ref().is_some_and(|deed| deed.lane == lane) {
        points.extend([Point { x, y: end.y }, end]);
    } else {
        let over = Point { x: end.x, y: end.y - 9.0 };
        points.extend([Point { x, ..over }, over, end]);
    }
    drawn.strokes.push(plain(points, Role::Past, (true, false), past.inferred, past.state));
    let Some(row) = plan.rows.first() else { return };
    let top = row.top + row.height() - block::height(&lines);
    drawn.captions.extend(block::set(&lines, x + 5.0, top, Anchor::Start, past.state == State::Not));
}

pub(super) fn deed(plan: &Plan<'_>, node: usize, drawn: &mut Drawn) {
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

pub(super) fn delivery(plan: &Plan<'_>, node: usize, drawn: &mut Drawn) {
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
        let glyph =
            if delivery.by_hand { Glyph::Sheet(delivery.kind) } else { Glyph::Message(delivery.kind) };
        let (wide, tall) = glyph.reach();
        let end = Point { x: at.x - dx * wide, y: at.y - dy * tall };
        drawn.strokes.push(plain(
            vec![from, end],
            Role::Message,
            (true, false),
            delivery.inferred,
            step.state,
        ));
        drawn.glyph(glyph, at, delivery.inferred, step.state);
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

/// A question to a register, and its answer back the same way below it.
pub(super) fn exchange(plan: &Plan<'_>, node: usize, drawn: &mut Drawn) {
    let step = &plan.diagram.nodes[node];
    let Some(exchange) = &step.exchange else { return };
    let side = facing(step.lane, exchange.lane);
    let own = touch(plan, node, side, Port::Exchange);
    let away = if side == Side::Right { 1.0 } else { -1.0 };
    let register = Point { x: beside_what_runs(plan, exchange.lane, node), y: own.y };
    drawn.glyph(Glyph::Register, register, exchange.inferred, step.state);
    // Who passes it on stands between, where lanes are in that order.
    let mut stops: Vec<f64> = vec![own.x];
    for lane in &exchange.through {
        let x = beside_what_runs(plan, *lane, node);
        let before = stops.last().copied().unwrap_or(own.x);
        if (x - before) * away > 0.0 && (register.x - x) * away > 0.0 {
            stops.push(x);
        }
    }
    let relays = stops.len() - 1;
    stops.push(register.x);
    let half = exchange.hops.len() / 2;
    let relay = Glyph::Relay.reach().0;
    let reach = |which: usize| match which {
        0 => 0.0,
        which if which <= relays => relay,
        _ => Glyph::Register.reach().0,
    };
    let there = exchange.hops.iter().take(half);
    let back = exchange.hops.iter().skip(half);
    for (hop, state) in there.enumerate().filter(|(hop, _)| *hop <= relays) {
        let at = |stop: usize, toward: f64| Point {
            x: stops[stop] + toward * away * reach(stop),
            y: own.y - APART,
        };
        let points = vec![at(hop, 1.0), at(hop + 1, -1.0)];
        drawn.strokes.push(plain(points, Role::Message, (true, false), exchange.inferred, *state));
    }
    for (hop, state) in back.enumerate().filter(|(hop, _)| *hop <= relays) {
        let from = relays + 1 - hop;
        let at = |stop: usize, toward: f64| Point {
            x: stops[stop] + toward * away * reach(stop),
            y: own.y + APART,
        };
        let points = vec![at(from, -1.0), at(from - 1, 1.0)];
        drawn.strokes.push(plain(points, Role::Message, (true, false), exchange.inferred, *state));
    }
    let state = |hop: usize| exchange.hops.get(hop).copied().unwrap_or(step.state);
    for (index, x) in stops.iter().enumerate().skip(1).take(relays) {
        let (asked, answered) = (state(index - 1), state(half + relays + 1 - index));
        drawn.glyph(Glyph::Relay, Point { x: *x, y: own.y - APART }, exchange.inferred, asked);
        drawn.glyph(Glyph::Relay, Point { x: *x, y: own.y + APART }, exchange.inferred, answered);
    }
    said(plan, step.lane, &stops, own.y, state(0) == State::Not, drawn);
}

/// The words above a question and above its answer: in the first stretch between lanes' borders and small symbols
/// that they fit in, or else nowhere; the step says them as well.
fn said(plan: &Plan<'_>, lane: usize, stops: &[f64], y: f64, pale: bool, drawn: &mut Drawn) {
    let lane = &plan.lanes[lane];
    let away = if stops.last() > stops.first() { 1.0 } else { -1.0 };
    let border = if away > 0.0 { lane.x + lane.w } else { lane.x };
    let mut from = border;
    let mut stretches: Vec<(f64, f64)> = Vec::new();
    for (index, stop) in stops.iter().enumerate().skip(1) {
        let glyph = if index + 1 == stops.len() { Glyph::Register } else { Glyph::Relay };
        let reach = away * glyph.reach().0;
        stretches.push((from, stop - reach));
        from = stop + reach;
    }
    stretches.extend(stops.first().zip(stretches.first()).map(|(own, (_, end))| (*own, *end)));
    let words = [(words::asks(plan.diagram.lang), -APART), (words::answers(plan.diagram.lang), APART)];
    let needs = words.iter().map(|(words, _)| width(words, SMALL, Weight::Regular)).fold(0.0, f64::max);
    let fits = |air: f64| stretches.iter().find(move |(a, b)| (b - a) * away >= needs + air);
    let Some((a, b)) = fits(12.0).or_else(|| fits(2.0)) else { return };
    for (words, below) in words {
        let at = Point { x: f64::midpoint(*a, *b), y: y + below - 5.5 };
        drawn.captions.push(caption(words, at, Anchor::Middle, pale, Weight::Regular));
    }
}
