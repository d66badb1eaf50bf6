//! The parser: XML 1.0 with namespaces, without DTD, with limits.
//!
//! Small because it leaves out what a message must not have anyway. Every limit is met while reading, before memory
//! is taken for what is beyond it.

mod cursor;
pub(super) mod scan;
mod scope;
mod text;

use super::XmlError;
use super::tree::{Attribute, DOCUMENT, ElementId, Id, Kind, Name, Place, Span, Tree};
use crate::http::LARGEST_BODY;
pub(super) use cursor::is_char;
use cursor::{Cursor, Qname, foreign_char};
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
    let cursor = Cursor { text, at: 0 };
    if let Some(at) = foreign_char(text) {
        return Err(Cursor { at, ..cursor }.malformed("a character that XML does not have"));
    }
    let parser = Parser { cursor, tree: Tree::of(text), scope: Scope::default(), open: Vec::new() };
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
    open: Vec<Open>,
}

/// An element whose end tag is still to come.
struct Open {
    element: ElementId,
    /// Its name as it was written.
    name: Span,
    /// How many declarations were in scope outside.
    outside: usize,
}

impl Parser<'_> {
    fn document(mut self) -> Result<Tree, XmlError> {
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
        self.tree.end(DOCUMENT);
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
            let (name, value) = (self.cursor.ncname()?, self.value()?);
            let (name, value) = (self.cursor.str(name), self.cursor.str(value));
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
        if self.cursor.peek() != Some(b'<') {
            let raw = self.cursor.text()?;
            let text = text::content(raw, &self.cursor, &mut self.tree)?;
            return self.add(parent, Kind::Text(text));
        }
        if self.cursor.is_at("</") {
            return self.end_tag();
        }
        if self.cursor.is_at("<!") {
            if self.cursor.eat("<![CDATA[") {
                let raw = self.cursor.until("]]>", "a CDATA section does not end")?;
                let text = text::line_ends(raw, &self.cursor, &mut self.tree);
                return self.add(parent, Kind::Text(text));
            }
            if self.comment(parent)? {
                return Ok(());
            }
        }
        if self.instruction(parent)? {
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
        let text = text::line_ends(raw, &self.cursor, &mut self.tree);
        self.add(parent, Kind::Comment(text))?;
        Ok(true)
    }

    /// Whether a processing instruction was next (XML 1.0, production 16).
    fn instruction(&mut self, parent: Id) -> Result<bool, XmlError> {
        if !self.cursor.eat("<?") {
            return Ok(false);
        }
        let target = self.cursor.ncname()?;
        if self.cursor.str(target).eq_ignore_ascii_case("xml") {
            return Err(self.cursor.malformed("an XML declaration that is not at the beginning"));
        }
        let spaced = self.cursor.space();
        let raw = self.cursor.until("?>", "an instruction does not end")?;
        if !spaced && raw.start != raw.end {
            return Err(self.cursor.malformed("an instruction's target is not followed by white space"));
        }
        let data = text::line_ends(raw, &self.cursor, &mut self.tree);
        self.add(parent, Kind::Instruction { target, data })?;
        Ok(true)
    }

    fn start_tag(&mut self) -> Result<(), XmlError> {
        let start = self.cursor.at;
        self.cursor.expect("<", "an element is expected")?;
        let name = self.cursor.qname()?;
        let after_name = self.cursor.at;
        let (outside, marks) = (self.scope.len(), self.tree.marks());
        let mut count = 0;
        while self.cursor.space() && !matches!(self.cursor.peek(), Some(b'>' | b'/')) {
            count += 1;
            if count > MOST_ATTRIBUTES {
                return Err(XmlError::Refused { what: "more than 256 attributes of one element" });
            }
            self.attribute(outside)?;
        }
        let empty = self.cursor.eat("/>");
        if !empty {
            self.cursor.expect(">", "a start tag does not end")?;
        }
        let name = self.name(name)?;
        self.resolve_attributes(marks.1)?;
        let parent = self.open.last().map_or(DOCUMENT, |open| open.element.id);
        self.room()?;
        let place = Place { start, after_name, opened: self.cursor.at, closing: None };
        let element = self.tree.push_element(parent, name, marks, place);
        if empty {
            self.scope.leave(outside);
            return Ok(());
        }
        if self.open.len() == MOST_DEPTH {
            return Err(XmlError::Refused { what: "more than 128 elements inside each other" });
        }
        self.open.push(Open { element, name: Span::new(start + 1, after_name), outside });
        Ok(())
    }

    /// An attribute, whose namespace is known only after the start tag; or a declaration.
    fn attribute(&mut self, outside: usize) -> Result<(), XmlError> {
        let Qname { prefix, local } = self.cursor.qname()?;
        let raw = self.value()?;
        let value = text::attribute(raw, &self.cursor, &mut self.tree)?;
        match (self.cursor.str(prefix), self.cursor.str(local)) {
            ("", "xmlns") => self.declare(outside, prefix, value),
            ("xmlns", _) => self.declare(outside, local, value),
            _ => {
                let name = Name { prefix, local, namespace: None };
                self.tree.attributes.push(Attribute { name, value });
                Ok(())
            }
        }
    }

    /// `= "value"`, raw.
    fn value(&mut self) -> Result<Span, XmlError> {
        self.cursor.space();
        self.cursor.expect("=", "an attribute has no value")?;
        self.cursor.space();
        self.cursor.quoted()
    }

    fn declare(&mut self, outside: usize, prefix: Span, uri: Span) -> Result<(), XmlError> {
        let name = self.cursor.str(prefix);
        scope::allowed(name, self.tree.str(uri)).map_err(|what| self.cursor.malformed(what))?;
        if self.scope.has_since(outside, name, &self.tree) {
            return Err(self.cursor.malformed("a prefix is declared twice"));
        }
        if self.scope.len() == MOST_NAMESPACES {
            return Err(XmlError::Refused { what: "more than 256 namespaces in scope" });
        }
        self.scope.enter(self.tree.push_declaration(prefix, uri));
        Ok(())
    }

    /// Gives the attributes since a mark their namespaces, and sees that none stands twice.
    fn resolve_attributes(&mut self, mark: usize) -> Result<(), XmlError> {
        for at in mark..self.tree.attributes.len() {
            let Name { prefix, local, .. } = self.tree.attributes[at].name;
            // The default namespace is not for attributes (Namespaces in XML 1.0, 6.2).
            let is_plain = prefix.start == prefix.end;
            let namespace = if is_plain { None } else { self.name(Qname { prefix, local })?.namespace };
            self.tree.attributes[at].name.namespace = namespace;
            let tree = &self.tree;
            let is = |other: &Attribute| {
                tree.str(other.name.local) == tree.str(local) && tree.is_same(other.name.namespace, namespace)
            };
            if tree.attributes[mark..at].iter().any(is) {
                return Err(self.cursor.malformed("an attribute stands twice"));
            }
        }
        Ok(())
    }

    /// A name with what its prefix stands for.
    fn name(&self, Qname { prefix, local }: Qname) -> Result<Name, XmlError> {
        let written = self.cursor.str(prefix);
        let namespace = self.scope.resolve(written, &self.tree);
        if namespace.is_none() && !written.is_empty() {
            return Err(self.cursor.malformed("a prefix is not declared"));
        }
        Ok(Name { prefix, local, namespace })
    }

    fn end_tag(&mut self) -> Result<(), XmlError> {
        let closing = self.cursor.at;
        self.cursor.eat("</");
        let Some(open) = self.open.pop() else {
            return Err(self.cursor.malformed("an end tag of no element"));
        };
        let (begin, expected) = (self.cursor.at, self.cursor.str(open.name));
        let is_expected = self.cursor.eat(expected) && matches!(self.cursor.peek(), Some(b'>' | b' '));
        if !is_expected {
            self.cursor.at = begin;
            self.cursor.qname()?;
        }
        let name = Span::new(begin, self.cursor.at);
        self.cursor.space();
        self.cursor.expect(">", "an end tag does not end")?;
        if !is_expected && self.cursor.str(name) != expected {
            return Err(self.cursor.malformed("an end tag of another element"));
        }
        self.tree.close(open.element, closing);
        self.scope.leave(open.outside);
        Ok(())
    }

    fn add(&mut self, parent: Id, kind: Kind) -> Result<(), XmlError> {
        self.room()?;
        self.tree.push(parent, kind);
        Ok(())
    }

    fn room(&self) -> Result<(), XmlError> {
        let (declarations, attributes) = self.tree.marks();
        if self.tree.nodes.len() + declarations + attributes > MOST_NODES {
            return Err(XmlError::Refused { what: "more than 400 000 nodes" });
        }
        Ok(())
    }
}
