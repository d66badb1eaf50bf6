//! Faults at a system's door.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use registries::store::{EntryKind, JournalQuery};
use signer::soap::{Channel, Fault as Told};
use signer::{Problem, System, http};

use super::asked::{asked_for, can_be_done, told};
use super::centre;
use super::cut::{Cut, whole};
use super::envelope::answered;
use super::facts::Facts;
use super::fault::{Fault, LONGEST_HOLD};
use super::name::{Name, Place};
use super::rule::Side;
use crate::exchange::{soap_channel, soap_fault};
use crate::systems::wait_for;
use crate::world::World;

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
    let asked = asked_for(request.headers())?;
    let faults = &world.faults;
    let centre_too = system == System::Ca && faults.any(Place::Centre).await?;
    let rules = faults.any(Place::Door).await? || faults.any(Place::Envelope).await?;
    if asked.is_empty() && !centre_too && !rules {
        return Ok(next.run(request).await);
    }
    let (parts, content, facts) = looked_at(request).await?;
    can_be_done(&asked, system, &parts, &content)?;
    let (in_answer, at_door): (Vec<Fault>, Vec<Fault>) =
        asked.into_iter().partition(|fault| fault.place() == Place::Envelope);
    let (after, before): (Vec<Struck>, Vec<Struck>) =
        at_door.into_iter().map(Struck::asked).partition(Struck::comes_afterwards);
    let mut met = Met { world, system, facts: &facts, done: Vec::new() };
    let before = met.and_rules(before, parts.uri.path()).await?;
    let changed = met.changed(&before, content).await?;
    if let Some(response) = met.instead(&before, &changed).await? {
        return Ok(told(response, &met.done));
    }
    let after = met.and_rules_after(after).await?;
    let request = Request::from_parts(parts, Body::from(changed));
    let left = met.leavings(&after).await?;
    let (response, in_answer) = answered(facts.clone(), in_answer, next.run(request)).await;
    met.done.extend(in_answer);
    let response = met.afterwards(&after, response, left).await?;
    Ok(told(response, &met.done))
}

/// A fault that is to be done to a request.
struct Struck {
    fault: Fault,
    /// Whether the request asks for it itself: no rule has counted it.
    is_asked: bool,
}

impl Struck {
    fn asked(fault: Fault) -> Self {
        Self { fault, is_asked: true }
    }

    fn by_rule(fault: Fault) -> Self {
        Self { fault, is_asked: false }
    }

    fn comes_afterwards(&self) -> bool {
        self.fault.name.comes_afterwards()
    }
}

/// The request with its content in hand, and what is known of it.
async fn looked_at(request: Request) -> Result<(Parts, Bytes, Facts), Problem> {
    let (parts, content) = request.into_parts();
    let content = if parts.method == Method::POST || parts.method == Method::PUT {
        http::body(Request::new(content)).await?
    } else {
        Bytes::new()
    };
    let facts = Facts::at_door(parts.uri.path(), &content);
    Ok((parts, content, facts))
}

/// A request that meets faults.
struct Met<'a> {
    world: &'a Arc<World>,
    system: System,
    facts: &'a Facts,
    /// What was done so far.
    done: Vec<Fault>,
}

