//! A person as the people database has them.

use certs::Iin;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::dictionary::{
    CapabilityStatus, Country, DocumentStatus, DocumentType, Gender, Issuer, LifeStatus, Nationality,
};

/// A person's record. Names are in capital letters, as the database and certificates have them.
///
/// Only `iin`, `surname`, `name`, `birth_date` and `gender` must be given in a file; the rest is what is usual.
/// Children, wards and twins follow from the records of the children: see [`Family`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonRecord {
    /// The person's number.
    pub iin: Iin,
    /// Family name, in the form of the person's gender.
    pub surname: String,
    /// Given name.
    pub name: String,
    /// Father's name with its ending; not everybody has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patronymic: Option<String>,
    /// The name as a passport spells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latin: Option<LatinName>,
    /// The date of birth; it need not be that of the IIN.
    pub birth_date: Date,
    /// The date of death.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub death_date: Option<Date>,
    /// Gender.
    pub gender: Gender,
    /// Nationality, which is not citizenship.
    #[serde(default)]
    pub nationality: Nationality,
    /// Citizenship.
    #[serde(default)]
    pub citizenship: Country,
    /// Whether the person lives.
    #[serde(default)]
    pub life_status: LifeStatus,
    /// The certificate of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_certificate: Option<CivilCertificate>,
    /// The certificate of death.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub death_certificate: Option<CivilCertificate>,
    /// Where the person was born.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_place: Option<BirthPlace>,
    /// Where the person is registered as living.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered_address: Option<Address>,
    /// Whether a court has taken away or limited the capability to act.
    #[serde(default)]
    pub capability: Capability,
    /// Declared missing by a court.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Declared>,
    /// Disappeared and sought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disappeared: Option<Declared>,
    /// Excluded from the register, as after leaving the country for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excluded: Option<Declared>,
    /// Identity documents, the newest first.
    #[serde(default)]
    pub documents: Vec<IdentityDocument>,
    /// Earlier addresses.
    #[serde(default)]
    pub addresses: Vec<Address>,
    /// The record is marked as removed; it is still answered.
    #[serde(default)]
    pub removed: bool,
    /// Mother and father, as far as the birth record names them.
    #[serde(default)]
    pub parents: Vec<Iin>,
    /// Who is guardian of the person.
    #[serde(default)]
    pub guardians: Vec<Guardianship>,
    /// Names that the person had before. A certificate issued then carries the old one.
    #[serde(default)]
    pub former_names: Vec<FormerName>,
}

/// A name in Latin letters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LatinName {
    /// Family name.
    pub surname: String,
    /// Given name.
    pub name: String,
}

/// A certificate of the civil registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CivilCertificate {
    /// Its number.
    pub number: String,
    /// When it was issued.
    pub begin_date: Date,
    /// Who issued it.
    pub issuer: Issuer,
}

/// A name of a place in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceName {
    /// Kazakh.
    pub kk: String,
    /// Russian.
    pub ru: String,
}

/// Where somebody was born.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BirthPlace {
    /// Country.
    pub country: Country,
    /// Region or city of republican rank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<PlaceName>,
    /// District.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub district: Option<PlaceName>,
    /// City or village.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<PlaceName>,
}

/// An address with the time that somebody was registered at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Country.
    pub country: Country,
    /// Region or city of republican rank.
    pub region: PlaceName,
    /// District.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub district: Option<PlaceName>,
    /// City or village.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<PlaceName>,
    /// Street or quarter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// House.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<String>,
    /// Block of the house.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corpus: Option<String>,
    /// Flat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flat: Option<String>,
    /// Since when.
    pub begin_date: Date,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date: Option<Date>,
    /// The code of the address register (`arCode`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ar_code: Option<String>,
}

/// What a court has said of somebody's capability to act.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capability {
    /// Whether there is any.
    #[serde(default)]
    pub status: CapabilityStatus,
    /// The decision; none while nobody has decided anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Declared>,
}

/// What somebody has declared, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    /// From which day.
    pub since: Date,
    /// By whom or why.
    pub by: String,
}

/// An identity document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityDocument {
    /// Passport, identity card or foreign document.
    #[serde(rename = "type")]
    pub kind: DocumentType,
    /// Its number.
    pub number: String,
    /// Its series, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// When it was issued.
    pub begin_date: Date,
    /// Its last day; none for one without a term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date: Option<Date>,
    /// Who issued it.
    pub issuer: Issuer,
    /// What the register says of it.
    #[serde(default)]
    pub status: DocumentStatus,
}

impl IdentityDocument {
    /// How the document stands on a day.
    pub fn state_on(&self, day: Date) -> DocumentState {
        if self.status != DocumentStatus::Valid {
            DocumentState::Annulled
        } else if day < self.begin_date {
            DocumentState::NotYet
        } else if self.end_date.is_some_and(|end| end < day) {
            DocumentState::Expired
        } else {
            DocumentState::Valid
        }
    }
}

/// How a document stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentState {
    /// It can be used.
    Valid,
    /// Its term is over.
    Expired,
    /// The register says that it is annulled or lost.
    Annulled,
    /// It is issued later.
    NotYet,
}

/// Who is guardian, and by which order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guardianship {
    /// The guardian.
    pub guardian: Iin,
    /// From which day.
    pub since: Date,
    /// The number of the order.
    pub order: String,
}

/// A name that is not borne any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormerName {
    /// Family name.
    pub surname: String,
    /// Given name.
    pub name: String,
    /// Father's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patronymic: Option<String>,
    /// The last day that it was borne.
    pub until: Date,
}

/// Who belongs to somebody. Made up from the records when it is asked for, so that it never contradicts them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    /// Mother and father.
    pub parents: Vec<Iin>,
    /// Those who name the person as a parent.
    pub children: Vec<Iin>,
    /// The person's guardians.
    pub guardians: Vec<Iin>,
    /// Those who name the person as guardian.
    pub wards: Vec<Iin>,
    /// Those who have a parent in common with the person and were born on the same day or a day apart.
    pub twins: Vec<Iin>,
}

/// A child that was born but is in no register yet: there is a certificate of the maternity ward, and no IIN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Newborn {
    /// The mother.
    pub mother: Iin,
    /// Boy or girl.
    pub gender: Gender,
    /// The day of birth.
    pub birth_date: Date,
    /// Number of the maternity ward's certificate.
    pub medical_certificate: String,
}

impl PersonRecord {
    /// Surname, name and patronymic with spaces.
    pub fn full_name(&self) -> String {
        let parts = [Some(&self.surname), Some(&self.name), self.patronymic.as_ref()];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// Full years on a day; negative before birth.
    pub fn age_on(&self, day: Date) -> i16 {
        age(self.birth_date, day)
    }
}

/// Full years between a birth and a day.
pub(super) fn age(born: Date, day: Date) -> i16 {
    let had_birthday = (day.month(), day.day()) >= (born.month(), born.day());
    day.year() - born.year() - i16::from(!had_birthday)
}
