//! Reading: structures are walked once and kept as slices.

use crate::whole_second;

/// What is wrong with an encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DerError {
    /// The bytes end inside an element.
    #[error("the encoding ends too early")]
    Truncated,
    /// A length that DER does not allow: indefinite, not minimal or over four bytes.
    #[error("a length is not in DER form")]
    Length,
    /// A tag of more than one byte.
    #[error("a tag has more than one byte")]
    LongTag,
    /// Elements inside elements beyond what any real message has.
    #[error("the elements are nested too deep")]
    TooDeep,
    /// Another element than expected.
    #[error("expected tag {expected:#04x}, found {found:#04x}")]
    Tag {
        /// The identifier octet expected.
        expected: u8,
        /// The identifier octet found.
        found: u8,
    },
    /// Bytes after the end of what was to be read.
    #[error("there are bytes after the end")]
    Trailing,
    /// The content does not fit its type.
    #[error("{what} has a malformed value")]
    Value {
        /// What was read.
        what: &'static str,
    },
}

/// The identifier octet of an INTEGER.
pub const INTEGER: u8 = 0x02;
/// The identifier octet of a BIT STRING.
pub const BIT_STRING: u8 = 0x03;
/// The identifier octet of an OCTET STRING.
pub const OCTET_STRING: u8 = 0x04;
/// The identifier octet of an OBJECT IDENTIFIER.
pub const OID: u8 = 0x06;
/// The identifier octet of an ENUMERATED.
pub const ENUMERATED: u8 = 0x0a;
/// The identifier octet of a SEQUENCE or SEQUENCE OF.
pub const SEQUENCE: u8 = 0x30;
/// The identifier octet of a SET or SET OF.
pub const SET: u8 = 0x31;

/// One element: identifier octet, content, and the whole with its header.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    /// The identifier octet.
    pub tag: u8,
    /// The content.
    pub value: &'a [u8],
    /// The element with its header, as received.
    pub whole: &'a [u8],
}

impl<'a> Element<'a> {
    /// The elements inside.
    pub fn reader(self) -> Reader<'a> {
        Reader { rest: self.value }
    }
}

/// The elements of `rest`, one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// The elements that `bytes` are a row of.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Reads `bytes` as exactly one element with `tag`.
    pub fn only(bytes: &'a [u8], tag: u8) -> Result<Element<'a>, DerError> {
        let mut reader = Self::new(bytes);
        let element = reader.expect(tag)?;
        reader.end()?;
        Ok(element)
    }

    /// Whether every element was read.
    pub const fn is_empty(self) -> bool {
        self.rest.is_empty()
    }

    /// Refuses elements that were not read.
    pub fn end(self) -> Result<(), DerError> {
        if self.rest.is_empty() { Ok(()) } else { Err(DerError::Trailing) }
    }

    /// The identifier octet of the next element, if there is one.
    pub fn peek(self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, whatever it is.
    pub fn element(&mut self) -> Result<Element<'a>, DerError> {
        let (&tag, after_tag) = self.rest.split_first().ok_or(DerError::Truncated)?;
        if tag & 0x1f == 0x1f {
            return Err(DerError::LongTag);
        }
        let (&first, after_first) = after_tag.split_first().ok_or(DerError::Truncated)?;
        let (length, body) = match first {
            0..=0x7f => (usize::from(first), after_first),
            0x81..=0x84 => {
                let (octets, body) =
                    after_first.split_at_checked(usize::from(first & 0x7f)).ok_or(DerError::Truncated)?;
                let length = octets.iter().fold(0_usize, |sum, &octet| (sum << 8) | usize::from(octet));
                if octets.first() == Some(&0) || length < 0x80 {
                    return Err(DerError::Length);
                }
                (length, body)
            }
            _ => return Err(DerError::Length),
        };
        let (value, rest) = body.split_at_checked(length).ok_or(DerError::Truncated)?;
        let (whole, _) = self.rest.split_at(self.rest.len() - rest.len());
        self.rest = rest;
        Ok(Element { tag, value, whole })
    }

    /// The next element, which must have `tag`; nothing is taken if it has another.
    pub fn expect(&mut self, tag: u8) -> Result<Element<'a>, DerError> {
        match self.peek() {
            Some(found) if found != tag => Err(DerError::Tag { expected: tag, found }),
            _ => self.element(),
        }
    }

    /// The next element if it has `tag`.
    pub fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, DerError> {
        if self.peek() == Some(tag) { self.element().map(Some) } else { Ok(None) }
    }

    /// What is inside the next element, a SEQUENCE.
    pub fn sequence(&mut self) -> Result<Self, DerError> {
        self.expect(SEQUENCE).map(Element::reader)
    }

    /// The next element, an OBJECT IDENTIFIER.
    pub fn oid(&mut self) -> Result<const_oid::ObjectIdentifier, DerError> {
        let element = self.expect(OID)?;
        const_oid::ObjectIdentifier::from_bytes(element.value).map_err(|_| DerError::Value { what: "an OID" })
    }

    /// A UTCTime or GeneralizedTime in the forms of RFC 5280, 4.1.2.5: to the second, in UTC. The end of 9999, which
    /// stands for no end, is the last second that a [`jiff::Timestamp`] has.
    pub fn time(&mut self) -> Result<jiff::Timestamp, DerError> {
        let element = self.element()?;
        let malformed = || DerError::Value { what: "a time" };
        let Some((b'Z', digits)) = element.value.split_last() else { return Err(malformed()) };
        let mut pairs = digits.chunks_exact(2).map(two_digits);
        let mut next = || pairs.next().flatten().ok_or_else(malformed);
        let year = match (element.tag, digits.len()) {
            (0x17, 12) => match next()? {
                year @ ..50 => 2000 + i16::from(year),
                year => 1900 + i16::from(year),
            },
            (0x18, 14) => i16::from(next()?) * 100 + i16::from(next()?),
            _ => return Err(malformed()),
        };
        let (month, day, hour, minute, second) = (next()?, next()?, next()?, next()?, next()?);
        let civil =
            jiff::civil::DateTime::new(year, month, day, hour, minute, second, 0).map_err(|_| malformed())?;
        let moment = jiff::tz::TimeZone::UTC.to_timestamp(civil).unwrap_or(jiff::Timestamp::MAX);
        Ok(whole_second(moment))
    }

    /// The content of a BIT STRING of whole bytes.
    pub fn bit_string(&mut self) -> Result<&'a [u8], DerError> {
        match self.expect(BIT_STRING)?.value.split_first() {
            Some((0, bytes)) => Ok(bytes),
            _ => Err(DerError::Value { what: "a BIT STRING" }),
        }
    }
}

