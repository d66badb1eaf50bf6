//! Documents: bytes with their author's signature, carried unchanged to their end.

use certs::{Certificate, KeyError, KeyPair};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base64_bytes::Bytes;
use crate::cms::{self, CmsError, Mode, SignedData, Signer};

/// An application, a result, a refusal: signed once by its author, never re-serialised, never re-signed.
///
/// In JSON `{"mediaType", "content", "signature"}` with a detached CMS, or `{"mediaType", "signedContent"}` with
/// the content inside the CMS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// IANA media type of the content.
    pub media_type: String,
    /// The content and the signature over it.
    #[serde(flatten)]
    pub body: Body,
}

/// How content and signature go together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Body {
    /// The signature stands beside the content (RFC 5652 §5.2, external signature).
    Detached {
        /// The document.
        content: Bytes,
        /// CMS SignedData without content.
        signature: Bytes,
    },
    /// The signature holds the content.
    Attached {
        /// CMS SignedData with content.
        signed_content: Bytes,
    },
}

/// A document whose every signature verified, with what was signed and by whom.
///
/// That the certificates are any good is another question: [`Validator`](crate::Validator).
#[derive(Debug, Clone)]
pub struct Verified {
    /// The very bytes that the signatures cover.
    pub content: Vec<u8>,
    /// The signers, never empty.
    pub signers: Vec<Signer>,
}

impl Document {
    /// Signs content with a signature beside it.
    pub fn sign(
        content: Vec<u8>,
        media_type: &str,
        key: &KeyPair,
        certificate: &Certificate,
        at: Timestamp,
    ) -> Result<Self, KeyError> {
        let signature = cms::sign(&content, Mode::Detached, key, certificate, at)?;
        Ok(Self::detached(content, media_type, signature))
    }

    /// Puts content and a signature made elsewhere together.
    pub fn detached(content: Vec<u8>, media_type: &str, signature: Vec<u8>) -> Self {
        let body = Body::Detached { content: content.into(), signature: signature.into() };
        Self { media_type: media_type.to_owned(), body }
    }

    /// Checks every signature and gives out what they cover.
    ///
    /// # Errors
    /// [`CmsError`] when a signature does not parse or does not fit the content.
    pub fn verify(&self) -> Result<Verified, CmsError> {
        match &self.body {
            Body::Detached { content, signature } => {
                let signers = SignedData::from_ber(&signature.0)?.verify_detached(&content.0)?;
                Ok(Verified { content: content.0.clone(), signers })
            }
            Body::Attached { signed_content } => {
                let (content, signers) = SignedData::from_ber(&signed_content.0)?.verify_attached()?;
                Ok(Verified { content, signers })
            }
        }
    }
}

impl Verified {
    /// The one signer of a document that has exactly one.
    pub fn sole_signer(&self) -> Result<&Signer, CmsError> {
        match self.signers.as_slice() {
            [signer] => Ok(signer),
            signers => Err(CmsError::Signers { found: signers.len() }),
        }
    }
}
