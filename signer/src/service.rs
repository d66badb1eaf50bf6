//! The signing service below `/signer`: signing, verifying, judging certificates.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use certs::pkcs12::{self, Entry};
use certs::verdict::{Check, Verdict};
use certs::{Certificate, CheckDigit, Identifier, Iin, KeyUsage, Role, whole_second};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cms::{self, Mode, SignedData, Signer};
use crate::http::Body;
use crate::{Bytes, Code, Problem, Question, System, Validator};

mod stamps;
mod xml;

pub use stamps::TimestampFound;
pub use xml::{XmlFormat, verify_xml};

/// The service's state: how it judges, and the clock it signs by.
#[derive(Clone)]
pub struct SigningService {
    /// Judges the certificates of signers.
    pub validator: Arc<Validator>,
    /// For signing times.
    pub clock: certs::Clock,
}

/// The service's addresses.
pub fn router(service: SigningService) -> Router {
    Router::new()
        .route("/cms/sign", post(sign))
        .route("/cms/verify", post(verify))
        .route("/xml/sign", post(xml::sign_document))
        .route("/xml/verify", post(xml::verify_document))
        .route("/wss/sign", post(xml::sign_message))
        .route("/wss/verify", post(xml::verify_message))
        .route("/x509/verify", post(verify_certificate))
        .with_state(service)
}

/// What to sign, and with which key file. The key is used for this one signature and not kept.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignRequest {
    content: Bytes,
    pkcs12: Bytes,
    password: String,
    #[serde(default)]
    attached: bool,
    /// Whether the centre is to put a time stamp over the signature.
    #[serde(default)]
    timestamp: bool,
}

#[derive(Serialize)]
struct SignResponse {
    cms: Bytes,
    certificate: String,
    signed_at: Timestamp,
}

async fn sign(
    State(service): State<SigningService>,
    Body(request): Body<SignRequest>,
) -> Result<Json<SignResponse>, Problem> {
    let at = whole_second(service.clock.now());
    let wants_timestamp = request.timestamp;
    let work = move || {
        let entry = signing_entry(&request.pkcs12, &request.password)?;
        let mode = if request.attached { Mode::Attached } else { Mode::Detached };
        let cms = cms::sign(&request.content.0, mode, &entry.key, &entry.certificate, at);
        let cms = cms.map_err(|error| error.to_string())?;
        Ok(SignResponse { cms: cms.into(), certificate: entry.certificate.pem(), signed_at: at })
    };
    let signed: Result<_, String> = tokio::task::spawn_blocking(work).await.map_err(Problem::technical)?;
    let by_signer = |problem: Problem| problem.by(System::Signer);
    let mut signed = signed.map_err(|why| by_signer(Problem::new(Code::InvalidValue).detail(why)))?;
    if wants_timestamp {
        signed.cms = stamps::stamped(&service.validator, &signed.cms.0).await.map_err(by_signer)?.into();
    }
    Ok(Json(signed))
}

/// The key of a file. Where a file holds several, as those of browsers do, the one for signing is meant.
fn signing_entry(pkcs12: &Bytes, password: &str) -> Result<Entry, String> {
    let mut entries = pkcs12::read(&pkcs12.0, password).map_err(|error| error.to_string())?;
    let for_signing = |entry: &Entry| entry.certificate.key_usage().is_some_and(KeyUsage::non_repudiation);
    let chosen = entries.iter().position(for_signing).unwrap_or(0);
    if chosen < entries.len() {
        Ok(entries.swap_remove(chosen))
    } else {
        Err("the key file holds no key".to_owned())
    }
}

/// The fields of [`Expected`] stand beside the others; they are repeated because flattened ones would let any
/// misspelt expectation pass unseen.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerifyRequest {
    cms: Bytes,
    /// For detached signatures.
    content: Option<Bytes>,
    iin: Option<String>,
    bin: Option<String>,
    role: Option<Role>,
    at: Option<Timestamp>,
}

