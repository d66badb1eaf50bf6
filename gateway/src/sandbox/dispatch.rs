//! From an address to the world and the system it belongs to.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use registries::store::WorldId;
use serde::Deserialize;
use serde_json::{Value, json};
use signer::http::Body;
use signer::{Code, Problem};
use tower::ServiceExt as _;

use super::Sandbox;
use crate::world::Running;

/// Every address of the process.
pub(super) fn router(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .route("/", get(index))
        .route("/control/worlds", get(worlds).post(create))
        .fallback(dispatch)
        .method_not_allowed_fallback(|| async { Problem::new(Code::MethodNotAllowed) })
        .with_state(sandbox)
}

/// What is where.
async fn index(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    Json(json!({
        "qaqpa": env!("CARGO_PKG_VERSION"),
        "notice": "A simulator for tests. Not affiliated with any government; test data only.",
        "base_url": sandbox.base_url(),
        "health": format!("{}/control/health", sandbox.base_url()),
        "worlds": describe(&sandbox),
    }))
}

fn describe(sandbox: &Sandbox) -> Vec<Value> {
    let described = |running: &Arc<Running>| {
        let world = &running.world;
        json!({ "id": world.settings.id, "base_url": world.settings.base_url, "now": world.clock.now() })
    };
    sandbox.worlds().iter().map(described).collect()
}

async fn worlds(State(sandbox): State<Arc<Sandbox>>, request: Request) -> Result<Json<Vec<Value>>, Problem> {
    allowed(&sandbox, &request)?;
    Ok(Json(describe(&sandbox)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    id: WorldId,
    /// What its clock begins with; the machine's time without it.
    now: Option<Timestamp>,
}

async fn create(State(sandbox): State<Arc<Sandbox>>, request: Request) -> Result<Response, Problem> {
    use axum::extract::FromRequest as _;
    allowed(&sandbox, &request)?;
    let Body(Create { id, now }) = Body::from_request(request, &()).await?;
    let running = sandbox.create_world(id, now).await?;
    let world = &running.world;
    let created = json!({ "id": world.settings.id, "base_url": world.settings.base_url });
    Ok((StatusCode::CREATED, Json(created)).into_response())
}

async fn dispatch(State(sandbox): State<Arc<Sandbox>>, mut request: Request) -> Response {
    let (id, rest) = match split(request.uri()) {
        Ok(split) => split,
        Err(problem) => return problem.into_response(),
    };
    let Some(running) = sandbox.world(&id) else {
        return Problem::new(Code::UnknownWorld).detail(id.to_string()).into_response();
    };
    if let Some(uri) = rest {
        *request.uri_mut() = uri;
    }
    if request.uri().path().starts_with("/control/")
        && let Err(problem) = allowed(&sandbox, &request)
    {
        return problem.into_response();
    }
    match running.router.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
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
fn allowed(sandbox: &Sandbox, request: &Request) -> Result<(), Problem> {
    let Some(token) = &sandbox.options.control_token else { return Ok(()) };
    let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let same = ring::digest::digest(&ring::digest::SHA256, given.as_bytes()).as_ref()
        == ring::digest::digest(&ring::digest::SHA256, token.as_bytes()).as_ref();
    if same { Ok(()) } else { Err(Problem::new(Code::ControlToken)) }
}
