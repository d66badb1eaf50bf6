//! The kinds of names that extensions have.

use crate::Name;
use crate::der::{DerError, Element, Reader};

/// A GeneralName (RFC 5280, 4.2.1.6).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GeneralName {
    /// rfc822Name: a mailbox, or in constraints a host or `.domain`.
    Email(String),
    /// dNSName.
    Dns(String),
    /// uniformResourceIdentifier.
    Uri(String),
    /// directoryName.
    Directory(Name),
    /// iPAddress: 4 or 16 bytes, in constraints with as many of a mask.
    Ip(Vec<u8>),
    /// Another kind, of which only equality is known.
    Other {
        /// The identifier octet.
        tag: u8,
        /// The content.
        value: Vec<u8>,
    },
}

impl GeneralName {
    /// Reads one name.
    pub(crate) fn read(element: Element<'_>) -> Result<Self, DerError> {
        let text = || {
            let ascii = std::str::from_utf8(element.value).ok().filter(|text| text.is_ascii());
            ascii.map(str::to_owned).ok_or(DerError::Value { what: "a name" })
        };
        Ok(match element.tag {
            0x81 => Self::Email(text()?),
            0x82 => Self::Dns(text()?),
            0x86 => Self::Uri(text()?),
            0xa4 => Self::Directory(Name::from_der(element.value)?),
            0x87 => Self::Ip(element.value.to_vec()),
            tag => Self::Other { tag, value: element.value.to_vec() },
        })
    }

    /// Reads the names of a row.
    pub(crate) fn read_all(mut row: Reader<'_>) -> Result<Vec<Self>, DerError> {
        let mut names = Vec::new();
        while !row.is_empty() {
            names.push(Self::read(row.element()?)?);
        }
        Ok(names)
    }
}

impl std::fmt::Display for GeneralName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Email(text) | Self::Dns(text) | Self::Uri(text) => f.write_str(text),
            Self::Directory(name) => name.fmt(f),
            Self::Ip(bytes) => match <[u8; 4]>::try_from(bytes.as_slice()) {
                Ok(four) => std::net::Ipv4Addr::from(four).fmt(f),
                Err(_) => f.write_str(&hex::encode(bytes)),
            },
            Self::Other { tag, value } => write!(f, "[{}] {}", tag & 0x1f, hex::encode(value)),
        }
    }
}
