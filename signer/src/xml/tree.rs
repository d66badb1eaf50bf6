//! The document in memory. What was verified is given out as a part of the very tree that was digested.

mod element;

use std::ops::Range;

use super::names::{WSU, XML};

pub use element::Element;

/// A document that was read: elements, attributes, text, comments and instructions, nothing of its notation.
///
/// It owns what it holds, in five pieces of memory, and is no larger than a constant multiple of the bytes it was read
/// from.
#[derive(Debug, Clone)]
pub struct Tree {
    /// What was read, and behind it what stands in no text as it is: texts with references, most of all.
    text: String,
    /// In document order, the document itself first.
    pub(super) nodes: Vec<Node>,
    elements: Vec<ElementNode>,
    pub(super) attributes: Vec<Attribute>,
    declarations: Vec<Declaration>,
}

/// A node's place in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Id(pub(super) u32);

/// An element's place in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ElementId {
    pub(super) id: Id,
    /// Among the elements.
    index: u32,
}

/// The document itself, the parent of the root element.
pub(super) const DOCUMENT: Id = Id(0);

/// A piece of the tree's text, in bytes. Limits on the input keep it far below 2^32.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Span {
    pub(super) fn new(start: usize, end: usize) -> Self {
        Self { start: small(start), end: small(end) }
    }

    pub(super) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

pub(super) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) parent: Id,
    /// The node that follows it and all below it.
    end: Id,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Document,
    /// With its place among the elements.
    Element(u32),
    Text(Span),
    Comment(Span),
    Instruction {
        target: Span,
        data: Span,
    },
    /// Taken out, with all below it.
    Gone,
}

/// A name with the prefix it was written with, which canonical XML keeps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    /// Empty without prefix.
    pub(super) prefix: Span,
    pub(super) local: Span,
    pub(super) namespace: Option<Namespace>,
}

impl Name {
    /// As it is written: the prefix, if there is one, a colon and the local name stand in one piece.
    pub(super) fn written(self) -> Span {
        let start = if self.prefix.start == self.prefix.end { self.local.start } else { self.prefix.start };
        Span { start, end: self.local.end }
    }
}

/// The URI of a namespace: that of a declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Namespace(u32);

impl Namespace {
    /// That of the prefix `xml`, with whose declaration every tree begins (Namespaces in XML 1.0, 3).
    pub(super) const XML: Self = Self(0);
}

/// Prefix (empty for the default namespace) and URI (empty where the default is taken back).
#[derive(Debug, Clone, Copy)]
pub(super) struct Declaration {
    pub(super) prefix: Span,
    pub(super) uri: Span,
}

#[derive(Debug, Clone)]
pub(super) struct ElementNode {
    pub(super) name: Name,
    declarations: Span,
    attributes: Span,
    pub(super) place: Place,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Attribute {
    pub(super) name: Name,
    pub(super) value: Span,
}

/// Where an element stands in the text, in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    /// At the `<` of its start tag.
    pub(super) start: usize,
    /// After the name in its start tag: an attribute can go in here.
    pub(super) after_name: usize,
    /// After its start tag.
    pub(super) opened: usize,
    /// Before its end tag; `None` for `<a/>`.
    pub(super) closing: Option<usize>,
}

/// Building, as the parser does.
impl Tree {
    /// A document with nothing in it yet.
    pub(super) fn of(text: &str) -> Self {
        let mut own = String::with_capacity(text.len() + text.len() / 8 + 64);
        own.push_str(text);
        let document = Node { parent: DOCUMENT, end: Id(1), kind: Kind::Document };
        // An element for each forty bytes is more than most have.
        let nodes = text.len() / 40;
        let mut tree = Self {
            text: own,
            nodes: Vec::with_capacity(nodes + 1),
            elements: Vec::with_capacity(nodes / 2),
            attributes: Vec::new(),
            declarations: Vec::new(),
        };
        tree.nodes.push(document);
        let (prefix, uri) = (tree.keep("xml"), tree.keep(XML));
        tree.declarations.push(Declaration { prefix, uri });
        tree
    }

    /// Where the next text that is kept begins.
    pub(super) fn kept(&self) -> usize {
        self.text.len()
    }

    /// Keeps a text that does not stand in the input, behind what was kept before.
    pub(super) fn keep(&mut self, text: &str) -> Span {
        let start = self.text.len();
        self.text.push_str(text);
        Span::new(start, self.text.len())
    }

    /// So many declarations and attributes so far: where those of the next element begin.
    pub(super) fn marks(&self) -> (usize, usize) {
        (self.declarations.len(), self.attributes.len())
    }

    pub(super) fn push_declaration(&mut self, prefix: Span, uri: Span) -> Namespace {
        self.declarations.push(Declaration { prefix, uri });
        Namespace(small(self.declarations.len() - 1))
    }

