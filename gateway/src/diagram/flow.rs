//! What leads from step to step: flows, messages, and ways past steps whose guard does not hold.

use certs::Lang;

use super::model::{Edge, Exchange, Past, Role, State};
use super::{facts, names, words};
use crate::regulation::{Actor, Channel, Flow, Inferred, Step};
use signer::System;

fn index(channel: &Channel, at: &str) -> Option<usize> {
    channel.steps.iter().position(|step| step.at() == at)
}

/// What leaves a step.
pub(super) fn edges(
    at: usize,
    step: &Step,
    channel: &Channel,
    column: &impl Fn(Actor) -> usize,
    lang: Lang,
) -> Vec<Edge> {
    let plain = |to: &str, role, caption: Option<&str>, mark| {
        Some(Edge {
            from: at,
            to: index(channel, to)?,
            role,
            past: None,
            caption: caption.map(str::to_owned),
            through: Vec::new(),
            other: false,
            inferred: step.is_inferred(mark),
            hops: vec![State::Plain],
        })
    };
    let message = messages(at, step, channel, column, lang);
    let handed_over = message.first().map(|edge| edge.to);
    let flow = match &step.flow {
        Flow::Condition { yes, no } => vec![
            plain(yes, Role::Yes, Some(words::yes(lang)), Inferred::Yes),
            plain(no, Role::No, Some(words::no(lang)), Inferred::No),
        ],
        // Where the message begins the next step, it is the way there.
        Flow::Then(next) if handed_over.is_some() && index(channel, next) == handed_over => Vec::new(),
        Flow::Then(next) => vec![plain(next, Role::Then, None, Inferred::Then)],
        Flow::Ends(_) | Flow::Aside => Vec::new(),
    };
    let flow: Vec<Edge> = flow.into_iter().flatten().collect();
    let past: Vec<Edge> = flow.iter().filter_map(|edge| past(edge, channel, lang)).collect();
    flow.into_iter().chain(past).chain(message).collect()
}

/// The way of a step's message, and the other one with what it is gone on.
fn messages(
    at: usize,
    step: &Step,
    channel: &Channel,
    column: &impl Fn(Actor) -> usize,
    lang: Lang,
) -> Vec<Edge> {
    let Some(sends) = &step.said.sends else { return Vec::new() };
    let receiver = channel.receiver(sends.to, sends.message, sends.carries);
    let Some(to) = receiver.and_then(|receiver| index(channel, receiver.at())) else { return Vec::new() };
    let caption = names::message(sends.message, sends.carries).get(lang).to_owned();
    let edge = |through: &[System], caption: String, other: bool| Edge {
        from: at,
        to,
        role: Role::Message,
        past: None,
        caption: Some(caption),
        hops: vec![State::Plain; through.len() + 1],
        through: through.iter().map(|system| column(Actor::System(*system))).collect(),
        other,
        inferred: step.is_inferred(Inferred::Sends),
    };
    let usual = edge(&sends.through, caption.clone(), false);
    let other = sends.otherwise.as_ref().map(|other| {
        let only = facts::guard(&other.when.all, lang).unwrap_or_default();
        edge(&other.through, format!("{caption} {only}"), true)
    });
    std::iter::once(usual).chain(other).collect()
}

/// A question to a register that answers at once.
pub(super) fn exchange(step: &Step, column: &impl Fn(Actor) -> usize) -> Option<Exchange> {
    let sends = step.said.sends.as_ref()?;
    sends.message.answer()?;
    Some(Exchange {
        lane: column(Actor::System(sends.to)),
        through: sends.through.iter().map(|system| column(Actor::System(*system))).collect(),
        inferred: step.is_inferred(Inferred::Sends),
        hops: vec![State::Plain; step.hops(false).len()],
    })
}

/// Where a step leads past whose guard does not hold, and whether the text says neither that nor the guard. Whatever
/// asks for the same facts, and perhaps more, is passed as well.
fn beyond(step: &Step, channel: &Channel) -> Option<(usize, bool)> {
    let failing = step.guard();
    let (mut to, mut inferred) = after(step, channel)?;
    for _ in 0..channel.steps.len() {
        let next = &channel.steps[to];
        if next.at() == step.at() || !failing.iter().all(|fact| next.guard().contains(fact)) {
            break;
        }
        let Some((further, more)) = after(next, channel) else { break };
        to = further;
        inferred |= more;
    }
    Some((to, inferred))
}

fn after(step: &Step, channel: &Channel) -> Option<(usize, bool)> {
    if step.guard().is_empty() {
        return None;
    }
    // Past a condition as if it held: there is nothing to check.
    let (next, mark) = match &step.flow {
        Flow::Condition { yes, .. } => (yes, Inferred::Yes),
        Flow::Then(next) => (next, Inferred::Then),
        Flow::Ends(_) | Flow::Aside => return None,
    };
    Some((index(channel, next)?, step.is_inferred(mark) || step.is_inferred(Inferred::When)))
}

/// The way past the step that an edge leads to.
fn past(edge: &Edge, channel: &Channel, lang: Lang) -> Option<Edge> {
    let (from, step) = (channel.steps.get(edge.from)?, channel.steps.get(edge.to)?);
    // Where the step before asked for the same facts, they hold.
    if step.guard().iter().all(|fact| from.guard().contains(fact)) {
        return None;
    }
    let (to, inferred) = beyond(step, channel)?;
    (to != edge.from).then_some(())?;
    let unless = facts::no_guard(step.guard(), lang)?;
    let caption = edge.caption.as_ref().map_or_else(|| unless.clone(), |said| format!("{said}, {unless}"));
    let inferred = inferred || edge.inferred;
    Some(Edge { to, role: Role::Past, past: Some(edge.to), caption: Some(caption), inferred, ..edge.clone() })
}

/// Where the beginning leads past the first step.
pub(super) fn past_the_first(channel: &Channel, lang: Lang) -> Option<Past> {
    let first = channel.steps.first()?;
    let (to, inferred) = beyond(first, channel)?;
    (to > 0).then_some(())?;
    Some(Past { to, caption: facts::no_guard(first.guard(), lang)?, inferred, state: State::Plain })
}
