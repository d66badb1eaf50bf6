//! The people database (ГБД ФЛ): who there is, with documents, addresses and family.
//!
//! [`People`] keeps it in the store and answers [`find`](People::find). A [`Population`] is made from a seed; its
//! [`Persona`]s are there for every branch that a counter can take. No number of theirs was ever issued to anybody.
//!
//! It knows no regulation: that somebody is dead or not there is what it answers, and what follows from it is said
//! elsewhere.

mod check;
mod columns;
mod dictionary;
mod error;
mod http;
mod names;
pub mod national;
mod persona;
mod population;
mod random;
mod record;
mod registry;
pub mod transfer;

pub(crate) use check::text_fault;
pub use check::{ImportRules, LONGEST_TEXT, MOST_PER_PERSON};
pub use dictionary::{
    CapabilityStatus, Country, DocumentStatus, DocumentType, Entry, Gender, Issuer, LifeStatus, Nationality,
    UnknownCode,
};
pub use error::RegisterError;
pub(crate) use http::{Allowed, As, file, format_of};
pub use http::{Desk, Found, Generate, NamedPersona, Played, personas_router, router, today};
pub use persona::{Cast, Persona, PriorityDocument, UnknownPersona};
pub use population::{MOST_GENERATED, PlanError, Population, PopulationPlan};
pub use record::{
    Address, BirthPlace, Capability, CivilCertificate, Declared, DocumentState, Family, FormerName,
    Guardianship, IdentityDocument, LatinName, Newborn, PersonRecord, PlaceName,
};
pub use registry::{Imported, Made, Origin, People};
