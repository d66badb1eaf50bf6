//! Receiving an envelope: who sent it, does it come this way, was it taken before.

use jiff::{SignedDuration, Timestamp};
use registries::store::Expect;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use signer::{Code, Envelope, Opened, Problem, Sender, System, json_fault};
use uuid::Uuid;

use super::ask::{answer_crossing, answer_question, session};
use super::node::{Delivery, Node};
use super::parcel::Parcel;
use super::payload::{Acknowledgement, Payload, Response, service_id};
use super::records::{SystemRecord, authenticate};
use super::request::{ENVELOPE, PART};
use super::service::{Call, Service, serve};
use super::tracking;
use super::wire::sealed_answer;
use crate::journal::{Crossing, Seen};
use crate::regulation::Mode;
use crate::site::Site;

/// The record kind of accepted messages; keys are `{system}/{message id}`.
pub(super) const MESSAGE: &str = "message";

/// What is kept of an accepted message.
#[derive(Serialize, Deserialize)]
pub(super) struct Accepted {
    sha256: String,
    at: Timestamp,
    /// The id of the envelope that answers it, also when it is answered again.
    pub(super) answered_by: Uuid,
    /// What that carries: a [`Response`], or what a service answered.
    response: Value,
}

impl Accepted {
    pub(super) fn new(sha256: &str, at: Timestamp, response: Value) -> Self {
        Self { sha256: sha256.to_owned(), at, answered_by: Uuid::new_v4(), response }
    }
}

/// A message as it came: what was signed and by whom, and a digest that tells it from another one of its id.
pub(super) struct Incoming {
    pub(super) opened: Opened,
    pub(super) sha256: String,
    /// Whether its sender waits for what comes of it.
    pub(super) over: Mode,
    /// The namespace and the name of the type of what it carries, where the sender names one.
    pub(super) kind: Option<(String, String)>,
}

/// Makes sure, commits, acknowledges: the answer is yet to be signed. A refusal of a readable message goes into the
/// journal.
pub(super) async fn accept<N: Node>(
    node: &N,
    incoming: Result<Incoming, Problem>,
) -> Result<Envelope, Problem> {
    let site = node.site();
    let of_envelope = |problem: Problem| problem.fact(PART, ENVELOPE);
    let incoming = match incoming.map_err(of_envelope) {
        Ok(incoming) => incoming,
        Err(problem) => {
            note_refusal(site, None, "unknown", None, &problem).await?;
            return Err(problem.noted());
        }
    };
    let opened = &incoming.opened;
    let said = Some(&opened.envelope.sender);
    let sender = match authenticate(&site.world, said, &opened.certificate).await.map_err(of_envelope) {
        Ok(sender) => sender,
        Err(problem) => {
            // Whoever it is must not write into the journal of a case.
            note_refusal(site, Some(&opened.envelope), "unknown", None, &problem).await?;
            return Err(problem.noted());
        }
    };
    match take_or_pass_on(node, &incoming, &sender).await {
        Ok(accepted) => answer(site, &opened.envelope, &accepted),
        Err(problem) => {
            let payload = serde_json::from_value::<Payload>(opened.envelope.data.clone()).ok();
            note_refusal(site, Some(&opened.envelope), sender.system.name(), payload.as_ref(), &problem)
                .await?;
            Err(problem.noted())
        }
    }
}

