//! IIN, the number of a person.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::digits::{Digits, eleven_digits};
use super::{CheckDigit, IdentityError};

/// A person's number: `YYMMDD`, century and sex, four digits of sequence, check digit.
///
/// In JSON a string of twelve digits; reading one is strict about its check digit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Iin(Digits);

impl Iin {
    /// Reads twelve digits, nothing around them.
    pub fn parse(s: &str, check: CheckDigit) -> Result<Self, IdentityError> {
        Digits::parse(s, check).map(Self)
    }

    /// The birth date the number seems to encode. Advisory: a number may encode none, or another.
    pub fn birth_date(self) -> Option<Date> {
        let century = match self.0.at(7) {
            1 | 2 => 1800,
            3 | 4 => 1900,
            5 | 6 => 2000,
            _ => return None,
        };
        let [year, month, day] = [1, 3, 5].map(|place| self.0.pair(place));
        Date::new(century + i16::from(year), i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    }

    /// The sex the number seems to encode. Advisory, like the date.
    pub fn sex(self) -> Option<Sex> {
        match self.0.at(7) {
            1 | 3 | 5 => Some(Sex::Male),
            2 | 4 | 6 => Some(Sex::Female),
            _ => None,
        }
    }

    /// Whether the number has the form that the state never issues (seventh digit 7, 8 or 9), so that it can be
    /// nobody's.
    pub fn is_never_issued_form(self) -> bool {
        self.0.at(7) >= 7
    }

    /// The `n`-th number of never-issued form with a valid check digit: the same `n` gives the same number, and
    /// 31 million neighbouring `n` give as many different numbers. The first six digits look like the birth date of
    /// somebody born from 1970 to 2000, such as a parent of today's pupils.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "the 11th digit weighs 2 in the second pass: of ten values one fails at most"
    )]
    pub fn never_issued(n: u64) -> Self {
        const DATES: u64 = 31 * 12 * 28;
        const SIZE: u64 = DATES * 3 * 1000;
        // Prime to SIZE, so neighbours differ in their dates and none repeats within SIZE.
        const STRIDE: u64 = 7_654_321;
        let index = (n % SIZE) * STRIDE % SIZE;
        let (date, rest) = (index % DATES, index / DATES);
        let (day, month, year) = (1 + date % 28, 1 + date / 28 % 12, (1970 + date / (28 * 12)) % 100);
        let (seventh, sequence) = (7 + rest % 3, rest / 3);
        let first_ten = (((year * 100 + month) * 100 + day) * 10 + seventh) * 1000 + sequence;
        (0..10)
            .find_map(|last| Digits::with_check_digit(eleven_digits(first_ten * 10 + (n % 10 + last) % 10)))
            .map(Self)
            .expect("an eleventh digit that admits a check digit")
    }

    /// A number of never-issued form for a person made up with a birth date: the first six digits are the date, the
    /// seventh is 7 for a man and 8 for a woman, which is a custom of ours and no rule of the state. For one date and
    /// sex, `n` below 1000 gives as many different numbers; others are taken modulo 1000.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "the 11th digit weighs 2 in the second pass: of ten values one fails at most"
    )]
    pub fn never_issued_born(born: Date, sex: Sex, n: u64) -> Self {
        let [year, month, day] =
            [born.year() % 100, born.month().into(), born.day().into()].map(i16::unsigned_abs);
        let date = (u64::from(year) * 100 + u64::from(month)) * 100 + u64::from(day);
        let seventh = match sex {
            Sex::Male => 7,
            Sex::Female => 8,
        };
        let first_ten = (date * 10 + seventh) * 1000 + n % 1000;
        (0..10)
            .find_map(|last| Digits::with_check_digit(eleven_digits(first_ten * 10 + last)))
            .map(Self)
            .expect("an eleventh digit that admits a check digit")
    }
}

/// What the seventh digit of an [`Iin`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// 1, 3 or 5.
    Male,
    /// 2, 4 or 6.
    Female,
}

impl fmt::Display for Iin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Iin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Iin({})", self.0)
    }
}

impl Serialize for Iin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Iin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text, CheckDigit::Strict).map_err(serde::de::Error::custom)
    }
}
