//! The document in memory. What was verified is given out as a part of the very tree that was digested.

use std::sync::Arc;

use super::names::{WSSE, WSU};
use super::{XmlError, c14n};

/// A document that was read: elements, attributes, text, comments and instructions, nothing of its notation.
///
/// It owns what it holds and is no larger than a constant multiple of the bytes it was read from.
#[derive(Debug, Clone)]
pub struct Tree {
    pub(super) nodes: Vec<Node>,
    /// In their order in the text, so the root element is the first; the parser leaves none without it.
    pub(super) elements: Vec<ElementNode>,
    pub(super) root: Id,
}

/// A node's place in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Id(pub(super) u32);

/// An element's place in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ElementId {
    pub(super) id: Id,
    /// Among the elements.
    index: usize,
}

/// The document itself, the parent of the root element.
pub(super) const DOCUMENT: Id = Id(0);

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) parent: Option<Id>,
    pub(super) first: Option<Id>,
    pub(super) last: Option<Id>,
    pub(super) previous: Option<Id>,
    pub(super) next: Option<Id>,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Document,
    /// With its place among the elements.
    Element(usize),
    Text(String),
    Comment(String),
    Instruction {
        target: Arc<str>,
        data: String,
    },
}

/// A name with the prefix it was written with, which canonical XML keeps.
#[derive(Debug, Clone)]
pub(super) struct Name {
    /// Empty without prefix.
    pub(super) prefix: Arc<str>,
    pub(super) local: Arc<str>,
    pub(super) namespace: Option<Arc<str>>,
}

#[derive(Debug, Clone)]
pub(super) struct ElementNode {
    pub(super) name: Name,
    /// Prefix (empty for the default namespace) and URI (empty where the default is taken back).
    pub(super) declarations: Vec<(Arc<str>, Arc<str>)>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) place: Place,
}

#[derive(Debug, Clone)]
pub(super) struct Attribute {
    pub(super) name: Name,
    pub(super) value: String,
}

impl Attribute {
    /// Whether it is an id: `wsu:Id`, `wsse:Id`, `Id` and `ID`. Without a DTD nothing else says so.
    pub(super) fn is_id(&self) -> bool {
        match self.name.namespace.as_deref() {
            None => matches!(&*self.name.local, "Id" | "ID"),
            Some(WSU | WSSE) => &*self.name.local == "Id",
            Some(_) => false,
        }
    }
}

/// Where an element stands in the text, in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    /// After the name in its start tag: an attribute can go in here.
    pub(super) after_name: usize,
    /// After its start tag.
    pub(super) opened: usize,
    /// Before its end tag; `None` for `<a/>`.
    pub(super) closing: Option<usize>,
}

impl Tree {
    pub(super) fn node(&self, id: Id) -> &Node {
        &self.nodes[id.0 as usize]
    }

    fn node_mut(&mut self, id: Id) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }

    pub(super) fn element(&self, id: Id) -> Option<Element<'_>> {
        match self.node(id).kind {
            Kind::Element(index) => Some(self.at(ElementId { id, index })),
            _ => None,
        }
    }

    pub(super) fn at(&self, place: ElementId) -> Element<'_> {
        Element { tree: self, place, data: &self.elements[place.index] }
    }

    pub(super) fn close(&mut self, element: ElementId, closing: usize) {
        self.elements[element.index].place.closing = Some(closing);
    }

    /// The children of a node in their order.
    pub(super) fn children(&self, of: Id) -> impl Iterator<Item = Id> {
        std::iter::successors(self.node(of).first, |&id| self.node(id).next)
    }

    /// The root element.
    pub fn root(&self) -> Element<'_> {
        self.at(ElementId { id: self.root, index: 0 })
    }

    /// Every element that still stands in the document, parents first.
    pub(super) fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        std::iter::successors(Some(DOCUMENT), |&id| self.following(id)).filter_map(|id| self.element(id))
    }

    /// The node after this one in document order.
    fn following(&self, id: Id) -> Option<Id> {
        let node = self.node(id);
        node.first.or(node.next).or_else(|| {
            let mut above = node.parent;
            while let Some(id) = above {
                let parent = self.node(id);
                if parent.next.is_some() {
                    return parent.next;
                }
                above = parent.parent;
            }
            None
        })
    }

    /// Adds a node as the last child.
    pub(super) fn push(&mut self, parent: Id, kind: Kind) -> Id {
        // The parser's limit on nodes is far below 2^32.
        let id = Id(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        let previous = self.node(parent).last;
        self.nodes.push(Node { parent: Some(parent), first: None, last: None, previous, next: None, kind });
        match previous {
            Some(previous) => self.node_mut(previous).next = Some(id),
            None => self.node_mut(parent).first = Some(id),
        }
        self.node_mut(parent).last = Some(id);
        id
    }

    /// Adds an element as the last child.
    pub(super) fn push_element(&mut self, parent: Id, element: ElementNode) -> ElementId {
        let index = self.elements.len();
        self.elements.push(element);
        let id = self.push(parent, Kind::Element(index));
        if index == 0 {
            self.root = id;
        }
        ElementId { id, index }
    }

    /// Takes a node and all below it out of the document.
    pub(super) fn detach(&mut self, id: Id) {
        let Node { parent, previous, next, .. } = *self.node(id);
        let Some(parent) = parent else { return };
        match previous {
            Some(previous) => self.node_mut(previous).next = next,
            None => self.node_mut(parent).first = next,
        }
        match next {
            Some(next) => self.node_mut(next).previous = previous,
            None => self.node_mut(parent).last = previous,
        }
        let node = self.node_mut(id);
        (node.parent, node.previous, node.next) = (None, None, None);
    }

    /// Takes out every comment: no signature that we accept covers them.
    pub(super) fn detach_comments(&mut self) {
        let ids = (1..self.nodes.len()).filter_map(|index| u32::try_from(index).ok().map(Id));
        let comments: Vec<Id> = ids.filter(|&id| matches!(self.node(id).kind, Kind::Comment(_))).collect();
        for id in comments {
            self.detach(id);
        }
    }
}

