//! A power of attorney.

use certs::Iin;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::people::Country;

/// A power of attorney, as a paper says it and as the registry keeps it.
///
/// **This shape is an invention of ours.** No message or field list of the unified notary information system is
/// public; what stands here is what such a paper must say and a workstation must learn to act on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowerOfAttorney {
    /// Its number in the registry; for a paper that is in no registry, the number on the paper.
    pub number: String,
    /// When it was given.
    pub date: Date,
    /// Its last day.
    pub until: Date,
    /// Who certified it.
    pub certified: Certified,
    /// Who gave it.
    pub principal: Iin,
    /// Who acts by it.
    pub representative: Iin,
    /// What for.
    pub subject: String,
    /// What the registry says of it.
    #[serde(default)]
    pub status: PowerStatus,
}

/// Who certified a power of attorney.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Certified {
    /// A notary of Kazakhstan: it is in the registry.
    Notary {
        /// The notary's name.
        name: String,
        /// The number of the licence.
        licence: String,
    },
    /// Somebody else whom the law allows to, such as a head physician: it is in no registry.
    Otherwise {
        /// Who.
        official: String,
    },
    /// A notary abroad. It is in the registry when a notary of Kazakhstan has certified its translation.
    Foreign {
        /// Where.
        country: Country,
        /// The apostille's number.
        apostille: String,
        /// The day of the apostille.
        apostille_date: Date,
        /// Who certified the translation.
        translation_by: String,
    },
}

impl Certified {
    /// Whether such a power can be in the registry.
    pub fn is_registered(&self) -> bool {
        !matches!(self, Self::Otherwise { .. })
    }
}

/// What the registry says of a power of attorney. That its term is over is no status: it follows from the day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "kebab-case", deny_unknown_fields)]
pub enum PowerStatus {
    /// It stands.
    #[default]
    Valid,
    /// The principal has taken it back.
    Revoked {
        /// From which day.
        since: Date,
    },
}

/// How a power of attorney stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PowerState {
    /// It can be acted on.
    Valid,
    /// It is given later.
    NotYet,
    /// Its term is over.
    Expired,
    /// It was taken back.
    Revoked,
}

impl PowerOfAttorney {
    /// How it stands on a day. One that was taken back says so even after its term.
    pub fn state_on(&self, day: Date) -> PowerState {
        match self.status {
            PowerStatus::Revoked { since } if since <= day => PowerState::Revoked,
            _ if day < self.date => PowerState::NotYet,
            _ if self.until < day => PowerState::Expired,
            _ => PowerState::Valid,
        }
    }

    /// Whether it lets `representative` act for `recipient` on a day.
    pub fn serves(&self, representative: Iin, recipient: Iin, day: Date) -> bool {
        self.representative == representative
            && self.principal == recipient
            && self.state_on(day) == PowerState::Valid
    }
}