/// What is expected of a signer beside a good certificate.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Expected {
    /// An IIN that the certificate must carry.
    #[serde(default)]
    pub iin: Option<String>,
    /// A BIN that the certificate must carry.
    #[serde(default)]
    pub bin: Option<String>,
    /// A role that it must carry, as `right-to-sign`.
    #[serde(default)]
    pub role: Option<Role>,
    /// Judge as of this moment instead of now.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

/// What was found of a signature.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Verification {
    /// Whether signature and certificates were all found good.
    pub accepted: bool,
    /// Whether the signature fits the content.
    pub signature: SignatureFound,
    /// A verdict for each signer.
    pub signers: Vec<SignerFound>,
}

/// Whether a signature fits its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum SignatureFound {
    /// It does.
    Valid,
    /// It does not, or cannot be read.
    Invalid {
        /// Why, as a stable code.
        code: Code,
        /// Why, in words for developers.
        why: String,
    },
}

/// One signer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignerFound {
    /// When they say to have signed.
    pub signing_time: Option<Timestamp>,
    /// The time stamps over their signature. Where all are good, the certificate is judged as of the first one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timestamps: Vec<TimestampFound>,
    /// What their certificate is worth.
    pub verdict: Verdict,
}

impl SignerFound {
    fn is_good(&self) -> bool {
        self.verdict.passed() && self.timestamps.iter().all(TimestampFound::is_good)
    }
}

/// Verifies a signature and judges its signers' certificates.
///
/// # Errors
/// [`Code::InvalidValue`] when what is expected makes no sense; a bad signature is an ordinary answer.
pub async fn verify_signature(
    validator: &Validator,
    cms: &[u8],
    content: Option<&[u8]>,
    expected: &Expected,
) -> Result<Verification, Problem> {
    let found = SignedData::from_ber(cms).and_then(|signed| match content {
        Some(content) => signed.verify_detached(content),
        None => signed.verify_attached().map(|(_, signers)| signers),
    });
    let signers = match found {
        Ok(signers) => signers,
        Err(error) => return Ok(Verification::invalid(error)),
    };
    judge_signers(validator, signers, expected).await
}

/// Judges the certificates of signatures that hold.
async fn judge_signers(
    validator: &Validator,
    signers: Vec<Signer>,
    expected: &Expected,
) -> Result<Verification, Problem> {
    let mut all = Vec::new();
    for signer in signers {
        let timestamps = stamps::found(validator, &signer).await;
        let stamped = stamps::first(&timestamps);
        let verdict = judge_stamped(validator, &signer.certificate, expected, stamped).await?;
        all.push(SignerFound { signing_time: signer.signing_time, timestamps, verdict });
    }
    let accepted = all.iter().all(SignerFound::is_good);
    Ok(Verification { accepted, signature: SignatureFound::Valid, signers: all })
}

impl Verification {
    fn invalid(error: impl Into<Problem>) -> Self {
        let problem: Problem = error.into();
        let why = problem.detail.clone().unwrap_or_default();
        let signature = SignatureFound::Invalid { code: problem.code, why };
        Self { accepted: false, signature, signers: Vec::new() }
    }
}

/// Judges a certificate for signing, with what else is expected of it.
pub async fn judge(
    validator: &Validator,
    certificate: &Certificate,
    expected: &Expected,
) -> Result<Verdict, Problem> {
    judge_stamped(validator, certificate, expected, None).await
}

/// The same, as of the moment of a time stamp unless another one is asked for.
async fn judge_stamped(
    validator: &Validator,
    certificate: &Certificate,
    expected: &Expected,
    stamped: Option<Timestamp>,
) -> Result<Verdict, Problem> {
    let declared = declared(expected.iin.as_deref(), expected.bin.as_deref())?;
    let mut checks = vec![Check::PathToRoot, Check::ValidityPeriod, Check::NotRevoked, Check::KeyUsage];
    checks.extend(declared.map(|_| Check::IdentityMatches));
    checks.extend(expected.role.map(|_| Check::Role));
    let question = Question { checks: &checks, declared, roles: expected.role.as_slice() };
    Ok(match (expected.at, stamped) {
        (Some(at), _) => validator.validate_at(certificate, &question, at).await,
        (None, Some(at)) => validator.validate_stamped(certificate, &question, at).await,
        (None, None) => validator.validate(certificate, &question).await,
    })
}

