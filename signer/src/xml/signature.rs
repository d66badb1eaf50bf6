//! Reading `ds:Signature` (XML-DSig, 4), strictly: each part once, in its order, nothing that we do not know.

use super::algorithms::{Digest, ENVELOPED, Signing, canonicalization};
use super::c14n::{self, Method};
use super::names::{DS, EXC_C14N};
use super::tree::{Element, Id};
use super::{XmlError, key_info};
use crate::Bytes;
use crate::cms::Signer;
use certs::Certificate;

/// More references than this are refused: each is digested.
const MOST_REFERENCES: usize = 8;
/// More prefixes than this in a PrefixList are refused: each is looked up at each element.
const MOST_PREFIXES: usize = 64;

/// A signature that was read: nothing in it is verified yet.
pub(super) struct Signature {
    /// The `ds:Signature` element.
    pub(super) id: Id,
    /// What is signed over, in canonical form.
    signed_info: Vec<u8>,
    signing: Signing,
    pub(super) references: Vec<Reference>,
    value: Vec<u8>,
    /// Whose key it may be.
    candidates: Vec<Certificate>,
}

/// What was digested.
pub(super) struct Reference {
    pub(super) uri: String,
    /// Without the signature itself.
    pub(super) enveloped: bool,
    method: Method,
    digest: Digest,
    value: Vec<u8>,
}

impl Signature {
    /// Reads a signature. `tokens` is where a certificate may stand that it refers to; `known` are certificates beside
    /// those inside, for references by serial number.
    pub(super) fn read(
        signature: Element<'_>,
        tokens: Option<Element<'_>>,
        known: &[Certificate],
    ) -> Result<Self, XmlError> {
        let mut parts = Parts::of(signature);
        let signed_info = parts.expect("SignedInfo")?;
        let value = bytes(parts.expect("SignatureValue")?)?;
        let key_info = parts.optional("KeyInfo");
        while parts.optional("Object").is_some() {}
        parts.end()?;

        let mut parts = Parts::of(signed_info);
        let method = method(parts.expect("CanonicalizationMethod")?)?;
        let signature_method = parts.expect("SignatureMethod")?;
        if signature_method.children().next().is_some() {
            return Err(XmlError::Signature { what: "parameters of the signature method" });
        }
        let signing = Signing::from_uri(algorithm(signature_method)?)?;
        let mut references = vec![Reference::read(parts.expect("Reference")?)?];
        while let Some(reference) = parts.optional("Reference") {
            if references.len() == MOST_REFERENCES {
                return Err(XmlError::Signature { what: "more than 8 references" });
            }
            references.push(Reference::read(reference)?);
        }
        parts.end()?;

        let candidates = key_info.map(|info| key_info::certificates(info, tokens, known)).transpose()?;
        Ok(Self {
            id: signature.place.id,
            signed_info: c14n::element(signed_info, &method)?,
            signing,
            references,
            value,
            candidates: candidates.unwrap_or_default(),
        })
    }

    /// Verifies the value over SignedInfo. The references are still to be checked.
    pub(super) fn verify_value(&self) -> Result<Signer, XmlError> {
        let mut failed = XmlError::NoCertificate;
        for certificate in &self.candidates {
            match self.signing.verify(certificate, &self.signed_info, &self.value) {
                Ok(()) => return Ok(Signer::without_time(certificate.clone())),
                Err(error) => failed = error,
            }
        }
        Err(failed)
    }
}

