//! From raw text to what it stands for: references, line ends, white space of attributes. What stands for itself stays
//! where it is.

use super::cursor::{Cursor, is_char};
use super::scan;
use crate::xml::XmlError;
use crate::xml::tree::{Span, Tree};

/// Character data with its references resolved and its line ends made one (XML 1.0, 2.11 and 4.1).
pub(super) fn content(raw: Span, cursor: &Cursor<'_>, tree: &mut Tree) -> Result<Span, XmlError> {
    let text = cursor.str(raw);
    if !scan::any(text.as_bytes(), |byte| byte == b'&' || byte == b'\r' || byte == b']') {
        return Ok(raw);
    }
    if text.contains("]]>") {
        return Err(cursor.malformed("`]]>` outside of a CDATA section"));
    }
    decoded(text, cursor, tree, keep_lines)
}

/// An attribute's value, normalised as CDATA (XML 1.0, 3.3.3): without a DTD there is no other type.
pub(super) fn attribute(raw: Span, cursor: &Cursor<'_>, tree: &mut Tree) -> Result<Span, XmlError> {
    let text = cursor.str(raw);
    // Of the bytes below a blank only white space got this far.
    if !scan::any(text.as_bytes(), |byte| byte == b'&' || byte == b'<' || byte < b' ') {
        return Ok(raw);
    }
    if text.contains('<') {
        return Err(cursor.malformed("`<` in an attribute's value"));
    }
    decoded(text, cursor, tree, keep_blanks)
}

/// CR LF and CR become LF (XML 1.0, 2.11).
pub(super) fn line_ends(raw: Span, cursor: &Cursor<'_>, tree: &mut Tree) -> Span {
    let text = cursor.str(raw);
    if !scan::any(text.as_bytes(), |byte| byte == b'\r') {
        return raw;
    }
    let start = tree.kept();
    keep_lines(text, tree);
    Span::new(start, tree.kept())
}

/// Pieces between references are `kept` in their way; what a reference stands for is taken as it is.
fn decoded(
    text: &str,
    cursor: &Cursor<'_>,
    tree: &mut Tree,
    kept: impl Fn(&str, &mut Tree),
) -> Result<Span, XmlError> {
    let start = tree.kept();
    let mut pieces = text.split('&');
    kept(pieces.next().unwrap_or_default(), tree);
    for piece in pieces {
        let (name, after) =
            piece.split_once(';').ok_or_else(|| cursor.malformed("`&` that begins no reference"))?;
        tree.keep(reference(name, cursor)?.encode_utf8(&mut [0; 4]));
        kept(after, tree);
    }
    Ok(Span::new(start, tree.kept()))
}

fn keep_lines(piece: &str, tree: &mut Tree) {
    let mut rest = piece;
    while let Some((line, after)) = rest.split_once('\r') {
        tree.keep(line);
        tree.keep("\n");
        rest = after.strip_prefix('\n').unwrap_or(after);
    }
    tree.keep(rest);
}

/// Tabs and line ends, a CR LF together, become blanks.
fn keep_blanks(piece: &str, tree: &mut Tree) {
    let mut rest = piece;
    while let Some((before, after)) = rest.split_once(['\r', '\n', '\t']) {
        tree.keep(before);
        tree.keep(" ");
        let is_return = rest.as_bytes().get(before.len()) == Some(&b'\r');
        rest = if is_return { after.strip_prefix('\n').unwrap_or(after) } else { after };
    }
    tree.keep(rest);
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
