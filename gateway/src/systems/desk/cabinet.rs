//! What the portal has beside a desk: the services, accounts, the personal cabinet.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use certs::verdict::Check;
use serde::{Deserialize, Serialize};
use signer::http::{At, Body};
use signer::{Problem, Question, System};
use uuid::Uuid;

use super::deeds::Credentials;
use super::http::{authorised, cabinet_cases};
use super::{Desk, places};
use crate::regulation::{Channel, Person, Regulation, Verb};
use crate::systems::accounts::RECIPIENTS;
use crate::walk::CaseView;

/// The portal's own addresses.
pub(super) fn router() -> Router<Arc<Desk>> {
    Router::new()
        .route("/services", get(services))
        .route("/accounts", post(account))
        .route("/cabinet", get(cabinet))
        .route("/cases/{case}/verification", get(verification))
        .route("/routes/{organisation}", put(route))
}

/// What the portal offers.
#[derive(Serialize)]
struct Service<'a> {
    regulation: &'a str,
    channel: &'a str,
    title: &'a certs::Text,
    region: &'a certs::Text,
    form: Vec<FormEntry<'a>>,
    /// What became of the act.
    status: certs::Text,
}

#[derive(Serialize)]
struct FormEntry<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    optional: bool,
    label: &'a certs::Text,
}

async fn services(State(desk): State<Arc<Desk>>) -> Response {
    let (regulations, now) = (desk.site.regulations(), desk.site.world.clock.now());
    let offered: Vec<Service<'_>> = regulations
        .iter()
        .flat_map(|regulation| at_the_portal(regulation).map(move |channel| (regulation, channel)))
        .map(|(regulation, channel)| Service {
            regulation: &regulation.id,
            channel: &channel.name,
            title: &regulation.said.title,
            region: &regulation.said.region,
            form: form_entries(channel),
            status: regulation.status(now),
        })
        .collect();
    Json(offered).into_response()
}

fn form_entries(channel: &Channel) -> Vec<FormEntry<'_>> {
    let form = &channel.form;
    let fields = form.fields.iter().map(|field| FormEntry {
        name: &field.name,
        kind: field.kind.word(),
        optional: field.optional,
        label: &field.label,
    });
    let copies = form.copies.iter().map(|copy| FormEntry {
        name: &copy.name,
        kind: "copy",
        optional: copy.optional,
        label: &copy.title,
    });
    fields.chain(copies).collect()
}

/// The channels that a recipient begins at the portal.
fn at_the_portal(regulation: &Regulation) -> impl Iterator<Item = &Arc<Channel>> {
    let of_recipients = |channel: &Channel| {
        let first = channel.steps.first();
        let signs_in = channel.steps.iter().find(|step| step.does(Verb::SignIn) || step.does(Verb::Register));
        first.is_some_and(|step| step.system == System::Portal)
            && signs_in.is_some_and(|step| step.person() == Some(Person::Recipient))
    };
    regulation.channels.iter().filter(move |channel| of_recipients(channel))
}

/// What the cabinet says of the documents that were shown, judged now.
async fn verification(
    State(desk): State<Arc<Desk>>,
    At(case): At<Uuid>,
    headers: HeaderMap,
) -> Result<Json<serde_json::Value>, Problem> {
    let turn = authorised(&desk, case, &headers).await?;
    let mut verdicts = Vec::new();
    for shown in &turn.case.shown {
        let Some(document) = &shown.document else { continue };
        let verified = document.verify()?;
        for signer in &verified.signers {
            let question = Question {
                checks: &[Check::PathToRoot, Check::ValidityPeriod, Check::NotRevoked, Check::KeyUsage],
                declared: None,
                roles: &[],
            };
            let verdict = desk.site.validator.validate(&signer.certificate, &question).await;
            verdicts.push(serde_json::json!({
                "document": shown.code,
                "accepted": Problem::of_verdict(&verdict).is_none(),
                "signed_at": signer.signing_time,
                "verdict": verdict,
            }));
        }
    }
    Ok(Json(verdicts.into()))
}

/// Registers an account without a case: whoever comes to an office in person may have none yet.
async fn account(State(desk): State<Arc<Desk>>, Body(body): Body<Credentials>) -> Result<Response, Problem> {
    let change = body.register(&desk).await.map_err(|problem| problem.by(System::Portal))?;
    desk.site.world.store.commit(change).await?;
    Ok(StatusCode::CREATED.into_response())
}

async fn cabinet(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Result<Json<Vec<CaseView>>, Problem> {
    let world = &desk.site.world;
    let caller = RECIPIENTS.session(&world.store, &headers, world.clock.now()).await;
    let caller = caller.map_err(|problem| problem.by(System::Portal))?;
    cabinet_cases(&desk, caller).await.map(Json)
}

/// By which gateway an organisation is reached, where an act leaves it open.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Route {
    regional: bool,
}

async fn route(
    State(desk): State<Arc<Desk>>,
    At(organisation): At<String>,
    Body(route): Body<Route>,
) -> Result<Json<Route>, Problem> {
    places::can_be_asked_for(&desk.site, &organisation)?;
    places::route(&desk.site, &organisation, route.regional).await?;
    Ok(Json(route))
}
