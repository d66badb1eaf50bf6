//! The portal's addresses: one per deed of the recipient.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use certs::verdict::Check;
use serde::Serialize;
use signer::http::{Asked, At, Body};
use signer::{Code, Problem, Question, System};
use uuid::Uuid;

use super::deeds::{Credentials, FillIn, Register, SignIn};
use super::{Own, Portal};
use crate::exchange::messages_router;
use crate::regulation::{Channel, Person, Regulation};
use crate::systems::accounts::RECIPIENTS;
use crate::systems::cases::{After, Open, Sign};
use crate::systems::wait_for;
use crate::walk::{CaseView, Deed, Turn, carry_out};

/// The portal's addresses below `/portal`.
pub fn router(portal: Arc<Portal>) -> Router {
    Router::new()
        .route("/services", get(services))
        .route("/cases", post(open))
        .route("/cases/{case}", get(view))
        .route("/cases/{case}/account", post(account))
        .route("/cases/{case}/session", post(session))
        .route("/cases/{case}/request", post(request))
        .route("/cases/{case}/signature", post(signature))
        .route("/cases/{case}/verification", get(verification))
        .route("/sessions", post(cabinet_session))
        .route("/cabinet", get(cabinet))
        .with_state(portal.clone())
        .merge(messages_router(portal))
}

/// What the portal offers.
#[derive(Serialize)]
struct Service<'a> {
    regulation: &'a str,
    channel: &'a str,
    title: &'a certs::Text,
    region: &'a certs::Text,
    form: Vec<FormEntry<'a>>,
}

#[derive(Serialize)]
struct FormEntry<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    optional: bool,
    label: &'a certs::Text,
}

async fn services(State(portal): State<Arc<Portal>>) -> Response {
    let regulations = portal.site.regulations();
    let offered: Vec<Service<'_>> = regulations
        .iter()
        .flat_map(|regulation| at_the_portal(regulation).map(move |channel| (regulation, channel)))
        .map(|(regulation, channel)| Service {
            regulation: &regulation.id,
            channel: &channel.name,
            title: &regulation.said.title,
            region: &regulation.said.region,
            form: form_entries(regulation),
        })
        .collect();
    Json(offered).into_response()
}

fn form_entries(regulation: &Regulation) -> Vec<FormEntry<'_>> {
    let form = &regulation.said.form;
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

/// The channels that begin at the portal.
fn at_the_portal(regulation: &Regulation) -> impl Iterator<Item = &Arc<Channel>> {
    regulation.channels.iter().filter(|c| c.steps.first().is_some_and(|step| step.system == System::Portal))
}

async fn open(State(portal): State<Arc<Portal>>, Body(body): Body<Open>) -> Result<Response, Problem> {
    let (status, _, view) = body.case(&*portal, &portal.site).await?;
    Ok((status, Json(view)).into_response())
}

async fn view(
    State(portal): State<Arc<Portal>>,
    At(case): At<Uuid>,
    Asked(after): Asked<After>,
    headers: HeaderMap,
) -> Result<Json<CaseView>, Problem> {
    let read = async || {
        let turn = authorised(&portal, case, &headers).await?;
        Ok(seen(&turn))
    };
    let is_new = |view: &CaseView| after.is_before(view.version);
    wait_for(&portal.site.world.store, after.after.is_some(), read, is_new).await.map(Json)
}

fn seen(turn: &Turn<'_, Own>) -> CaseView {
    CaseView::of(turn.site, &turn.case, turn.version(), &turn.channel, turn.case.own.draft.as_ref())
}

/// The case, if it is the caller's to see: before anybody signed in it is nobody's.
async fn authorised<'a>(
    portal: &'a Portal,
    case: Uuid,
    headers: &HeaderMap,
) -> Result<Turn<'a, Own>, Problem> {
    let turn = Turn::<Own>::load(&portal.site, case).await?;
    let turn = turn.ok_or_else(|| missing(case))?;
    if let Some(recipient) = turn.case.own.recipient() {
        let caller = RECIPIENTS.session(&portal.site.world.store, headers, turn.now).await;
        if caller.map_err(|problem| problem.by(System::Portal))? != recipient {
            return Err(missing(case));
        }
    }
    Ok(turn)
}

