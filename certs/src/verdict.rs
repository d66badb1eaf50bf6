//! The words of a verdict: what was asked of a certificate, what was found, and who said so.
//!
//! Types only; the floor above does the checking. Two things are kept apart throughout: a check that *failed* and a
//! check that *could not be done*. The second is never "passed" and never "not revoked".

mod failure;
mod finding;
mod source;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Certificate, Text};

pub use failure::{Doubt, Failure};
pub use finding::{Finding, Outcome};
pub use source::{Answer, Asked, Source};

/// A question put to a certificate. Which ones, and in which order, is the regulation's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Check {
    /// Is the moment within notBefore and notAfter?
    #[serde(rename = "certificate-in-validity-period")]
    ValidityPeriod,
    /// Do revocation list and OCSP leave it standing?
    #[serde(rename = "certificate-not-revoked")]
    NotRevoked,
    /// Is the IIN or BIN in it the one declared in the request?
    #[serde(rename = "identity-matches")]
    IdentityMatches,
    /// Does a chain of signatures lead to a trusted root?
    #[serde(rename = "path-to-trusted-root")]
    PathToRoot,
    /// Is its key for signing documents?
    #[serde(rename = "key-usage-for-signing")]
    KeyUsage,
    /// May its holder do this?
    #[serde(rename = "role-allowed")]
    Role,
}

impl Check {
    /// All checks.
    pub const ALL: [Self; 6] = [
        Self::ValidityPeriod,
        Self::NotRevoked,
        Self::IdentityMatches,
        Self::PathToRoot,
        Self::KeyUsage,
        Self::Role,
    ];

    /// The name, as in JSON and in the regulations' files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ValidityPeriod => "certificate-in-validity-period",
            Self::NotRevoked => "certificate-not-revoked",
            Self::IdentityMatches => "identity-matches",
            Self::PathToRoot => "path-to-trusted-root",
            Self::KeyUsage => "key-usage-for-signing",
            Self::Role => "role-allowed",
        }
    }

    /// The check with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|check| check.name() == name)
    }

    /// The question it asks.
    pub fn question(self) -> Text {
        match self {
            Self::ValidityPeriod => Text::new(
                "Тіркеу куәлігінің қолданылу мерзімі сақталған ба?",
                "Действует ли регистрационное свидетельство на этот момент?",
                "Is the certificate within its validity period?",
            ),
            Self::NotRevoked => Text::new(
                "Тіркеу куәлігі кері қайтарылмаған ба?",
                "Не отозвано ли регистрационное свидетельство?",
                "Is the certificate free of revocation?",
            ),
            Self::IdentityMatches => Text::new(
                "Өтінімдегі ЖСН/БСН тіркеу куәлігіндегі нөмірге сәйкес келе ме?",
                "Совпадает ли ИИН/БИН в запросе с указанным в регистрационном свидетельстве?",
                "Is the IIN/BIN in the request the one in the certificate?",
            ),
            Self::PathToRoot => Text::new(
                "Тіркеу куәлігі сенімді куәландырушы орталыққа апара ма?",
                "Ведёт ли цепочка свидетельства к доверенному удостоверяющему центру?",
                "Does the certificate's chain lead to a trusted centre?",
            ),
            Self::KeyUsage => Text::new(
                "Кілт құжаттарға қол қоюға арналған ба?",
                "Предназначен ли ключ для подписания документов?",
                "Is the key meant for signing documents?",
            ),
            Self::Role => Text::new(
                "Куәлік иесінің бұл әрекетке өкілеттігі бар ма?",
                "Вправе ли владелец свидетельства это делать?",
                "Does the holder's role allow this?",
            ),
        }
    }
}

impl std::fmt::Display for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// What a certificate says of itself, for whoever reads a verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The subject, readable.
    pub subject: String,
    /// The serial number in lowercase hex.
    pub serial: String,
    /// The issuer, readable.
    pub issuer: String,
    /// Start of validity.
    pub not_before: Timestamp,
    /// End of validity.
    pub not_after: Timestamp,
    /// What follows `IIN` in the subject, whatever it is.
    pub iin: Option<String>,
    /// What follows `BIN` in the subject, whatever it is.
    pub bin: Option<String>,
}

impl From<&Certificate> for Summary {
    fn from(certificate: &Certificate) -> Self {
        Self {
            subject: certificate.subject(),
            serial: certificate.serial_hex(),
            issuer: certificate.issuer(),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            iin: certificate.iin_text().map(str::to_owned),
            bin: certificate.bin_text().map(str::to_owned),
        }
    }
}

/// Everything found out about one certificate at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The moment for which it was checked.
    pub at: Timestamp,
    /// The certificate.
    pub certificate: Summary,
    /// One finding for each question, in the order asked.
    pub findings: Vec<Finding>,
    /// Every source of revocation that was asked, and its answer.
    pub asked: Vec<Asked>,
}

/// What follows from a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Every check passed.
    Accepted,
    /// A check failed.
    Refused,
    /// None failed, but one could not be done: neither accepted nor refused.
    CouldNotCheck,
}

impl Verdict {
    /// Whether every check passed; a verdict on no question at all did not.
    pub fn passed(&self) -> bool {
        self.decision() == Decision::Accepted
    }

    /// The failures with their checks, in the order asked.
    pub fn failed(&self) -> impl Iterator<Item = (Check, &Failure)> {
        self.findings.iter().filter_map(|finding| match &finding.outcome {
            Outcome::Failed(failure) => Some((finding.check, failure)),
            _ => None,
        })
    }

    /// What could not be checked, in the order asked.
    pub fn unknown(&self) -> impl Iterator<Item = (Check, &Doubt)> {
        self.findings.iter().filter_map(|finding| match &finding.outcome {
            Outcome::Unknown(doubt) => Some((finding.check, doubt)),
            _ => None,
        })
    }

    /// Any failure refuses; else anything unknown leaves it open, as does an empty list of questions.
    pub fn decision(&self) -> Decision {
        if self.failed().next().is_some() {
            Decision::Refused
        } else if self.findings.is_empty() || self.unknown().next().is_some() {
            Decision::CouldNotCheck
        } else {
            Decision::Accepted
        }
    }

    /// The finding on one question, if it was asked.
    pub fn finding(&self, check: Check) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.check == check)
    }
}

#[cfg(test)]
mod tests;
