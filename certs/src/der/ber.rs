//! From BER to DER: lengths become definite and minimal, octet strings in pieces become one.
//!
//! National tools, Bouncy Castle and `openssl cms -stream` write indefinite lengths and pieces (X.690, 8.1.3.6 and
//! 8.7). Elements that are DER already come through byte for byte, so that what was signed stays what was signed.

use super::OCTET_STRING;
use super::read::{DerError, SEQUENCE};
use super::write::header;

/// Deeper than any real message: signatures and key files stay below twenty.
const DEEPEST: usize = 64;

const CONSTRUCTED: u8 = 0x20;
const OID: u8 = super::OID;

/// The same element in DER. `bytes` must be one element of BER and nothing else.
pub fn from_ber(bytes: &[u8]) -> Result<Vec<u8>, DerError> {
    convert(bytes, false)
}

/// The same for messages with EncryptedContentInfo (PKCS#12): an OID, an AlgorithmIdentifier and [0] IMPLICIT OCTET
/// STRING. In pieces, the last looks like an explicit tag around octet strings; nothing else in a PKCS#12 file has
/// this shape.
pub(crate) fn from_ber_with_encrypted(bytes: &[u8]) -> Result<Vec<u8>, DerError> {
    convert(bytes, true)
}

fn convert(bytes: &[u8], encrypted: bool) -> Result<Vec<u8>, DerError> {
    let mut converter = Converter { out: Vec::with_capacity(bytes.len()), encrypted };
    let mut rest = bytes;
    converter.element(&mut rest, DEEPEST)?;
    if rest.is_empty() { Ok(converter.out) } else { Err(DerError::Trailing) }
}

/// Writes as it reads: no tree is built, so memory stays at the size of the input whatever its shape.
struct Converter {
    out: Vec<u8>,
    encrypted: bool,
}

impl Converter {
    fn element(&mut self, rest: &mut &[u8], depth: usize) -> Result<(), DerError> {
        let (tag, body) = body(rest)?;
        match body {
            Body::Definite(value) if tag & CONSTRUCTED == 0 => {
                header(&mut self.out, tag, value.len());
                self.out.extend_from_slice(value);
                Ok(())
            }
            body if tag == OCTET_STRING | CONSTRUCTED => self.joined(OCTET_STRING, body, rest, depth),
            body => self.constructed(tag, body, rest, depth),
        }
    }

    fn constructed(
        &mut self,
        tag: u8,
        body: Body<'_>,
        rest: &mut &[u8],
        depth: usize,
    ) -> Result<(), DerError> {
        let start = self.out.len();
        let mut before: Vec<u8> = Vec::new();
        each(body, rest, depth, |child, depth| {
            let implicit = self.encrypted && before == [OID, SEQUENCE] && child.first() == Some(&0xa0);
            if before.len() < 3 {
                before.extend(child.first());
            }
            if !(implicit && self.implicit_octets(child, depth)) {
                self.element(child, depth)?;
            }
            Ok(())
        })?;
        self.insert_header(start, tag);
        Ok(())
    }

    /// Writes the octets in pieces inside of [0] as one; `false` and nothing taken if that is not what it is.
    fn implicit_octets(&mut self, child: &mut &[u8], depth: usize) -> bool {
        let (start, mut ahead) = (self.out.len(), *child);
        let written = body(&mut ahead).and_then(|(_, body)| self.joined(0x80, body, &mut ahead, depth));
        if written.is_err() {
            self.out.truncate(start);
            return false;
        }
        *child = ahead;
        true
    }

    /// The pieces of an octet string as one element with `tag`.
    fn joined(&mut self, tag: u8, body: Body<'_>, rest: &mut &[u8], depth: usize) -> Result<(), DerError> {
        let start = self.out.len();
        self.pieces(body, rest, depth)?;
        self.insert_header(start, tag);
        Ok(())
    }

    fn pieces(&mut self, pieces: Body<'_>, rest: &mut &[u8], depth: usize) -> Result<(), DerError> {
        each(pieces, rest, depth, |piece, depth| match body(piece)? {
            (OCTET_STRING, Body::Definite(value)) => {
                self.out.extend_from_slice(value);
                Ok(())
            }
            (tag, inner) if tag == OCTET_STRING | CONSTRUCTED => self.pieces(inner, piece, depth),
            (found, _) => Err(DerError::Tag { expected: OCTET_STRING, found }),
        })
    }

    /// Puts the header before what was written since `start`.
    fn insert_header(&mut self, start: usize, tag: u8) {
        let mut head = Vec::with_capacity(6);
        header(&mut head, tag, self.out.len() - start);
        self.out.splice(start..start, head);
    }
}

