//! The first difference between a regulation and what crossed.
//!
//! Crossings are compared with the regulation that is drawn, not with the one that the systems follow. Reports of
//! inner steps serve only to know which way a condition sent the case.

use certs::{Lang, Text};
use signer::System;

use super::names;
use super::trace::{Crossed, Trace, Way};
use crate::regulation::{Actor, Channel, Flow, Hop, Message};

/// A difference and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    /// The step it belongs to, by index.
    pub(super) step: usize,
    /// The paragraph to cite.
    pub(super) paragraph: String,
    /// What the regulation has and what happened instead.
    pub(super) what: String,
}

/// The first crossing that was not accepted, has no way in the regulation, should have been kept back, or comes
/// after another one that is missing.
pub(super) fn first(
    trace: &Trace,
    channel: &Channel,
    ways: &[Option<Way>],
    lang: Lang,
) -> Option<Difference> {
    trace.crossed.iter().zip(ways).find_map(|(crossed, way)| {
        let Some(Way { step, hop, .. }) = *way else { return Some(nowhere(trace, crossed, channel, lang)) };
        if !crossed.accepted {
            return Some(refused(crossed, step, channel, lang));
        }
        if hop > 0 {
            return None;
        }
        let through = let_through(trace, crossed, step, channel, lang);
        through.or_else(|| left_out(trace, crossed, step, channel, ways, lang))
    })
}

fn at(step: usize, channel: &Channel, what: &Text, lang: Lang) -> Difference {
    let paragraph = channel.steps[step].paragraph().to_owned();
    Difference { step, paragraph, what: what.get(lang).to_owned() }
}

/// A crossing's message and systems as people call them.
fn named(crossed: &Crossed, lang: Lang) -> (String, String, String) {
    let system = |name: &str| {
        let title = name.parse::<System>().map(|system| Actor::System(system).short_title());
        title.map_or_else(|_| name.to_owned(), |title| title.get(lang).replace('\u{ad}', ""))
    };
    let message = crossed.message.parse::<Message>().map(|message| names::message(message, None));
    let message = message.map_or_else(|_| crossed.message.clone(), |text| text.get(lang).to_owned());
    (message, system(&crossed.from), system(&crossed.to))
}

fn refused(crossed: &Crossed, step: usize, channel: &Channel, lang: Lang) -> Difference {
    let (message, from, to) = named(crossed, lang);
    let why = crossed.why.as_ref().map(|why| why.get(lang).to_owned()).unwrap_or_default();
    let what = Text::new(
        format!("{from} → {to}: «{message}» қабылданбады. {why}"),
        format!("{from} → {to}: «{message}» не принято. {why}"),
        format!("{from} → {to}: “{message}” was not accepted. {why}"),
    );
    at(step, channel, &what, lang)
}

fn nowhere(trace: &Trace, crossed: &Crossed, channel: &Channel, lang: Lang) -> Difference {
    let (message, from, to) = named(crossed, lang);
    let what = Text::new(
        format!("{from} → {to}: «{message}» өтті, регламентте мұндай жол жоқ"),
        format!("{from} → {to}: прошло «{message}», такого пути в регламенте нет"),
        format!("{from} → {to}: “{message}” crossed, a way that the regulation does not have"),
    );
    let mut before = trace.reports.iter().rev().filter(|report| report.seq < crossed.seq);
    let last = before.find_map(|report| channel.steps.iter().position(|step| step.at() == report.step));
    at(last.unwrap_or(0), channel, &what, lang)
}

