//! Verifying that the Body is signed, and giving out that very Body.

use std::collections::HashMap;

use certs::Certificate;

use super::message::Message;
use crate::cms::Signer;
use crate::xml::names::DS;
use crate::xml::signature::Signature;
use crate::xml::tree::{Element, ElementId, Tree};
use crate::xml::verify::{find, local};
use crate::xml::{XmlError, c14n, parse};

/// A message whose Body is signed: that Body, and who signed.
///
/// Nothing of the Header is given out: nobody signed it.
#[derive(Debug, Clone)]
pub struct VerifiedMessage {
    tree: Tree,
    body: ElementId,
    canonical: Vec<u8>,
    signer: Signer,
}

impl VerifiedMessage {
    /// The Body that was digested, without comments, which the signature does not cover.
    pub fn body(&self) -> Element<'_> {
        self.tree.at(self.body)
    }

    /// The canonical bytes of the Body that the digest is over.
    pub fn canonical(&self) -> &[u8] {
        &self.canonical
    }

    /// Who signed. WS-Security without Timestamp has no signing time.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }
}

/// Verifies the signature in a message's Security header, and that what it covers is the message's Body.
///
/// Taken beside the national form: SOAP 1.2; the certificate in `ds:X509Data`, named by its serial number among `known`,
/// or in a `wsse:BinarySecurityToken`; `wsse:Id`, `xml:id`, `Id` or `ID` at the Body; inclusive C14N; further
/// references, if they hold as well.
///
/// # Errors
/// [`XmlError`]: [`Message`](XmlError::Message) for what is no SOAP message or has two Bodies,
/// [`NoSignature`](XmlError::NoSignature), [`Wrapped`](XmlError::Wrapped) where the signature is over something else,
/// an id stands twice or there are two Security headers.
pub fn verify(message: &[u8], known: &[Certificate]) -> Result<VerifiedMessage, XmlError> {
    let mut tree = parse::parse(message)?;
    let parts = Message::of(&tree)?;
    let security =
        parts.security()?.ok_or(XmlError::NoSignature { what: "the Header has no wsse:Security" })?;
    let signatures: Vec<Element<'_>> =
        security.children().filter(|child| child.is(DS, "Signature")).collect();
    let signature = match *signatures.as_slice() {
        [signature] => signature,
        [] => return Err(XmlError::NoSignature { what: "wsse:Security has no ds:Signature" }),
        _ => return Err(XmlError::Wrapped { what: "two signatures in the Security header" }),
    };
    ids_are_unique(&tree)?;
    let signature = Signature::read(signature, Some(security), known)?;
    let body = parts.body.place;
    let mut targets = Vec::new();
    for reference in &signature.references {
        if reference.enveloped {
            return Err(XmlError::Signature { what: "an enveloped signature in a Security header" });
        }
        targets.push(find(&tree, local(&reference.uri)?)?);
    }
    if targets.iter().filter(|&&target| target == body).count() != 1 {
        return Err(XmlError::Wrapped { what: "the signature is not over the Body of the message" });
    }
    let signer = signature.verify_value()?;
    let mut canonical = Vec::new();
    for (reference, target) in signature.references.iter().zip(targets) {
        let bytes = reference.check(|method| c14n::element(tree.at(target), method))?;
        if target == body {
            canonical = bytes;
        }
    }
    tree.detach_comments();
    Ok(VerifiedMessage { tree, body, canonical, signer })
}

/// Ids of WS-Security and of XML itself stand once in a message, whether a signature refers to them or not. Attributes
/// that are called `Id` in what the Body carries may be anything; [`find`] refuses them where they matter.
fn ids_are_unique(tree: &Tree) -> Result<(), XmlError> {
    let mut seen = HashMap::new();
    for element in tree.elements() {
        for id in element.qualified_ids() {
            // One element may say the same in two ways.
            if *seen.entry(id).or_insert(element.place) != element.place {
                return Err(XmlError::Wrapped { what: "two elements have the same id" });
            }
        }
    }
    Ok(())
}
