//! Samples of messages, good and bad, signed by the systems and people of a world: what to send, and what must come
//! back.

mod bad;
mod document;
mod format;
mod hop;
mod message;
mod operation;
mod service;

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use signer::http::At;
use signer::{Code, Problem, System};

use crate::exchange::Service;
use crate::world::World;
use message::Way;
use operation::{OPERATIONS, Operation, Route};

pub use format::{CACERT, Format, UnknownFormat, Written};

/// A message, and what must come back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sample {
    /// What it is a sample of: a service id, or an operation of AsyncChannel.
    pub of: String,
    /// Its number there and its name: samples are sent in order.
    pub name: String,
    /// What it is.
    pub title: String,
    /// Whom it is from.
    pub from: System,
    /// Where it goes.
    pub url: String,
    /// Media type.
    pub media_type: String,
    /// What is sent, signed.
    pub body: String,
    /// What must come back.
    pub expects: Expects,
    /// What has to be sent before it, as often as it is sent, whatever comes back to that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Request>,
    /// The same to be signed by the sandbox each time anew; only of what is taken again and again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<Request>,
}

/// What must come back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expects {
    /// The HTTP status.
    pub status: u16,
    /// What stands in the answer: a status of the channel, the result of a service, or a problem's code.
    pub says: String,
}

/// What is sent beside a sample or in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Where it goes.
    pub url: String,
    /// What is sent.
    pub body: String,
}

impl Sample {
    /// Whether it is written as SOAP.
    pub fn is_soap(&self) -> bool {
        self.media_type.starts_with("text/xml")
    }

    /// Whether it is taken.
    pub fn is_good(&self) -> bool {
        self.expects.status == 200
    }

    /// In words.
    pub fn expectation(&self) -> String {
        format!("{} with {}", self.expects.status, self.expects.says)
    }
}

/// What there are samples of.
enum Kind<'a> {
    Message(Way<'a>),
    Service(Service, System),
    Operation(Operation, Arc<Route<'a>>),
}

impl Kind<'_> {
    /// Everything that systems of this process send.
    fn all(world: &World) -> Vec<Kind<'_>> {
        let regulations = world.settings.plan.regulations.iter();
        let channels = regulations.flat_map(|of| of.channels.iter().map(move |channel| (of, channel)));
        let ways = channels.flat_map(|(regulation, channel)| message::ways(world, regulation, channel));
        let services = service::asked(world).into_iter().map(|(service, from)| Kind::Service(service, from));
        let route = operation::route(world).map(Arc::new);
        let operations = route
            .into_iter()
            .flat_map(|route| OPERATIONS.map(move |operation| Kind::Operation(operation, route.clone())));
        ways.map(Kind::Message).chain(services).chain(operations).collect()
    }

    fn of(&self) -> String {
        match self {
            Self::Message(way) => way.service(),
            Self::Service(service, _) => service.id().to_owned(),
            Self::Operation(operation, _) => operation.of(),
        }
    }

    async fn samples(&self, world: &World) -> Result<Vec<Sample>, Problem> {
        let samples = match self {
            Self::Message(way) => way.samples(world).await?,
            Self::Service(service, from) => service::samples(world, *service, *from).await?,
            Self::Operation(operation, route) => operation.samples(world, route).await?,
        };
        let number = |(number, sample): (usize, Sample)| {
            let name = format!("{:02}-{}", number + 1, sample.name);
            Sample { of: self.of(), name, ..sample }
        };
        Ok(samples.into_iter().enumerate().map(number).collect())
    }
}

/// `GET /samples` lists what there are samples of; `POST /samples/{of}` makes those of one of them, or of all that
/// begin so (`REGULATION`, `REGULATION/CHANNEL`). Certificates are ordered for them.
pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/samples", get(list))
        .route("/samples/{*of}", axum::routing::post(make))
        .with_state(world)
}

async fn list(State(world): State<Arc<World>>) -> Json<Vec<String>> {
    Json(Kind::all(&world).iter().map(Kind::of).collect())
}

async fn make(State(world): State<Arc<World>>, At(of): At<String>) -> Result<Json<Vec<Sample>>, Problem> {
    let all = Kind::all(&world);
    let mut samples = Vec::new();
    for kind in all.iter().filter(|kind| is_part(&kind.of(), &of)) {
        samples.extend(kind.samples(&world).await?);
    }
    if samples.is_empty() {
        let known: Vec<String> = all.iter().map(Kind::of).collect();
        return Err(Problem::new(Code::UnknownService).detail(of).fact("known", known));
    }
    Ok(Json(samples))
}

/// Whether what there are samples of is the one that is wanted, or begins so.
pub fn is_part(of: &str, wanted: &str) -> bool {
    of.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
