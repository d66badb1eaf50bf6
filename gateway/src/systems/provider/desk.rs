//! The staff desk: what waits, what staff decide, and their signatures.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use certs::{Bin, CheckDigit, Identifier, Text};
use serde::{Deserialize, Serialize};
use signer::http::{Asked, At, Body};
use signer::{Code, Document, Problem, System};
use uuid::Uuid;

use super::{Own, Provider, places};
use crate::exchange::{Application, Attachment, messages_router, record};
use crate::regulation::{CheckWord, Person, Step, Verb};
use crate::systems::cases::{After, Sign};
use crate::systems::wait_for;
use crate::walk::{CaseView, Deed, Turn, carry_out};

/// How often a deed is repeated when another one took the same place or number first.
const ATTEMPTS: usize = 32;

/// The provider's addresses below `/provider`.
pub fn router(provider: Arc<Provider>) -> Router {
    Router::new()
        .route("/desk/tasks", get(tasks))
        .route("/desk/tasks/{case}", get(task))
        .route("/desk/tasks/{case}/decision", post(decision))
        .route("/desk/tasks/{case}/signature", post(signature))
        .route("/desk/places/{organisation}", get(free_places).put(publish_places))
        .with_state(provider.clone())
        .merge(messages_router(provider))
}

/// A case at the desk, with what staff examine.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Task {
    /// Where it stands and what it waits for.
    #[serde(flatten)]
    pub view: CaseView,
    /// What the recipient signed.
    pub application: Application,
    /// The copies.
    pub attachments: Vec<Attachment>,
}

/// What staff find of the documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The checks that do not hold, of those that the step has staff decide; none when all is in order.
    pub failing: Vec<CheckWord>,
    /// What is wrong; required when something does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grounds: Option<String>,
}

impl Decision {
    /// The grounds as they were written: in one language, whichever it is.
    pub(super) fn grounds_text(&self) -> Text {
        let grounds = self.grounds.clone().unwrap_or_default();
        Text::new(grounds.clone(), grounds.clone(), grounds)
    }
}

async fn tasks(State(provider): State<Arc<Provider>>) -> Result<Json<Vec<CaseView>>, Problem> {
    let mut views = Vec::new();
    for (version, case) in Turn::<Own>::list(&provider.site).await? {
        if let Ok((_, channel)) = provider.site.channel(&case.regulation, &case.channel) {
            views.push(CaseView::of(&provider.site, &case, version, &channel, case.own.draft.as_ref()));
        }
    }
    views.retain(|view| view.awaits.is_some());
    Ok(Json(views))
}

/// One task; with `after`, waits until it has arrived and changed since.
async fn task(
    State(provider): State<Arc<Provider>>,
    At(case): At<Uuid>,
    Asked(after): Asked<After>,
) -> Result<Json<Task>, Problem> {
    let read = async || match Turn::<Own>::load(&provider.site, case).await? {
        Some(turn) => Task::of(&turn).map(Some),
        None => Ok(None),
    };
    let is_new = |task: &Option<Task>| task.as_ref().is_some_and(|task| after.is_before(task.view.version));
    let found = wait_for(&provider.site.world.store, after.after.is_some(), read, is_new).await?;
    found.map(Json).ok_or_else(|| missing(case))
}

fn missing(case: Uuid) -> Problem {
    Problem::new(Code::NotFound).detail(format!("no case {case} at the desk")).by(System::Provider)
}

impl Task {
    fn of(turn: &Turn<'_, Own>) -> Result<Self, Problem> {
        let own = &turn.case.own;
        Ok(Self {
            view: CaseView::of(turn.site, &turn.case, turn.version(), &turn.channel, own.draft.as_ref()),
            application: own.read()?,
            attachments: own.application.attachments.clone(),
        })
    }
}

