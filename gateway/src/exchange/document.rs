//! The documents of the regulations: what their authors sign.

use std::collections::BTreeMap;

use certs::Text;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::counter::Counter;
use super::subject::{Organisation, Subject};
use crate::regulation::{Issued, Person};

/// The content of an application document, media type `application/json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Application {
    /// [`super::SPECIMEN`].
    pub specimen: String,
    /// What it belongs to.
    #[serde(flatten)]
    pub subject: Subject,
    /// What the service is called.
    pub service: Text,
    /// When it was made, on the clock of the portal or workstation.
    pub made_at: Timestamp,
    /// The identifier that the certificate is compared with, as [`super::identifier_text`] writes it: that of whoever
    /// signs, or whom they sign for.
    pub declared: String,
    /// Who files it for the recipient; nobody at the portal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<Counter>,
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
    /// [`super::SPECIMEN`].
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
    /// The appendix of the standard that has its form; its form is free without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appendix: Option<u8>,
    /// The signature on paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<ByHand>,
}

/// Who took a document in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// In which capacity.
    pub role: Person,
    /// Surname and initials.
    pub name: String,
}

/// A signature on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByHand {
    /// Who signed.
    pub person: Person,
    /// When, on the world's clock.
    pub signed_at: Timestamp,
    /// Whether a seal was put beside it.
    pub sealed: bool,
}

/// The content of a request to go to somebody's home, media type `application/json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// [`super::SPECIMEN`].
    pub specimen: String,
    /// What it belongs to.
    #[serde(flatten)]
    pub subject: Subject,
    /// When somebody called, on the contact centre's clock.
    pub called_at: Timestamp,
    /// What they said: where they live, when it suits them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Visit {
    /// A visit that somebody called for.
    pub fn of(subject: Subject, called_at: Timestamp, note: Option<String>) -> Self {
        Self { specimen: super::SPECIMEN.to_owned(), subject, called_at, note }
    }
}

/// The content of a registration, media type `application/json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Registration {
    /// [`super::SPECIMEN`].
    pub specimen: String,
    /// What it belongs to.
    #[serde(flatten)]
    pub subject: Subject,
    /// The incoming number.
    pub number: String,
    /// When it was registered, on the registering system's clock.
    pub registered_at: Timestamp,
    /// Who registered it.
    pub organisation: Organisation,
    /// Who took it in, where a person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_by: Option<Accepted>,
    /// Until when it is to be answered, where it is a complaint; the answer is given where it was registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_due: Option<Timestamp>,
}
