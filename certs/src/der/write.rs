//! A writer of DER, bottom up: an element is made from its finished parts.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::der_read::{BIT_STRING, ENUMERATED, INTEGER, OCTET_STRING, OID, SEQUENCE};

/// One element with the given identifier octet.
pub(crate) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = vec![tag];
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let octets: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|&b| b == 0).collect();
            out.push(0x80 | u8::try_from(octets.len()).unwrap_or(0x7f));
            out.extend(octets);
        }
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(SEQUENCE, parts)
}

/// A SEQUENCE OF or, with another tag, whatever else is a row of elements.
pub(crate) fn row(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    element(tag, &parts)
}

pub(crate) fn oid(oid: ObjectIdentifier) -> Vec<u8> {
    element(OID, &[oid.as_bytes()])
}

pub(crate) fn octets(value: &[u8]) -> Vec<u8> {
    element(OCTET_STRING, &[value])
}

/// A BIT STRING of whole bytes.
pub(crate) fn bits(value: &[u8]) -> Vec<u8> {
    element(BIT_STRING, &[&[0], value])
}

/// An INTEGER whose content is already in DER form, such as a serial as received.
pub(crate) fn integer_content(content: &[u8]) -> Vec<u8> {
    element(INTEGER, &[content])
}

pub(crate) fn integer(value: u64) -> Vec<u8> {
    integer_content(&positive(&value.to_be_bytes()))
}

/// The content of an INTEGER for an unsigned number in big-endian bytes.
pub(crate) fn positive(big_endian: &[u8]) -> Vec<u8> {
    let significant: Vec<u8> = big_endian.iter().copied().skip_while(|&b| b == 0).collect();
    match significant.first() {
        Some(first) if *first < 0x80 => significant,
        _ => [&[0], significant.as_slice()].concat(),
    }
}

pub(crate) fn enumerated(value: u8) -> Vec<u8> {
    element(ENUMERATED, &[&[value]])
}

/// An AlgorithmIdentifier whose parameters are NULL.
pub(crate) fn identifier_with_null(algorithm: ObjectIdentifier) -> Vec<u8> {
    sequence(&[&oid(algorithm), &[5, 0]])
}

/// UTCTime to 2049, GeneralizedTime from 2050 (RFC 5280, 4.1.2.5); whole seconds.
pub(crate) fn time(moment: Timestamp) -> Vec<u8> {
    let utc = moment.to_zoned(TimeZone::UTC);
    if (1950..2050).contains(&utc.year()) {
        element(0x17, &[utc.strftime("%y%m%d%H%M%SZ").to_string().as_bytes()])
    } else {
        generalized_time(moment)
    }
}

/// GeneralizedTime in whole seconds, as OCSP has it throughout.
pub(crate) fn generalized_time(moment: Timestamp) -> Vec<u8> {
    let utc = moment.to_zoned(TimeZone::UTC);
    element(0x18, &[utc.strftime("%Y%m%d%H%M%SZ").to_string().as_bytes()])
}
