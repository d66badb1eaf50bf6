//! Questions (RFC 3161, 2.4.1).

use const_oid::ObjectIdentifier;

use super::{Imprint, TspError};
use crate::crl::read_extension;
use crate::der;
use crate::der::{INTEGER, OID, Reader, SEQUENCE};

/// The identifier octet of a BOOLEAN.
const BOOLEAN: u8 = 0x01;

/// A question for a time stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampRequest {
    /// What is to be stamped.
    pub imprint: Imprint,
    /// Under which policy; the authority chooses when nothing is said.
    pub policy: Option<ObjectIdentifier>,
    /// The content of the nonce's INTEGER, to be repeated as it is.
    pub nonce: Option<Vec<u8>>,
    /// Whether the authority's certificate is to be in the stamp.
    pub wants_certificate: bool,
}

impl TimestampRequest {
    /// Asks for a stamp with the authority's certificate in it.
    pub fn new(imprint: Imprint, nonce: [u8; 8]) -> Self {
        Self { imprint, policy: None, nonce: Some(der::positive(&nonce)), wants_certificate: true }
    }

    /// The DER of the TimeStampReq.
    pub fn to_der(&self) -> Vec<u8> {
        let policy = self.policy.map(der::oid).unwrap_or_default();
        let nonce = self.nonce.as_deref().map(der::integer_content).unwrap_or_default();
        let certificate: &[u8] = if self.wants_certificate { &[BOOLEAN, 1, 0xff] } else { &[] };
        der::sequence(&[&der::integer(1), &self.imprint.to_der(), &policy, &nonce, certificate])
    }

    /// Reads exactly one question in DER. Whether its digest is accepted is not looked at.
    pub fn from_der(der: &[u8]) -> Result<Self, TspError> {
        let mut fields = Reader::only(der, SEQUENCE)?.reader();
        if fields.expect(INTEGER)?.value != [1] {
            return Err(TspError::Version);
        }
        let imprint = Imprint::read(&mut fields)?;
        let policy = if fields.peek() == Some(OID) { Some(fields.oid()?) } else { None };
        let nonce = fields.optional(INTEGER)?.map(|nonce| nonce.value.to_vec());
        let wants_certificate = fields.optional(BOOLEAN)?.is_some_and(|flag| flag.value != [0]);
        if let Some(extensions) = fields.optional(0xa0)? {
            let mut extensions = extensions.reader();
            while !extensions.is_empty() {
                if let (oid, true, _) = read_extension(&mut extensions)? {
                    return Err(TspError::CriticalExtension { oid });
                }
            }
        }
        fields.end()?;
        Ok(Self { imprint, policy, nonce, wants_certificate })
    }
}
