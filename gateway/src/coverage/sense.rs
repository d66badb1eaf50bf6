//! What a word is in a step: the same one may name a message there and a document elsewhere.

use signer::System;

use crate::regulation::{Carrier, Channel, CheckWord, Fact, FieldType, Issued, Message, Person, Step, Verb};

/// What a word is in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// The step itself, or something that is so whenever it is gone through: who acts and where, a verb, a limit, a
    /// key's carrier, an entry of the form.
    Step,
    /// The kind of number that a recipient declares in it.
    Number(FieldType),
    /// One of its checks.
    Check(CheckWord),
    /// A fact that it, a document or the other way is guarded by.
    Fact(Fact),
    /// A document that it may issue.
    Document(Issued),
    /// Its refusal.
    Refusal,
    /// The message that it sends or receives.
    Message(Message),
    /// Another system, that its message goes to or through.
    System(System),
}

/// Everything that a word is in a step; nothing where the step does not have it.
pub(super) fn senses(channel: &Channel, step: &Step, word: &str) -> Vec<Sense> {
    let said = &step.said;
    let mut senses = Vec::new();
    if is_of_the_step(step, word) || is_of_the_form(channel, step, word) {
        senses.push(Sense::Step);
    }
    senses.extend(number(channel, step, word).map(Sense::Number));
    senses
        .extend(step.checks().iter().filter(|check| check.word() == word).map(|check| Sense::Check(*check)));
    senses.extend(facts(step).find(|fact| fact.word() == word).map(Sense::Fact));
    let mut documents = said.documents.iter().map(|document| document.document);
    senses.extend(documents.find(|document| document.word() == word).map(Sense::Document));
    if said.refusal.as_ref().is_some_and(|refusal| refusal.code == word) {
        senses.push(Sense::Refusal);
    }
    let sent = said.sends.as_ref().map(|sends| sends.message);
    let mut messages = sent.into_iter().chain(said.receives.as_ref().map(|receives| receives.message));
    senses.extend(messages.find(|message| message.word() == word).map(Sense::Message));
    let mut others = step.systems().into_iter().filter(|system| *system != step.system);
    senses.extend(others.find(|system| system.name() == word).map(Sense::System));
    senses
}

/// Who acts, where, doing what, with whose key, held by what, and how long that may take.
fn is_of_the_step(step: &Step, word: &str) -> bool {
    let said = &step.said;
    let is = |known: Option<&str>| known == Some(word);
    said.actor.word() == word
        || step.system.name() == word
        || said.does.iter().any(|verb| verb.word() == word)
        || is(said.signed_by.map(Person::word))
        || is(said.carrier.map(Carrier::word))
        || is(said.within.map(|limit| limit.to_string()).as_deref())
}

/// A field that is filled in, or a document that is presented, scanned or attached: the human leaves none out.
fn is_of_the_form(channel: &Channel, step: &Step, word: &str) -> bool {
    let form = &channel.form;
    let copies = [Verb::Present, Verb::Scan, Verb::AttachCopies].into_iter().any(|verb| step.does(verb));
    (step.does(Verb::FillForm) && form.fields.iter().any(|field| field.name == word))
        || (copies && form.copies.iter().any(|copy| copy.name == word))
}

/// The kind of number, where a recipient who may be known by it registers or fills in the form.
fn number(channel: &Channel, step: &Step, word: &str) -> Option<FieldType> {
    let kind = [FieldType::Iin, FieldType::Bin].into_iter().find(|kind| kind.word() == word)?;
    let declares = step.does(Verb::Register) || step.does(Verb::FillForm);
    (declares && channel.knows_recipients_by(kind)).then_some(kind)
}

/// Every fact that something in the step is guarded by.
fn facts(step: &Step) -> impl Iterator<Item = Fact> + '_ {
    let documents = step.said.documents.iter().filter_map(|document| document.when.as_ref());
    let documents = documents.flat_map(|when| &when.all);
    step.guard().iter().chain(documents).chain(step.other_way_when().unwrap_or_default()).copied()
}
