//! Canonical XML 1.0 (W3C, 15 March 2001) and Exclusive XML Canonicalization 1.0 (W3C, 18 July 2002).
//!
//! Of a whole document, or of an element with all below it: signatures that we accept select nothing else. Nodes
//! that were taken out of the tree before are not there.

use std::collections::BTreeMap;

use super::XmlError;
use super::names::XML;
use super::tree::{Attribute, DOCUMENT, Element, Id, Kind, Tree};
use crate::http::LARGEST_BODY;

/// A short prefix in a document can stand for a long URI wherever it is used: the result is limited on its own.
const MOST_BYTES: usize = 2 * LARGEST_BODY;

/// Which canonicalization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Method {
    pub(super) exclusive: bool,
    pub(super) comments: bool,
    /// The PrefixList of `InclusiveNamespaces`, empty for `#default` (exclusive, 2.1).
    pub(super) prefixes: Vec<String>,
}

impl Method {
    pub(super) const INCLUSIVE: Self = Self { exclusive: false, comments: false, prefixes: Vec::new() };
    pub(super) const EXCLUSIVE: Self = Self { exclusive: true, comments: false, prefixes: Vec::new() };

    /// The same for a node-set without comments, which `URI=""` and `URI="#id"` select (XML-DSig, 4.3.3.3).
    pub(super) fn without_comments(&self) -> Self {
        Self { comments: false, ..self.clone() }
    }
}

/// The canonical form of a document.
pub(super) fn document(tree: &Tree, method: &Method) -> Result<Vec<u8>, XmlError> {
    let mut writer = Writer::new(tree, method);
    let mut past_root = false;
    for id in tree.children(DOCUMENT) {
        match tree.element(id) {
            Some(root) => {
                writer.apex(root)?;
                past_root = true;
            }
            // Around the root element each stands on a line of its own (2.3).
            None if !method.comments && matches!(tree.node(id).kind, Kind::Comment(_)) => {}
            None => {
                writer.put(if past_root { "\n" } else { "" });
                writer.node(id)?;
                writer.put(if past_root { "" } else { "\n" });
            }
        }
    }
    Ok(writer.out)
}

/// The canonical form of an element with all below it.
pub(super) fn element(element: Element<'_>, method: &Method) -> Result<Vec<u8>, XmlError> {
    let mut writer = Writer::new(element.tree, method);
    writer.apex(element)?;
    Ok(writer.out)
}

/// Prefix and URI; an empty URI stands for no namespace.
type Declaration<'a> = (&'a str, &'a str);

struct Writer<'a> {
    tree: &'a Tree,
    method: &'a Method,
    out: Vec<u8>,
    /// What is declared in the document around the place, innermost last.
    scope: Vec<Declaration<'a>>,
    /// What is declared in the output around the place, innermost last.
    rendered: Vec<Declaration<'a>>,
}

impl<'a> Writer<'a> {
    fn new(tree: &'a Tree, method: &'a Method) -> Self {
        Self { tree, method, out: Vec::new(), scope: Vec::new(), rendered: Vec::new() }
    }

    /// The outermost element: declarations around it count for it, and, inclusively, attributes `xml:…` too (2.4).
    fn apex(&mut self, element: Element<'a>) -> Result<(), XmlError> {
        let mut ancestors = Vec::new();
        let mut above = self.tree.node(element.place.id).parent;
        while let Some(id) = above {
            ancestors.extend(self.tree.element(id));
            above = self.tree.node(id).parent;
        }
        let mut inherited: BTreeMap<&str, &Attribute> = BTreeMap::new();
        for ancestor in ancestors.into_iter().rev() {
            self.scope.extend(declarations(ancestor));
            let attributes = ancestor.data.attributes.iter().filter(|attribute| is_xml(attribute));
            inherited.extend(attributes.map(|attribute| (&*attribute.name.local, attribute)));
        }
        if self.method.exclusive {
            inherited.clear();
        }
        for attribute in &element.data.attributes {
            if is_xml(attribute) {
                inherited.remove(&*attribute.name.local);
            }
        }
        self.element(element, inherited.into_values().collect())
    }

    fn node(&mut self, id: Id) -> Result<(), XmlError> {
        match &self.tree.node(id).kind {
            Kind::Element(_) => {
                return self.tree.element(id).map_or(Ok(()), |element| self.element(element, Vec::new()));
            }
            Kind::Text(text) => self.escaped(text, |c| match c {
                '&' => Some("&amp;"),
                '<' => Some("&lt;"),
                '>' => Some("&gt;"),
                '\r' => Some("&#xD;"),
                _ => None,
            }),
            Kind::Comment(text) if self.method.comments => {
                self.put("<!--");
                self.escaped(text, carriage_return);
                self.put("-->");
            }
            Kind::Comment(_) | Kind::Document => {}
            Kind::Instruction { target, data } => {
                self.put("<?");
                self.put(target);
                if !data.is_empty() {
                    self.put(" ");
                    self.escaped(data, carriage_return);
                }
                self.put("?>");
            }
        }
        Ok(())
    }

