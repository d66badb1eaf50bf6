//! How OCSP names a certificate: by hashes of its issuer's name and key, and its serial.

use const_oid::ObjectIdentifier;
use sha2::Digest;

use crate::der::{DerError, INTEGER, OCTET_STRING, Reader, SEQUENCE};
use crate::{Certificate, der, oid};

/// A CertID (RFC 6960, 4.1.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CertId {
    /// OID of the hash.
    pub hash: ObjectIdentifier,
    /// Hash of the DER of the issuer's Name.
    pub issuer_name_hash: Vec<u8>,
    /// Hash of the content of the issuer's key BIT STRING.
    pub issuer_key_hash: Vec<u8>,
    /// Content of the serial's INTEGER.
    pub serial: Vec<u8>,
    /// The whole as received or to be sent: an answer repeats it byte for byte.
    der: Vec<u8>,
}

/// A hash that CertIDs are made with. It names things and protects nothing, so SHA-1 is in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CertIdHash {
    /// What nearly all software asks with.
    Sha1,
    /// What the national software asks with.
    Sha256,
}

impl CertIdHash {
    /// The OID.
    pub const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sha1 => oid::SHA1,
            Self::Sha256 => oid::SHA256,
        }
    }

    fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => sha1::Sha1::digest(bytes).to_vec(),
            Self::Sha256 => sha2::Sha256::digest(bytes).to_vec(),
        }
    }
}

impl CertId {
    /// Names the certificate with `serial` (content of the INTEGER) by `issuer`.
    pub fn new(hash: CertIdHash, issuer: &Certificate, serial: &[u8]) -> Self {
        let issuer_name_hash = hash.digest(issuer.subject_der());
        let issuer_key_hash = hash.digest(issuer.public_key().bits());
        let der = der::sequence(&[
            &der::identifier_with_null(hash.oid()),
            &der::octets(&issuer_name_hash),
            &der::octets(&issuer_key_hash),
            &der::integer_content(serial),
        ]);
        Self { hash: hash.oid(), issuer_name_hash, issuer_key_hash, serial: serial.to_vec(), der }
    }

    /// Whether `issuer` is the one meant; false for a hash that we do not know.
    pub fn is_issued_by(&self, issuer: &Certificate) -> bool {
        let hash = match self.hash {
            oid::SHA1 => CertIdHash::Sha1,
            oid::SHA256 => CertIdHash::Sha256,
            _ => return false,
        };
        self.issuer_name_hash == hash.digest(issuer.subject_der())
            && self.issuer_key_hash == hash.digest(issuer.public_key().bits())
    }

    /// Whether it names the certificate with `serial` by `issuer`.
    pub fn names(&self, issuer: &Certificate, serial: &[u8]) -> bool {
        self.serial == serial && self.is_issued_by(issuer)
    }

    pub(super) fn to_der(&self) -> &[u8] {
        &self.der
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, DerError> {
        let element = reader.expect(SEQUENCE)?;
        let mut fields = element.reader();
        let hash = fields.sequence()?.oid()?;
        let issuer_name_hash = fields.expect(OCTET_STRING)?.value.to_vec();
        let issuer_key_hash = fields.expect(OCTET_STRING)?.value.to_vec();
        let serial = fields.expect(INTEGER)?.value.to_vec();
        fields.end()?;
        Ok(Self { hash, issuer_name_hash, issuer_key_hash, serial, der: element.whole.to_vec() })
    }
}
