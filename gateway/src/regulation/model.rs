//! A checked regulation: what [`load`](super::load()) gives and the systems run.

use std::collections::BTreeMap;
use std::sync::Arc;

use certs::{Bin, CheckDigit, Identifier, Iin, Text};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use signer::System;

use super::file;
use super::vocabulary::{Actor, CheckWord, End, Fact, FieldType, Inferred, Message, Person, Verb};
use crate::calendar::Limit;

/// A regulation whose every step is reachable and leads somewhere.
#[derive(Debug, Clone)]
pub struct Regulation {
    /// The slug.
    pub id: String,
    /// The time zone its clocks run in.
    pub time_zone: TimeZone,
    /// The file as written: title, act, form.
    pub said: file::File,
    /// The channels in the order of their names.
    pub channels: Vec<Arc<Channel>>,
}

/// One channel of a service.
#[derive(Debug, Clone)]
pub struct Channel {
    /// Its name, as `portal`.
    pub name: String,
    /// The paragraph that describes it.
    pub paragraph: String,
    /// What it is called.
    pub title: Text,
    /// The lanes of the diagram.
    pub lanes: Vec<Actor>,
    /// The diagram that the act refers to.
    pub diagram: Option<String>,
    /// The form that is filled in.
    pub form: file::Form,
    /// How long parts of it may take.
    pub clocks: Vec<file::Clock>,
    /// The steps in the order they are gone through; never empty, the first is where a case begins.
    pub steps: Vec<Step>,
}

/// One step, checked.
#[derive(Debug, Clone)]
pub struct Step {
    /// The system that runs it: the actor, or the one a person acts at.
    pub system: System,
    /// Where it leads.
    pub flow: Flow,
    /// Who signed the document that its message carries; `None` where the sending system signs for itself.
    pub author: Option<Person>,
    /// The step as written.
    pub said: file::Step,
}

/// Where a step leads. The strings are paragraphs that exist in the channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flow {
    /// A condition.
    Condition {
        /// When every check holds.
        yes: String,
        /// When one does not.
        no: String,
    },
    /// On to the next step.
    Then(String),
    /// The channel ends here.
    Ends(End),
    /// Nowhere: what came is noted, and the case goes on where it stood.
    Aside,
}

/// One crossing of a message between two systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hop {
    /// The system it leaves.
    pub from: System,
    /// The system it enters.
    pub to: System,
    /// What crosses.
    pub message: Message,
}

impl Regulation {
    /// What became of the act, and whether a moment lies outside of its life.
    pub fn status(&self, now: Timestamp) -> Text {
        let Some(repealed) = &self.said.act.repealed else {
            return Text::new("күйі белгісіз", "статус неизвестен", "status unknown");
        };
        let (number, on) = (&repealed.number, repealed.on.to_string());
        let today = now.to_zoned(self.time_zone.clone()).date().to_string();
        let begun = self.said.act.edition.as_ref().or(self.said.act.issued.as_ref());
        let over = today >= on || begun.is_some_and(|begun| today < begun.on.to_string());
        let (kk, ru, en) = if over {
            (
                "; ортаның сағаты оның қолданыс мерзімінен тыс",
                "; часы среды вне срока его действия",
                "; the world's clock stands outside of its life",
            )
        } else {
            ("", "", "")
        };
        Text::new(
            format!("күшін жойған: {on} № {number} қаулымен{kk}"),
            format!("утратил силу постановлением № {number} от {on}{ru}"),
            format!("repealed by № {number} of {on}{en}"),
        )
    }

    /// A channel by name.
    pub fn channel(&self, name: &str) -> Option<&Arc<Channel>> {
        self.channels.iter().find(|channel| channel.name == name)
    }
}

impl Channel {
    /// The form fields whose identifier is compared with the certificate's: one, or one of each kind.
    pub fn identity_fields(&self) -> impl Iterator<Item = &file::Field> {
        self.form.fields.iter().filter(|field| field.declares_identity)
    }

    /// Whether its recipients may be known by this kind of number.
    pub fn knows_recipients_by(&self, kind: FieldType) -> bool {
        self.identity_fields().any(|field| field.kind == kind)
    }

    /// The identifier that filled-in fields declare.
    pub fn declared(&self, filled: &BTreeMap<String, String>) -> Option<Identifier> {
        self.identity_fields().find_map(|field| {
            let text = filled.get(&field.name)?;
            match field.kind {
                FieldType::Bin => Bin::parse(text, CheckDigit::AnyDigit).ok().map(Identifier::Bin),
                _ => Iin::parse(text, CheckDigit::AnyDigit).ok().map(Identifier::Iin),
            }
        })
    }

    /// How long a step may take together with the others that its paragraph is read as.
    pub fn limit_of(&self, step: &Step) -> Option<Limit> {
        let of_paragraph = |other: &&Step| other.paragraph() == step.paragraph();
        let limits = self.steps.iter().filter(of_paragraph).find_map(|other| other.said.within);
        step.said.within.or(limits)
    }

