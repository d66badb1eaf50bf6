//! `/control/faults`: what goes wrong on purpose.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use certs::Text;
use serde::Serialize;
use serde_json::Value;
use signer::http::{At, Body};
use signer::{Code, Problem};

use super::World;
use crate::faults::{BadRule, KeptRule, Name, Rule};

/// The addresses of a world.
pub(super) fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/faults", get(list).post(add).delete(clear))
        .route("/faults/names", get(names))
        .route("/faults/{id}", get(show).delete(drop_one))
        .with_state(world)
}

/// A name with what it means.
#[derive(Serialize)]
pub(crate) struct ShownName {
    /// The name.
    pub(crate) name: &'static str,
    /// Where it happens.
    place: &'static str,
    /// What happens, for people.
    pub(crate) description: Text,
    /// What a good system makes of it.
    good: &'static str,
}

/// The whole vocabulary.
pub(crate) fn vocabulary() -> Vec<ShownName> {
    let shown = |name: &Name| ShownName {
        name: name.name(),
        place: name.place().word(),
        description: name.describe(),
        good: name.good(),
    };
    Name::ALL.iter().map(shown).collect()
}

async fn names() -> Json<Vec<ShownName>> {
    Json(vocabulary())
}

async fn list(State(world): State<Arc<World>>) -> Result<Json<Vec<KeptRule>>, Problem> {
    world.faults.list().await.map(Json)
}

async fn show(State(world): State<Arc<World>>, At(id): At<u64>) -> Result<Json<KeptRule>, Problem> {
    world.faults.rule(id).await.map(Json)
}

async fn add(
    State(world): State<Arc<World>>,
    Body(written): Body<Value>,
) -> Result<(StatusCode, Json<KeptRule>), Problem> {
    let rule = rule(written)?;
    rule.is_of(&world.settings.plan.regulations).map_err(|error| invalid(&error))?;
    let kept = world.faults.add(rule).await?;
    Ok((StatusCode::CREATED, Json(kept)))
}

/// A rule as an object, or in one line as the command line has it.
fn rule(written: Value) -> Result<Rule, Problem> {
    match written {
        Value::String(line) => line.parse().map_err(|error: BadRule| invalid(&error)),
        object => serde_json::from_value(object).map_err(|error| invalid(&error)),
    }
}

fn invalid(error: &dyn std::error::Error) -> Problem {
    Problem::new(Code::InvalidValue).detail(error.to_string())
}

async fn drop_one(State(world): State<Arc<World>>, At(id): At<u64>) -> Result<Json<KeptRule>, Problem> {
    world.faults.remove(id).await.map(Json)
}

/// Takes all away, and says with their counts what they were.
async fn clear(State(world): State<Arc<World>>) -> Result<Json<Vec<KeptRule>>, Problem> {
    world.faults.clear().await.map(Json)
}
