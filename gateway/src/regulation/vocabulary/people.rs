//! Who acts: people, and systems by themselves.

use std::fmt;

use certs::Role;
use serde::{Deserialize, Serialize};
use signer::System;

use super::{UnknownWord, nearest, words};

words! {
    /// A person who acts in a channel.
    Person, "role" {
        /// Көрсетілетін қызметті алушы.
        Recipient = "recipient",
        /// Уәкілетті тұлға: the provider's authorised person, whose key signs results.
        AuthorisedPerson = "provider-authorised-person",
        /// Басшы: the provider's head.
        Head = "provider-head",
        /// Жауапты орындаушы.
        ResponsibleExecutor = "responsible-executor",
        /// Орындаушы: the provider's executor, where the text has no other one.
        Executor = "provider-executor",
        /// Кеңсе қызметкері.
        Clerk = "provider-clerk",
        /// Мемлекеттік корпорация қызметкері: files for the recipient at the counter, with a key of their own.
        CorporationEmployee = "corporation-employee",
        /// Мемлекеттік корпорация басшысы.
        CorporationHead = "corporation-head",
        /// Whoever answers complaints for the body that controls the quality of services.
        QualityOfficer = "quality-officer",
        /// Whoever answers the telephone at the contact centre.
        ContactOperator = "contact-operator",
    }
}

impl Person {
    /// The role a certificate must carry to sign as this person; `None` where no role is asked for.
    pub fn certificate_role(self) -> Option<Role> {
        match self {
            Self::Recipient => None,
            Self::AuthorisedPerson | Self::QualityOfficer => Some(Role::RightToSign),
            Self::Head | Self::CorporationHead => Some(Role::FirstHead),
            Self::ResponsibleExecutor
            | Self::Executor
            | Self::Clerk
            | Self::CorporationEmployee
            | Self::ContactOperator => Some(Role::Employee),
        }
    }

    /// The system of the organisation that they work for, wherever they sit; `None` for the recipient.
    pub fn works_for(self) -> Option<System> {
        match self {
            Self::Recipient => None,
            Self::AuthorisedPerson
            | Self::Head
            | Self::ResponsibleExecutor
            | Self::Executor
            | Self::Clerk => Some(System::Provider),
            Self::CorporationEmployee | Self::CorporationHead => Some(System::Workstation),
            Self::QualityOfficer => Some(System::QualityControl),
            Self::ContactOperator => Some(System::ContactCentre),
        }
    }
}

/// Who acts in a step: a system by itself, or a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum Actor {
    /// A system of the diagram.
    System(System),
    /// A person at a system's desk.
    Person(Person),
}

impl Actor {
    /// The canonical short name.
    pub fn word(self) -> &'static str {
        match self {
            Self::System(system) => system.name(),
            Self::Person(person) => person.word(),
        }
    }
}

impl From<Actor> for &'static str {
    fn from(actor: Actor) -> Self {
        actor.word()
    }
}

impl TryFrom<String> for Actor {
    type Error = UnknownWord;

    fn try_from(word: String) -> Result<Self, UnknownWord> {
        if let Ok(system) = word.parse::<System>() {
            return Ok(Self::System(system));
        }
        word.parse::<Person>().map(Self::Person).map_err(|_| {
            let known: Vec<&'static str> =
                System::ALL.iter().map(|s| s.name()).chain(Person::ALL.iter().map(|p| p.word())).collect();
            UnknownWord { what: "actor", nearest: nearest(&word, &known), word }
        })
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
