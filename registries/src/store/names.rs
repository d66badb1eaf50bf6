//! What every implementation accepts as a name, so that none surprises after the other.

use super::StoreError;

/// The most bytes a kind, key, case, system or message id may have.
///
/// Both databases index these names; PostgreSQL refuses index rows of more than about 2 700 bytes.
pub const LONGEST_NAME: usize = 512;

/// Why a kind, key, case, system or message id is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// There is no text at all.
    #[error("is empty")]
    Empty,
    /// More than [`LONGEST_NAME`] bytes.
    #[error("has {bytes} bytes; at most {LONGEST_NAME} are allowed")]
    TooLong {
        /// How many bytes were given.
        bytes: usize,
    },
    /// U+0000, which PostgreSQL cannot keep in text.
    #[error("contains the character U+0000")]
    Nul,
}

/// Checks a body, which may be as long as it likes.
pub(super) fn check_body(field: &'static str, body: &str) -> Result<(), StoreError> {
    if body.contains('\0') { Err(StoreError::BadName { field, fault: NameFault::Nul }) } else { Ok(()) }
}

/// Checks one name; `field` says in the error what it is the name of.
pub(super) fn check(field: &'static str, name: &str) -> Result<(), StoreError> {
    let fault = if name.is_empty() {
        NameFault::Empty
    } else if name.len() > LONGEST_NAME {
        NameFault::TooLong { bytes: name.len() }
    } else if name.contains('\0') {
        NameFault::Nul
    } else {
        return Ok(());
    };
    Err(StoreError::BadName { field, fault })
}
