//! Circles: steps of one system that lead to each other with nobody between.

use std::collections::BTreeSet;

use super::Findings;
use crate::regulation::model::{Flow, Step};

impl Findings {
    /// That no system goes round and round: on every way back to a step somebody acts, decides or is waited for.
    pub(super) fn circles(&mut self, steps: &[Step]) {
        let hint = "lead on to another step, or let somebody act or decide between";
        let mut said: BTreeSet<&str> = BTreeSet::new();
        for step in steps {
            if step.flow == Flow::Then(step.at().to_owned()) {
                said.insert(step.at());
                self.error("circle", Some(step.at()), "the step leads to itself", hint);
                continue;
            }
            if let Some(condition) = refused_again(step, steps) {
                let message = format!("the refusal leads back to §{condition}, the condition that led to it");
                said.extend([step.at(), condition]);
                self.error("circle", Some(step.at()), message, hint);
                continue;
            }
            let onward = reached(step, steps);
            if said.contains(step.at()) || !onward.contains(step.at()) {
                continue;
            }
            let round =
                |other: &&Step| onward.contains(other.at()) && reached(other, steps).contains(step.at());
            let round: Vec<&str> = steps.iter().filter(round).map(Step::at).collect();
            let message = format!(
                "`{}` goes in circles through §{}: nobody acts, decides or is waited for there",
                step.system,
                round.join(", §")
            );
            said.extend(round);
            self.error("circle", Some(step.at()), message, hint);
        }
    }
}

/// The condition whose `no` leads to this refusal, where the refusal goes back to it at once.
fn refused_again<'a>(step: &Step, steps: &'a [Step]) -> Option<&'a str> {
    let Flow::Then(next) = &step.flow else { return None };
    step.said.refusal.as_ref()?;
    let condition = steps.iter().find(|other| other.at() == next)?;
    matches!(&condition.flow, Flow::Condition { no, .. } if no == step.at()).then(|| condition.at())
}

/// Every step that a system comes to from one of its own by itself; the step too, if it comes round.
fn reached<'a>(from: &Step, steps: &'a [Step]) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut queue = by_itself(from);
    while let Some(at) = queue.pop() {
        let next = steps.iter().find(|step| step.at() == at && step.system == from.system);
        let Some(next) = next.filter(|next| next.said.receives.is_none()) else { continue };
        if reached.insert(next.at()) {
            queue.extend(by_itself(next));
        }
    }
    reached
}

/// Where a step leads while no person acts or decides in it.
fn by_itself(step: &Step) -> Vec<&str> {
    let by_people = step.is_for_people();
    // What is guarded may be passed by, but for a deed that is offered.
    if step.is_offer() || (by_people && step.guard().is_empty()) {
        return Vec::new();
    }
    match &step.flow {
        Flow::Condition { yes, no } if !by_people => vec![yes, no],
        Flow::Condition { yes, .. } => vec![yes],
        Flow::Then(next) => vec![next],
        Flow::Ends(_) | Flow::Aside => Vec::new(),
    }
}
