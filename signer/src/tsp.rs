//! Time stamps (RFC 3161) as CMS signatures: made by an authority, asked for, believed.

use certs::tsp::{Imprint, Rejection, TimestampInfo, TimestampRequest, TimestampResponse, TspError};
use certs::{Algorithm, Certificate, KeyPair, ObjectIdentifier, oid};
use jiff::Timestamp;

use crate::cms::{CmsError, Draft, Mode, SignedData};
use crate::random::eight_bytes;

/// A time stamp whose signature holds over what was stamped.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// When the stamped bytes were there.
    pub at: Timestamp,
    /// Under which policy it was given.
    pub policy: ObjectIdentifier,
    /// Its serial number, the content of the INTEGER.
    pub serial: Vec<u8>,
    /// The authority's certificate, which nobody has judged yet.
    pub authority: Certificate,
}

impl Stamp {
    /// The serial number in lowercase hexadecimal.
    pub fn serial_hex(&self) -> String {
        hex::encode(&self.serial)
    }
}

/// Why a time stamp is none, or is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StampError {
    /// Its signature.
    #[error("the time stamp: {0}")]
    Signature(#[from] CmsError),
    /// What it says cannot be read.
    #[error(transparent)]
    Message(#[from] TspError),
    /// Something else is signed.
    #[error("the time stamp: what is signed is no TSTInfo")]
    OtherContent,
    /// It is over other bytes.
    #[error("the time stamp is over other bytes")]
    OtherBytes,
    /// The certificate is for something else.
    #[error("the time stamp is by a certificate that is not for time stamps: {subject}")]
    NotAnAuthority {
        /// Whose it is.
        subject: String,
    },
    /// It answers another question.
    #[error("the time stamp repeats another nonce, or none")]
    Nonce,
    /// The authority gave none.
    #[error("the authority gives no time stamp: {} {text}", failure.map_or("rejection", Rejection::name))]
    Rejected {
        /// Why, as a code.
        failure: Option<Rejection>,
        /// Why, in its words.
        text: String,
    },
}

/// Signs a time stamp at `now`. That the question's digest is accepted, and its policy, is for the caller to see to.
///
/// # Errors
/// When the authority's key does not sign, or the machine gives no random numbers.
pub fn stamp(
    request: &TimestampRequest,
    key: &KeyPair,
    certificate: &Certificate,
    now: Timestamp,
) -> Result<Vec<u8>, certs::SigningError> {
    let info = TimestampInfo::answering(request, certs::tsp::policy(key.algorithm()), now)?;
    let draft = Draft {
        content: &info.to_der(certificate),
        kind: oid::TIMESTAMP_INFO,
        mode: Mode::Attached,
        key,
        certificate,
        enclosed: request.wants_certificate,
        at: info.at,
    };
    Ok(draft.signed()?)
}

/// Verifies that a time stamp holds over `stamped`, and gives out what it says.
///
/// # Errors
/// Why it does not. Whether the authority may be trusted is another question.
pub fn verify(token: &[u8], stamped: &[u8]) -> Result<Stamp, StampError> {
    read(token, stamped).map(|(stamp, _)| stamp)
}

fn read(token: &[u8], stamped: &[u8]) -> Result<(Stamp, TimestampInfo), StampError> {
    let token = SignedData::from_ber(token)?;
    if token.content_type() != oid::TIMESTAMP_INFO {
        return Err(StampError::OtherContent);
    }
    let (content, mut signers) = token.verify_attached()?;
    let (Some(signer), true) = (signers.pop(), signers.is_empty()) else {
        return Err(CmsError::Signers { found: signers.len() + 1 }.into());
    };
    let info = TimestampInfo::from_der(&content)?;
    if !info.imprint.is_of(stamped)? {
        return Err(StampError::OtherBytes);
    }
    let authority = signer.certificate;
    if !authority.is_for_timestamps() {
        return Err(StampError::NotAnAuthority { subject: authority.subject() });
    }
    Ok((Stamp { at: info.at, policy: info.policy, serial: info.serial.clone(), authority }, info))
}

/// A question for a time stamp over some bytes.
pub struct Question<'a> {
    stamped: &'a [u8],
    request: TimestampRequest,
}

impl<'a> Question<'a> {
    /// About `stamped`, by the digest that goes with keys of `algorithm`.
    pub fn about(algorithm: Algorithm, stamped: &'a [u8]) -> Self {
        let request = TimestampRequest::new(Imprint::of(algorithm, stamped), eight_bytes());
        Self { stamped, request }
    }

    /// The DER to send, as `application/timestamp-query`.
    pub fn to_der(&self) -> Vec<u8> {
        self.request.to_der()
    }

    /// The time stamp in an answer, once it is seen to hold over these bytes and to answer this question.
    ///
    /// # Errors
    /// Why there is none.
    pub fn answered(&self, answer: &[u8]) -> Result<Vec<u8>, StampError> {
        let token = match TimestampResponse::from_der(answer)? {
            TimestampResponse::Granted(token) => token,
            TimestampResponse::Rejected { failure, text } => {
                return Err(StampError::Rejected { failure, text });
            }
        };
        let (_, info) = read(&token, self.stamped)?;
        if info.nonce != self.request.nonce {
            return Err(StampError::Nonce);
        }
        Ok(token)
    }
}

#[cfg(test)]
mod tests;
