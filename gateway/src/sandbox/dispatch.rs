//! From an address to the world and the system it belongs to.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{Method, Uri, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use registries::store::WorldId;
use serde_json::{Value, json};
use signer::{Code, Problem, System};

use super::{Sandbox, control};
use crate::exchange::{in_soap, soap_channel};
use crate::faults::at_doors_alone;

/// Every address of the process.
pub(super) fn router(sandbox: Arc<Sandbox>) -> Router {
    routes(sandbox).layer(from_fn(front))
}

/// The addresses of one system, for a port of its own.
pub(super) fn router_of(sandbox: Arc<Sandbox>, system: System) -> Router {
    routes(sandbox).layer(from_fn_with_state(system, only)).layer(from_fn(front))
}

fn routes(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .route("/", get(index))
        .merge(control::router(&sandbox))
        .fallback(dispatch)
        .method_not_allowed_fallback(|| async { Problem::new(Code::MethodNotAllowed) })
        .with_state(sandbox)
}

/// What holds at every address: faults happen at the doors of systems alone, and who speaks SOAP is answered in SOAP.
async fn front(request: Request, next: Next) -> Response {
    let place = system_at(request.uri().path());
    let channel = place.filter(|_| request.method() == Method::POST).and_then(|(_, path)| soap_channel(path));
    let response = match (place, at_doors_alone(request.headers())) {
        (None, Err(problem)) => problem.into_response(),
        _ => next.run(request).await,
    };
    in_soap(response, channel, None)
}

/// The system that an address is of, and the address below it.
fn system_at(path: &str) -> Option<(System, &str)> {
    let inner = match path.strip_prefix("/w/") {
        Some(path) => path.split_once('/')?.1,
        None => path.trim_start_matches('/'),
    };
    let (name, below) = inner.split_at(inner.find('/').unwrap_or(inner.len()));
    Some((name.parse().ok()?, below))
}

/// Answers at the addresses of one system alone.
async fn only(State(system): State<System>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if system_at(path).is_some_and(|(named, _)| named == system) {
        return next.run(request).await;
    }
    let detail = format!("this port is of `{system}` alone: nothing at {path}");
    let hint = "the sandbox's common port answers for every system";
    Problem::new(Code::NotFound).detail(detail).hint(hint).into_response()
}

/// What is where.
async fn index(State(sandbox): State<Arc<Sandbox>>) -> Result<Json<Value>, Problem> {
    Ok(Json(json!({
        "qaqpa": env!("CARGO_PKG_VERSION"),
        "notice": "A simulator for tests. Not affiliated with any government; test data only.",
        "base_url": sandbox.base_url(),
        "health": format!("{}/control/health", sandbox.base_url()),
        "worlds": sandbox.show_worlds().await?,
    })))
}

async fn dispatch(State(sandbox): State<Arc<Sandbox>>, mut request: Request) -> Response {
    let (id, rest) = match split(request.uri()) {
        Ok(split) => split,
        Err(problem) => return problem.into_response(),
    };
    if let Some(uri) = rest {
        *request.uri_mut() = uri;
    }
    if request.uri().path().starts_with("/control/")
        && let Err(problem) = allowed(&sandbox, &request)
    {
        return problem.into_response();
    }
    let running = match sandbox.reach(&id).await {
        Ok(running) => running,
        Err(problem) => return problem.into_response(),
    };
    running.answer(request).await
}

/// The world of an address, and the address inside it when it has a prefix.
fn split(uri: &Uri) -> Result<(WorldId, Option<Uri>), Problem> {
    let Some(path) = uri.path().strip_prefix("/w/") else { return Ok((WorldId::default(), None)) };
    let (id, rest) = path.split_once('/').unwrap_or((path, ""));
    let id = id.parse().map_err(|_| Problem::new(Code::UnknownWorld).detail(id.to_owned()))?;
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let inner = format!("/{rest}{query}").parse().map_err(|_| Problem::new(Code::NotFound))?;
    Ok((id, Some(inner)))
}

/// `/control` wants the token, where the sandbox was given one.
pub(super) fn allowed(sandbox: &Sandbox, request: &Request) -> Result<(), Problem> {
    let Some(token) = &sandbox.options.control_token else { return Ok(()) };
    let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let same = ring::digest::digest(&ring::digest::SHA256, given.as_bytes()).as_ref()
        == ring::digest::digest(&ring::digest::SHA256, token.as_bytes()).as_ref();
    if same { Ok(()) } else { Err(Problem::new(Code::ControlToken)) }
}
