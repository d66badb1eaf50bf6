//! Questions to registers: answered while whoever asked waits.

use registries::store::Batch;
use signer::{Code, Document, Envelope, Problem, System};
use uuid::Uuid;

use super::inspect::{inspect_answer, question};
use super::node::{Delivery, Node};
use super::parcel::Parcel;
use super::payload::{Payload, Response};
use super::query::{About, Query};
use super::records::kept;
use super::request::{self, Answered, Unsent, request};
use super::service::Service;
use crate::journal::{Crossing, Seen};
use crate::regulation::Mode;
use crate::site::Site;

/// Which part of a request's time a system takes to ask further on: whoever asked it wants to hear of a failure.
pub(super) const SHARE: f32 = 0.8;

/// The register's answer: given here, or asked for further on while whoever asked waits.
pub(super) async fn answer_question<N: Node>(
    node: &N,
    delivery: &Delivery,
    next: Option<System>,
    envelope: &Envelope,
) -> Result<(Document, Batch), Problem> {
    let site = node.site();
    let batch = site.world.store.batch();
    let Some(next) = next else { return node.answer(delivery, batch).await };
    ask(site, delivery, next, envelope, batch).await
}

pub(super) fn answer_crossing(delivery: &Delivery, me: System, id: Uuid, document: Document) -> Crossing {
    let message = delivery.payload.message;
    Crossing {
        message_id: Some(id.to_string()),
        document: Some(document),
        ..Crossing::between(message.answer().unwrap_or(message), me, delivery.from, Seen::Leaving)
    }
}

/// The session that the gateway gives a message.
pub(super) fn session(site: &Site, envelope: &Envelope) -> Option<Uuid> {
    envelope.session_id.or_else(|| (site.system() == System::Gateway).then(Uuid::new_v4))
}

/// The question of a case for a register that knows nothing of cases: the same, in a service of its own.
fn in_its_words(site: &Site, service: Service, parcel: Parcel, payload: &Payload) -> Result<Parcel, Problem> {
    let asked = payload.document.verify()?.content;
    let query: Query = serde_json::from_slice(&asked).map_err(Problem::technical)?;
    let About::Person { iin } = &query.about else {
        let detail = format!("`{}` is asked about people alone", service.id());
        return Err(Problem::new(Code::RouteUnknown).detail(detail));
    };
    let data = question(&query, &site.identity()?.sender_id, iin, parcel.envelope.message_date);
    let envelope = Envelope { service_id: service.id().to_owned(), data, ..parcel.envelope };
    Ok(Parcel { mode: Mode::Sync, envelope, ..parcel })
}

/// Asks the next system, and makes sure of what the register behind it answers.
async fn ask(
    site: &Site,
    delivery: &Delivery,
    next: System,
    envelope: &Envelope,
    mut batch: Batch,
) -> Result<(Document, Batch), Problem> {
    let (me, payload) = (site.system(), &delivery.payload);
    let case = payload.case.to_string();
    let now = site.world.clock.now();
    let session = session(site, envelope);
    let parcel = Parcel::new(site, next, payload, Some(delivery.message_id), session, now)?;
    let service = kept(&site.world, next).await?.and_then(|record| record.service);
    let parcel = match service {
        Some(service) => in_its_words(site, service, parcel, payload)?,
        None => parcel,
    };
    // Whoever asked us waits no longer than that, and wants to hear of it.
    let patience = site.world.patience(next).await.mul_f32(SHARE);
    let answered = match service {
        Some(_) => {
            request::ask(site, &parcel, patience).await.map_err(Unsent::TryAgain).map(|(reply, body)| {
                Answered { id: reply.id, response: Response::Answer(Document::message(body)) }
            })
        }
        None => request(site, &parcel, patience).await,
    };
    let now = site.world.clock.now();
    let leaving = Crossing {
        message_id: Some(parcel.envelope.message_id.to_string()),
        document: Some(payload.document.clone()),
        ..Crossing::between(payload.message, me, next, Seen::Leaving)
    };
    let at = delivery.sending_step(me).map(|step| step.at().to_owned()).unwrap_or_default();
    let located = |problem: Problem| if problem.step.is_none() { problem.at(&at).by(me) } else { problem };
    let answered = match answered {
        Ok(Answered { id, response: Response::Answer(document) }) => Ok((id, document)),
        Ok(_) => {
            let problem = Problem::new(Code::AnswerRefused).fact("reason", Code::AnswerToOther);
            Err(problem.detail(format!("`{next}` only acknowledges a question")))
        }
        Err(Unsent::Refused(problem) | Unsent::TryAgain(problem)) => Err(problem),
    };
    let (id, document) = match answered {
        Ok(answered) => answered,
        Err(problem) => {
            let problem = located(problem);
            let entry = leaving.refused(problem.clone()).entry(now, me).case(case);
            site.world.store.commit(site.world.store.batch().entry(entry)).await?;
            return Err(problem);
        }
    };
    let answer = payload.message.answer().unwrap_or(payload.message);
    let entering = Crossing {
        message_id: Some(id.to_string()),
        document: Some(document.clone()),
        ..Crossing::between(answer, next, me, Seen::Entering)
    };
    let register = delivery.register(me).unwrap_or(next);
    if let Err(problem) = inspect_answer(site, register, payload, &document).await {
        let problem = located(problem);
        let refused = entering.refused(problem.clone()).entry(now, me).case(case.clone());
        let batch = site.world.store.batch().entry(leaving.entry(now, me).case(case)).entry(refused);
        site.world.store.commit(batch).await?;
        return Err(problem);
    }
    batch = batch.entry(leaving.entry(now, me).case(case.clone()));
    Ok((document, batch.entry(entering.entry(now, me).case(case))))
}
