//! Canonical XML 1.0 (W3C, 15 March 2001) and Exclusive XML Canonicalization 1.0 (W3C, 18 July 2002).
//!
//! Of a whole document, or of an element with all below it: signatures that we accept select nothing else. Nodes
//! that were taken out of the tree before are not there.

use super::XmlError;
use super::parse::scan;
use super::tree::{Attribute, DOCUMENT, Element, Id, Kind, Namespace, Tree};
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
        let place = element.data.place;
        self.out.reserve(place.closing.unwrap_or(place.opened).saturating_sub(place.start) + 256);
        let mut inherited: Vec<&Attribute> = Vec::new();
        let mut around = self.tree.node(element.place.id).parent;
        while let Some(ancestor) = self.tree.element(around) {
            self.scope.extend(ancestor.declarations());
            let count = if self.method.exclusive { 0 } else { usize::MAX };
            for attribute in ancestor.raw_attributes().iter().filter(|own| is_xml(own)).take(count) {
                let local = self.tree.str(attribute.name.local);
                let is = |nearer: &Attribute| is_xml(nearer) && self.tree.str(nearer.name.local) == local;
                let own = element.raw_attributes().iter();
                if !own.chain(inherited.iter().copied()).any(is) {
                    inherited.push(attribute);
                }
            }
            around = self.tree.node(around).parent;
        }
        // It was gathered from the inside out.
        self.scope.reverse();
        self.element(element, inherited, true)
    }

    fn node(&mut self, id: Id) -> Result<(), XmlError> {
        match self.tree.node(id).kind {
            Kind::Element(_) => {
                let Some(element) = self.tree.element(id) else { return Ok(()) };
                return self.element(element, Vec::new(), false);
            }
            Kind::Text(text) => self.escaped(self.tree.str(text), is_special_in_text, |byte| match byte {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                _ => "&#xD;",
            }),
            Kind::Comment(text) if self.method.comments => {
                self.put("<!--");
                self.escaped(self.tree.str(text), is_return, |_| "&#xD;");
                self.put("-->");
            }
            Kind::Comment(_) | Kind::Document | Kind::Gone => {}
            Kind::Instruction { target, data } => {
                self.put("<?");
                self.put(self.tree.str(target));
                if data.start != data.end {
                    self.put(" ");
                    self.escaped(self.tree.str(data), is_return, |_| "&#xD;");
                }
                self.put("?>");
            }
        }
        Ok(())
    }

    /// An element and all below it. The parser's limit on depth bounds the recursion.
    fn element(
        &mut self,
        element: Element<'a>,
        inherited: Vec<&'a Attribute>,
        is_apex: bool,
    ) -> Result<(), XmlError> {
        if self.out.len() > MOST_BYTES {
            return Err(XmlError::Refused { what: "more than 48 MiB in canonical form" });
        }
        let tree = self.tree;
        let (in_scope, in_output) = (self.scope.len(), self.rendered.len());
        self.scope.extend(element.declarations());
        self.put("<");
        let name = tree.str(element.data.name.written());
        self.put(name);
        for (prefix, uri) in self.to_declare(element, is_apex)? {
            self.put(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            self.put(prefix);
            self.value(uri);
            self.rendered.push((prefix, uri));
        }
        match (element.raw_attributes(), inherited.is_empty()) {
            ([], true) => {}
            ([only], true) => self.attribute(only),
            (own, _) => {
                let mut all = inherited;
                all.extend(own);
                let uri =
                    |attribute: &Attribute| attribute.name.namespace.map(|namespace| tree.uri(namespace));
                all.sort_by_key(|attribute| (uri(attribute), tree.str(attribute.name.local)));
                for attribute in all {
                    self.attribute(attribute);
                }
            }
        }
        self.put(">");
        for child in tree.children(element.place.id) {
            self.node(child)?;
        }
        self.put("</");
        self.put(name);
        self.put(">");
        self.scope.truncate(in_scope);
        self.rendered.truncate(in_output);
        Ok(())
    }

    /// The declarations that this element has in the output, in their order (by prefix).
    fn to_declare(&self, element: Element<'a>, is_apex: bool) -> Result<Vec<Declaration<'a>>, XmlError> {
        let is_relative = |(_, uri): Declaration<'_>| !uri.is_empty() && !has_scheme(uri);
        if element.declarations().any(is_relative) {
            return Err(XmlError::Refused { what: "a relative URI as namespace (Canonical XML 1.0, 1)" });
        }
        let mut wanted: Vec<Declaration<'_>> = Vec::new();
        let mut want = |declared: Declaration<'a>| {
            if self.is_new(declared) && wanted.iter().all(|(prefix, _)| *prefix != declared.0) {
                wanted.push(declared);
            }
        };
        if self.method.exclusive {
            want((element.prefix(), element.namespace().unwrap_or_default()));
            for Attribute { name, .. } in element.raw_attributes() {
                if let Some(namespace) = name.namespace {
                    want((self.tree.str(name.prefix), self.tree.uri(namespace)));
                }
            }
            for prefix in &self.method.prefixes {
                self.scope.iter().rev().find(|(name, _)| name == prefix).copied().map(&mut want);
            }
        } else if is_apex {
            // A declaration hides those around it, even where it says nothing new itself.
            for (index, declared) in self.scope.iter().enumerate() {
                let nearer = self.scope.get(index + 1..).unwrap_or_default();
                if nearer.iter().all(|(prefix, _)| *prefix != declared.0) {
                    want(*declared);
                }
            }
        } else {
            element.declarations().for_each(want);
        }
        wanted.sort_unstable();
        Ok(wanted)
    }

    /// Whether a declaration says what is not said around the place in the output.
    fn is_new(&self, (prefix, uri): Declaration<'_>) -> bool {
        let around = self.rendered.iter().rev().find(|(name, _)| *name == prefix);
        around.map_or("", |(_, uri)| uri) != uri && prefix != "xml"
    }

    fn attribute(&mut self, Attribute { name, value }: &Attribute) {
        let tree = self.tree;
        self.put(" ");
        self.put(tree.str(name.written()));
        self.value(tree.str(*value));
    }

    fn value(&mut self, value: &str) {
        self.put("=\"");
        let is_special = |byte| byte == b'&' || byte == b'<' || byte == b'"' || byte < b' ';
        self.escaped(value, is_special, |byte| match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'"' => "&quot;",
            b'\t' => "&#x9;",
            b'\n' => "&#xA;",
            // The parser let no other byte below a blank pass.
            _ => "&#xD;",
        });
        self.put("\"");
    }

    fn escaped(
        &mut self,
        text: &str,
        is_special: impl Fn(u8) -> bool,
        reference: impl Fn(u8) -> &'static str,
    ) {
        if !scan::any(text.as_bytes(), &is_special) {
            return self.put(text);
        }
        let mut rest = text.as_bytes();
        loop {
            let (before, from) = rest.split_at(scan::first(rest, &is_special));
            self.out.extend_from_slice(before);
            let Some((&byte, after)) = from.split_first() else { return };
            self.put(reference(byte));
            rest = after;
        }
    }

    fn put(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }
}

fn is_xml(attribute: &Attribute) -> bool {
    attribute.name.namespace == Some(Namespace::XML)
}

fn is_special_in_text(byte: u8) -> bool {
    byte == b'&' || byte == b'<' || byte == b'>' || byte == b'\r'
}

fn is_return(byte: u8) -> bool {
    byte == b'\r'
}

/// Whether a URI begins with a scheme (RFC 3986, 3.1).
fn has_scheme(uri: &str) -> bool {
    let scheme = uri.split_once(':').map_or("", |(scheme, _)| scheme);
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}
