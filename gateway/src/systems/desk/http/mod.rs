//! The addresses of a desk: one per deed, the same at every desk.

mod administration;
mod case;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use certs::Identifier;
use serde::{Deserialize, Serialize};
use serde_json::json;
use signer::http::{Asked, At, Body};
use signer::{Code, Problem, System};
use uuid::Uuid;

use super::deeds::{
    Credentials, Decision, FillIn, HandOver, Package, Papers, Present, Register, SignIn, TakeConsent, Work,
};
use super::own::{Own, cabinet_of};
use super::{ATTEMPTS, Desk, cabinet, status};
use crate::exchange::messages_router;
use crate::paper;
use crate::regulation::{Person, Step, Verb};
use crate::systems::accounts::{EMPLOYEES, RECIPIENTS};
use crate::systems::cases::{After, Open, Sign};
use crate::systems::wait_for;
use crate::walk::{CaseView, Deed, Turn, carry_out};

use administration::{employee, free_places, publish_places, registrations, results};

pub use case::DeskCase;

/// The addresses below the name of the system.
pub fn router(desk: Arc<Desk>) -> Router {
    let mut router = Router::new()
        .route("/cases/{case}", get(view))
        .route("/cases/{case}/account", post(account))
        .route("/cases/{case}/session", post(session))
        .route("/cases/{case}/consent", post(consent))
        .route("/cases/{case}/presentation", post(presentation))
        .route("/cases/{case}/package", post(package))
        .route("/cases/{case}/request", post(request))
        .route("/cases/{case}/papers", post(papers))
        .route("/cases/{case}/papers/{number}", get(printed))
        .route("/cases/{case}/work", post(work))
        .route("/cases/{case}/decision", post(decision))
        .route("/cases/{case}/signature", post(signature))
        .route("/cases/{case}/handover", post(handover))
        .route("/sessions", post(new_session))
        .route("/places/{organisation}", get(free_places).put(publish_places))
        .route("/registrations", get(registrations))
        .route("/results", get(results));
    router = router.merge(status::router(desk.site.system()));
    router = match desk.site.system() {
        // What recipients have there is theirs alone: nobody lists it.
        System::Portal => router.route("/cases", post(open)).merge(cabinet::router()),
        System::Workstation => {
            router.route("/cases", post(open).get(cases)).route("/employees/{login}", put(employee))
        }
        _ => router.route("/cases", post(open).get(cases)),
    };
    router.with_state(desk.clone()).merge(messages_router(desk))
}

async fn open(State(desk): State<Arc<Desk>>, Body(body): Body<Open>) -> Result<Response, Problem> {
    let (status, case, view) = body.case(&*desk, &desk.site).await?;
    Ok((status, Json(DeskCase::of(&case.own, view)?)).into_response())
}

/// A case; with `after`, waits until it has arrived and changed since.
async fn view(
    State(desk): State<Arc<Desk>>,
    At(case): At<Uuid>,
    Asked(after): Asked<After>,
    headers: HeaderMap,
) -> Result<Json<DeskCase>, Problem> {
    let waits = after.after.is_some();
    let read = async || match authorised(&desk, case, &headers).await {
        Ok(turn) => DeskCase::now(&turn).map(Some),
        Err(problem) if problem.code == Code::NotFound && waits => Ok(None),
        Err(problem) => Err(problem),
    };
    let is_new =
        |found: &Option<DeskCase>| found.as_ref().is_some_and(|one| after.is_before(one.view.version));
    let found = wait_for(&desk.site.world.store, waits, read, is_new).await?;
    found.map(Json).ok_or_else(|| missing(&desk, case))
}

pub(super) fn missing(desk: &Desk, case: Uuid) -> Problem {
    let hint =
        "`qaqpa status CASE` says at which desks a case is; what is in a cabinet is its owner's alone to see";
    Problem::new(Code::NotFound).detail(format!("no case {case}")).hint(hint).by(desk.site.system())
}

