//! How a case stands, for whoever asks by its number: nothing about whom it concerns.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use certs::Text;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use signer::http::At;
use signer::{Code, Problem, System};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::Desk;
use super::http::missing;
use super::own::Own;
use crate::regulation::{Actor, Topic};
use crate::walk::{CaseView, Position, ShownClock, Turn};

/// How a case stands at one system.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Status {
    /// The case.
    pub case: Uuid,
    /// The system that says so.
    pub system: System,
    /// The regulation's id.
    pub regulation: String,
    /// What the service is called.
    pub service: Text,
    /// When the system first knew of it.
    pub since: Timestamp,
    /// Where it stands.
    pub state: Standing,
    /// The step that it waits at, was last at, or ended with.
    pub step: String,
    /// A few words on that step.
    pub what: Option<Text>,
    /// Who is to act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Actor>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// Whether that is over.
    #[serde(default)]
    pub overdue: bool,
    /// The clocks that the act sets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<ShownClock>,
    /// The incoming number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<String>,
}

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Somebody is to act here.
    Waits,
    /// With another system.
    Elsewhere,
    /// Over.
    Ended,
    /// A message was not let through.
    Stopped,
}

/// The addresses of a desk for whoever asks; more of them at the contact centre.
pub(super) fn router(system: System) -> Router<Arc<Desk>> {
    match system {
        System::ContactCentre => Router::new()
            .route("/status/{case}", get(everywhere))
            .route("/information/{regulation}", get(information)),
        _ => Router::new().route("/status/{case}", get(here)),
    }
}

async fn here(State(desk): State<Arc<Desk>>, At(case): At<Uuid>) -> Result<Json<Status>, Problem> {
    let turn = Turn::<Own>::load(&desk.site, case).await?.ok_or_else(|| missing(&desk, case))?;
    Ok(Json(Status::of(&turn)))
}

impl Status {
    fn of(turn: &Turn<'_, Own>) -> Self {
        let case = &turn.case;
        let view = CaseView::of(turn.site, case, turn.version(), &turn.channel, None);
        let (state, step) = match &case.position {
            Position::At { at, .. } => (Standing::Waits, at),
            Position::Elsewhere { after } => (Standing::Elsewhere, after),
            Position::Ended { at, .. } => (Standing::Ended, at),
            Position::Stopped { at, .. } => (Standing::Stopped, at),
        };
        let awaits = view.awaits.as_ref();
        Self {
            case: case.id,
            system: turn.site.system(),
            regulation: case.regulation.clone(),
            service: turn.regulation.said.title.clone(),
            since: case.since,
            state,
            step: step.clone(),
            what: turn.channel.step(step).map(|step| step.said.what.clone()),
            by: awaits.map(|awaits| awaits.by),
            due: awaits.and_then(|awaits| awaits.due),
            overdue: awaits.is_some_and(|awaits| awaits.overdue),
            clocks: view.clocks,
            registration: case.own.registration.as_ref().map(|registration| registration.number.clone()),
        }
    }
}

/// The contact centre asks every system that a case may be at.
async fn everywhere(State(desk): State<Arc<Desk>>, At(case): At<Uuid>) -> Result<Json<Vec<Status>>, Problem> {
    let world = &desk.site.world;
    let mut asked = JoinSet::new();
    for system in System::ALL.iter().copied().filter(|system| is_asked(*system)) {
        let url = format!("{}/status/{case}", world.address(system));
        let request = world.http.get(url).timeout(world.patience(system).await);
        asked.spawn(async move { request.send().await.ok()?.json::<Status>().await.ok() });
    }
    // What does not answer, or does not know the case, has nothing to say.
    let mut known: Vec<Status> = asked.join_all().await.into_iter().flatten().collect();
    known.extend(Turn::<Own>::load(&desk.site, case).await?.map(|turn| Status::of(&turn)));
    if known.is_empty() {
        return Err(missing(&desk, case));
    }
    known.sort_by_key(|status| (status.since, status.system));
    Ok(Json(known))
}

/// The desks that cases come to.
fn is_asked(system: System) -> bool {
    matches!(
        system,
        System::Portal
            | System::Workstation
            | System::RegionalWorkstation
            | System::Provider
            | System::Queue
            | System::QueueRegistry
            | System::School
            | System::QualityControl
    )
}

/// Something that the contact centre can say of a service.
#[derive(Debug, Serialize)]
struct Said {
    /// What it speaks of.
    topic: Topic,
    /// The paragraph.
    paragraph: String,
    /// The regulation that says it: the service's own, or one that adds to it.
    regulation: String,
    /// The act's words.
    text: String,
    /// A short rendering.
    what: Text,
}

/// What people ask by telephone.
const ASKED: [Topic; 8] = [
    Topic::Recipients,
    Topic::Channels,
    Topic::Documents,
    Topic::Terms,
    Topic::Price,
    Topic::Complaint,
    Topic::Addresses,
    Topic::Information,
];

/// What the act, or one that adds to it, says for whoever wants the service.
async fn information(
    State(desk): State<Arc<Desk>>,
    At(regulation): At<String>,
) -> Result<Json<Vec<Said>>, Problem> {
    let regulations = desk.site.regulations();
    if regulations.regulation(&regulation).is_none() {
        return Err(Problem::new(Code::UnknownService).detail(regulation).by(System::ContactCentre));
    }
    let said = ASKED.into_iter().flat_map(|topic| {
        regulations.statements_on(&regulation, topic).into_iter().map(move |(from, statement)| Said {
            topic,
            paragraph: statement.at.clone(),
            regulation: from.id.clone(),
            text: statement.restored.clone().unwrap_or_else(|| statement.text.clone()),
            what: statement.what.clone(),
        })
    });
    Ok(Json(said.collect()))
}
