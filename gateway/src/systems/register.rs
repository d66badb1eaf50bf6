//! ГБД ФЛ, ЕНИС and the other registers as systems: they answer signed questions, and note who asked what about whom, with which consent.

use std::future::Future;
use std::sync::Arc;

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use certs::{CheckDigit, Clock, Iin, Text};
use jiff::Timestamp;
use registries::notary::{self, Notary};
use registries::people::{People, national, today};
use registries::registers::Registers;
use registries::store::{Batch, Expect, Page};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use signer::{Code, Document, Problem, System, json_fault};
use uuid::Uuid;

use super::token;
use crate::exchange::{
    About, Answer, Call, Delivery, Found, Node, Organisation, Payload, Query, SPECIMEN, Service,
    inspect_document, messages_router, record, sign_document,
};
use crate::site::Site;

/// The record kind of questions that were answered; keys are `{system}/{query}`.
const ASKED: &str = "asked";

/// What a register can look up.
pub trait Records: Send + Sync + 'static {
    /// What there is on the register's day; nothing is an answer too.
    ///
    /// # Errors
    /// [`Code::RouteUnknown`] for what the register does not keep.
    fn look_up(
        &self,
        about: &About,
        clock: &Clock,
    ) -> impl Future<Output = Result<Option<Found>, Problem>> + Send;

    /// Answers a question to a service of the register.
    ///
    /// # Errors
    /// [`Code::RouteUnknown`] for a service that is not the register's; what is wrong with the question.
    fn serve(&self, _site: &Site, call: Call<'_>) -> impl Future<Output = Result<Served, Problem>> + Send {
        std::future::ready(Err(not_kept().detail(format!("`{}` is not answered here", call.service.id()))))
    }

    /// What a reader must know of the answer's shape.
    fn notice(&self) -> Option<Text> {
        None
    }
}

/// The answer of a service, and what is noted of the question.
pub struct Served {
    answer: Value,
    note: Note,
    found: bool,
}

fn not_kept() -> Problem {
    Problem::new(Code::RouteUnknown).detail("this register keeps nothing of that kind")
}

impl Records for People {
    async fn look_up(&self, about: &About, _clock: &Clock) -> Result<Option<Found>, Problem> {
        let About::Person { iin } = about else { return Err(not_kept()) };
        let iin = Iin::parse(iin, CheckDigit::AnyDigit)
            .map_err(|error| Problem::new(Code::InvalidValue).detail(format!("about.iin: {error}")))?;
        Ok(self.find(iin).await?.map(|person| Found::Person(Box::new(person))))
    }

    async fn serve(&self, site: &Site, call: Call<'_>) -> Result<Served, Problem> {
        let question = national::Request::read(&call.envelope.data)?;
        let iin = question.iin(site.world.settings.plan.check_digit)?;
        let token = match call.service {
            Service::PersonByToken => {
                let (token, key) = (question.kdp_token.as_deref(), question.public_key.as_deref());
                Some(token::check(site, iin, token, key).await?)
            }
            _ => None,
        };
        let (found, now) = (self.find(iin).await?, site.world.clock.now());
        let answer = national::answer(&question, found.as_ref(), Uuid::new_v4(), now);
        let about = About::Person { iin: iin.to_string() };
        let note = Note::of(call, now, (question.message_id, question.sender_code), about, token);
        Ok(Served { answer, note, found: found.is_some() })
    }
}

impl Records for Registers {
    async fn look_up(&self, about: &About, _clock: &Clock) -> Result<Option<Found>, Problem> {
        let About::Documents { iin, child } = about else { return Err(not_kept()) };
        let read = |field: &str, text: &str| {
            Iin::parse(text, CheckDigit::AnyDigit)
                .map_err(|error| Problem::new(Code::InvalidValue).detail(format!("about.{field}: {error}")))
        };
        let child = child.as_deref().map(|child| read("child", child)).transpose()?;
        let found = self.find(read("iin", iin)?, child).await?;
        Ok(found.map(|found| Found::Documents(Box::new(found))))
    }

    fn notice(&self) -> Option<Text> {
        Some(invented())
    }
}

impl Records for Notary {
    async fn look_up(&self, about: &About, clock: &Clock) -> Result<Option<Found>, Problem> {
        let About::Power { number } = about else { return Err(not_kept()) };
        let day = today(clock);
        Ok(self.find(number).await?.map(|power| Found::Power { state: power.state_on(day), power }))
    }

    async fn serve(&self, site: &Site, call: Call<'_>) -> Result<Served, Problem> {
        let question = notary::service::Request::read(&call.envelope.data)?;
        let number = question.number.trim().to_owned();
        let (found, now) = (self.find(&number).await?, site.world.clock.now());
        let (day, made) = (today(&site.world.clock), (Uuid::new_v4(), now));
        let answer = notary::service::answer(&question, found.as_ref(), &invented(), day, made);
        let about = About::Power { number };
        let note = Note::of(call, now, (question.message_id, question.sender_code), about, None);
        Ok(Served { answer, note, found: found.is_some() })
    }

    fn notice(&self) -> Option<Text> {
        Some(invented())
    }
}

