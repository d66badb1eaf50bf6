//! Looking at a tree.

use super::{Attribute, ElementId, ElementNode, Kind, Namespace, Span, Tree};
use crate::xml::names::{WSSE, WSU, XML};
use crate::xml::{XmlError, c14n};

/// An element of a [`Tree`]: to look at, and to go down from. There is no way up: above a verified element stands
/// what nobody signed.
#[derive(Clone, Copy)]
pub struct Element<'a> {
    pub(in crate::xml) tree: &'a Tree,
    pub(in crate::xml) place: ElementId,
    pub(in crate::xml) data: &'a ElementNode,
}

impl<'a> Element<'a> {
    /// The name without prefix.
    pub fn local_name(self) -> &'a str {
        self.tree.str(self.data.name.local)
    }

    /// The prefix it was written with, empty for none.
    pub fn prefix(self) -> &'a str {
        self.tree.str(self.data.name.prefix)
    }

    /// The URI of its namespace.
    pub fn namespace(self) -> Option<&'a str> {
        self.data.name.namespace.map(|namespace| self.tree.uri(namespace))
    }

    /// Whether it has this name.
    pub fn is(self, namespace: &str, local_name: &str) -> bool {
        self.local_name() == local_name && self.namespace() == Some(namespace)
    }

    /// The value of an attribute; `None` as namespace is for attributes without prefix.
    pub fn attribute(self, namespace: Option<&str>, local_name: &str) -> Option<&'a str> {
        self.attributes()
            .find(|(found, name, _)| *name == local_name && *found == namespace)
            .map(|(_, _, value)| value)
    }

    /// The attributes: namespace, name without prefix, value. Declarations of namespaces are none.
    pub fn attributes(self) -> impl Iterator<Item = (Option<&'a str>, &'a str, &'a str)> {
        let Self { tree, .. } = self;
        self.raw_attributes().iter().map(move |Attribute { name, value }| {
            let namespace = name.namespace.map(|namespace| tree.uri(namespace));
            (namespace, tree.str(name.local), tree.str(*value))
        })
    }

    pub(in crate::xml) fn raw_attributes(self) -> &'a [Attribute] {
        self.tree.attributes.get(self.data.attributes.range()).unwrap_or_default()
    }

    /// The values of its ids: `wsu:Id`, `wsse:Id`, `Id`, `ID` and `xml:id`. Without a DTD nothing else says so.
    pub(in crate::xml) fn ids(self) -> impl Iterator<Item = &'a str> {
        self.attributes().filter(|(namespace, name, _)| is_id(*namespace, name)).map(|(_, _, value)| value)
    }

    /// Those of them that are in a namespace, and so are ids wherever they stand.
    pub(in crate::xml) fn qualified_ids(self) -> impl Iterator<Item = &'a str> {
        let is = |namespace: Option<&str>, name: &str| namespace.is_some() && is_id(namespace, name);
        self.attributes().filter(move |(namespace, name, _)| is(*namespace, name)).map(|(_, _, value)| value)
    }

    /// The declarations in its start tag: prefix and URI.
    pub(in crate::xml) fn declarations(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let Self { tree, data, .. } = self;
        let own = tree.declarations.get(data.declarations.range()).unwrap_or_default();
        own.iter().map(|declared| (tree.str(declared.prefix), tree.str(declared.uri)))
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
        let pieces = self.tree.children(self.place.id).filter_map(|id| match self.tree.node(id).kind {
            Kind::Text(text) => Some(self.tree.str(text)),
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
        self.declared(prefix).map(|namespace| self.tree.uri(namespace)).filter(|uri| !uri.is_empty())
    }

    /// The nearest declaration of a prefix.
    pub(super) fn declared(self, prefix: &str) -> Option<Namespace> {
        let tree = self.tree;
        let mut id = self.place.id;
        while let Some(element) = tree.element(id) {
            let Span { start, end } = element.data.declarations;
            let found = (start..end).map(Namespace).find(|&declared| tree.prefix(declared) == prefix);
            if found.is_some() {
                return found;
            }
            id = tree.node(id).parent;
        }
        None
    }
}

/// Whether an attribute is an id.
fn is_id(namespace: Option<&str>, local_name: &str) -> bool {
    match local_name {
        "Id" => matches!(namespace, None | Some(WSU | WSSE)),
        "ID" => namespace.is_none(),
        "id" => namespace == Some(XML),
        _ => false,
    }
}

impl std::fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{{{}}}{}", self.namespace().unwrap_or_default(), self.local_name())
    }
}
