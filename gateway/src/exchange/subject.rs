//! What documents have in common: what they belong to, and who speaks in them.

use certs::{Bin, CheckDigit, Identifier, IdentityError, Iin};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What everything printable carries: it is a specimen, not a document.
pub const SPECIMEN: &str = "ҮЛГІ / ОБРАЗЕЦ / SPECIMEN – TEST";

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

/// An organisation as documents name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// Its BIN.
    pub bin: String,
}

/// An IIN or BIN in one text, so that the same digits are never taken for a number of the other kind: an IIN is its
/// twelve digits, before those of a BIN stands `BIN`, as in a certificate's subject.
pub fn identifier_text(who: Identifier) -> String {
    match who {
        Identifier::Iin(iin) => iin.to_string(),
        Identifier::Bin(bin) => format!("{}{bin}", who.kind()),
    }
}

/// Reads what [`identifier_text`] writes.
pub fn read_identifier(text: &str) -> Result<Identifier, IdentityError> {
    match text.strip_prefix("BIN") {
        Some(digits) => Bin::parse(digits, CheckDigit::AnyDigit).map(Identifier::Bin),
        None => Iin::parse(text, CheckDigit::AnyDigit).map(Identifier::Iin),
    }
}