/// Carries a deed of staff out, again from the start when another case took the same place or number.
async fn deed<D: Deed<Provider>>(
    provider: &Provider,
    case: Uuid,
    deed: &D,
) -> Result<Json<CaseView>, Problem> {
    let mut last = missing(case);
    for _ in 0..ATTEMPTS {
        let turn = Turn::<Own>::load(&provider.site, case).await?.ok_or_else(|| missing(case))?;
        let person = turn.step().and_then(|step| step.said.signed_by).unwrap_or(Person::ResponsibleExecutor);
        match carry_out(provider, turn, person, deed).await {
            Ok(done) => {
                let draft = done.case.own.draft.as_ref();
                return Ok(Json(CaseView::of(
                    &provider.site,
                    &done.case,
                    done.version,
                    &done.channel,
                    draft,
                )));
            }
            Err(problem) if problem.code == Code::Busy => last = problem,
            Err(problem) => return Err(problem),
        }
    }
    Err(last)
}

async fn decision(
    State(provider): State<Arc<Provider>>,
    At(case): At<Uuid>,
    Body(body): Body<Decision>,
) -> Result<Json<CaseView>, Problem> {
    deed(&provider, case, &body).await
}

impl Deed<Provider> for Decision {
    const NAME: &'static str = "decision";
    type Output = ();

    async fn act(&self, _provider: &Provider, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        let decides: Vec<CheckWord> = turn.step().map(Step::decided_by_staff).unwrap_or_default();
        if decides.is_empty() || turn.case.own.decision.is_some() {
            return Err(Problem::new(Code::StepOutOfOrder).detail("no decision is awaited"));
        }
        if let Some(other) = self.failing.iter().find(|check| !decides.contains(check)) {
            let detail = format!("failing: `{other}` is not to be decided here");
            return Err(Problem::new(Code::IncompleteDecision).detail(detail));
        }
        let grounds = self.grounds.as_deref().map(str::trim).unwrap_or_default();
        let odd = grounds.chars().any(|c| c.is_control() && c != '\n');
        if (!self.failing.is_empty() && grounds.is_empty()) || grounds.chars().count() > 2_000 || odd {
            let detail = "grounds: 1 to 2000 characters when something does not hold, no control characters";
            return Err(Problem::new(Code::IncompleteDecision).detail(detail));
        }
        turn.case.own.decision = Some(self.clone());
        Ok(())
    }
}

async fn signature(
    State(provider): State<Arc<Provider>>,
    At(case): At<Uuid>,
    Body(body): Body<Sign>,
) -> Result<Json<CaseView>, Problem> {
    deed(&provider, case, &body).await
}

impl Deed<Provider> for Sign {
    const NAME: &'static str = "signature";
    type Output = ();

    async fn act(&self, provider: &Provider, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        let signed_by = turn.step().and_then(|step| step.said.signed_by);
        turn.accept(&[Verb::Sign])?;
        let draft = turn.case.own.draft.clone().ok_or_else(|| Problem::new(Code::StepOutOfOrder))?;
        let document = self.over(draft);
        provider.check_staff(&document, signed_by).await?;
        turn.case.own.document = Some(document);
        Ok(())
    }
}

impl Provider {
    /// That the document is signed by the person the regulation names, in the provider's name.
    async fn check_staff(&self, document: &Document, signed_by: Option<Person>) -> Result<(), Problem> {
        let verified = document.verify()?;
        let bin = record(&self.site.world, System::Provider).await?.bin;
        let bin = Bin::parse(&bin, CheckDigit::AnyDigit).map_err(Problem::technical)?;
        self.site.check_signer(&verified, signed_by, &[Identifier::Bin(bin)]).await
    }
}

/// Free places of an organisation.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Places {
    free: u64,
}

async fn free_places(
    State(provider): State<Arc<Provider>>,
    At(organisation): At<String>,
) -> Result<Json<Places>, Problem> {
    let free = places::free(&provider.site.world.store, &organisation).await?;
    Ok(Json(Places { free }))
}

async fn publish_places(
    State(provider): State<Arc<Provider>>,
    At(organisation): At<String>,
    Body(places): Body<Places>,
) -> Result<Json<Places>, Problem> {
    places::publish(&provider.site.world.store, &organisation, places.free).await?;
    Ok(Json(places))
}
