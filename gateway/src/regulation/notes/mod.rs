//! What an analyst should know of an act: gaps, slips, choices left open. They are the act's own, and stand with
//! [`Severity::Note`]; the file is right to repeat them.
//!
//! All of it is read off the file: what `inferred` names, what is quoted, how steps lead to each other. A step that is
//! inferred as a whole is the file's and not the act's, so nothing is noted of it.

mod across;
mod flow;
mod limits;
mod results;
mod who;
mod words;

pub use across::compare;

use super::diagnostic::{Diagnostic, Severity};
use super::model::{Channel, Flow, Regulation, Step};
use super::vocabulary::Inferred;

/// What is to be noted of an act, in the order of its channels.
pub fn notes(regulation: &Regulation) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for channel in &regulation.channels {
        found.extend(flow::notes(channel));
        found.extend(who::notes(channel));
        found.extend(words::of_channel(channel));
    }
    found.extend(who::without_channel(regulation));
    found.extend(limits::notes(regulation));
    found.extend(results::notes(regulation));
    found.extend(words::of_act(regulation));
    once(found)
}

/// Several channels that run through one procedure have its notes in common: one note names them all.
fn once(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut kept: Vec<Diagnostic> = Vec::new();
    for note in found {
        let split = |note: &Diagnostic| {
            let at = note.at.clone()?;
            let (channels, paragraph) = at.split_once(" §")?;
            Some((channels.to_owned(), paragraph.to_owned()))
        };
        let own = split(&note);
        let same = kept.iter_mut().find(|other| {
            let there = split(other);
            other.code == note.code
                && other.message == note.message
                && own.as_ref().map(|(_, paragraph)| paragraph)
                    == there.as_ref().map(|(_, paragraph)| paragraph)
        });
        match (same, own) {
            (Some(same), Some((channel, paragraph))) => {
                let others = split(same).map(|(channels, _)| channels).unwrap_or_default();
                if !others.split(", ").any(|other| other == channel) {
                    same.at = Some(format!("{others}, {channel} §{paragraph}"));
                }
            }
            (Some(_), None) => {}
            (None, _) => kept.push(note),
        }
    }
    kept
}

fn note(
    code: &'static str,
    at: impl Into<Option<String>>,
    message: impl Into<String>,
    hint: &str,
) -> Diagnostic {
    Diagnostic {
        severity: Severity::Note,
        code,
        at: at.into(),
        message: message.into(),
        hint: hint.to_owned(),
    }
}

fn place(channel: &Channel, at: &str) -> String {
    format!("{} §{at}", channel.name)
}

/// The steps of a channel that the act has.
fn printed(channel: &Channel) -> impl Iterator<Item = &Step> {
    channel.steps.iter().filter(|step| is_printed(step))
}

fn is_printed(step: &Step) -> bool {
    step.said.text.is_some() && !step.said.inferred.contains(&Inferred::Step)
}

/// Where a step leads inside its channel, the receivers of its messages included.
fn next<'a>(channel: &'a Channel, step: &Step) -> Vec<&'a Step> {
    let by_edge: Vec<&str> = match &step.flow {
        Flow::Condition { yes, no } => vec![yes, no],
        Flow::Then(next) => vec![next],
        Flow::Ends(_) | Flow::Aside => Vec::new(),
    };
    let by_message = step.said.sends.as_ref().and_then(|s| channel.receiver(s.to, s.message, s.carries));
    by_edge.into_iter().filter_map(|at| channel.step(at)).chain(by_message).collect()
}

/// The steps that can be come to from one, itself not included unless a way leads back.
fn after<'a>(channel: &'a Channel, step: &Step) -> Vec<&'a Step> {
    let mut reached: Vec<&Step> = Vec::new();
    let mut queue = next(channel, step);
    while let Some(step) = queue.pop() {
        if !reached.iter().any(|known| known.at() == step.at()) {
            reached.push(step);
            queue.extend(next(channel, step));
        }
    }
    reached
}
