//! What keeps bytes from being a certificate.

use crate::{DerError, PublicKeyError};

/// Why bytes are not a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// Neither DER nor PEM with a CERTIFICATE in it.
    #[error("neither a DER certificate nor PEM with a CERTIFICATE block")]
    NotPem,
    /// The encoding is broken.
    #[error("not a certificate: {0}")]
    Der(#[from] DerError),
    /// The structure is not that of a certificate.
    #[error("not a certificate: {reason}")]
    Structure {
        /// What the parser says.
        reason: String,
    },
    /// An extension is malformed.
    #[error("the certificate's extension {oid} is malformed")]
    Extension {
        /// Its OID.
        oid: String,
    },
    /// An extension stands twice.
    #[error("the certificate has the extension {oid} twice")]
    DuplicateExtension {
        /// Its OID.
        oid: String,
    },
    /// The algorithm inside what is signed is not the one outside (RFC 5280, 4.1.1.2).
    #[error("the certificate names two different signature algorithms")]
    TwoAlgorithms,
    /// The validity period is outside what we can hold.
    #[error("the certificate's validity period is out of range")]
    Validity,
    /// The public key is malformed.
    #[error(transparent)]
    PublicKey(#[from] PublicKeyError),
}
