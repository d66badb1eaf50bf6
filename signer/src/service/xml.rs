//! Signing and verifying XML: documents below `/xml`, SOAP messages below `/wss`.

use axum::Json;
use axum::extract::State;
use certs::{Certificate, KeyPair, Role, whole_second};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Expected, SigningService, Verification, judge_signers, signing_entry};
use crate::cms::Signer;
use crate::http::Body;
use crate::xml::{self, XmlError, wss};
use crate::{Bytes, Code, Problem, System, Validator};

/// What XML is signed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum XmlFormat {
    /// A document with enveloped signatures (XML-DSig).
    Document,
    /// A SOAP message whose Body is signed (WS-Security).
    Message,
}

impl XmlFormat {
    /// Signs XML in this form.
    pub fn sign(self, xml: &[u8], key: &KeyPair, certificate: &Certificate) -> Result<String, XmlError> {
        match self {
            Self::Document => xml::sign(xml, key, certificate),
            Self::Message => wss::sign(xml, key, certificate),
        }
    }

    /// Who signed; every signature holds.
    fn signers(self, xml: &[u8]) -> Result<Vec<Signer>, XmlError> {
        match self {
            Self::Document => xml::verify(xml, &[]).map(|verified| verified.signers().to_vec()),
            Self::Message => wss::verify(xml, &[]).map(|verified| vec![verified.signer().clone()]),
        }
    }
}

/// Verifies the signatures in XML and judges their signers' certificates.
///
/// # Errors
/// [`Code::InvalidValue`] when what is expected makes no sense; a bad signature is an ordinary answer.
pub async fn verify_xml(
    validator: &Validator,
    format: XmlFormat,
    xml: Vec<u8>,
    expected: &Expected,
) -> Result<Verification, Problem> {
    let found = tokio::task::spawn_blocking(move || format.signers(&xml));
    match found.await.map_err(Problem::technical)? {
        Ok(signers) => judge_signers(validator, signers, expected).await,
        Err(error) => Ok(Verification::invalid(error)),
    }
}

/// What to sign, and with which key file. The key is used for this one signature and not kept.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignRequest {
    content: Bytes,
    pkcs12: Bytes,
    password: String,
}

#[derive(Serialize)]
pub(super) struct SignResponse {
    /// The whole document or message, signed.
    xml: Bytes,
    certificate: String,
    /// On the world's clock; nothing in the signature says it.
    signed_at: Timestamp,
}

async fn sign(
    format: XmlFormat,
    service: SigningService,
    request: SignRequest,
) -> Result<Json<SignResponse>, Problem> {
    let signed_at = whole_second(service.clock.now());
    let work = move || {
        let entry = signing_entry(&request.pkcs12, &request.password)
            .map_err(|why| Problem::new(Code::InvalidValue).detail(why))?;
        let xml = format.sign(&request.content.0, &entry.key, &entry.certificate)?;
        Ok(SignResponse { xml: xml.into_bytes().into(), certificate: entry.certificate.pem(), signed_at })
    };
    let signed: Result<_, Problem> = tokio::task::spawn_blocking(work).await.map_err(Problem::technical)?;
    signed.map(Json).map_err(|problem| problem.by(System::Signer))
}

pub(super) async fn sign_document(
    State(service): State<SigningService>,
    Body(request): Body<SignRequest>,
) -> Result<Json<SignResponse>, Problem> {
    sign(XmlFormat::Document, service, request).await
}

pub(super) async fn sign_message(
    State(service): State<SigningService>,
    Body(request): Body<SignRequest>,
) -> Result<Json<SignResponse>, Problem> {
    sign(XmlFormat::Message, service, request).await
}

/// With the fields of [`Expected`], as in the verification of CMS.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyRequest {
    xml: Bytes,
    iin: Option<String>,
    bin: Option<String>,
    role: Option<Role>,
    at: Option<Timestamp>,
}

async fn verify(
    format: XmlFormat,
    service: SigningService,
    request: VerifyRequest,
) -> Result<Json<Verification>, Problem> {
    let VerifyRequest { xml, iin, bin, role, at } = request;
    verify_xml(&service.validator, format, xml.0, &Expected { iin, bin, role, at })
        .await
        .map(Json)
        .map_err(|problem| problem.by(System::Signer))
}

pub(super) async fn verify_document(
    State(service): State<SigningService>,
    Body(request): Body<VerifyRequest>,
) -> Result<Json<Verification>, Problem> {
    verify(XmlFormat::Document, service, request).await
}

pub(super) async fn verify_message(
    State(service): State<SigningService>,
    Body(request): Body<VerifyRequest>,
) -> Result<Json<Verification>, Problem> {
    verify(XmlFormat::Message, service, request).await
}
