//! What leads from step to step: flows, messages, and ways past steps whose guard does not hold.

use certs::Lang;

use super::model::{Edge, Exchange, Past, Role, State};
use super::{facts, names, words};
use crate::regulation::{Actor, Channel, Flow, Inferred, Step};

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
            inferred: step.is_inferred(mark),
            hops: vec![State::Plain],
        })
    };
    let message = message(at, step, channel, column, lang);
    let handed_over = message.as_ref().map(|edge| edge.to);
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

fn message(
    at: usize,
    step: &Step,
    channel: &Channel,
    column: &impl Fn(Actor) -> usize,
    lang: Lang,
) -> Option<Edge> {
    let sends = step.said.sends.as_ref()?;
    let receiver = channel.receiver(sends.to, sends.message, sends.carries)?;
    let through: Vec<usize> = sends.through.iter().map(|system| column(Actor::System(*system))).collect();
    Some(Edge {
        from: at,
        to: index(channel, receiver.at())?,
        role: Role::Message,
        past: None,
        caption: Some(names::message(sends.message, sends.carries).get(lang).to_owned()),
        hops: vec![State::Plain; through.len() + 1],
        through,
        inferred: step.is_inferred(Inferred::Sends),
    })
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

/// Where a step leads past whose guard does not hold, and whether the text says neither that nor the guard.
fn beyond(step: &Step, channel: &Channel) -> Option<(usize, bool)> {
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
    let step = channel.steps.get(edge.to)?;
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
