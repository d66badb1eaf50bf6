//! `/control/worlds`: which worlds there are, creating and dropping them.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use registries::store::WorldId;
use serde::{Deserialize, Serialize};
use signer::http::{At, Body};
use signer::{Code, Problem};

use super::Sandbox;
use super::dispatch::allowed;
use super::worlds::{Beginning, ShownWorld};

/// The addresses that belong to no world.
pub(super) fn router(sandbox: &Arc<Sandbox>) -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/control/worlds", get(list).post(create))
        .route("/control/worlds/{world}", get(show).delete(remove))
        .route_layer(from_fn_with_state(sandbox.clone(), guard))
}

async fn guard(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    match allowed(&sandbox, &request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

async fn list(State(sandbox): State<Arc<Sandbox>>) -> Result<Json<Vec<ShownWorld>>, Problem> {
    sandbox.show_worlds().await.map(Json)
}

/// A world to create.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    id: WorldId,
    now: Option<Timestamp>,
    seed: Option<u64>,
    algorithm: Option<String>,
}

async fn create(
    State(sandbox): State<Arc<Sandbox>>,
    Body(Create { id, now, seed, algorithm }): Body<Create>,
) -> Result<Response, Problem> {
    let unknown = |error: certs::UnknownAlgorithm| {
        Problem::new(Code::InvalidValue).detail(format!("algorithm: {error}"))
    };
    let algorithm = algorithm.map(|name| name.parse()).transpose().map_err(unknown)?;
    let world = sandbox.create_world(id, Beginning { now, seed, algorithm }).await?;
    Ok((StatusCode::CREATED, Json(world)).into_response())
}

fn named(name: &str) -> Result<WorldId, Problem> {
    name.parse().map_err(|_| Problem::new(Code::UnknownWorld).detail(name.to_owned()))
}

async fn show(
    State(sandbox): State<Arc<Sandbox>>,
    At(name): At<String>,
) -> Result<Json<ShownWorld>, Problem> {
    sandbox.show_world(&named(&name)?).await.map(Json)
}

/// What is left of a world.
#[derive(Serialize)]
struct Dropped {
    dropped: WorldId,
}

async fn remove(State(sandbox): State<Arc<Sandbox>>, At(name): At<String>) -> Result<Json<Dropped>, Problem> {
    let id = named(&name)?;
    sandbox.drop_world(id.clone()).await?;
    Ok(Json(Dropped { dropped: id }))
}
