//! Envelopes as SOAP 1.1 messages of the national channels, SyncChannel v10 and AsyncChannel v10.
//!
//! The Body is signed by the sending system (WS-Security, [`crate::xml::wss`]). An [`Envelope`](crate::Envelope) is
//! the same thing as in its JSON form: only how it is written differs. Written is one form; read is what real clients
//! write: other prefixes, qualified or unqualified fields, moments without an offset, braces around UUIDs.

pub mod asynchronous;
mod data;
mod error;
mod fault;
mod info;
mod message;
mod names;
mod read;
pub mod sync;
mod write;

use certs::Certificate;
use serde_json::Value;
use uuid::Uuid;

pub use data::{DataType, Form, Written};
pub use error::SoapError;
pub use fault::{Channel, Fault};
pub use names::{ASYNC, ASYNC_CLIENT, COMMON, MESSAGES, SYNC};

/// An answer whose signature verified.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its own id.
    pub message_id: Uuid,
    /// The message that it answers.
    pub correlation_id: Option<Uuid>,
    /// What became of it; AsyncChannel's answers have none.
    pub status: Option<Status>,
    /// The gateway's session.
    pub session_id: Option<Uuid>,
    /// What it carries.
    pub data: Option<Value>,
    /// Whose key signed.
    pub certificate: Certificate,
}

/// The outcome of a synchronous message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// One of the codes below, or another platform's word.
    pub code: String,
    /// In words.
    pub message: String,
}

impl Status {
    /// It was processed.
    pub const SUCCESS: &str = "SCSS001";
    /// It was refused for what it asks, or nothing was found.
    pub const BUSINESS: &str = "SCSE001";
    /// There is an error in its data.
    pub const DATA: &str = "SCSE002";
    /// An exception that nobody handled.
    pub const FAILURE: &str = "SCSE003";

    /// Whether it was processed. Some systems write `Success`.
    pub fn is_success(&self) -> bool {
        self.code == Self::SUCCESS || self.code.eq_ignore_ascii_case("success")
    }
}
