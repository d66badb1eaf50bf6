//! The store in a PostgreSQL database, for one process or several.
//!
//! One task writes: it takes whatever commits are waiting, decides in memory what each comes to, and writes all
//! of them in one transaction, under a lock per world. Readers run beside it on a few sessions of their own, and
//! one more session listens to what other processes commit.

mod group;
mod listener;
mod news;
mod open;
mod plan;
mod query;
mod readers;
mod schema;
mod take;
mod upkeep;
mod writer;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::watch;
use uuid::Uuid;

use self::listener::Listener;
use self::open::Database;
use self::readers::Readers;
use self::writer::Writer;
use super::changes::Changes;
use super::{
    Batch, Committed, Durability, Entry, JournalQuery, Life, Outgoing, Page, Record, Store, StoreError,
    Taken, WorldId,
};

/// A [`Store`] in the schema `qaqpa` of a PostgreSQL database (13 or newer, in UTF-8).
///
/// Several processes may have it open and share its worlds: each hears of the others' commits, and messages are
/// shared out by [`Store::take`]. A process holds six sessions at most. They must be sessions of its own: a
/// pooler that changes them between transactions would lose the locks and the news.
///
/// A lost connection is opened again when it is next needed; what was under way fails, except that a COMMIT whose
/// answer was lost is looked into first (see [`StoreError::Uncertain`]). The connection is not encrypted: stay on
/// the loopback, a socket, or a network that you trust.
#[derive(Debug)]
pub struct PostgresStore {
    readers: Readers,
    writer: Writer,
    listener: Listener,
    changes: Changes,
}

impl PostgresStore {
    /// Opens a database by its address, as `postgres://user:password@host:port/name`, and brings it up to date.
    ///
    /// It lives on the runtime that it is opened on. Fails with [`StoreError::BadAddress`],
    /// [`StoreError::Unreachable`], [`StoreError::Unfit`] or [`StoreError::Newer`], leaving the database as it was.
    pub async fn open(address: &str, durability: Durability) -> Result<Self, StoreError> {
        let database = Database::at(address, durability)?;
        database.prepare().await?;
        let changes = Changes::new();
        let sender = Uuid::new_v4();
        let listener = Listener::start(database.clone(), sender, changes.clone()).await?;
        let writer = Writer::start(database.clone(), sender, changes.clone());
        Ok(Self { readers: Readers::new(database), writer, listener, changes })
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn commit(&self, batch: Batch) -> Result<Committed, StoreError> {
        batch.check_names()?;
        self.writer.commit(batch).await
    }

    async fn get(&self, world: &WorldId, kind: &str, key: &str) -> Result<Option<Record>, StoreError> {
        query::get(&self.readers, world, kind, key).await
    }

    async fn list(&self, world: &WorldId, kind: &str, page: Page) -> Result<Vec<Record>, StoreError> {
        query::list(&self.readers, world, kind, &page).await
    }

    async fn journal(&self, world: &WorldId, query: JournalQuery) -> Result<Vec<Entry>, StoreError> {
        query::journal(&self.readers, world, &query).await
    }

    async fn due(
        &self,
        world: &WorldId,
        system: &str,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Outgoing>, StoreError> {
        query::due(&self.readers, world, system, now, limit).await
    }

    async fn next_due(&self, world: &WorldId, system: &str) -> Result<Option<Timestamp>, StoreError> {
        query::next_due(&self.readers, world, system).await
    }

    async fn take(
        &self,
        world: &WorldId,
        system: &str,
        now: Timestamp,
        limit: usize,
    ) -> Result<Taken, StoreError> {
        // Without a number nothing can be taken; the connection's return wakes whoever waits.
        let Some(taker) = self.listener.taker() else { return Ok(Taken::default()) };
        take::take(&self.readers, taker, world, system, now, limit).await
    }

    async fn worlds(&self) -> Result<Vec<WorldId>, StoreError> {
        query::worlds(&self.readers, false).await
    }

    async fn waiting(&self) -> Result<Vec<WorldId>, StoreError> {
        query::waiting(&self.readers).await
    }

    async fn begin(&self, world: &WorldId) -> Result<Life, StoreError> {
        loop {
            if let Some(life) = self.writer.begin(world.clone()).await? {
                return Ok(life);
            }
            self.delete_world(world).await?;
        }
    }

    async fn prune_journal(&self, world: &WorldId, keep: usize) -> Result<usize, StoreError> {
        self.writer.prune(world.clone(), keep).await
    }

    async fn delete_world(&self, world: &WorldId) -> Result<bool, StoreError> {
        let known = self.writer.give_up(world.clone()).await?;
        while !self.writer.erase(world.clone()).await? {}
        Ok(known)
    }

    async fn end_deletions(&self) -> Result<(), StoreError> {
        for world in query::worlds(&self.readers, true).await? {
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

    fn news(&self) -> watch::Receiver<u64> {
        self.changes.news()
    }

    fn is_shared(&self) -> bool {
        true
    }
}

/// Wraps an error of the database.
fn failed(doing: &'static str) -> impl FnOnce(tokio_postgres::Error) -> StoreError {
    StoreError::backend(doing)
}
