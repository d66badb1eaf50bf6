//! Addresses for whoever looks after the people of a world, below `/people`. Systems do not ask here: they send
//! signed messages.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use certs::{CheckDigit, Clock, Iin, Text};
use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};
use serde::{Deserialize, Serialize};
use signer::http::{Asked, At, Body, body};
use signer::{Code, Problem};

use super::check::ImportRules;
use super::error::RegisterError;
use super::persona::{Cast, Persona};
use super::population::PopulationPlan;
use super::record::{Family, Newborn, PersonRecord};
use super::registry::{Imported, Origin, People};
use super::transfer::Format;

/// The most people in one answer.
const MOST_LISTED: usize = 1_000;

/// The register with what a world gives it.
#[derive(Debug)]
pub struct Desk {
    /// The register.
    pub people: People,
    /// The world's clock.
    pub clock: Clock,
    /// The world's seed, for populations that name none.
    pub seed: u64,
}

/// The addresses of the people database.
pub fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/persons", get(list))
        .route("/persons/{iin}", get(person))
        .route("/population", get(origin).post(generate))
        .route("/import", post(import))
        .route("/export", get(export))
        .with_state(desk.clone())
        .merge(personas_router(desk))
}

/// Who plays which persona. The other registers tell it too: another's people database cannot.
pub fn personas_router(desk: Arc<Desk>) -> Router {
    Router::new().route("/personas", get(personas)).route("/personas/{name}", get(persona)).with_state(desk)
}

/// The day in Kazakhstan, which has one time zone, five hours before Greenwich.
pub fn today(clock: &Clock) -> Date {
    clock.now().to_zoned(TimeZone::fixed(offset(5))).date()
}

/// Which people to list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    after: Option<Iin>,
    limit: Option<usize>,
}

async fn list(
    State(desk): State<Arc<Desk>>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Json<Vec<PersonRecord>>, Problem> {
    let limit = wanted.limit.unwrap_or(MOST_LISTED).min(MOST_LISTED);
    Ok(Json(desk.people.list(wanted.after, limit).await?))
}

/// Somebody with their family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The record.
    pub person: PersonRecord,
    /// Who belongs to them.
    pub family: Family,
    /// Children that are in no register yet.
    pub newborns: Vec<Newborn>,
}

impl Desk {
    async fn found(&self, iin: Iin) -> Result<Option<Found>, Problem> {
        let Some(person) = self.people.find(iin).await? else { return Ok(None) };
        let (family, newborns) = (self.people.family(iin).await?, self.people.newborns(iin).await?);
        Ok(Some(Found { person, family, newborns }))
    }
}

async fn person(State(desk): State<Arc<Desk>>, At(iin): At<String>) -> Result<Json<Found>, Problem> {
    let bad = |error: certs::IdentityError| Problem::new(Code::InvalidValue).detail(error.to_string());
    let iin = Iin::parse(&iin, CheckDigit::AnyDigit).map_err(bad)?;
    let missing = || {
        Problem::new(Code::NotFound)
            .detail(format!("the register has nobody with the IIN {iin}"))
            .hint("GET /people/persons lists everybody")
    };
    desk.found(iin).await?.map(Json).ok_or_else(missing)
}

/// A persona with its purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedPersona {
    /// The persona.
    pub persona: Persona,
    /// What it is for.
    pub description: Text,
    /// Who plays it; nobody while no population was made.
    pub iin: Option<Iin>,
}

async fn personas(State(desk): State<Arc<Desk>>) -> Result<Json<Vec<NamedPersona>>, Problem> {
    let mut all = Vec::new();
    for persona in Persona::ALL.iter().copied() {
        let iin = desk.people.persona(persona).await?.map(|cast| cast.iin);
        all.push(NamedPersona { persona, description: persona.describe(), iin });
    }
    Ok(Json(all))
}

/// Who plays a persona, as they come and as the register has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Played {
    /// What the persona is for.
    pub description: Text,
    /// Who comes, for whom, with what in hand.
    pub cast: Cast,
    /// What the register has of who comes; nothing of somebody it does not know.
    pub found: Option<Found>,
}

