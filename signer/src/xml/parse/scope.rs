//! Namespaces in scope while reading (Namespaces in XML 1.0).

use crate::xml::names::{XML, XMLNS};
use crate::xml::tree::{Namespace, Tree};

/// Declarations of all open elements, the nearest last.
#[derive(Default)]
pub(super) struct Scope(Vec<Namespace>);

impl Scope {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether a prefix was declared since there were so many.
    pub(super) fn has_since(&self, outside: usize, prefix: &str, tree: &Tree) -> bool {
        let own = self.0.get(outside..).unwrap_or_default();
        own.iter().any(|&declared| tree.prefix(declared) == prefix)
    }

    pub(super) fn enter(&mut self, declared: Namespace) {
        self.0.push(declared);
    }

    /// Goes back to where there were so many.
    pub(super) fn leave(&mut self, outside: usize) {
        self.0.truncate(outside);
    }

    /// What a prefix (empty: none) stands for, if it stands for anything.
    pub(super) fn resolve(&self, prefix: &str, tree: &Tree) -> Option<Namespace> {
        if prefix == "xml" {
            return Some(Namespace::XML);
        }
        let nearest = self.0.iter().rev().copied().find(|&declared| tree.prefix(declared) == prefix);
        nearest.filter(|&declared| !tree.uri(declared).is_empty())
    }
}

/// Whether a prefix (empty: the default) may be declared as this. The error says what rule it breaks.
pub(super) fn allowed(prefix: &str, uri: &str) -> Result<(), &'static str> {
    match (prefix, uri) {
        ("xmlns", _) => Err("the prefix `xmlns` is declared"),
        ("xml", XML) => Ok(()),
        ("xml", _) => Err("the prefix `xml` is declared as something else"),
        (_, XML | XMLNS) => Err("a reserved namespace is declared"),
        ("", _) => Ok(()),
        (_, "") => Err("a prefix is declared as nothing"),
        _ => Ok(()),
    }
}
