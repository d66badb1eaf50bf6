//! НУЦ: the certification centre with its registry, over the store.
//!
//! `certs` knows how a certificate, a list and an answer look; here they are issued, remembered and served. A
//! change of a certificate's status and the new list are committed together, so CRL and OCSP never disagree.

mod branches;
mod bundles;
mod centre;
mod changes;
mod http;
mod kept;
mod lists;
mod moment;
mod new_key;
mod odd;
mod order;
mod stamper;
mod trust;
mod trusted;

pub use bundles::{File, bundles};
pub use centre::CertificationCentre;
pub use http::router;
pub use kept::{KeptCertificate, Status};
pub use new_key::NewKey;
pub use odd::Oddity;
pub use order::{Issued, OrderRequest, PASSWORD};
pub use trusted::{Import, TrustedCentre, test_centres};
