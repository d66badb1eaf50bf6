//! Verifying enveloped signatures.

use certs::Certificate;

use super::names::DS;
use super::signature::{Reference, Signature};
use super::tree::{Element, ElementId, Kind, Tree};
use super::{XmlError, c14n, parse};
use crate::cms::Signer;

/// More signatures than this are refused: each has the document canonicalized once more.
const MOST_SIGNATURES: usize = 16;

/// A document whose every signature verified: what they all cover, and who signed.
///
/// That the certificates are any good is another question: [`Validator`](crate::Validator).
#[derive(Debug, Clone)]
pub struct VerifiedDocument {
    tree: Tree,
    canonical: Vec<u8>,
    signers: Vec<Signer>,
}

impl VerifiedDocument {
    /// The root element that was digested, without the signatures and without comments, which none covers.
    pub fn element(&self) -> Element<'_> {
        self.tree.root()
    }

    /// The canonical bytes that the first signer's digest is over: the document as it was before any signature.
    pub fn canonical(&self) -> &[u8] {
        &self.canonical
    }

    /// The signers, the first one first; never empty. XML-DSig has no signing time.
    pub fn signers(&self) -> &[Signer] {
        &self.signers
    }
}

/// Verifies every enveloped signature of a document: children `ds:Signature` of its root element. The last one was
/// made over the others, so it is verified first, then taken out, and so on. All of them have to hold.
///
/// `known` are certificates beside those inside, for signatures that name theirs by serial number.
///
/// # Errors
/// [`XmlError`]; what is not accepted beside signatures that do not hold: a DTD, a digest or signature with SHA-1, a
/// transform other than the enveloped signature and one canonicalization (XML-DSig, 6.6.4 and 6.5), a reference to
/// anything but the whole document or its root element.
pub fn verify(xml: &[u8], known: &[Certificate]) -> Result<VerifiedDocument, XmlError> {
    let mut tree = parse::parse(xml)?;
    let signatures: Vec<ElementId> =
        tree.root().children().filter(|child| child.is(DS, "Signature")).map(|child| child.place).collect();
    if signatures.len() > MOST_SIGNATURES {
        return Err(XmlError::Signature { what: "more than 16 signatures" });
    }
    let mut signers = Vec::new();
    let mut canonical = Vec::new();
    for id in signatures.into_iter().rev() {
        let signature = Signature::read(tree.at(id), None, known)?;
        let (reference, whole) = reference(&tree, &signature)?;
        signers.push(signature.verify_value()?);
        tree.detach(signature.id);
        canonical = reference.check(|method| {
            if whole {
                return c14n::document(&tree, method);
            }
            c14n::element(tree.root(), method)
        })?;
    }
    if signers.is_empty() {
        return Err(XmlError::NoSignature { what: "the root element has no child ds:Signature" });
    }
    signers.reverse();
    tree.detach_comments();
    Ok(VerifiedDocument { tree, canonical, signers })
}

/// The one reference, and whether it is to the whole document (`URI=""`); if not, it is to its root element.
fn reference<'a>(tree: &Tree, signature: &'a Signature) -> Result<(&'a Reference, bool), XmlError> {
    let [reference] = signature.references.as_slice() else {
        return Err(XmlError::Signature { what: "several references in an enveloped signature" });
    };
    if !reference.enveloped {
        return Err(XmlError::Wrapped { what: "the reference is not to the document around the signature" });
    }
    if reference.uri.is_empty() {
        return Ok((reference, true));
    }
    let id = local(&reference.uri)?;
    if find(tree, id)? == tree.root().place {
        return Ok((reference, false));
    }
    Err(XmlError::Wrapped { what: "the reference is not to the document's root element" })
}

/// The id in `#id`. Nothing is fetched, and nothing else of XPointer is known.
pub(super) fn local(uri: &str) -> Result<&str, XmlError> {
    uri.strip_prefix('#')
        .filter(|id| !id.is_empty() && !id.contains(['(', ')']))
        .ok_or(XmlError::Signature { what: "a reference to something outside of the document" })
}

/// The one element of an id. The attributes `Id`, `ID`, `wsu:Id` and `wsse:Id` are ids.
///
/// # Errors
/// [`XmlError::Wrapped`] when no element or more than one has it.
pub(super) fn find(tree: &Tree, id: &str) -> Result<ElementId, XmlError> {
    let mut found = tree.elements().filter(|element| has_id(*element, id)).map(|element| element.place);
    let first = found.next().ok_or(XmlError::Wrapped { what: "no element has the id of the reference" })?;
    if found.next().is_some() {
        return Err(XmlError::Wrapped { what: "several elements have the id of the reference" });
    }
    Ok(first)
}

fn has_id(element: Element<'_>, id: &str) -> bool {
    element.ids().any(|found| found == id)
}

/// Whether nodes other than white space, comments and elements stand directly in an element.
pub(super) fn has_text(element: Element<'_>) -> bool {
    element.tree.children(element.place.id).any(|id| match element.tree.node(id).kind {
        Kind::Text(text) => !element.tree.str(text).trim().is_empty(),
        Kind::Instruction { .. } => true,
        _ => false,
    })
}
