//! What a time stamp says (RFC 3161, 2.4.2, TSTInfo).

use const_oid::ObjectIdentifier;
use jiff::{SignedDuration, Timestamp};

use super::{Imprint, TimestampRequest, TspError};
use crate::clock::whole_second;
use crate::crl::read_extension;
use crate::der::{DerError, Element, INTEGER, Reader, SEQUENCE};
use crate::issue::{SigningError, random_serial};
use crate::{Certificate, der};

/// How far a stamp of ours may be from the world's clock: its time is in whole seconds.
const ACCURACY_SECONDS: u64 = 1;

/// What a time stamp says. Nothing in it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampInfo {
    /// Under which policy.
    pub policy: ObjectIdentifier,
    /// What is stamped.
    pub imprint: Imprint,
    /// The content of the serial number's INTEGER.
    pub serial: Vec<u8>,
    /// When: the stamped bytes were there then.
    pub at: Timestamp,
    /// The nonce of the question.
    pub nonce: Option<Vec<u8>>,
}

impl TimestampInfo {
    /// Answers a question at `now`, in whole seconds, with a serial number of its own.
    pub fn answering(
        request: &TimestampRequest,
        policy: ObjectIdentifier,
        now: Timestamp,
    ) -> Result<Self, SigningError> {
        Ok(Self {
            policy,
            imprint: request.imprint.clone(),
            serial: random_serial()?,
            at: whole_second(now),
            nonce: request.nonce.clone(),
        })
    }

    /// The DER of the TSTInfo, naming the authority as its certificate does.
    pub fn to_der(&self, authority: &Certificate) -> Vec<u8> {
        let nonce = self.nonce.as_deref().map(der::integer_content).unwrap_or_default();
        der::sequence(&[
            &der::integer(1),
            &der::oid(self.policy),
            &self.imprint.to_der(),
            &der::integer_content(&self.serial),
            &der::generalized_time(self.at),
            &der::sequence(&[&der::integer(ACCURACY_SECONDS)]),
            &nonce,
            &der::element(0xa0, &[&der::element(0xa4, &[authority.subject_der()])]),
        ])
    }

    /// Reads exactly one TSTInfo in DER.
    pub fn from_der(der: &[u8]) -> Result<Self, TspError> {
        let mut fields = Reader::only(der, SEQUENCE)?.reader();
        if fields.expect(INTEGER)?.value != [1] {
            return Err(TspError::Version);
        }
        let policy = fields.oid()?;
        let imprint = Imprint::read(&mut fields)?;
        let serial = fields.expect(INTEGER)?.value.to_vec();
        let at = time(fields.element()?)?;
        fields.optional(SEQUENCE)?; // accuracy
        fields.optional(0x01)?; // ordering
        let nonce = fields.optional(INTEGER)?.map(|nonce| nonce.value.to_vec());
        fields.optional(0xa0)?; // the authority's name: its certificate says it better
        if let Some(extensions) = fields.optional(0xa1)? {
            let mut extensions = extensions.reader();
            while !extensions.is_empty() {
                if let (oid, true, _) = read_extension(&mut extensions)? {
                    return Err(TspError::CriticalExtension { oid });
                }
            }
        }
        fields.end()?;
        Ok(Self { policy, imprint, serial, at, nonce })
    }
}

/// A GeneralizedTime, with fractions of a second or without (RFC 3161, 2.4.2).
fn time(element: Element<'_>) -> Result<Timestamp, DerError> {
    let malformed = DerError::Value { what: "a time" };
    let Some(dot) = element.value.iter().position(|&byte| byte == b'.') else {
        return Reader::new(element.whole).time();
    };
    let (second, fraction) = element.value.split_at(dot);
    let digits = fraction.strip_prefix(b".").and_then(|rest| rest.strip_suffix(b"Z")).ok_or(malformed)?;
    let is_fraction = (1..=9).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    if !is_fraction || digits.ends_with(b"0") {
        return Err(malformed);
    }
    let nanoseconds = (0..9)
        .fold(0_i32, |sum, place| sum * 10 + digits.get(place).map_or(0, |digit| i32::from(digit - b'0')));
    let whole = der::element(element.tag, &[second, b"Z"]);
    let at = Reader::new(&whole).time()?;
    at.checked_add(SignedDuration::from_nanos(nanoseconds.into())).map_err(|_| malformed)
}
