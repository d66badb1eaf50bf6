//! The test PKI of Qaqpa: identity numbers, the world's clock, keys, certificates of the national profile,
//! revocation lists, OCSP, time stamps, PKCS#12, certificates with named flaws, and the words of a verdict.
//!
//! Everything here is pure: bytes in, bytes out. Nothing opens a socket, a file or a database, and machine time is
//! read in one place only ([`Clock`]). No trust in anything outside a sandbox is imitated: every certification
//! centre made here, and every certificate it issues, says TEST in its name.

mod algorithm;
mod authority;
mod certificate;
mod clock;
mod crl;
pub mod der;
mod distribution;
mod flaw;
mod general_name;
mod gost;
mod identity;
mod issue;
mod key;
mod name_constraints;
mod names;
pub mod ocsp;
pub mod oid;
mod order;
mod pem;
pub mod pkcs12;
mod profile;
mod public_key;
mod revocation;
mod role;
mod signature_algorithm;
mod subject;
mod text;
pub mod tsp;
pub mod verdict;

pub use algorithm::{Algorithm, UnknownAlgorithm};
pub use authority::{Authority, AuthorityError, AuthorityState, Branch, BranchKind, BranchState, ListFile};
pub use certificate::{Certificate, CertificateError, KeyUsage, PolicyConstraints};
pub use clock::{Clock, ClockError, ClockState, whole_second};
pub use const_oid::ObjectIdentifier;
pub use crl::{Crl, CrlError};
pub use der::DerError;
pub use distribution::{DistributionPoint, ListScope, PointName, Reasons};
pub use flaw::{Flaw, Must, Part, UnknownFlaw};
pub use general_name::GeneralName;
pub use identity::{Bin, BinKind, CheckDigit, Identifier, IdentityError, Iin, Sex};
pub use issue::SigningError;
pub use key::{KeyError, KeyPair};
pub use name_constraints::NameConstraints;
pub use names::Name;
pub use order::{IssueError, Issued, Order, OrderedAlgorithm, RevocationBy};
pub use profile::{Profile, Purpose, UnknownProfile};
pub use public_key::{AlgorithmPolicy, PublicKey, PublicKeyError, SignatureError};
pub use revocation::{CertStatus, Reason, RevokedEntry, UnknownReason};
pub use role::{Role, UnknownRole};
pub use signature_algorithm::SignatureAlgorithm;
pub use subject::{Organisation, Person, Subject, SystemName};
pub use text::{Lang, Text, UnknownLang};
