//! Answering: at the register, or at the gateway by asking the register.

use registries::store::{Batch, Expect};
use serde_json::Value;
use signer::{Code, Envelope, Problem, Property, Sender, System};
use uuid::Uuid;

use super::{ASKED_BY, Call, lists};
use crate::exchange::ask::{SHARE, session};
use crate::exchange::node::Node;
use crate::exchange::parcel::Parcel;
use crate::exchange::receive::{Accepted, Incoming, MESSAGE, replayed};
use crate::exchange::request;
use crate::exchange::wire::Reply;
use crate::journal::{Crossing, Seen};
use crate::regulation::Mode;
use crate::site::Site;

/// Answers a question of a system that may ask it, and journals both crossings.
pub(in crate::exchange) async fn serve<N: Node>(
    node: &N,
    call: Call<'_>,
    incoming: &Incoming,
) -> Result<Accepted, Problem> {
    let (site, Call { service, from, envelope }) = (node.site(), call);
    let me = site.system();
    let no_route = |what: String| Problem::new(Code::RouteUnknown).detail(what);
    if incoming.over == Mode::Async {
        return Err(no_route(format!("`{}` is answered at once: ask over SyncChannel", service.id())));
    }
    if me != service.register() && me != System::Gateway {
        let register = service.register();
        return Err(no_route(format!("`{}` is asked at the gateway or at `{register}`", service.id())));
    }
    check_kind(call, incoming)?;
    let key = format!("{me}/{}", envelope.message_id);
    if let Some(before) = site.world.store.get_as::<Accepted>(MESSAGE, &key).await? {
        return Err(replayed(site, envelope, &before.value, &incoming.sha256).await?);
    }
    let batch = site.world.store.batch();
    let entering = Crossing::of_service(service.id(), envelope.message_id, from, me, Seen::Entering);
    let (answer, mut batch) = if me == service.register() {
        node.serve(call, batch).await?
    } else {
        ask(site, call, batch).await?
    };
    let now = site.world.clock.now();
    let accepted = Accepted::new(&incoming.sha256, now, answer);
    let leaving = Crossing::of_service(service.id(), accepted.answered_by, me, from, Seen::Leaving);
    batch.entries.insert(0, entering.entry(now, me));
    let batch = batch.put(MESSAGE, &key, &accepted, Expect::Absent)?.entry(leaving.entry(now, me));
    site.world.store.commit(batch).await?;
    Ok(accepted)
}

/// That what is carried is a question of the service, where the sender names its type.
fn check_kind(call: Call<'_>, incoming: &Incoming) -> Result<(), Problem> {
    let Some((namespace, name)) = &incoming.kind else { return Ok(()) };
    let wanted = call.service.question();
    if (namespace.as_str(), name.as_str()) == (wanted.namespace, wanted.name) {
        return Ok(());
    }
    let detail = format!(
        "data is a {{{namespace}}}{name}; `{}` takes {{{}}}{}",
        call.service.id(),
        wanted.namespace,
        wanted.name
    );
    Err(Problem::new(Code::EnvelopeMalformed).detail(detail))
}

/// Asks the register, and makes sure that it answers this.
async fn ask(site: &Site, call: Call<'_>, batch: Batch) -> Result<(Value, Batch), Problem> {
    let (me, register, id) = (site.system(), call.service.register(), call.service.id());
    let parcel = passed_on(site, call)?;
    let crossing = |id_of: Uuid, from, to, seen| Crossing::of_service(id, id_of, from, to, seen);
    let leaving = crossing(parcel.envelope.message_id, me, register, Seen::Leaving);
    // Whoever asked us waits no longer than that, and wants to hear of it.
    let patience = site.world.patience(register).await.mul_f32(SHARE);
    let answered = request::ask(site, &parcel, patience).await;
    let now = site.world.clock.now();
    let reply = match answered {
        Ok((reply, _)) => reply,
        Err(problem) => {
            let problem = problem.by(me);
            let entry = leaving.refused(problem.clone()).entry(now, me);
            site.world.store.commit(site.world.store.batch().entry(entry)).await?;
            return Err(problem);
        }
    };
    let entering = crossing(reply.id, register, me, Seen::Entering);
    match checked(site, call, reply).await {
        Ok(answer) => Ok((answer, batch.entry(leaving.entry(now, me)).entry(entering.entry(now, me)))),
        Err(problem) => {
            let problem = problem.by(me);
            let refused = entering.refused(problem.clone()).entry(now, me);
            let batch = site.world.store.batch().entry(leaving.entry(now, me)).entry(refused);
            site.world.store.commit(batch).await?;
            Err(problem)
        }
    }
}

async fn checked(site: &Site, call: Call<'_>, reply: Reply) -> Result<Value, Problem> {
    let unfit = |problem: Problem| {
        if problem.status >= 500 {
            return problem; // it could not be made sure of
        }
        let detail = format!("`{}`: {problem}", call.service.register());
        Problem::new(Code::AnswerRefused).detail(detail).fact("reason", problem.code)
    };
    site.check_system_certificate(&reply.certificate).await.map_err(unfit)?;
    let nothing = || Problem::new(Code::EnvelopeMalformed).detail("it carries nothing");
    let mut answer = reply.data.ok_or_else(nothing).map_err(unfit)?;
    lists(&mut answer);
    call.service.check_answer(&call.envelope.data, &answer).map_err(unfit)?;
    Ok(answer)
}

/// The question in an envelope of our own.
fn passed_on(site: &Site, call: Call<'_>) -> Result<Parcel, Problem> {
    let Call { service, envelope, .. } = call;
    let mut properties = envelope.properties.clone();
    properties.retain(|property| property.key != ASKED_BY);
    properties.push(Property { key: ASKED_BY.to_owned(), value: call.asked_by().name().to_owned() });
    let envelope = Envelope {
        message_id: Uuid::new_v4(),
        correlation_id: Some(envelope.message_id),
        message_date: site.world.clock.now(),
        sender: Sender { sender_id: site.identity()?.sender_id, password: None },
        properties,
        session_id: session(site, envelope),
        ..envelope.clone()
    };
    Ok(Parcel { to: service.register(), mode: Mode::Sync, envelope })
}
