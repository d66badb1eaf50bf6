//! The centre's addresses below `/ca`.

use std::sync::Arc;

use axum::body::Bytes as BodyBytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use certs::{Algorithm, Certificate, Flaw, Must, Profile, Reason, Text};
use serde::{Deserialize, Serialize};
use signer::http::{At, Body, LARGEST_BODY, body};
use signer::{Bytes, Code, LARGEST_LIST, Problem, System};

use super::{CertificationCentre, Import, KeptCertificate, NewKey, OrderRequest, TrustedCentre};

/// The largest import taken, in bytes: a list of the largest size as base64, and certificates.
const LARGEST_IMPORT: usize = LARGEST_LIST / 3 * 4 + LARGEST_BODY;

type Centre = State<Arc<CertificationCentre>>;

/// The centre's addresses.
pub fn router(centre: Arc<CertificationCentre>) -> Router {
    Router::new()
        .route("/roots.pem", get(roots))
        .route("/authorities.pem", get(authorities))
        .route("/authorities/{algorithm}/key", post(new_key))
        .route("/certificates", get(list).post(order))
        .route("/certificates/{name}", get(certificate))
        .route("/certificates/{serial}/revocation", post(revoke).delete(release))
        .route("/crl/{file}", get(crl))
        .route("/ocsp", post(ocsp_post))
        .route("/ocsp/{request}", get(ocsp_get))
        .route("/tsp", post(tsp))
        .route("/trusted.pem", get(trusted_certificates))
        .route("/trusted", get(trusted).post(import).layer(DefaultBodyLimit::max(LARGEST_IMPORT)))
        .route("/trusted/{name}", get(given_list).delete(distrust))
        .route("/profiles", get(profiles))
        .route("/flaws", get(flaws))
        .route("/cps", get(practice))
        .with_state(centre)
}

fn by_ca(problem: Problem) -> Problem {
    problem.by(System::Ca)
}

fn pem(certificates: impl Iterator<Item = Certificate>) -> Response {
    let text: String = certificates.map(|certificate| certificate.pem()).collect();
    ([(header::CONTENT_TYPE, "application/x-pem-file")], text).into_response()
}

async fn roots(State(centre): Centre) -> Response {
    pem(centre.hierarchies().iter().map(|authority| authority.root().clone()))
}

async fn authorities(State(centre): Centre) -> Response {
    pem(centre.authority_certificates().into_iter())
}

/// Gives the issuing centre of a hierarchy a new key.
async fn new_key(
    State(centre): Centre,
    At(algorithm): At<String>,
) -> Result<(StatusCode, Json<NewKey>), Problem> {
    let unknown = |error: certs::UnknownAlgorithm| Problem::new(Code::NotFound).detail(error.to_string());
    let algorithm: Algorithm = algorithm.parse().map_err(unknown).map_err(by_ca)?;
    let new = centre.roll_over(algorithm).await.map_err(by_ca)?;
    Ok((StatusCode::CREATED, Json(new)))
}

async fn list(State(centre): Centre) -> Result<Json<Vec<KeptCertificate>>, Problem> {
    centre.certificates().await.map(Json).map_err(by_ca)
}

/// With a public key in the order, the certificate alone comes back; otherwise the new key comes with it.
async fn order(State(centre): Centre, Body(request): Body<OrderRequest>) -> Result<Response, Problem> {
    if request.public_key.is_some() {
        let kept = centre.certify(&request).await.map_err(by_ca)?;
        return Ok((StatusCode::CREATED, Json(kept)).into_response());
    }
    let issued = centre.issue(&request).await.map_err(by_ca)?;
    Ok((StatusCode::CREATED, Json(issued)).into_response())
}

fn missing(file: &str, hint: &str) -> Problem {
    by_ca(Problem::new(Code::NotFound).detail(format!("no {file}")).hint(hint))
}

/// `{serial}` answers the registry's JSON; `{alg}.cer`, `{alg}-root.cer` and their like the authorities' certificates in
/// DER.
async fn certificate(State(centre): Centre, At(name): At<String>) -> Result<Response, Problem> {
    let Some(file) = name.strip_suffix(".cer") else {
        return centre.certificate(&name).await.map(|kept| Json(kept).into_response()).map_err(by_ca);
    };
    let hint = "there are ALG.cer and ALG-root.cer, with ALG as p256, rsa, gost512, gost256 or gost2004; ALG-2.cer is of the second key";
    let found = centre.certificate_file(file).ok_or_else(|| missing(&name, hint))?;
    Ok(([(header::CONTENT_TYPE, "application/pkix-cert")], found.der().to_vec()).into_response())
}

