//! Answers (RFC 3161, 2.4.2).

use super::TspError;
use crate::der;
use crate::der::{BIT_STRING, DerError, INTEGER, Reader, SEQUENCE};

/// An answer as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimestampResponse {
    /// A stamp: the DER of a CMS signature around a [`TimestampInfo`](super::TimestampInfo).
    Granted(Vec<u8>),
    /// None.
    Rejected {
        /// Why, as a code, if it is said.
        failure: Option<Rejection>,
        /// Why, in the authority's words.
        text: String,
    },
}

/// PKIFailureInfo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// 0: the digest algorithm is not accepted.
    BadAlgorithm,
    /// 2: the transaction is not permitted.
    BadRequest,
    /// 5: the question cannot be read.
    BadDataFormat,
    /// 14: the authority's clock is not to be had.
    TimeNotAvailable,
    /// 15: the authority does not stamp under the policy.
    UnacceptedPolicy,
    /// 16: the authority does not know an extension.
    UnacceptedExtension,
    /// 17: something else asked for is not to be had.
    AdditionalInfoNotAvailable,
    /// 25: the authority is in trouble.
    SystemFailure,
}

impl Rejection {
    const ALL: [Self; 8] = [
        Self::BadAlgorithm,
        Self::BadRequest,
        Self::BadDataFormat,
        Self::TimeNotAvailable,
        Self::UnacceptedPolicy,
        Self::UnacceptedExtension,
        Self::AdditionalInfoNotAvailable,
        Self::SystemFailure,
    ];

    /// The name in RFC 3161.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BadAlgorithm => "badAlg",
            Self::BadRequest => "badRequest",
            Self::BadDataFormat => "badDataFormat",
            Self::TimeNotAvailable => "timeNotAvailable",
            Self::UnacceptedPolicy => "unacceptedPolicy",
            Self::UnacceptedExtension => "unacceptedExtension",
            Self::AdditionalInfoNotAvailable => "addInfoNotAvailable",
            Self::SystemFailure => "systemFailure",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::BadAlgorithm => 0,
            Self::BadRequest => 2,
            Self::BadDataFormat => 5,
            Self::TimeNotAvailable => 14,
            Self::UnacceptedPolicy => 15,
            Self::UnacceptedExtension => 16,
            Self::AdditionalInfoNotAvailable => 17,
            Self::SystemFailure => 25,
        }
    }

    /// A named BIT STRING with this one bit, without zeros at its end.
    fn to_der(self) -> Vec<u8> {
        let (byte, bit) = (usize::from(self.bit() / 8), self.bit() % 8);
        let mut content = vec![0; byte + 2];
        content[0] = 7 - bit;
        content[byte + 1] = 0x80 >> bit;
        der::element(BIT_STRING, &[&content])
    }

    fn read(content: &[u8]) -> Option<Self> {
        let bits = content.get(1..)?;
        let is_set =
            |bit: u8| bits.get(usize::from(bit / 8)).is_some_and(|byte| byte & (0x80 >> (bit % 8)) != 0);
        Self::ALL.into_iter().find(|rejection| is_set(rejection.bit()))
    }
}

/// The DER of an answer with a stamp.
pub fn granted(token: &[u8]) -> Vec<u8> {
    der::sequence(&[&der::sequence(&[&der::integer(0)]), token])
}

/// The DER of an answer without one.
pub fn rejected(failure: Rejection, text: &str) -> Vec<u8> {
    let text = der::sequence(&[&der::element(0x0c, &[text.as_bytes()])]);
    der::sequence(&[&der::sequence(&[&der::integer(2), &text, &failure.to_der()])])
}

impl TimestampResponse {
    /// Reads exactly one answer in DER.
    pub fn from_der(der: &[u8]) -> Result<Self, TspError> {
        let mut outer = Reader::only(der, SEQUENCE)?.reader();
        let mut status = outer.sequence()?;
        let &[code] = status.expect(INTEGER)?.value else {
            return Err(DerError::Value { what: "the status" }.into());
        };
        let mut text = Vec::new();
        if let Some(words) = status.optional(SEQUENCE)? {
            let mut words = words.reader();
            while !words.is_empty() {
                text.push(String::from_utf8_lossy(words.expect(0x0c)?.value).into_owned());
            }
        }
        let failure = status.optional(BIT_STRING)?.and_then(|bits| Rejection::read(bits.value));
        status.end()?;
        match code {
            // With or without changes.
            0 | 1 => {
                let token = outer.expect(SEQUENCE)?.whole.to_vec();
                outer.end()?;
                Ok(Self::Granted(token))
            }
            2..=5 => Ok(Self::Rejected { failure, text: text.join("; ") }),
            code => Err(TspError::UnknownStatus { code }),
        }
    }
}