async fn persona(State(desk): State<Arc<Desk>>, At(name): At<String>) -> Result<Json<Played>, Problem> {
    let persona: Persona = name.parse().map_err(|error: super::persona::UnknownPersona| {
        let problem = Problem::new(Code::NotFound).detail(error.to_string()).fact("nearest", error.nearest);
        problem.hint("`qaqpa people find` lists every persona")
    })?;
    let cast = desk.people.persona(persona).await?.ok_or_else(|| {
        Problem::new(Code::NotFound)
            .detail(format!("nobody plays `{persona}` in this world"))
            .hint("make a population first: `qaqpa people generate`")
    })?;
    let found = desk.found(cast.iin).await?;
    Ok(Json(Played { description: persona.describe(), cast, found }))
}

async fn origin(State(desk): State<Arc<Desk>>) -> Result<Json<Origin>, Problem> {
    Ok(Json(desk.people.origin().await?))
}

/// Which population to make, here and in the notary registry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generate {
    /// What chance follows from; the world's seed without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// How many ordinary people beside the personas.
    #[serde(default)]
    pub size: usize,
    /// The day that ages and terms are as of; the world's day without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub today: Option<Date>,
    /// Whether imported records may be lost.
    #[serde(default)]
    pub replace: bool,
}

impl Generate {
    /// The plan, with what the world gives where nothing is said.
    pub(crate) fn plan(&self, seed: u64, clock: &Clock) -> Result<PopulationPlan, RegisterError> {
        let today = self.today.unwrap_or_else(|| today(clock));
        Ok(PopulationPlan::new(self.seed.unwrap_or(seed), self.size, today)?)
    }
}

async fn generate(
    State(desk): State<Arc<Desk>>,
    Body(wanted): Body<Generate>,
) -> Result<(StatusCode, Json<Origin>), Problem> {
    let plan = wanted.plan(desk.seed, &desk.clock)?;
    desk.people.generate(plan, wanted.replace).await?;
    Ok((StatusCode::CREATED, Json(desk.people.origin().await?)))
}

/// What is taken that is usually not; the same at every register.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Allowed {
    #[serde(default)]
    issued_forms: bool,
}

impl Allowed {
    /// The rules of an import on this clock's day.
    pub(crate) fn rules(&self, clock: &Clock) -> ImportRules {
        ImportRules { today: today(clock), issued_forms: self.issued_forms }
    }
}

async fn import(
    State(desk): State<Arc<Desk>>,
    Asked(allowed): Asked<Allowed>,
    request: Request,
) -> Result<Json<Imported>, Problem> {
    let format = format_of(request.headers())?;
    let file = body(request).await?;
    let rules = allowed.rules(&desk.clock);
    Ok(Json(desk.people.import(format, &file, rules).await?))
}

/// `application/json` or `text/csv`.
pub(crate) fn format_of(headers: &HeaderMap) -> Result<Format, Problem> {
    let content_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "application/json" => Ok(Format::Json),
        "text/csv" => Ok(Format::Csv),
        _ => {
            let mut problem =
                Problem::new(Code::WrongContentType).detail(format!("Content-Type is {content_type:?}"));
            "send Content-Type: application/json or text/csv".clone_into(&mut problem.hint);
            Err(problem)
        }
    }
}

/// In which form.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct As {
    pub(crate) format: Option<Format>,
}

async fn export(State(desk): State<Arc<Desk>>, Asked(wanted): Asked<As>) -> Result<Response, Problem> {
    let format = wanted.format.unwrap_or(Format::Json);
    Ok(file(format, desk.people.export(format).await?))
}

/// A file as an answer.
pub(crate) fn file(format: Format, content: String) -> Response {
    let media_type = match format {
        Format::Json => "application/json",
        Format::Csv => "text/csv; charset=utf-8",
    };
    ([(header::CONTENT_TYPE, media_type)], content).into_response()
}
