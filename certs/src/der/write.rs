//! Writing, bottom up: an element is made from its finished parts.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::read::{BIT_STRING, ENUMERATED, INTEGER, OCTET_STRING, OID, SEQUENCE, SET};

/// One element with the given identifier octet.
pub fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(length + 6);
    header(&mut out, tag, length);
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// Identifier octet and length, in the shortest form.
pub(super) fn header(out: &mut Vec<u8>, tag: u8, length: usize) {
    out.push(tag);
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let octets = length.to_be_bytes().into_iter().skip_while(|&b| b == 0);
            out.push(0x80 | u8::try_from(octets.clone().count()).unwrap_or(0x7f));
            out.extend(octets);
        }
    }
}

/// A SEQUENCE of finished parts.
pub fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(SEQUENCE, parts)
}

/// A SEQUENCE OF or, with another tag, whatever else is a row of elements.
pub fn row(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    element(tag, &parts)
}

/// An OBJECT IDENTIFIER.
pub fn oid(oid: ObjectIdentifier) -> Vec<u8> {
    element(OID, &[oid.as_bytes()])
}

/// An OCTET STRING.
pub fn octets(value: &[u8]) -> Vec<u8> {
    element(OCTET_STRING, &[value])
}

/// A BIT STRING of whole bytes.
pub fn bits(value: &[u8]) -> Vec<u8> {
    element(BIT_STRING, &[&[0], value])
}

/// An INTEGER whose content is already in DER form, such as a serial as received.
pub fn integer_content(content: &[u8]) -> Vec<u8> {
    element(INTEGER, &[content])
}

/// An INTEGER.
pub fn integer(value: u64) -> Vec<u8> {
    integer_content(&positive(&value.to_be_bytes()))
}

/// The content of an INTEGER for an unsigned number in big-endian bytes.
pub fn positive(big_endian: &[u8]) -> Vec<u8> {
    let significant: Vec<u8> = big_endian.iter().copied().skip_while(|&b| b == 0).collect();
    match significant.first() {
        Some(first) if *first < 0x80 => significant,
        _ => [&[0], significant.as_slice()].concat(),
    }
}

/// An ENUMERATED.
pub fn enumerated(value: u8) -> Vec<u8> {
    element(ENUMERATED, &[&[value]])
}

/// A SET OF: the finished parts in the order that DER wants.
pub fn set_of(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    // Encodings compare as if padded with zeros at their end (X.690, 11.6); no encoding is the beginning of another.
    parts.sort_unstable();
    row(SET, &parts)
}

/// An AlgorithmIdentifier whose parameters are NULL.
pub fn identifier_with_null(algorithm: ObjectIdentifier) -> Vec<u8> {
    sequence(&[&oid(algorithm), &[5, 0]])
}

/// UTCTime to 2049, GeneralizedTime from 2050 (RFC 5280, 4.1.2.5); whole seconds.
pub fn time(moment: Timestamp) -> Vec<u8> {
    let utc = moment.to_zoned(TimeZone::UTC);
    if (1950..2050).contains(&utc.year()) {
        element(0x17, &[utc.strftime("%y%m%d%H%M%SZ").to_string().as_bytes()])
    } else {
        generalized_time(moment)
    }
}

/// GeneralizedTime in whole seconds, as OCSP has it throughout.
pub fn generalized_time(moment: Timestamp) -> Vec<u8> {
    let utc = moment.to_zoned(TimeZone::UTC);
    element(0x18, &[utc.strftime("%Y%m%d%H%M%SZ").to_string().as_bytes()])
}
