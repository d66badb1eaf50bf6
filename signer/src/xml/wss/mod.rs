//! WS-Security of SOAP messages: one signature over the Body (WS-Security 1.0, X.509 token profile 1.0). What is
//! emitted is SOAP 1.1; 1.2 is read and verified.

mod message;
mod sign;
mod verify;

use super::{Element, Tree, XmlError};

pub use sign::{sign, sign_as};
pub use verify::{VerifiedMessage, verify};

/// The Body of a message that need not be signed. Who needs signatures takes it from [`verify`].
///
/// # Errors
/// [`XmlError::Message`] for what is no SOAP message with one Body.
pub fn body(message: &Tree) -> Result<Element<'_>, XmlError> {
    message::Message::of(message).map(|parts| parts.body)
}
