//! Writing XML.

use std::borrow::Cow;

use super::XmlError;
use super::parse::is_char;

/// Writes elements one after the other. What is given as text or as an attribute's value may be anything.
///
/// ```
/// use signer::xml::Writer;
///
/// let mut xml = Writer::new();
/// xml.start("m:Send", &[("xmlns:m", "urn:test")]).leaf("to", "school & queue").end();
/// assert_eq!(xml.finish().unwrap(), "<m:Send xmlns:m=\"urn:test\"><to>school &amp; queue</to></m:Send>");
/// ```
#[derive(Debug, Default)]
pub struct Writer {
    out: String,
    open: Vec<String>,
    wrong: Option<XmlError>,
}

impl Writer {
    /// Begins with nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// A start tag, with attributes and declarations of namespaces. The names are written as they are.
    pub fn start(&mut self, name: &str, attributes: &[(&str, &str)]) -> &mut Self {
        self.out.extend(["<", name]);
        for (attribute, value) in attributes {
            self.out.extend([" ", attribute, "=\""]);
            self.escaped(escape_attribute(value));
            self.out.push('"');
        }
        self.out.push('>');
        self.open.push(name.to_owned());
        self
    }

    /// Text inside the element that is open.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.escaped(escape_text(text));
        self
    }

    /// What is XML already, such as [`Element::to_xml`](super::Element::to_xml) gives.
    pub fn raw(&mut self, xml: &str) -> &mut Self {
        self.out.push_str(xml);
        self
    }

    /// An element without attributes that holds nothing but text.
    pub fn leaf(&mut self, name: &str, text: &str) -> &mut Self {
        self.start(name, &[]).text(text).end()
    }

    /// The end tag of the element that is open.
    pub fn end(&mut self) -> &mut Self {
        if let Some(name) = self.open.pop() {
            self.out.extend(["</", &name, ">"]);
        }
        self
    }

    /// What was written, with every element ended.
    ///
    /// # Errors
    /// [`XmlError::Refused`] when a text held a character that XML cannot carry.
    pub fn finish(mut self) -> Result<String, XmlError> {
        while !self.open.is_empty() {
            self.end();
        }
        self.wrong.map_or(Ok(self.out), Err)
    }

    fn escaped(&mut self, escaped: Result<Cow<'_, str>, XmlError>) {
        match escaped {
            Ok(text) => self.out.push_str(&text),
            Err(error) => self.wrong = self.wrong.take().or(Some(error)),
        }
    }
}

/// Text as it stands between tags. A reader gets back the very same text: carriage returns stay.
///
/// # Errors
/// [`XmlError::Refused`] for a character that XML cannot carry, in no notation (XML 1.0, production 2).
pub fn escape_text(text: &str) -> Result<Cow<'_, str>, XmlError> {
    escape(text, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '\r' => Some("&#xD;"),
        _ => None,
    })
}

/// The value of an attribute as it stands between double quotes.
///
/// # Errors
/// As [`escape_text`].
pub fn escape_attribute(value: &str) -> Result<Cow<'_, str>, XmlError> {
    escape(value, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '"' => Some("&quot;"),
        '\t' => Some("&#x9;"),
        '\n' => Some("&#xA;"),
        '\r' => Some("&#xD;"),
        _ => None,
    })
}

fn escape(text: &str, reference: impl Fn(char) -> Option<&'static str>) -> Result<Cow<'_, str>, XmlError> {
    if !text.chars().all(is_char) {
        return Err(XmlError::Refused { what: "a text with a character that XML does not have" });
    }
    if !text.contains(|c| reference(c).is_some()) {
        return Ok(text.into());
    }
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match reference(c) {
            Some(reference) => out.push_str(reference),
            None => out.push(c),
        }
    }
    Ok(out.into())
}