/// What is said of answers whose shape is ours.
fn invented() -> Text {
    Text::new(
        "Жауаптың пішімі ойдан алынған: нақты жүйенің хабарлама сипаттамасы жарияланбаған.",
        "Форма ответа вымышлена: описание сообщений настоящей системы не опубликовано.",
        "The shape of this answer is invented: no description of the real system's messages is public.",
    )
}

/// A register that takes part in exchanging messages.
pub struct Register<R> {
    /// Where it lives.
    pub site: Site,
    /// What it looks things up in.
    pub records: R,
}

/// A question that was answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Asked {
    /// The system that asked.
    by: System,
    /// What it asked.
    #[serde(flatten)]
    what: What,
    /// Whether anything was found.
    found: bool,
}

/// What was asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum What {
    /// A question of a case, with its consent.
    Query(Query),
    /// A question to a service.
    Service(Note),
}

/// What is noted of a question to a service.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Note {
    /// The service id.
    service: String,
    /// The message that it came in.
    message: Uuid,
    /// When it came.
    asked_at: Timestamp,
    /// The asking system's own id of it.
    question: String,
    /// How the asking system calls itself.
    sender_code: String,
    /// Whom or what it is about.
    about: About,
    /// What the person's access token states, where one was wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token: Option<token::Claim>,
}

impl Note {
    fn of(
        call: Call<'_>,
        asked_at: Timestamp,
        (question, sender_code): (String, String),
        about: About,
        token: Option<token::Claim>,
    ) -> Self {
        let service = call.service.id().to_owned();
        let message = call.envelope.message_id;
        Self { service, message, asked_at, question, sender_code, about, token }
    }
}

/// `POST tokens`: the people database issues access tokens for tests.
pub fn tokens(register: Arc<Register<People>>) -> Router {
    Router::new().route("/tokens", post(issue_token)).with_state(register)
}

async fn issue_token(
    State(register): State<Arc<Register<People>>>,
    signer::http::Body(wanted): signer::http::Body<token::Wanted>,
) -> Result<Json<token::Token>, Problem> {
    token::issue(&register.site.world, &wanted).map(Json)
}

/// The addresses of a register as a system: messages, and what was asked.
pub fn router<R: Records>(register: Arc<Register<R>>) -> Router {
    Router::new()
        .route("/queries", get(asked::<R>))
        .with_state(register.clone())
        .merge(messages_router(register))
}

async fn asked<R: Records>(State(register): State<Arc<Register<R>>>) -> Result<Json<Vec<Asked>>, Problem> {
    let site = &register.site;
    let page = Page::all().prefix(format!("{}/", site.system()));
    let asked = site.world.store.list_as::<Asked>(ASKED, page).await?;
    Ok(Json(asked.into_iter().map(|record| record.value).collect()))
}

impl<R: Records> Node for Register<R> {
    fn site(&self) -> &Site {
        &self.site
    }

    async fn inspect(&self, delivery: &Delivery) -> Result<(), Problem> {
        inspect_document(&self.site, delivery).await.map(drop)
    }

    async fn take(&self, delivery: Delivery, _receipt: Batch) -> Result<(), Problem> {
        let detail = format!("`{}` is not for a register", delivery.payload.message);
        Err(Problem::new(Code::RouteUnknown).detail(detail))
    }

    async fn rejected(&self, _payload: &Payload, _problem: Problem) -> Result<(), Problem> {
        Ok(())
    }

    async fn serve(&self, call: Call<'_>, batch: Batch) -> Result<(Value, Batch), Problem> {
        let Served { answer, note, found } = self.records.serve(&self.site, call).await?;
        let key = format!("{}/{}", self.site.system(), call.envelope.message_id);
        let asked = Asked { by: call.asked_by(), what: What::Service(note), found };
        Ok((answer, batch.put(ASKED, &key, &asked, Expect::Anything)?))
    }

    async fn answer(&self, delivery: &Delivery, batch: Batch) -> Result<(Document, Batch), Problem> {
        let site = &self.site;
        let content = delivery.payload.document.verify()?.content;
        let query: Query = serde_json::from_slice(&content)
            .map_err(|error| Problem::new(Code::EnvelopeMalformed).detail(json_fault(&error)))?;
        let found = self.records.look_up(&query.about, &site.world.clock).await?;
        let us = record(&site.world, site.system()).await?;
        let now = site.world.clock.now();
        let answer = Answer {
            specimen: SPECIMEN.to_owned(),
            subject: query.subject.clone(),
            query: query.query,
            made_at: now,
            register: Organisation { name: us.organisation, bin: us.bin },
            about: query.about.clone(),
            found,
            notice: self.records.notice(),
        };
        let key = format!("{}/{}", site.system(), query.query);
        let by = delivery.sending_step(site.system()).map_or(delivery.from, |step| step.system);
        let asked = Asked { by, found: answer.found.is_some(), what: What::Query(query) };
        let document = sign_document(site, &answer, now)?;
        // The same question under another message id, after a lost answer: noted once more.
        Ok((document, batch.put(ASKED, &key, &asked, Expect::Anything)?))
    }
}
