//! The parser: XML 1.0 with namespaces, without DTD, with limits.
//!
//! Small because it leaves out what a message must not have anyway. Every limit is met while reading, before memory
//! is taken for what is beyond it.

mod cursor;
mod scope;
mod text;

use std::sync::Arc;

use super::XmlError;
use super::tree::{Attribute, DOCUMENT, ElementId, ElementNode, Id, Kind, Name, Node, Place, Tree};
use crate::http::LARGEST_BODY;
use cursor::Cursor;
pub(super) use cursor::is_char;
use scope::Scope;

/// Elements inside each other.
const MOST_DEPTH: usize = 128;
/// Attributes of one element, declarations of namespaces included.
const MOST_ATTRIBUTES: usize = 256;
/// Elements, attributes, texts, comments and instructions together.
const MOST_NODES: usize = 400_000;
/// Declarations of namespaces in scope at once.
const MOST_NAMESPACES: usize = 256;

/// Reads a document.
///
/// # Errors
/// [`XmlError::Malformed`] and [`XmlError::Refused`]: a DTD or entity, an encoding other than UTF-8, a version other
/// than 1.0, and anything over a limit: 24 MiB, 128 levels, 256 attributes of an element, 400 000 nodes, 256
/// namespaces in scope.
pub(super) fn parse(bytes: &[u8]) -> Result<Tree, XmlError> {
    let text = text_of(bytes)?;
    let nodes = vec![Node {
        parent: None,
        first: None,
        last: None,
        previous: None,
        next: None,
        kind: Kind::Document,
    }];
    let parser = Parser {
        cursor: Cursor { text, at: 0 },
        tree: Tree { nodes, elements: Vec::new(), root: DOCUMENT },
        scope: Scope::default(),
        open: Vec::new(),
        attributes: 0,
    };
    parser.document()
}

/// The text of a document: UTF-8 without its byte order mark. Places in the tree count from its beginning.
pub(super) fn text_of(bytes: &[u8]) -> Result<&str, XmlError> {
    if bytes.len() > LARGEST_BODY {
        return Err(XmlError::Refused { what: "more than 24 MiB" });
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|_| XmlError::Refused { what: "another encoding than UTF-8, or broken UTF-8" })?;
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text))
}

struct Parser<'a> {
    cursor: Cursor<'a>,
    tree: Tree,
    scope: Scope,
    open: Vec<Open<'a>>,
    /// So many attributes so far.
    attributes: usize,
}

/// An element whose end tag is still to come.
struct Open<'a> {
    element: ElementId,
    name: (&'a str, &'a str),
    /// How many declarations were in scope outside.
    outside: usize,
}

impl<'a> Parser<'a> {
    fn document(mut self) -> Result<Tree, XmlError> {
        if let Some(at) = self.cursor.text.find(|c| !is_char(c)) {
            self.cursor.at = at;
            return Err(self.cursor.malformed("a character that XML does not have"));
        }
        self.declaration()?;
        self.around()?;
        if !self.cursor.is_at("<") {
            return Err(self.cursor.malformed("there is no root element"));
        }
        self.start_tag()?;
        while let Some(parent) = self.open.last().map(|open| open.element.id) {
            self.inside(parent)?;
        }
        self.around()?;
        if !self.cursor.is_at_end() {
            return Err(self.cursor.malformed("something stands after the root element"));
        }
        Ok(self.tree)
    }

    /// `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` (XML 1.0, production 23).
    fn declaration(&mut self) -> Result<(), XmlError> {
        if !self
            .cursor
            .rest()
            .strip_prefix("<?xml")
            .is_some_and(|rest| rest.starts_with([' ', '\t', '\r', '\n']))
        {
            return Ok(());
        }
        self.cursor.eat("<?xml");
        let mut next = 0;
        while self.cursor.space() && !self.cursor.is_at("?>") {
            let name = self.cursor.ncname()?;
            let value = self.value()?;
            let order = ["version", "encoding", "standalone"].iter().position(|known| *known == name);
            let order = order.filter(|&order| order >= next && (order == 0) == (next == 0));
            next = order.ok_or_else(|| self.cursor.malformed("the XML declaration is not one"))? + 1;
            match name {
                "version" if value != "1.0" => {
                    return Err(XmlError::Refused { what: "another version than XML 1.0" });
                }
                "encoding" if !value.eq_ignore_ascii_case("utf-8") => {
                    return Err(XmlError::Refused { what: "another encoding than UTF-8" });
                }
                "standalone" if !["yes", "no"].contains(&value) => {
                    return Err(self.cursor.malformed("standalone is neither yes nor no"));
                }
                _ => {}
            }
        }
        if next == 0 {
            return Err(self.cursor.malformed("the XML declaration has no version"));
        }
        self.cursor.expect("?>", "the XML declaration does not end")
    }

