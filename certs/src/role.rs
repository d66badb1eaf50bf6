//! Roles: what the holder of a certificate may do, as OIDs in its extended key usage.

use std::fmt;
use std::str::FromStr;

use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};

use crate::Text;

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $name:literal, $oid:literal, $kk:literal, $ru:literal, $en:literal;)*) => {
        /// A role under 1.2.398.3.3.4. Written by its name: `first-head`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Role { $($(#[$doc])* $role,)* }

        impl Role {
            /// All roles, by ascending OID.
            pub const ALL: &[Self] = &[$(Self::$role,)*];

            /// The name, also in JSON and on the command line.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$role => $name,)* }
            }

            /// The OID in an extended key usage.
            pub const fn oid(self) -> ObjectIdentifier {
                match self { $(Self::$role => ObjectIdentifier::new_unwrap($oid),)* }
            }

            /// The role for people.
            pub fn describe(self) -> Text {
                match self { $(Self::$role => Text::new($kk, $ru, $en),)* }
            }
        }
    };
}

roles! {
    /// `.1.1`
    Individual = "individual", "1.2.398.3.3.4.1.1", "жеке тұлға", "физическое лицо", "individual";
    /// `.1.2`, together with one of its arms
    LegalEntity = "legal-entity", "1.2.398.3.3.4.1.2", "заңды тұлға", "юридическое лицо", "legal entity";
    /// `.1.2.1`
    FirstHead = "first-head", "1.2.398.3.3.4.1.2.1",
        "заңды тұлғаның бірінші басшысы", "первый руководитель юридического лица", "first head of a legal entity";
    /// `.1.2.2`
    RightToSign = "right-to-sign", "1.2.398.3.3.4.1.2.2",
        "қол қоюға уәкілетті тұлға", "лицо с правом подписи", "person with the right to sign";
    /// `.1.2.3`
    RightToSignFinancial = "right-to-sign-financial", "1.2.398.3.3.4.1.2.3",
        "қаржы құжаттарына қол қоюға уәкілетті тұлға", "лицо с правом подписи финансовых документов",
        "person with the right to sign financial documents";
    /// `.1.2.4`
    PersonnelOfficer = "personnel-officer", "1.2.398.3.3.4.1.2.4",
        "кадр бөлімінің қызметкері", "сотрудник отдела кадров", "personnel officer";
    /// `.1.2.5`
    Employee = "employee", "1.2.398.3.3.4.1.2.5",
        "ұйым қызметкері", "сотрудник организации", "employee of an organisation";
    /// `.1.2.6`
    InformationSystem = "information-system", "1.2.398.3.3.4.1.2.6",
        "ақпараттық жүйе", "информационная система", "information system";
    /// `.1.2.6.7`
    Portal = "portal", "1.2.398.3.3.4.1.2.6.7", "портал", "портал", "portal";
    /// `.1.2.6.8`
    Gateway = "gateway", "1.2.398.3.3.4.1.2.6.8", "шлюз", "шлюз", "gateway";
    /// `.2.1`
    CentreAdministrator = "centre-administrator", "1.2.398.3.3.4.2.1",
        "куәландырушы орталықтың әкімшісі", "администратор удостоверяющего центра", "administrator of the certification centre";
    /// `.2.2`
    CentreManager = "centre-manager", "1.2.398.3.3.4.2.2",
        "куәландырушы орталықтың менеджері", "менеджер удостоверяющего центра", "manager of the certification centre";
    /// `.2.3`
    CentreOperator = "centre-operator", "1.2.398.3.3.4.2.3",
        "куәландырушы орталықтың операторы", "оператор удостоверяющего центра", "operator of the certification centre";
    /// `.3.1`
    ServiceCentre = "service-centre", "1.2.398.3.3.4.3.1",
        "Мемлекеттік корпорация", "Государственная корпорация", "State Corporation";
}

impl Role {
    /// The role with this OID.
    pub fn from_oid(oid: &ObjectIdentifier) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.oid() == *oid)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(s: &str) -> Result<Self, UnknownRole> {
        Self::ALL.iter().copied().find(|r| r.name() == s).ok_or_else(|| UnknownRole { found: s.to_owned() })
    }
}

/// A word that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no role `{found}`; known: {}", Role::ALL.iter().map(|r| r.name()).collect::<Vec<_>>().join(", "))]
pub struct UnknownRole {
    /// The word as it was given.
    pub found: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_oids_are_read_back() {
        for &role in Role::ALL {
            assert_eq!(Role::from_oid(&role.oid()), Some(role));
            assert_eq!(role.name().parse(), Ok(role));
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{role}\""));
        }
    }
}
