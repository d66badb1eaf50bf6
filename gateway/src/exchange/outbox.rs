//! Sending what was queued: at least once, until it is acknowledged or refused for good.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use registries::store::{Batch, Outgoing, StoreError};
use signer::soap::asynchronous::MessageState;
use signer::{Code, Problem};
use tokio::task::JoinSet;

use super::node::Node;
use super::parcel::{Notice, Queued};
use super::payload::{Payload, Response};
use super::records::kept;
use super::request::{Answered, RETRY_AFTER, Unsent, request, tell};
use super::tracking::{hold, is_given_up, is_polled, settled};
use crate::journal::{Crossing, Seen};
use crate::site::Site;

/// The pause before the first retry, on the world's clock; it doubles up to the longest.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(1);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(5);
/// How many messages of one system are under way at once.
const AT_ONCE: usize = 16;

/// Sends what a system has queued, until the task is dropped. A message that waits long for its answer holds none of
/// the others up, while fewer than `AT_ONCE` do.
pub async fn run<N: Node>(node: Arc<N>) {
    let world = node.site().world.clone();
    let system = node.site().system();
    let mut changes = world.store.queue(system.name());
    let mut under_way = JoinSet::new();
    let mut ids = BTreeSet::new();
    loop {
        changes.borrow_and_update();
        let next = match due(node.site(), &ids).await {
            Ok((due, next)) => {
                for outgoing in due {
                    ids.insert(outgoing.id.clone());
                    under_way.spawn(settle(node.clone(), outgoing));
                }
                next
            }
            // The world is being closed, and this task with it.
            Err(StoreError::Closed) => return,
            Err(error) => {
                tracing::error!(%system, %error, "the queue cannot be read");
                None
            }
        };
        tokio::select! {
            result = changes.changed() => if result.is_err() { return },
            Some(settled) = under_way.join_next() => match settled {
                Ok(id) => drop(ids.remove(&id)),
                Err(error) => {
                    // Whose it was is not said: what is still there is looked at anew.
                    tracing::error!(%system, %error, "sending a message broke off");
                    under_way.abort_all();
                    while under_way.join_next().await.is_some() {}
                    ids.clear();
                }
            },
            () = world.sleep_until(next) => {}
        }
    }
}

/// The messages to send now, but for those that are under way, and when the next one is due; never while as many as
/// may be are under way, or while the system is silent.
async fn due(
    site: &Site,
    under_way: &BTreeSet<String>,
) -> Result<(Vec<Outgoing>, Option<Timestamp>), StoreError> {
    let free = AT_ONCE.saturating_sub(under_way.len());
    // While another system has its place, what it queued waits until it comes back.
    if free == 0 || site.world.stands_elsewhere(site.system()) {
        return Ok((Vec::new(), None));
    }
    let (store, system, now) = (&site.world.store, site.system().name(), site.world.clock.now());
    let waits = |outgoing: &Outgoing| !under_way.contains(&outgoing.id);
    let taken = store.take(system, now, AT_ONCE).await?;
    let mut due = taken.messages;
    due.retain(waits);
    // Those beyond what is free are this process's already; they are looked at again when one is settled.
    let next = if due.len() > free { None } else { taken.next };
    due.truncate(free);
    Ok((due, next))
}

/// Sends a message once; its id comes back when that is settled.
async fn settle<N: Node>(node: Arc<N>, outgoing: Outgoing) -> String {
    if let Err(error) = deliver(&*node, &outgoing).await
        && let Err(error) = postpone(node.site(), &outgoing, &error.to_string(), SignedDuration::ZERO).await
    {
        let system = node.site().system();
        tracing::error!(%system, id = outgoing.id, %error, "a message could not be settled");
    }
    outgoing.id
}

