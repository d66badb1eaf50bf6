//! Faults at a system's door, and for one request alone: `Qaqpa-Fault` in its header.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use registries::store::{EntryKind, JournalQuery};
use signer::http::LARGEST_BODY;
use signer::soap::{Channel, Fault as Told};
use signer::{Code, Problem, System};

use super::centre;
use super::cut::{Cut, whole};
use super::envelope::ASKED;
use super::facts::Facts;
use super::fault::{Fault, LONGEST_HOLD};
use super::name::{Name, Place};
use super::rule::{Side, is_register};
use crate::systems::wait_for;
use crate::world::World;

/// In a request, a fault for it alone; in an answer, a fault that was done.
pub const HEADER: HeaderName = HeaderName::from_static("qaqpa-fault");

/// How much longer than the caller waits an answer is held back.
const BEYOND: Duration = Duration::from_secs(1);

/// Does what the rules of the world and the request's own header want.
pub(crate) async fn door(
    State((world, system)): State<(Arc<World>, System)>,
    request: Request,
    next: Next,
) -> Response {
    match try_door(&world, system, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.by(system).into_response(),
    }
}

async fn try_door(
    world: &Arc<World>,
    system: System,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let own = asked_for(&request, system)?;
    let faults = &world.faults;
    let centre_too = system == System::Ca && faults.any(Place::Centre).await?;
    let rules = faults.any(Place::Door).await? || faults.any(Place::Envelope).await?;
    if own.is_empty() && !centre_too && !rules {
        return Ok(next.run(request).await);
    }
    let (parts, content, facts) = looked_at(request).await?;
    let mut struck = own.clone();
    for fault in &own {
        faults.note(fault, system, &facts).await?;
    }
    if !ends(&struck) {
        struck.extend(faults.strike(Place::Door, system, Side::Request, &facts).await?);
    }
    if system == System::Ca && !ends(&struck) {
        struck.extend(faults.strike_centre(centre::matter(parts.uri.path()), &facts).await?);
    }
    let met = Met { world, system, facts: &facts, struck: &struck };
    if let Some(response) = met.instead(&content).await? {
        return Ok(told(response, &struck));
    }
    let envelope: Vec<Fault> =
        struck.iter().filter(|fault| fault.place() == Place::Envelope).cloned().collect();
    let content = if struck.iter().any(|fault| fault.name == Name::TspWrongImprint) {
        centre::with_another_imprint(&content).into()
    } else {
        content
    };
    let request = Request::from_parts(parts, Body::from(content));
    let before = met.leavings().await?;
    let response = ASKED.scope((facts.clone(), envelope), next.run(request)).await;
    let response = met.afterwards(response, before).await;
    Ok(told(response, &struck))
}

/// Whether nothing more happens to the request.
fn ends(struck: &[Fault]) -> bool {
    struck.iter().any(|fault| fault.name.ends_a_request())
}

/// The faults of the request's own header.
fn asked_for(request: &Request, system: System) -> Result<Vec<Fault>, Problem> {
    let invalid = |why: String| Problem::new(Code::InvalidValue).detail(format!("{HEADER}: {why}"));
    let mut faults = Vec::new();
    for value in request.headers().get_all(HEADER) {
        let text = value.to_str().map_err(|_| invalid("it is no text".to_owned()))?;
        for word in text.split(',') {
            let fault: Fault = word.parse().map_err(|error| invalid(format!("{error}")))?;
            let fits = match fault.place() {
                Place::Door => fault.name != Name::RegistryDown || is_register(system),
                Place::Envelope => true,
                Place::Centre => system == System::Ca,
                Place::Sending => false,
            };
            if !fits {
                let why = "it does not happen at this door; `qaqpa faults add` makes a rule of it";
                return Err(invalid(format!("`{fault}`: {why}")));
            }
            faults.push(fault);
        }
    }
    Ok(faults)
}

/// The request with its content in hand, and what is known of it.
async fn looked_at(request: Request) -> Result<(Parts, Bytes, Facts), Problem> {
    let (parts, content) = request.into_parts();
    let content = if parts.method == Method::POST || parts.method == Method::PUT {
        let too_large = |error: axum::Error| Problem::new(Code::BodyTooLarge).detail(error.to_string());
        axum::body::to_bytes(content, LARGEST_BODY).await.map_err(too_large)?
    } else {
        Bytes::new()
    };
    let facts = Facts::at_door(parts.uri.path(), &content);
    Ok((parts, content, facts))
}

