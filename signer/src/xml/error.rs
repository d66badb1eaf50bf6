//! Why a document is not read, or its signature does not hold.

use certs::KeyError;

use crate::Code;

/// Why XML is not read, not signed, or its signature does not hold. Each has a stable [`Code`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// Not well-formed (XML 1.0, 2.1; Namespaces in XML 1.0).
    #[error("not well-formed XML: {what} (line {line}, column {column})")]
    Malformed {
        /// What was met.
        what: &'static str,
        /// Line, from 1.
        line: usize,
        /// Column in bytes, from 1.
        column: usize,
    },
    /// XML that may be well-formed, but is not taken: a DTD, an entity, another encoding, something over a limit.
    #[error("XML that is not taken: {what}")]
    Refused {
        /// What was met.
        what: &'static str,
    },
    /// No signature where it is looked for.
    #[error("there is no signature: {what}")]
    NoSignature {
        /// Where it was looked for.
        what: &'static str,
    },
    /// Not the message that it has to be.
    #[error("not a SOAP message: {what}")]
    Message {
        /// What was met.
        what: &'static str,
    },
    /// The signature's elements are not those of XML-DSig, or more than is allowed.
    #[error("the signature cannot be read: {what}")]
    Signature {
        /// What was met.
        what: &'static str,
    },
    /// What is signed is not what would be used: a signature that was moved around (XML signature wrapping).
    #[error("the signature is over something else: {what}")]
    Wrapped {
        /// What was met.
        what: &'static str,
    },
    /// A digest, signature algorithm, canonicalization or transform that is not accepted.
    #[error("the algorithm {0} is not accepted")]
    Algorithm(String),
    /// The signer's certificate is neither inside nor known.
    #[error("the signer's certificate is not in the signature")]
    NoCertificate,
    /// A certificate inside does not parse.
    #[error("a certificate in the signature does not parse: {0}")]
    Certificate(String),
    /// Over other content.
    #[error("the signature is over other content: the digest does not match")]
    Digest,
    /// The value does not verify.
    #[error("the signature value does not verify with the signer's key")]
    Value,
    /// The key could not sign.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl XmlError {
    /// Its stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Malformed { .. } => Code::XmlMalformed,
            Self::Refused { .. } => Code::XmlRefused,
            Self::NoSignature { .. } => Code::SignatureMissing,
            Self::Message { .. } => Code::EnvelopeMalformed,
            Self::Signature { .. } | Self::NoCertificate | Self::Certificate(_) => Code::SignatureMalformed,
            Self::Wrapped { .. } => Code::SignatureWrapped,
            Self::Algorithm(_) => Code::AlgorithmRefused,
            Self::Digest | Self::Value => Code::SignatureInvalid,
            Self::Key(_) => Code::InvalidValue,
        }
    }
}
