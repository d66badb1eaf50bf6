//! A centre at rest.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Authority, Branch, Former, Member};
use crate::issue::SigningError;
use crate::{Algorithm, AlgorithmPolicy, Certificate, CertificateError, KeyError, KeyPair};

/// What to persist of an [`Authority`]: its private keys are in it, in the clear. Bytes are base64 in JSON.
#[derive(Clone, Serialize, Deserialize)]
pub struct AuthorityState {
    algorithm: Algorithm,
    marker: String,
    base_url: String,
    root: MemberState,
    issuing: MemberState,
    responder: MemberState,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    former: Vec<FormerState>,
}

/// What to persist of a [`Branch`]: its private key is in it, in the clear.
#[derive(Clone, Serialize, Deserialize)]
pub struct BranchState {
    kind: String,
    #[serde(flatten)]
    member: MemberState,
}

#[derive(Clone, Serialize, Deserialize)]
struct FormerState {
    issuing: MemberState,
    responder: MemberState,
    #[serde(with = "base64_text")]
    new_with_old: Zeroizing<Vec<u8>>,
    #[serde(with = "base64_text")]
    old_with_new: Zeroizing<Vec<u8>>,
}

#[derive(Clone, Serialize, Deserialize)]
struct MemberState {
    /// PKCS#8.
    #[serde(with = "base64_text")]
    key: Zeroizing<Vec<u8>>,
    #[serde(with = "base64_text")]
    certificate: Zeroizing<Vec<u8>>,
}

/// Why there is no centre.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityError {
    /// The base URL cannot stand in a certificate.
    #[error("`{found}` is no base URL: it must be of ASCII characters without spaces")]
    BaseUrl {
        /// The URL as given.
        found: String,
    },
    /// Nothing would tell this centre from others.
    #[error("a centre needs a marker that tells its sandbox from others")]
    NoMarker,
    /// Its certificates would end beyond the range of time.
    #[error("the validity of the centre reaches beyond the range of time")]
    OutOfTime,
    /// A key cannot be made or read.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A certificate cannot be made.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// A persisted certificate cannot be read.
    #[error("the persisted centre is damaged: {0}")]
    Certificate(#[from] CertificateError),
    /// A persisted branch is none that we know.
    #[error(transparent)]
    Branch(#[from] crate::UnknownFlaw),
    /// A persisted key does not belong to its certificate, or to the algorithm.
    #[error("the persisted centre is damaged: a key does not belong to {subject}")]
    KeyOfAnother {
        /// Whose certificate it is.
        subject: String,
    },
}

impl AuthorityState {
    /// How many keys its issuing centre has had, the one that it has now among them.
    pub fn generation(&self) -> usize {
        self.former.len() + 1
    }
}

impl Authority {
    /// What to persist.
    pub fn state(&self) -> AuthorityState {
        AuthorityState {
            algorithm: self.algorithm,
            marker: self.marker.clone(),
            base_url: self.base_url.clone(),
            root: self.root.state(),
            issuing: self.issuing.state(),
            responder: self.responder.state(),
            former: self.former.iter().map(Former::state).collect(),
        }
    }

    /// The centre as it was persisted.
    pub fn from_state(state: &AuthorityState) -> Result<Self, AuthorityError> {
        let algorithm = state.algorithm;
        Ok(Self {
            algorithm,
            marker: state.marker.clone(),
            base_url: state.base_url.clone(),
            root: Member::from_state(&state.root, algorithm)?,
            issuing: Member::from_state(&state.issuing, algorithm)?,
            responder: Member::from_state(&state.responder, algorithm)?,
            former: state
                .former
                .iter()
                .map(|former| Former::from_state(former, algorithm))
                .collect::<Result<_, _>>()?,
        })
    }
}

impl Branch {
    /// What to persist.
    pub fn state(&self) -> BranchState {
        BranchState { kind: self.kind.to_string(), member: self.member.state() }
    }

    /// The branch as it was persisted; its key may be too weak for anything else.
    pub fn from_state(state: &BranchState) -> Result<Self, AuthorityError> {
        let key = KeyPair::from_pkcs8_der_under(AlgorithmPolicy::Legacy, &state.member.key)?;
        let certificate = Certificate::from_der(&state.member.certificate)?;
        if key.public_key() != certificate.public_key() {
            return Err(AuthorityError::KeyOfAnother { subject: certificate.subject() });
        }
        Ok(Self { kind: state.kind.parse()?, member: Member { key, certificate } })
    }
}

impl Former {
    fn state(&self) -> FormerState {
        let bytes = |certificate: &Certificate| Zeroizing::new(certificate.der().to_vec());
        FormerState {
            issuing: self.issuing.state(),
            responder: self.responder.state(),
            new_with_old: bytes(&self.new_with_old),
            old_with_new: bytes(&self.old_with_new),
        }
    }

    fn from_state(state: &FormerState, algorithm: Algorithm) -> Result<Self, AuthorityError> {
        Ok(Self {
            issuing: Member::from_state(&state.issuing, algorithm)?,
            responder: Member::from_state(&state.responder, algorithm)?,
            new_with_old: Certificate::from_der(&state.new_with_old)?,
            old_with_new: Certificate::from_der(&state.old_with_new)?,
        })
    }
}

impl Member {
    fn state(&self) -> MemberState {
        MemberState {
            key: self.key.to_pkcs8_der(),
            certificate: Zeroizing::new(self.certificate.der().to_vec()),
        }
    }

    fn from_state(state: &MemberState, algorithm: Algorithm) -> Result<Self, AuthorityError> {
        let key = KeyPair::from_pkcs8_der(&state.key)?;
        let certificate = Certificate::from_der(&state.certificate)?;
        if key.public_key() != certificate.public_key() || key.algorithm() != algorithm {
            return Err(AuthorityError::KeyOfAnother { subject: certificate.subject() });
        }
        Ok(Self { key, certificate })
    }
}

impl fmt::Debug for AuthorityState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuthorityState({} of {}, keys not shown)", self.algorithm, self.marker)
    }
}

impl fmt::Debug for BranchState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BranchState({}, key not shown)", self.kind)
    }
}

mod base64_text {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};
    use zeroize::Zeroizing;

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Zeroizing::new(STANDARD.encode(bytes)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Zeroizing<Vec<u8>>, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        STANDARD.decode(text.as_bytes()).map(Zeroizing::new).map_err(D::Error::custom)
    }
}
