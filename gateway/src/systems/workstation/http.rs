//! The workstation's addresses: one per deed of the employee.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use certs::Iin;
use registries::store::Expect;
use serde::{Deserialize, Serialize};
use serde_json::json;
use signer::http::{Asked, At, Body};
use signer::{Code, Problem, System};
use uuid::Uuid;

use super::deeds::{Credentials, FillIn, HandOver, Package, Papers, TakeConsent};
use super::{Own, Workstation};
use crate::exchange::{Answer, Registration, messages_router};
use crate::regulation::{Carrier, Person};
use crate::systems::accounts::{EMPLOYEES, is_login};
use crate::systems::cases::{After, Open, Sign};
use crate::systems::wait_for;
use crate::walk::{CaseView, Deed, Turn, carry_out};

/// The addresses below `/workstation`.
pub fn router(workstation: Arc<Workstation>) -> Router {
    Router::new()
        .route("/cases", post(open).get(cases))
        .route("/cases/{case}", get(view))
        .route("/cases/{case}/consent", post(consent))
        .route("/cases/{case}/package", post(package))
        .route("/cases/{case}/session", post(session))
        .route("/cases/{case}/request", post(request))
        .route("/cases/{case}/papers", post(papers))
        .route("/cases/{case}/signature", post(signature))
        .route("/cases/{case}/handover", post(handover))
        .route("/sessions", post(new_session))
        .route("/employees/{login}", put(employee))
        .with_state(workstation.clone())
        .merge(messages_router(workstation))
}

/// A case as an employee sees it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CounterCase {
    /// Where it stands and what it waits for.
    #[serde(flatten)]
    pub view: CaseView,
    /// The documents that are missing from the package.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// What the registers answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// What holds the key that signed, as the employee said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<Carrier>,
    /// Under which number it was registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<Registration>,
    /// Whom the result was handed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed_to: Option<Iin>,
}

impl CounterCase {
    fn of(own: &Own, view: CaseView) -> Self {
        Self {
            view,
            missing: own.presented.as_ref().map(|presented| presented.missing.clone()).unwrap_or_default(),
            answers: own.answers.clone(),
            carrier: own.carrier,
            registration: own.registration.clone(),
            handed_to: own.handed_to,
        }
    }
}

async fn open(
    State(workstation): State<Arc<Workstation>>,
    Body(body): Body<Open>,
) -> Result<Response, Problem> {
    let (status, case, view) = body.case(&*workstation, &workstation.site).await?;
    Ok((status, Json(CounterCase::of(&case.own, view))).into_response())
}

async fn view(
    State(workstation): State<Arc<Workstation>>,
    At(case): At<Uuid>,
    Asked(after): Asked<After>,
    headers: HeaderMap,
) -> Result<Json<CounterCase>, Problem> {
    let read = async || {
        let turn = authorised(&workstation, case, &headers).await?;
        let own = &turn.case.own;
        let view = CaseView::of(turn.site, &turn.case, turn.version(), &turn.channel, own.draft.as_ref());
        Ok(CounterCase::of(own, view))
    };
    let is_new = |case: &CounterCase| after.is_before(case.view.version);
    wait_for(&workstation.site.world.store, after.after.is_some(), read, is_new).await.map(Json)
}

/// The case; once an employee sits at it, for employees alone.
async fn authorised<'a>(
    workstation: &'a Workstation,
    case: Uuid,
    headers: &HeaderMap,
) -> Result<Turn<'a, Own>, Problem> {
    let turn = Turn::<Own>::load(&workstation.site, case).await?;
    let missing = || Problem::new(Code::NotFound).detail(format!("no case {case}")).by(System::Workstation);
    let turn = turn.ok_or_else(missing)?;
    if turn.case.own.employee.is_some() {
        signed_in(workstation, headers).await?;
    }
    Ok(turn)
}

async fn signed_in(workstation: &Workstation, headers: &HeaderMap) -> Result<(), Problem> {
    let world = &workstation.site.world;
    let employee = EMPLOYEES.session(&world.store, headers, world.clock.now()).await;
    employee.map(drop).map_err(|problem| problem.by(System::Workstation))
}