/// The case, if it is the caller's to see. Before anybody signed in it is nobody's; then it is the recipient's who did, or
/// open to employees alone. What the portal has put into a cabinet is its owner's, whoever filed it.
pub(super) async fn authorised<'a>(
    desk: &'a Desk,
    case: Uuid,
    headers: &HeaderMap,
) -> Result<Turn<'a, Own>, Problem> {
    let turn = Turn::<Own>::load(&desk.site, case).await?.ok_or_else(|| missing(desk, case))?;
    let delivered = desk.site.system() == System::Portal && !turn.case.shown.is_empty();
    if let Some(recipient) = turn.case.own.signed_in().or_else(|| cabinet_of(&turn).filter(|_| delivered)) {
        let caller = RECIPIENTS.session(&desk.site.world.store, headers, turn.now).await;
        if caller.map_err(|problem| problem.by(desk.site.system()))? != recipient {
            return Err(missing(desk, case));
        }
    }
    if turn.case.own.employee.is_some() {
        employee_signed_in(desk, headers).await?;
    }
    Ok(turn)
}

async fn employee_signed_in(desk: &Desk, headers: &HeaderMap) -> Result<Identifier, Problem> {
    let world = &desk.site.world;
    let employee = EMPLOYEES.session(&world.store, headers, world.clock.now()).await;
    employee.map_err(|problem| problem.by(desk.site.system()))
}

/// That nobody acts for the employee who signed in for a case and has not signed yet: in the acts one and the same fills
/// in the form and signs it. Afterwards they speak of *an* employee: whoever is there hands the result over.
async fn is_theirs_to_act(desk: &Desk, turn: &Turn<'_, Own>, headers: &HeaderMap) -> Result<(), Problem> {
    let own = &turn.case.own;
    let Some(employee) = own.employee.filter(|_| own.document.is_none()) else { return Ok(()) };
    if employee_signed_in(desk, headers).await? == Identifier::Iin(employee) {
        return Ok(());
    }
    let detail = "another employee signed in for this case and has not signed yet";
    let problem = Problem::new(Code::NotSignedIn).detail(detail).by(desk.site.system());
    Err(problem.hint("send the token of the employee who signed in for the case"))
}

/// Who does what the case waits for, as the journal calls them.
fn who(turn: &Turn<'_, Own>) -> Person {
    let Some((step, pending)) = turn.awaits() else { return usual_at(turn.site.system()) };
    let signs = step.said.signed_by.filter(|_| pending.first() == Some(&Verb::Sign));
    signs.or_else(|| step.person()).or(step.said.signed_by).unwrap_or_else(|| usual_at(step.system))
}

/// Who sits at a desk, where the act names nobody.
fn usual_at(system: System) -> Person {
    match system {
        System::Portal => Person::Recipient,
        System::Workstation => Person::CorporationEmployee,
        System::QualityControl => Person::QualityOfficer,
        System::ContactCentre => Person::ContactOperator,
        _ => Person::ResponsibleExecutor,
    }
}

/// Carries a deed out, again from the start when another case took the same place or number first.
async fn deed<D: Deed<Desk>>(
    desk: &Desk,
    case: Uuid,
    headers: &HeaderMap,
    deed: &D,
) -> Result<(DeskCase, D::Output), Problem> {
    let mut last = missing(desk, case);
    for _ in 0..ATTEMPTS {
        let turn = authorised(desk, case, headers).await?;
        is_theirs_to_act(desk, &turn, headers).await?;
        let person = who(&turn);
        let version = turn.version();
        match carry_out(desk, turn, person, deed).await {
            Ok(done) => {
                let draft = done.case.own.draft.as_ref();
                let view = CaseView::of(&desk.site, &done.case, done.version, &done.channel, draft);
                return Ok((DeskCase::of(&done.case.own, view)?, done.output));
            }
            Err(problem) if problem.code == Code::Busy => {
                // Whoever did something to this very case meanwhile comes first.
                let now = Turn::<Own>::load(&desk.site, case).await?.map_or(version, |turn| turn.version());
                if now != version {
                    return Err(problem);
                }
                last = problem;
            }
            Err(problem) => return Err(problem),
        }
    }
    Err(last)
}

macro_rules! deeds {
    ($($name:ident: $body:ty;)+) => {$(
        async fn $name(
            State(desk): State<Arc<Desk>>,
            At(case): At<Uuid>,
            headers: HeaderMap,
            Body(body): Body<$body>,
        ) -> Result<Json<DeskCase>, Problem> {
            deed(&desk, case, &headers, &body).await.map(|(case, ())| Json(case))
        }
    )+};
}

