//! `/control`: what testers turn and read.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use certs::Clock;
use jiff::{SignedDuration, Span, Timestamp};
use registries::store::{Entry, EntryKind, JournalQuery};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use signer::http::{Asked, Body};
use signer::{Code, Problem, System};

use super::{World, control_faults, control_systems};
use crate::exchange::forward_router;
use crate::samples;
use crate::systems::wait_for;

/// The most journal entries in one answer.
const MOST_ENTRIES: usize = 1_000;

/// The control addresses of a world.
pub(super) fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/clock", get(clock).post(turn_clock))
        .route("/journal", get(journal))
        .with_state(world.clone())
        .merge(forward_router(world.clone()))
        .merge(samples::router(world.clone()))
        .merge(control_systems::router(world.clone()))
        .merge(control_faults::router(world))
}

async fn health(State(world): State<Arc<World>>) -> Json<Value> {
    let reached = |system: &&System| world.serves(**system) || world.stands_elsewhere(**system);
    let addresses: serde_json::Map<String, Value> = System::ALL
        .iter()
        .filter(reached)
        .map(|system| (system.name().to_owned(), world.address(*system).into()))
        .collect();
    Json(json!({
        "status": "up",
        "world": world.settings.id,
        "now": world.clock.now(),
        "systems": addresses,
        "serves": world.served(),
        "regulations": world.settings.plan.regulations.iter().map(|r| r.id.clone()).collect::<Vec<_>>(),
    }))
}

/// What the clock shows.
#[derive(Serialize)]
struct Shows {
    now: Timestamp,
    frozen: bool,
}

fn shows(world: &World) -> Json<Shows> {
    Json(Shows { now: world.clock.now(), frozen: world.clock.is_frozen() })
}

async fn clock(State(world): State<Arc<World>>) -> Json<Shows> {
    shows(&world)
}

/// How to turn the clock.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Turned {
    /// Stop it; time passes only by `advance`.
    Freeze,
    /// Let it run.
    Resume,
    /// Set it forward to a moment.
    Set(Timestamp),
    /// Set it forward by a span: `P21D`, `2h 30m`.
    Advance(String),
}

async fn turn_clock(
    State(world): State<Arc<World>>,
    Body(turned): Body<Turned>,
) -> Result<Json<Shows>, Problem> {
    let span = match &turned {
        Turned::Advance(span) => duration(span)?,
        _ => SignedDuration::ZERO,
    };
    let turn = |clock: &Clock| match turned {
        Turned::Freeze => {
            clock.freeze();
            Ok(())
        }
        Turned::Resume => {
            clock.resume();
            Ok(())
        }
        Turned::Set(moment) => clock.set(moment),
        Turned::Advance(_) => clock.advance(span).map(drop),
    };
    world.turn(turn).await?;
    Ok(shows(&world))
}

/// A span in ISO 8601 or in words; a day is 24 hours.
fn duration(text: &str) -> Result<SignedDuration, Problem> {
    let invalid = |error: jiff::Error| Problem::new(Code::InvalidValue).detail(format!("advance: {error}"));
    let span: Span = text.parse().map_err(invalid)?;
    span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).map_err(invalid)
}

/// Which entries to read.
#[derive(Debug, Deserialize)]
struct Wanted {
    case: Option<String>,
    system: Option<String>,
    kind: Option<EntryKind>,
    after: Option<u64>,
    limit: Option<usize>,
    /// Wait until there is one.
    #[serde(default)]
    wait: bool,
    /// Wait until no message of the case is on its way.
    #[serde(default)]
    settled: bool,
}

async fn journal(
    State(world): State<Arc<World>>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Json<Vec<Entry>>, Problem> {
    if let (true, Some(case)) = (wanted.settled, &wanted.case) {
        let under_way = async || under_way(&world, case).await;
        wait_for(&world.store, true, under_way, |under_way| !under_way).await?;
    }
    let query = JournalQuery {
        case: wanted.case,
        system: wanted.system,
        kind: wanted.kind,
        after: wanted.after,
        limit: wanted.limit.unwrap_or(MOST_ENTRIES).min(MOST_ENTRIES),
    };
    let read = async || Ok(world.store.journal(query.clone()).await?);
    wait_for(&world.store, wanted.wait, read, |entries| !entries.is_empty()).await.map(Json)
}

/// Whether a message of the case waits to be sent by one of our systems.
async fn under_way(world: &World, case: &str) -> Result<bool, Problem> {
    for system in System::ALL {
        let waiting = world.store.due(system.name(), Timestamp::MAX, usize::MAX).await?;
        if waiting.iter().any(|outgoing| outgoing.case.as_deref() == Some(case)) {
            return Ok(true);
        }
    }
    Ok(false)
}
