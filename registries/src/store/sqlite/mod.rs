//! The store in one SQLite file.
//!
//! One thread writes: it takes whatever commits are waiting, applies each under a savepoint of its own
//! (so a conflict undoes only itself), commits them with one COMMIT and then answers them all. Readers
//! run beside it on a few connections of their own (write-ahead log).

mod apply;
mod open;
mod query;
mod readers;
mod schema;
mod upkeep;
mod writer;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::watch;

use self::readers::Readers;
use self::writer::Writer;
use super::changes::{Changes, Queues};
use super::{
    Batch, Committed, Durability, Entry, JournalQuery, Life, Outgoing, Page, Record, Store, StoreError,
    WorldId,
};

/// What SQLite calls it: `NORMAL` survives the process, `FULL` the loss of power; a temporary file needs nothing.
fn synchronous(durability: Durability) -> &'static str {
    match durability {
        Durability::Process => "NORMAL",
        Durability::Power => "FULL",
        Durability::None => "OFF",
    }
}

/// A [`Store`] in one SQLite file, for one process.
///
/// The file belongs to this store alone while it is open: a second one, in this process or another, is
/// refused with [`StoreError::InUse`]. Two would be safe for the data, but each would miss the other's
/// notifications; several processes on one database are what PostgreSQL is for. The claim ends with the
/// process however it ends.
///
/// Dropping the store finishes the commits that wait, writes everything into the one file and releases
/// it; that takes the time of a checkpoint.
#[derive(Debug)]
pub struct SqliteStore {
    // Dropped in this order: the writer goes last of the connections, so that its closing leaves one
    // whole file; the claim and the directory after everything that uses them.
    readers: Arc<Readers>,
    writer: Writer,
    changes: Changes,
    _claim: open::Claim,
    _directory: Option<tempfile::TempDir>,
}

impl SqliteStore {
    /// Opens the file, creating it (not its directory) if needed, and brings it up to date.
    ///
    /// Blocks for some milliseconds. Fails with [`StoreError::InUse`], [`StoreError::Newer`] or
    /// [`StoreError::Foreign`], leaving the file as it was.
    pub fn open(path: impl AsRef<Path>, durability: Durability) -> Result<Self, StoreError> {
        Self::start(path.as_ref(), durability, None)
    }

    /// A store in a temporary directory that goes when the store is dropped (a killed process leaves it
    /// to the system's cleaning).
    ///
    /// A file and not memory: SQLite lets readers run beside the writer only there.
    pub fn ephemeral() -> Result<Self, StoreError> {
        let directory = tempfile::Builder::new()
            .prefix("qaqpa-")
            .tempdir()
            .map_err(StoreError::backend("making a temporary directory"))?;
        let path = directory.path().join("store.db");
        Self::start(&path, Durability::None, Some(directory))
    }

    fn start(
        path: &Path,
        durability: Durability,
        directory: Option<tempfile::TempDir>,
    ) -> Result<Self, StoreError> {
        let path = open::prepare(path)?;
        let claim = open::claim(&path)?;
        let changes = Changes::new();
        let writer = Writer::start(open::writer(&path, durability)?, changes.clone())?;
        let readers = Arc::new(Readers::new(path));
        Ok(Self { readers, writer, changes, _claim: claim, _directory: directory })
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn commit(&self, batch: Batch) -> Result<Committed, StoreError> {
        batch.check_names()?;
        let world = batch.world.clone();
        let queues = Queues::touched(&batch);
        self.writer.run_on(&world, queues, move |db| apply::apply(db, &batch)).await
    }

    async fn get(&self, world: &WorldId, kind: &str, key: &str) -> Result<Option<Record>, StoreError> {
        self.readers.run_here(|db| query::get(db, world, kind, key))
    }

    async fn list(&self, world: &WorldId, kind: &str, page: Page) -> Result<Vec<Record>, StoreError> {
        let (world, kind) = (world.clone(), kind.to_owned());
        self.readers.run(move |db| query::list(db, &world, &kind, &page)).await
    }

    async fn journal(&self, world: &WorldId, query: JournalQuery) -> Result<Vec<Entry>, StoreError> {
        let world = world.clone();
        self.readers.run(move |db| query::journal(db, &world, &query)).await
    }

    async fn due(
        &self,
        world: &WorldId,
        system: &str,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Outgoing>, StoreError> {
        let (world, system) = (world.clone(), system.to_owned());
        self.readers.run(move |db| query::due(db, &world, &system, now, limit)).await
    }

    async fn next_due(&self, world: &WorldId, system: &str) -> Result<Option<Timestamp>, StoreError> {
        let (world, system) = (world.clone(), system.to_owned());
        self.readers.run(move |db| query::next_due(db, &world, &system)).await
    }

    async fn worlds(&self) -> Result<Vec<WorldId>, StoreError> {
        self.readers.run(|db| query::worlds(db, false)).await
    }

    async fn waiting(&self) -> Result<Vec<WorldId>, StoreError> {
        self.readers.run(query::waiting).await
    }

    async fn begin(&self, world: &WorldId) -> Result<Life, StoreError> {
        loop {
            let id = world.clone();
            if let Some(life) = self.writer.run(world, move |db| upkeep::begin(db, &id)).await? {
                return Ok(life);
            }
            self.delete_world(world).await?;
        }
    }

    async fn prune_journal(&self, world: &WorldId, keep: usize) -> Result<usize, StoreError> {
        let id = world.clone();
        self.writer.run(world, move |db| upkeep::prune_journal(db, &id, keep)).await
    }

    async fn delete_world(&self, world: &WorldId) -> Result<bool, StoreError> {
        let id = world.clone();
        let known = self.writer.run(world, move |db| upkeep::give_up(db, &id)).await?;
        loop {
            let id = world.clone();
            if self.writer.run(world, move |db| upkeep::erase(db, &id)).await? {
                return Ok(known);
            }
        }
    }

    async fn end_deletions(&self) -> Result<(), StoreError> {
        for world in self.readers.run(|db| query::worlds(db, true)).await? {
            self.delete_world(&world).await?;
        }
        Ok(())
    }

    fn subscribe(&self, world: &WorldId) -> watch::Receiver<u64> {
        self.changes.subscribe(world)
    }

    fn queue(&self, world: &WorldId, system: &str) -> watch::Receiver<u64> {
        self.changes.queue(world, system)
    }

    /// There are no other processes.
    fn news(&self) -> watch::Receiver<u64> {
        self.changes.news()
    }

    fn is_shared(&self) -> bool {
        false
    }
}

/// Wraps an error of SQLite.
fn failed(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> StoreError {
    StoreError::backend(doing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_ephemeral_store_leaves_nothing_behind() {
        let store = SqliteStore::ephemeral().unwrap();
        let directory = store.readers.path().parent().unwrap().to_owned();
        store.commit(Batch::new(WorldId::default())).await.unwrap();
        assert_eq!(store.worlds().await.unwrap(), [WorldId::default()]);
        assert!(directory.join("store.db").exists());
        drop(store);
        assert!(!directory.exists());
    }
}
