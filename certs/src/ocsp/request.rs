//! Questions (RFC 6960, 4.1).

use super::{CertId, OcspError};
use crate::crl::read_extension;
use crate::der::{OCTET_STRING, Reader, SEQUENCE};
use crate::issue::extension;
use crate::{der, oid};

/// More certificates than this in one question are refused.
const MOST_CERTIFICATES: usize = 100;

/// A question as received. A signature on it is not looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OcspRequest {
    /// The certificates asked about.
    pub certificates: Vec<CertId>,
    /// Content of the nonce extension, to be repeated as it is.
    pub nonce: Option<Vec<u8>>,
}

/// Writes the question about one certificate, with a nonce (8 bytes, as the national software has it) if given.
pub fn request(certificate: &CertId, nonce: Option<[u8; 8]>) -> Vec<u8> {
    let row = der::sequence(&[&der::sequence(&[certificate.to_der()])]);
    let extensions = nonce.map(|nonce| {
        let value = der::octets(&nonce);
        let extension = extension::write(oid::OCSP_NONCE, false, &value);
        der::element(0xa2, &[&der::sequence(&[&extension])])
    });
    der::sequence(&[&der::sequence(&[&row, &extensions.unwrap_or_default()])])
}

impl OcspRequest {
    /// Reads exactly one question in DER.
    pub fn from_der(der: &[u8]) -> Result<Self, OcspError> {
        let mut outer = Reader::only(der, SEQUENCE)?.reader();
        let mut fields = outer.sequence()?;
        // A signature may follow.
        outer.optional(0xa0)?;
        outer.end()?;
        fields.optional(0xa0)?;
        fields.optional(0xa1)?;
        let mut row = fields.sequence()?;
        let mut certificates = Vec::new();
        while !row.is_empty() {
            let mut single = row.sequence()?;
            certificates.push(CertId::read(&mut single)?);
            single.optional(0xa0)?;
            single.end()?;
            if certificates.len() > MOST_CERTIFICATES {
                return Err(crate::DerError::Value { what: "the list of certificates" }.into());
            }
        }
        let mut nonce = None;
        if let Some(wrapper) = fields.optional(0xa2)? {
            let mut extensions = wrapper.reader().sequence()?;
            while !extensions.is_empty() {
                match read_extension(&mut extensions)? {
                    (oid::OCSP_NONCE, _, value) => nonce = Some(value.to_vec()),
                    (oid, true, _) => return Err(OcspError::CriticalExtension { oid }),
                    _ => {}
                }
            }
        }
        fields.end()?;
        Ok(Self { certificates, nonce })
    }

    /// The nonce without its OCTET STRING.
    pub fn nonce_bytes(&self) -> Option<&[u8]> {
        let content = self.nonce.as_deref()?;
        Some(Reader::only(content, OCTET_STRING).map_or(content, |octets| octets.value))
    }
}
