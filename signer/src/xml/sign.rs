//! Making signatures: enveloped ones, and what those of SOAP bodies have in common with them.

use certs::{Certificate, KeyPair};

use super::algorithms::{self, C14N, C14N_COMMENTS, ENVELOPED};
use super::c14n::{self, Method};
use super::names::DS;
use super::tree::Element;
use super::{XmlError, parse};
use crate::Bytes;

/// Signs a document with an enveloped signature, which becomes the last child of its root element. Earlier
/// signatures stay and are signed with it. Apart from it the document is left as it is, byte for byte.
///
/// Inclusive C14N 1.0, reference `URI=""`, transforms enveloped-signature and C14N with comments, the certificate in
/// `ds:KeyInfo/ds:X509Data/ds:X509Certificate`: the national form. In spite of the second transform's name comments
/// are not signed: `URI=""` has already left them out (XML-DSig, 4.3.3.3).
///
/// # Errors
/// [`XmlError::Malformed`] and [`XmlError::Refused`] of the document, [`XmlError::Key`].
pub fn sign(xml: &[u8], key: &KeyPair, certificate: &Certificate) -> Result<String, XmlError> {
    let tree = parse::parse(xml)?;
    let text = parse::text_of(xml)?;
    let root = tree.root();
    let canonical = c14n::document(&tree, &Method::INCLUSIVE)?;
    let reference = Reference { uri: "", transforms: &[ENVELOPED, C14N_COMMENTS], canonical: &canonical };
    let signed_info = format!("<ds:SignedInfo>{}</ds:SignedInfo>", signed_info(C14N, &reference, key)?);
    // Inclusively, SignedInfo has the namespaces of the document around it: only there can it be canonicalized.
    let around = parse::parse(inside_of(text, root, &signed_info).as_bytes())?;
    let there = around.root().child("Signature").and_then(|signature| signature.child("SignedInfo"));
    let there = there.ok_or(XmlError::Signature { what: "SignedInfo" })?;
    let value = Bytes(algorithms::sign(key, &c14n::element(there, &Method::INCLUSIVE)?)?);
    let signature = signature(&signed_info, &value, &x509_data(certificate));
    Ok(with_last_child(text, root, &signature))
}

/// The root element with nothing in it but the beginning of a signature.
fn inside_of(text: &str, root: Element<'_>, signed_info: &str) -> String {
    let start_tag = text.get(root.data.place.start..root.data.place.opened).unwrap_or_default();
    let start_tag = start_tag.strip_suffix("/>").or(start_tag.strip_suffix('>')).unwrap_or(start_tag);
    let (prefix, name) = (root.prefix(), root.local_name());
    let colon = if prefix.is_empty() { "" } else { ":" };
    format!(
        "{start_tag}><ds:Signature xmlns:ds=\"{DS}\">{signed_info}</ds:Signature></{prefix}{colon}{name}>"
    )
}

/// What a signature refers to.
pub(super) struct Reference<'a> {
    pub(super) uri: &'a str,
    pub(super) transforms: &'a [&'a str],
    pub(super) canonical: &'a [u8],
}

/// `ds:Signature` with all its parts.
pub(super) fn signature(signed_info: &str, value: &Bytes, key_info: &str) -> String {
    let value = value.to_base64();
    format!(
        "<ds:Signature xmlns:ds=\"{DS}\">{signed_info}<ds:SignatureValue>{value}</ds:SignatureValue>\
         <ds:KeyInfo>{key_info}</ds:KeyInfo></ds:Signature>"
    )
}

/// What stands in `ds:SignedInfo`.
pub(super) fn signed_info(
    canonicalization: &str,
    reference: &Reference<'_>,
    key: &KeyPair,
) -> Result<String, XmlError> {
    let signature_method = algorithms::signature_uri(key.algorithm())?;
    let digest_method = algorithms::digest_uri(key.algorithm())?;
    let digest = Bytes(key.algorithm().digest(reference.canonical)).to_base64();
    let transform = |uri: &&str| empty("Transform", uri);
    let transforms: String = reference.transforms.iter().map(transform).collect();
    Ok([
        empty("CanonicalizationMethod", canonicalization),
        empty("SignatureMethod", signature_method),
        format!("<ds:Reference URI=\"{}\"><ds:Transforms>{transforms}</ds:Transforms>", reference.uri),
        empty("DigestMethod", digest_method),
        format!("<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>"),
    ]
    .concat())
}

/// A method without parameters, in canonical form.
fn empty(name: &str, algorithm: &str) -> String {
    format!("<ds:{name} Algorithm=\"{algorithm}\"></ds:{name}>")
}

fn x509_data(certificate: &Certificate) -> String {
    let certificate = Bytes(certificate.der().to_vec()).to_base64();
    format!("<ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>")
}

/// The text with one more child at the end of an element.
pub(super) fn with_last_child(text: &str, parent: Element<'_>, child: &str) -> String {
    let place = parent.data.place;
    if let Some(closing) = place.closing {
        return inserted(text, closing, child);
    }
    // `<a/>` ends with two characters that become one and an end tag.
    let prefix = parent.prefix();
    let colon = if prefix.is_empty() { "" } else { ":" };
    let (before, after) = text.split_at(place.opened);
    let before = before.strip_suffix("/>").unwrap_or(before);
    format!("{before}>{child}</{prefix}{colon}{}>{after}", parent.local_name())
}

/// The text with something put in.
pub(super) fn inserted(text: &str, at: usize, what: &str) -> String {
    let (before, after) = text.split_at(at);
    [before, what, after].concat()
}
