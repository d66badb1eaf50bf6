//! Namespaces in scope while reading (Namespaces in XML 1.0).

use std::collections::HashSet;
use std::sync::Arc;

use crate::xml::names::{XML, XMLNS};

/// Declarations of all open elements, and the strings that many nodes share.
#[derive(Default)]
pub(super) struct Scope {
    pub(super) declared: Vec<(Arc<str>, Arc<str>)>,
    strings: HashSet<Arc<str>>,
}

impl Scope {
    /// The one copy of a string.
    pub(super) fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(found) = self.strings.get(text) {
            return found.clone();
        }
        let new: Arc<str> = text.into();
        self.strings.insert(new.clone());
        new
    }

    /// Declares a prefix (empty: the default). The error says what rule it breaks.
    pub(super) fn declare(&mut self, prefix: &str, uri: &str) -> Result<(), &'static str> {
        match (prefix, uri) {
            ("xmlns", _) => return Err("the prefix `xmlns` is declared"),
            ("xml", XML) => {}
            ("xml", _) => return Err("the prefix `xml` is declared as something else"),
            (_, XML | XMLNS) => return Err("a reserved namespace is declared"),
            ("", _) => {}
            (_, "") => return Err("a prefix is declared as nothing"),
            _ => {}
        }
        let declaration = (self.shared(prefix), self.shared(uri));
        self.declared.push(declaration);
        Ok(())
    }

    /// What a prefix stands for, if it stands for anything.
    pub(super) fn resolve(&mut self, prefix: &str) -> Option<Arc<str>> {
        if prefix == "xml" {
            return Some(self.shared(XML));
        }
        let (_, uri) = self.declared.iter().rev().find(|(name, _)| &**name == prefix)?;
        Some(uri.clone()).filter(|uri| !uri.is_empty())
    }
}
