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
#[derive(Clone)]
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

impl std::fmt::Debug for SystemIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} as {} with {:?}", self.system, self.sender_id, self.certificate)
    }
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use certs::{Algorithm, Bin, Order, Organisation, Profile, Subject, SystemName};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::{Centre, at};

    fn identity() -> SystemIdentity {
        let organisation = Organisation { name: "ПОРТАЛ".into(), bin: Bin::generated(1) };
        let name =
            SystemName { common_name: "ПОРТАЛ".into(), organisation, oid: "1.2.398.3.17.1".into() };
        let order = Order::new(Subject::System(name), Profile::InformationSystem, Algorithm::P256);
        let issued = Centre::p256().authority.issue(&order, at()).unwrap();
        SystemIdentity {
            system: System::Portal,
            sender_id: "portal".to_owned(),
            password: "secret".to_owned(),
            key: Arc::new(issued.key.unwrap()),
            certificate: issued.certificate,
        }
    }

    fn envelope(identity: &SystemIdentity) -> Envelope {
        Envelope {
            message_id: Uuid::from_u128(1),
            correlation_id: None,
            service_id: "preschool-queue".to_owned(),
            message_date: at(),
            route_id: None,
            sender: identity.sender(),
            properties: Vec::new(),
            session_id: None,
            data: json!({"b": 1, "a": ["қ"]}),
        }
    }

    #[test]
    fn the_json_is_that_of_the_wire() {
        let identity = identity();
        let mut envelope = envelope(&identity);
        let least = json!({
            "messageId": "00000000-0000-0000-0000-000000000001",
            "serviceId": "preschool-queue",
            "messageDate": "2026-11-20T09:00:00Z",
            "sender": {"senderId": "portal", "password": "secret"},
            "data": {"b": 1, "a": ["қ"]},
        });
        assert_eq!(serde_json::to_string(&envelope).unwrap(), least.to_string());
        envelope.correlation_id = Some(Uuid::from_u128(2));
        envelope.route_id = Some("r".to_owned());
        envelope.sender.password = None;
        envelope.properties = vec![Property { key: "k".to_owned(), value: "v".to_owned() }];
        envelope.session_id = Some(Uuid::from_u128(3));
        let most = json!({
            "messageId": "00000000-0000-0000-0000-000000000001",
            "correlationId": "00000000-0000-0000-0000-000000000002",
            "serviceId": "preschool-queue",
            "messageDate": "2026-11-20T09:00:00Z",
            "routeId": "r",
            "sender": {"senderId": "portal"},
            "properties": [{"key": "k", "value": "v"}],
            "sessionId": "00000000-0000-0000-0000-000000000003",
            "data": {"b": 1, "a": ["қ"]},
        });
        assert_eq!(serde_json::to_string(&envelope).unwrap(), most.to_string());
        assert_eq!(serde_json::from_value::<Envelope>(most).unwrap(), envelope);
    }

    #[test]
    fn the_signature_is_over_exactly_the_bytes_carried() {
        let identity = identity();
        let sealed = envelope(&identity).seal(&identity).unwrap();
        let json: Value = serde_json::to_value(&sealed).unwrap();
        assert_eq!(json.as_object().unwrap().keys().collect::<Vec<_>>(), ["envelope", "signature"]);
        let carried = Bytes::from_base64(json["envelope"].as_str().unwrap()).unwrap();
        let signature = Bytes::from_base64(json["signature"].as_str().unwrap()).unwrap();
        let signers = SignedData::from_ber(&signature.0).unwrap().verify_detached(&carried.0).unwrap();
        assert_eq!(signers[0].certificate, identity.certificate);
        assert_eq!(signers[0].signing_time, Some(at()));
        let opened = serde_json::from_value::<Sealed>(json).unwrap().open().unwrap();
        assert_eq!(opened.envelope, envelope(&identity));
        assert_eq!(opened.certificate, identity.certificate);
    }

    #[test]
    fn bytes_that_another_sender_wrote_otherwise_are_opened_all_the_same() {
        let identity = identity();
        let pretty = serde_json::to_vec_pretty(&envelope(&identity)).unwrap();
        assert_eq!(signed(&identity, pretty).open().unwrap().envelope, envelope(&identity));
    }

    /// Any bytes in place of an envelope, truly signed.
    fn signed(identity: &SystemIdentity, bytes: Vec<u8>) -> Sealed {
        let signature =
            cms::sign(&bytes, Mode::Detached, &identity.key, &identity.certificate, at()).unwrap();
        Sealed { envelope: bytes.into(), signature: signature.into() }
    }

    #[test]
    fn an_altered_envelope_is_refused() {
        let identity = identity();
        let sealed = envelope(&identity).seal(&identity).unwrap();
        for index in 0..sealed.envelope.0.len() {
            let mut altered = sealed.clone();
            altered.envelope.0[index] ^= 1;
            let error = altered.open().unwrap_err();
            assert!(matches!(error, EnvelopeError::Signature(CmsError::Digest)), "{index}: {error}");
        }
        let mut longer = sealed.clone();
        longer.envelope.0.push(b' ');
        assert!(matches!(longer.open(), Err(EnvelopeError::Signature(CmsError::Digest))));
        let other = envelope(&identity).seal(&self::identity()).unwrap();
        let swapped = Sealed { envelope: sealed.envelope, signature: other.signature };
        // Another system's signature over the same bytes is a good one: whose it is, is checked by the receiver.
        assert_ne!(swapped.open().unwrap().certificate, identity.certificate);
    }

    #[test]
    fn signed_bytes_that_are_no_envelope_are_refused() {
        let identity = identity();
        let mut strange = serde_json::to_value(envelope(&identity)).unwrap();
        strange["unheardOf"] = true.into();
        for bytes in [b"".to_vec(), b"{}".to_vec(), strange.to_string().into_bytes()] {
            let error = signed(&identity, bytes).open().unwrap_err();
            assert!(matches!(error, EnvelopeError::Malformed(_)), "{error}");
        }
    }

    #[test]
    fn an_attached_signature_or_none_is_refused() {
        let identity = identity();
        let bytes = serde_json::to_vec(&envelope(&identity)).unwrap();
        let attached = cms::sign(&bytes, Mode::Attached, &identity.key, &identity.certificate, at()).unwrap();
        let sealed = Sealed { envelope: bytes.clone().into(), signature: attached.into() };
        assert!(matches!(sealed.open(), Err(EnvelopeError::Signature(CmsError::Content { .. }))));
        let unsigned = Sealed { envelope: bytes.into(), signature: Bytes::default() };
        assert!(matches!(unsigned.open(), Err(EnvelopeError::Signature(CmsError::Encoding(_)))));
    }

    #[test]
    fn no_password_is_shown() {
        let identity = identity();
        let shown = format!("{:?} {:?}", envelope(&identity), identity);
        assert!(!shown.contains("secret"), "{shown}");
    }

    proptest! {
        #[test]
        fn any_bytes_are_opened_or_refused(envelope: Vec<u8>, signature: Vec<u8>, text: String) {
            let sealed = Sealed { envelope: envelope.into(), signature: signature.into() };
            prop_assert!(sealed.open().is_err());
            let _ = serde_json::from_str::<Sealed>(&text);
        }
    }
}
