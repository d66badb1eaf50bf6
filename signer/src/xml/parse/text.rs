//! From raw text to what it stands for: references, line ends, white space of attributes.

use super::cursor::{Cursor, is_char};
use crate::xml::XmlError;

/// Character data with its references resolved and its line ends made one (XML 1.0, 2.11 and 4.1).
pub(super) fn content(raw: &str, cursor: &Cursor<'_>) -> Result<String, XmlError> {
    if raw.contains("]]>") {
        return Err(cursor.malformed("`]]>` outside of a CDATA section"));
    }
    decoded(raw, cursor, line_ends)
}

/// An attribute's value, normalised as CDATA (XML 1.0, 3.3.3): without a DTD there is no other type.
pub(super) fn attribute(raw: &str, cursor: &Cursor<'_>) -> Result<String, XmlError> {
    if raw.contains('<') {
        return Err(cursor.malformed("`<` in an attribute's value"));
    }
    decoded(raw, cursor, |piece| line_ends(piece).replace(['\n', '\t'], " "))
}

/// CR LF and CR become LF (XML 1.0, 2.11).
pub(super) fn line_ends(raw: &str) -> String {
    if raw.contains('\r') { raw.replace("\r\n", "\n").replace('\r', "\n") } else { raw.to_owned() }
}

/// Pieces between references are `normalised`; what a reference stands for is taken as it is.
fn decoded(raw: &str, cursor: &Cursor<'_>, normalised: impl Fn(&str) -> String) -> Result<String, XmlError> {
    let mut pieces = raw.split('&');
    let mut text = normalised(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (name, after) =
            piece.split_once(';').ok_or_else(|| cursor.malformed("`&` that begins no reference"))?;
        text.push(reference(name, cursor)?);
        text.push_str(&normalised(after));
    }
    Ok(text)
}

fn reference(name: &str, cursor: &Cursor<'_>) -> Result<char, XmlError> {
    let number = match name {
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "amp" => return Ok('&'),
        "apos" => return Ok('\''),
        "quot" => return Ok('"'),
        _ => name.strip_prefix('#').ok_or(XmlError::Refused { what: "a reference to an entity" })?,
    };
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |hex| (hex, 16));
    // `from_str_radix` would take a sign.
    let is_number = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    let code = is_number.then(|| u32::from_str_radix(digits, radix).ok()).flatten();
    code.and_then(char::from_u32)
        .filter(|&c| is_char(c))
        .ok_or_else(|| cursor.malformed("a reference to no character"))
}
