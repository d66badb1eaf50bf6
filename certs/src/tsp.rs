//! Time stamps (RFC 3161): what both sides say to each other.
//!
//! A [`TimestampRequest`] asks, a [`TimestampInfo`] is what is signed, [`granted`] and [`rejected`] are the answers.
//! The signature around the info is a CMS one, which the floor above makes and verifies.

mod info;
mod request;
mod response;

use const_oid::ObjectIdentifier;

use crate::der::{DerError, OCTET_STRING, Reader};
use crate::{Algorithm, der, oid};

pub use info::TimestampInfo;
pub use request::TimestampRequest;
pub use response::{Rejection, TimestampResponse, granted, rejected};

/// Why bytes are no message of the time-stamp protocol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TspError {
    /// The encoding is broken.
    #[error("not a time-stamp message: {0}")]
    Der(#[from] DerError),
    /// A version other than 1.
    #[error("a time-stamp message of another version than 1")]
    Version,
    /// A critical extension that nothing here evaluates.
    #[error("the time-stamp message has the critical extension {oid}, which is not evaluated")]
    CriticalExtension {
        /// Its OID.
        oid: ObjectIdentifier,
    },
    /// The digest has not the length of its algorithm, or the algorithm is too weak or unknown.
    #[error("the digest algorithm {oid} is not accepted, or the digest is of another length")]
    Digest {
        /// The algorithm.
        oid: ObjectIdentifier,
    },
    /// A status that RFC 3161 does not know.
    #[error("unknown time-stamp status {code}")]
    UnknownStatus {
        /// The code.
        code: u8,
    },
}

/// The policy of time stamps signed by keys of an algorithm. The national profile has none for P-256, which gets the
/// arm above the others, and one for both lengths of GOST 34.10-2015.
pub const fn policy(algorithm: Algorithm) -> ObjectIdentifier {
    match algorithm {
        Algorithm::P256 => oid::POLICY_TIMESTAMP,
        Algorithm::Rsa => oid::POLICY_TIMESTAMP_RSA,
        Algorithm::Gost512 | Algorithm::Gost256 => oid::POLICY_TIMESTAMP_GOST,
        Algorithm::Gost2004 => oid::POLICY_TIMESTAMP_GOST_2004,
    }
}

/// The algorithm whose policy this is; of GOST 34.10-2015 the one with 512 bits.
pub fn algorithm_of(asked: ObjectIdentifier) -> Option<Algorithm> {
    Algorithm::ALL.iter().copied().find(|&algorithm| policy(algorithm) == asked)
}

/// A digest with its algorithm: what is stamped (RFC 3161, 2.4.1, MessageImprint).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imprint {
    /// The algorithm.
    pub hash: ObjectIdentifier,
    /// The digest.
    pub digest: Vec<u8>,
}

impl Imprint {
    /// Of `message`, with the digest that goes with keys of `algorithm`.
    pub fn of(algorithm: Algorithm, message: &[u8]) -> Self {
        Self { hash: algorithm.digest_oid(), digest: algorithm.digest(message) }
    }

    /// Whether it is a digest of `message`, by an algorithm that is accepted.
    ///
    /// # Errors
    /// [`TspError::Digest`] for algorithms that are not.
    pub fn is_of(&self, message: &[u8]) -> Result<bool, TspError> {
        use sha2::Digest as _;
        let digest = match self.hash {
            oid::SHA384 => sha2::Sha384::digest(message).to_vec(),
            oid::SHA512 => sha2::Sha512::digest(message).to_vec(),
            oid => Algorithm::with_digest(oid).ok_or(TspError::Digest { oid })?.digest(message),
        };
        Ok(self.digest == digest)
    }

    /// That the algorithm is accepted and the digest is of its length.
    ///
    /// # Errors
    /// [`TspError::Digest`].
    pub fn check(&self) -> Result<(), TspError> {
        let length = match self.hash {
            oid::SHA256 | oid::GOST_DIGEST_256 | oid::GOST_DIGEST_95 => 32,
            oid::SHA384 => 48,
            oid::SHA512 | oid::GOST_DIGEST_512 => 64,
            oid => return Err(TspError::Digest { oid }),
        };
        if self.digest.len() == length { Ok(()) } else { Err(TspError::Digest { oid: self.hash }) }
    }

    fn to_der(&self) -> Vec<u8> {
        der::sequence(&[&der::identifier_with_null(self.hash), &der::octets(&self.digest)])
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DerError> {
        let mut fields = reader.sequence()?;
        let hash = fields.sequence()?.oid()?;
        let digest = fields.expect(OCTET_STRING)?.value.to_vec();
        fields.end()?;
        Ok(Self { hash, digest })
    }
}

#[cfg(test)]
mod tests;
