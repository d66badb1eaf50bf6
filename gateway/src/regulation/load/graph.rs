//! How steps hang together: each is reached, each message received, each document has an author.

use std::collections::{BTreeSet, VecDeque};

use signer::System;

use super::Findings;
use crate::regulation::file;
use crate::regulation::model::{Flow, Step};
use crate::regulation::vocabulary::{Person, Verb};

impl Findings {
    pub(super) fn reachable(&mut self, steps: &[Step]) {
        let find = |at: &str| steps.iter().find(|step| step.at() == at);
        let mut reached = BTreeSet::new();
        let mut queue = VecDeque::from([&steps[0]]);
        while let Some(step) = queue.pop_front() {
            if !reached.insert(step.at()) {
                continue;
            }
            queue.extend(receiver(step, steps));
            match &step.flow {
                Flow::Condition { yes, no } => queue.extend([yes, no].into_iter().filter_map(|at| find(at))),
                Flow::Then(next) => queue.extend(find(next)),
                Flow::Ends(_) | Flow::Aside => {}
            }
        }
        for step in steps.iter().filter(|step| !reached.contains(step.at())) {
            self.error("unreachable-step", Some(step.at()), "no step leads here", "lead to it, or remove it");
        }
    }

    /// That every message sent has a step that receives it at its destination, and that a step hands over to
    /// another system by a message only.
    pub(super) fn received(&mut self, steps: &[Step]) {
        for step in steps {
            if let Some(sends) = &step.said.sends
                && sends.message.answer().is_none()
                && receiver(step, steps).is_none()
            {
                let message =
                    format!("sends `{}` to `{}`, where no step receives it", sends.message, sends.to);
                self.error(
                    "not-received",
                    Some(step.at()),
                    message,
                    "add `receives` to a step of the destination",
                );
            }
            let Flow::Then(next) = &step.flow else { continue };
            let Some(next) = steps.iter().find(|step| step.at() == next) else { continue };
            let handed_over = receiver(step, steps).is_some_and(|receiving| receiving.at() == next.at());
            if next.system != step.system && !handed_over {
                let message =
                    format!("goes on at §{} of `{}` without a message to it", next.at(), next.system);
                self.error("no-message", Some(step.at()), message, "add `sends` here and `receives` there");
            }
        }
    }
}

impl Findings {
    /// That it is certain which step a message comes from: no two steps of different systems send the same one over the
    /// same last hop.
    pub(super) fn certain_senders(&mut self, steps: &[Step]) {
        for (index, step) in steps.iter().enumerate() {
            let Some(own) = &step.said.sends else { continue };
            let last_hops = last_hops(step);
            let as_own = |other: &&Step| {
                let same = |sends: &file::Sends| sends.message == own.message && sends.carries == own.carries;
                other.system != step.system
                    && other.said.sends.as_ref().is_some_and(same)
                    && self::last_hops(other).iter().any(|hop| last_hops.contains(hop))
            };
            if let Some(other) = steps[..index].iter().find(as_own) {
                let message = format!(
                    "sends `{}` as §{} of `{}` does, and the receiver cannot tell which of them it was",
                    own.message,
                    other.at(),
                    other.system
                );
                let hint = "let one of them go another way, or send another message";
                self.error("uncertain-sender", Some(step.at()), message, hint);
            }
        }
    }
}

/// The last two systems of each way of a step's message.
fn last_hops(step: &Step) -> Vec<Vec<System>> {
    step.ways().filter_map(|way| way.last_chunk::<2>().map(|hop| hop.to_vec())).collect()
}

/// The step of the destination that begins with the message of this one.
fn receiver<'a>(step: &Step, steps: &'a [Step]) -> Option<&'a Step> {
    let sends = step.said.sends.as_ref()?;
    steps.iter().find(|other| {
        let received = other.said.receives.as_ref();
        other.system == sends.to
            && received.is_some_and(|r| r.message == sends.message && r.carries == sends.carries)
    })
}

/// Says of each sending step whose signature is on the document that goes out: the person who signs in the step, or
/// else in the nearest step before it, back along edges and messages. A question to a register, and a registration,
/// are the sending system's own.
pub(super) fn name_authors(steps: &mut [Step]) {
    let authors: Vec<Option<Person>> = (0..steps.len()).map(|index| author(steps, index)).collect();
    for (step, author) in steps.iter_mut().zip(authors) {
        step.author = author;
    }
}

fn author(steps: &[Step], index: usize) -> Option<Person> {
    let mut seen = BTreeSet::new();
    let mut queue = VecDeque::from([index]);
    while let Some(at) = queue.pop_front() {
        let step = steps.get(at)?;
        if !seen.insert(at) {
            continue;
        }
        if let Some(person) = step.said.signed_by {
            return Some(person);
        }
        if step.does(Verb::Query) || step.does(Verb::Record) {
            // What comes before is another document's way; what a record sends is the system's own.
            if at == index {
                return None;
            }
        }
        queue.extend((0..steps.len()).filter(|before| leads_to(&steps[*before], step, steps)));
    }
    None
}

/// Whether an edge or a message leads from one step to another.
pub(super) fn leads_to(before: &Step, step: &Step, steps: &[Step]) -> bool {
    let by_edge = match &before.flow {
        Flow::Condition { yes, no } => yes == step.at() || no == step.at(),
        Flow::Then(next) => next == step.at(),
        Flow::Ends(_) | Flow::Aside => false,
    };
    by_edge || receiver(before, steps).is_some_and(|receiving| receiving.at() == step.at())
}