    /// White space, comments and instructions before and after the root element.
    fn around(&mut self) -> Result<(), XmlError> {
        loop {
            self.cursor.space();
            if self.cursor.is_at("<!DOCTYPE") {
                return Err(XmlError::Refused { what: "a document type declaration (DTD)" });
            }
            if !self.comment(DOCUMENT)? && !self.instruction(DOCUMENT)? {
                return Ok(());
            }
        }
    }

    /// The next piece of an element's content.
    fn inside(&mut self, parent: Id) -> Result<(), XmlError> {
        let rest = self.cursor.rest();
        let length = rest.find('<').ok_or_else(|| self.cursor.malformed("an element does not end"))?;
        if length > 0 {
            let raw = rest.get(..length).unwrap_or_default();
            let text = text::content(raw, &self.cursor)?;
            self.cursor.at += length;
            return self.add(parent, Kind::Text(text));
        }
        if self.cursor.is_at("</") {
            return self.end_tag();
        }
        if self.cursor.eat("<![CDATA[") {
            let raw = self.cursor.until("]]>", "a CDATA section does not end")?;
            return self.add(parent, Kind::Text(text::line_ends(raw)));
        }
        if self.comment(parent)? || self.instruction(parent)? {
            return Ok(());
        }
        self.start_tag()
    }

    /// Whether a comment was next (XML 1.0, production 15).
    fn comment(&mut self, parent: Id) -> Result<bool, XmlError> {
        if !self.cursor.eat("<!--") {
            return Ok(false);
        }
        let raw = self.cursor.until("--", "a comment does not end")?;
        self.cursor.expect(">", "`--` inside a comment")?;
        self.add(parent, Kind::Comment(text::line_ends(raw)))?;
        Ok(true)
    }

    /// Whether a processing instruction was next (XML 1.0, production 16).
    fn instruction(&mut self, parent: Id) -> Result<bool, XmlError> {
        if !self.cursor.eat("<?") {
            return Ok(false);
        }
        let target = self.cursor.ncname()?;
        if target.eq_ignore_ascii_case("xml") {
            return Err(self.cursor.malformed("an XML declaration that is not at the beginning"));
        }
        let spaced = self.cursor.space();
        let raw = self.cursor.until("?>", "an instruction does not end")?;
        if !spaced && !raw.is_empty() {
            return Err(self.cursor.malformed("an instruction's target is not followed by white space"));
        }
        let target = self.scope.shared(target);
        self.add(parent, Kind::Instruction { target, data: text::line_ends(raw) })?;
        Ok(true)
    }

    fn start_tag(&mut self) -> Result<(), XmlError> {
        self.cursor.expect("<", "an element is expected")?;
        let name = self.cursor.qname()?;
        let after_name = self.cursor.at;
        let outside = self.scope.declared.len();
        let mut found: Vec<((&str, &str), String)> = Vec::new();
        let mut count = 0;
        while self.cursor.space() && !self.cursor.is_at(">") && !self.cursor.is_at("/>") {
            count += 1;
            if count > MOST_ATTRIBUTES {
                return Err(XmlError::Refused { what: "more than 256 attributes of one element" });
            }
            let attribute = self.cursor.qname()?;
            let raw = self.value()?;
            let value = text::attribute(raw, &self.cursor)?;
            match attribute {
                ("", "xmlns") => self.declare(outside, "", &value)?,
                ("xmlns", prefix) => self.declare(outside, prefix, &value)?,
                _ => found.push((attribute, value)),
            }
        }
        let empty = self.cursor.eat("/>");
        if !empty {
            self.cursor.expect(">", "a start tag does not end")?;
        }
        let place = Place { after_name, opened: self.cursor.at, closing: None };
        let element = self.element(name, found, outside, place)?;
        let parent = self.open.last().map_or(DOCUMENT, |open| open.element.id);
        self.room()?;
        let element = self.tree.push_element(parent, element);
        if empty {
            self.scope.declared.truncate(outside);
            return Ok(());
        }
        if self.open.len() == MOST_DEPTH {
            return Err(XmlError::Refused { what: "more than 128 elements inside each other" });
        }
        self.open.push(Open { element, name, outside });
        Ok(())
    }