/// The number that two ASCII digits write.
fn two_digits(pair: &[u8]) -> Option<i8> {
    match *pair {
        [tens @ b'0'..=b'9', units @ b'0'..=b'9'] => i8::try_from((tens - b'0') * 10 + (units - b'0')).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_must_be_minimal_and_definite() {
        for bytes in
            [&[0x30, 0x80, 0, 0][..], &[4, 0x81, 1, 7], &[4, 0x82, 0, 0x80], &[4, 0x85, 0, 0, 0, 0, 1]]
        {
            assert_eq!(Reader::new(bytes).element().unwrap_err(), DerError::Length);
        }
        assert_eq!(Reader::new(&[4, 2, 0]).element().unwrap_err(), DerError::Truncated);
    }

    #[test]
    fn times_have_the_forms_of_the_standard() {
        let read = |tag: u8, text: &str| {
            let written = crate::der::element(tag, &[text.as_bytes()]);
            Reader::new(&written).time().map(|time| time.to_string())
        };
        let good = [
            (0x17, "500101000000Z", "1950-01-01T00:00:00Z"),
            (0x17, "491231235959Z", "2049-12-31T23:59:59Z"),
            (0x18, "20500228120000Z", "2050-02-28T12:00:00Z"),
            (0x18, "00010101000000Z", "0001-01-01T00:00:00Z"),
        ];
        for (tag, text, time) in good {
            assert_eq!(read(tag, text).as_deref(), Ok(time));
        }
        let bad = [
            (0x17, "491231235959"),
            (0x17, "4912312359Z"),
            (0x17, "20500228120000Z"),
            (0x18, "500101000000Z"),
            (0x18, "20500229120000Z"),
            (0x17, "501301000000Z"),
            (0x17, "5001010000+1Z"),
            (0x17, "491231235960Z"),
            (0x04, "491231235959Z"),
            (0x17, "Z"),
            (0x17, ""),
        ];
        for (tag, text) in bad {
            assert_eq!(read(tag, text), Err(DerError::Value { what: "a time" }), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let mut reader = Reader::new(&bytes);
            while reader.element().is_ok() {}
        }
    }
}
