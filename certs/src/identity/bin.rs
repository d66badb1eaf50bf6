//! BIN, the number of a legal entity.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::digits::{Digits, eleven_digits};
use super::{CheckDigit, IdentityError};

/// A legal entity's number: `YYMM` of registration, kind, head office or branch, five digits of sequence, check digit.
///
/// In JSON a string of twelve digits; reading one is strict about its check digit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bin(Digits);

/// What the fifth digit of a [`Bin`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BinKind {
    /// 4: a resident legal entity.
    Resident,
    /// 5: a non-resident legal entity.
    NonResident,
    /// 6: sole proprietors acting jointly.
    JointProprietors,
}

impl Bin {
    /// Reads twelve digits, nothing around them.
    pub fn parse(s: &str, check: CheckDigit) -> Result<Self, IdentityError> {
        Digits::parse(s, check).map(Self)
    }

    /// The kind of entity the number seems to encode; advisory, like the parts of an IIN.
    pub fn kind(self) -> Option<BinKind> {
        match self.0.at(5) {
            4 => Some(BinKind::Resident),
            5 => Some(BinKind::NonResident),
            6 => Some(BinKind::JointProprietors),
            _ => None,
        }
    }

    /// The `n`-th made-up number with a valid check digit: a resident's head office, registered in a thirteenth to
    /// ninety-ninth month, which no real number can be. The same `n` gives the same number; 87 million neighbouring
    /// `n` give as many different numbers.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "the 11th digit weighs 2 in the second pass: of ten values one fails at most"
    )]
    pub fn generated(n: u64) -> Self {
        const MONTHS: u64 = 100 * 87;
        const SIZE: u64 = MONTHS * 10_000;
        // Prime to SIZE (2, 3, 5, 29).
        const STRIDE: u64 = 7_654_321;
        let index = (n % SIZE) * STRIDE % SIZE;
        let (month, sequence) = (index % MONTHS, index / MONTHS);
        let first_six = ((month / 87) * 100 + 13 + month % 87) * 100 + 40;
        let first_ten = first_six * 10_000 + sequence;
        (0..10)
            .find_map(|last| Digits::with_check_digit(eleven_digits(first_ten * 10 + (n % 10 + last) % 10)))
            .map(Self)
            .expect("an eleventh digit that admits a check digit")
    }
}

impl fmt::Display for Bin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Bin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bin({})", self.0)
    }
}

impl Serialize for Bin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Bin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text, CheckDigit::Strict).map_err(serde::de::Error::custom)
    }
}
