//! XML signatures: enveloped ones of documents (XML-DSig) and those of SOAP bodies (WS-Security).
//!
//! There is one parser, of ours; why, is said in `docs/signatures.md`. [`verify`] and [`wss::verify`] give
//! out the element that was digested, in the tree that was digested, without what the digest left out: callers never
//! parse again. Verification takes what real clients write; what is emitted has one form.

mod algorithms;
mod c14n;
mod error;
mod key_info;
mod names;
mod parse;
mod sign;
mod signature;
mod tree;
mod verify;
mod write;
pub mod wss;

pub use error::XmlError;
pub use names::{DS, SOAP, SOAP_12, WSSE, WSU};
pub use sign::sign;
pub use tree::{Element, Tree};
pub use verify::{VerifiedDocument, verify};
pub use write::{Writer, escape_attribute, escape_text};

/// Reads a document that need not be signed. Who needs signatures takes what [`verify`] or [`wss::verify`] gives out.
///
/// # Errors
/// [`XmlError::Malformed`] and [`XmlError::Refused`].
pub fn read(xml: &[u8]) -> Result<Tree, XmlError> {
    parse::parse(xml)
}

#[cfg(test)]
mod tests;
