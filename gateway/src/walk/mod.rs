//! Going through the steps of a regulation.
//!
//! There is no orchestrator. Each system takes a case through *its own* steps until the next one is somebody
//! else's or a person has to act; what it learned, what it reports and what it sends is committed together.

mod abandoned;
mod case;
mod deed;
mod messages;
mod showing;
mod turn;
mod view;

use std::future::Future;

use signer::Problem;

use crate::regulation::{Fact, Flow, Kind, Step, Verb};

pub use abandoned::{ABANDONED_AFTER, forget_abandoned};
pub use case::{Case, Formed, Position, Reason, RunningClock, Shown, ShownKind};
pub use deed::{Deed, Done, carry_out};
pub use messages::{hinder, stop, take_up};
pub use turn::Turn;
pub use view::{Awaits, CaseView, ShownClock, ToSign};

/// What a system can do in the steps that are its own.
pub trait Worker: Send + Sync {
    /// What the system keeps of a case, beside what every system keeps.
    type Own: Send + Sync;

    /// Runs the checks of a condition in their printed order.
    ///
    /// # Errors
    /// A problem where something *could not* be checked: nothing is decided and the case stays where it is.
    fn check(
        &self,
        turn: &mut Turn<'_, Self::Own>,
        step: &Step,
    ) -> impl Future<Output = Result<Checked, Problem>> + Send;

    /// Does one thing of a step; deeds of people answer [`Performed::Awaits`] until they are done.
    fn perform(
        &self,
        turn: &mut Turn<'_, Self::Own>,
        step: &Step,
        verb: Verb,
    ) -> impl Future<Output = Result<Performed, Problem>> + Send;

    /// Whether a fact holds for the case, from the system's own data.
    fn fact(
        &self,
        turn: &Turn<'_, Self::Own>,
        fact: Fact,
    ) -> impl Future<Output = Result<bool, Problem>> + Send;
}

/// What came of a condition's checks.
#[derive(Debug)]
pub enum Checked {
    /// Every check was made: those that failed, in printed order.
    Decided(Vec<Reason>),
    /// A person has to decide first.
    Awaits,
}

/// What came of one act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Performed {
    /// It is done.
    Done,
    /// A person has to act first.
    Awaits,
}

/// Takes the case on until a person or another system has to act, or it ends.
pub async fn walk<W: Worker>(worker: &W, turn: &mut Turn<'_, W::Own>) -> Result<(), Problem> {
    let channel = turn.channel.clone();
    let mut budget = channel.steps.len();
    while let Position::At { at, done } = turn.case.position.clone() {
        let step = channel.step(&at).ok_or_else(|| turn.lost(&at))?;
        // Without a person or another system between, no step comes twice.
        budget = budget.checked_sub(1).ok_or_else(|| turn.cannot(step, "the steps go in circles"))?;
        turn.begin_clocks(step)?;
        if !guard_holds(worker, turn, step, done).await? {
            turn.pass_by(step);
            continue;
        }
        turn.begin_limit(step)?;
        if step.said.kind == Kind::Condition {
            match worker.check(turn, step).await? {
                Checked::Awaits => return Ok(()),
                Checked::Decided(failed) => turn.decide(step, failed),
            }
            continue;
        }
        for (index, verb) in step.said.does.iter().enumerate().skip(done) {
            if worker.perform(turn, step, *verb).await? == Performed::Awaits {
                turn.case.position = Position::At { at, done: index };
                return Ok(());
            }
        }
        turn.end_clocks(step);
        turn.report(step, "done", &[]);
        turn.go_on(step);
    }
    Ok(())
}

/// An offer stands until somebody does the next deed; any other guard is a question to the system's data.
async fn guard_holds<W: Worker>(
    worker: &W,
    turn: &Turn<'_, W::Own>,
    step: &Step,
    done: usize,
) -> Result<bool, Problem> {
    if step.is_offer() || done > 0 {
        return Ok(true);
    }
    for fact in step.guard() {
        if !worker.fact(turn, *fact).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

impl<Own> Turn<'_, Own> {
    /// Leads on from a condition.
    fn decide(&mut self, step: &Step, failed: Vec<Reason>) {
        let Flow::Condition { yes, no } = &step.flow else { return };
        let next = if failed.is_empty() { yes.clone() } else { no.clone() };
        self.end_clocks(step);
        self.report(step, if failed.is_empty() { "yes" } else { "no" }, &failed);
        self.case.reasons = failed;
        self.move_to(step, &next);
    }

    /// Leads on past a step whose guard does not hold: past a condition as if it held, there being nothing to check.
    fn pass_by(&mut self, step: &Step) {
        match &step.flow {
            Flow::Condition { yes, .. } => self.move_to(step, &yes.clone()),
            _ => self.go_on(step),
        }
    }

    /// Leads on from a step that is done.
    fn go_on(&mut self, step: &Step) {
        match &step.flow {
            Flow::Then(next) => self.move_to(step, &next.clone()),
            Flow::Ends(end) => {
                self.case.position = Position::Ended { at: step.at().to_owned(), end: *end };
            }
            // What came first by a message beside the way has nothing more to do here.
            Flow::Aside => self.case.position = Position::Elsewhere { after: step.at().to_owned() },
            Flow::Condition { .. } => {}
        }
    }

    fn move_to(&mut self, from: &Step, next: &str) {
        // A step that begins with a message waits for it, also at the system that stands before it.
        let ours = |step: &Step| step.system == from.system && step.said.receives.is_none();
        let ours = self.channel.step(next).is_some_and(ours);
        self.case.position = if ours {
            Position::At { at: next.to_owned(), done: 0 }
        } else {
            Position::Elsewhere { after: from.at().to_owned() }
        };
    }
}