deeds! {
    consent: TakeConsent;
    presentation: Present;
    package: Package;
    request: FillIn;
    papers: Papers;
    work: Work;
    decision: Decision;
    handover: HandOver;
}

async fn account(
    State(desk): State<Arc<Desk>>,
    At(case): At<Uuid>,
    headers: HeaderMap,
    Body(body): Body<Credentials>,
) -> Result<Json<DeskCase>, Problem> {
    deed(&desk, case, &headers, &Register(body)).await.map(|(case, ())| Json(case))
}

/// What signing in gives beside the case.
#[derive(Serialize)]
struct SignedIn {
    #[serde(flatten)]
    case: DeskCase,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

async fn session(
    State(desk): State<Arc<Desk>>,
    At(case): At<Uuid>,
    headers: HeaderMap,
    Body(body): Body<Credentials>,
) -> Result<Json<SignedIn>, Problem> {
    let (case, token) = deed(&desk, case, &headers, &SignIn(body)).await?;
    Ok(Json(SignedIn { case, token }))
}

/// Acknowledged when it is durable; what becomes of it is shown later.
async fn signature(
    State(desk): State<Arc<Desk>>,
    At(case): At<Uuid>,
    headers: HeaderMap,
    Body(body): Body<Sign>,
) -> Result<Response, Problem> {
    let (case, ()) = deed(&desk, case, &headers, &body).await?;
    Ok((StatusCode::ACCEPTED, Json(case)).into_response())
}

/// What was handed over on paper, or can be printed of what was shown, as a page.
async fn printed(
    State(desk): State<Arc<Desk>>,
    At((case, number)): At<(Uuid, usize)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let turn = authorised(&desk, case, &headers).await?;
    let shown = turn.case.shown.get(number);
    let page = shown.and_then(|shown| paper::page(shown, &turn.regulation, turn.now));
    let none = || {
        Problem::new(Code::NotFound)
            .detail(format!("nothing on paper under {number}"))
            .hint("numbers count what the case has in `shown`, from 0")
    };
    let page = page.ok_or_else(|| none().by(desk.site.system()))?;
    Ok(axum::response::Html(page).into_response())
}

/// A session without a case: to see what is there.
async fn new_session(
    State(desk): State<Arc<Desk>>,
    Body(body): Body<Credentials>,
) -> Result<Response, Problem> {
    let by_us = |problem: Problem| problem.by(desk.site.system());
    let (token, change) = if body.is_employee() {
        let (_, token, change) = body.employee(&desk).await.map_err(by_us)?;
        (Some(token), change)
    } else {
        let (_, token, change) = body.sign_in(&desk).await.map_err(by_us)?;
        (token, change)
    };
    desk.site.world.store.commit(change).await?;
    let wrong = || by_us(Problem::new(Code::NotSignedIn).detail("IIN or password is wrong"));
    Ok((StatusCode::CREATED, Json(json!({ "token": token.ok_or_else(wrong)? }))).into_response())
}

/// Which cases are listed.
#[derive(Deserialize)]
struct Which {
    /// Only those that wait for somebody here.
    #[serde(default)]
    waiting: bool,
}

/// The cases of the desk; where employees sign in, for them alone.
async fn cases(
    State(desk): State<Arc<Desk>>,
    Asked(which): Asked<Which>,
    headers: HeaderMap,
) -> Result<Json<Vec<CaseView>>, Problem> {
    let signs_in = |step: &Step| step.system == desk.site.system() && step.does(Verb::SignIn);
    let regulations = desk.site.regulations();
    let mut channels = regulations.iter().flat_map(|regulation| &regulation.channels);
    if channels.any(|channel| channel.steps.iter().any(signs_in)) {
        employee_signed_in(&desk, &headers).await?;
    }
    let pick = |turn| Some(case::view(&turn)).filter(|view| !which.waiting || view.awaits.is_some());
    Turn::list(&desk.site, pick).await.map(Json)
}

/// The cases that belong to somebody's personal cabinet.
pub(super) async fn cabinet_cases(desk: &Desk, caller: Identifier) -> Result<Vec<CaseView>, Problem> {
    let is_theirs = |turn: &Turn<'_, Own>| cabinet_of(turn) == Some(caller);
    Turn::list(&desk.site, |turn| is_theirs(&turn).then(|| case::view(&turn))).await
}
