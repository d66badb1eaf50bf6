//! One request to a system, and what its answer is worth.

use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header::{self, CONTENT_TYPE};
use certs::Certificate;
use serde::Deserialize;
use signer::http::LARGEST_BODY;
use signer::{Code, Problem, System};
use uuid::Uuid;

use super::parcel::{Notice, Parcel};
use super::payload::{Acknowledgement, Response};
use super::records::{SystemRecord, bound, kept};
use super::tracking::is_polled;
use super::wire::{self, Door, NoReply, Reply, Wire, Written};
use crate::faults::{self, Sealing};
use crate::regulation::Mode;
use crate::site::Site;

/// In a problem: how many seconds to leave the receiver alone.
pub(super) const RETRY_AFTER: &str = "retry_after";
/// In a problem: what of a message it is about.
pub(super) const PART: &str = "part";
/// The envelope, and not the message in it.
pub(super) const ENVELOPE: &str = "envelope";

/// A system's clear yes: the answer, and the id of the envelope that it came in.
pub(super) struct Answered {
    pub(super) id: Uuid,
    pub(super) response: Response,
}

/// Why there was no clear yes.
pub(super) enum Unsent {
    /// A clear no: the receiver judged the message itself.
    Refused(Problem),
    /// Neither: it may be better next time.
    TryAgain(Problem),
}

/// Signs and sends a parcel once, or as the faults of the world have it. Whatever is not a clear yes or a clear no is
/// to be tried again.
pub(super) async fn request(site: &Site, parcel: &Parcel, patience: Duration) -> Result<Answered, Unsent> {
    let to = parcel.to;
    let record = known(site, to).await.map_err(Unsent::TryAgain)?;
    if record.as_ref().is_some_and(is_polled) {
        let what = "it fetches its messages from a gateway, and this one does not go through one";
        return Err(Unsent::TryAgain(no_answer(to, what)));
    }
    let door = Door { base: &site.world.address(to), record: record.as_ref() };
    let attempt = faults::attempt(site, &parcel.envelope, to, door.wire() != Wire::Json).await;
    let attempt = attempt.map_err(Unsent::TryAgain)?;
    if let Some((id, response)) = attempt.lost {
        return Ok(Answered { id, response });
    }
    let send = async || once(site, parcel, &attempt.sealing, &door, patience).await;
    let mut answered = send().await;
    if attempt.twice {
        answered = send().await;
    }
    site.world.faults.one_left(site.system());
    answered
}

async fn once(
    site: &Site,
    parcel: &Parcel,
    sealing: &Sealing,
    door: &Door<'_>,
    patience: Duration,
) -> Result<Answered, Unsent> {
    let to = parcel.to;
    let mode = parcel.mode_from(site.system());
    let written = written(sealing, mode, door).map_err(Unsent::TryAgain)?;
    let Posted { status, body, pause } = post(site, to, written, patience).await?;
    match wire::read(door.wire(), mode, status, &body, certificate(door.record).as_slice()) {
        Ok(reply) => answered(site, parcel, reply).await.map_err(Unsent::TryAgain),
        Err(NoReply::Problem(problem)) => refused(site, parcel, later(problem, pause)).await,
        Err(no_reply) => Err(Unsent::TryAgain(later(odd(to, no_reply), pause))),
    }
}

/// Asks a service of a register once: what came back, signed by the register, to this question, and the very bytes. A
/// register's word that it is not asked rightly is the asking system's to hear.
pub(super) async fn ask(
    site: &Site,
    parcel: &Parcel,
    patience: Duration,
) -> Result<(Reply, Vec<u8>), Problem> {
    let to = parcel.to;
    let record = known(site, to).await?;
    let door = Door { base: &site.world.address(to), record: record.as_ref() };
    let attempt = faults::attempt(site, &parcel.envelope, to, door.wire() != Wire::Json).await?;
    let send = async || {
        let posted = post(site, to, written(&attempt.sealing, Mode::Sync, &door)?, patience).await;
        posted.map_err(|unsent| match unsent {
            Unsent::Refused(problem) | Unsent::TryAgain(problem) => problem,
        })
    };
    let mut posted = send().await;
    if attempt.twice {
        posted = send().await;
    }
    site.world.faults.one_left(site.system());
    let Posted { status, body, pause } = posted?;
    let read = wire::read(door.wire(), Mode::Sync, status, &body, certificate(door.record).as_slice());
    let reply = read.map_err(|no_reply| later(odd(to, no_reply), pause))?;
    bound(&site.world, to, &reply.certificate).await.map_err(|problem| unusable(to, problem))?;
    if reply.correlation_id != Some(parcel.envelope.message_id) {
        let problem = Problem::new(Code::AnswerToOther).detail("it answers another message");
        return Err(unusable(to, problem));
    }
    Ok((reply, body))
}

