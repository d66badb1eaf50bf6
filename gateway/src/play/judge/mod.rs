//! Comparing what crossed and what was shown with what the regulation says.

mod showing;

use std::collections::BTreeMap;

use serde::Serialize;
use signer::{Document, Problem};

use super::Selected;
use super::human::{Seen, crossings};
use crate::journal::Crossing;
use crate::regulation::{Choice, Hop, PathEnd, Step, Verb};
use showing::{compare_shown, not_handed_over};

/// A message that crossed between two systems, seen from whichever end reported it.
#[derive(Debug, Clone, Serialize)]
pub struct Crossed {
    /// The message.
    pub message: String,
    /// The system it left.
    pub from: String,
    /// The system it entered, or tried to.
    pub to: String,
    /// Whether it was taken.
    pub accepted: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    #[serde(skip)]
    message_id: Option<String>,
    #[serde(skip)]
    crossing: Crossing,
}

impl Crossed {
    /// Whether it was not taken for a reason that decides nothing.
    fn failed_technically(&self) -> bool {
        !self.accepted && self.problem.as_ref().is_some_and(|problem| problem.status >= 500)
    }
}

/// A difference between the regulation and what happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deviation {
    /// The step it belongs to.
    pub step: String,
    /// The paragraph to cite.
    pub paragraph: String,
    /// What the regulation has and what happened instead.
    pub what: String,
}

impl Deviation {
    fn at(step: &str, what: impl Into<String>) -> Self {
        let paragraph = step.trim_end_matches(|c: char| c.is_ascii_lowercase()).to_owned();
        Self { step: step.to_owned(), paragraph, what: what.into() }
    }
}

/// The crossings between systems, each once, in the order they happened. What people do at desks is left out.
pub(super) fn crossed(lived: &Seen) -> Vec<Crossed> {
    let mut all: Vec<Crossed> = Vec::new();
    for crossing in crossings(&lived.journal) {
        if crossing.message_id.is_none() {
            continue;
        }
        let same = |known: &&mut Crossed| {
            known.message_id == crossing.message_id && known.from == crossing.from && known.to == crossing.to
        };
        if let Some(known) = all.iter_mut().find(same) {
            // A repeated message is refused the second time; it was taken all the same.
            known.accepted |= crossing.accepted;
            continue;
        }
        // A technical failure decides nothing: the message is sent again, perhaps under another id.
        let again = |known: &Crossed| {
            known.failed_technically()
                && (&known.message, &known.from, &known.to)
                    == (&crossing.message, &crossing.from, &crossing.to)
        };
        all.retain(|known| !again(known));
        all.push(Crossed {
            message: crossing.message.clone(),
            from: crossing.from.clone(),
            to: crossing.to.clone(),
            accepted: crossing.accepted,
            problem: crossing.problem.clone(),
            message_id: crossing.message_id.clone(),
            crossing,
        });
    }
    all
}

/// What the regulation wants to cross on the path: the step, the hop, and the code if it is to be refused.
fn expected<'a>(selected: &'a Selected<'_>) -> Vec<(&'a Step, Hop, Option<&'a str>)> {
    let mut hops = Vec::new();
    for gone in &selected.path.steps {
        if matches!(gone.choice, Some(Choice::PassedBy(_))) {
            continue;
        }
        let Some(step) = selected.channel.step(&gone.at) else { continue };
        for hop in step.hops(gone.choice == Some(Choice::OtherWay)) {
            let stopped = match &selected.path.end {
                PathEnd::Stopped { at, by, code } if *at == gone.at && *by == hop.to => Some(code.as_str()),
                _ => None,
            };
            hops.push((step, hop, stopped));
            if stopped.is_some() {
                return hops;
            }
        }
    }
    hops
}

/// Every difference, the earliest step first.
pub(super) fn judge(selected: &Selected<'_>, lived: &Seen, crossed: &[Crossed]) -> Vec<Deviation> {
    let mut deviations = compare_crossings(selected, lived, crossed);
    deviations.extend(compare_shown(selected, lived));
    deviations.extend(not_handed_over(selected, lived));
    if let Some(problem) = &lived.problem {
        let step = problem.step.clone().or_else(|| selected.path.steps.last().map(|step| step.at.clone()));
        deviations
            .push(Deviation::at(&step.unwrap_or_default(), format!("the human met a problem: {problem}")));
    }
    // Why somebody could not go on explains the rest: it stands before what follows from it at the same step.
    let met = |deviation: &Deviation| !deviation.what.starts_with("the human met");
    let position =
        |step: &str| selected.channel.steps.iter().position(|s| s.at() == step).unwrap_or(usize::MAX);
    deviations.sort_by_key(|deviation| (position(&deviation.step), met(deviation)));
    deviations
}