async fn deliver<N: Node>(node: &N, outgoing: &Outgoing) -> Result<(), Problem> {
    let site = node.site();
    let parcel = match serde_json::from_str(&outgoing.body).map_err(Problem::technical)? {
        Queued::Message(parcel) => parcel,
        Queued::Notice(notice) => return notify(site, outgoing, &notice).await,
    };
    let payload = parcel.payload()?;
    if site.system().is_gateway() && kept(&site.world, parcel.to).await?.is_some_and(|to| is_polled(&to)) {
        let batch = site.world.store.batch().change(outgoing.done());
        return commit(site, hold(site, &parcel, batch)?).await;
    }
    let patience = site.world.patience(parcel.to).await;
    let mut leaving = Crossing {
        message_id: Some(parcel.envelope.message_id.to_string()),
        document: Some(payload.document.clone()),
        ..Crossing::between(payload.message, site.system(), parcel.to, Seen::Leaving)
    };
    let mut crossings = Vec::new();
    let mut refused = None;
    match request(site, &parcel, patience).await {
        Err(Unsent::TryAgain(problem)) => {
            if !is_given_up(site, &parcel).await? {
                return hinder(node, outgoing, &payload, problem).await;
            }
            refused = Some((MessageState::DeliveryStopped, problem));
        }
        Err(Unsent::Refused(problem)) => refused = Some((MessageState::NotDelivered, problem)),
        Ok(Answered { response: Response::Acknowledgement(_), .. }) if payload.message.answer().is_none() => {
            if outgoing.attempts > 0 {
                node.hindered(&payload, None).await?;
            }
        }
        Ok(Answered { id, response: Response::Answer(document) }) => {
            let Some(answer) = payload.message.answer() else {
                let problem = Problem::new(Code::AnswerRefused).detail("an answer to what is no question");
                return hinder(node, outgoing, &payload, problem).await;
            };
            let entering = Crossing {
                message_id: Some(id.to_string()),
                document: Some(document.clone()),
                ..Crossing::between(answer, parcel.to, site.system(), Seen::Entering)
            };
            match node.answered(&payload, document).await {
                Ok(()) => crossings.push(entering),
                // Too late, or a second time: it changes nothing, and is not asked for again.
                Err(problem) if problem.code == Code::StepOutOfOrder => {
                    crossings.push(entering.refused(problem));
                }
                Err(problem) if problem.code == Code::Busy => return Err(problem),
                Err(problem) => {
                    note(site, &payload, &entering.refused(problem.clone())).await?;
                    return hinder(node, outgoing, &payload, problem).await;
                }
            }
        }
        Ok(_) => {
            let problem =
                Problem::new(Code::AnswerRefused).detail("a question is answered, not acknowledged");
            return hinder(node, outgoing, &payload, problem).await;
        }
    }
    if let Some((_, problem)) = &refused {
        node.rejected(&payload, problem.clone()).await?;
        leaving = leaving.refused(problem.clone());
    }
    let now = site.world.clock.now();
    crossings.insert(0, leaving);
    let outcome = refused.as_ref().map_or(Ok(()), |(state, problem)| Err((*state, problem)));
    let batch = site.world.store.batch().change(outgoing.done());
    let mut batch = settled(site, &parcel, outcome, batch).await?;
    for crossing in &crossings {
        batch = batch.entry(crossing.entry(now, site.system()).case(payload.case.to_string()));
    }
    commit(site, batch).await
}

/// Tells what is to be told. A clear no is no better next time.
async fn notify(site: &Site, outgoing: &Outgoing, notice: &Notice) -> Result<(), Problem> {
    match tell(site, notice, site.world.patience(notice.to).await).await {
        Err(Unsent::TryAgain(problem)) => {
            return postpone(site, outgoing, &problem.to_string(), SignedDuration::ZERO).await;
        }
        Err(Unsent::Refused(problem)) => {
            tracing::warn!(system = %site.system(), to = %notice.to, %problem, "a notice was refused");
        }
        Ok(()) => {}
    }
    commit(site, site.world.store.batch().change(outgoing.done())).await
}

/// Commits what settles a message, unless another worker on the same database settled it.
async fn commit(site: &Site, batch: Batch) -> Result<(), Problem> {
    match site.world.store.commit(batch).await {
        Ok(_) | Err(StoreError::OutgoingConflict { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn note(site: &Site, payload: &Payload, crossing: &Crossing) -> Result<(), Problem> {
    let entry = crossing.entry(site.world.clock.now(), site.system()).case(payload.case.to_string());
    site.world.store.commit(site.world.store.batch().entry(entry)).await?;
    Ok(())
}

/// Says in the case what holds it up, and tries again later.
async fn hinder<N: Node>(
    node: &N,
    outgoing: &Outgoing,
    payload: &Payload,
    problem: Problem,
) -> Result<(), Problem> {
    let why = problem.to_string();
    let seconds = problem.facts.get(RETRY_AFTER).and_then(serde_json::Value::as_i64).unwrap_or_default();
    let least = SignedDuration::from_secs(seconds);
    if let Err(error) = node.hindered(payload, Some(problem)).await {
        // Somebody else changes the case at this moment; the next try says it again.
        tracing::debug!(case = %payload.case, %error, "the hindrance is not noted");
    }
    postpone(node.site(), outgoing, &why, least).await
}

/// Not before `least`, on the world's clock, and never later than the longest pause.
async fn postpone(site: &Site, outgoing: &Outgoing, why: &str, least: SignedDuration) -> Result<(), Problem> {
    let doubled = FIRST_PAUSE.as_secs().saturating_mul(1 << outgoing.attempts.min(16));
    let pause = SignedDuration::from_secs(doubled).max(least).min(LONGEST_PAUSE);
    tracing::warn!(system = %site.system(), id = outgoing.id, why, "not delivered; trying again in {pause:#}");
    let due = site.world.clock.now().saturating_add(pause).unwrap_or(Timestamp::MAX);
    commit(site, site.world.store.batch().change(outgoing.postpone(due))).await
}