    /// The step at a paragraph.
    pub fn step(&self, at: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.at() == at)
    }

    /// Every way of every message that can cross: for each sending step, the systems in order.
    pub fn ways(&self) -> impl Iterator<Item = (&Step, Message, Vec<System>)> {
        self.steps.iter().flat_map(|step| {
            let message = step.said.sends.as_ref().map(|sends| sends.message);
            message.into_iter().flat_map(move |message| step.ways().map(move |way| (step, message, way)))
        })
    }

    /// Whether one of its steps does this.
    pub fn does(&self, verb: Verb) -> bool {
        self.steps.iter().any(|step| step.does(verb))
    }

    /// Whether one of its conditions checks this.
    pub fn checks(&self, check: CheckWord) -> bool {
        self.steps.iter().any(|step| step.checks().contains(&check))
    }

    /// Where `message`, received by `me` from `from`, goes on to: `None` when the pair is not on any way of
    /// the channel, `Some(None)` when `me` is its destination.
    pub fn next_hop(&self, message: Message, from: System, me: System) -> Option<Option<System>> {
        self.ways().filter(|(_, sent, _)| *sent == message).find_map(|(_, _, way)| {
            let at = way.windows(2).position(|pair| pair == [from, me])?;
            Some(way.get(at + 2).copied())
        })
    }

    /// The sending step of a message on whose way the hop lies.
    pub fn sender_of(
        &self,
        message: Message,
        carries: Option<End>,
        from: System,
        to: System,
    ) -> Option<&Step> {
        let sends = |step: &Step| {
            step.said.sends.as_ref().is_some_and(|s| s.message == message && s.carries == carries)
        };
        let passes = |way: &Vec<System>| way.windows(2).any(|pair| pair == [from, to]);
        self.steps.iter().find(|step| sends(step) && step.ways().any(|way| passes(&way)))
    }

    /// The step of `system` that begins with this message.
    pub fn receiver(&self, system: System, message: Message, carries: Option<End>) -> Option<&Step> {
        self.steps.iter().find(|step| {
            step.system == system
                && step
                    .said
                    .receives
                    .as_ref()
                    .is_some_and(|receives| receives.message == message && receives.carries == carries)
        })
    }
}

impl Step {
    /// The paragraph, the step's key inside its channel.
    pub fn at(&self) -> &str {
        &self.said.at
    }

    /// The paragraph as cited: without the letter that tells two steps of one paragraph apart.
    pub fn paragraph(&self) -> &str {
        self.said.at.trim_end_matches(|c: char| c.is_ascii_lowercase())
    }

    /// The checks in printed order.
    pub fn checks(&self) -> &[CheckWord] {
        &self.said.checks
    }

    /// The checks that people decide, in printed order.
    pub fn decided(&self) -> Vec<CheckWord> {
        self.checks().iter().copied().filter(|check| check.is_decided()).collect()
    }

    /// Who acts, if it is a person.
    pub fn person(&self) -> Option<Person> {
        match self.said.actor {
            Actor::Person(person) => Some(person),
            Actor::System(_) => None,
        }
    }

    /// Whether it does this.
    pub fn does(&self, verb: Verb) -> bool {
        self.said.does.contains(&verb)
    }

    /// The facts it is guarded by; empty without a guard.
    pub fn guard(&self) -> &[Fact] {
        self.said.when.as_ref().map_or(&[], |when| &when.all)
    }

    /// Whether a case can wait here for a person: to do something, to decide, to sign.
    pub fn is_for_people(&self) -> bool {
        self.said.does.iter().any(|verb| verb.is_deed()) || !self.decided().is_empty()
    }

    /// Whether it is an offer: a person's deed under a guard that only they know of. Who does the next deed passes it
    /// by. Any other guard is a question to the system's data.
    pub fn is_offer(&self) -> bool {
        let guard = self.guard();
        !guard.is_empty()
            && guard.iter().all(|fact| fact.is_known_by_whoever_comes())
            && self.said.does.first().is_some_and(|verb| verb.is_deed())
    }

    /// Whether the text does not say this of the step.
    pub fn is_inferred(&self, what: Inferred) -> bool {
        self.said.inferred.contains(&what) || self.said.inferred.contains(&Inferred::Step)
    }

    /// The systems its message goes by, sender and destination included: the usual way, then the other one. Without
    /// a message there is none.
    pub fn ways(&self) -> impl Iterator<Item = Vec<System>> {
        let sends = self.said.sends.iter();
        sends.flat_map(|sends| {
            let other = sends.otherwise.as_ref().map(|other| &other.through);
            [Some(&sends.through), other].into_iter().flatten().map(|through| {
                let mut way = vec![self.system];
                way.extend(through);
                way.push(sends.to);
                way
            })
        })
    }

    /// Every system that its message may go by, itself included.
    pub fn systems(&self) -> Vec<System> {
        let mut systems = vec![self.system];
        for system in self.ways().flatten() {
            if !systems.contains(&system) {
                systems.push(system);
            }
        }
        systems
    }

    /// The facts on which its message goes the other way; `None` without another way.
    pub fn other_way_when(&self) -> Option<&[Fact]> {
        self.said.sends.as_ref()?.otherwise.as_ref().map(|other| other.when.all.as_slice())
    }

    /// The crossings of its message in order, by the usual way or the other one; those of an answer follow, back the
    /// same way.
    pub fn hops(&self, otherwise: bool) -> Vec<Hop> {
        let Some(sends) = &self.said.sends else { return Vec::new() };
        let Some(mut way) = self.ways().nth(usize::from(otherwise)) else { return Vec::new() };
        let hop = |message| move |pair: &[System]| Hop { from: pair[0], to: pair[1], message };
        let mut hops: Vec<Hop> = way.windows(2).map(hop(sends.message)).collect();
        if let Some(answer) = sends.message.answer() {
            way.reverse();
            hops.extend(way.windows(2).map(hop(answer)));
        }
        hops
    }
}