/// Tells a system something of an asynchronous message, once.
pub(super) async fn tell(site: &Site, notice: &Notice, patience: Duration) -> Result<(), Unsent> {
    let to = notice.to;
    let record = known(site, to).await.map_err(Unsent::TryAgain)?;
    let door = Door { base: &site.world.address(to), record: record.as_ref() };
    if door.wire() == Wire::Json {
        return Ok(()); // it is written to otherwise by now, and knows no such notices
    }
    if faults::is_lost(site, notice.message_id()).await.map_err(Unsent::TryAgain)? {
        return Ok(());
    }
    let identity = site.identity().map_err(Unsent::TryAgain)?;
    let written = wire::write_notice(notice, &identity, &door).map_err(Unsent::TryAgain)?;
    let Posted { status, body, .. } = post(site, to, written, patience).await?;
    match wire::read_notice(notice, status, &body, certificate(door.record).as_slice()) {
        Ok(reply) => bound(&site.world, to, &reply.certificate).await.map_err(Unsent::TryAgain),
        Err(NoReply::Problem(problem)) if problem.status < 500 => Err(Unsent::Refused(problem)),
        Err(NoReply::Problem(problem)) => Err(Unsent::TryAgain(problem)),
        Err(no_reply) => Err(Unsent::TryAgain(odd(to, no_reply))),
    }
}

/// What is known of a system; that of one in another process is read there if need be.
async fn known(site: &Site, system: System) -> Result<Option<SystemRecord>, Problem> {
    match kept(&site.world, system).await? {
        None if site.world.learns(system) => site.world.learn(system).await.map(Some),
        record => Ok(record),
    }
}

fn certificate(record: Option<&SystemRecord>) -> Option<Certificate> {
    Certificate::from_pem(&record?.certificate).ok()
}

fn written(sealing: &Sealing, mode: Mode, door: &Door<'_>) -> Result<Written, Problem> {
    let written = wire::write(&sealing.envelope, mode, &sealing.identity, door)?;
    Ok(Written { body: sealing.spoiled(written.body), ..written })
}

/// What came back.
struct Posted {
    status: StatusCode,
    body: Vec<u8>,
    /// How many seconds the receiver wants to be left alone.
    pause: Option<u64>,
}

/// Sends what is written; what comes back, if anything does.
async fn post(site: &Site, to: System, written: Written, patience: Duration) -> Result<Posted, Unsent> {
    let mut request = site.world.http_of(site.system()).post(&written.url).timeout(patience);
    request = request.header(CONTENT_TYPE, written.content_type);
    if let Some(action) = written.action {
        request = request.header("SOAPAction", format!("\"{action}\""));
    }
    let unreachable = |error: reqwest::Error| {
        let what = if error.is_timeout() { "no answer in time".to_owned() } else { error.to_string() };
        Unsent::TryAgain(no_answer(to, &what))
    };
    let response = request.body(written.body).send().await.map_err(unreachable)?;
    let status = response.status();
    let pause = retry_after(&response);
    let body = body(response, LARGEST_BODY).await;
    let body = body.map_err(|what| Unsent::TryAgain(no_answer(to, &what)))?;
    Ok(Posted { status, body, pause })
}

/// What came instead of an answer.
fn odd(to: System, no_reply: NoReply) -> Problem {
    match no_reply {
        NoReply::Problem(problem) => problem,
        NoReply::Odd(what) => no_answer(to, &what),
        NoReply::Unusable(problem) => unusable(to, problem),
    }
}

/// What a problem of the receiver's means for the message.
async fn refused(site: &Site, parcel: &Parcel, problem: Problem) -> Result<Answered, Unsent> {
    if problem.code == Code::MessageReplayed {
        // It was taken before: what was answered then counts.
        let Some(sealed) = problem.facts.get("sealed") else { return Err(Unsent::Refused(problem)) };
        let reply = wire::sealed_reply(&sealed.to_string());
        let reply = reply.map_err(|problem| Unsent::TryAgain(unusable(parcel.to, problem)))?;
        return answered(site, parcel, reply).await.map_err(Unsent::TryAgain);
    }
    if is_final(problem.code) && !is_of_the_envelope(&problem) {
        return Err(Unsent::Refused(problem));
    }
    // A fault of the receiver's; a fault it finds in *us* is no fault of the message.
    if problem.status >= 500 {
        return Err(Unsent::TryAgain(problem));
    }
    let reason = problem.code;
    Err(Unsent::TryAgain(no_answer(parcel.to, &problem.to_string()).fact("reason", reason)))
}