/// The condition that should have kept a message from being sent: it was answered the other way, or its system
/// reports its steps but passed this one by.
fn let_through(
    trace: &Trace,
    crossed: &Crossed,
    sender: usize,
    channel: &Channel,
    lang: Lang,
) -> Option<Difference> {
    let (message, from, to) = named(crossed, lang);
    for (index, step) in channel.steps.iter().enumerate() {
        let Flow::Condition { yes, no } = &step.flow else { continue };
        let report = trace.reports.iter().rev().find(|r| r.seq < crossed.seq && r.step == step.at());
        let leads = |to: &String| {
            let target = channel.steps.iter().position(|step| step.at() == to);
            target.is_some_and(|target| reaches(channel, target, sender, index))
        };
        let what = match report.map(|report| report.result.as_str()) {
            Some("no") if leads(yes) && !leads(no) => Text::new(
                format!("жауап «жоқ», бірақ {from} → {to}: «{message}» өтті"),
                format!("ответ «нет», но {from} → {to}: прошло «{message}»"),
                format!("the answer is no, but “{message}” crossed: {from} → {to}"),
            ),
            Some("yes") if leads(no) && !leads(yes) => Text::new(
                format!("жауап «иә», бірақ {from} → {to}: «{message}» өтті"),
                format!("ответ «да», но {from} → {to}: прошло «{message}»"),
                format!("the answer is yes, but “{message}” crossed: {from} → {to}"),
            ),
            // A guarded condition may have been passed by.
            None if observable(trace, step.system)
                && step.guard().is_empty()
                && sender != 0
                && !reaches(channel, 0, sender, index) =>
            {
                Text::new(
                    format!("тексерілмеді, бірақ {from} → {to}: «{message}» өтті"),
                    format!("не проверено, но {from} → {to}: прошло «{message}»"),
                    format!("was not checked, but “{message}” crossed: {from} → {to}"),
                )
            }
            _ => continue,
        };
        return Some(at(index, channel, &what, lang));
    }
    None
}

/// A message that every way to the sending step has, but that did not cross; or a register's answer to it.
fn left_out(
    trace: &Trace,
    crossed: &Crossed,
    sender: usize,
    channel: &Channel,
    ways: &[Option<Way>],
    lang: Lang,
) -> Option<Difference> {
    let (message, from, to) = named(crossed, lang);
    let went = |step: usize, hop: usize| ways.iter().flatten().any(|way| (way.step, way.hop) == (step, hop));
    // Where neither end writes this journal, nothing is known.
    let told = |hop: &Hop| [hop.from, hop.to].iter().any(|system| trace.seen.contains(system.name()));
    for (index, step) in channel.steps.iter().enumerate() {
        let hops = step.hops(false);
        let (Some(first), Some(last)) = (hops.first(), hops.last()) else { continue };
        if index == sender || !step.guard().is_empty() || reaches(channel, 0, sender, index) {
            continue;
        }
        let missing = names::message(first.message, None);
        let missing = missing.get(lang);
        let what = if !went(index, 0) && told(first) {
            Text::new(
                format!("«{missing}» өтпеді, бірақ {from} → {to}: «{message}» өтті"),
                format!("«{missing}» не прошло, но {from} → {to}: прошло «{message}»"),
                format!("“{missing}” did not cross, but “{message}” crossed: {from} → {to}"),
            )
        } else if last.message != first.message && !went(index, hops.len() - 1) && told(last) {
            Text::new(
                format!("«{missing}»: жауап келмеді, бірақ {from} → {to}: «{message}» өтті"),
                format!("«{missing}»: ответа не было, но {from} → {to}: прошло «{message}»"),
                format!("“{missing}” was not answered, but “{message}” crossed: {from} → {to}"),
            )
        } else {
            continue;
        };
        return Some(at(index, channel, &what, lang));
    }
    None
}

fn observable(trace: &Trace, system: System) -> bool {
    trace.reports.iter().any(|report| report.system == system.name())
}

/// Whether `to` can be come to from `from` without going through `without`.
fn reaches(channel: &Channel, from: usize, to: usize, without: usize) -> bool {
    let mut seen = vec![false; channel.steps.len()];
    let mut open = vec![from];
    while let Some(step) = open.pop() {
        if step == without || std::mem::replace(&mut seen[step], true) {
            continue;
        }
        if step == to {
            return true;
        }
        let step = &channel.steps[step];
        let mut next: Vec<&str> = match &step.flow {
            Flow::Condition { yes, no } => vec![yes, no],
            Flow::Then(then) => vec![then],
            Flow::Ends(_) | Flow::Aside => Vec::new(),
        };
        let receiver = step
            .said
            .sends
            .as_ref()
            .and_then(|sends| channel.receiver(sends.to, sends.message, sends.carries));
        next.extend(receiver.map(crate::regulation::Step::at));
        open.extend(next.into_iter().filter_map(|at| channel.steps.iter().position(|step| step.at() == at)));
    }
    false
}
