//! Who acts: unnamed, misprinted, or at no channel.

use signer::System;

use super::{note, place, printed};
use crate::regulation::diagnostic::Diagnostic;
use crate::regulation::model::{Channel, Regulation};
use crate::regulation::vocabulary::{Actor, Inferred};

pub(super) fn notes(channel: &Channel) -> Vec<Diagnostic> {
    let of_step = printed(channel).filter_map(|step| {
        let at = place(channel, step.at());
        if let Some(slip) = &step.said.printed_actor {
            let message = format!("printed is that `{slip}` acts; read is `{}`", step.said.actor);
            return Some(note("actor-suspect", at, message, "compare it with the steps around it"));
        }
        step.said.inferred.contains(&Inferred::Actor).then(|| {
            let message = format!("the act does not say who acts; read is `{}`", step.said.actor);
            note("actor-missing", at, message, "ask the act's author, or follow the reading")
        })
    });
    of_step.collect()
}

/// Procedures of the provider's staff in an act whose channels all begin elsewhere.
pub(super) fn without_channel(regulation: &Regulation) -> Vec<Diagnostic> {
    let begins =
        |channel: &Channel| channel.steps.first().is_some_and(|first| first.system == System::Provider);
    if regulation.channels.iter().any(|channel| begins(channel)) {
        return Vec::new();
    }
    let procedures = regulation.said.procedure.iter().filter_map(|(name, procedure)| {
        let step = procedure.steps.iter().find(|step| step.text.is_some())?;
        let Actor::Person(person) = step.actor else { return None };
        (person.works_for() == Some(System::Provider)).then(|| {
            let message = format!("`{person}` takes documents in, and no channel begins at the provider");
            let hint = "the procedure is run through from the channels that there are";
            note("step-without-channel", format!("{name} §{}", step.at), message, hint)
        })
    });
    procedures.collect()
}
