//! Kinds of certificates and what the national profile puts into each.

use std::fmt;
use std::str::FromStr;

use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};

use crate::{Algorithm, KeyUsage, Role, Text, oid};

/// Whom a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// A citizen.
    Individual,
    /// The first head of a legal entity.
    Head,
    /// An employee with the right to sign for a legal entity.
    AuthorisedPerson,
    /// An employee of a legal entity.
    Employee,
    /// An employee of the State Corporation.
    ServiceCentreEmployee,
    /// An information system of a legal entity.
    InformationSystem,
    /// A TLS server.
    TlsServer,
    /// The certification centre's OCSP responder.
    OcspResponder,
    /// The certification centre's time-stamping authority.
    TimestampAuthority,
}

/// What a certificate is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Signing documents.
    #[default]
    Signing,
    /// Logging in.
    Authentication,
}

impl Profile {
    /// All profiles.
    pub const fn all() -> &'static [Self] {
        &[
            Self::Individual,
            Self::Head,
            Self::AuthorisedPerson,
            Self::Employee,
            Self::ServiceCentreEmployee,
            Self::InformationSystem,
            Self::TlsServer,
            Self::OcspResponder,
            Self::TimestampAuthority,
        ]
    }

    /// The name on the command line and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Individual => "individual",
            Self::Head => "head",
            Self::AuthorisedPerson => "authorised-person",
            Self::Employee => "employee",
            Self::ServiceCentreEmployee => "service-centre-employee",
            Self::InformationSystem => "information-system",
            Self::TlsServer => "tls-server",
            Self::OcspResponder => "ocsp-responder",
            Self::TimestampAuthority => "timestamp-authority",
        }
    }

    /// The profile for people.
    pub fn describe(self) -> Text {
        match self {
            Self::Individual => Text::new("жеке тұлға", "физическое лицо", "an individual"),
            Self::Head => Text::new(
                "заңды тұлғаның бірінші басшысы",
                "первый руководитель юридического лица",
                "the first head of a legal entity",
            ),
            Self::AuthorisedPerson => Text::new(
                "заңды тұлғаның қол қоюға уәкілетті қызметкері",
                "сотрудник юридического лица с правом подписи",
                "an employee of a legal entity with the right to sign",
            ),
            Self::Employee => Text::new(
                "заңды тұлғаның қызметкері",
                "сотрудник юридического лица",
                "an employee of a legal entity",
            ),
            Self::ServiceCentreEmployee => Text::new(
                "Мемлекеттік корпорацияның қызметкері",
                "работник Государственной корпорации",
                "an employee of the State Corporation",
            ),
            Self::InformationSystem => Text::new(
                "заңды тұлғаның ақпараттық жүйесі",
                "информационная система юридического лица",
                "an information system of a legal entity",
            ),
            Self::TlsServer => Text::new("TLS сервері", "сервер TLS", "a TLS server"),
            Self::OcspResponder => Text::new(
                "куәландырушы орталықтың OCSP қызметі",
                "служба OCSP удостоверяющего центра",
                "the certification centre's OCSP responder",
            ),
            Self::TimestampAuthority => Text::new(
                "куәландырушы орталықтың уақыт белгілері қызметі",
                "служба меток времени удостоверяющего центра",
                "the certification centre's time-stamping authority",
            ),
        }
    }

    /// Whether it is a service of the certification centre itself, which orders nothing from it.
    pub const fn is_service(self) -> bool {
        matches!(self, Self::OcspResponder | Self::TimestampAuthority)
    }

    /// Whether the subject is a person, with an IIN.
    pub const fn has_person(self) -> bool {
        !self.is_service() && !matches!(self, Self::InformationSystem | Self::TlsServer)
    }

    /// Whether the subject belongs to an organisation, with a BIN.
    pub const fn has_organisation(self) -> bool {
        !self.is_service() && !matches!(self, Self::Individual | Self::TlsServer)
    }

    /// The roles written into the certificate.
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Self::Individual => &[Role::Individual],
            Self::Head => &[Role::LegalEntity, Role::FirstHead],
            Self::AuthorisedPerson => &[Role::LegalEntity, Role::RightToSign],
            Self::Employee => &[Role::LegalEntity, Role::Employee],
            Self::ServiceCentreEmployee => &[Role::LegalEntity, Role::Employee, Role::ServiceCentre],
            Self::InformationSystem => &[Role::LegalEntity, Role::InformationSystem],
            Self::TlsServer | Self::OcspResponder | Self::TimestampAuthority => &[],
        }
    }

    /// How many years a certificate lasts.
    pub const fn years(self) -> i64 {
        match self {
            Self::InformationSystem | Self::TimestampAuthority => 3,
            Self::TlsServer => 2,
            Self::OcspResponder => 10,
            _ => 1,
        }
    }

    pub(crate) const fn key_usage(self, purpose: Purpose, algorithm: Algorithm) -> KeyUsage {
        match (self, purpose, algorithm) {
            (Self::TlsServer, _, _) => KeyUsage::AUTHENTICATION,
            (profile, _, _) if profile.is_service() => KeyUsage::DIGITAL_SIGNATURE,
            (_, Purpose::Signing, Algorithm::Gost512 | Algorithm::Gost256) => KeyUsage::GOST_SIGNING,
            (_, Purpose::Signing, _) => KeyUsage::SIGNING,
            (_, Purpose::Authentication, _) => KeyUsage::AUTHENTICATION,
        }
    }

    pub(crate) fn extended_key_usage(self, purpose: Purpose) -> Vec<ObjectIdentifier> {
        let general = match (self, purpose) {
            (Self::TlsServer, _) => Some(oid::SERVER_AUTH),
            (Self::OcspResponder, _) => Some(oid::OCSP_SIGNING),
            (Self::TimestampAuthority, _) => Some(oid::TIME_STAMPING),
            (Self::InformationSystem, Purpose::Signing) => None,
            (_, Purpose::Signing) => Some(oid::EMAIL_PROTECTION),
            (_, Purpose::Authentication) => Some(oid::CLIENT_AUTH),
        };
        general.into_iter().chain(self.roles().iter().map(|role| role.oid())).collect()
    }

    pub(crate) const fn policy(self, purpose: Purpose, algorithm: Algorithm) -> ObjectIdentifier {
        match (self, purpose) {
            (Self::TlsServer, _) => oid::POLICY_TLS,
            (Self::OcspResponder, _) => oid::POLICY,
            (Self::TimestampAuthority, _) => crate::tsp::policy(algorithm),
            (Self::Individual, Purpose::Signing) => oid::POLICY_INDIVIDUAL_SIGNING,
            (Self::Individual, Purpose::Authentication) => oid::POLICY_INDIVIDUAL_AUTHENTICATION,
            (_, Purpose::Signing) => oid::POLICY_ENTITY_SIGNING,
            (_, Purpose::Authentication) => oid::POLICY_ENTITY_AUTHENTICATION,
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(s: &str) -> Result<Self, UnknownProfile> {
        Self::all()
            .iter()
            .copied()
            .find(|p| p.name() == s)
            .ok_or_else(|| UnknownProfile { found: s.to_owned() })
    }
}

/// A word that names no profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no profile `{found}`; known: {}", Profile::all().iter().map(|p| p.name()).collect::<Vec<_>>().join(", "))]
pub struct UnknownProfile {
    /// The word as it was given.
    pub found: String,
}
