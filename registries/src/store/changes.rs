//! Tells those who wait that something was committed, each of the world it asks about.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::WorldId;

/// Who waits for changes. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Changes {
    worlds: Arc<Mutex<HashMap<WorldId, watch::Sender<u64>>>>,
    news: watch::Sender<u64>,
}

impl Changes {
    pub(super) fn new() -> Self {
        Self { worlds: Arc::default(), news: watch::Sender::new(0) }
    }

    pub(super) fn subscribe(&self, world: &WorldId) -> watch::Receiver<u64> {
        self.worlds().entry(world.clone()).or_insert_with(|| watch::Sender::new(0)).subscribe()
    }

    pub(super) fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// Something was committed to a world.
    pub(super) fn changed(&self, world: &WorldId) {
        let mut worlds = self.worlds();
        let Some(sender) = worlds.get(world) else { return };
        if sender.receiver_count() == 0 {
            worlds.remove(world);
        } else {
            count(sender);
        }
    }

    /// Another process has something to tell of worlds.
    pub(super) fn told(&self) {
        count(&self.news);
    }

    /// Anything may have happened.
    pub(super) fn look_again(&self) {
        let mut worlds = self.worlds();
        worlds.retain(|_, sender| sender.receiver_count() > 0);
        for sender in worlds.values() {
            count(sender);
        }
        drop(worlds);
        self.told();
    }

    fn worlds(&self) -> MutexGuard<'_, HashMap<WorldId, watch::Sender<u64>>> {
        self.worlds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn count(sender: &watch::Sender<u64>) {
    sender.send_modify(|count| *count = count.wrapping_add(1));
}
