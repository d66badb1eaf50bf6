//! BER made DER, as far as signatures in the field need it.
//!
//! National tools write CMS with indefinite lengths and octet strings in pieces (X.690 §8.1.3.6, §8.7). The
//! transcoder gives every value a definite length and joins the pieces; values that are DER already come
//! through byte for byte, so signed attributes keep the bytes that were signed.

use super::CmsError;

/// Nesting beyond this is refused: real signatures stay below twenty.
const DEPTH: usize = 64;

/// The same values in definite lengths.
///
/// # Errors
/// [`CmsError::Malformed`] for anything that is not one BER value and nothing behind it.
pub(super) fn to_definite(input: &[u8]) -> Result<Vec<u8>, CmsError> {
    let mut output = Vec::with_capacity(input.len());
    let rest = value(input, &mut output, DEPTH)?;
    if rest.is_empty() { Ok(output) } else { Err(malformed("bytes behind the value")) }
}

fn malformed(what: &'static str) -> CmsError {
    CmsError::Malformed { what }
}

/// Reads one value, writes it, returns what stands behind it.
fn value<'a>(input: &'a [u8], output: &mut Vec<u8>, depth: usize) -> Result<&'a [u8], CmsError> {
    let depth = depth.checked_sub(1).ok_or(malformed("too deep"))?;
    let (&tag, rest) = input.split_first().ok_or(malformed("a value is missing"))?;
    if tag & 0x1f == 0x1f {
        return Err(malformed("a tag number over 30"));
    }
    let constructed = tag & 0x20 != 0;
    let (length, rest) = length(rest)?;
    let (content, rest) = match length {
        Some(length) => {
            let content = rest.get(..length).ok_or(malformed("a length beyond the end"))?;
            (children(content, constructed, output.len(), depth)?, &rest[length..])
        }
        None if constructed => indefinite(rest, depth)?,
        None => return Err(malformed("a primitive value of indefinite length")),
    };
    // A constructed OCTET STRING is the concatenation of its pieces.
    let (tag, content) = if tag == 0x24 { (0x04, pieces(&content)?) } else { (tag, content) };
    output.push(tag);
    push_length(output, content.len());
    output.extend_from_slice(&content);
    Ok(rest)
}

fn children(content: &[u8], constructed: bool, _at: usize, depth: usize) -> Result<Vec<u8>, CmsError> {
    if !constructed {
        return Ok(content.to_vec());
    }
    let mut inner = Vec::with_capacity(content.len());
    let mut rest = content;
    while !rest.is_empty() {
        rest = value(rest, &mut inner, depth)?;
    }
    Ok(inner)
}

fn indefinite(mut rest: &[u8], depth: usize) -> Result<(Vec<u8>, &[u8]), CmsError> {
    let mut inner = Vec::new();
    loop {
        if let Some(rest) = rest.strip_prefix(&[0, 0]) {
            return Ok((inner, rest));
        }
        rest = value(rest, &mut inner, depth)?;
    }
}

/// Joins the octet strings that a constructed one is made of; they are definite and primitive by now.
fn pieces(mut content: &[u8]) -> Result<Vec<u8>, CmsError> {
    let mut joined = Vec::with_capacity(content.len());
    while let Some((&tag, rest)) = content.split_first() {
        let (length, rest) = length(rest)?;
        let length = length.ok_or(malformed("a piece of indefinite length"))?;
        if tag != 0x04 || rest.len() < length {
            return Err(malformed("an octet string in pieces that are not octet strings"));
        }
        joined.extend_from_slice(&rest[..length]);
        content = &rest[length..];
    }
    Ok(joined)
}

/// The length octets: `None` for the indefinite form.
fn length(input: &[u8]) -> Result<(Option<usize>, &[u8]), CmsError> {
    let (&first, rest) = input.split_first().ok_or(malformed("a length is missing"))?;
    match first {
        0x80 => Ok((None, rest)),
        0..=0x7f => Ok((Some(usize::from(first)), rest)),
        _ => {
            let count = usize::from(first & 0x7f);
            let octets = rest.get(..count).filter(|_| count <= 4).ok_or(malformed("a length too long"))?;
            let length = octets.iter().fold(0usize, |length, octet| length << 8 | usize::from(*octet));
            Ok((Some(length), &rest[count..]))
        }
    }
}

/// Writes a definite length in its shortest form.
pub(super) fn push_length(output: &mut Vec<u8>, length: usize) {
    if let Ok(short @ 0..=0x7f) = u8::try_from(length) {
        output.push(short);
        return;
    }
    let octets = length.to_be_bytes();
    let octets = &octets[octets.iter().take_while(|octet| **octet == 0).count()..];
    output.push(0x80 | u8::try_from(octets.len()).unwrap_or(0x7f));
    output.extend_from_slice(octets);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_and_pieces_become_definite() {
        // SEQUENCE { OCTET STRING in two pieces }, both of indefinite length
        let ber = [0x30, 0x80, 0x24, 0x80, 0x04, 0x02, 1, 2, 0x04, 0x01, 3, 0, 0, 0, 0];
        assert_eq!(to_definite(&ber).unwrap(), [0x30, 0x05, 0x04, 0x03, 1, 2, 3]);
    }

    #[test]
    fn der_comes_through_unchanged() {
        let mut der = vec![0x30, 0x82, 0x01, 0x04, 0x04, 0x82, 0x01, 0x00];
        der.extend([7; 256]);
        assert_eq!(to_definite(&der).unwrap(), der);
    }

    #[test]
    fn a_bomb_of_nesting_is_refused() {
        let bomb: Vec<u8> = [0x30, 0x80].repeat(100_000);
        assert!(matches!(to_definite(&bomb), Err(CmsError::Malformed { what: "too deep" })));
    }

    #[test]
    fn what_is_cut_off_is_refused() {
        let der = [0x30, 0x05, 0x04, 0x03, 1, 2, 3];
        for end in 0..der.len() {
            assert!(to_definite(&der[..end]).is_err(), "{end}");
        }
    }
}
