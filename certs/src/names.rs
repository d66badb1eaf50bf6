//! Distinguished names: read leniently, compared as RFC 5280 says, shown to people.

use std::fmt;

use const_oid::ObjectIdentifier;

use crate::der::{DerError, OID, Reader, SEQUENCE, SET};
use crate::oid;

/// A Name (RFC 5280, 4.1.2.4). Two are equal if they are the same for RFC 5280, 7.1: however their strings are
/// encoded, whatever the case of their letters, and however many spaces stand between words.
#[derive(Clone, Debug)]
pub struct Name {
    attributes: Vec<(ObjectIdentifier, String)>,
    /// What is compared.
    rdns: Vec<Rdn>,
}

/// A relative distinguished name: attributes in a form that equal ones share, sorted, for it is a set.
type Rdn = Vec<Vec<u8>>;

impl Name {
    /// Reads the DER of a Name. Attributes whose OID is too long for us are compared, but not shown.
    pub(crate) fn from_der(der: &[u8]) -> Result<Self, DerError> {
        let mut name = Self { attributes: Vec::new(), rdns: Vec::new() };
        let mut sets = Reader::only(der, SEQUENCE)?.reader();
        while !sets.is_empty() {
            name.push(sets.expect(SET)?.reader())?;
        }
        Ok(name)
    }

    /// This name with one more relative name at its end, of which `rdn` holds the attributes (RFC 5280, 4.2.1.13:
    /// nameRelativeToCRLIssuer).
    pub(crate) fn with_relative(&self, rdn: Reader<'_>) -> Result<Self, DerError> {
        let mut longer = self.clone();
        longer.push(rdn)?;
        Ok(longer)
    }

    fn push(&mut self, mut set: Reader<'_>) -> Result<(), DerError> {
        let mut rdn = Rdn::new();
        while !set.is_empty() {
            let mut attribute = set.sequence()?;
            let id = attribute.expect(OID)?;
            let value = attribute.element()?;
            let text = text(value.tag, value.value);
            rdn.push(comparable(id.value, value.tag, &text));
            if let Ok(oid) = ObjectIdentifier::from_bytes(id.value) {
                self.attributes.push((oid, text));
            }
        }
        rdn.sort_unstable();
        self.rdns.push(rdn);
        Ok(())
    }

    /// Whether it has no attribute at all.
    pub fn is_empty(&self) -> bool {
        self.rdns.is_empty()
    }

    /// Whether it begins with all of `base`, as names inside of a subtree do (RFC 5280, 4.2.1.10).
    pub fn is_within(&self, base: &Self) -> bool {
        self.rdns.starts_with(&base.rdns)
    }

    /// The first value of an attribute.
    pub fn first(&self, oid: ObjectIdentifier) -> Option<&str> {
        self.all(oid).next()
    }

    /// All values of an attribute, in their order.
    pub fn all(&self, oid: ObjectIdentifier) -> impl Iterator<Item = &str> {
        self.attributes.iter().filter(move |(o, _)| *o == oid).map(|(_, value)| value.as_str())
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.rdns == other.rdns
    }
}

impl Eq for Name {}

impl std::hash::Hash for Name {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.rdns.hash(state);
    }
}

/// An attribute as equal ones have it: of a string, only its letters in lower case and single spaces inside count
/// (RFC 4518, without its tables for scripts that no certificate here uses).
fn comparable(oid: &[u8], tag: u8, text: &str) -> Vec<u8> {
    let kind = if is_string(tag) { 0 } else { tag };
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let length = u8::try_from(oid.len()).unwrap_or(u8::MAX);
    [&[length], oid, &[kind], words.join(" ").as_bytes()].concat()
}

/// `CN=…,SURNAME=…,C=KZ`: escaped as RFC 4514 says, but in the order of the certificate, as national tools show it.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (oid, value)) in self.attributes.iter().enumerate() {
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

fn is_string(tag: u8) -> bool {
    matches!(tag, 0x0c | 0x12 | 0x13 | 0x14 | 0x16 | 0x1a | 0x1c | 0x1e)
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
    fn names_are_compared_by_what_they_say() {
        let plain = name(&[(oid::COUNTRY, 0x13, b"KZ"), (oid::COMMON_NAME, 0x13, b"Good CA")]);
        let other = name(&[(oid::COUNTRY, 0x13, b"kz"), (oid::COMMON_NAME, 0x0c, b"  good   CA ")]);
        assert_eq!(plain, other);
        assert_eq!(
            name(&[(oid::COMMON_NAME, 0x1e, &[0x04, 0xd8])]),
            name(&[(oid::COMMON_NAME, 0x0c, "ә".as_bytes())])
        );
        for different in [
            name(&[(oid::COMMON_NAME, 0x13, b"Good CA"), (oid::COUNTRY, 0x13, b"KZ")]),
            name(&[(oid::COUNTRY, 0x13, b"KZ"), (oid::COMMON_NAME, 0x13, b"GoodCA")]),
            name(&[(oid::COUNTRY, 0x13, b"KZ"), (oid::SURNAME, 0x13, b"Good CA")]),
            name(&[(oid::COUNTRY, 0x13, b"KZ"), (oid::COMMON_NAME, 0x04, b"Good CA")]),
        ] {
            assert_ne!(plain, different);
        }
    }

    #[test]
    fn a_subtree_is_what_begins_like_its_root() {
        let root = name(&[(oid::COUNTRY, 0x13, b"KZ"), (oid::ORGANISATION, 0x13, b"Test")]);
        let inside = name(&[
            (oid::COUNTRY, 0x13, b"KZ"),
            (oid::ORGANISATION, 0x0c, b"TEST"),
            (oid::COMMON_NAME, 0x0c, b"A"),
        ]);
        assert!(inside.is_within(&root) && root.is_within(&root) && !root.is_within(&inside));
    }

    #[test]
    fn what_would_mislead_is_escaped() {
        let read = name(&[(oid::COMMON_NAME, 0x0c, b" a,CN=b+c\n#")]);
        assert_eq!(read.to_string(), r"CN=\ a\,CN=b\+c\0a#");
    }
}
