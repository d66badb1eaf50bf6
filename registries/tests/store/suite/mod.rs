//! What every store must do. Each test gets a fresh one.

pub(crate) mod concurrency;
pub(crate) mod journal;
pub(crate) mod lists;
pub(crate) mod outbox;
pub(crate) mod records;
pub(crate) mod worlds;

use std::sync::Arc;

use registries::store::{Batch, Store, StoreError, WorldId};

pub(crate) type Shared = Arc<dyn Store>;

pub(crate) fn batch() -> Batch {
    Batch::new(WorldId::default())
}

/// The body of a record of kind "thing"; `None` when there is none.
pub(crate) async fn thing(store: &Shared, key: &str) -> Option<String> {
    store.get(&WorldId::default(), "thing", key).await.unwrap().map(|record| record.body)
}

pub(crate) async fn version(store: &Shared, key: &str) -> u64 {
    store.get(&WorldId::default(), "thing", key).await.unwrap().unwrap().version
}

/// Expected and found of a conflict, or a failed test.
pub(crate) fn conflict<T: std::fmt::Debug>(
    result: Result<T, StoreError>,
) -> (String, registries::store::Expect, Option<u64>) {
    match result {
        Err(error @ StoreError::Conflict { .. }) => {
            assert!(error.is_conflict());
            let StoreError::Conflict { key, expected, found, .. } = error else { unreachable!() };
            (key, expected, found)
        }
        other => panic!("a conflict was expected, not {other:?}"),
    }
}
