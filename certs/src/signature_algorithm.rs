//! How a signature says what it was made with.

use const_oid::ObjectIdentifier;

use crate::der::{DerError, Reader, SEQUENCE};
use crate::{Algorithm, der};

/// The algorithm of a signature as its AlgorithmIdentifier states it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SignatureAlgorithm {
    /// OID of the signature algorithm.
    pub oid: ObjectIdentifier,
    /// DER of the parameters, if any.
    pub parameters: Option<Vec<u8>>,
}

impl SignatureAlgorithm {
    /// The one that keys of `algorithm` sign with: parameters are absent for ECDSA (RFC 5758, 3.2) and NULL for RSA
    /// (RFC 4055, 5) and, as the national centre writes it, for GOST.
    pub fn of(algorithm: Algorithm) -> Self {
        let parameters = if algorithm == Algorithm::P256 { None } else { Some(vec![5, 0]) };
        Self { oid: algorithm.signature_oid(), parameters }
    }

    /// The DER of the AlgorithmIdentifier.
    pub fn to_der(&self) -> Vec<u8> {
        der::sequence(&[&der::oid(self.oid), self.parameters.as_deref().unwrap_or_default()])
    }

    /// Reads the DER of an AlgorithmIdentifier.
    pub fn from_der(der: &[u8]) -> Result<Self, DerError> {
        let mut reader = Reader::only(der, SEQUENCE)?.reader();
        let oid = reader.oid()?;
        let parameters = if reader.is_empty() { None } else { Some(reader.element()?.whole.to_vec()) };
        reader.end()?;
        Ok(Self { oid, parameters })
    }
}