    /// Adds a node behind all others.
    pub(super) fn push(&mut self, parent: Id, kind: Kind) -> Id {
        let id = Id(small(self.nodes.len()));
        self.nodes.push(Node { parent, end: Id(id.0 + 1), kind });
        id
    }

    /// Adds an element, which has the declarations and attributes since the marks.
    pub(super) fn push_element(
        &mut self,
        parent: Id,
        name: Name,
        marks: (usize, usize),
        place: Place,
    ) -> ElementId {
        let index = small(self.elements.len());
        let declarations = Span::new(marks.0, self.declarations.len());
        let attributes = Span::new(marks.1, self.attributes.len());
        self.elements.push(ElementNode { name, declarations, attributes, place });
        ElementId { id: self.push(parent, Kind::Element(index)), index }
    }

    /// Everything since then stands in the element.
    pub(super) fn close(&mut self, element: ElementId, closing: usize) {
        self.elements[element.index as usize].place.closing = Some(closing);
        self.end(element.id);
    }

    /// Everything since then stands in the node.
    pub(super) fn end(&mut self, id: Id) {
        let end = Id(small(self.nodes.len()));
        self.nodes[id.0 as usize].end = end;
    }
}

impl Tree {
    pub(super) fn str(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    pub(super) fn node(&self, id: Id) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub(super) fn element(&self, id: Id) -> Option<Element<'_>> {
        match self.node(id).kind {
            Kind::Element(index) => Some(self.at(ElementId { id, index })),
            _ => None,
        }
    }

    pub(super) fn at(&self, place: ElementId) -> Element<'_> {
        Element { tree: self, place, data: &self.elements[place.index as usize] }
    }

    pub(super) fn uri(&self, namespace: Namespace) -> &str {
        self.str(self.declarations[namespace.0 as usize].uri)
    }

    pub(super) fn prefix(&self, namespace: Namespace) -> &str {
        self.str(self.declarations[namespace.0 as usize].prefix)
    }

    /// Whether two namespaces are the same, by URI.
    pub(super) fn is_same(&self, one: Option<Namespace>, other: Option<Namespace>) -> bool {
        one == other || one.map(|one| self.uri(one)) == other.map(|other| self.uri(other))
    }

    /// The children of a node in their order.
    pub(super) fn children(&self, of: Id) -> impl Iterator<Item = Id> {
        let end = self.node(of).end;
        let mut next = Id(of.0 + 1);
        std::iter::from_fn(move || {
            while next != end {
                let (id, node) = (next, self.node(next));
                next = node.end;
                if !matches!(node.kind, Kind::Gone) {
                    return Some(id);
                }
            }
            None
        })
    }

    /// The root element; the parser leaves no document without it.
    pub fn root(&self) -> Element<'_> {
        let root = self.children(DOCUMENT).find(|&id| matches!(self.node(id).kind, Kind::Element(_)));
        self.at(ElementId { id: root.unwrap_or(DOCUMENT), index: 0 })
    }

    /// Every element that still stands in the document, parents first.
    pub(super) fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        let mut next = DOCUMENT;
        std::iter::from_fn(move || {
            while let Some(node) = self.nodes.get(next.0 as usize) {
                let id = next;
                next = if matches!(node.kind, Kind::Gone) { node.end } else { Id(id.0 + 1) };
                if let Kind::Element(index) = node.kind {
                    return Some(self.at(ElementId { id, index }));
                }
            }
            None
        })
    }

    /// Takes a node and all below it out of the document.
    pub(super) fn detach(&mut self, id: Id) {
        self.nodes[id.0 as usize].kind = Kind::Gone;
    }

    /// Takes out every comment: no signature that we accept covers them.
    pub(super) fn detach_comments(&mut self) {
        for node in &mut self.nodes {
            if matches!(node.kind, Kind::Comment(_)) {
                node.kind = Kind::Gone;
            }
        }
    }

    /// Gives an element the attribute `wsu:Id`, as if it had been read, and the declaration of `wsu` if there is none
    /// around it.
    pub(super) fn set_wsu_id(&mut self, element: ElementId, id: &str) {
        let declared = self.at(element).declared("wsu");
        let Span { start, end } = self.keep("wsu:Id");
        let (prefix, local) = (Span { start, end: start + 3 }, Span { start: start + 4, end });
        let value = self.keep(id);
        let ElementNode { declarations, attributes, .. } = self.elements[element.index as usize];
        let marks = self.marks();
        self.declarations.extend_from_within(declarations.range());
        self.attributes.extend_from_within(attributes.range());
        let namespace = declared.unwrap_or_else(|| {
            let uri = self.keep(WSU);
            self.push_declaration(prefix, uri)
        });
        self.attributes.push(Attribute { name: Name { prefix, local, namespace: Some(namespace) }, value });
        let (declarations, attributes) = (self.declarations.len(), self.attributes.len());
        let data = &mut self.elements[element.index as usize];
        data.declarations = Span::new(marks.0, declarations);
        data.attributes = Span::new(marks.1, attributes);
    }
}