impl Met<'_> {
    /// What is asked for, and what the rules want before the system is asked or in its place.
    async fn and_rules(&self, mut struck: Vec<Struck>, path: &str) -> Result<Vec<Struck>, Problem> {
        let ends = |struck: &[Struck]| struck.iter().any(|one| one.fault.name.ends_a_request());
        let faults = &self.world.faults;
        if !ends(&struck) {
            let before = |name: Name| !name.comes_afterwards();
            let side = Side::Request;
            let rules = faults.strike_where(Place::Door, self.system, side, self.facts, before).await?;
            struck.extend(rules.into_iter().map(Struck::by_rule));
        }
        if self.system == System::Ca && !ends(&struck) {
            let rules = faults.strike_centre(centre::matter(path), self.facts, |_| true).await?;
            struck.extend(rules.into_iter().map(Struck::by_rule));
        }
        Ok(struck)
    }

    /// What is asked for, and what the rules want of the answer.
    async fn and_rules_after(&self, mut struck: Vec<Struck>) -> Result<Vec<Struck>, Problem> {
        let (faults, side) = (&self.world.faults, Side::Request);
        let after = Name::comes_afterwards;
        let rules = faults.strike_where(Place::Door, self.system, side, self.facts, after).await?;
        struck.extend(rules.into_iter().map(Struck::by_rule));
        Ok(struck)
    }

    /// Takes down that a fault is done now.
    async fn does(&mut self, struck: &Struck) -> Result<(), Problem> {
        if struck.is_asked {
            self.world.faults.note(&struck.fault, self.system, self.facts).await?;
        }
        self.done.push(struck.fault.clone());
        Ok(())
    }

    /// What the system is given to read.
    async fn changed(&mut self, struck: &[Struck], content: Bytes) -> Result<Bytes, Problem> {
        let Some(one) = struck.iter().find(|one| one.fault.name == Name::TspWrongImprint) else {
            return Ok(content);
        };
        let changed: Bytes = centre::with_another_imprint(&content).into();
        if changed != content {
            self.does(one).await?;
        }
        Ok(changed)
    }

    /// What is answered in the place of the system, after what holds the request up.
    async fn instead(&mut self, struck: &[Struck], content: &Bytes) -> Result<Option<Response>, Problem> {
        for one in struck {
            if one.fault.name == Name::TspWrongImprint {
                continue;
            }
            self.does(one).await?;
            let fault = &one.fault;
            return Ok(Some(match fault.name {
                Name::Delay => {
                    tokio::time::sleep(fault.time().unwrap_or_default()).await;
                    continue;
                }
                Name::Timeout => {
                    // Whoever waits that long waits for nothing: the connection ends.
                    tokio::time::sleep(LONGEST_HOLD).await;
                    Cut::nothing()
                }
                Name::Http500 => page(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
                Name::RegistryDown | Name::TspDown => {
                    page(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
                }
                Name::Http503RetryAfter => {
                    let mut response = page(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable");
                    let seconds = fault.time().unwrap_or_default().as_secs();
                    response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
                    response
                }
                Name::SoapFault => {
                    let told = Told { date: Some(self.world.clock.now()), ..Told::bare(fault.code()) };
                    let path = self.facts.path.as_deref().unwrap_or_default();
                    soap_fault(&told, soap_channel(path).unwrap_or(Channel::Sync))
                }
                Name::DropConnection => Cut::nothing(),
                _ => {
                    let path = self.facts.path.as_deref().unwrap_or_default();
                    let Some(response) = centre::over_http(self.world, fault, path, content).await? else {
                        // The centre says what it always does.
                        self.done.pop();
                        continue;
                    };
                    response
                }
            }));
        }
        Ok(None)
    }

    /// What becomes of the system's own answer.
    async fn afterwards(
        &mut self,
        struck: &[Struck],
        mut response: Response,
        left: usize,
    ) -> Result<Response, Problem> {
        for one in struck {
            self.does(one).await?;
            match one.fault.name {
                Name::AnswerAfterTimeout => {
                    let beyond = self.world.settings.plan.patience.saturating_add(BEYOND);
                    tokio::time::sleep(one.fault.time().unwrap_or(beyond).min(LONGEST_HOLD)).await;
                }
                Name::ResponseBeforeAcknowledgement => {
                    let longest = one.fault.time().unwrap_or_default();
                    // When nothing leaves, the acknowledgement comes late: that is all there is to it.
                    let _ = tokio::time::timeout(longest, self.something_leaves(left)).await;
                }
                _ => {
                    let (parts, content) = response.into_parts();
                    let content = whole(content).await;
                    response = Response::from_parts(parts, Cut::half(content));
                }
            }
        }
        Ok(response)
    }

    /// Waits until the system has sent something of the case and it was taken.
    async fn something_leaves(&self, before: usize) -> Result<(), Problem> {
        wait_for(&self.world.store, true, || self.left(), |count| *count > before).await.map(drop)
    }

    /// How much of the case left the system so far; nobody counts where nobody waits for it.
    async fn leavings(&self, struck: &[Struck]) -> Result<usize, Problem> {
        let waits = |one: &Struck| one.fault.name == Name::ResponseBeforeAcknowledgement;
        if struck.iter().any(waits) { self.left().await } else { Ok(0) }
    }

    async fn left(&self) -> Result<usize, Problem> {
        let Some(case) = self.facts.case else { return Ok(0) };
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
