//! Every path through a channel.
//!
//! `qaqpa play` and the conformance suite walk the same paths: one where all goes well, and from there one
//! change at a time, until each edge of the regulation has been gone along: every check failing alone, all of a
//! condition failing together, every guard both ways and none of them, every document, an organisation where the form
//! knows recipients by BIN too, and for each signed message that goes through the gateway a certificate that was revoked
//! after the last check of it.

mod name;
mod path;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use certs::Text;
use signer::System;

use super::model::{Channel, Flow, Step};
use super::vocabulary::{CheckWord, End, Fact, FieldType, Issued, Person, Verb};

pub use path::{Choice, Path, PathEnd, PathStep, Showing};

/// What makes a path differ from the usual one.
#[derive(Debug, Clone, Default)]
struct Choices {
    /// Facts that do not hold; every other one does.
    absent: BTreeSet<Fact>,
    /// What is chosen at steps.
    at: BTreeMap<String, Choice>,
}

impl Choices {
    /// With one more choice made at a step.
    fn and(&self, at: &str, choice: &Choice) -> Self {
        let mut more = self.clone();
        match choice {
            Choice::PassedBy(fact) => {
                more.absent.insert(*fact);
            }
            choice => {
                more.at.insert(at.to_owned(), choice.clone());
            }
        }
        more
    }
}

/// All paths of a channel, the one where all goes well first, then in printed order.
pub fn paths(channel: &Channel) -> Vec<Path> {
    let mut found: Vec<(Path, usize)> = Vec::new();
    let mut varied: BTreeSet<String> = BTreeSet::new();
    let mut queue = VecDeque::from([(Choices::default(), None)]);
    while let Some((choices, change)) = queue.pop_front() {
        let (steps, shows, end) = walk(channel, &choices);
        for step in &steps {
            if varied.insert(step.at.clone()) {
                queue.extend(variations(channel, &steps, step).into_iter().map(|choice| {
                    let choices = choices.and(&step.at, &choice);
                    (choices, Some((step.at.clone(), choice)))
                }));
            }
        }
        let order = change.as_ref().map_or(0, |(at, _)| 1 + position(channel, at));
        let (name, title) = name::name(change.as_ref().map(|(_, choice)| choice), channel, &end);
        found.push((Path { name, title, steps, shows, end }, order));
    }
    found.extend(plain(channel, &found).map(|path| (path, usize::MAX)));
    found.sort_by_key(|(_, order)| *order);
    let mut paths: Vec<Path> = found.into_iter().map(|(path, _)| path).collect();
    distinguish(&mut paths);
    paths
}

/// The path on which no guard holds, if that is none of the others.
fn plain(channel: &Channel, others: &[(Path, usize)]) -> Option<Path> {
    let absent = channel.steps.iter().flat_map(Step::guard).copied().collect();
    let (steps, shows, end) = walk(channel, &Choices { absent, ..Choices::default() });
    if others.iter().any(|(other, _)| other.steps == steps) {
        return None;
    }
    let title = Text::new("ерекше жағдайсыз", "без особых обстоятельств", "no special circumstances");
    Some(Path { name: "plain".to_owned(), title, steps, shows, end })
}

/// Puts the paragraph of its last step behind a name that occurred before.
fn distinguish(paths: &mut [Path]) {
    let mut seen = BTreeSet::new();
    for path in paths {
        if !seen.insert(path.name.clone()) {
            let last = path.steps.last().map(|step| step.at.clone()).unwrap_or_default();
            path.name = format!("{}-at-{last}", path.name);
            seen.insert(path.name.clone());
        }
    }
}

fn position(channel: &Channel, at: &str) -> usize {
    channel.steps.iter().position(|step| step.at() == at).unwrap_or(usize::MAX - 1)
}

/// What is chosen at a step when nothing else is asked for: all goes well, every guard holds, the last document
/// (the one without a guard) is issued.
fn usual(step: &Step) -> Option<Choice> {
    if let Flow::Condition { .. } = step.flow {
        return Some(Choice::Failing(Vec::new()));
    }
    step.said.documents.last().map(|document| Choice::Document(document.document))
}

fn variations(channel: &Channel, path: &[PathStep], at: &PathStep) -> Vec<Choice> {
    let Some(step) = channel.step(&at.at) else { return Vec::new() };
    let mut choices = Vec::new();
    choices.extend(step.guard().iter().map(|fact| Choice::PassedBy(*fact)));
    if let Flow::Condition { .. } = step.flow {
        choices.extend(step.checks().iter().map(|check| Choice::Failing(vec![*check])));
        if step.checks().len() > 1 {
            choices.push(Choice::Failing(step.checks().to_vec()));
        }
    }
    let others = step.said.documents.iter().rev().skip(1).rev();
    choices.extend(others.map(|document| Choice::Document(document.document)));
    if step.other_way_when().is_some() {
        choices.push(Choice::OtherWay);
    }
    if step.does(Verb::FillForm) && channel.identity_fields().any(|field| field.kind == FieldType::Bin) {
        choices.push(Choice::ByBin);
    }
    if step.said.signed_by == Some(Person::Recipient) && passed_on_by(channel, path, at).is_some() {
        let checked = path.iter().take_while(|earlier| earlier.at != at.at).any(|earlier| {
            channel.step(&earlier.at).is_some_and(|s| s.checks().contains(&CheckWord::NotRevoked))
        });
        if checked {
            choices.push(Choice::RevokedLate);
        }
    }
    choices
}

