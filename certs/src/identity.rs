//! Identity numbers: IIN of a person, BIN of a legal entity.
//!
//! Both have twelve digits, the last a check digit over the other eleven. The date and sex parts of an IIN are
//! advisory: since a decree of 26.08.2013 a number need not encode them, so they never decide anything here.

mod bin;
mod digits;
mod iin;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use bin::{Bin, BinKind};
pub use iin::{Iin, Sex};

/// Whether a wrong check digit is an error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckDigit {
    /// It is, as in the state registers. The default.
    #[default]
    Strict,
    /// It is not: for test material such as 123456789011, whose check digit is wrong
    /// (the switch `--any-check-digit`).
    AnyDigit,
}

/// The identity that a request declares or a certificate carries. Only numbers of one kind are comparable: an IIN
/// never equals a BIN, even with the same digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Identifier {
    /// A person's number.
    Iin(Iin),
    /// A legal entity's number.
    Bin(Bin),
}

impl Identifier {
    /// `IIN` or `BIN`: also the prefix of the number in a certificate's subject.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Iin(_) => "IIN",
            Self::Bin(_) => "BIN",
        }
    }

    /// Whether both are IINs or both are BINs.
    pub const fn same_kind(self, other: Self) -> bool {
        matches!((self, other), (Self::Iin(_), Self::Iin(_)) | (Self::Bin(_), Self::Bin(_)))
    }

    /// The twelve digits without their kind.
    pub fn digits(self) -> String {
        match self {
            Self::Iin(iin) => iin.to_string(),
            Self::Bin(bin) => bin.to_string(),
        }
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind(), self.digits())
    }
}

impl From<Iin> for Identifier {
    fn from(iin: Iin) -> Self {
        Self::Iin(iin)
    }
}

impl From<Bin> for Identifier {
    fn from(bin: Bin) -> Self {
        Self::Bin(bin)
    }
}

/// Why a text is not an identity number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// Not twelve characters.
    #[error("an IIN or BIN has 12 digits, this has {found} characters")]
    Length {
        /// Number of characters found.
        found: usize,
    },
    /// A character that is not an ASCII digit.
    #[error("an IIN or BIN has digits only, character {position} is none")]
    NotDigit {
        /// Position of the first such character, counted from 1.
        position: usize,
    },
    /// The twelfth digit does not follow from the first eleven.
    #[error("{}", wrong_check_digit(*expected, *found))]
    CheckDigit {
        /// The digit that would be right; `None` if no number with these eleven digits is ever issued.
        expected: Option<u8>,
        /// The digit found.
        found: u8,
    },
}

fn wrong_check_digit(expected: Option<u8>, found: u8) -> String {
    let hint = "test numbers with a wrong check digit are admitted by --any-check-digit";
    match expected {
        Some(expected) => format!("the check digit should be {expected}, not {found}; {hint}"),
        None => format!("no check digit exists for these first 11 digits, so {found} is wrong; {hint}"),
    }
}

#[cfg(test)]
mod tests;
