//! What the envelopes of the regulations carry.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use signer::{Bytes, Document};
use uuid::Uuid;

use super::subject::Subject;
use crate::regulation::{End, Message};

/// The data of an envelope. Which step it belongs to is said by the regulation, not by the message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Payload {
    /// Which message.
    pub message: Message,
    /// The case.
    pub case: Uuid,
    /// The regulation's id.
    pub regulation: String,
    /// The channel's name.
    pub channel: String,
    /// For an outcome: refusal or result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carries: Option<End>,
    /// The signed document, carried unchanged.
    pub document: Document,
    /// Copies beside it; the document holds their digests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

impl Payload {
    /// A message of a case, with its document alone.
    pub fn of(subject: Subject, message: Message, document: Document) -> Self {
        let Subject { case, regulation, channel } = subject;
        Self { message, case, regulation, channel, carries: None, document, attachments: Vec::new() }
    }

    /// What the message says that it belongs to.
    pub fn subject(&self) -> Subject {
        Subject { case: self.case, regulation: self.regulation.clone(), channel: self.channel.clone() }
    }
}

/// An electronic copy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Attachment {
    /// The name of the copy in the regulation's form.
    pub name: String,
    /// IANA media type.
    pub media_type: String,
    /// The copy itself.
    pub content: Bytes,
}

/// The answer to a message: it is safe here, whatever happens next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Acknowledgement {
    /// The message that was accepted.
    pub message_id: Uuid,
    /// When it was durable, on the receiver's clock.
    pub accepted_at: Timestamp,
    /// The receiver.
    pub accepted_by: String,
}

/// What answers a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Response {
    /// It is safe.
    Acknowledgement(Acknowledgement),
    /// A register's signed answer to a query.
    Answer(Document),
}

/// The service id by which the gateway routes a message: `regulation/channel/message`.
pub fn service_id(regulation: &str, channel: &str, message: Message) -> String {
    format!("{regulation}/{channel}/{message}")
}
