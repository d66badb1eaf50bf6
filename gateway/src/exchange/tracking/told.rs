//! What consumers tell the gateway of messages, and the gateway their senders.

use registries::store::{Batch, Expect};
use signer::soap::Status;
use signer::soap::asynchronous::{Change, MessageState, Notification};
use signer::{Code, Problem, System};

use super::ask::no_message;
use super::hold::WAITING;
use super::{PASSED_ON, PassedOn, SENT, Tracked, change, key, status, tracked};
use crate::exchange::node::Node;
use crate::exchange::parcel::Parcel;
use crate::exchange::payload::Payload;
use crate::journal::{Crossing, Seen};
use crate::site::Site;

/// How often what a consumer says is noted anew while the message is being settled otherwise.
const ATTEMPTS: usize = 16;

/// A consumer accepted a message, or did not: for good, or to have it again.
pub(super) async fn by_consumer(site: &Site, consumer: System, said: Notification) -> Result<(), Problem> {
    let mut last = Problem::new(Code::Busy);
    for _ in 0..ATTEMPTS {
        match noted(site, consumer, &said).await {
            Err(problem) if problem.code == Code::Busy => last = problem,
            settled => return settled,
        }
    }
    Err(last)
}

async fn noted(site: &Site, consumer: System, said: &Notification) -> Result<(), Problem> {
    let store = &site.world.store;
    let (id, now) = (said.message_id, site.world.clock.now());
    let link = store.get_as::<PassedOn>(PASSED_ON, &key(site, id)).await?.map(|found| found.value);
    let original = link.as_ref().map_or(id, |link| link.original);
    let found = tracked(site, original).await?.filter(|found| found.value.to == consumer);
    let waiting = match link.and_then(|link| link.waiting) {
        Some(place) => {
            store.get_as::<Parcel>(WAITING, &place).await?.filter(|held| held.value.to == consumer)
        }
        None => None,
    };
    if found.is_none() && waiting.is_none() {
        return Err(no_message(id));
    }
    let mut batch = store.batch();
    if let Some(held) = waiting
        && (said.accepted || !said.resend)
    {
        // The message was fetched: it crossed now.
        batch = batch.delete(WAITING, &held.key, Expect::Version(held.version));
        batch = crossed(site, &held.value, said, batch)?;
    }
    if let Some(found) = found {
        let why = said.error.clone().unwrap_or_else(|| "not accepted".to_owned());
        let (state, status) = match (said.accepted, said.resend) {
            (true, _) => (MessageState::Delivered, status(Status::SUCCESS, "accepted", now)),
            (false, true) => (MessageState::OnDelivery, status(Status::BUSINESS, why, now)),
            (false, false) => (MessageState::NotDelivered, status(Status::BUSINESS, why, now)),
        };
        batch = again(&found.value, state, now, site, batch)?;
        let news = found.value.state != state || state != MessageState::Delivered;
        let mut found = found;
        if said.accepted {
            found.value.parcel = None;
        }
        batch = if news {
            change(site, original, found, state, status, batch).await?
        } else {
            // The sender knows already.
            batch.put(
                super::TRACKED,
                &key(site, original),
                &Tracked { status, ..found.value },
                Expect::Version(found.version),
            )?
        };
    }
    store.commit(batch).await?;
    Ok(())
}

/// Queues a message once more when it is wanted again and was pushed.
fn again(
    found: &Tracked,
    state: MessageState,
    now: jiff::Timestamp,
    site: &Site,
    batch: Batch,
) -> Result<Batch, Problem> {
    match &found.parcel {
        Some(parcel) if state == MessageState::OnDelivery && found.state != state => {
            Ok(batch.send(parcel.queued(site.system(), now)?.case(found.case.to_string())))
        }
        _ => Ok(batch),
    }
}

fn crossed(site: &Site, parcel: &Parcel, said: &Notification, batch: Batch) -> Result<Batch, Problem> {
    let payload = parcel.payload()?;
    let me = site.system();
    let mut leaving = Crossing {
        message_id: Some(parcel.envelope.message_id.to_string()),
        document: Some(payload.document.clone()),
        ..Crossing::between(payload.message, me, parcel.to, Seen::Leaving)
    };
    if !said.accepted {
        let detail = said.error.clone().unwrap_or_else(|| "not accepted".to_owned());
        leaving = leaving.refused(Problem::new(Code::RefusedByReceiver).detail(detail));
    }
    Ok(batch.entry(leaving.entry(site.world.clock.now(), me).case(payload.case.to_string())))
}

/// A gateway says how far a message of ours has come. What was not delivered stops its case.
pub(super) async fn by_gateway<N: Node>(node: &N, from: System, said: Change) -> Result<(), Problem> {
    let site = node.site();
    if !from.is_gateway() {
        return Err(Problem::new(Code::RouteUnknown).detail(format!("`{from}` is no gateway")));
    }
    let place = key(site, said.message_id);
    // What is not known any more was told before.
    let Some(sent) = site.world.store.get_as::<Payload>(SENT, &place).await? else { return Ok(()) };
    match said.state {
        MessageState::OnDelivery => return Ok(()),
        MessageState::Delivered => {}
        MessageState::NotDelivered | MessageState::DeliveryStopped => {
            let detail = format!("{}: {}", said.state.word(), said.status.message);
            let problem = Problem::new(Code::RefusedByReceiver).detail(detail).fact("state", said.state);
            node.rejected(&sent.value, problem).await?;
        }
    }
    let forget = site.world.store.batch().delete(SENT, &place, Expect::Anything);
    site.world.store.commit(forget).await?;
    Ok(())
}
