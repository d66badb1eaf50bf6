//! The systems of the diagrams, each a small real service.

mod accounts;
mod cases;
pub mod desk;
pub mod gateway;
mod passwords;
pub mod register;
pub mod token;

use std::future::Future;
use std::time::Duration;

use registries::store::WorldStore;
use signer::Problem;

/// How long a request may wait for something to change, in real time.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Reads until there is something new, or the longest wait is over; then what there is.
pub(crate) async fn wait_for<T, F>(
    store: &WorldStore,
    wait: bool,
    mut read: impl FnMut() -> F,
    is_new: impl Fn(&T) -> bool,
) -> Result<T, Problem>
where
    F: Future<Output = Result<T, Problem>>,
{
    let deadline = tokio::time::Instant::now() + LONGEST_WAIT;
    let mut changes = store.subscribe();
    loop {
        changes.borrow_and_update();
        let found = read().await?;
        if !wait || is_new(&found) {
            return Ok(found);
        }
        if !matches!(tokio::time::timeout_at(deadline, changes.changed()).await, Ok(Ok(()))) {
            return Ok(found);
        }
    }
}
