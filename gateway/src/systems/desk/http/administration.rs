//! What an administrator says at a desk, and its journals.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use certs::Iin;
use registries::store::Expect;
use serde::{Deserialize, Serialize};
use serde_json::json;
use signer::http::{At, Body};
use signer::{Code, Problem};

use crate::exchange::Registration;
use crate::systems::accounts::{EMPLOYEES, is_login};
use crate::systems::desk::{Desk, journals, places};

/// Free places of an organisation.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Places {
    free: u64,
}

pub(super) async fn free_places(
    State(desk): State<Arc<Desk>>,
    At(organisation): At<String>,
) -> Result<Json<Places>, Problem> {
    places::are_looked_at(&desk.site)?;
    places::can_be_asked_for(&desk.site, &organisation)?;
    Ok(Json(Places { free: places::free(&desk.site, &organisation).await? }))
}

pub(super) async fn publish_places(
    State(desk): State<Arc<Desk>>,
    At(organisation): At<String>,
    Body(places): Body<Places>,
) -> Result<Json<Places>, Problem> {
    places::are_looked_at(&desk.site)?;
    places::can_be_asked_for(&desk.site, &organisation)?;
    places::publish(&desk.site, &organisation, places.free).await?;
    Ok(Json(places))
}

pub(super) async fn registrations(State(desk): State<Arc<Desk>>) -> Result<Json<Vec<Registration>>, Problem> {
    journals::registrations(&desk.site).await.map(Json)
}

pub(super) async fn results(State(desk): State<Arc<Desk>>) -> Result<Response, Problem> {
    Ok(Json(journals::results(&desk.site).await?).into_response())
}

/// An employee as an administrator enters them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Employee {
    iin: String,
    password: String,
}

/// Enters an employee, or gives one another password.
pub(super) async fn employee(
    State(desk): State<Arc<Desk>>,
    At(login): At<String>,
    Body(body): Body<Employee>,
) -> Result<Json<serde_json::Value>, Problem> {
    let invalid = |detail: String| Problem::new(Code::InvalidValue).detail(detail).by(desk.site.system());
    if !is_login(&login) {
        return Err(invalid("login: 1 to 64 letters, digits, dots, dashes and underscores".to_owned()));
    }
    let world = &desk.site.world;
    let iin = Iin::parse(&body.iin, world.settings.plan.check_digit)
        .map_err(|error| invalid(format!("iin: {error}")))?;
    let batch =
        EMPLOYEES.set(&login, iin.into(), body.password, world.store.batch(), Expect::Anything).await?;
    world.store.commit(batch).await?;
    Ok(Json(json!({ "login": login, "iin": iin })))
}