fn compare_crossings(selected: &Selected<'_>, lived: &Seen, crossed: &[Crossed]) -> Vec<Deviation> {
    let mut deviations = Vec::new();
    let mut left: Vec<&Crossed> = crossed.iter().collect();
    // What people signed, and what systems say for themselves, are carried side by side.
    let mut carried: BTreeMap<bool, Option<&Document>> = BTreeMap::new();
    let mut under_way = None;
    for (step, hop, stopped) in expected(selected) {
        if lived.foreign.contains(&hop.from) && lived.foreign.contains(&hop.to) {
            continue; // nobody of ours saw it
        }
        let begins = under_way.replace((step.at(), hop.message)) != Some((step.at(), hop.message));
        let (from, to, message) = (hop.from.name(), hop.to.name(), hop.message.word());
        let found = left.iter().position(|c| c.from == from && c.to == to && c.message == message);
        let Some(found) = found.map(|index| left.remove(index)) else {
            deviations
                .push(Deviation::at(step.at(), format!("`{message}` did not cross from {from} to {to}")));
            continue;
        };
        if begins && !step.does(Verb::Forward) {
            carried.insert(step.author.is_some(), found.crossing.document.as_ref());
        } else if carried.get(&step.author.is_some()) != Some(&found.crossing.document.as_ref()) {
            let what = format!("the document of `{message}` changed before it crossed from {from} to {to}");
            deviations.push(Deviation::at(step.at(), what));
        }
        match (stopped, found.accepted, found.problem.as_ref()) {
            (None, true, _) => deviations.extend(wrong_signer(step, found)),
            (None, false, problem) => {
                let why = problem.map(ToString::to_string).unwrap_or_default();
                deviations.push(Deviation::at(step.at(), format!("{to} refused `{message}`: {why}")));
            }
            (Some(code), true, _) => {
                let what = format!("{to} took `{message}`; it should have refused it: {code}");
                deviations.push(Deviation::at(step.at(), what));
            }
            (Some(code), false, Some(problem)) if problem.code.code() == code => {}
            (Some(code), false, problem) => {
                let why = problem.map(ToString::to_string).unwrap_or_default();
                let what = format!("{to} refused `{message}` for another reason than {code}: {why}");
                deviations.push(Deviation::at(step.at(), what));
            }
        }
    }
    for extra in left {
        let what =
            format!("`{}` crossed from {} to {}, where nothing may", extra.message, extra.from, extra.to);
        deviations.push(Deviation::at(&stopping_step(selected, extra), what));
    }
    deviations
}

/// The step that should have kept a message from crossing: the last condition that was to fail, the step that
/// was to be stopped, or else the one that sends it.
fn stopping_step(selected: &Selected<'_>, extra: &Crossed) -> String {
    let failing = selected
        .path
        .steps
        .iter()
        .rev()
        .find(|step| matches!(&step.choice, Some(Choice::Failing(checks)) if !checks.is_empty()));
    if let Some(step) = failing {
        return step.at.clone();
    }
    if let PathEnd::Stopped { at, .. } = &selected.path.end {
        return at.clone();
    }
    let sending = selected.channel.ways().find(|(_, message, _)| message.word() == extra.message);
    sending.map(|(step, ..)| step.at().to_owned()).unwrap_or_default()
}

/// That the document is signed by the person whom the step names.
fn wrong_signer(step: &Step, crossed: &Crossed) -> Option<Deviation> {
    let person = step.author?;
    let role = person.certificate_role()?;
    let document = crossed.crossing.document.as_ref()?;
    let signer = match document.verify().and_then(|verified| Ok(verified.sole_signer()?.clone())) {
        Ok(signer) => signer,
        Err(error) => {
            let what = format!("the document from {} does not verify: {error}", crossed.from);
            return Some(Deviation::at(step.at(), what));
        }
    };
    let found = signer.certificate.roles();
    (!found.contains(&role)).then(|| {
        let found: Vec<&str> = found.iter().map(|role| role.name()).collect();
        let what = format!(
            "signed with the role {} where the key of the {person} ({}) is wanted",
            found.join(", "),
            role.name()
        );
        Deviation::at(step.at(), what)
    })
}
