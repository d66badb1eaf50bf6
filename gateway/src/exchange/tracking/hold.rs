//! Messages that wait to be fetched, for consumers that the gateway cannot call.

use registries::store::{Batch, Expect, Page};
use signer::soap::asynchronous::Poll;
use signer::{Problem, System};

use super::{PASSED_ON, PassedOn, key};
use crate::exchange::parcel::Parcel;
use crate::exchange::records::{POLLED, SystemRecord};
use crate::site::Site;

/// The record kind of messages that wait to be fetched; keys are `{gateway}/{consumer}/{moment}-{message id}`.
pub(super) const WAITING: &str = "waiting";
/// The most messages given out at once.
const MOST: usize = 100;

/// Whether a system fetches its messages instead of being called.
pub(crate) fn is_polled(record: &SystemRecord) -> bool {
    record.address.as_deref() == Some(POLLED)
}

/// Adds that a message waits for its consumer.
pub(crate) fn hold(site: &Site, parcel: &Parcel, batch: Batch) -> Result<Batch, Problem> {
    let id = parcel.envelope.message_id;
    let moment = parcel.envelope.message_date.as_microsecond();
    let place = key(site, format!("{}/{moment:020}-{id}", parcel.to));
    let batch = batch.put(WAITING, &place, parcel, Expect::Anything)?;
    let original = parcel.envelope.correlation_id.unwrap_or(id);
    Ok(batch.put(
        PASSED_ON,
        &key(site, id),
        &PassedOn { original, waiting: Some(place) },
        Expect::Anything,
    )?)
}

/// The messages that wait for a system, the oldest first.
pub(super) async fn waiting(site: &Site, consumer: System, poll: &Poll) -> Result<Vec<Parcel>, Problem> {
    let page = Page::all().prefix(key(site, format!("{consumer}/")));
    let all = site.world.store.list_as::<Parcel>(WAITING, page).await?;
    let wanted = |parcel: &Parcel| {
        let envelope = &parcel.envelope;
        poll.message_id.is_none_or(|id| envelope.message_id == id)
            && poll.correlation_id.is_none_or(|id| envelope.correlation_id == Some(id))
            && poll.service_id.as_ref().is_none_or(|service| envelope.service_id == *service)
    };
    let found = all.into_iter().map(|record| record.value).filter(wanted);
    Ok(found.take(poll.amount.unwrap_or(MOST).min(MOST)).collect())
}
