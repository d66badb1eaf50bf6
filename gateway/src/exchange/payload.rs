//! What the envelopes of the regulations carry.

use std::collections::BTreeMap;

use certs::Text;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use signer::{Bytes, Document};
use uuid::Uuid;

use crate::regulation::{End, Issued, Message};

/// What everything printable carries: it is a specimen, not a document.
pub const SPECIMEN: &str = "ҮЛГІ / ОБРАЗЕЦ / SPECIMEN – TEST";

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

/// What a document belongs to; its author signs it with the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The case.
    pub case: Uuid,
    /// The regulation's id.
    pub regulation: String,
    /// The channel's name.
    pub channel: String,
}

/// The content of an application document, media type `application/json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Application {
    /// [`SPECIMEN`].
    pub specimen: String,
    /// What it belongs to.
    #[serde(flatten)]
    pub subject: Subject,
    /// What the service is called.
    pub service: Text,
    /// When it was made, on the portal's clock.
    pub made_at: Timestamp,
    /// The identifier that the certificate is compared with.
    pub declared: String,
    /// The fields of the form.
    pub fields: BTreeMap<String, String>,
    /// The digests of the copies.
    pub copies: Vec<CopyDigest>,
}

/// Binds a copy to the application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyDigest {
    /// Name of the copy.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// The content of what a provider issues, media type `application/json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Issue {
    /// [`SPECIMEN`].
    pub specimen: String,
    /// Which document.
    pub document: Issued,
    /// Its title.
    pub title: Text,
    /// What it belongs to.
    #[serde(flatten)]
    pub subject: Subject,
    /// When it was formed, on the provider's clock.
    pub made_at: Timestamp,
    /// Who issues it.
    pub provider: Organisation,
    /// A refusal's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// A refusal's message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Text>,
    /// What staff found, in their words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grounds: Option<String>,
    /// A notice's number in the queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue_number: Option<u64>,
    /// A referral's preschool, or the one whose queue it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
}

/// An organisation as documents name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// Its BIN.
    pub bin: String,
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

/// The service id by which the gateway routes a message: `regulation/channel/message`.
pub fn service_id(regulation: &str, channel: &str, message: Message) -> String {
    format!("{regulation}/{channel}/{message}")
}
