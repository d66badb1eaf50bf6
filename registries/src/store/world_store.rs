//! The view of one world, with typed records.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use tokio::sync::watch;

use super::{
    Batch, Committed, Entry, JournalQuery, Life, Outgoing, Page, Record, Store, StoreError, Taken, Versioned,
    WorldId,
};

/// A store as one world sees it. Cloning is cheap and shares the store.
#[derive(Clone)]
pub struct WorldStore {
    store: Arc<dyn Store>,
    world: WorldId,
    life: Option<Life>,
}

impl WorldStore {
    /// A world of a store that nobody else uses.
    pub fn new(store: impl Store, world: WorldId) -> Self {
        Self::shared(Arc::new(store), world)
    }

    /// A world of a shared store.
    pub fn shared(store: Arc<dyn Store>, world: WorldId) -> Self {
        Self { store, world, life: None }
    }

    /// The life that a world of a shared store is in, begun if need be. What is committed through this view fails
    /// with [`StoreError::WorldGone`] once that life is over.
    pub async fn begin(store: Arc<dyn Store>, world: WorldId) -> Result<Self, StoreError> {
        let life = Some(store.begin(&world).await?);
        Ok(Self { store, world, life })
    }

    /// The world this is a view of.
    pub fn world(&self) -> &WorldId {
        &self.world
    }

    /// The store below, for what concerns several worlds.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// An empty batch for this world.
    pub fn batch(&self) -> Batch {
        Batch { life: self.life, ..Batch::new(self.world.clone()) }
    }

    /// See [`Store::commit`]. The batch is committed to the world it names.
    pub async fn commit(&self, batch: Batch) -> Result<Committed, StoreError> {
        self.store.commit(batch).await
    }

    /// See [`Store::get`].
    pub async fn get(&self, kind: &str, key: &str) -> Result<Option<Record>, StoreError> {
        self.store.get(&self.world, kind, key).await
    }

    /// Reads one record as a `T`; [`StoreError::Malformed`] when it is something else.
    pub async fn get_as<T: DeserializeOwned>(
        &self,
        kind: &str,
        key: &str,
    ) -> Result<Option<Versioned<T>>, StoreError> {
        self.get(kind, key).await?.map(Record::into_versioned).transpose()
    }

    /// See [`Store::list`].
    pub async fn list(&self, kind: &str, page: Page) -> Result<Vec<Record>, StoreError> {
        self.store.list(&self.world, kind, page).await
    }

    /// Lists records as `T`s; one that is something else fails the whole list.
    pub async fn list_as<T: DeserializeOwned>(
        &self,
        kind: &str,
        page: Page,
    ) -> Result<Vec<Versioned<T>>, StoreError> {
        self.list(kind, page).await?.into_iter().map(Record::into_versioned).collect()
    }

    /// See [`Store::journal`].
    pub async fn journal(&self, query: JournalQuery) -> Result<Vec<Entry>, StoreError> {
        self.store.journal(&self.world, query).await
    }

    /// See [`Store::due`].
    pub async fn due(&self, system: &str, now: Timestamp, limit: usize) -> Result<Vec<Outgoing>, StoreError> {
        self.store.due(&self.world, system, now, limit).await
    }

    /// See [`Store::next_due`].
    pub async fn next_due(&self, system: &str) -> Result<Option<Timestamp>, StoreError> {
        self.store.next_due(&self.world, system).await
    }

    /// See [`Store::take`].
    pub async fn take(&self, system: &str, now: Timestamp, limit: usize) -> Result<Taken, StoreError> {
        self.store.take(&self.world, system, now, limit).await
    }

    /// See [`Store::prune_journal`].
    pub async fn prune_journal(&self, keep: usize) -> Result<usize, StoreError> {
        self.store.prune_journal(&self.world, keep).await
    }

    /// See [`Store::delete_world`].
    pub async fn delete(&self) -> Result<bool, StoreError> {
        self.store.delete_world(&self.world).await
    }

    /// See [`Store::queue`].
    pub fn queue(&self, system: &str) -> watch::Receiver<u64> {
        self.store.queue(&self.world, system)
    }

    /// See [`Store::subscribe`].
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.store.subscribe(&self.world)
    }
}

impl fmt::Debug for WorldStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorldStore").field("world", &self.world).finish_non_exhaustive()
    }
}
