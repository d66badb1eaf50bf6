//! Slips inside of one step: what is said twice, or in the wrong place.

use signer::System;

use super::Findings;
use crate::regulation::file;
use crate::regulation::vocabulary::{Actor, End, Kind, Verb};

impl Findings {
    /// That a step says each thing once, and in the kind of step that it belongs to.
    pub(super) fn slips(&mut self, said: &file::Step) {
        let at = Some(said.at.as_str());
        if let Some(verb) = twice(&said.does) {
            self.error("verb-twice", at, format!("`does` names `{verb}` twice"), "name it once");
        }
        if let Some(check) = twice(&said.checks) {
            self.error("check-twice", at, format!("`checks` names `{check}` twice"), "name it once");
        }
        let condition = said.kind == Kind::Condition;
        if !condition && !said.checks.is_empty() && said.runs.is_none() {
            let hint = "make it kind = \"condition\" with `yes` and `no`, or remove `checks`";
            self.error("check-without-condition", at, "`checks` in a step that is no condition", hint);
        }
        if condition && !said.does.is_empty() {
            let hint = "put what is done into a step before the condition, or behind it";
            self.error("condition-does", at, "a condition decides and does nothing: `does`", hint);
        }
        if said.does.contains(&Verb::Refuse) && said.ends == Some(End::Result) {
            let hint = "write ends = \"refusal\", or lead on with `then`";
            self.error("refusal-as-result", at, "the step refuses, and ends = \"result\"", hint);
        }
        if let Some(printed) =
            said.printed_actor.as_ref().filter(|printed| printed.trim() == said.actor.word())
        {
            let hint = "remove `printed-actor`: it stands where the act names somebody else by a slip";
            self.error("printed-actor", at, format!("`printed-actor` is the actor, `{printed}`"), hint);
        }
        self.ways(said);
    }

    /// That a message comes by each system once.
    fn ways(&mut self, said: &file::Step) {
        let Some(sends) = &said.sends else { return };
        let own = match said.actor {
            Actor::System(system) => Some(system),
            Actor::Person(_) => said.with,
        };
        let other = sends.otherwise.as_ref().map(|other| &other.through);
        for through in [Some(&sends.through), other].into_iter().flatten() {
            let way: Vec<System> = own.into_iter().chain(through.iter().copied()).chain([sends.to]).collect();
            if let Some(system) = twice(&way) {
                let message = format!("`{}` comes by `{system}` twice", sends.message);
                let hint = "name in `through` each system once, and neither the sender nor the destination";
                self.error("system-twice-on-way", Some(&said.at), message, hint);
            }
        }
    }
}

/// The first that stands in a list a second time.
fn twice<T: PartialEq>(all: &[T]) -> Option<&T> {
    all.iter()
        .enumerate()
        .find(|(index, one)| all.iter().take(*index).any(|earlier| earlier == *one))
        .map(|(_, one)| one)
}