/// A request with the faults that it meets.
struct Met<'a> {
    world: &'a Arc<World>,
    system: System,
    facts: &'a Facts,
    struck: &'a [Fault],
}

impl Met<'_> {
    /// What is answered in the place of the system, after what holds the request up.
    async fn instead(&self, content: &Bytes) -> Result<Option<Response>, Problem> {
        for fault in self.struck {
            match fault.name {
                Name::Delay => tokio::time::sleep(fault.time().unwrap_or_default()).await,
                Name::Timeout => {
                    // Whoever waits that long waits for nothing: the connection ends.
                    tokio::time::sleep(LONGEST_HOLD).await;
                    return Ok(Some(Cut::nothing()));
                }
                Name::Http500 => {
                    return Ok(Some(page(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")));
                }
                Name::RegistryDown | Name::TspDown => {
                    return Ok(Some(page(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")));
                }
                Name::Http503RetryAfter => {
                    let mut response = page(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable");
                    let seconds = fault.time().unwrap_or_default().as_secs();
                    response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
                    return Ok(Some(response));
                }
                Name::SoapFault => {
                    let told = Told { date: Some(self.world.clock.now()), ..Told::bare(fault.code()) };
                    let envelope = told.message(Channel::Sync);
                    let head = [(header::CONTENT_TYPE, "text/xml; charset=utf-8")];
                    let status = StatusCode::INTERNAL_SERVER_ERROR;
                    return Ok(Some((status, head, envelope).into_response()));
                }
                Name::DropConnection => return Ok(Some(Cut::nothing())),
                _ => {}
            }
        }
        if self.system == System::Ca && self.struck.iter().any(|fault| fault.place() == Place::Centre) {
            let path = self.facts.path.as_deref().unwrap_or_default();
            return centre::over_http(self.world, self.struck, path, content).await;
        }
        Ok(None)
    }

    /// What becomes of the system's own answer.
    async fn afterwards(&self, mut response: Response, before: usize) -> Response {
        for fault in self.struck {
            match fault.name {
                Name::AnswerAfterTimeout => {
                    let beyond = self.world.settings.plan.patience.saturating_add(BEYOND);
                    tokio::time::sleep(fault.time().unwrap_or(beyond).min(LONGEST_HOLD)).await;
                }
                Name::ResponseBeforeAcknowledgement => {
                    let longest = fault.time().unwrap_or_default();
                    // When nothing leaves, the acknowledgement comes late: that is all there is to it.
                    let _ = tokio::time::timeout(longest, self.something_leaves(before)).await;
                }
                Name::TruncatedBody => {
                    let (parts, content) = response.into_parts();
                    let content = whole(content).await;
                    response = Response::from_parts(parts, Cut::half(content));
                }
                _ => {}
            }
        }
        response
    }

    /// Waits until the system has sent something of the case and it was taken.
    async fn something_leaves(&self, before: usize) -> Result<(), Problem> {
        wait_for(&self.world.store, true, || self.leavings(), |count| *count > before).await.map(drop)
    }

    /// How much of the case left the system so far; nobody counts where nobody waits for it.
    async fn leavings(&self) -> Result<usize, Problem> {
        let waits = |fault: &Fault| fault.name == Name::ResponseBeforeAcknowledgement;
        let Some(case) = self.facts.case.filter(|_| self.struck.iter().any(waits)) else { return Ok(0) };
        let query =
            JournalQuery::all().case(case.to_string()).system(self.system.name()).kind(EntryKind::Crossing);
        let entries = self.world.store.journal(query).await?;
        Ok(entries.iter().filter(|entry| entry.body["seen"] == "leaving").count())
    }
}

/// What a server that is not well shows.
fn page(status: StatusCode, title: &str) -> Response {
    let html = format!("<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n");
    (status, [(header::CONTENT_TYPE, "text/html")], html).into_response()
}

/// With the faults that were done in its header.
fn told(mut response: Response, struck: &[Fault]) -> Response {
    for fault in struck {
        if let Ok(value) = HeaderValue::from_str(&fault.to_string()) {
            response.headers_mut().append(HEADER, value);
        }
    }
    response
}
