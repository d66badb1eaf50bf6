//! Time stamps over signatures: asking the centre for one, and what is found of them.

use certs::Algorithm;
use certs::verdict::{Check, Verdict};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cms::{SignedData, Signer, with_timestamp};
use crate::{Code, Problem, Question, Validator, tsp};

/// What was found of a time stamp.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum TimestampFound {
    /// It is over this signature.
    Valid {
        /// When the signature was there.
        stamped_at: Timestamp,
        /// The policy that it was given under.
        policy: String,
        /// Its serial number in hexadecimal.
        serial: String,
        /// What the authority's certificate is worth now.
        authority: Box<Verdict>,
    },
    /// It is not, or cannot be read.
    Invalid {
        /// Why, as a stable code.
        code: Code,
        /// Why, in words for developers.
        why: String,
    },
}

impl TimestampFound {
    /// Whether it holds and its authority is trusted.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Valid { authority, .. } if authority.passed())
    }
}

/// Verifies the time stamps over a signature, and judges who gave them.
pub(super) async fn found(validator: &Validator, signer: &Signer) -> Vec<TimestampFound> {
    let checks = [Check::PathToRoot, Check::ValidityPeriod, Check::NotRevoked];
    let question = Question { checks: &checks, declared: None, roles: &[] };
    let mut all = Vec::new();
    for token in &signer.timestamps {
        all.push(match tsp::verify(token, &signer.signature) {
            Ok(stamp) => TimestampFound::Valid {
                stamped_at: stamp.at,
                policy: stamp.policy.to_string(),
                serial: stamp.serial_hex(),
                authority: Box::new(validator.validate(&stamp.authority, &question).await),
            },
            Err(error) => TimestampFound::Invalid { code: Code::TimestampInvalid, why: error.to_string() },
        });
    }
    all
}

/// The earliest moment that the time stamps prove; none unless all of them are good.
pub(super) fn first(found: &[TimestampFound]) -> Option<Timestamp> {
    if !found.iter().all(TimestampFound::is_good) {
        return None;
    }
    let moments = found.iter().filter_map(|stamp| match stamp {
        TimestampFound::Valid { stamped_at, .. } => Some(*stamped_at),
        TimestampFound::Invalid { .. } => None,
    });
    moments.min()
}

/// The signature with a time stamp of the validator's centre.
pub(super) async fn stamped(validator: &Validator, cms: &[u8]) -> Result<Vec<u8>, Problem> {
    let signed = SignedData::from_ber(cms)?;
    let algorithm = signed.certificates().first().and_then(|first| first.public_key().algorithm());
    let question = tsp::Question::about(algorithm.unwrap_or(Algorithm::P256), signed.sole_signature()?);
    let answer = validator.trust().timestamp(&question.to_der()).await;
    let answer = answer.map_err(|silence| Problem::new(Code::NoTimestamp).detail(silence.why))?;
    let token = question.answered(&answer);
    let token = token.map_err(|error| Problem::new(Code::NoTimestamp).detail(error.to_string()))?;
    Ok(with_timestamp(cms, &token)?)
}
