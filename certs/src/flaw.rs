//! Named defects that a certificate can be ordered with.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Profile, Text};

/// A defect. The name says what is wrong; a certificate may have several that do not contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flaw {
    /// Its validity ended a day before it was issued.
    Expired,
    /// Its validity starts a day after it was issued.
    NotYetValid,
    /// It is revoked at once (keyCompromise).
    Revoked,
    /// It is put on hold at once (certificateHold).
    Suspended,
    /// It carries another IIN than ordered.
    IinMismatch,
    /// It carries another BIN than ordered.
    BinMismatch,
    /// It carries no IIN.
    NoIin,
    /// A centre that nobody knows signed it.
    UnknownIssuer,
    /// One bit of the centre's signature is flipped.
    BadSignature,
    /// Its key is for encipherment only.
    WrongKeyUsage,
    /// It is an authentication certificate where one for signing was ordered.
    AuthKeyForSigning,
    /// Its revocation list is not where it says, and it names no OCSP responder.
    MissingCrl,
}

impl Flaw {
    /// All flaws.
    pub const fn all() -> &'static [Self] {
        &[
            Self::Expired,
            Self::NotYetValid,
            Self::Revoked,
            Self::Suspended,
            Self::IinMismatch,
            Self::BinMismatch,
            Self::NoIin,
            Self::UnknownIssuer,
            Self::BadSignature,
            Self::WrongKeyUsage,
            Self::AuthKeyForSigning,
            Self::MissingCrl,
        ]
    }

    /// The name on the command line and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::Revoked => "revoked",
            Self::Suspended => "suspended",
            Self::IinMismatch => "iin-mismatch",
            Self::BinMismatch => "bin-mismatch",
            Self::NoIin => "no-iin",
            Self::UnknownIssuer => "unknown-issuer",
            Self::BadSignature => "bad-signature",
            Self::WrongKeyUsage => "wrong-key-usage",
            Self::AuthKeyForSigning => "auth-key-for-signing",
            Self::MissingCrl => "missing-crl",
        }
    }

    /// What is wrong, for people.
    pub fn describe(self) -> Text {
        match self {
            Self::Expired => {
                Text::new("мерзімі кеше аяқталған", "срок действия истёк вчера", "expired yesterday")
            }
            Self::NotYetValid => {
                Text::new("ертеңнен бастап жарамды", "начнёт действовать завтра", "valid from tomorrow")
            }
            Self::Revoked => Text::new(
                "кері қайтарылған (keyCompromise)",
                "отозван (keyCompromise)",
                "revoked (keyCompromise)",
            ),
            Self::Suspended => Text::new(
                "уақытша тоқтатылған (certificateHold)",
                "приостановлен (certificateHold)",
                "on hold (certificateHold)",
            ),
            Self::IinMismatch => {
                Text::new("басқа ЖСН көрсетілген", "указан другой ИИН", "carries another IIN")
            }
            Self::BinMismatch => {
                Text::new("басқа БСН көрсетілген", "указан другой БИН", "carries another BIN")
            }
            Self::NoIin => Text::new("ЖСН көрсетілмеген", "ИИН не указан", "carries no IIN"),
            Self::UnknownIssuer => Text::new(
                "белгісіз орталық қол қойған",
                "подписан неизвестным центром",
                "signed by a centre that nobody knows",
            ),
            Self::BadSignature => Text::new(
                "орталықтың қолтаңбасы бүлінген",
                "подпись центра повреждена",
                "the centre's signature is damaged",
            ),
            Self::WrongKeyUsage => Text::new(
                "кілт тек шифрлауға арналған",
                "ключ только для шифрования",
                "the key is for encipherment only",
            ),
            Self::AuthKeyForSigning => Text::new(
                "қол қою кілтінің орнына аутентификация кілті",
                "ключ аутентификации вместо ключа подписи",
                "an authentication key in place of a signing key",
            ),
            Self::MissingCrl => Text::new(
                "көрсетілген КҚТ (CRL) жоқ, OCSP аталмаған",
                "указанного СОС (CRL) нет, OCSP не указан",
                "the CRL it names does not exist, and it names no OCSP",
            ),
        }
    }

    /// Whether a certificate of `profile` can have it: flaws of an IIN need a person, of a BIN an organisation, and only
    /// who has a role signs.
    pub const fn applies_to(self, profile: Profile) -> bool {
        match self {
            Self::IinMismatch | Self::NoIin => profile.has_person(),
            Self::BinMismatch => profile.has_organisation(),
            Self::AuthKeyForSigning => !profile.roles().is_empty(),
            _ => true,
        }
    }

    /// Whether no certificate can have both.
    pub fn contradicts(self, other: Self) -> bool {
        const PAIRS: [(Flaw, Flaw); 4] = [
            (Flaw::Expired, Flaw::NotYetValid),
            (Flaw::Revoked, Flaw::Suspended),
            (Flaw::IinMismatch, Flaw::NoIin),
            (Flaw::WrongKeyUsage, Flaw::AuthKeyForSigning),
        ];
        PAIRS.contains(&(self, other)) || PAIRS.contains(&(other, self))
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Flaw {
    type Err = UnknownFlaw;

    fn from_str(s: &str) -> Result<Self, UnknownFlaw> {
        Self::all()
            .iter()
            .copied()
            .find(|f| f.name() == s)
            .ok_or_else(|| UnknownFlaw { found: s.to_owned(), nearest: nearest(s) })
    }
}

/// A word that names no flaw.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no flaw `{found}`; nearest: {nearest}; known: {}", Flaw::all().iter().map(|f| f.name()).collect::<Vec<_>>().join(", "))]
pub struct UnknownFlaw {
    /// The word as it was given.
    pub found: String,
    /// The flaw whose name is most like it.
    pub nearest: Flaw,
}

fn nearest(word: &str) -> Flaw {
    // A name fits in twenty characters: whatever follows in a long word changes nothing in the choice.
    let word: Vec<char> = word.chars().take(40).collect();
    let distance = |flaw: &Flaw| edits(&word, &flaw.name().chars().collect::<Vec<_>>());
    Flaw::all().iter().copied().min_by_key(distance).unwrap_or(Flaw::Expired)
}

/// Levenshtein's distance.
fn edits(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for ((y, diagonal), above) in b.iter().zip(&row).zip(row.iter().skip(1)) {
            let left = next.last().copied().unwrap_or(i + 1);
            next.push((diagonal + usize::from(x != y)).min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for &flaw in Flaw::all() {
            assert_eq!(flaw.name().parse(), Ok(flaw));
            assert_eq!(serde_json::to_string(&flaw).unwrap(), format!("\"{flaw}\""));
        }
    }

    #[test]
    fn an_unknown_name_lists_the_known_and_the_nearest() {
        let error = "expried".parse::<Flaw>().unwrap_err();
        assert_eq!(error.nearest, Flaw::Expired);
        assert_eq!("iin_missmatch".parse::<Flaw>().unwrap_err().nearest, Flaw::IinMismatch);
        let message = error.to_string();
        assert!(Flaw::all().iter().all(|f| message.contains(f.name())), "{message}");
    }

    #[test]
    fn flaws_of_numbers_need_the_number() {
        assert!(!Flaw::BinMismatch.applies_to(Profile::Individual));
        assert!(!Flaw::NoIin.applies_to(Profile::InformationSystem));
        assert!(Flaw::BinMismatch.applies_to(Profile::InformationSystem));
        assert!(Flaw::NotYetValid.contradicts(Flaw::Expired) && !Flaw::Expired.contradicts(Flaw::Revoked));
    }
}
