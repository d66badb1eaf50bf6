//! Writing SignedData.

use certs::der::{self, OCTET_STRING, SET};
use certs::{Certificate, KeyError, KeyPair, ObjectIdentifier, SignatureAlgorithm, oid};
use jiff::Timestamp;

use super::{Mode, sha256};

/// [0], around an explicit field or in place of a SET's own identifier octet.
const CONTEXT_0: u8 = 0xa0;

/// What is signed, and how.
pub(crate) struct Draft<'a> {
    pub(crate) content: &'a [u8],
    /// Of what type the content is.
    pub(crate) kind: ObjectIdentifier,
    pub(crate) mode: Mode,
    pub(crate) key: &'a KeyPair,
    pub(crate) certificate: &'a Certificate,
    /// Whether the certificate goes into the signature.
    pub(crate) enclosed: bool,
    /// In whole seconds.
    pub(crate) at: Timestamp,
}

impl Draft<'_> {
    /// The DER of the SignedData.
    pub(crate) fn signed(&self) -> Result<Vec<u8>, KeyError> {
        let Self { content, key, certificate, .. } = self;
        let attributes = der::set_of(self.attributes());
        let signature = key.sign(&attributes)?;
        let digest_algorithm = der::sequence(&[&der::oid(key.algorithm().digest_oid())]);
        let serial = der::integer_content(certificate.serial());
        let signer = der::sequence(&[
            &der::integer(1),
            &der::sequence(&[certificate.issuer_der(), &serial]),
            &digest_algorithm,
            &with_tag(CONTEXT_0, attributes),
            &SignatureAlgorithm::of(key.algorithm()).to_der(),
            &der::octets(&signature),
        ]);
        let inside = match self.mode {
            Mode::Detached => Vec::new(),
            Mode::Attached => der::element(CONTEXT_0, &[&der::octets(content)]),
        };
        let enclosed = if self.enclosed { der::element(CONTEXT_0, &[certificate.der()]) } else { Vec::new() };
        let body = der::sequence(&[
            // 3 for anything but plain data (RFC 5652, 5.1).
            &der::integer(if self.kind == oid::DATA { 1 } else { 3 }),
            &der::set_of(vec![digest_algorithm]),
            &der::sequence(&[&der::oid(self.kind), &inside]),
            &enclosed,
            &der::set_of(vec![signer]),
        ]);
        Ok(der::sequence(&[&der::oid(oid::SIGNED_DATA), &der::element(CONTEXT_0, &[&body])]))
    }

    /// What the signature is over: a SET OF these.
    fn attributes(&self) -> Vec<Vec<u8>> {
        // ESSCertIDv2 with its default hash, SHA-256, and nothing else in it.
        let certificate_hash = der::octets(sha256(self.certificate.der()).as_ref());
        let signing_certificate = der::sequence(&[&der::sequence(&[&der::sequence(&[&certificate_hash])])]);
        let digest = self.key.algorithm().digest(self.content);
        vec![
            attribute(oid::CONTENT_TYPE, &der::oid(self.kind)),
            attribute(oid::SIGNING_TIME, &der::time(self.at)),
            attribute(oid::MESSAGE_DIGEST, &der::element(OCTET_STRING, &[&digest])),
            attribute(oid::SIGNING_CERTIFICATE_V2, &signing_certificate),
        ]
    }
}

/// An attribute with one value.
pub(super) fn attribute(kind: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    der::sequence(&[&der::oid(kind), &der::element(SET, &[value])])
}

/// The same element with another identifier octet, as IMPLICIT tags have it.
pub(super) fn with_tag(tag: u8, mut element: Vec<u8>) -> Vec<u8> {
    if let Some(first) = element.first_mut() {
        *first = tag;
    }
    element
}
