//! How far asynchronous messages have come: what the gateway keeps of them, and what it tells their senders.
//!
//! A message that the gateway took over AsyncChannel is *on delivery* until the consumer has it: because it answered
//! when the message was pushed to it, or fetched it and said so in a delivery notification. A consumer may say of a
//! message that it did not accept it, for good or to have it again. What is not delivered within three days of the
//! world's clock is given up. Whoever sent the message is told of every change and may ask at any time.

mod ask;
mod hold;
mod told;

use jiff::{SignedDuration, Timestamp};
use registries::store::{Batch, Expect, Outgoing, Versioned};
use serde::{Deserialize, Serialize};
use signer::soap::Status;
use signer::soap::asynchronous::{Change, MessageState, Notification, StatusInfo};
use signer::{Problem, System};
use uuid::Uuid;

use super::node::Delivery;
use super::parcel::{Notice, Parcel, Queued, Says};
use super::payload::Payload;
use super::records::kept;
use super::wire::Wire;
use crate::regulation::Mode;
use crate::site::Site;

pub(super) use ask::respond;
pub(super) use hold::{hold, is_polled};

/// The record kind of asynchronous messages; keys are `{gateway}/{message id}`.
const TRACKED: &str = "tracked";
/// The record kind of what was passed on, by the id that it was passed on with; keys are `{gateway}/{message id}`.
const PASSED_ON: &str = "passed-on";
/// The record kind of what a system sent and may yet hear of; keys are `{system}/{message id}`.
const SENT: &str = "sent";
/// When the gateway gives up.
const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_hours(72);

/// What the gateway keeps of an asynchronous message.
#[derive(Clone, Serialize, Deserialize)]
struct Tracked {
    /// The case that it belongs to.
    case: Uuid,
    /// Who sent it.
    from: System,
    /// Whom it is passed on to.
    to: System,
    state: MessageState,
    status: StatusInfo,
    /// The message as it is passed on, while it may be wanted again.
    parcel: Option<Parcel>,
}

/// What is known of a message by the id that it was passed on with.
#[derive(Serialize, Deserialize)]
struct PassedOn {
    /// The id that it came with.
    original: Uuid,
    /// Where it waits to be fetched.
    waiting: Option<String>,
}

fn key(site: &Site, id: impl std::fmt::Display) -> String {
    format!("{}/{id}", site.system())
}

fn status(code: &str, message: impl Into<String>, date: Timestamp) -> StatusInfo {
    StatusInfo { code: code.to_owned(), message: message.into(), date }
}

/// Begins to track a message that came over AsyncChannel and goes on as `parcel`.
pub(super) fn track(
    site: &Site,
    delivery: &Delivery,
    parcel: &Parcel,
    now: Timestamp,
    batch: Batch,
) -> Result<Batch, Problem> {
    let (original, passed_on) = (delivery.message_id, parcel.envelope.message_id);
    let tracked = Tracked {
        case: delivery.payload.case,
        from: delivery.from,
        to: parcel.to,
        state: MessageState::OnDelivery,
        status: status(Status::SUCCESS, "on its way", now),
        parcel: Some(parcel.clone()),
    };
    let batch = batch.put(TRACKED, &key(site, original), &tracked, Expect::Anything)?;
    let link = PassedOn { original, waiting: None };
    Ok(batch.put(PASSED_ON, &key(site, passed_on), &link, Expect::Anything)?)
}

/// The consumer's word that it has a message, to the gateway that pushed it.
pub(super) async fn accepted(
    site: &Site,
    delivery: &Delivery,
    service: &str,
) -> Result<Option<Outgoing>, Problem> {
    let now = site.world.clock.now();
    let notification = Notification {
        message_id: delivery.message_id,
        service_id: service.to_owned(),
        date: now,
        accepted: true,
        resend: false,
        error: None,
        sender: None,
    };
    notice(site, delivery.payload.case, delivery.from, Says::Delivery(notification)).await
}

/// A notice, for systems that are written to by SOAP: the others know none.
async fn notice(site: &Site, case: Uuid, to: System, says: Says) -> Result<Option<Outgoing>, Problem> {
    let record = kept(&site.world, to).await?;
    if record.is_none_or(|record| record.wire == Wire::Json || is_polled(&record)) {
        return Ok(None);
    }
    let body = serde_json::to_string(&Queued::Notice(Notice { to, says })).map_err(Problem::technical)?;
    let outgoing =
        Outgoing::new(site.system().name(), Uuid::new_v4().to_string(), site.world.clock.now(), body);
    Ok(Some(outgoing.case(case.to_string())))
}

async fn tracked(site: &Site, original: Uuid) -> Result<Option<Versioned<Tracked>>, Problem> {
    Ok(site.world.store.get_as::<Tracked>(TRACKED, &key(site, original)).await?)
}

/// Adds what a clear answer to a message means for those who wait to hear of it: `Ok` is a yes.
pub(super) async fn settled(
    site: &Site,
    parcel: &Parcel,
    outcome: Result<(), (MessageState, &Problem)>,
    batch: Batch,
) -> Result<Batch, Problem> {
    if let Some(original) = parcel.envelope.correlation_id
        && let Some(found) = tracked(site, original).await?
    {
        // A delivery notification may have come first; it knows more.
        if found.value.state != MessageState::OnDelivery {
            return Ok(batch);
        }
        let now = site.world.clock.now();
        let (state, said) = match outcome {
            Ok(()) => (MessageState::Delivered, status(Status::SUCCESS, "delivered", now)),
            Err((state, problem)) => (state, status(Status::DATA, problem.to_string(), now)),
        };
        return change(site, original, found, state, said, batch).await;
    }
    if outcome.is_ok() && parcel.is_tracked_by(site.system()) {
        let payload = Payload { attachments: Vec::new(), ..parcel.payload()? };
        return Ok(batch.put(SENT, &key(site, parcel.envelope.message_id), &payload, Expect::Anything)?);
    }
    Ok(batch)
}

/// Writes down how far a message has come and tells its sender.
async fn change(
    site: &Site,
    original: Uuid,
    found: Versioned<Tracked>,
    state: MessageState,
    status: StatusInfo,
    mut batch: Batch,
) -> Result<Batch, Problem> {
    let (case, from) = (found.value.case, found.value.from);
    let told = Change { message_id: original, state, status: status.clone(), sender: None };
    let over = matches!(state, MessageState::NotDelivered | MessageState::DeliveryStopped);
    let parcel = found.value.parcel.filter(|_| !over);
    let tracked = Tracked { state, status, parcel, ..found.value };
    batch = batch.put(TRACKED, &key(site, original), &tracked, Expect::Version(found.version))?;
    Ok(match notice(site, case, from, Says::Changed(told)).await? {
        Some(notice) => batch.send(notice),
        None => batch,
    })
}

/// Whether a message that cannot be delivered is given up by now.
pub(super) async fn is_given_up(site: &Site, parcel: &Parcel) -> Result<bool, Problem> {
    let Some(original) = parcel.envelope.correlation_id else { return Ok(false) };
    let waited = site.world.clock.now().duration_since(parcel.envelope.message_date);
    Ok(parcel.mode == Mode::Async && waited >= GIVEN_UP_AFTER && tracked(site, original).await?.is_some())
}
