//! Envelopes: what one system sends to the next, signed by the sending system.
//!
//! The JSON form. `{"envelope": base64 of the envelope's JSON bytes, "signature": base64 of a detached CMS over
//! exactly those bytes}`; answers have the same form. The envelope is opened only after its signature verified,
//! from the very bytes that were verified.

use certs::{Certificate, KeyError, KeyPair};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::System;
use crate::base64_bytes::Bytes;
use crate::cms::{self, CmsError, Mode, SignedData};

/// The fields of a message between systems, named as the national platform names them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Envelope {
    /// Made by the sender; a message takes effect once.
    pub message_id: Uuid,
    /// The message this one answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<Uuid>,
    /// What the gateway routes by.
    pub service_id: String,
    /// When it was written, on the sender's clock.
    pub message_date: Timestamp,
    /// The route, where a service has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route_id: Option<String>,
    /// Who sends.
    pub sender: Sender,
    /// Free pairs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Property>,
    /// Made by the gateway.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<Uuid>,
    /// The message itself.
    pub data: Value,
}

/// The sending system's credentials.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sender {
    /// Key of the system's record.
    pub sender_id: String,
    /// Its password; answers carry none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.sender_id)
    }
}

/// A free pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Property {
    /// Name.
    pub key: String,
    /// Value.
    pub value: String,
}

/// An envelope as it crosses: bytes and the system's signature over them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// The envelope's JSON bytes.
    pub envelope: Bytes,
    /// Detached CMS by the sending system's key.
    pub signature: Bytes,
}

/// An envelope whose signature verified, with the certificate that signed it.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What was signed.
    pub envelope: Envelope,
    /// Who signed; whether that is the sender named inside is checked against the sender's record.
    pub certificate: Certificate,
}

/// Why a sealed envelope cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// The signature.
    #[error(transparent)]
    Signature(#[from] CmsError),
    /// The signed bytes are not an envelope.
    #[error("the signed bytes are not an envelope: {0}")]
    Malformed(#[from] serde_json::Error),
}

/// A system's own name, credentials and organisation key.
#[derive(Debug, Clone)]
pub struct SystemIdentity {
    /// Which system.
    pub system: System,
    /// Key of its record.
    pub sender_id: String,
    /// Its password towards the others.
    pub password: String,
    /// Its organisation key.
    pub key: std::sync::Arc<KeyPair>,
    /// The certificate of that key.
    pub certificate: Certificate,
}

impl SystemIdentity {
    /// The credentials as an envelope carries them.
    pub fn sender(&self) -> Sender {
        Sender { sender_id: self.sender_id.clone(), password: Some(self.password.clone()) }
    }
}

impl Envelope {
    /// Signs the envelope as the system.
    pub fn seal(&self, identity: &SystemIdentity) -> Result<Sealed, SealError> {
        let envelope = serde_json::to_vec(self)?;
        let signature =
            cms::sign(&envelope, Mode::Detached, &identity.key, &identity.certificate, self.message_date)?;
        Ok(Sealed { envelope: envelope.into(), signature: signature.into() })
    }
}

/// Why an envelope could not be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Its data cannot be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The system's key.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl Sealed {
    /// Verifies the signature, then reads the bytes it covers.
    pub fn open(&self) -> Result<Opened, EnvelopeError> {
        let signers = SignedData::from_ber(&self.signature.0)?.verify_detached(&self.envelope.0)?;
        let [signer] = signers.as_slice() else {
            return Err(CmsError::Signers { found: signers.len() }.into());
        };
        let envelope = serde_json::from_slice(&self.envelope.0)?;
        Ok(Opened { envelope, certificate: signer.certificate.clone() })
    }
}
