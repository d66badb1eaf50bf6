//! CMS signatures (RFC 5652), detached and attached, with the signed attributes of CAdES-BES.
//!
//! Written over [`certs::der`] instead of a CMS crate for two reasons: signed attributes must be hashed as they were
//! received, and the signature algorithm is whatever `certs` knows, not a closed list.

mod attributes;
mod read;
mod stamped;
mod write;

use certs::der::DerError;
use certs::{Certificate, KeyError, KeyPair, oid};
use jiff::Timestamp;
use ring::digest;

pub use read::{SignedData, Signer};
pub use stamped::with_timestamp;
pub(crate) use write::Draft;

/// Whether the content goes into the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The content stands elsewhere.
    Detached,
    /// The content is inside.
    Attached,
}

/// Why a signature cannot be read or does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CmsError {
    /// Not a SignedData.
    #[error("not a CMS SignedData: {what}")]
    Malformed {
        /// What was met.
        what: &'static str,
    },
    /// The encoding is broken, or another field stands where one was expected.
    #[error("not a CMS SignedData: {0}")]
    Encoding(#[from] DerError),
    /// The signer's certificate is not among those inside.
    #[error("the signer's certificate is not in the signature")]
    NoCertificate,
    /// A certificate inside does not parse.
    #[error("a certificate in the signature does not parse: {0}")]
    Certificate(String),
    /// A digest or signature algorithm that is not accepted.
    #[error("the algorithm {0} is not accepted")]
    Algorithm(String),
    /// No content, or content where there should be none.
    #[error("the signature has {found}, expected {expected}")]
    Content {
        /// What was found.
        found: &'static str,
        /// What was expected.
        expected: &'static str,
    },
    /// Over other bytes.
    #[error("the signature is over other bytes: the digest does not match")]
    Digest,
    /// The value does not verify.
    #[error("the signature value does not verify with the signer's key")]
    Value,
    /// The signing certificate attribute names another certificate.
    #[error("the signed attribute signingCertificateV2 names another certificate")]
    SigningCertificate,
    /// Not the number of signers that was expected.
    #[error("{found} signers where one was expected")]
    Signers {
        /// How many there are.
        found: usize,
    },
}

impl CmsError {
    /// Whether the signature was readable but does not hold.
    pub fn is_invalid(&self) -> bool {
        matches!(self, Self::Digest | Self::Value | Self::SigningCertificate)
    }
}

/// Signs content with the digest that goes with the key; signed attributes contentType, signingTime, messageDigest,
/// signingCertificateV2.
///
/// `at` becomes the signing time, in whole seconds.
pub fn sign(
    content: &[u8],
    mode: Mode,
    key: &KeyPair,
    certificate: &Certificate,
    at: Timestamp,
) -> Result<Vec<u8>, KeyError> {
    let draft = Draft { content, kind: oid::DATA, mode, key, certificate, enclosed: true, at };
    draft.signed()
}

fn sha256(bytes: &[u8]) -> digest::Digest {
    digest::digest(&digest::SHA256, bytes)
}

#[cfg(test)]
mod tests;
