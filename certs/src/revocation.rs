//! Why and when a certificate was revoked: the words that CRL and OCSP share.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Text;

/// CRLReason (RFC 5280, 5.3.1). Written as there: `keyCompromise`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    /// 0, also meant when a list gives no reason.
    Unspecified,
    /// 1: the subject's private key is known to somebody else.
    KeyCompromise,
    /// 2: the issuer's private key is known to somebody else.
    #[serde(rename = "cACompromise")]
    CaCompromise,
    /// 3: the subject's name or affiliation changed.
    AffiliationChanged,
    /// 4: replaced by another certificate.
    Superseded,
    /// 5: no longer needed.
    CessationOfOperation,
    /// 6: on hold, may become valid again.
    CertificateHold,
    /// 8: taken off hold; only in delta lists.
    #[serde(rename = "removeFromCRL")]
    RemoveFromCrl,
    /// 9: a privilege in the certificate was withdrawn.
    PrivilegeWithdrawn,
    /// 10: the attribute authority's key is known to somebody else.
    #[serde(rename = "aACompromise")]
    AaCompromise,
}

impl Reason {
    /// All reasons, by ascending code.
    pub const ALL: [Self; 10] = [
        Self::Unspecified,
        Self::KeyCompromise,
        Self::CaCompromise,
        Self::AffiliationChanged,
        Self::Superseded,
        Self::CessationOfOperation,
        Self::CertificateHold,
        Self::RemoveFromCrl,
        Self::PrivilegeWithdrawn,
        Self::AaCompromise,
    ];

    /// The code of the ENUMERATED.
    pub const fn code(self) -> u8 {
        match self {
            Self::Unspecified => 0,
            Self::KeyCompromise => 1,
            Self::CaCompromise => 2,
            Self::AffiliationChanged => 3,
            Self::Superseded => 4,
            Self::CessationOfOperation => 5,
            Self::CertificateHold => 6,
            Self::RemoveFromCrl => 8,
            Self::PrivilegeWithdrawn => 9,
            Self::AaCompromise => 10,
        }
    }

    /// The reason with this code; 7 is unused.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.code() == code)
    }

    /// The name in RFC 5280.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::RemoveFromCrl => "removeFromCRL",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "aACompromise",
        }
    }

    /// The reason for people.
    pub fn describe(self) -> Text {
        match self {
            Self::Unspecified => Text::new("себебі көрсетілмеген", "причина не указана", "no reason given"),
            Self::KeyCompromise => Text::new("кілт әшкереленген", "ключ скомпрометирован", "key compromised"),
            Self::CaCompromise => Text::new(
                "куәландырушы орталықтың кілті әшкереленген",
                "ключ УЦ скомпрометирован",
                "CA key compromised",
            ),
            Self::AffiliationChanged => Text::new(
                "иесінің деректері өзгерген",
                "изменились данные владельца",
                "holder's details changed",
            ),
            Self::Superseded => {
                Text::new("басқа куәлікпен ауыстырылған", "заменён другим", "replaced by another certificate")
            }
            Self::CessationOfOperation => {
                Text::new("енді пайдаланылмайды", "больше не используется", "no longer used")
            }
            Self::CertificateHold => Text::new("уақытша тоқтатылған", "временно приостановлен", "on hold"),
            Self::RemoveFromCrl => Text::new("қайта қолданысқа енгізілген", "возобновлён", "taken off hold"),
            Self::PrivilegeWithdrawn => {
                Text::new("өкілеттігі алынған", "полномочие отозвано", "privilege withdrawn")
            }
            Self::AaCompromise => Text::new(
                "атрибуттар орталығының кілті әшкереленген",
                "ключ центра атрибутов скомпрометирован",
                "attribute authority's key compromised",
            ),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Reason {
    type Err = UnknownReason;

    fn from_str(s: &str) -> Result<Self, UnknownReason> {
        Self::ALL.into_iter().find(|r| r.name() == s).ok_or_else(|| UnknownReason { found: s.to_owned() })
    }
}

/// A word that is no CRLReason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no reason `{found}`; known: {}", Reason::ALL.map(Reason::name).join(", "))]
pub struct UnknownReason {
    /// The word as it was given.
    pub found: String,
}

/// One entry of a revocation list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokedEntry {
    /// The content of the serial's INTEGER, byte for byte.
    pub serial: Vec<u8>,
    /// Since when; lists carry whole seconds.
    pub at: Timestamp,
    /// Why.
    pub reason: Reason,
}

/// What a certification centre says of one serial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CertStatus {
    /// Issued and not revoked.
    Good,
    /// Revoked, or on hold when the reason is [`Reason::CertificateHold`].
    Revoked {
        /// Since when.
        at: Timestamp,
        /// Why.
        reason: Reason,
    },
    /// Not issued here.
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_are_read_back() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_code(reason.code()), Some(reason));
            assert_eq!(reason.to_string().parse(), Ok(reason));
            assert_eq!(serde_json::to_string(&reason).unwrap(), format!("\"{reason}\""));
        }
        assert_eq!(Reason::from_code(7), None);
    }
}
