//! Writing SignedData.

use certs::{Certificate, KeyError, KeyPair, SignatureAlgorithm};
use der::Encode;
use der::asn1::ObjectIdentifier;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::ber::push_length;
use super::{Mode, oid, sha256};

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const CONTEXT_0: u8 = 0xa0;

pub(super) fn signed_data(
    content: &[u8],
    mode: Mode,
    key: &KeyPair,
    certificate: &Certificate,
    at: Timestamp,
) -> Result<Vec<u8>, KeyError> {
    let attributes = signed_attributes(content, certificate, at);
    let signature = key.sign(&tlv(SET, &[&attributes]))?;
    let digest_algorithm = tlv(SEQUENCE, &[&oid_der(oid::SHA256)]);
    let signer = tlv(
        SEQUENCE,
        &[
            &tlv(INTEGER, &[&[1]]),
            &tlv(SEQUENCE, &[certificate.issuer_der(), &tlv(INTEGER, &[certificate.serial()])]),
            &digest_algorithm,
            &tlv(CONTEXT_0, &[&attributes]),
            &SignatureAlgorithm::of(key.algorithm()).to_der(),
            &tlv(OCTET_STRING, &[&signature]),
        ],
    );
    let encapsulated = match mode {
        Mode::Detached => tlv(SEQUENCE, &[&oid_der(oid::DATA)]),
        Mode::Attached => {
            let inside = tlv(CONTEXT_0, &[&tlv(OCTET_STRING, &[content])]);
            tlv(SEQUENCE, &[&oid_der(oid::DATA), &inside])
        }
    };
    let signed = tlv(
        SEQUENCE,
        &[
            &tlv(INTEGER, &[&[1]]),
            &tlv(SET, &[&digest_algorithm]),
            &encapsulated,
            &tlv(CONTEXT_0, &[certificate.der()]),
            &tlv(SET, &[&signer]),
        ],
    );
    Ok(tlv(SEQUENCE, &[&oid_der(oid::SIGNED_DATA), &tlv(CONTEXT_0, &[&signed])]))
}

/// The attributes' encodings in the order that DER wants of a SET OF, without the SET's header.
fn signed_attributes(content: &[u8], certificate: &Certificate, at: Timestamp) -> Vec<u8> {
    let certificate_hash = tlv(OCTET_STRING, &[sha256(certificate.der()).as_ref()]);
    let signing_certificate = tlv(SEQUENCE, &[&tlv(SEQUENCE, &[&tlv(SEQUENCE, &[&certificate_hash])])]);
    let mut attributes = [
        attribute(oid::CONTENT_TYPE, &oid_der(oid::DATA)),
        attribute(oid::SIGNING_TIME, &time(at)),
        attribute(oid::MESSAGE_DIGEST, &tlv(OCTET_STRING, &[sha256(content).as_ref()])),
        attribute(oid::SIGNING_CERTIFICATE_V2, &signing_certificate),
    ];
    attributes.sort();
    attributes.concat()
}

fn attribute(kind: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    tlv(SEQUENCE, &[&oid_der(kind), &tlv(SET, &[value])])
}

/// UTCTime through 2049, GeneralizedTime after (RFC 5652 §11.3).
fn time(at: Timestamp) -> Vec<u8> {
    let utc = at.to_zoned(TimeZone::UTC);
    let year = utc.year();
    let rest = utc.strftime("%m%d%H%M%SZ").to_string();
    if (1950..2050).contains(&year) {
        tlv(UTC_TIME, &[format!("{:02}{rest}", year % 100).as_bytes()])
    } else {
        tlv(GENERALIZED_TIME, &[format!("{year:04}{rest}").as_bytes()])
    }
}

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(length + 6);
    out.push(tag);
    push_length(&mut out, length);
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

fn oid_der(oid: ObjectIdentifier) -> Vec<u8> {
    // Encoding an identifier that was made from a constant cannot fail.
    oid.to_der().unwrap_or_default()
}
