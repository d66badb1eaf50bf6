//! The place in the text, and what can be read from there.

use crate::xml::XmlError;

pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    pub(super) fn is_at(&self, what: &str) -> bool {
        self.rest().starts_with(what)
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
        let length =
            self.rest().bytes().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
        self.at += length;
        length > 0
    }

    /// Everything up to `end`, and over it.
    pub(super) fn until(&mut self, end: &str, or: &'static str) -> Result<&'a str, XmlError> {
        let (before, _) = self.rest().split_once(end).ok_or_else(|| self.malformed(or))?;
        self.at += before.len() + end.len();
        Ok(before)
    }

    /// A name without colon (Namespaces in XML 1.0, production 4).
    pub(super) fn ncname(&mut self) -> Result<&'a str, XmlError> {
        let rest = self.rest();
        let length = rest.find(|c| !is_name_char(c)).unwrap_or(rest.len());
        let name = rest.get(..length).unwrap_or_default();
        if !name.starts_with(is_name_start) {
            return Err(self.malformed("a name is expected"));
        }
        self.at += length;
        Ok(name)
    }

    /// Prefix and local name; the prefix is empty without colon.
    pub(super) fn qname(&mut self) -> Result<(&'a str, &'a str), XmlError> {
        let first = self.ncname()?;
        if self.eat(":") { Ok((first, self.ncname()?)) } else { Ok(("", first)) }
    }

    /// A literal in quotes of either kind, raw.
    pub(super) fn quoted(&mut self) -> Result<&'a str, XmlError> {
        for quote in ["\"", "'"] {
            if self.eat(quote) {
                return self.until(quote, "a value does not end");
            }
        }
        Err(self.malformed("a value in quotes is expected"))
    }

    pub(super) fn malformed(&self, what: &'static str) -> XmlError {
        let before = self.text.as_bytes().get(..self.at).unwrap_or_default();
        let line = before.split(|&byte| byte == b'\n').count();
        let column = before.iter().rev().take_while(|&&byte| byte != b'\n').count() + 1;
        XmlError::Malformed { what, line, column }
    }
}

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
