//! The algorithms of XML signatures and their URIs (RFC 9231). What is not here is not accepted.

use certs::der::{self, Reader, SEQUENCE};
use certs::{Algorithm, Certificate, KeyPair, ObjectIdentifier, SignatureAlgorithm, oid};
use ring::digest;

use super::XmlError;
use super::c14n::Method;
use super::names::EXC_C14N;

pub(super) const C14N: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
pub(super) const C14N_COMMENTS: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments";
pub(super) const EXC_C14N_COMMENTS: &str = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments";
pub(super) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// URI of a digest and its function. SHA-1 is missing on purpose.
const DIGESTS: &[(&str, Digest)] = &[
    ("http://www.w3.org/2001/04/xmlenc#sha256", Digest::Ring(&digest::SHA256)),
    ("http://www.w3.org/2001/04/xmldsig-more#sha384", Digest::Ring(&digest::SHA384)),
    ("http://www.w3.org/2001/04/xmlenc#sha512", Digest::Ring(&digest::SHA512)),
    (
        "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34112015-512",
        Digest::National(Algorithm::Gost512),
    ),
    (
        "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34112015-256",
        Digest::National(Algorithm::Gost256),
    ),
    ("http://www.w3.org/2001/04/xmldsig-more#gost34311", Digest::National(Algorithm::Gost2004)),
];

/// URI of a signature, the OID by which `certs` knows it, and how its value is written.
const SIGNATURES: &[(&str, ObjectIdentifier, Encoding)] = &[
    ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", oid::SHA256_WITH_RSA, Encoding::AsIs),
    ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", oid::SHA384_WITH_RSA, Encoding::AsIs),
    ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", oid::SHA512_WITH_RSA, Encoding::AsIs),
    ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", oid::ECDSA_WITH_SHA256, Encoding::TwoNumbers),
    ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", oid::ECDSA_WITH_SHA384, Encoding::TwoNumbers),
    (
        "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34102015-gostr34112015-512",
        oid::GOST_512_SIGNATURE,
        Encoding::AsIs,
    ),
    (
        "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34102015-gostr34112015-256",
        oid::GOST_256_SIGNATURE,
        Encoding::AsIs,
    ),
    ("http://www.w3.org/2001/04/xmldsig-more#gost34310-gost34311", oid::GOST_2004_SIGNATURE, Encoding::AsIs),
];

/// Bytes of r and of s for P-256, the one curve that `certs` verifies on.
const NUMBER: usize = 32;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    AsIs,
    /// r and s in big-endian, each as long as the order of the curve (RFC 9231, 2.3.6); elsewhere it is DER.
    TwoNumbers,
}

/// How a digest is computed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Digest {
    Ring(&'static digest::Algorithm),
    /// The one that goes with a national algorithm, in the order of its bytes.
    National(Algorithm),
}

impl Digest {
    pub(super) fn from_uri(uri: &str) -> Result<Self, XmlError> {
        let found = DIGESTS.iter().find(|(known, _)| *known == uri);
        found.map(|(_, digest)| *digest).ok_or_else(|| XmlError::Algorithm(uri.to_owned()))
    }

    /// Whether `value` is that of `content`.
    pub(super) fn is(self, value: &[u8], content: &[u8]) -> bool {
        match self {
            Self::Ring(function) => digest::digest(function, content).as_ref() == value,
            Self::National(algorithm) => algorithm.digest(content) == value,
        }
    }
}

/// The URI of the digest that signatures by keys of an algorithm use.
pub(super) fn digest_uri(algorithm: Algorithm) -> Result<&'static str, XmlError> {
    if !algorithm.is_gost() {
        return Ok("http://www.w3.org/2001/04/xmlenc#sha256");
    }
    let found = DIGESTS
        .iter()
        .find(|(_, digest)| matches!(digest, Digest::National(national) if *national == algorithm));
    found.map(|(uri, _)| *uri).ok_or_else(|| XmlError::Algorithm(algorithm.name().to_owned()))
}

/// A canonicalization by its URI, without PrefixList.
pub(super) fn canonicalization(uri: &str) -> Result<Method, XmlError> {
    match uri {
        C14N => Ok(Method::INCLUSIVE),
        C14N_COMMENTS => Ok(Method { comments: true, ..Method::INCLUSIVE }),
        EXC_C14N => Ok(Method::EXCLUSIVE),
        EXC_C14N_COMMENTS => Ok(Method { comments: true, ..Method::EXCLUSIVE }),
        other => Err(XmlError::Algorithm(other.to_owned())),
    }
}

/// How a signature was made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signing {
    oid: ObjectIdentifier,
    encoding: Encoding,
}

impl Signing {
    pub(super) fn from_uri(uri: &str) -> Result<Self, XmlError> {
        let found = SIGNATURES.iter().find(|(known, ..)| *known == uri);
        let (_, oid, encoding) = *found.ok_or_else(|| XmlError::Algorithm(uri.to_owned()))?;
        Ok(Self { oid, encoding })
    }

    /// Whether `value` is by the certificate's key over `signed`.
    pub(super) fn verify(
        self,
        certificate: &Certificate,
        signed: &[u8],
        value: &[u8],
    ) -> Result<(), XmlError> {
        let algorithm = SignatureAlgorithm { oid: self.oid, parameters: None };
        let value = match self.encoding {
            Encoding::AsIs => value.to_vec(),
            Encoding::TwoNumbers => to_der(value).ok_or(XmlError::Value)?,
        };
        certificate
            .public_key()
            .verify(&algorithm, signed, &value)
            .map_err(|error| error.refused().map_or(XmlError::Value, XmlError::Algorithm))
    }
}

/// The URI of the signatures that keys of an algorithm make.
pub(super) fn signature_uri(algorithm: Algorithm) -> Result<&'static str, XmlError> {
    let found = SIGNATURES.iter().find(|(_, oid, _)| *oid == algorithm.signature_oid());
    found.map(|(uri, ..)| *uri).ok_or_else(|| XmlError::Algorithm(algorithm.name().to_owned()))
}

/// Signs, with the value as XML-DSig writes it.
pub(super) fn sign(key: &KeyPair, message: &[u8]) -> Result<Vec<u8>, XmlError> {
    let signing = Signing::from_uri(signature_uri(key.algorithm())?)?;
    let value = key.sign(message)?;
    match signing.encoding {
        Encoding::AsIs => Ok(value),
        Encoding::TwoNumbers => from_der(&value).ok_or(XmlError::Value),
    }
}

/// `ECDSA-Sig-Value` (RFC 3279, 2.2.3) of r and s.
fn to_der(value: &[u8]) -> Option<Vec<u8>> {
    let (r, s) = (value.len() == 2 * NUMBER).then(|| value.split_at(NUMBER))?;
    let integer = |number: &[u8]| der::integer_content(&der::positive(number));
    Some(der::sequence(&[&integer(r), &integer(s)]))
}

fn from_der(signature: &[u8]) -> Option<Vec<u8>> {
    let mut numbers = Reader::only(signature, SEQUENCE).ok()?.reader();
    let mut value = Vec::with_capacity(2 * NUMBER);
    for _ in 0..2 {
        let number = numbers.expect(der::INTEGER).ok()?.value;
        let number = number.strip_prefix(&[0]).unwrap_or(number);
        value.resize(value.len() + NUMBER.checked_sub(number.len())?, 0);
        value.extend_from_slice(number);
    }
    Some(value)
}
