//! From BER to DER, as far as PKCS#12 files need it: lengths become definite and minimal, strings in pieces become one.

use crate::der_write;

/// Deeper than any PKCS#12 file goes.
const DEEPEST: usize = 24;

const OCTET_STRING: u8 = 0x04;
const CONSTRUCTED: u8 = 0x20;

/// The same element in DER; `None` if `bytes` is not one element of BER.
pub(super) fn to_der(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes;
    let element = read(&mut rest, 0)?;
    rest.is_empty().then(|| element.write())
}

enum Node<'a> {
    Primitive(u8, &'a [u8]),
    Constructed(u8, Vec<Node<'a>>),
}

impl Node<'_> {
    fn write(&self) -> Vec<u8> {
        match self {
            Self::Primitive(tag, value) => der_write::element(*tag, &[value]),
            // An OCTET STRING in pieces.
            Self::Constructed(tag, _) if *tag == OCTET_STRING | CONSTRUCTED => self.joined(OCTET_STRING),
            Self::Constructed(tag, children) => {
                let written: Vec<Vec<u8>> = children
                    .iter()
                    .enumerate()
                    .map(|(index, child)| {
                        if index == 2 && is_encrypted_content(children) {
                            child.joined(0x80)
                        } else {
                            child.write()
                        }
                    })
                    .collect();
                der_write::row(*tag, &written)
            }
        }
    }

    /// The pieces of a string as one, with `tag`.
    fn joined(&self, tag: u8) -> Vec<u8> {
        let mut content = Vec::new();
        self.pieces(&mut content);
        der_write::element(tag, &[&content])
    }

    fn pieces(&self, content: &mut Vec<u8>) {
        match self {
            Self::Primitive(_, value) => content.extend_from_slice(value),
            Self::Constructed(_, children) => children.iter().for_each(|child| child.pieces(content)),
        }
    }

    fn is_octets(&self) -> bool {
        match self {
            Self::Primitive(tag, _) => *tag == OCTET_STRING,
            Self::Constructed(tag, _) => *tag == OCTET_STRING | CONSTRUCTED,
        }
    }
}

/// EncryptedContentInfo is an OID, an AlgorithmIdentifier and [0] IMPLICIT OCTET STRING; in pieces, the last looks like
/// an explicit tag around octet strings. Nothing else in a PKCS#12 file has this shape.
fn is_encrypted_content(children: &[Node<'_>]) -> bool {
    matches!(
        children,
        [Node::Primitive(0x06, _), Node::Constructed(0x30, _), Node::Constructed(0xa0, pieces)]
            if pieces.iter().all(Node::is_octets)
    )
}

fn read<'a>(rest: &mut &'a [u8], depth: usize) -> Option<Node<'a>> {
    if depth > DEEPEST {
        return None;
    }
    let (&tag, after_tag) = rest.split_first()?;
    let (&first, after_first) = after_tag.split_first()?;
    if tag & 0x1f == 0x1f {
        return None;
    }
    let constructed = tag & CONSTRUCTED != 0;
    if first == 0x80 {
        if !constructed {
            return None;
        }
        *rest = after_first;
        let mut children = Vec::new();
        while !rest.starts_with(&[0, 0]) {
            children.push(read(rest, depth + 1)?);
        }
        *rest = rest.get(2..)?;
        return Some(Node::Constructed(tag, children));
    }
    let (length, body) = if first < 0x80 {
        (usize::from(first), after_first)
    } else {
        let (octets, body) = after_first.split_at_checked(usize::from(first & 0x7f))?;
        let length =
            octets.iter().try_fold(0_usize, |sum, &b| sum.checked_mul(256)?.checked_add(usize::from(b)))?;
        (length, body)
    };
    let (mut value, after) = body.split_at_checked(length)?;
    *rest = after;
    if !constructed {
        return Some(Node::Primitive(tag, value));
    }
    let mut children = Vec::new();
    while !value.is_empty() {
        children.push(read(&mut value, depth + 1)?);
    }
    Some(Node::Constructed(tag, children))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pieces_are_joined_and_lengths_made_definite() {
        let ber = [0x30, 0x80, 0x24, 0x80, 4, 1, 7, 4, 0x81, 1, 8, 0, 0, 0, 0];
        assert_eq!(to_der(&ber).unwrap(), [0x30, 4, 4, 2, 7, 8]);
        let encrypted = [0x30, 0x80, 6, 1, 42, 0x30, 0, 0xa0, 0x80, 4, 1, 9, 4, 1, 9, 0, 0, 0, 0];
        assert_eq!(to_der(&encrypted).unwrap(), [0x30, 9, 6, 1, 42, 0x30, 0, 0x80, 2, 9, 9]);
        assert_eq!(to_der(&[0x30; 200]), None);
        assert_eq!(to_der(&[0x30, 0x80].repeat(1000)), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let _ = to_der(&bytes);
        }
    }
}