    /// An element and all below it. The parser's limit on depth bounds the recursion.
    fn element(&mut self, element: Element<'a>, inherited: Vec<&'a Attribute>) -> Result<(), XmlError> {
        if self.out.len() > MOST_BYTES {
            return Err(XmlError::Refused { what: "more than 48 MiB in canonical form" });
        }
        let (in_scope, in_output) = (self.scope.len(), self.rendered.len());
        self.scope.extend(declarations(element));
        self.put("<");
        self.qname(element.prefix(), element.local_name());
        for (prefix, uri) in self.to_declare(element)? {
            self.put(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            self.put(prefix);
            self.value(uri);
            self.rendered.push((prefix, uri));
        }
        let mut attributes = inherited;
        attributes.extend(&element.data.attributes);
        attributes.sort_by_key(|attribute| (attribute.name.namespace.as_deref(), &*attribute.name.local));
        for attribute in attributes {
            self.put(" ");
            self.qname(&attribute.name.prefix, &attribute.name.local);
            self.value(&attribute.value);
        }
        self.put(">");
        for child in self.tree.children(element.place.id) {
            self.node(child)?;
        }
        self.put("</");
        self.qname(element.prefix(), element.local_name());
        self.put(">");
        self.scope.truncate(in_scope);
        self.rendered.truncate(in_output);
        Ok(())
    }

    /// The declarations that this element has in the output, in their order (by prefix).
    fn to_declare(&self, element: Element<'a>) -> Result<Vec<Declaration<'a>>, XmlError> {
        let is_relative = |(_, uri): Declaration<'_>| !uri.is_empty() && !has_scheme(uri);
        if declarations(element).any(is_relative) {
            return Err(XmlError::Refused { what: "a relative URI as namespace (Canonical XML 1.0, 1)" });
        }
        let mut wanted: BTreeMap<&str, &str> = BTreeMap::new();
        if self.method.exclusive {
            let data = element.data;
            wanted.insert(element.prefix(), element.namespace().unwrap_or_default());
            for Attribute { name, .. } in &data.attributes {
                if !name.prefix.is_empty() {
                    wanted.insert(&name.prefix, name.namespace.as_deref().unwrap_or_default());
                }
            }
            for prefix in &self.method.prefixes {
                let found = self.scope.iter().rev().find(|(name, _)| name == prefix);
                wanted.extend(found.copied());
            }
        } else if self.rendered.is_empty() {
            // Later declarations are nearer ones.
            wanted.extend(self.scope.iter().copied());
        } else {
            wanted.extend(declarations(element));
        }
        wanted.remove("xml");
        let is_new = |(prefix, uri): &Declaration<'_>| {
            let around = self.rendered.iter().rev().find(|(name, _)| name == prefix);
            around.map_or("", |(_, uri)| uri) != *uri
        };
        Ok(wanted.into_iter().filter(is_new).collect())
    }

    fn qname(&mut self, prefix: &str, local: &str) {
        if !prefix.is_empty() {
            self.put(prefix);
            self.put(":");
        }
        self.put(local);
    }

    fn value(&mut self, value: &str) {
        self.put("=\"");
        self.escaped(value, |c| match c {
            '&' => Some("&amp;"),
            '<' => Some("&lt;"),
            '"' => Some("&quot;"),
            '\t' => Some("&#x9;"),
            '\n' => Some("&#xA;"),
            '\r' => Some("&#xD;"),
            _ => None,
        });
        self.put("\"");
    }

    fn escaped(&mut self, text: &str, escape: impl Fn(char) -> Option<&'static str>) {
        let mut done = 0;
        for (at, c) in text.char_indices() {
            if let Some(reference) = escape(c) {
                self.put(text.get(done..at).unwrap_or_default());
                self.put(reference);
                done = at + c.len_utf8();
            }
        }
        self.put(text.get(done..).unwrap_or_default());
    }

    fn put(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }
}

fn declarations(element: Element<'_>) -> impl Iterator<Item = Declaration<'_>> {
    element.data.declarations.iter().map(|(prefix, uri)| (&**prefix, &**uri))
}

fn is_xml(attribute: &Attribute) -> bool {
    attribute.name.namespace.as_deref() == Some(XML)
}

fn carriage_return(c: char) -> Option<&'static str> {
    (c == '\r').then_some("&#xD;")
}

/// Whether a URI begins with a scheme (RFC 3986, 3.1).
fn has_scheme(uri: &str) -> bool {
    let scheme = uri.split_once(':').map_or("", |(scheme, _)| scheme);
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}
