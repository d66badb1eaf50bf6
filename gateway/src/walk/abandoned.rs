//! Cases that were opened and left: nothing was sent, nothing was shown, no time limit of the act began.
//!
//! Anybody can open a case. So that the journal may forget those too, they are forgotten after a while, on the world's
//! clock; but for the newest few, so that who opens a case and turns the clock far finds it there.

use jiff::{SignedDuration, Timestamp};
use registries::store::{Batch, Expect, Page, StoreError};

use super::turn::CASE;
use crate::world::World;

/// The record kind of cases of which nothing has come yet; keys are those of the cases, what is kept is when
/// somebody last did something to them.
const UNSENT: &str = "case-unsent";

/// How long a case of which nothing has come is kept after somebody last did something to it.
pub const ABANDONED_AFTER: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How many of them are kept however old they are.
const SPARED: usize = 100;

/// Takes note that nothing has come of a case by now.
pub(super) fn keep_in_mind(batch: Batch, key: &str, now: Timestamp) -> Result<Batch, StoreError> {
    batch.put(UNSENT, key, &now, Expect::Anything)
}

/// Takes note that something has come of it, or that it is over.
pub(super) fn let_be(batch: Batch, key: &str) -> Batch {
    batch.delete(UNSENT, key, Expect::Anything)
}

/// Forgets the cases that were abandoned; when to look again comes back.
pub async fn forget_abandoned(world: &World) -> Result<Timestamp, StoreError> {
    let now = world.clock.now();
    let later = |moment: Timestamp| moment.saturating_add(ABANDONED_AFTER).unwrap_or(Timestamp::MAX);
    let mut next = later(now);
    let mut all = world.store.list_as::<Timestamp>(UNSENT, Page::all()).await?;
    all.sort_by_key(|unsent| unsent.value);
    all.truncate(all.len().saturating_sub(SPARED));
    for unsent in all {
        let until = later(unsent.value);
        if until > now {
            next = next.min(until);
            continue;
        }
        let case = unsent.key.rsplit('/').next().unwrap_or_default();
        let batch = world.store.batch().delete(UNSENT, &unsent.key, Expect::Version(unsent.version));
        let batch = batch.delete(CASE, &unsent.key, Expect::Anything).close_case(case);
        match world.store.commit(batch).await {
            // Somebody has come back to it at this moment.
            Err(error) if error.is_conflict() => {}
            committed => drop(committed?),
        }
    }
    Ok(next)
}
