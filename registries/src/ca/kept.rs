//! What the registry keeps.

use certs::{Algorithm, CertStatus, Flaw, Profile, Reason, RevokedEntry};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use signer::Bytes;

/// The record kind of hierarchies; keys are algorithms.
pub(super) const AUTHORITY: &str = "authority";
/// The record kind of branches of hierarchies; keys are algorithm and kind, as `p256-issuer-revoked`.
pub(super) const BRANCH: &str = "branch";
/// The record kind of certificates; keys are serial numbers in hexadecimal.
pub(super) const CERTIFICATE: &str = "certificate";
/// The record kind of time-stamping authorities; keys are algorithms.
pub(super) const STAMPER: &str = "timestamp-authority";
/// The record kind of other centres that are trusted; keys are key identifiers in hexadecimal.
pub(super) const TRUSTED: &str = "trusted-centre";
/// The record kind of revocation lists; keys are algorithms.
pub(super) const LIST: &str = "revocation-list";

/// A certificate as the registry keeps it. Private keys of others are never kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeptCertificate {
    /// In hexadecimal, the key of the record.
    pub serial: String,
    /// Readable subject.
    pub subject: String,
    /// What it was ordered as.
    pub profile: Profile,
    /// The hierarchy it belongs to.
    pub algorithm: Algorithm,
    /// What was ordered to be wrong with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flaws: Vec<Flaw>,
    /// When, on the world's clock.
    pub issued_at: Timestamp,
    /// Beginning of validity.
    pub not_before: Timestamp,
    /// End of validity.
    pub not_after: Timestamp,
    /// What the centre says of it.
    #[serde(flatten)]
    pub status: Status,
    /// The certificate.
    pub certificate: String,
}

/// What the centre says of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Status {
    /// Not revoked.
    Good,
    /// On the list.
    Revoked {
        /// Since when; of a moment to come it is not on the list yet.
        at: Timestamp,
        /// Why; `certificateHold` may be lifted.
        reason: Reason,
    },
}

impl Status {
    /// What the centre says of it at a moment.
    pub(super) fn said_at(self, moment: Timestamp) -> CertStatus {
        match self {
            Self::Revoked { at, reason } if at <= moment => CertStatus::Revoked { at, reason },
            Self::Revoked { .. } | Self::Good => CertStatus::Good,
        }
    }
}

/// The current lists of a hierarchy with what they were made of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct KeptList {
    pub(super) number: u64,
    pub(super) this_update: Timestamp,
    /// Those of moments to come among them.
    pub(super) entries: Vec<Entry>,
    /// What the delta list is added to.
    #[serde(default)]
    pub(super) base: Base,
    /// With the key that the issuing centre has now.
    #[serde(flatten)]
    pub(super) signed: Signed,
    /// With the keys that it had before, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) former: Vec<Signed>,
}

/// The list and what changed since an earlier one, both signed with one key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Signed {
    pub(super) der: Bytes,
    /// Empty in what an earlier version kept.
    #[serde(default)]
    pub(super) delta: Bytes,
}

/// An earlier list. Number 0, with nothing on it, is before the first one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Base {
    pub(super) number: u64,
    pub(super) entries: Vec<Entry>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) serial: String,
    pub(super) at: Timestamp,
    pub(super) reason: Reason,
    /// The flaw whose odd centre issued the certificate and lists it; the issuing centre without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) by: Option<Flaw>,
}

impl Entry {
    pub(super) fn revoked(&self) -> Option<RevokedEntry> {
        let serial = hex::decode(&self.serial).ok()?;
        Some(RevokedEntry { serial, at: self.at, reason: self.reason })
    }
}
