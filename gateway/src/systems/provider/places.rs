//! Free places and queues of the provider's organisations.

use registries::store::{Batch, Expect, WorldStore};
use signer::{Code, Problem};

const PLACES: &str = "places";
const QUEUE: &str = "queue";

/// How many places an organisation has free.
pub(super) async fn free(store: &WorldStore, organisation: &str) -> Result<u64, Problem> {
    Ok(store.get_as::<u64>(PLACES, organisation).await?.map_or(0, |record| record.value))
}

/// Says how many places an organisation has free.
pub(super) async fn publish(store: &WorldStore, organisation: &str, free: u64) -> Result<(), Problem> {
    store.commit(store.batch().put(PLACES, organisation, &free, Expect::Anything)?).await?;
    Ok(())
}

/// The change that takes one place.
///
/// # Errors
/// [`Code::Busy`] when somebody else took the last one meanwhile: the deed begins again and finds none free.
pub(super) async fn take(store: &WorldStore, organisation: &str) -> Result<Batch, Problem> {
    let record = store.get_as::<u64>(PLACES, organisation).await?;
    let record = record.filter(|record| record.value > 0).ok_or_else(|| Problem::new(Code::Busy))?;
    Ok(store.batch().put(PLACES, organisation, &(record.value - 1), Expect::Version(record.version))?)
}

/// The next number in an organisation's queue, and the change that gives it out.
pub(super) async fn next_number(store: &WorldStore, organisation: &str) -> Result<(u64, Batch), Problem> {
    let last = store.get_as::<u64>(QUEUE, organisation).await?;
    let (number, expect) =
        last.map_or((1, Expect::Absent), |record| (record.value + 1, Expect::Version(record.version)));
    Ok((number, store.batch().put(QUEUE, organisation, &number, expect)?))
}
