//! The parts of a SOAP message (SOAP 1.1, 4; SOAP 1.2, 5).

use crate::xml::names::{SOAP, SOAP_12, WSSE};
use crate::xml::tree::Element;
use crate::xml::verify::has_text;
use crate::xml::{Tree, XmlError};

/// Envelope, Header and Body, each where it belongs and nowhere else.
pub(super) struct Message<'a> {
    /// The namespace of its version.
    pub(super) soap: &'static str,
    pub(super) envelope: Element<'a>,
    pub(super) header: Option<Element<'a>>,
    pub(super) body: Element<'a>,
}

impl<'a> Message<'a> {
    pub(super) fn of(tree: &'a Tree) -> Result<Self, XmlError> {
        let wrong = |what| XmlError::Message { what };
        let envelope = tree.root();
        let version = [SOAP, SOAP_12].into_iter().find(|soap| envelope.is(soap, "Envelope"));
        let soap = version.ok_or(wrong("the root element is not a SOAP Envelope"))?;
        // Nothing of SOAP, of either version, may stand where another reader could look for it.
        let is_soap = |element: &Element<'_>| {
            ["Envelope", "Header", "Body"].contains(&element.local_name())
                && matches!(element.namespace(), Some(SOAP | SOAP_12))
        };
        let all = tree.elements().filter(is_soap).count();
        let mut children = envelope.children().peekable();
        let header = children.next_if(|child| child.is(soap, "Header"));
        let body = children.next_if(|child| child.is(soap, "Body"));
        let body = body.ok_or(wrong("the Envelope has no Body after its Header"))?;
        if children.next().is_some() || has_text(envelope) {
            return Err(wrong("the Envelope has more than one Header and one Body"));
        }
        if all != 2 + usize::from(header.is_some()) {
            return Err(wrong("an Envelope, Header or Body inside of another element"));
        }
        Ok(Self { soap, envelope, header, body })
    }

    /// The one Security header, if there is any.
    pub(super) fn security(&self) -> Result<Option<Element<'a>>, XmlError> {
        let is_security = |element: &Element<'_>| element.is(WSSE, "Security");
        let mut found = self.header.into_iter().flat_map(Element::children).filter(is_security);
        let first = found.next();
        if found.next().is_some() {
            return Err(XmlError::Wrapped { what: "two Security headers" });
        }
        let all = self.envelope.tree.elements().filter(is_security).count();
        if all != usize::from(first.is_some()) {
            return Err(XmlError::Wrapped { what: "a Security header that is not in the Header" });
        }
        Ok(first)
    }
}
