//! Writing SignedData.

use certs::der::{self, OCTET_STRING, SET};
use certs::{Certificate, KeyError, KeyPair, SignatureAlgorithm, oid};
use jiff::Timestamp;

use super::{Mode, sha256};

/// [0], around an explicit field or in place of a SET's own identifier octet.
const CONTEXT_0: u8 = 0xa0;

pub(super) fn signed_data(
    content: &[u8],
    mode: Mode,
    key: &KeyPair,
    certificate: &Certificate,
    at: Timestamp,
) -> Result<Vec<u8>, KeyError> {
    let attributes = der::set_of(signed_attributes(content, key, certificate, at));
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
    let inside = match mode {
        Mode::Detached => Vec::new(),
        Mode::Attached => der::element(CONTEXT_0, &[&der::octets(content)]),
    };
    let body = der::sequence(&[
        &der::integer(1),
        &der::set_of(vec![digest_algorithm]),
        &der::sequence(&[&der::oid(oid::DATA), &inside]),
        &der::element(CONTEXT_0, &[certificate.der()]),
        &der::set_of(vec![signer]),
    ]);
    Ok(der::sequence(&[&der::oid(oid::SIGNED_DATA), &der::element(CONTEXT_0, &[&body])]))
}

/// What the signature is over: a SET OF these.
fn signed_attributes(
    content: &[u8],
    key: &KeyPair,
    certificate: &Certificate,
    at: Timestamp,
) -> Vec<Vec<u8>> {
    // ESSCertIDv2 with its default hash, SHA-256, and nothing else in it.
    let certificate_hash = der::octets(sha256(certificate.der()).as_ref());
    let signing_certificate = der::sequence(&[&der::sequence(&[&der::sequence(&[&certificate_hash])])]);
    let attribute = |kind, value: &[u8]| der::sequence(&[&der::oid(kind), &der::element(SET, &[value])]);
    let digest = key.algorithm().digest(content);
    vec![
        attribute(oid::CONTENT_TYPE, &der::oid(oid::DATA)),
        attribute(oid::SIGNING_TIME, &der::time(at)),
        attribute(oid::MESSAGE_DIGEST, &der::element(OCTET_STRING, &[&digest])),
        attribute(oid::SIGNING_CERTIFICATE_V2, &signing_certificate),
    ]
}

/// The same element with another identifier octet, as IMPLICIT tags have it.
pub(super) fn with_tag(tag: u8, mut element: Vec<u8>) -> Vec<u8> {
    if let Some(first) = element.first_mut() {
        *first = tag;
    }
    element
}
