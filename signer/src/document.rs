//! Documents: bytes with their author's signature, carried unchanged to their end.

use certs::{Certificate, KeyError, KeyPair};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Problem;
use crate::base64_bytes::Bytes;
use crate::cms::{self, CmsError, Mode, SignedData, Signer};
use crate::xml::{XmlError, wss};

/// An application, a result, a refusal: signed once by its author, never re-serialised, never re-signed.
///
/// In JSON `{"mediaType", "content", "signature"}` with a detached CMS, `{"mediaType", "signedContent"}` with the
/// content inside the CMS, or `{"mediaType": "text/xml", "content"}`, a SOAP message with its signature inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", try_from = "Fields")]
pub struct Document {
    /// IANA media type of the content.
    pub media_type: String,
    /// The content and the signature over it.
    #[serde(flatten)]
    pub body: Body,
}

/// How content and signature go together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
    /// The content is a SOAP message that is signed by WS-Security.
    Message {
        /// The message, as it came.
        content: Bytes,
    },
}

/// The media type of a SOAP 1.1 message.
pub const MESSAGE: &str = "text/xml";

/// Why a document does not verify.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// A signature in CMS.
    #[error(transparent)]
    Cms(#[from] CmsError),
    /// The signature of a SOAP message.
    #[error(transparent)]
    Xml(#[from] XmlError),
}

impl From<DocumentError> for Problem {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Cms(error) => error.into(),
            DocumentError::Xml(error) => error.into(),
        }
    }
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

/// The fields of either form. A document of both forms could mean one thing to one reader and another to the next.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Fields {
    media_type: String,
    content: Option<Bytes>,
    signature: Option<Bytes>,
    signed_content: Option<Bytes>,
}