/// Where, on a path, what is signed at a step is first passed on by a gateway: the step that sends it, and the gateway.
fn passed_on_by<'a>(
    channel: &'a Channel,
    steps: &[PathStep],
    signed: &PathStep,
) -> Option<(&'a Step, System)> {
    let after = steps.iter().skip_while(|step| step.at != signed.at);
    let mut sending = after.filter_map(|step| channel.step(&step.at).zip(Some(step)));
    let (step, gone) = sending.find(|(step, _)| step.does(Verb::Send))?;
    let way = step.ways().nth(usize::from(gone.choice == Some(Choice::OtherWay)))?;
    let gateway =
        [System::Gateway, System::RegionalGateway].into_iter().find(|one| way.get(1) == Some(one))?;
    Some((step, gateway))
}

/// Goes through the channel under the choices made.
fn walk(channel: &Channel, choices: &Choices) -> (Vec<PathStep>, Vec<Showing>, PathEnd) {
    let (mut steps, shows, end) = walk_on(channel, choices);
    // A certificate that is revoked between the check and the signature is found by the gateway that passes it on.
    let late = steps.iter().find(|step| step.choice == Some(Choice::RevokedLate)).cloned();
    if let Some((sent, by)) = late.and_then(|signed| passed_on_by(channel, &steps, &signed)) {
        steps.truncate(1 + steps.iter().position(|step| step.at == sent.at()).unwrap_or(steps.len()));
        let end = PathEnd::Stopped { at: sent.at().to_owned(), by, code: "certificate-revoked".to_owned() };
        return (steps, Vec::new(), end);
    }
    (steps, shows, end)
}

fn walk_on(channel: &Channel, choices: &Choices) -> (Vec<PathStep>, Vec<Showing>, PathEnd) {
    let mut steps: Vec<PathStep> = Vec::new();
    let mut shows: Vec<Showing> = Vec::new();
    let mut waiting: Option<Showing> = None;
    let mut formed: Option<PathEnd> = None;
    let mut next = channel.steps.first();
    while let Some(step) = next {
        let at = step.at().to_owned();
        if steps.iter().any(|gone| gone.at == at) {
            break; // a loop in the file: the path ends where it would begin again
        }
        let absent = step.guard().iter().find(|fact| choices.absent.contains(fact));
        let choice = match absent {
            Some(fact) => Some(Choice::PassedBy(*fact)),
            None => choices.at.get(&at).cloned().or_else(|| usual(step)),
        };
        if absent.is_none() {
            if let Some((code, end)) = forms(step, choice.as_ref()) {
                waiting = Some(Showing { at: at.clone(), code, end, shown_at: at.clone() });
            }
            if step.does(Verb::Deliver) {
                shows.extend(waiting.take().map(|showing| Showing { shown_at: at.clone(), ..showing }));
            }
            if let Some(refusal) = &step.said.refusal {
                formed = Some(PathEnd::Refused {
                    at: at.clone(),
                    code: refusal.code.clone(),
                    shown_at: at.clone(),
                });
            } else if let Some(Choice::Document(document)) = choice {
                formed = Some(PathEnd::Served { at: at.clone(), document, shown_at: at.clone() });
            }
        }
        steps.push(PathStep { at: at.clone(), choice: choice.clone() });
        let failing = matches!(&choice, Some(Choice::Failing(checks)) if !checks.is_empty());
        next = match &step.flow {
            Flow::Condition { no, .. } if failing => channel.step(no),
            Flow::Condition { yes, .. } => channel.step(yes),
            Flow::Then(then) => channel.step(then),
            Flow::Ends(_) | Flow::Aside => None,
        };
    }
    let last = steps.last().map(|step| step.at.clone()).unwrap_or_default();
    let end = match formed {
        Some(PathEnd::Refused { at, code, .. }) => PathEnd::Refused { at, code, shown_at: last },
        Some(PathEnd::Served { at, document, .. }) => PathEnd::Served { at, document, shown_at: last },
        _ => PathEnd::Silent { at: last },
    };
    (steps, shows, end)
}

/// The code of what a step forms, and whether it is an end.
fn forms(step: &Step, choice: Option<&Choice>) -> Option<(String, Option<End>)> {
    if let Some(refusal) = &step.said.refusal {
        return Some((refusal.code.clone(), Some(End::Refusal)));
    }
    let Some(Choice::Document(document)) = choice else { return None };
    let end = (*document != Issued::AcceptanceReceipt).then_some(End::Result);
    Some((document.word().to_owned(), end))
}