    /// `= "value"`, raw.
    fn value(&mut self) -> Result<&'a str, XmlError> {
        self.cursor.space();
        self.cursor.expect("=", "an attribute has no value")?;
        self.cursor.space();
        self.cursor.quoted()
    }

    fn declare(&mut self, outside: usize, prefix: &str, uri: &str) -> Result<(), XmlError> {
        let own = self.scope.declared.get(outside..).unwrap_or_default();
        if own.iter().any(|(name, _)| &**name == prefix) {
            return Err(self.cursor.malformed("a prefix is declared twice"));
        }
        if self.scope.declared.len() == MOST_NAMESPACES {
            return Err(XmlError::Refused { what: "more than 256 namespaces in scope" });
        }
        self.scope.declare(prefix, uri).map_err(|what| self.cursor.malformed(what))
    }

    /// The element whose start tag was read, with its names resolved.
    fn element(
        &mut self,
        name: (&str, &str),
        found: Vec<((&str, &str), String)>,
        outside: usize,
        place: Place,
    ) -> Result<ElementNode, XmlError> {
        let declarations = self.scope.declared.get(outside..).unwrap_or_default().to_vec();
        self.attributes += found.len() + declarations.len();
        let namespace = self.resolve(name.0)?;
        let name = self.name(name, namespace);
        let mut attributes: Vec<Attribute> = Vec::with_capacity(found.len());
        for (name, value) in found {
            // The default namespace is not for attributes (Namespaces in XML 1.0, 6.2).
            let namespace = if name.0.is_empty() { None } else { self.resolve(name.0)? };
            let name = self.name(name, namespace);
            let is =
                |other: &Attribute| other.name.local == name.local && other.name.namespace == name.namespace;
            if attributes.iter().any(is) {
                return Err(self.cursor.malformed("an attribute stands twice"));
            }
            attributes.push(Attribute { name, value });
        }
        Ok(ElementNode { name, declarations, attributes, place })
    }

    fn resolve(&mut self, prefix: &str) -> Result<Option<Arc<str>>, XmlError> {
        let namespace = self.scope.resolve(prefix);
        if namespace.is_none() && !prefix.is_empty() {
            return Err(self.cursor.malformed("a prefix is not declared"));
        }
        Ok(namespace)
    }

    fn name(&mut self, (prefix, local): (&str, &str), namespace: Option<Arc<str>>) -> Name {
        Name { prefix: self.scope.shared(prefix), local: self.scope.shared(local), namespace }
    }

    fn end_tag(&mut self) -> Result<(), XmlError> {
        let closing = self.cursor.at;
        self.cursor.eat("</");
        let name = self.cursor.qname()?;
        self.cursor.space();
        self.cursor.expect(">", "an end tag does not end")?;
        let open = self.open.pop().filter(|open| open.name == name);
        let open = open.ok_or_else(|| self.cursor.malformed("an end tag of another element"))?;
        self.tree.close(open.element, closing);
        self.scope.declared.truncate(open.outside);
        Ok(())
    }

    fn add(&mut self, parent: Id, kind: Kind) -> Result<(), XmlError> {
        self.room()?;
        self.tree.push(parent, kind);
        Ok(())
    }

    fn room(&self) -> Result<(), XmlError> {
        if self.tree.nodes.len() + self.attributes > MOST_NODES {
            return Err(XmlError::Refused { what: "more than 400 000 nodes" });
        }
        Ok(())
    }
}