/// Why a certificate goes on the list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revocation {
    /// A CRLReason of RFC 5280, as `keyCompromise`; `certificateHold` is a hold.
    reason: Reason,
}

async fn revoke(
    State(centre): Centre,
    At(serial): At<String>,
    Body(body): Body<Revocation>,
) -> Result<Json<KeptCertificate>, Problem> {
    if body.reason == Reason::RemoveFromCrl {
        let detail = "removeFromCRL is for delta lists; lift a hold with DELETE";
        return Err(by_ca(Problem::new(Code::InvalidValue).detail(detail)));
    }
    centre.revoke(&serial, body.reason).await.map(Json).map_err(by_ca)
}

async fn release(State(centre): Centre, At(serial): At<String>) -> Result<Json<KeptCertificate>, Problem> {
    centre.release(&serial).await.map(Json).map_err(by_ca)
}

async fn crl(State(centre): Centre, At(file): At<String>) -> Result<Response, Problem> {
    let list = centre.list_file(&file).await.map_err(by_ca)?;
    let list = list.ok_or_else(|| missing(&file, "certificates name the lists that they can be on"))?;
    Ok(([(header::CONTENT_TYPE, "application/pkix-crl")], list).into_response())
}

async fn ocsp_post(State(centre): Centre, request: Request) -> Result<Response, Problem> {
    let request: BodyBytes = body(request).await.map_err(by_ca)?;
    answer(&centre, &request).await
}

/// RFC 6960 A.1: the request as base64 in the path.
async fn ocsp_get(State(centre): Centre, At(request): At<String>) -> Result<Response, Problem> {
    let request = Bytes::from_base64(&request).unwrap_or_default();
    answer(&centre, &request.0).await
}

async fn answer(centre: &CertificationCentre, request: &[u8]) -> Result<Response, Problem> {
    let response = centre.respond(request).await.map_err(by_ca)?;
    Ok(([(header::CONTENT_TYPE, "application/ocsp-response")], response).into_response())
}

/// RFC 3161, 3.4.
async fn tsp(State(centre): Centre, request: Request) -> Result<Response, Problem> {
    let request: BodyBytes = body(request).await.map_err(by_ca)?;
    let response = centre.timestamped(&request).await.map_err(by_ca)?;
    Ok(([(header::CONTENT_TYPE, "application/timestamp-reply")], response).into_response())
}

async fn trusted_certificates(State(centre): Centre) -> Result<Response, Problem> {
    Ok(pem(centre.trusted_certificates().await.map_err(by_ca)?.into_iter()))
}

async fn trusted(State(centre): Centre) -> Result<Json<Vec<TrustedCentre>>, Problem> {
    centre.trusted().await.map(Json).map_err(by_ca)
}

async fn import(
    State(centre): Centre,
    Body(import): Body<Import>,
) -> Result<Json<Vec<TrustedCentre>>, Problem> {
    centre.import(import).await.map(Json).map_err(by_ca)
}

/// `{key id}.crl`: the list that was given for a centre.
async fn given_list(State(centre): Centre, At(name): At<String>) -> Result<Response, Problem> {
    let list = match name.strip_suffix(".crl") {
        Some(key_id) => centre.list_given(key_id).await.map_err(by_ca)?,
        None => None,
    };
    let list = list.ok_or_else(|| missing(&name, "GET /ca/trusted tells of the centres that are trusted"))?;
    Ok(([(header::CONTENT_TYPE, "application/pkix-crl")], list.to_vec()).into_response())
}

async fn distrust(State(centre): Centre, At(key_id): At<String>) -> Result<Json<TrustedCentre>, Problem> {
    centre.distrust(&key_id).await.map(Json).map_err(by_ca)
}

/// A name with what it means.
#[derive(Serialize)]
struct Named {
    name: &'static str,
    description: Text,
}

async fn profiles() -> Json<Vec<Named>> {
    let named = |profile: &Profile| Named { name: profile.name(), description: profile.describe() };
    Json(Profile::all().iter().map(named).collect())
}

/// A flaw with what a verifier must answer.
#[derive(Serialize)]
struct NamedFlaw {
    #[serde(flatten)]
    named: Named,
    #[serde(flatten)]
    must: Must,
}

async fn flaws() -> Json<Vec<NamedFlaw>> {
    let named = |flaw: &Flaw| Named { name: flaw.name(), description: flaw.describe() };
    Json(Flaw::all().iter().map(|flaw| NamedFlaw { named: named(flaw), must: flaw.must() }).collect())
}

async fn practice() -> &'static str {
    "TEST. Certificates of this centre are for tests of software only and prove nothing about anybody.\n"
}
