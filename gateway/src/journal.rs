//! What systems write into the journal: crossings of messages.

use jiff::Timestamp;
use registries::store::NewEntry;
use serde::{Deserialize, Serialize};
use serde_json::json;
use signer::{Document, Problem, System};
use uuid::Uuid;

use crate::regulation::Message;

/// A message that left or entered a system of ours. Verdicts rest on these.
///
/// Never holds passwords or keys; attachments are left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Crossing {
    /// The sender's message id; people's deeds have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// The message, or the deed of a person.
    pub message: String,
    /// The system or person it left.
    pub from: String,
    /// The system or person it entered.
    pub to: String,
    /// Seen by the sender or by the receiver.
    pub seen: Seen,
    /// Whether it was taken.
    pub accepted: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// The document inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// Where a crossing was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// By the system it left.
    Leaving,
    /// By the system it entered.
    Entering,
}

impl Crossing {
    /// A person's deed at a system.
    pub fn deed(person: &str, system: System, deed: &str) -> Self {
        Self {
            message_id: None,
            message: deed.to_owned(),
            from: person.to_owned(),
            to: system.name().to_owned(),
            seen: Seen::Entering,
            accepted: true,
            problem: None,
            document: None,
        }
    }

    /// A message between two systems, taken.
    pub fn between(message: Message, from: System, to: System, seen: Seen) -> Self {
        Self {
            message_id: None,
            message: message.word().to_owned(),
            from: from.name().to_owned(),
            to: to.name().to_owned(),
            seen,
            accepted: true,
            problem: None,
            document: None,
        }
    }

    /// A question to a service of a register, or the answer to one, taken. It belongs to no case.
    pub fn of_service(service: &str, id: Uuid, from: System, to: System, seen: Seen) -> Self {
        Self {
            message_id: Some(id.to_string()),
            message: service.to_owned(),
            from: from.name().to_owned(),
            to: to.name().to_owned(),
            seen,
            accepted: true,
            problem: None,
            document: None,
        }
    }

    /// The same, not taken.
    pub fn refused(self, problem: Problem) -> Self {
        Self { accepted: false, problem: Some(problem), ..self }
    }

    /// The journal entry.
    pub fn entry(&self, at: Timestamp, system: System) -> NewEntry {
        NewEntry::crossing(at, system.name(), json!(self))
    }
}
