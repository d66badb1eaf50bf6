//! Who is at the other end of a connection.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use certs::verdict::{Check, Failure};
use certs::{Certificate, Role};
use signer::{Code, Problem, Question, System, Validator};

use crate::exchange::is_for_systems;
use crate::world::World;

/// The other end of a connection.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    pub(super) address: SocketAddr,
    /// The certificate that it showed, in DER; it holds its key.
    pub(super) certificate: Option<Arc<[u8]>>,
}

impl Peer {
    pub(super) fn at(address: SocketAddr) -> Self {
        Self { address, certificate: None }
    }
}

/// Lets nobody without the certificate of a system to the endpoints that systems send to.
pub(crate) async fn required(
    State((world, system, validator)): State<(Arc<World>, System, Arc<Validator>)>,
    request: Request,
    next: Next,
) -> Response {
    let is_message = request.method() == Method::POST && is_for_systems(request.uri().path());
    if !world.settings.plan.tls.mutual || !is_message {
        return next.run(request).await;
    }
    let peer = request.extensions().get::<ConnectInfo<Peer>>().map(|info| info.0.clone());
    match is_a_system(&world, &validator, peer).await {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.by(system).into_response(),
    }
}

async fn is_a_system(world: &World, validator: &Validator, peer: Option<Peer>) -> Result<(), Problem> {
    let missing = |detail: String| Problem::new(Code::ClientCertificateMissing).detail(detail);
    let peer = peer.ok_or_else(|| missing("the connection is not known".to_owned()))?;
    let shown = peer.certificate.ok_or_else(|| missing(format!("from {}", peer.address)))?;
    let refused = |detail: String| Problem::new(Code::ClientCertificateRefused).detail(detail);
    let certificate = Certificate::from_der(&shown).map_err(|error| refused(error.to_string()))?;
    let checks = [Check::PathToRoot, Check::ValidityPeriod, Check::NotRevoked, Check::Role];
    let question = Question { checks: &checks, declared: None, roles: &[Role::InformationSystem] };
    let verdict = validator.validate(&certificate, &question).await;
    let Some(problem) = Problem::of_verdict(&verdict) else { return Ok(()) };
    // A system that was given with a certificate of somebody else's centre is known by that very key.
    let foreign = verdict.failed().any(|(_, failure)| matches!(failure, Failure::IssuerUnknown { .. }));
    if foreign && world.gave_certificate(&certificate).await? {
        return Ok(());
    }
    if problem.status >= 500 {
        return Err(problem);
    }
    let why = problem.detail.clone().unwrap_or_default();
    let detail = format!("{}: {}: {why}", certificate.subject(), problem.code);
    Err(refused(detail).fact("verdict", &verdict))
}
