//! What is told of a new key of an issuing centre.

use certs::{Algorithm, Authority};
use serde::{Deserialize, Serialize};

/// The issuing centre's key, and its certificate by the root.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewKey {
    /// The hierarchy.
    pub algorithm: Algorithm,
    /// The how many-eth key it is, from 1.
    pub generation: usize,
    /// The centre's name, which stays.
    pub subject: String,
    /// The identifier of the key in hexadecimal.
    pub key_id: String,
    /// PEM.
    pub certificate: String,
}

impl NewKey {
    pub(super) fn of(authority: &Authority) -> Self {
        let certificate = authority.issuing();
        Self {
            algorithm: authority.algorithm(),
            generation: authority.generation(),
            subject: certificate.subject(),
            key_id: hex::encode(certificate.public_key().key_id()),
            certificate: certificate.pem(),
        }
    }
}
