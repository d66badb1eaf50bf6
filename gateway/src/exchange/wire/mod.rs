//! How messages are written: the JSON form, and the SOAP of the national channels. What they say is the same.

mod asynchronous;
mod json;
mod soap;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use certs::Certificate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use signer::soap::asynchronous::operation;
use signer::soap::{Channel, Form};
use signer::{Envelope, Problem, SystemIdentity};
use uuid::Uuid;

use super::node::Node;
use super::parcel::{Notice, Says};
use super::records::{Origin, SystemRecord};
use crate::contracts;
use crate::faults;
use crate::regulation::Mode;

pub(crate) use asynchronous::{ASYNC_PATHS, message_type};
pub(super) use json::sealed_answer;
pub(crate) use soap::{MESSAGE, SYNC_PATHS, in_soap, soap_fault};

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

/// Where a system is reached, and how it is written to.
pub(super) struct Door<'a> {
    /// Where it is reached.
    pub(super) base: &'a str,
    /// What is known of it.
    pub(super) record: Option<&'a SystemRecord>,
}

impl Door<'_> {
    pub(super) fn wire(&self) -> Wire {
        self.record.map_or(Wire::Json, |record| record.wire)
    }

    /// The address of a channel: somebody else's address is the endpoint itself.
    fn channel(&self, path: &str) -> String {
        let own = self.record.and_then(|record| match record.origin {
            Origin::Given | Origin::Put => record.address.clone(),
            Origin::BuiltIn | Origin::Learned => None,
        });
        own.unwrap_or_else(|| format!("{}{path}", self.base))
    }
}

/// Signs and writes an envelope for a system.
pub(super) fn write(
    envelope: &Envelope,
    mode: Mode,
    identity: &SystemIdentity,
    door: &Door<'_>,
) -> Result<Written, Problem> {
    match (door.wire().form(), mode) {
        (None, _) => json::write(envelope, identity, door.base),
        (Some(form), Mode::Sync) => soap::write(envelope, identity, door.channel(SYNC_PATHS[0]), form),
        (Some(form), Mode::Async) => {
            asynchronous::write(envelope, identity, door.channel(ASYNC_PATHS[0]), form)
        }
    }
}

/// What was signed by somebody else than this code: a SOAP message for a channel, or a sealed envelope.
pub(super) fn write_signed(body: String, channel: Option<Mode>, door: &Door<'_>) -> Written {
    let (url, content_type) = match channel {
        None => (format!("{}{}", door.base, json::PATH), "application/json"),
        Some(Mode::Sync) => (door.channel(SYNC_PATHS[0]), soap::XML),
        Some(Mode::Async) => (door.channel(ASYNC_PATHS[0]), soap::XML),
    };
    Written { url, content_type, action: channel.map(|_| ""), body }
}

/// Signs and writes a word on an asynchronous message.
pub(super) fn write_notice(
    notice: &Notice,
    identity: &SystemIdentity,
    door: &Door<'_>,
) -> Result<Written, Problem> {
    asynchronous::write_notice(notice, identity, door.channel(ASYNC_PATHS[0]))
}

/// Reads what came back to a word on an asynchronous message.
pub(super) fn read_notice(
    notice: &Notice,
    status: StatusCode,
    body: &[u8],
    known: &[Certificate],
) -> Result<Reply, NoReply> {
    let operation = match notice.says {
        Says::Delivery(_) => operation::NOTIFY,
        Says::Changed(_) => operation::CHANGED,
    };
    asynchronous::read(operation, status, body, known)
}

/// Reads what came back; `known` are the certificates that a signature may name.
pub(super) fn read(
    wire: Wire,
    mode: Mode,
    status: StatusCode,
    body: &[u8],
    known: &[Certificate],
) -> Result<Reply, NoReply> {
    match (wire, mode) {
        (Wire::Json, _) => json::read(status, body),
        (_, Mode::Sync) => soap::read(status, body, known),
        (_, Mode::Async) => asynchronous::read(operation::SEND, status, body, known),
    }
}

/// Reads an answer that a problem document holds: a receiver repeats its first one there, in the JSON form.
pub(super) fn sealed_reply(sealed: &str) -> Result<Reply, Problem> {
    json::opened(sealed.as_bytes())
}

/// The channel of SOAP that an address below a system's is of.
pub(crate) fn soap_channel(path: &str) -> Option<Channel> {
    if SYNC_PATHS.contains(&path) {
        return Some(Channel::Sync);
    }
    ASYNC_PATHS.contains(&path).then_some(Channel::Async(operation::SEND))
}

/// Whether systems post to this address of a system, and nobody else: in JSON, or over a channel of SOAP.
pub(crate) fn is_for_systems(path: &str) -> bool {
    path == json::PATH || soap_channel(path).is_some()
}

/// How what is posted to an address of a system is answered, where an envelope answers it.
pub(crate) fn answer_form(path: &str, content: &[u8]) -> Option<faults::Form> {
    match soap_channel(path) {
        None => (path == json::PATH).then_some(faults::Form::Json),
        Some(Channel::Sync) => Some(faults::Form::Sync),
        Some(Channel::Async(_)) => Some(asynchronous::answer_form(content)),
    }
}

/// The addresses that take messages, the same at every system.
pub fn messages_router<N: Node>(node: Arc<N>) -> Router {
    let described = json::router(node.clone()).merge(contracts::channels(&node));
    described.merge(soap::router(node.clone())).merge(asynchronous::router(node))
}
