//! Writing the fields of a message: elements with text in them, left out where there is nothing.

use jiff::Timestamp;
use serde_json::Value;

use super::error::SoapError;
use crate::xml;

/// A message under way.
#[derive(Default)]
pub(super) struct Writer(xml::Writer);

impl Writer {
    /// Markup as it is.
    pub(super) fn raw(&mut self, markup: &str) -> &mut Self {
        self.0.raw(markup);
        self
    }

    /// An element with what is written into it; attributes may follow its name.
    pub(super) fn element(&mut self, tag: &str, inside: impl FnOnce(&mut Self)) -> &mut Self {
        let name = tag.split(' ').next().unwrap_or(tag);
        self.raw("<").raw(tag).raw(">");
        inside(self);
        self.raw("</").raw(name).raw(">")
    }

    /// An element with text.
    pub(super) fn field(&mut self, name: &str, text: impl AsRef<str>) -> &mut Self {
        self.element(name, |inside| {
            inside.text(text.as_ref());
        })
    }

    /// An element with text, where there is any.
    pub(super) fn maybe(&mut self, name: &str, text: Option<impl AsRef<str>>) -> &mut Self {
        if let Some(text) = text {
            self.field(name, text);
        }
        self
    }

    /// An element with a moment.
    pub(super) fn moment(&mut self, name: &str, moment: Timestamp) -> &mut Self {
        self.field(name, moment.to_string())
    }

    /// Text, so that it reads back as it is.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.0.text(text);
        self
    }

    /// JSON as elements: a field is an element of its name, a list is that element again and again.
    pub(super) fn value(&mut self, name: &str, value: &Value) -> &mut Self {
        match value {
            Value::Null => self,
            Value::Array(items) => items.iter().fold(self, |out, item| out.value(name, item)),
            Value::Object(_) => self.element(name, |inside| inside.inside(value)),
            Value::String(text) => self.field(name, text),
            Value::Bool(_) | Value::Number(_) => self.field(name, value.to_string()),
        }
    }

    /// The fields of an object, or the text that a value is.
    pub(super) fn inside(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(name, value)| {
                self.value(name, value);
            }),
            Value::String(text) => {
                self.text(text);
            }
            _ => {}
        }
    }

    /// What was written.
    ///
    /// # Errors
    /// [`SoapError::Xml`] for a character that no XML document can hold.
    pub(super) fn finish(self) -> Result<String, SoapError> {
        Ok(self.0.finish()?)
    }
}
