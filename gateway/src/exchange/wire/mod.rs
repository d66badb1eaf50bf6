//! How messages are written: the JSON form, and the SOAP of the national channels. What they say is the same.

mod json;
mod soap;

use axum::Router;
use axum::http::StatusCode;
use certs::Certificate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use signer::soap::Form;
use signer::{Envelope, Problem, SystemIdentity};
use std::sync::Arc;
use uuid::Uuid;

use super::node::Node;
use super::records::{Origin, SystemRecord};

/// How messages to a system are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wire {
    /// As docs/messages.md has it.
    #[default]
    Json,
    /// SyncChannel and AsyncChannel, with the message as typed XML.
    Soap,
    /// The same, with the message as a string.
    SoapText,
}

impl Wire {
    /// Every wire.
    pub const ALL: [Self; 3] = [Self::Json, Self::Soap, Self::SoapText];

    /// The word in JSON and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Soap => "soap",
            Self::SoapText => "soap-text",
        }
    }

    /// The form of what a SOAP message carries.
    fn form(self) -> Option<Form> {
        match self {
            Self::Json => None,
            Self::Soap => Some(Form::Typed),
            Self::SoapText => Some(Form::Text),
        }
    }
}

/// Not a known wire.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}`: there are the wires `json`, `soap` and `soap-text`")]
pub struct UnknownWire(pub String);

impl std::str::FromStr for Wire {
    type Err = UnknownWire;

    fn from_str(word: &str) -> Result<Self, UnknownWire> {
        let found = Self::ALL.into_iter().find(|wire| wire.word() == word);
        found.ok_or_else(|| UnknownWire(word.to_owned()))
    }
}

/// A message as it goes out.
pub(super) struct Written {
    pub(super) url: String,
    pub(super) content_type: &'static str,
    /// The SOAPAction, of SOAP messages.
    pub(super) action: Option<&'static str>,
    pub(super) body: String,
}

/// An answer whose signature verified.
pub(super) struct Reply {
    pub(super) id: Uuid,
    pub(super) correlation_id: Option<Uuid>,
    pub(super) certificate: Certificate,
    /// What it carries, if it carries anything.
    pub(super) data: Option<Value>,
    /// Whether it says yes by itself, without carrying an acknowledgement.
    pub(super) is_yes: bool,
}

/// Why an answer is no answer.
pub(super) enum NoReply {
    /// The receiver tells of a problem.
    Problem(Problem),
    /// What came is neither an answer nor a problem.
    Odd(String),
    /// It came as an answer and cannot be used.
    Unusable(Problem),
}

/// Signs and writes an envelope for a system: `base` is where it is reached, `record` says how.
pub(super) fn write(
    envelope: &Envelope,
    identity: &SystemIdentity,
    base: &str,
    record: Option<&SystemRecord>,
) -> Result<Written, Problem> {
    let wire = record.map_or(Wire::Json, |record| record.wire);
    match wire.form() {
        None => json::write(envelope, identity, base),
        Some(form) => {
            // Somebody else's address is the endpoint itself.
            let own = record.and_then(|record| match record.origin {
                Origin::Given | Origin::Put => record.address.clone(),
                Origin::BuiltIn | Origin::Learned => None,
            });
            let url = own.unwrap_or_else(|| format!("{base}{}", soap::SYNC_PATH));
            soap::write(envelope, identity, url, form)
        }
    }
}

/// Reads what came back; `known` are the certificates that a signature may name.
pub(super) fn read(
    wire: Wire,
    status: StatusCode,
    body: &[u8],
    known: &[Certificate],
) -> Result<Reply, NoReply> {
    match wire {
        Wire::Json => json::read(status, body),
        Wire::Soap | Wire::SoapText => soap::read(status, body, known),
    }
}

/// Reads an answer that a problem document holds: a receiver repeats its first one there, in the JSON form.
pub(super) fn sealed_reply(sealed: &str) -> Result<Reply, Problem> {
    json::opened(sealed.as_bytes())
}

/// The addresses that take messages, the same at every system.
pub fn messages_router<N: Node>(node: Arc<N>) -> Router {
    json::router(node.clone()).merge(soap::router(node))
}
