//! Messages between systems: receiving, passing on, sending.
//!
//! Every hop is the same. The receiver opens the envelope, makes sure who sent it, that the message comes this
//! way and was not taken before, and inspects the document as its duty says. Then it commits what it learned,
//! *then* it acknowledges. What becomes of the case is a message of its own.

mod ask;
mod catalogue;
mod counter;
mod document;
mod forward;
mod inspect;
mod node;
mod outbox;
mod parcel;
mod payload;
mod query;
mod receive;
mod records;
mod request;
mod service;
mod subject;
mod tracking;
mod wire;

pub use catalogue::{NoSuchService, begins_service, is_service};
pub use counter::{CertifiedBy, Consent, ConsentState, Counter, Representative};
pub use document::{Accepted, Application, ByHand, CopyDigest, Issue, Registration, Visit};
pub(crate) use forward::router as forward_router;
pub(crate) use inspect::signed_by_system;
pub use inspect::{JSON, inspect_answer, inspect_document};
pub use node::{Delivery, Node};
pub use outbox::run as run_outbox;
pub use parcel::Parcel;
pub use payload::{Acknowledgement, Attachment, Payload, Response, service_id};
pub use query::{About, Answer, Found, Query};
pub(crate) use records::kept;
pub use records::{
    EVERY_SERVICE, Origin, POLLED, SYSTEM, SystemRecord, every_service, is_sender_id, record, records,
};
pub(crate) use request::body;
pub use service::{Call, Service, UnknownService};
pub use subject::{Organisation, SPECIMEN, Subject, identifier_text, read_identifier};
pub(crate) use wire::{
    ASYNC_PATHS, MESSAGE, SYNC_PATHS, answer_form, in_soap, is_for_systems, message_type, soap_channel,
    soap_fault,
};
pub use wire::{UnknownWire, Wire, messages_router};

use jiff::Timestamp;
use serde::Serialize;
use signer::{Document, Problem};

use crate::site::Site;

/// SHA-256 in hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(ring::digest::digest(&ring::digest::SHA256, bytes))
}

/// A document of a system's own, signed with its organisation key.
pub fn sign_document<T: Serialize>(site: &Site, content: &T, now: Timestamp) -> Result<Document, Problem> {
    let content = serde_json::to_vec_pretty(content).map_err(Problem::technical)?;
    let identity = site.identity()?;
    Document::sign(content, JSON, &identity.key, &identity.certificate, now).map_err(Problem::technical)
}
