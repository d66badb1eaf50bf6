//! Signing and forwarding for tools that cannot sign by themselves. A help for tests, guarded as all of `/control`.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use serde::Deserialize;
use signer::http::{self, Asked, At, LARGEST_BODY};
use signer::xml::wss;
use signer::{Code, Envelope, Problem, System, SystemIdentity};
use uuid::Uuid;

use super::records::record;
use super::request::body;
use super::wire::{Door, write_signed};
use crate::regulation::Mode;
use crate::world::World;

/// `POST /sign-and-forward/{system}?as=SYSTEM`, with `&channel=async` for AsyncChannel.
pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new().route("/sign-and-forward/{system}", post(forward)).with_state(world)
}

/// As whom, and where to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(rename = "as")]
    sender: System,
    channel: Option<Mode>,
}

/// Signs what came, a SOAP message or an envelope in JSON, as a system of this world; sends it on, and answers what is
/// answered there.
///
/// `@messageId@`, `@now@`, `@senderId@` and `@password@` in it are put in first: a new UUID, the world's time, and the
/// credentials of the system.
async fn forward(
    State(world): State<Arc<World>>,
    At(to): At<System>,
    Asked(wanted): Asked<Wanted>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let unsigned = http::body(request).await?;
    let identity = world.identity(wanted.sender)?;
    if world.stands_elsewhere(wanted.sender) {
        let detail = format!("`{}` stands elsewhere and signs with a key of its own", wanted.sender);
        return Err(Problem::new(Code::SystemSwapped).detail(detail));
    }
    let unsigned = String::from_utf8(unsigned.to_vec())
        .map_err(|error| Problem::new(Code::InvalidValue).detail(format!("the body: {error}")))?;
    let unsigned = filled_in(&world, &identity, &unsigned);
    let record = record(&world, to).await?;
    let (address, timeout) = (world.address(to), record.timeout);
    let door = Door { base: &address, record: Some(&record) };
    let written = if is_json(&headers) {
        let sealed = http::read::<Envelope>(unsigned.as_bytes())?.seal(&identity);
        let body = serde_json::to_string(&sealed.map_err(Problem::technical)?).map_err(Problem::technical)?;
        write_signed(body, None, &door)
    } else {
        let body = wss::sign(unsigned.as_bytes(), &identity.key, &identity.certificate)?;
        write_signed(body, Some(wanted.channel.unwrap_or(Mode::Sync)), &door)
    };
    let patience = timeout.map_or(world.settings.plan.patience, std::time::Duration::from_secs);
    let mut request = world
        .http_of(identity.system)
        .post(&written.url)
        .timeout(patience)
        .header(CONTENT_TYPE, written.content_type);
    if let Some(action) = headers.get("soapaction").filter(|_| written.action.is_some()) {
        request = request.header("SOAPAction", action);
    }
    let unreachable = |what: String| {
        Problem::new(Code::SystemUnreachable).detail(format!("`{to}`: {what}")).fact("unreachable", to)
    };
    let answer = request.body(written.body).send().await.map_err(|error| unreachable(error.to_string()))?;
    let (status, media_type) = (answer.status(), answer.headers().get(CONTENT_TYPE).cloned());
    let answer = body(answer, LARGEST_BODY).await.map_err(unreachable)?;
    let mut response = (StatusCode::from_u16(status.as_u16()).unwrap_or_default(), answer).into_response();
    if let Some(media_type) = media_type {
        response.headers_mut().insert(CONTENT_TYPE, media_type);
    }
    Ok(response)
}

fn is_json(headers: &HeaderMap) -> bool {
    let said = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    said.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

fn filled_in(world: &World, identity: &SystemIdentity, text: &str) -> String {
    text.replace("@messageId@", &Uuid::new_v4().to_string())
        .replace("@now@", &world.clock.now().to_string())
        .replace("@senderId@", &identity.sender_id)
        .replace("@password@", &identity.password)
}
