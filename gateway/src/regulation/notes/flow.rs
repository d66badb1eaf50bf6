//! What the order of the steps leaves open.

use super::{after, is_printed, next, note, place, printed};
use crate::regulation::diagnostic::Diagnostic;
use crate::regulation::model::{Channel, Flow, Step};
use crate::regulation::vocabulary::{CheckWord, Inferred, Issued, Kind, Message, Person, Verb};

pub(super) fn notes(channel: &Channel) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = printed(channel).flat_map(|step| of_step(channel, step)).collect();
    found.extend(merged(channel));
    found.extend(no_document_check(channel));
    found
}

fn of_step(channel: &Channel, step: &Step) -> Vec<Diagnostic> {
    let at = || place(channel, step.at());
    let mut found = Vec::new();
    if let Flow::Condition { no, .. } = &step.flow
        && refuses_nowhere(channel, no)
    {
        let message = "the act checks this and does not say what follows when it fails";
        let hint = "the refusal is inferred: ask the act's author which message is meant";
        found.push(note("condition-without-refusal", at(), message, hint));
    }
    if let Some(other) = step.said.sends.as_ref().and_then(|sends| sends.otherwise.as_ref()) {
        let through: Vec<&str> = other.through.iter().map(|system| system.name()).collect();
        let message =
            format!("the message has another way, through {}; the act does not say when", through.join(", "));
        let hint = "both are played; the facts of `or` are a reading";
        found.push(note("alternative-route", at(), message, hint));
    }
    if step.said.inferred.contains(&Inferred::DoesSign) {
        let message = "something is signed here, and no step of the act is the signing";
        found.push(note("implicit-signing", at(), message, "signed before it is sent: a reading"));
    }
    if step.does(Verb::SignIn) && !channel.checks(CheckWord::LoginAuthentic) {
        let message = "who signs in is not checked anywhere in the channel";
        let hint = "the act has no condition for it, and none is played";
        found.push(note("unchecked-login", at(), message, hint));
    }
    let receipt = |step: &Step| {
        step.said.documents.iter().any(|document| document.document == Issued::AcceptanceRefusalReceipt)
    };
    if step.does(Verb::Refuse) && receipt(step) && sent_before(channel, step) {
        let message = "acceptance is refused after the application has been signed and sent";
        let hint = "read as the refusal that came back, given with the receipt";
        found.push(note("late-refusal", at(), message, hint));
    }
    found
}

/// Whether neither the step at `no` nor one that it goes on to before the end is in the act.
fn refuses_nowhere(channel: &Channel, no: &str) -> bool {
    let mut step = channel.step(no);
    let mut left = channel.steps.len();
    while let Some(current) = step
        && left > 0
    {
        if is_printed(current) {
            return false;
        }
        step = next(channel, current).into_iter().next();
        left -= 1;
    }
    true
}

fn sent_before(channel: &Channel, step: &Step) -> bool {
    let sends = |step: &&Step| step.said.sends.as_ref().is_some_and(|sends| sends.message.is_application());
    channel.steps.iter().filter(sends).any(|sent| after(channel, sent).iter().any(|s| s.at() == step.at()))
}

/// Conditions that stand in one paragraph with another step.
fn merged(channel: &Channel) -> Vec<Diagnostic> {
    let conditions = printed(channel).filter(|step| step.said.kind == Kind::Condition);
    let merged = conditions.filter_map(|condition| {
        let other = printed(channel)
            .find(|other| other.at() != condition.at() && other.paragraph() == condition.paragraph())?;
        let message = format!(
            "the paragraph holds a condition and another step (§{}): {}",
            other.at(),
            other.said.what.en
        );
        let hint = "they are two steps of the file, told apart by a letter";
        Some(note("merged-condition", place(channel, condition.paragraph()), message, hint))
    });
    merged.collect()
}

/// An application that a recipient files, and that nobody looks at before the document is made.
fn no_document_check(channel: &Channel) -> Option<Diagnostic> {
    let filed =
        channel.steps.iter().any(|step| step.does(Verb::SignIn) && step.person() == Some(Person::Recipient));
    let sent = channel.ways().any(|(_, message, _)| message == Message::Application);
    let looked_at = [CheckWord::DocumentsConform, CheckWord::GroundsExist, CheckWord::NoGroundsToRefuse];
    let issuing = channel.steps.iter().find(|step| step.does(Verb::Issue))?;
    let unchecked = filed && sent && !looked_at.into_iter().any(|check| channel.checks(check));
    unchecked.then(|| {
        let message = "the document is made though no condition looks at what was filed";
        let hint = "the act has no refusal of documents here, and none is played";
        note("no-document-check", place(channel, issuing.at()), message, hint)
    })
}
