//! Samples of messages, good and bad, signed by the systems and people of a world: what to send, and what must come
//! back.

mod bad;
mod document;
mod format;
mod good;

use std::sync::Arc;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use signer::http::At;
use signer::{Code, Problem, System};

use crate::world::World;

pub use format::{Format, UnknownFormat, Written};

/// A message, and what must come back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sample {
    /// Its number and name: samples are sent in order.
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
    /// The same to be signed by the sandbox each time anew; only of what is taken again and again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<Forwarded>,
}

/// What must come back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expects {
    /// The HTTP status.
    pub status: u16,
    /// What stands in the answer: a status of the channel, or a problem's code.
    pub says: String,
}

/// An unsigned message for `/control/sign-and-forward`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forwarded {
    /// Where it goes.
    pub url: String,
    /// What is sent.
    pub body: String,
}

impl Sample {
    /// Whether it is written as SOAP.
    pub fn is_soap(&self) -> bool {
        self.body.starts_with('<')
    }

    /// In words.
    pub fn expectation(&self) -> String {
        format!("{} with {}", self.expects.status, self.expects.says)
    }
}

/// `POST /samples/{regulation}/{channel}`: fresh samples of a channel. Certificates are ordered for them.
pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new().route("/samples/{regulation}/{channel}", post(show)).with_state(world)
}

async fn show(
    State(world): State<Arc<World>>,
    At((regulation, channel)): At<(String, String)>,
) -> Result<Json<Vec<Sample>>, Problem> {
    let known = world.settings.plan.regulations.regulation(&regulation);
    let found = known.and_then(|known| known.channel(&channel));
    let unknown = || Problem::new(Code::UnknownService).detail(format!("{regulation}/{channel}"));
    let (regulation, channel) = known.zip(found).ok_or_else(unknown)?;
    let messages = good::messages(&world, regulation, channel).await?;
    let mut samples = Vec::new();
    for message in &messages {
        samples.extend(message.samples(&world).await?);
    }
    if let Some(first) = messages.first() {
        samples.extend(bad::of(&world, first).await?);
    }
    for (number, sample) in samples.iter_mut().enumerate() {
        sample.name = format!("{:02}-{}", number + 1, sample.name);
    }
    Ok(Json(samples))
}