async fn take_or_pass_on<N: Node>(
    node: &N,
    incoming: &Incoming,
    sender: &SystemRecord,
) -> Result<Accepted, Problem> {
    let (site, Incoming { opened, sha256, .. }) = (node.site(), incoming);
    let over = incoming.over;
    let me = site.system();
    let of_envelope = |problem: Problem| problem.fact(PART, ENVELOPE);
    site.check_system_certificate(&opened.certificate).await.map_err(of_envelope)?;
    not_of_the_future(site, &opened.envelope).map_err(of_envelope)?;
    sender.subscribed(&opened.envelope.service_id)?;
    if let Some(service) = Service::of(&opened.envelope.service_id) {
        let call = Call { service, from: sender.system, envelope: &opened.envelope };
        return serve(node, call, incoming).await;
    }
    let payload: Payload = serde_json::from_value(opened.envelope.data.clone())
        .map_err(|error| unreadable(&opened.envelope.service_id, &error))?;
    let (delivery, next) = route(site, sender, &opened.envelope, payload)?;
    let key = format!("{me}/{}", delivery.message_id);
    if let Some(before) = site.world.store.get_as::<Accepted>(MESSAGE, &key).await? {
        return Err(replayed(site, &opened.envelope, &before.value, sha256).await?);
    }
    let sent_at = delivery.sending_step(me).map(|step| step.at().to_owned());
    let located = |problem: Problem| match (&problem.step, &sent_at) {
        (None, Some(at)) => problem.at(at),
        _ => problem,
    };
    node.inspect(&delivery).await.map_err(located)?;

    let now = site.world.clock.now();
    let entering = crossing(&delivery, me, None).entry(now, me).case(delivery.payload.case.to_string());
    if delivery.payload.message.answer().is_some() {
        if over == Mode::Async {
            let detail = format!("`{}` is answered at once: ask over SyncChannel", delivery.payload.message);
            return Err(located(Problem::new(Code::RouteUnknown).detail(detail)));
        }
        let answered = answer_question(node, &delivery, next, &opened.envelope).await.map_err(located)?;
        let (document, batch) = answered;
        let accepted = Accepted::new(sha256, now, said(&Response::Answer(document.clone()))?);
        let leaving = answer_crossing(&delivery, me, accepted.answered_by, document);
        let mut batch = batch.put(MESSAGE, &key, &accepted, Expect::Absent)?;
        batch.entries.insert(0, entering);
        let leaving = leaving.entry(now, me).case(delivery.payload.case.to_string());
        site.world.store.commit(batch.entry(leaving)).await?;
        return Ok(accepted);
    }
    let acknowledgement = Acknowledgement {
        message_id: delivery.message_id,
        accepted_at: now,
        accepted_by: me.name().to_owned(),
    };
    let accepted = Accepted::new(sha256, now, said(&Response::Acknowledgement(acknowledgement))?);
    let receipt = site.world.store.batch().put(MESSAGE, &key, &accepted, Expect::Absent)?.entry(entering);
    if let Some(next) = next {
        let parcel = pass_on(site, &delivery, next, &opened.envelope, now)?;
        let case = delivery.payload.case.to_string();
        let mut batch = receipt.send(parcel.queued(me, now)?.case(case));
        if over == Mode::Async {
            batch = tracking::track(site, &delivery, &parcel, now, batch)?;
        }
        site.world.store.commit(batch).await?;
        return Ok(accepted);
    }
    let mut receipt = receipt;
    if over == Mode::Async && delivery.from.is_gateway() {
        let word = tracking::accepted(site, &delivery, &opened.envelope.service_id).await?;
        receipt.outgoing.extend(word);
    }
    node.take(delivery, receipt).await.map_err(located)?;
    Ok(accepted)
}

/// Clocks differ by as much as this.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// That a message was not written later than now. One of long ago may have waited for us; it takes effect once.
fn not_of_the_future(site: &Site, envelope: &Envelope) -> Result<(), Problem> {
    let now = site.world.clock.now();
    if envelope.message_date <= now.saturating_add(AHEAD).unwrap_or(now) {
        return Ok(());
    }
    let detail = format!("messageDate is {}, and here it is {now}", envelope.message_date);
    Err(Problem::new(Code::MessageOfTheFuture).detail(detail))
}

fn said(response: &Response) -> Result<Value, Problem> {
    serde_json::to_value(response).map_err(Problem::technical)
}

/// What carries no message of a regulation: one to a service that nobody has, or one of another shape.
fn unreadable(service_id: &str, error: &serde_json::Error) -> Problem {
    if service_id.contains('/') {
        return Problem::new(Code::EnvelopeMalformed).detail(json_fault(error));
    }
    let detail = format!("serviceId {service_id:?} is neither a service nor regulation/channel/message");
    let problem = Problem::new(Code::UnknownService).detail(detail);
    problem.fact("known", Service::ALL.map(Service::id))
}

