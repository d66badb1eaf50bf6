//! CMS signatures (RFC 5652), detached and attached, with the signed attributes of CAdES-BES.
//!
//! Written over raw DER instead of a CMS crate for two reasons: signed attributes must be hashed as they were
//! received, and the signature algorithm is whatever `certs` knows, not a closed list.

mod ber;
mod read;
mod write;

use certs::{Certificate, KeyError, KeyPair};
use jiff::Timestamp;
use ring::digest;

pub use read::{SignedData, Signer};

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

/// Signs content: SHA-256, signed attributes contentType, signingTime, messageDigest, signingCertificateV2.
///
/// `at` becomes the signing time, in whole seconds.
pub fn sign(
    content: &[u8],
    mode: Mode,
    key: &KeyPair,
    certificate: &Certificate,
    at: Timestamp,
) -> Result<Vec<u8>, KeyError> {
    write::signed_data(content, mode, key, certificate, at)
}

pub(crate) fn sha256(bytes: &[u8]) -> digest::Digest {
    digest::digest(&digest::SHA256, bytes)
}

mod oid {
    use der::asn1::ObjectIdentifier;

    pub(super) const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
    pub(super) const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
    pub(super) const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
    pub(super) const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
    pub(super) const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
    pub(super) const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
    pub(super) const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
    pub(super) const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
    pub(super) const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
    pub(super) const SHA256_WITH_RSA: ObjectIdentifier =
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
    pub(super) const SHA384_WITH_RSA: ObjectIdentifier =
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
    pub(super) const SHA512_WITH_RSA: ObjectIdentifier =
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
    pub(super) const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, individual};

    #[test]
    fn what_is_signed_verifies_and_nothing_else() {
        for algorithm in [certs::Algorithm::P256, certs::Algorithm::Rsa] {
            let (key, certificate) = individual(algorithm);
            let detached = sign(b"text", Mode::Detached, &key, &certificate, at()).unwrap();
            let signed = SignedData::from_ber(&detached).unwrap();
            let signers = signed.verify_detached(b"text").unwrap();
            assert_eq!(signers[0].certificate, certificate);
            assert_eq!(signers[0].signing_time, Some(at()));
            assert_eq!(signed.verify_detached(b"texts").unwrap_err(), CmsError::Digest);
            assert!(matches!(signed.verify_attached().unwrap_err(), CmsError::Content { .. }));

            let attached = sign(b"text", Mode::Attached, &key, &certificate, at()).unwrap();
            let (content, _) = SignedData::from_ber(&attached).unwrap().verify_attached().unwrap();
            assert_eq!(content, b"text");
        }
    }

    #[test]
    fn no_flipped_bit_verifies_as_the_same_signature_and_none_panics() {
        let (key, certificate) = individual(certs::Algorithm::P256);
        let good = sign(b"text", Mode::Detached, &key, &certificate, at()).unwrap();
        for index in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[index / 8] ^= 1 << (index % 8);
            let Ok(signed) = SignedData::from_ber(&bad) else { continue };
            if let Ok(signers) = signed.verify_detached(b"text") {
                // Only what no signature covers may differ: versions, the digest list, the unused outer parts.
                assert_eq!(signers[0].certificate, certificate, "bit {index}");
            }
        }
    }
}