/// Calls `with` for each element inside of `body`; of indefinite length, it ends in `rest`.
fn each(
    body: Body<'_>,
    rest: &mut &[u8],
    depth: usize,
    mut with: impl FnMut(&mut &[u8], usize) -> Result<(), DerError>,
) -> Result<(), DerError> {
    let depth = depth.checked_sub(1).ok_or(DerError::TooDeep)?;
    match body {
        Body::Definite(mut inside) => {
            while !inside.is_empty() {
                with(&mut inside, depth)?;
            }
        }
        Body::Indefinite => loop {
            if let Some(after) = rest.strip_prefix(&[0, 0]) {
                *rest = after;
                break;
            }
            with(rest, depth)?;
        },
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Body<'a> {
    Definite(&'a [u8]),
    /// The elements follow, up to an end of two zeros.
    Indefinite,
}

/// Takes the header of an element and, where its length is definite, its content.
fn body<'a>(rest: &mut &'a [u8]) -> Result<(u8, Body<'a>), DerError> {
    let (&tag, after_tag) = rest.split_first().ok_or(DerError::Truncated)?;
    let (&first, after_first) = after_tag.split_first().ok_or(DerError::Truncated)?;
    if tag & 0x1f == 0x1f {
        return Err(DerError::LongTag);
    }
    if first == 0x80 {
        *rest = after_first;
        return if tag & CONSTRUCTED == 0 { Err(DerError::Length) } else { Ok((tag, Body::Indefinite)) };
    }
    let (length, after) = if first < 0x80 {
        (usize::from(first), after_first)
    } else {
        let (octets, after) =
            after_first.split_at_checked(usize::from(first & 0x7f)).ok_or(DerError::Truncated)?;
        let longer = |sum: usize, &octet: &u8| sum.checked_mul(256)?.checked_add(usize::from(octet));
        (octets.iter().try_fold(0, longer).ok_or(DerError::Truncated)?, after)
    };
    let (value, after) = after.split_at_checked(length).ok_or(DerError::Truncated)?;
    *rest = after;
    Ok((tag, Body::Definite(value)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pieces_are_joined_and_lengths_made_definite() {
        let ber = [0x30, 0x80, 0x24, 0x80, 4, 1, 7, 4, 0x81, 1, 8, 0, 0, 0, 0];
        assert_eq!(from_ber(&ber).unwrap(), [0x30, 4, 4, 2, 7, 8]);
        let pieces_of_pieces = [0x24, 0x80, 0x24, 6, 4, 1, 7, 4, 1, 8, 4, 1, 9, 0, 0];
        assert_eq!(from_ber(&pieces_of_pieces).unwrap(), [4, 3, 7, 8, 9]);
    }

    #[test]
    fn encrypted_content_in_pieces_is_joined_where_it_can_occur() {
        let encrypted = [0x30, 0x80, 6, 1, 42, 0x30, 0, 0xa0, 0x80, 4, 1, 9, 4, 1, 9, 0, 0, 0, 0];
        assert_eq!(from_ber_with_encrypted(&encrypted).unwrap(), [0x30, 9, 6, 1, 42, 0x30, 0, 0x80, 2, 9, 9]);
        let as_it_is = [0x30, 13, 6, 1, 42, 0x30, 0, 0xa0, 6, 4, 1, 9, 4, 1, 9];
        assert_eq!(from_ber(&encrypted).unwrap(), as_it_is);
        let other = [0x30, 10, 6, 1, 42, 0x30, 0, 0xa0, 3, 2, 1, 9];
        assert_eq!(from_ber_with_encrypted(&other).unwrap(), other);
    }

    #[test]
    fn a_piece_of_another_kind_is_refused() {
        let error = from_ber(&[0x24, 3, 2, 1, 7]).unwrap_err();
        assert_eq!(error, DerError::Tag { expected: OCTET_STRING, found: 2 });
    }

    #[test]
    fn what_is_der_comes_through_unchanged() {
        let der = [&[0x30, 0x82, 1, 4, 4, 0x82, 1, 0][..], &[7; 256]].concat();
        assert_eq!(from_ber(&der).unwrap(), der);
        assert_eq!(from_ber_with_encrypted(&der).unwrap(), der);
    }

    #[test]
    fn a_bomb_of_nesting_is_refused() {
        assert_eq!(from_ber(&[0x30, 0x80].repeat(100_000)), Err(DerError::TooDeep));
        assert_eq!(from_ber(&[0x24, 0x80].repeat(100_000)), Err(DerError::TooDeep));
    }

    #[test]
    fn what_is_cut_off_or_goes_on_is_refused() {
        for ber in [&[0x30, 5, 4, 3, 1, 2, 3][..], &[0x30, 0x80, 0x24, 0x80, 4, 1, 7, 0, 0, 0, 0]] {
            for end in 0..ber.len() {
                assert_eq!(from_ber(&ber[..end]), Err(DerError::Truncated), "{end}");
            }
            assert_eq!(from_ber(&[ber, &[0]].concat()), Err(DerError::Trailing));
        }
        assert_eq!(from_ber(&[4, 0x80, 0, 0]), Err(DerError::Length));
        assert_eq!(from_ber(&[0x1f, 0x81, 1, 0]), Err(DerError::LongTag));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            if let Ok(der) = from_ber(&bytes) {
                prop_assert_eq!(from_ber(&der), Ok(der.clone()));
            }
            let _ = from_ber_with_encrypted(&bytes);
        }
    }
}