impl TryFrom<Fields> for Document {
    type Error = &'static str;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        let body = match (fields.content, fields.signature, fields.signed_content) {
            (Some(content), Some(signature), None) => Body::Detached { content, signature },
            (None, None, Some(signed_content)) => Body::Attached { signed_content },
            (Some(content), None, None) if fields.media_type == MESSAGE => Body::Message { content },
            _ => return Err("a document has `content` and `signature`, or `signedContent`"),
        };
        Ok(Self { media_type: fields.media_type, body })
    }
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

    /// A SOAP message with its signature inside.
    pub fn message(content: Vec<u8>) -> Self {
        Self { media_type: MESSAGE.to_owned(), body: Body::Message { content: content.into() } }
    }

    /// Checks every signature and gives out what they cover: of a SOAP message, its Body.
    ///
    /// # Errors
    /// [`DocumentError`] when a signature does not parse or does not fit the content.
    pub fn verify(&self) -> Result<Verified, DocumentError> {
        match &self.body {
            Body::Detached { content, signature } => {
                let signers = SignedData::from_ber(&signature.0)?.verify_detached(&content.0)?;
                Ok(Verified { content: content.0.clone(), signers })
            }
            Body::Attached { signed_content } => {
                let (content, signers) = SignedData::from_ber(&signed_content.0)?.verify_attached()?;
                Ok(Verified { content, signers })
            }
            Body::Message { content } => {
                let message = wss::verify(&content.0, &[])?;
                Ok(Verified {
                    content: message.canonical().to_vec(),
                    signers: vec![message.signer().clone()],
                })
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

#[cfg(test)]
mod tests {
    use certs::Algorithm;
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{at, individual};

    const TEXT: &[u8] = "өтініш\r\n".as_bytes();

    fn detached() -> Document {
        let (key, certificate) = individual(Algorithm::P256);
        Document::sign(TEXT.to_vec(), "text/plain", &key, &certificate, at()).unwrap()
    }

    fn attached() -> Document {
        let (key, certificate) = individual(Algorithm::P256);
        let signed = cms::sign(TEXT, Mode::Attached, &key, &certificate, at()).unwrap();
        Document {
            media_type: "text/plain".to_owned(),
            body: Body::Attached { signed_content: signed.into() },
        }
    }

    #[test]
    fn both_forms_survive_json_byte_for_byte() {
        for document in [detached(), attached()] {
            let json = serde_json::to_vec(&document).unwrap();
            let again: Document = serde_json::from_slice(&json).unwrap();
            assert_eq!(again, document);
            assert_eq!(serde_json::to_vec(&again).unwrap(), json);
            assert_eq!(again.verify().unwrap().content, TEXT);
            // Through another program's idea of JSON, too.
            let value: serde_json::Value = serde_json::from_slice(&json).unwrap();
            let printed = serde_json::to_string_pretty(&value).unwrap();
            assert_eq!(serde_json::from_str::<Document>(&printed).unwrap(), document);
        }
    }

    #[test]
    fn the_json_has_the_fields_of_its_form() {
        let fields = |document: &Document| -> Vec<String> {
            let json = serde_json::to_value(document).unwrap();
            json.as_object().unwrap().keys().cloned().collect()
        };
        assert_eq!(fields(&detached()), ["mediaType", "content", "signature"]);
        assert_eq!(fields(&attached()), ["mediaType", "signedContent"]);
        let json = serde_json::to_value(detached()).unwrap();
        assert_eq!(json["content"], Bytes(TEXT.to_vec()).to_base64());
    }

    #[test]
    fn a_document_that_is_both_forms_or_none_is_refused() {
        for json in [
            r#"{"mediaType": "text/plain"}"#,
            r#"{"mediaType": "text/plain", "content": "AA=="}"#,
            r#"{"mediaType": "text/plain", "content": "not base64!", "signature": "AA=="}"#,
            r#"{"content": "AA==", "signature": "AA=="}"#,
            r#"{"mediaType": "text/plain", "content": "AA==", "signature": "AA==", "signedContent": "AA=="}"#,
        ] {
            assert!(serde_json::from_str::<Document>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_changed_document_does_not_verify() {
        let mut document = detached();
        let Body::Detached { content, .. } = &mut document.body else { panic!("it is detached") };
        content.0[0] ^= 1;
        assert_eq!(document.verify().unwrap_err(), CmsError::Digest.into());
        let mut document = attached();
        let Body::Attached { signed_content } = &mut document.body else { panic!("it is attached") };
        let at = signed_content.0.windows(TEXT.len()).position(|part| part == TEXT).unwrap();
        signed_content.0[at] ^= 1;
        assert_eq!(document.verify().unwrap_err(), CmsError::Digest.into());
    }

    #[test]
    fn a_soap_message_is_a_document_with_its_signature_inside() {
        let (key, certificate) = individual(Algorithm::P256);
        let message = format!(
            "<e:Envelope xmlns:e='{}'><e:Body><said>өтініш</said></e:Body></e:Envelope>",
            crate::xml::SOAP
        );
        let message = wss::sign(message.as_bytes(), &key, &certificate).unwrap();
        let document = Document::message(message.clone().into_bytes());
        let json = serde_json::to_value(&document).unwrap();
        assert_eq!(json.as_object().unwrap().keys().collect::<Vec<_>>(), ["mediaType", "content"]);
        assert_eq!(serde_json::from_value::<Document>(json).unwrap(), document);
        let verified = document.verify().unwrap();
        assert_eq!(verified.sole_signer().unwrap().certificate, certificate);
        assert!(String::from_utf8(verified.content).unwrap().contains("<said>өтініш</said>"));
        let altered = Document::message(message.replace("өтініш", "жоқ").into_bytes());
        assert_eq!(altered.verify().unwrap_err(), XmlError::Digest.into());
        assert!(matches!(Document::message(b"<a/>".to_vec()).verify(), Err(DocumentError::Xml(_))));
    }

    #[test]
    fn the_sole_signer_is_the_only_one() {
        let mut verified = detached().verify().unwrap();
        assert_eq!(verified.sole_signer().unwrap().signing_time, Some(at()));
        verified.signers.push(verified.signers[0].clone());
        assert_eq!(verified.sole_signer().unwrap_err(), CmsError::Signers { found: 2 });
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text: String, content: Vec<u8>, signature: Vec<u8>) {
            let _ = serde_json::from_str::<Document>(&text);
            let document = Document::detached(content, &text, signature);
            prop_assert!(document.verify().is_err());
            let json = serde_json::to_string(&document).unwrap();
            prop_assert_eq!(serde_json::from_str::<Document>(&json).unwrap(), document);
        }
    }
}
