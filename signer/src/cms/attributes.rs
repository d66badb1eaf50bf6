//! Signed attributes (RFC 5652, 11, and RFC 5035).

use certs::der::{DerError, OCTET_STRING, Reader, SEQUENCE, SET};
use certs::{ObjectIdentifier, der, oid};
use jiff::Timestamp;

use super::CmsError;

/// The attributes that a verifier looks at; each stands at most once and has one value.
#[derive(Default)]
pub(super) struct Attributes {
    pub(super) content_type: Option<ObjectIdentifier>,
    pub(super) message_digest: Option<Vec<u8>>,
    pub(super) signing_time: Option<Timestamp>,
    /// SHA-256 of the signer's certificate, from signingCertificateV2.
    pub(super) certificate_hash: Option<Vec<u8>>,
}

impl Attributes {
    /// Reads a SET OF Attribute.
    pub(super) fn read(set: &[u8]) -> Result<Self, CmsError> {
        let mut all = Self::default();
        let mut seen = Vec::new();
        let mut attributes = Reader::only(set, SET)?.reader();
        while !attributes.is_empty() {
            let mut fields = attributes.sequence()?;
            let kind = fields.oid()?;
            let mut values = fields.expect(SET)?.reader();
            fields.end()?;
            if seen.contains(&kind) {
                return Err(CmsError::Malformed { what: "a signed attribute stands twice" });
            }
            seen.push(kind);
            if all.take(kind, &mut values)? && !values.is_empty() {
                return Err(CmsError::Malformed { what: "a signed attribute has several values" });
            }
        }
        Ok(all)
    }

    /// Whether it was one of ours, which have one value.
    fn take(&mut self, kind: ObjectIdentifier, values: &mut Reader<'_>) -> Result<bool, DerError> {
        match kind {
            oid::CONTENT_TYPE => self.content_type = Some(values.oid()?),
            oid::MESSAGE_DIGEST => self.message_digest = Some(values.expect(OCTET_STRING)?.value.to_vec()),
            oid::SIGNING_TIME => self.signing_time = Some(values.time()?),
            oid::SIGNING_CERTIFICATE_V2 => self.certificate_hash = certificate_hash(values.sequence()?)?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// The hash of the first certificate of signingCertificateV2 (RFC 5035, 3), when it is SHA-256, the default.
fn certificate_hash(mut signing_certificate: Reader<'_>) -> Result<Option<Vec<u8>>, DerError> {
    let mut first = signing_certificate.sequence()?.sequence()?;
    let is_sha256 = match first.optional(SEQUENCE)? {
        Some(algorithm) => algorithm.reader().oid()? == oid::SHA256,
        None => true,
    };
    let hash = first.expect(OCTET_STRING)?.value;
    Ok(is_sha256.then(|| hash.to_vec()))
}

/// The same attributes in the order that DER wants, if they are not in it.
pub(super) fn in_order(set: &[u8]) -> Result<Option<Vec<u8>>, DerError> {
    let mut attributes = Reader::only(set, SET)?.reader();
    let mut all = Vec::new();
    while !attributes.is_empty() {
        all.push(attributes.element()?.whole.to_vec());
    }
    Ok(if all.is_sorted() { None } else { Some(der::set_of(all)) })
}
