//! Questions to registers and their answers.
//!
//! Both are documents: the question signed by the system that asks, the answer by the register, each carried
//! unchanged through the gateway. That nothing was found is an answer.

use certs::Text;
use jiff::Timestamp;
use registries::notary::{PowerOfAttorney, PowerState};
use registries::people::PersonRecord;
use registries::registers::Documents;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::counter::Consent;
use super::subject::{Organisation, Subject};
use crate::regulation::Message;

/// The content of a question, media type `application/json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Query {
    /// [`super::SPECIMEN`].
    pub specimen: String,
    /// What it belongs to.
    #[serde(flatten)]
    pub subject: Subject,
    /// Made by the asking system; the answer names it.
    pub query: Uuid,
    /// When it was asked, on that system's clock.
    pub asked_at: Timestamp,
    /// IIN of the employee who asks, where one is signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee: Option<String>,
    /// The consent to use the data; nobody is told anything without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
    /// Whom or what it is about.
    pub about: About,
}

/// Whom or what a question is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "kebab-case", deny_unknown_fields)]
pub enum About {
    /// Somebody in the people database.
    Person {
        /// Their IIN.
        iin: String,
    },
    /// A power of attorney in the notary registry.
    Power {
        /// Its number.
        number: String,
    },
    /// Somebody's documents in the state's other registers.
    Documents {
        /// Their IIN.
        iin: String,
        /// The IIN of the child whose certificate of birth is meant.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        child: Option<String>,
    },
}

impl About {
    /// The message that asks this.
    pub fn message(&self) -> Message {
        match self {
            Self::Person { .. } => Message::PersonQuery,
            Self::Power { .. } => Message::AttorneyQuery,
            Self::Documents { .. } => Message::DocumentsQuery,
        }
    }
}

/// The content of an answer, media type `application/json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// [`super::SPECIMEN`].
    pub specimen: String,
    /// What it belongs to.
    #[serde(flatten)]
    pub subject: Subject,
    /// The question that it answers.
    pub query: Uuid,
    /// When it was formed, on the register's clock.
    pub made_at: Timestamp,
    /// Who keeps the register.
    pub register: Organisation,
    /// Whom or what it is about, as asked.
    pub about: About,
    /// What the register has; nothing where it has nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Found>,
    /// What a reader must know of the answer's shape.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Text>,
}

/// What a register has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Found {
    /// A person.
    Person(Box<PersonRecord>),
    /// A power of attorney, and how it stands on the register's day.
    Power {
        /// The power.
        power: PowerOfAttorney,
        /// How it stands.
        state: PowerState,
    },
    /// Somebody's documents.
    Documents(Box<Documents>),
}

impl Found {
    /// Whether this is what was asked for.
    pub fn is_about(&self, about: &About) -> bool {
        match (self, about) {
            (Self::Person(person), About::Person { iin }) => person.iin.to_string() == *iin,
            (Self::Power { power, .. }, About::Power { number }) => power.number == *number,
            (Self::Documents(found), About::Documents { iin, child }) => {
                found.iin.to_string() == *iin && found.child.map(|child| child.to_string()) == *child
            }
            _ => false,
        }
    }
}