fn declared(iin: Option<&str>, bin: Option<&str>) -> Result<Option<Identifier>, Problem> {
    let invalid = |error: certs::IdentityError| Problem::new(Code::InvalidValue).detail(error.to_string());
    match (iin, bin) {
        (Some(iin), None) => {
            Iin::parse(iin, CheckDigit::AnyDigit).map(|iin| Some(Identifier::Iin(iin))).map_err(invalid)
        }
        (None, Some(bin)) => certs::Bin::parse(bin, CheckDigit::AnyDigit)
            .map(|bin| Some(Identifier::Bin(bin)))
            .map_err(invalid),
        (None, None) => Ok(None),
        (Some(_), Some(_)) => {
            Err(Problem::new(Code::InvalidValue).detail("expect an IIN or a BIN, not both"))
        }
    }
}

async fn verify(
    State(service): State<SigningService>,
    Body(request): Body<VerifyRequest>,
) -> Result<Json<Verification>, Problem> {
    let VerifyRequest { cms, content, iin, bin, role, at } = request;
    let content = content.as_ref().map(AsRef::as_ref);
    verify_signature(&service.validator, &cms.0, content, &Expected { iin, bin, role, at })
        .await
        .map(Json)
        .map_err(|problem| problem.by(System::Signer))
}

/// A question about a certificate. Validators put it to a signing service elsewhere in the same words.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CertificateRequest {
    /// PEM or base64 of DER.
    pub(crate) certificate: String,
    /// Which checks, in which order; without them, the usual ones and what follows from the rest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) checks: Vec<Check>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) iin: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) bin: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<Role>,
    /// Any of these is enough. With `checks`, `role` is one of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) roles: Vec<Role>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<Timestamp>,
    /// Whether a time stamp proves `at`: what was revoked later does not count then.
    #[serde(default)]
    pub(crate) stamped: bool,
}

/// Reads a certificate from PEM, or from base64 of DER.
pub fn read_certificate(text: &str) -> Result<Certificate, Problem> {
    let malformed = |why: String| Problem::new(Code::CertificateMalformed).detail(why);
    if text.contains("-----BEGIN") {
        return Certificate::from_pem(text).map_err(|error| malformed(error.to_string()));
    }
    let der = Bytes::from_base64(text).map_err(|error| malformed(error.to_string()))?;
    Certificate::from_der(&der.0).map_err(|error| malformed(error.to_string()))
}

async fn verify_certificate(
    State(service): State<SigningService>,
    Body(request): Body<CertificateRequest>,
) -> Result<Json<Verdict>, Problem> {
    request.judged_by(&service.validator).await.map(Json).map_err(|problem| problem.by(System::Signer))
}

impl CertificateRequest {
    async fn judged_by(self, validator: &Validator) -> Result<Verdict, Problem> {
        let certificate = read_certificate(&self.certificate)?;
        if self.checks.is_empty() {
            if self.stamped || !self.roles.is_empty() {
                let detail = "`roles` and `stamped` go with `checks`";
                return Err(Problem::new(Code::InvalidValue).detail(detail));
            }
            let Self { iin, bin, role, at, .. } = self;
            return judge(validator, &certificate, &Expected { iin, bin, role, at }).await;
        }
        let roles: Vec<Role> = self.roles.into_iter().chain(self.role).collect();
        let declared = declared(self.iin.as_deref(), self.bin.as_deref())?;
        let question = Question { checks: &self.checks, declared, roles: &roles };
        Ok(match self.at {
            Some(at) if self.stamped => validator.validate_stamped(&certificate, &question, at).await,
            Some(at) => validator.validate_at(&certificate, &question, at).await,
            None => validator.validate(&certificate, &question).await,
        })
    }
}

#[cfg(test)]
mod tests;
