//! Distinguished names: read leniently, shown to people.

use std::fmt;

use const_oid::ObjectIdentifier;

use crate::der::{DerError, Reader, SEQUENCE};
use crate::oid;

/// The attributes of a Name (RFC 5280, 4.1.2.4) in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name(Vec<(ObjectIdentifier, String)>);

impl Name {
    /// Reads the DER of a Name. Attributes whose OID is too long for us are left out.
    pub(crate) fn from_der(der: &[u8]) -> Result<Self, DerError> {
        let mut names = Reader::only(der, SEQUENCE)?.reader();
        let mut attributes = Vec::new();
        while !names.is_empty() {
            let mut set = names.expect(0x31)?.reader();
            while !set.is_empty() {
                let mut attribute = set.sequence()?;
                let Ok(oid) = attribute.oid() else { continue };
                let value = attribute.element()?;
                attributes.push((oid, text(value.tag, value.value)));
            }
        }
        Ok(Self(attributes))
    }

    /// The first value of an attribute.
    pub(crate) fn first(&self, oid: ObjectIdentifier) -> Option<&str> {
        self.all(oid).next()
    }

    /// All values of an attribute, in their order.
    pub(crate) fn all(&self, oid: ObjectIdentifier) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(o, _)| *o == oid).map(|(_, value)| value.as_str())
    }
}

/// `CN=…,SURNAME=…,C=KZ`: escaped as RFC 4514 says, but in the order of the certificate, as national tools show it.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (oid, value)) in self.0.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            match short_name(*oid) {
                Some(name) => write!(f, "{comma}{name}=")?,
                None => write!(f, "{comma}{oid}=")?,
            }
            escape(value, f)?;
        }
        Ok(())
    }
}

fn short_name(oid: ObjectIdentifier) -> Option<&'static str> {
    Some(match oid {
        oid::COMMON_NAME => "CN",
        oid::SURNAME => "SURNAME",
        oid::SERIAL_NUMBER => "SERIALNUMBER",
        oid::COUNTRY => "C",
        oid::LOCALITY => "L",
        oid::STATE => "ST",
        oid::ORGANISATION => "O",
        oid::ORGANISATIONAL_UNIT => "OU",
        oid::GIVEN_NAME => "G",
        oid::USER_ID => "UID",
        oid::EMAIL => "E",
        _ => return None,
    })
}

fn escape(value: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let last = value.chars().count().saturating_sub(1);
    for (index, c) in value.chars().enumerate() {
        match c {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => write!(f, "\\{c}")?,
            ' ' if index == 0 || index == last => f.write_str("\\ ")?,
            '#' if index == 0 => f.write_str("\\#")?,
            c if c.is_control() => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    write!(f, "\\{byte:02x}")?;
                }
            }
            c => write!(f, "{c}")?,
        }
    }
    Ok(())
}

/// A string of any of ASN.1's kinds that names use; `#` and hex for anything else.
fn text(tag: u8, value: &[u8]) -> String {
    match tag {
        // UTF8String; PrintableString, IA5String, VisibleString and NumericString are parts of it.
        0x0c | 0x12 | 0x13 | 0x16 | 0x1a => String::from_utf8_lossy(value).into_owned(),
        // TeletexString, as Latin-1 the way everybody writes it.
        0x14 => value.iter().map(|&b| char::from(b)).collect(),
        0x1e if value.len().is_multiple_of(2) => {
            let units =
                value.chunks_exact(2).map(|pair| pair.iter().fold(0, |sum, &b| (sum << 8) | u16::from(b)));
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        0x1c if value.len().is_multiple_of(4) => value
            .chunks_exact(4)
            .map(|four| four.iter().fold(0, |sum, &b| (sum << 8) | u32::from(b)))
            .map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect(),
        _ => format!("#{}", hex::encode(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der;

    fn name(attributes: &[(ObjectIdentifier, u8, &[u8])]) -> Name {
        let sets: Vec<Vec<u8>> = attributes
            .iter()
            .map(|(oid, tag, value)| {
                let pair = der::element(SEQUENCE, &[&der::oid(*oid), &der::element(*tag, &[value])]);
                der::element(0x31, &[&pair])
            })
            .collect();
        let parts: Vec<&[u8]> = sets.iter().map(Vec::as_slice).collect();
        Name::from_der(&der::element(SEQUENCE, &parts)).unwrap()
    }

    #[test]
    fn every_kind_of_string_is_read() {
        let read = name(&[
            (oid::COMMON_NAME, 0x0c, "ӘЛІ".as_bytes()),
            (oid::ORGANISATION, 0x1e, &[0x04, 0xd8, 0x04, 0x1b]),
            (oid::SERIAL_NUMBER, 0x13, b"IIN900101700002"),
            (oid::LOCALITY, 0x14, &[0xe9]),
        ]);
        assert_eq!(read.to_string(), "CN=ӘЛІ,O=ӘЛ,SERIALNUMBER=IIN900101700002,L=é");
    }

    #[test]
    fn what_would_mislead_is_escaped() {
        let read = name(&[(oid::COMMON_NAME, 0x0c, b" a,CN=b+c\n#")]);
        assert_eq!(read.to_string(), r"CN=\ a\,CN=b\+c\0a#");
    }
}
