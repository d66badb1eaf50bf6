//! Addresses for whoever looks after the notary registry of a world, below `/notary`. Systems do not ask here: they
//! send signed messages.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use certs::{Clock, Iin};
use serde::Deserialize;
use signer::http::{Asked, At, Body, body};
use signer::{Code, Problem};

use super::{Notary, PowerOfAttorney};
use crate::people::transfer::Format;
use crate::people::{Allowed, As, Generate, Imported, Origin, file, format_of};

/// The most powers in one answer.
const MOST_LISTED: usize = 1_000;

/// The registry with what a world gives it.
#[derive(Debug)]
pub struct Desk {
    /// The registry.
    pub notary: Notary,
    /// The world's clock.
    pub clock: Clock,
    /// The world's seed, for populations that name none.
    pub seed: u64,
}

/// The addresses of the notary registry.
pub fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/powers", get(list))
        .route("/powers/{number}", get(power))
        .route("/population", get(origin).post(generate))
        .route("/import", post(import))
        .route("/export", get(export))
        .with_state(desk)
}

/// Which powers to list: those between two people, or a page of all.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    principal: Option<Iin>,
    representative: Option<Iin>,
    after: Option<String>,
    limit: Option<usize>,
}

async fn list(
    State(desk): State<Arc<Desk>>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Json<Vec<PowerOfAttorney>>, Problem> {
    match (wanted.principal, wanted.representative) {
        (Some(principal), Some(representative)) => {
            Ok(Json(desk.notary.find_between(principal, representative).await?))
        }
        (None, None) => {
            let limit = wanted.limit.unwrap_or(MOST_LISTED).min(MOST_LISTED);
            Ok(Json(desk.notary.list(wanted.after, limit).await?))
        }
        _ => {
            let detail = "`principal` and `representative` are given together or not at all";
            Err(Problem::new(Code::InvalidValue).detail(detail))
        }
    }
}

async fn power(
    State(desk): State<Arc<Desk>>,
    At(number): At<String>,
) -> Result<Json<PowerOfAttorney>, Problem> {
    let missing = || {
        Problem::new(Code::NotFound)
            .detail("the notary registry has no power of attorney of that number")
            .hint("GET /notary/powers lists all")
    };
    desk.notary.find(&number).await?.map(Json).ok_or_else(missing)
}

async fn origin(State(desk): State<Arc<Desk>>) -> Result<Json<Origin>, Problem> {
    Ok(Json(desk.notary.origin().await?))
}

async fn generate(
    State(desk): State<Arc<Desk>>,
    Body(wanted): Body<Generate>,
) -> Result<(StatusCode, Json<Origin>), Problem> {
    let plan = wanted.plan(desk.seed, &desk.clock)?;
    desk.notary.generate(plan, wanted.replace).await?;
    Ok((StatusCode::CREATED, Json(desk.notary.origin().await?)))
}

async fn import(
    State(desk): State<Arc<Desk>>,
    Asked(allowed): Asked<Allowed>,
    request: Request,
) -> Result<Json<Imported>, Problem> {
    let format = format_of(request.headers())?;
    let file = body(request).await?;
    let rules = allowed.rules(&desk.clock);
    Ok(Json(desk.notary.import(format, &file, rules).await?))
}

async fn export(State(desk): State<Arc<Desk>>, Asked(wanted): Asked<As>) -> Result<Response, Problem> {
    let format = wanted.format.unwrap_or(Format::Json);
    Ok(file(format, desk.notary.export(format).await?))
}
