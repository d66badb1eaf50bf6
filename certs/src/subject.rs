//! Subjects of certificates, in the order of attributes of the national profile.
//!
//! Every subject of ours says TEST: at the end of O where there is an organisation, else at the end of CN.

use serde::{Deserialize, Serialize};

use crate::der::SEQUENCE;
use crate::{Bin, Iin, der, oid};

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Family name.
    pub surname: String,
    /// Given name.
    pub name: String,
    /// Father's name; not everybody has one.
    pub patronymic: Option<String>,
    /// The person's number.
    pub iin: Iin,
}

/// A legal entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its name; ` TEST` is added in certificates.
    pub name: String,
    /// Its number.
    pub bin: Bin,
}

/// An information system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemName {
    /// Its name.
    pub common_name: String,
    /// Its OID, in the certificate's UID.
    pub oid: String,
    /// Whose it is.
    pub organisation: Organisation,
}

/// Whom a certificate is issued to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// CN=`SURNAME NAME TEST`, SURNAME, serialNumber=`IIN…`, C, givenName=patronymic.
    Person(Person),
    /// CN=`SURNAME NAME`, SURNAME, serialNumber=`IIN…`, C, O=`… TEST`, OU=`BIN…`, givenName=patronymic.
    Employee {
        /// The person.
        person: Person,
        /// Their employer.
        organisation: Organisation,
    },
    /// UID, CN, C, O=`… TEST`, OU=`BIN…`.
    System(SystemName),
    /// CN, C, O=`… TEST`: a service of the centre itself.
    Service {
        /// Its name, such as `OCSP RESPONDER`.
        common_name: String,
        /// The centre's organisation.
        organisation: String,
    },
}

impl Subject {
    pub(crate) fn person(&self) -> Option<&Person> {
        match self {
            Self::Person(person) | Self::Employee { person, .. } => Some(person),
            Self::System(_) | Self::Service { .. } => None,
        }
    }

    pub(crate) fn person_mut(&mut self) -> Option<&mut Person> {
        match self {
            Self::Person(person) | Self::Employee { person, .. } => Some(person),
            Self::System(_) | Self::Service { .. } => None,
        }
    }

    pub(crate) fn organisation_mut(&mut self) -> Option<&mut Organisation> {
        match self {
            Self::Employee { organisation, .. } => Some(organisation),
            Self::System(system) => Some(&mut system.organisation),
            Self::Person(_) | Self::Service { .. } => None,
        }
    }

    pub(crate) fn organisation(&self) -> Option<&Organisation> {
        match self {
            Self::Employee { organisation, .. } => Some(organisation),
            Self::System(system) => Some(&system.organisation),
            Self::Person(_) | Self::Service { .. } => None,
        }
    }

    /// The Name in DER. `iin` and `bin` are the texts to write for the numbers, whatever the subject has: a flaw may
    /// want others.
    pub(crate) fn to_der(&self, iin: Option<&str>, bin: Option<&str>) -> Vec<u8> {
        let mut name = NameWriter::default();
        match self {
            Self::System(system) => {
                name.text(oid::USER_ID, &system.oid);
                name.text(oid::COMMON_NAME, &system.common_name);
            }
            Self::Service { common_name, .. } => name.text(oid::COMMON_NAME, common_name),
            Self::Person(person) => {
                name.text(oid::COMMON_NAME, &format!("{} {} TEST", person.surname, person.name));
                name.text(oid::SURNAME, &person.surname);
            }
            Self::Employee { person, .. } => {
                name.text(oid::COMMON_NAME, &format!("{} {}", person.surname, person.name));
                name.text(oid::SURNAME, &person.surname);
            }
        }
        if let Some(iin) = iin {
            name.printable(oid::SERIAL_NUMBER, iin);
        }
        name.printable(oid::COUNTRY, "KZ");
        match self {
            Self::Service { organisation, .. } => {
                name.text(oid::ORGANISATION, &format!("{organisation} TEST"));
            }
            _ => {
                if let Some(organisation) = self.organisation() {
                    name.text(oid::ORGANISATION, &format!("{} TEST", organisation.name));
                }
            }
        }
        if let Some(bin) = bin {
            name.text(oid::ORGANISATIONAL_UNIT, bin);
        }
        if let Some(patronymic) = self.person().and_then(|person| person.patronymic.as_deref()) {
            name.text(oid::GIVEN_NAME, patronymic);
        }
        name.finish()
    }
}

/// A Name in the making.
#[derive(Default)]
pub(crate) struct NameWriter(Vec<Vec<u8>>);

impl NameWriter {
    /// A UTF8String, for anything that may hold Kazakh letters.
    pub(crate) fn text(&mut self, oid: const_oid::ObjectIdentifier, value: &str) {
        self.push(oid, 0x0c, value);
    }

    /// A PrintableString; `value` must consist of its letters.
    pub(crate) fn printable(&mut self, oid: const_oid::ObjectIdentifier, value: &str) {
        self.push(oid, 0x13, value);
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        der::row(SEQUENCE, &self.0)
    }

    fn push(&mut self, oid: const_oid::ObjectIdentifier, tag: u8, value: &str) {
        let value = der::element(tag, &[value.as_bytes()]);
        let pair = der::sequence(&[&der::oid(oid), &value]);
        self.0.push(der::element(0x31, &[&pair]));
    }
}