fn missing(case: Uuid) -> Problem {
    Problem::new(Code::NotFound).detail(format!("no case {case}")).by(System::Portal)
}

/// Carries a deed of the recipient out.
async fn deed<D: Deed<Portal>>(
    portal: &Portal,
    case: Uuid,
    headers: &HeaderMap,
    deed: &D,
) -> Result<(CaseView, D::Output), Problem> {
    let turn = authorised(portal, case, headers).await?;
    let done = carry_out(portal, turn, Person::Recipient, deed).await?;
    let view =
        CaseView::of(&portal.site, &done.case, done.version, &done.channel, done.case.own.draft.as_ref());
    Ok((view, done.output))
}

async fn account(
    State(portal): State<Arc<Portal>>,
    At(case): At<Uuid>,
    headers: HeaderMap,
    Body(body): Body<Credentials>,
) -> Result<Json<CaseView>, Problem> {
    deed(&portal, case, &headers, &Register(body)).await.map(|(view, ())| Json(view))
}

/// What signing in gives beside the view.
#[derive(Serialize)]
struct SignedIn {
    #[serde(flatten)]
    view: CaseView,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

async fn session(
    State(portal): State<Arc<Portal>>,
    At(case): At<Uuid>,
    headers: HeaderMap,
    Body(body): Body<Credentials>,
) -> Result<Json<SignedIn>, Problem> {
    let (view, token) = deed(&portal, case, &headers, &SignIn(body)).await?;
    Ok(Json(SignedIn { view, token }))
}

async fn request(
    State(portal): State<Arc<Portal>>,
    At(case): At<Uuid>,
    headers: HeaderMap,
    Body(body): Body<FillIn>,
) -> Result<Json<CaseView>, Problem> {
    deed(&portal, case, &headers, &body).await.map(|(view, ())| Json(view))
}

/// Acknowledged when it is durable; what becomes of it is shown later.
async fn signature(
    State(portal): State<Arc<Portal>>,
    At(case): At<Uuid>,
    headers: HeaderMap,
    Body(body): Body<Sign>,
) -> Result<Response, Problem> {
    let (view, ()) = deed(&portal, case, &headers, &body).await?;
    Ok((StatusCode::ACCEPTED, Json(view)).into_response())
}

/// What the cabinet says of the documents that were shown, judged now.
async fn verification(
    State(portal): State<Arc<Portal>>,
    At(case): At<Uuid>,
    headers: HeaderMap,
) -> Result<Json<serde_json::Value>, Problem> {
    let turn = authorised(&portal, case, &headers).await?;
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
            let verdict = portal.site.validator.validate(&signer.certificate, &question).await;
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

async fn cabinet_session(
    State(portal): State<Arc<Portal>>,
    Body(body): Body<Credentials>,
) -> Result<Response, Problem> {
    let by_portal = |problem: Problem| problem.by(System::Portal);
    let (_, token, change) = body.sign_in(&portal).await.map_err(by_portal)?;
    portal.site.world.store.commit(change).await?;
    let token =
        token.ok_or_else(|| by_portal(Problem::new(Code::NotSignedIn).detail("IIN or password is wrong")))?;
    Ok((StatusCode::CREATED, Json(serde_json::json!({ "token": token }))).into_response())
}

async fn cabinet(
    State(portal): State<Arc<Portal>>,
    headers: HeaderMap,
) -> Result<Json<Vec<CaseView>>, Problem> {
    let world = &portal.site.world;
    let caller = RECIPIENTS.session(&world.store, &headers, world.clock.now()).await;
    let caller = caller.map_err(|problem| problem.by(System::Portal))?;
    let mut views = Vec::new();
    for (version, case) in Turn::<Own>::list(&portal.site).await? {
        if case.own.recipient() == Some(caller)
            && let Ok((_, channel)) = portal.site.channel(&case.regulation, &case.channel)
        {
            views.push(CaseView::of(&portal.site, &case, version, &channel, case.own.draft.as_ref()));
        }
    }
    Ok(Json(views))
}