/// Carries a deed of the employee out.
async fn deed<D: Deed<Workstation>>(
    workstation: &Workstation,
    case: Uuid,
    headers: &HeaderMap,
    deed: &D,
) -> Result<(CounterCase, D::Output), Problem> {
    let turn = authorised(workstation, case, headers).await?;
    let done = carry_out(workstation, turn, Person::CorporationEmployee, deed).await?;
    let view = CaseView::of(
        &workstation.site,
        &done.case,
        done.version,
        &done.channel,
        done.case.own.draft.as_ref(),
    );
    Ok((CounterCase::of(&done.case.own, view), done.output))
}

macro_rules! deeds {
    ($($(#[$doc:meta])* $name:ident: $body:ty;)+) => {$(
        $(#[$doc])*
        async fn $name(
            State(workstation): State<Arc<Workstation>>,
            At(case): At<Uuid>,
            headers: HeaderMap,
            Body(body): Body<$body>,
        ) -> Result<Json<CounterCase>, Problem> {
            deed(&workstation, case, &headers, &body).await.map(|(case, ())| Json(case))
        }
    )+};
}

deeds! {
    consent: TakeConsent;
    package: Package;
    request: FillIn;
    papers: Papers;
    handover: HandOver;
}

/// What signing in gives beside the case.
#[derive(Serialize)]
struct SignedIn {
    #[serde(flatten)]
    case: CounterCase,
    token: String,
}

async fn session(
    State(workstation): State<Arc<Workstation>>,
    At(case): At<Uuid>,
    headers: HeaderMap,
    Body(body): Body<Credentials>,
) -> Result<Json<SignedIn>, Problem> {
    let (case, token) = deed(&workstation, case, &headers, &body).await?;
    Ok(Json(SignedIn { case, token }))
}

/// Acknowledged when it is durable; what becomes of it is shown later.
async fn signature(
    State(workstation): State<Arc<Workstation>>,
    At(case): At<Uuid>,
    headers: HeaderMap,
    Body(body): Body<Sign>,
) -> Result<Response, Problem> {
    let (case, ()) = deed(&workstation, case, &headers, &body).await?;
    Ok((StatusCode::ACCEPTED, Json(case)).into_response())
}

/// A session without a case: to see what is there.
async fn new_session(
    State(workstation): State<Arc<Workstation>>,
    Body(body): Body<Credentials>,
) -> Result<Response, Problem> {
    let (_, token, change) =
        body.sign_in(&workstation).await.map_err(|problem| problem.by(System::Workstation))?;
    workstation.site.world.store.commit(change).await?;
    Ok((StatusCode::CREATED, Json(json!({ "token": token }))).into_response())
}

/// Every case of the counter.
async fn cases(
    State(workstation): State<Arc<Workstation>>,
    headers: HeaderMap,
) -> Result<Json<Vec<CaseView>>, Problem> {
    signed_in(&workstation, &headers).await?;
    let mut views = Vec::new();
    for (version, case) in Turn::<Own>::list(&workstation.site).await? {
        if let Ok((_, channel)) = workstation.site.channel(&case.regulation, &case.channel) {
            views.push(CaseView::of(&workstation.site, &case, version, &channel, None));
        }
    }
    Ok(Json(views))
}

/// An employee as an administrator enters them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Employee {
    iin: String,
    password: String,
}

/// Enters an employee, or gives one another password.
async fn employee(
    State(workstation): State<Arc<Workstation>>,
    At(login): At<String>,
    Body(body): Body<Employee>,
) -> Result<Json<serde_json::Value>, Problem> {
    let invalid = |detail: String| Problem::new(Code::InvalidValue).detail(detail).by(System::Workstation);
    if !is_login(&login) {
        return Err(invalid("login: 1 to 64 letters, digits, dots, dashes and underscores".to_owned()));
    }
    let world = &workstation.site.world;
    let iin = Iin::parse(&body.iin, world.settings.plan.check_digit)
        .map_err(|error| invalid(format!("iin: {error}")))?;
    let batch =
        EMPLOYEES.set(&login, iin.into(), body.password, world.store.batch(), Expect::Anything).await?;
    world.store.commit(batch).await?;
    Ok(Json(json!({ "login": login, "iin": iin })))
}