/// How many seconds the receiver wants to be left alone (RFC 9110, 10.2.3); dates are not looked at.
fn retry_after(response: &reqwest::Response) -> Option<u64> {
    response.headers().get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()
}

fn later(problem: Problem, pause: Option<u64>) -> Problem {
    match pause {
        Some(seconds) => problem.fact(RETRY_AFTER, seconds),
        None => problem,
    }
}

/// Whether a receiver speaks of the envelope that a system signed, not of what is in it: what people signed is not
/// judged by it, and the next envelope may be a good one.
fn is_of_the_envelope(problem: &Problem) -> bool {
    problem.facts.get(PART).is_some_and(|part| part == ENVELOPE)
}

/// The body of an answer, as far as it is not too long.
pub(crate) async fn body(mut response: reqwest::Response, most: usize) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| error.to_string())? {
        body.extend_from_slice(&chunk);
        if body.len() > most {
            return Err(format!("more than {most} bytes"));
        }
    }
    Ok(body)
}

fn no_answer(to: System, what: &str) -> Problem {
    Problem::new(Code::SystemUnreachable).detail(format!("`{to}`: {what}")).fact("unreachable", to)
}

fn unusable(to: System, problem: Problem) -> Problem {
    if problem.status >= 500 {
        return problem; // whose key it is could not be learned
    }
    let detail = format!("`{to}`: {problem}");
    Problem::new(Code::AnswerRefused).detail(detail).fact("reason", problem.code)
}

/// What an answer says: it must answer this message and be signed by the system that the message was sent to.
async fn answered(site: &Site, parcel: &Parcel, reply: Reply) -> Result<Answered, Problem> {
    let asked = parcel.envelope.message_id;
    bound(&site.world, parcel.to, &reply.certificate)
        .await
        .map_err(|problem| unusable(parcel.to, problem))?;
    let malformed = |error: serde_json::Error| {
        unusable(parcel.to, Problem::new(Code::MalformedJson).detail(error.to_string()))
    };
    let response = match reply.data.map(Response::deserialize) {
        Some(Ok(response)) => response,
        // A system that is not of ours says yes in its own words.
        _ if reply.is_yes => Response::Acknowledgement(Acknowledgement {
            message_id: asked,
            accepted_at: site.world.clock.now(),
            accepted_by: parcel.to.name().to_owned(),
        }),
        Some(Err(error)) => return Err(malformed(error)),
        None => {
            return Err(unusable(
                parcel.to,
                Problem::new(Code::EnvelopeMalformed).detail("it carries nothing"),
            ));
        }
    };
    let answers_this = reply.correlation_id == Some(asked) || (reply.is_yes && reply.id == asked);
    let names_this = match &response {
        Response::Acknowledgement(acknowledgement) => acknowledgement.message_id == asked,
        Response::Answer(_) => true,
    };
    if !answers_this || !names_this {
        let problem = Problem::new(Code::AnswerToOther).detail("it answers another message");
        return Err(unusable(parcel.to, problem));
    }
    Ok(Answered { id: reply.id, response })
}

/// Whether a receiver judged the message itself. Anything else may be better next time: a wrong address, a peer
/// that does not know us yet, a check that could not be made.
fn is_final(code: Code) -> bool {
    matches!(
        code,
        Code::SignatureMalformed
            | Code::SignatureInvalid
            | Code::SignatureMissing
            | Code::SignatureWrapped
            | Code::XmlMalformed
            | Code::XmlRefused
            | Code::EnvelopeMalformed
            | Code::RefusedByReceiver
            | Code::BodyTooLarge
            | Code::CertificateNotBound
            | Code::SenderCertificate
            | Code::NotSubscribed
            | Code::RouteUnknown
            | Code::StepOutOfOrder
            | Code::ConsentMissing
            | Code::CertificateExpired
            | Code::CertificateNotYetValid
            | Code::CertificateRevoked
            | Code::CertificateSuspended
            | Code::CertificateSignatureInvalid
            | Code::CertificateRefused
            | Code::IssuerUnknown
            | Code::IssuerNotValid
            | Code::IssuerRevoked
            | Code::NameNotPermitted
            | Code::PolicyNotValid
            | Code::AlgorithmRefused
            | Code::KeyUsageNotSigning
            | Code::RoleNotAllowed
            | Code::IdentityMismatch
            | Code::IdentityMissing
            | Code::IdentityOtherKind
    )
}
