//! The JSON form: an envelope as bytes with a CMS beside it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use signer::http::Body;
use signer::{Code, Envelope, Problem, Sealed, SystemIdentity};

use super::{NoReply, Reply, Written};
use crate::exchange::node::Node;
use crate::exchange::receive::{Incoming, accept};
use crate::exchange::sha256_hex;
use crate::faults::{self, Form};
use crate::regulation::Mode;
use crate::site::Site;

/// Where messages are taken, below a system's address.
pub(super) const PATH: &str = "/messages";

/// `POST` there.
pub(super) fn router<N: Node>(node: Arc<N>) -> Router {
    Router::new().route(PATH, post(receive::<N>)).with_state(node)
}

async fn receive<N: Node>(
    State(node): State<Arc<N>>,
    Body(sealed): Body<Sealed>,
) -> Result<Json<Sealed>, Problem> {
    let site = node.site();
    let opened = sealed.open().map_err(Problem::from);
    let incoming = opened.map(|opened| Incoming {
        opened,
        sha256: sha256_hex(&sealed.envelope.0),
        over: Mode::Sync,
        kind: None,
    });
    let answer = accept(&*node, incoming).await.map_err(|problem| problem.by(site.system()))?;
    sealed_answer(site, answer).await.map(Json)
}

/// Signs an answer, as it should be or as the faults of the world have it.
pub(in crate::exchange) async fn sealed_answer(site: &Site, answer: Envelope) -> Result<Sealed, Problem> {
    let sealing = faults::answering(site, answer, Form::Json).await?;
    let sealed = sealing.envelope.seal(&sealing.identity).map_err(Problem::technical)?;
    Ok(sealing.spoiled_seal(sealed))
}

pub(super) fn write(envelope: &Envelope, identity: &SystemIdentity, base: &str) -> Result<Written, Problem> {
    let sealed = envelope.seal(identity).map_err(Problem::technical)?;
    let body = serde_json::to_string(&sealed).map_err(Problem::technical)?;
    Ok(Written { url: format!("{base}{PATH}"), content_type: "application/json", action: None, body })
}

pub(super) fn read(status: StatusCode, body: &[u8]) -> Result<Reply, NoReply> {
    if status.is_success() {
        return opened(body).map_err(NoReply::Unusable);
    }
    match serde_json::from_slice::<Problem>(body) {
        Ok(problem) => Err(NoReply::Problem(problem)),
        Err(_) => Err(NoReply::Odd(format!("{status} without a problem document"))),
    }
}

/// Opens a sealed answer.
pub(super) fn opened(body: &[u8]) -> Result<Reply, Problem> {
    let malformed = |error: serde_json::Error| Problem::new(Code::MalformedJson).detail(error.to_string());
    let sealed: Sealed = serde_json::from_slice(body).map_err(malformed)?;
    let opened = sealed.open()?;
    Ok(Reply {
        id: opened.envelope.message_id,
        correlation_id: opened.envelope.correlation_id,
        certificate: opened.certificate,
        data: Some(opened.envelope.data),
        is_yes: false,
    })
}
