//! Documents and envelopes, certificate validation, problem documents and the signing service.
//!
//! A [`Document`] is signed once by its author and carried unchanged; an [`Envelope`] is signed per hop by the
//! sending system. A [`Validator`] says of a certificate what a regulation asks about it, with reasons. Nothing
//! here stores anything.

mod base64_bytes;
mod beside;
pub mod cms;
mod document;
mod envelope;
pub mod http;
mod problem;
mod random;
pub mod service;
pub mod soap;
mod system;
mod trust;
pub mod tsp;
pub mod validate;
pub mod xml;

#[cfg(test)]
mod testing;

pub use base64_bytes::Bytes;
pub use beside::Beside;
pub use document::{Body, Document, DocumentError, MESSAGE, Verified};
pub use envelope::{Envelope, EnvelopeError, Opened, Property, SealError, Sealed, Sender, SystemIdentity};
pub use problem::{Code, PROBLEM, Problem, UnknownCode, json_fault};
pub use system::{System, UnknownSystem};
pub use trust::{HttpTrust, LARGEST_LIST, NoAnswer, Trust};
pub use validate::{PathDemands, Question, RevocationPolicy, Validator};
