//! Named defects that a certificate can be ordered with.
//!
//! Most are in the certificate. Others are around it: an odd centre signs it, its list or the answer about it is odd, or
//! what comes with it is. Either way the order names the flaw, and what is odd is made for it.

mod table;

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::{CertStatus, Profile, Purpose, Role};

pub use table::Flaw;

/// What a flaw changes. No certificate has two that change the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// When it is valid.
    Validity,
    /// Whether it is revoked.
    Status,
    /// What the responder and the list say of it.
    Answers,
    /// What the list is that it names.
    Lists,
    /// The person's number.
    Iin,
    /// The person's name.
    Name,
    /// Whose employee the person is.
    Organisation,
    /// What its key is for.
    Usage,
    /// What its key is for, in more words, roles among them.
    ExtendedUsage,
    /// Under which policy it was issued.
    Policy,
    /// An extension more.
    Extension,
    /// Its number.
    Serial,
    /// Its key.
    Key,
    /// The signature over it.
    Signature,
    /// Who signed it.
    Issuer,
    /// The certificates that come with it.
    Chain,
}

/// What a verifier must answer. Codes are those of [`Failure`](crate::verdict::Failure) and
/// [`Doubt`](crate::verdict::Doubt).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "must", content = "code", rename_all = "kebab-case")]
pub enum Must {
    /// Yes: it is a matter of taste, and no reason to refuse.
    Accept,
    /// No, for this reason.
    Refuse(&'static str),
    /// Yes, and an hour later no.
    RefuseLater(&'static str),
    /// That it could not be checked, which is neither.
    Unknown(&'static str),
}

impl Must {
    /// The word for it, as in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Refuse(_) => "refuse",
            Self::RefuseLater(_) => "refuse-later",
            Self::Unknown(_) => "unknown",
        }
    }

    /// `accept`, or the code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Refuse(code) | Self::RefuseLater(code) | Self::Unknown(code) => code,
        }
    }
}

impl Flaw {
    /// Whether a certificate of `profile` can have it: flaws of an IIN need a person, of a BIN an organisation, and only
    /// who has a role signs.
    pub const fn applies_to(self, profile: Profile) -> bool {
        match self.part() {
            Part::Iin | Part::Name => profile.has_person(),
            Part::Organisation => profile.has_organisation(),
            Part::Usage if matches!(self, Self::WrongKeyUsage) => true,
            Part::Usage | Part::ExtendedUsage | Part::Policy => !profile.roles().is_empty(),
            _ => true,
        }
    }

    /// The profile that shows it best: an individual, or who signs for an organisation where it is about one.
    pub const fn profile(self) -> Profile {
        if self.applies_to(Profile::Individual) { Profile::Individual } else { Profile::AuthorisedPerson }
    }

    /// The role that a certificate of that profile has.
    pub const fn role(self) -> Role {
        match self.profile() {
            Profile::Individual => Role::Individual,
            _ => Role::RightToSign,
        }
    }

    /// Whether no certificate can have both.
    pub fn contradicts(self, other: Self) -> bool {
        /// An odd centre has a list of its own and no responder; an odd list, and odd answers, say what they say.
        const APART: [(Part, Part); 4] = [
            (Part::Issuer, Part::Lists),
            (Part::Issuer, Part::Answers),
            (Part::Lists, Part::Answers),
            (Part::Status, Part::Answers),
        ];
        let (one, another) = (self.part(), other.part());
        one == another || APART.contains(&(one, another)) || APART.contains(&(another, one))
    }

    /// Whether it needs an order for this purpose.
    pub(crate) fn fits(self, purpose: Purpose) -> bool {
        self != Self::AuthKeyForSigning || purpose == Purpose::Signing
    }

    /// Whether it says itself who is asked about revocation.
    pub(crate) fn needs_usual_lists(self) -> bool {
        matches!(self.part(), Part::Lists | Part::Answers) || self.has_odd_centre()
    }

    /// Whether an odd centre has to sign the certificate.
    pub fn has_odd_centre(self) -> bool {
        self.part() == Part::Issuer && self != Self::WrongAuthorityKey
    }

    /// Whether the odd centre's certificate is to be had.
    pub fn publishes_odd_centre(self) -> bool {
        self.has_odd_centre() && !matches!(self, Self::UnknownIssuer | Self::MissingIntermediate)
    }

    /// What the responder says of a certificate of which this is the truth.
    pub fn ocsp_says(self, truth: CertStatus) -> CertStatus {
        match self {
            Self::OcspGoodCrlRevoked => CertStatus::Good,
            Self::OcspUnknown => CertStatus::Unknown,
            _ => truth,
        }
    }

    /// Whether the list leaves out a certificate that has it, revoked or not.
    pub fn is_left_out_of_lists(self) -> bool {
        self == Self::OcspRevokedCrlGood
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
    // A name fits in thirty characters: whatever follows in a long word changes nothing in the choice.
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
    }

    #[test]
    fn two_flaws_of_one_part_contradict_each_other() {
        assert!(Flaw::NotYetValid.contradicts(Flaw::Expired) && !Flaw::Expired.contradicts(Flaw::Revoked));
        assert!(
            Flaw::StaleCrl.contradicts(Flaw::IssuerNotCa) && Flaw::IssuerNotCa.contradicts(Flaw::StaleCrl)
        );
        for &flaw in Flaw::all() {
            assert!(flaw.contradicts(flaw) && flaw.applies_to(flaw.profile()));
            assert!(flaw.profile().roles().contains(&flaw.role()), "{flaw}");
        }
        assert!(Flaw::all().len() >= 30);
    }

    #[test]
    fn what_must_be_answered_is_a_code_of_a_verdict() {
        for flaw in Flaw::all() {
            let code = flaw.must().code();
            let kebab = code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            assert!(kebab && !code.is_empty(), "{flaw}: {code}");
        }
    }
}
