//! The journal says of every refused request what happened, also of one that belongs to no case.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use signer::{Problem, System};
use uuid::Uuid;

use super::World;
use crate::journal::Crossing;

/// Notes problems that nobody noted yet: bodies that are not JSON, too large, of another type; unknown services.
pub(super) async fn note_refusals(
    State((world, system)): State<(Arc<World>, System)>,
    request: Request,
    next: Next,
) -> Response {
    let reads = request.method() == Method::GET || request.method() == Method::HEAD;
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let problem = response.extensions().get::<Problem>().filter(|problem| !problem.noted && !reads);
    if let Some(problem) = problem {
        let mut crossing = Crossing::deed("unknown", system, path.trim_start_matches('/'));
        crossing.accepted = false;
        crossing.problem = Some(problem.clone().by(system));
        let mut entry = crossing.entry(world.clock.now(), system);
        if let Some(case) = path.split('/').find(|part| part.parse::<Uuid>().is_ok()) {
            entry = entry.case(case);
        }
        if let Err(error) = world.store.commit(world.store.batch().entry(entry)).await {
            tracing::error!(%error, "a refusal could not be noted");
        }
    }
    response
}
