//! What a run exercised: only what was reported, crossed or shown on a path that went as documented counts.

use crate::play::{Played, Selected, StepPlayed};
use crate::regulation::{Choice, Fact, FieldType, Flow, Message, Step};
use crate::walk::ShownKind;

use super::carried::{ByClock, ByStep};
use super::sense::Sense;

/// One path that was played.
pub struct Run<'a> {
    /// What was to be played.
    pub selected: &'a Selected<'a>,
    /// What became of it.
    pub played: &'a Played,
}

/// What a path shows of a carrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It came into play; of a check or a fact: it held.
    Holds,
    /// The check failed, or the fact did not hold.
    Fails,
}

impl Run<'_> {
    /// `CHANNEL/PATH`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.played.channel, self.played.path)
    }

    fn is_of(&self, regulation: &str, channel: &str) -> bool {
        self.played.as_documented && self.played.regulation == regulation && self.played.channel == channel
    }

    /// What it shows of a step that carries an item; nothing where it did not come to it.
    pub(super) fn of_step(&self, regulation: &str, by: &ByStep<'_>) -> Option<Outcome> {
        if !self.is_of(regulation, &by.channel.name) {
            return None;
        }
        by.senses.iter().find_map(|sense| self.of_sense(by.step, *sense))
    }

    /// Whether a clock ran to its end.
    pub(super) fn of_clock(&self, regulation: &str, by: &ByClock<'_>) -> Option<Outcome> {
        let ran = self.is_of(regulation, &by.channel.name)
            && self.gone(&by.clock.from).is_some()
            && self.gone(&by.clock.to).is_some();
        ran.then_some(Outcome::Holds)
    }

    /// What the system reported of a step that was gone through.
    fn gone(&self, at: &str) -> Option<&StepPlayed> {
        let step = self.played.steps.iter().find(|step| step.step == at)?;
        let result = step.result.as_deref()?;
        (!matches!(result, "passed by" | "not observable")).then_some(step)
    }

    /// Whether the message of a step beside the way arrived: no path leads through such a step.
    fn noted(&self, step: &Step) -> bool {
        let message = step.said.receives.as_ref().map(|receives| receives.message.word());
        let mut crossings = self.played.crossings.iter();
        step.flow == Flow::Aside
            && crossings.any(|crossed| {
                crossed.accepted
                    && Some(crossed.message.as_str()) == message
                    && crossed.to == step.system.name()
            })
    }

    fn of_sense(&self, step: &Step, sense: Sense) -> Option<Outcome> {
        let choice = self.selected.path.choice(step.at());
        if self.noted(step) {
            return Some(Outcome::Holds);
        }
        if let Sense::Fact(fact) = sense {
            return self.of_fact(step, choice, fact);
        }
        let gone = self.gone(step.at())?;
        let seen = match sense {
            Sense::Check(check) => {
                return match gone.result.as_deref() {
                    Some("yes") => Some(Outcome::Holds),
                    Some("no") => gone.reasons.iter().any(|r| r.check == check).then_some(Outcome::Fails),
                    _ => None,
                };
            }
            Sense::Step | Sense::Fact(_) => true,
            Sense::Number(kind) => self.selected.path.by_bin() == (kind == FieldType::Bin),
            Sense::Document(document) => choice == Some(&Choice::Document(document)),
            Sense::Refusal => {
                let code = step.said.refusal.as_ref().map(|refusal| refusal.code.as_str());
                let mut shown = self.played.outcome.shown.iter();
                shown.any(|shown| shown.kind == ShownKind::Refusal && Some(shown.code.as_str()) == code)
            }
            Sense::Message(message) => self.crossed(message, step.system.name()),
            Sense::System(system) => self.crossed_by(step, system.name()),
        };
        seen.then_some(Outcome::Holds)
    }

    fn of_fact(&self, step: &Step, choice: Option<&Choice>, fact: Fact) -> Option<Outcome> {
        if choice == Some(&Choice::PassedBy(fact)) {
            let played = self.played.steps.iter().find(|played| played.step == step.at())?;
            return (played.result.as_deref() == Some("passed by")).then_some(Outcome::Fails);
        }
        self.gone(step.at())?;
        let holds = match choice {
            Some(Choice::Document(issued)) if !step.guard().contains(&fact) => {
                let issued = step.said.documents.iter().find(|document| document.document == *issued)?;
                issued.when.as_ref().is_some_and(|when| when.all.contains(&fact))
            }
            Some(Choice::OtherWay) => true,
            _ => step.guard().contains(&fact),
        };
        Some(if holds { Outcome::Holds } else { Outcome::Fails })
    }

    /// Whether a message left or entered a system and was taken.
    fn crossed(&self, message: Message, system: &str) -> bool {
        self.played.crossings.iter().any(|crossed| {
            crossed.accepted
                && crossed.message == message.word()
                && (crossed.from == system || crossed.to == system)
        })
    }

    /// Whether the step's message left or entered another system and was taken.
    fn crossed_by(&self, step: &Step, system: &str) -> bool {
        step.said.sends.as_ref().is_some_and(|sends| self.crossed(sends.message, system))
    }
}
