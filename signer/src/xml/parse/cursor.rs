//! The place in the text, and what can be read from there.

use super::scan;
use crate::xml::XmlError;
use crate::xml::tree::Span;

pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

/// A name as it was written; the prefix is empty without colon.
#[derive(Clone, Copy)]
pub(super) struct Qname {
    pub(super) prefix: Span,
    pub(super) local: Span,
}

impl<'a> Cursor<'a> {
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn str(&self, span: Span) -> &'a str {
        self.text.get(span.range()).unwrap_or_default()
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// The next byte.
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    pub(super) fn is_at(&self, what: &str) -> bool {
        self.bytes().starts_with(what.as_bytes())
    }

    /// Goes over `what` if it is next.
    pub(super) fn eat(&mut self, what: &str) -> bool {
        let is = self.is_at(what);
        if is {
            self.at += what.len();
        }
        is
    }

    pub(super) fn expect(&mut self, what: &str, or: &'static str) -> Result<(), XmlError> {
        if self.eat(what) { Ok(()) } else { Err(self.malformed(or)) }
    }

    /// Goes over white space (XML 1.0, production 3); whether there was any.
    pub(super) fn space(&mut self) -> bool {
        let before = self.at;
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
        self.at > before
    }

    /// Everything up to a byte, and over it.
    fn until_byte(&mut self, end: u8, or: &'static str) -> Result<Span, XmlError> {
        let start = self.at;
        let length = scan::first(self.bytes(), |byte| byte == end);
        if start + length == self.text.len() {
            return Err(self.malformed(or));
        }
        self.at = start + length + 1;
        Ok(Span::new(start, start + length))
    }

    /// Everything up to `end`, and over it.
    pub(super) fn until(&mut self, end: &str, or: &'static str) -> Result<Span, XmlError> {
        let start = self.at;
        let length = self.rest().find(end).ok_or_else(|| self.malformed(or))?;
        self.at += length + end.len();
        Ok(Span::new(start, start + length))
    }

    /// Everything up to the next `<`, which is left.
    pub(super) fn text(&mut self) -> Result<Span, XmlError> {
        let start = self.at;
        let length = scan::first(self.bytes(), |byte| byte == b'<');
        if start + length == self.text.len() {
            return Err(self.malformed("an element does not end"));
        }
        self.at += length;
        Ok(Span::new(start, self.at))
    }

    /// A name without colon (Namespaces in XML 1.0, production 4).
    pub(super) fn ncname(&mut self) -> Result<Span, XmlError> {
        let (bytes, start) = (self.bytes(), self.at);
        let mut length = bytes.iter().take_while(|&&byte| ASCII_NAME[usize::from(byte)]).count();
        if bytes.get(length).is_some_and(|byte| !byte.is_ascii()) {
            let rest = self.rest();
            length = rest.find(|c| !is_name_char(c)).unwrap_or(rest.len());
        }
        let is_start = match bytes.first() {
            Some(byte) if byte.is_ascii() => byte.is_ascii_alphabetic() || *byte == b'_',
            _ => self.rest().starts_with(is_name_start),
        };
        if length == 0 || !is_start {
            return Err(self.malformed("a name is expected"));
        }
        self.at += length;
        Ok(Span::new(start, self.at))
    }

    /// Prefix and local name.
    pub(super) fn qname(&mut self) -> Result<Qname, XmlError> {
        let first = self.ncname()?;
        if self.peek() != Some(b':') {
            return Ok(Qname { prefix: Span::default(), local: first });
        }
        self.at += 1;
        Ok(Qname { prefix: first, local: self.ncname()? })
    }

    /// A literal in quotes of either kind, raw.
    pub(super) fn quoted(&mut self) -> Result<Span, XmlError> {
        match self.peek() {
            Some(quote @ (b'"' | b'\'')) => {
                self.at += 1;
                self.until_byte(quote, "a value does not end")
            }
            _ => Err(self.malformed("a value in quotes is expected")),
        }
    }

    pub(super) fn malformed(&self, what: &'static str) -> XmlError {
        let before = self.text.as_bytes().get(..self.at).unwrap_or_default();
        let line = before.split(|&byte| byte == b'\n').count();
        let column = before.iter().rev().take_while(|&&byte| byte != b'\n').count() + 1;
        XmlError::Malformed { what, line, column }
    }
}

/// Where the text has a character that XML does not have.
pub(super) fn foreign_char(text: &str) -> Option<usize> {
    // Nearly no text has the first byte of U+FFFE and U+FFFF: then nobody needs to look at characters.
    let may_be_foreign =
        |byte| byte == 0xEF || (byte < b' ' && byte != b'\t' && byte != b'\n' && byte != b'\r');
    if !scan::any(text.as_bytes(), may_be_foreign) {
        return None;
    }
    text.find(|c| !is_char(c))
}

/// NameChar in ASCII without the colon, by byte.
const ASCII_NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        byte += 1;
    }
    table
};

/// NameStartChar without the colon (XML 1.0, production 4).
fn is_name_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

/// NameChar without the colon (XML 1.0, production 4a).
fn is_name_char(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Char (XML 1.0, production 2).
pub(in crate::xml) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}