/// An element of a [`Tree`]: to look at, and to go down from. There is no way up: above a verified element stands
/// what nobody signed.
#[derive(Clone, Copy)]
pub struct Element<'a> {
    pub(super) tree: &'a Tree,
    pub(super) place: ElementId,
    pub(super) data: &'a ElementNode,
}

impl<'a> Element<'a> {
    /// The name without prefix.
    pub fn local_name(self) -> &'a str {
        &self.data.name.local
    }

    /// The prefix it was written with, empty for none.
    pub fn prefix(self) -> &'a str {
        &self.data.name.prefix
    }

    /// The URI of its namespace.
    pub fn namespace(self) -> Option<&'a str> {
        self.data.name.namespace.as_deref()
    }

    /// Whether it has this name.
    pub fn is(self, namespace: &str, local_name: &str) -> bool {
        self.local_name() == local_name && self.namespace() == Some(namespace)
    }

    /// The value of an attribute; `None` as namespace is for attributes without prefix.
    pub fn attribute(self, namespace: Option<&str>, local_name: &str) -> Option<&'a str> {
        let is = |found: &&Attribute| {
            &*found.name.local == local_name && found.name.namespace.as_deref() == namespace
        };
        self.data.attributes.iter().find(is).map(|found| found.value.as_str())
    }

    /// The attributes: namespace, name without prefix, value. Declarations of namespaces are none.
    pub fn attributes(self) -> impl Iterator<Item = (Option<&'a str>, &'a str, &'a str)> {
        let attributes = self.data.attributes.iter();
        attributes.map(|found| (found.name.namespace.as_deref(), &*found.name.local, found.value.as_str()))
    }

    /// The child elements in their order.
    pub fn children(self) -> impl Iterator<Item = Element<'a>> {
        self.tree.children(self.place.id).filter_map(move |id| self.tree.element(id))
    }

    /// The first child element of a local name, whatever its namespace: senders qualify or do not.
    pub fn child(self, local_name: &str) -> Option<Element<'a>> {
        self.children().find(|child| child.local_name() == local_name)
    }

    /// The text directly inside, with CDATA sections, in one piece; comments between do not divide it.
    pub fn text(self) -> String {
        let pieces = self.tree.children(self.place.id).filter_map(|id| match &self.tree.node(id).kind {
            Kind::Text(text) => Some(text.as_str()),
            _ => None,
        });
        pieces.collect()
    }

    /// The element on its own, with the declarations that its names need and without comments: what can be put into
    /// another document. It is the exclusive canonical form, so declarations that only values use are left out.
    ///
    /// # Errors
    /// [`XmlError::Refused`] for a relative URI as namespace, and for more than 48 MiB.
    pub fn to_xml(self) -> Result<String, XmlError> {
        let bytes = c14n::element(self, &c14n::Method::EXCLUSIVE)?;
        String::from_utf8(bytes).map_err(|_| XmlError::Refused { what: "another encoding than UTF-8" })
    }

    /// What a prefix stands for here (empty: the default namespace), as a QName in a value needs it: `xsi:type`.
    ///
    /// Exclusive canonicalization does not cover declarations that only values use. Do not let who may do what
    /// depend on it.
    pub fn resolve(self, prefix: &str) -> Option<&'a str> {
        let mut above = Some(self.place.id);
        while let Some(id) = above {
            let declared = self.tree.element(id).and_then(|element| {
                element.data.declarations.iter().find(|(name, _)| &**name == prefix).map(|(_, uri)| uri)
            });
            if let Some(uri) = declared {
                return Some(&**uri).filter(|uri| !uri.is_empty());
            }
            above = self.tree.node(id).parent;
        }
        None
    }
}

impl std::fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{{{}}}{}", self.namespace().unwrap_or_default(), self.local_name())
    }
}
