//! `/control/systems`: who the systems are, and putting another one in the place of a built-in one.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use certs::{Certificate, Role};
use serde::{Deserialize, Serialize};
use signer::http::{At, Body};
use signer::{Code, Problem, System};

use super::{ORGANISATIONS, Swap, World};
use crate::exchange::{Origin, Service, SystemRecord, Wire, record, records};

/// What to do when a system is not found.
const LISTED: &str = "`qaqpa systems list`, or GET /control/systems, shows those that exchange messages";

/// The addresses of a world.
pub(super) fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/systems", get(list))
        .route("/systems/{system}", get(show).put(put).delete(restore))
        .with_state(world)
}

/// A system as `/control` shows it: what is kept of it, and what follows from its certificate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShownSystem {
    /// Which system.
    pub system: System,
    /// What envelopes name it by.
    pub sender_id: String,
    /// The organisation that runs it.
    pub organisation: String,
    /// That organisation's BIN.
    pub bin: String,
    /// Its OID, if its certificate names one.
    pub oid: Option<String>,
    /// The role in its certificate that says most.
    pub role: Option<Role>,
    /// Where it is reached.
    pub address: String,
    /// Whether this process serves it.
    pub served: bool,
    /// How messages to it are written.
    pub wire: Wire,
    /// The service by which it is asked, where it knows no regulation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// How many seconds one request to it may take.
    pub timeout: u64,
    /// The service ids it may send to.
    pub subscriptions: Vec<String>,
    /// Where the record comes from.
    pub origin: Origin,
    /// The certificate that it signs envelopes with, as PEM.
    pub certificate: String,
    /// Whom the certificate names.
    pub subject: Option<String>,
    /// From when the certificate is valid.
    pub not_before: Option<jiff::Timestamp>,
    /// Until when.
    pub not_after: Option<jiff::Timestamp>,
}

fn shown(world: &World, record: SystemRecord) -> ShownSystem {
    let certificate = Certificate::from_pem(&record.certificate).ok();
    ShownSystem {
        oid: record.oid(),
        role: record.role(),
        address: world.address(record.system),
        served: world.serves(record.system),
        timeout: record.timeout.unwrap_or(world.settings.plan.patience.as_secs()),
        subject: certificate.as_ref().map(Certificate::subject),
        not_before: certificate.as_ref().map(Certificate::not_before),
        not_after: certificate.as_ref().map(Certificate::not_after),
        system: record.system,
        sender_id: record.sender_id,
        organisation: record.organisation,
        bin: record.bin,
        wire: record.wire,
        service: record.service,
        subscriptions: record.subscriptions,
        origin: record.origin,
        certificate: record.certificate,
    }
}

/// Those that have a record; a system of another process that does not answer yet has none.
async fn list(State(world): State<Arc<World>>) -> Result<Json<Vec<ShownSystem>>, Problem> {
    for (system, _) in ORGANISATIONS.iter().filter(|(system, _)| world.learns(*system)) {
        if let Err(problem) = record(&world, *system).await {
            tracing::debug!(%system, %problem, "no record yet");
        }
    }
    let mut known = records(&world).await?;
    known.sort_by_key(|record| record.system);
    Ok(Json(known.into_iter().map(|record| shown(&world, record)).collect()))
}

fn named(name: &str) -> Result<System, Problem> {
    name.parse().map_err(|error: signer::UnknownSystem| {
        let known: Vec<&str> = System::ALL.iter().map(|system| system.name()).collect();
        Problem::new(Code::NotFound).detail(error.to_string()).hint(LISTED).fact("known", known)
    })
}

async fn show(State(world): State<Arc<World>>, At(name): At<String>) -> Result<Json<ShownSystem>, Problem> {
    let system = named(&name)?;
    match record(&world, system).await {
        Ok(record) => Ok(Json(shown(&world, record))),
        Err(problem) if problem.code == Code::SenderUnknown => Err(Problem::new(Code::NotFound)
            .detail(format!("`{system}` has no record: it exchanges no messages"))
            .hint(LISTED)),
        Err(problem) => Err(problem),
    }
}

async fn put(
    State(world): State<Arc<World>>,
    At(name): At<String>,
    Body(swap): Body<Swap>,
) -> Result<Json<ShownSystem>, Problem> {
    let record = world.put_system(named(&name)?, &swap).await?;
    Ok(Json(shown(&world, record)))
}

async fn restore(
    State(world): State<Arc<World>>,
    At(name): At<String>,
) -> Result<Json<ShownSystem>, Problem> {
    let record = world.restore_system(named(&name)?).await?;
    Ok(Json(shown(&world, record)))
}
