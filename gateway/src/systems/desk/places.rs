//! Organisations: their free places and queues, and by which gateway they are reached. Each desk has its own of them.

use registries::store::{Batch, Expect, StoreError};
use signer::{Code, Problem};

use crate::site::Site;

const PLACES: &str = "places";
const QUEUE: &str = "queue";
const ROUTE: &str = "regional-route";

fn key(site: &Site, organisation: &str) -> String {
    format!("{}/{organisation}", site.system())
}

/// How many places an organisation has free.
pub(super) async fn free(site: &Site, organisation: &str) -> Result<u64, Problem> {
    let record = site.world.store.get_as::<u64>(PLACES, &key(site, organisation)).await?;
    Ok(record.map_or(0, |record| record.value))
}

/// Says how many places an organisation has free.
pub(super) async fn publish(site: &Site, organisation: &str, free: u64) -> Result<(), Problem> {
    let store = &site.world.store;
    store.commit(store.batch().put(PLACES, &key(site, organisation), &free, Expect::Anything)?).await?;
    Ok(())
}

/// The change that takes one place.
///
/// # Errors
/// [`Code::Busy`] when somebody else took the last one meanwhile: the deed begins again and finds none free.
pub(super) async fn take(site: &Site, organisation: &str) -> Result<Batch, Problem> {
    let (store, key) = (&site.world.store, key(site, organisation));
    let record = store.get_as::<u64>(PLACES, &key).await?;
    let record = record.filter(|record| record.value > 0).ok_or_else(|| Problem::new(Code::Busy))?;
    Ok(store.batch().put(PLACES, &key, &(record.value - 1), Expect::Version(record.version))?)
}

/// The next number in an organisation's queue, and the change that gives it out.
pub(super) async fn next_number(site: &Site, organisation: &str) -> Result<(u64, Batch), Problem> {
    count_on(site, QUEUE, &key(site, organisation)).await.map_err(Problem::from)
}

/// One more than the last number under a key, and the change that keeps it.
pub(super) async fn count_on(site: &Site, kind: &str, key: &str) -> Result<(u64, Batch), StoreError> {
    let store = &site.world.store;
    let last = store.get_as::<u64>(kind, key).await?;
    let (number, expect) =
        last.map_or((1, Expect::Absent), |record| (record.value + 1, Expect::Version(record.version)));
    Ok((number, store.batch().put(kind, key, &number, expect)?))
}

/// Whether an organisation is reached by the regional gateway.
pub(super) async fn goes_by_region(site: &Site, organisation: &str) -> Result<bool, Problem> {
    let record = site.world.store.get_as::<bool>(ROUTE, &key(site, organisation)).await?;
    Ok(record.is_some_and(|record| record.value))
}

/// Says by which gateway an organisation is reached.
pub(super) async fn route(site: &Site, organisation: &str, by_region: bool) -> Result<(), Problem> {
    let store = &site.world.store;
    store.commit(store.batch().put(ROUTE, &key(site, organisation), &by_region, Expect::Anything)?).await?;
    Ok(())
}