impl Reference {
    fn read(reference: Element<'_>) -> Result<Self, XmlError> {
        let uri = reference
            .attribute(None, "URI")
            .ok_or(XmlError::Signature { what: "a reference without URI" })?;
        let mut parts = Parts::of(reference);
        let (mut enveloped, mut method) = (false, None);
        if let Some(transforms) = parts.optional("Transforms") {
            for transform in transforms.children() {
                if !transform.is(DS, "Transform") {
                    return Err(XmlError::Signature { what: "transforms that are none" });
                }
                match algorithm(transform)? {
                    // The first of all, and no second canonicalization: it would have to parse the first one's result.
                    ENVELOPED if !enveloped && method.is_none() => enveloped = true,
                    ENVELOPED => return Err(XmlError::Signature { what: "transforms in another order" }),
                    _ if method.is_some() => {
                        return Err(XmlError::Signature { what: "a transform after the canonicalization" });
                    }
                    _ => method = Some(self::method(transform)?),
                }
            }
        }
        let digest = Digest::from_uri(algorithm(parts.expect("DigestMethod")?)?)?;
        let value = bytes(parts.expect("DigestValue")?)?;
        parts.end()?;
        // Without a canonicalization it is the inclusive one (XML-DSig, 4.3.3.2).
        let method = method.unwrap_or(Method::INCLUSIVE).without_comments();
        Ok(Self { uri: uri.to_owned(), enveloped, method, digest, value })
    }

    /// The canonical bytes of what is referred to, if they are those that were digested.
    pub(super) fn check(
        &self,
        canonical: impl FnOnce(&Method) -> Result<Vec<u8>, XmlError>,
    ) -> Result<Vec<u8>, XmlError> {
        let bytes = canonical(&self.method)?;
        if self.digest.is(&self.value, &bytes) { Ok(bytes) } else { Err(XmlError::Digest) }
    }
}

/// The child elements of a part, taken one by one.
struct Parts<'a> {
    rest: std::iter::Peekable<Box<dyn Iterator<Item = Element<'a>> + 'a>>,
}

impl<'a> Parts<'a> {
    fn of(element: Element<'a>) -> Self {
        let children: Box<dyn Iterator<Item = Element<'a>> + 'a> = Box::new(element.children());
        Self { rest: children.peekable() }
    }

    fn optional(&mut self, name: &str) -> Option<Element<'a>> {
        self.rest.next_if(|element| element.is(DS, name))
    }

    fn expect(&mut self, name: &'static str) -> Result<Element<'a>, XmlError> {
        self.optional(name).ok_or(XmlError::Signature {
            what: match name {
                "SignedInfo" => "SignedInfo is missing or not the first",
                "SignatureValue" => "SignatureValue is missing or out of order",
                "CanonicalizationMethod" => "CanonicalizationMethod is missing or not the first",
                "SignatureMethod" => "SignatureMethod is missing or out of order",
                "Reference" => "there is no Reference",
                "DigestMethod" => "DigestMethod is missing or out of order",
                _ => "DigestValue is missing or out of order",
            },
        })
    }

    fn end(&mut self) -> Result<(), XmlError> {
        match self.rest.next() {
            None => Ok(()),
            Some(_) => Err(XmlError::Signature { what: "an element that has no place there" }),
        }
    }
}

fn algorithm(element: Element<'_>) -> Result<&str, XmlError> {
    element.attribute(None, "Algorithm").ok_or(XmlError::Signature { what: "a method without Algorithm" })
}

/// A canonicalization with its PrefixList.
fn method(element: Element<'_>) -> Result<Method, XmlError> {
    let mut method = canonicalization(algorithm(element)?)?;
    let mut children = element.children();
    if let Some(child) = children.next() {
        if !method.exclusive || !child.is(EXC_C14N, "InclusiveNamespaces") || children.next().is_some() {
            return Err(XmlError::Signature { what: "parameters of the canonicalization" });
        }
        let list = child.attribute(None, "PrefixList").unwrap_or_default();
        let prefixes = list.split_ascii_whitespace().take(MOST_PREFIXES + 1);
        method.prefixes =
            prefixes.map(|prefix| if prefix == "#default" { "" } else { prefix }.to_owned()).collect();
        if method.prefixes.len() > MOST_PREFIXES {
            return Err(XmlError::Signature { what: "more than 64 prefixes in a PrefixList" });
        }
    }
    Ok(method)
}

/// Base64, with white space of any kind inside.
fn bytes(element: Element<'_>) -> Result<Vec<u8>, XmlError> {
    if element.children().next().is_some() {
        return Err(XmlError::Signature { what: "elements inside a value" });
    }
    let bytes = Bytes::from_base64(&element.text());
    bytes.map(|bytes| bytes.0).map_err(|_| XmlError::Signature { what: "a value that is not base64" })
}
