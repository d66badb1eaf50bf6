//! Tells those who wait that something was committed, each of the world it asks about.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::{Batch, WorldId};

/// Who waits for changes. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Changes {
    worlds: Arc<Mutex<HashMap<WorldId, Waiting>>>,
    news: watch::Sender<u64>,
}

/// Who waits for changes of one world.
#[derive(Debug, Default)]
struct Waiting {
    /// For any.
    any: watch::Sender<u64>,
    /// For those of what systems have to send, by system.
    queues: HashMap<String, watch::Sender<u64>>,
}

/// Whose queues a commit has touched.
#[derive(Debug)]
pub(super) enum Queues {
    /// Those of these systems.
    Of(BTreeSet<String>),
    /// Perhaps every one.
    All,
}

impl Queues {
    pub(super) fn none() -> Self {
        Self::Of(BTreeSet::new())
    }

    /// Those that a batch touches. Who sends may have changed with what a world is made of.
    pub(super) fn touched(batch: &Batch) -> Self {
        if batch.tells {
            return Self::All;
        }
        let changed = batch.outgoing_changes.iter().map(|change| change.names().0);
        let new = batch.outgoing.iter().map(|outgoing| outgoing.system.as_str());
        Self::Of(new.chain(changed).map(str::to_owned).collect())
    }

    /// One and the other.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Of(mut one), Self::Of(other)) => {
                one.extend(other);
                Self::Of(one)
            }
            _ => Self::All,
        }
    }

    fn include(&self, system: &str) -> bool {
        match self {
            Self::Of(systems) => systems.contains(system),
            Self::All => true,
        }
    }
}

impl Changes {
    pub(super) fn new() -> Self {
        Self { worlds: Arc::default(), news: watch::Sender::new(0) }
    }

    pub(super) fn subscribe(&self, world: &WorldId) -> watch::Receiver<u64> {
        self.worlds().entry(world.clone()).or_default().any.subscribe()
    }

    pub(super) fn queue(&self, world: &WorldId, system: &str) -> watch::Receiver<u64> {
        let mut worlds = self.worlds();
        let waiting = worlds.entry(world.clone()).or_default();
        waiting.queues.entry(system.to_owned()).or_default().subscribe()
    }

    pub(super) fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// Something was committed to a world.
    pub(super) fn changed(&self, world: &WorldId, queues: &Queues) {
        let mut worlds = self.worlds();
        if worlds.get_mut(world).is_some_and(|waiting| !waiting.hears(queues)) {
            worlds.remove(world);
        }
    }

    /// Another process has something to tell of worlds.
    pub(super) fn told(&self) {
        count(&self.news);
    }

    /// Anything may have happened.
    pub(super) fn look_again(&self) {
        self.worlds().retain(|_, waiting| waiting.hears(&Queues::All));
        self.told();
    }

    fn worlds(&self) -> MutexGuard<'_, HashMap<WorldId, Waiting>> {
        self.worlds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// Whether anybody is left who waits.
    fn hears(&mut self, queues: &Queues) -> bool {
        self.queues.retain(|_, sender| sender.receiver_count() > 0);
        for (_, sender) in self.queues.iter().filter(|(system, _)| queues.include(system)) {
            count(sender);
        }
        count(&self.any);
        self.any.receiver_count() > 0 || !self.queues.is_empty()
    }
}

fn count(sender: &watch::Sender<u64>) {
    sender.send_modify(|count| *count = count.wrapping_add(1));
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::store::Outgoing;

    /// Whether the waiters for anything, for the queue of `a` and for that of `b` hear of a batch.
    fn heard(batch: &Batch) -> [bool; 3] {
        let (changes, world) = (Changes::new(), WorldId::default());
        let waiting = [changes.subscribe(&world), changes.queue(&world, "a"), changes.queue(&world, "b")];
        changes.changed(&world, &Queues::touched(batch));
        waiting.map(|waiting| waiting.has_changed().unwrap())
    }

    #[test]
    fn a_queue_hears_of_what_it_has_to_send_and_of_what_its_world_is_made_of() {
        let batch = || Batch::new(WorldId::default());
        let message = Outgoing::new("a", "1", Timestamp::UNIX_EPOCH, "{}");
        assert_eq!(heard(&batch()), [true, false, false]);
        assert_eq!(heard(&batch().send(message.clone())), [true, true, false]);
        assert_eq!(heard(&batch().change(message.done())), [true, true, false]);
        assert_eq!(heard(&batch().tell()), [true, true, true]);
    }

    #[test]
    fn who_waits_no_longer_is_forgotten() {
        let (changes, world) = (Changes::new(), WorldId::default());
        let (any, queue) = (changes.subscribe(&world), changes.queue(&world, "a"));
        for waiting in [any, queue] {
            changes.changed(&world, &Queues::none());
            assert_eq!(changes.worlds().len(), 1);
            drop(waiting);
        }
        changes.changed(&world, &Queues::none());
        assert!(changes.worlds().is_empty());
    }
}