/// The delivery, and the system it goes on to.
fn route(
    site: &Site,
    sender: &SystemRecord,
    envelope: &Envelope,
    payload: Payload,
) -> Result<(Delivery, Option<System>), Problem> {
    let (_, channel) = site.channel(&payload.regulation, &payload.channel)?;
    let service = service_id(&payload.regulation, &payload.channel, payload.message);
    if envelope.service_id != service {
        let detail = format!("serviceId {:?} for a message of {service:?}", envelope.service_id);
        return Err(Problem::new(Code::EnvelopeMalformed).detail(detail));
    }
    let me = site.system();
    let Some(next) = channel.next_hop(payload.message, sender.system, me) else {
        let detail = format!("`{}` does not go from `{}` to `{me}`", payload.message, sender.system);
        return Err(Problem::new(Code::RouteUnknown).detail(detail));
    };
    let delivery = Delivery { message_id: envelope.message_id, from: sender.system, payload, channel };
    if delivery.sending_step(me).is_none() {
        let detail = format!("no step sends such a `{}` from `{}`", delivery.payload.message, sender.system);
        return Err(Problem::new(Code::RouteUnknown).detail(detail));
    }
    Ok((delivery, next))
}

/// The first answer again, in words and sealed, when the bytes are the same.
pub(super) async fn replayed(
    site: &Site,
    envelope: &Envelope,
    before: &Accepted,
    sha256: &str,
) -> Result<Problem, Problem> {
    let problem = Problem::new(Code::MessageReplayed);
    if before.sha256 != sha256 {
        return Ok(problem.detail("another message under the same id"));
    }
    let sealed = sealed_answer(site, answer(site, envelope, before)?).await?;
    let problem = problem.detail("the same message again").fact("sealed", sealed);
    let said = ["acknowledgement", "answer"].map(|name| Some((name, before.response.get(name)?)));
    Ok(match said.into_iter().flatten().next() {
        Some((name, said)) => problem.fact(name, said),
        None => problem,
    })
}

/// The same document in an envelope of our own, to the next system on its way.
fn pass_on(
    site: &Site,
    delivery: &Delivery,
    next: System,
    envelope: &Envelope,
    now: Timestamp,
) -> Result<Parcel, Problem> {
    Parcel::new(site, next, &delivery.payload, Some(delivery.message_id), session(site, envelope), now)
}

fn crossing(delivery: &Delivery, me: System, problem: Option<&Problem>) -> Crossing {
    Crossing {
        message_id: Some(delivery.message_id.to_string()),
        message: delivery.payload.message.word().to_owned(),
        from: delivery.from.name().to_owned(),
        to: me.name().to_owned(),
        seen: Seen::Entering,
        accepted: problem.is_none(),
        problem: problem.cloned(),
        document: Some(delivery.payload.document.clone()),
    }
}

/// Journals that a message was not taken. A repeated one was taken before: that stands there already.
async fn note_refusal(
    site: &Site,
    envelope: Option<&Envelope>,
    from: &str,
    payload: Option<&Payload>,
    problem: &Problem,
) -> Result<(), Problem> {
    let me = site.system();
    let service = envelope.and_then(|envelope| Service::of(&envelope.service_id)).map(Service::id);
    let note = Crossing {
        message_id: envelope.map(|envelope| envelope.message_id.to_string()),
        message: payload.map_or(service.unwrap_or("unknown"), |payload| payload.message.word()).to_owned(),
        from: from.to_owned(),
        to: me.name().to_owned(),
        seen: Seen::Entering,
        accepted: false,
        problem: Some(problem.clone().by(me)),
        document: payload.map(|payload| payload.document.clone()),
    };
    let mut entry = note.entry(site.world.clock.now(), me);
    if let Some(payload) = payload {
        entry = entry.case(payload.case.to_string());
    }
    site.world.store.commit(site.world.store.batch().entry(entry)).await?;
    Ok(())
}

fn answer(site: &Site, to: &Envelope, accepted: &Accepted) -> Result<Envelope, Problem> {
    Ok(Envelope {
        message_id: accepted.answered_by,
        correlation_id: Some(to.message_id),
        service_id: to.service_id.clone(),
        message_date: accepted.at,
        route_id: None,
        sender: Sender { sender_id: site.identity()?.sender_id, password: None },
        properties: Vec::new(),
        session_id: to.session_id,
        data: accepted.response.clone(),
    })
}
