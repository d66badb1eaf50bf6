//! The contract that every implementation keeps; `tests/store` is its test suite.

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::watch;

use super::{
    Batch, Committed, Entry, JournalQuery, Life, Outgoing, Page, Record, StoreError, Taken, WorldId,
};

/// Keeps the records, journals and outgoing messages of many worlds.
///
/// **Durable** means: when [`commit`](Self::commit) has returned, the batch survives the end of the
/// process however it comes, SIGKILL included. Whether it also survives the loss of power is an option
/// of the implementation (see [`Durability`](super::Durability)); an ephemeral store forgets with the
/// process.
///
/// **Atomic** means: of a batch, readers see everything or nothing. **Fresh** means: who reads after a
/// commit has returned sees it, in whatever process or task.
///
/// **Order**: names are compared by their bytes (UTF-8), never by a locale. Who has seen entry *n* of a
/// journal never sees an entry below *n* appear later, so `after` is a safe cursor.
///
/// **Concurrency** is optimistic: nobody holds locks between calls; see [`Expect`](super::Expect).
/// A call that is dropped before it returned may or may not have happened, as after a lost connection.
///
/// A world comes into being when it is [begun](Self::begin), or with its first commit, and reads as empty before. No call reads the machine's
/// clock: moments are given by the caller.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Writes all of a batch, durably, or nothing of it.
    ///
    /// Fails with [`StoreError::Conflict`] when a record is not as expected, with
    /// [`StoreError::OutgoingExists`] or [`StoreError::OutgoingConflict`] when a message is not, and with
    /// [`StoreError::BadName`] when a name breaks the rules.
    async fn commit(&self, batch: Batch) -> Result<Committed, StoreError>;

    /// Reads one record.
    async fn get(&self, world: &WorldId, kind: &str, key: &str) -> Result<Option<Record>, StoreError>;

    /// Lists records of a kind by ascending key.
    async fn list(&self, world: &WorldId, kind: &str, page: Page) -> Result<Vec<Record>, StoreError>;

    /// Reads entries of the journal by ascending number.
    async fn journal(&self, world: &WorldId, query: JournalQuery) -> Result<Vec<Entry>, StoreError>;

    /// The messages of a system that are to be sent at `now` or were before: the longest due first, those
    /// of the same moment in the order of their commits.
    ///
    /// It only reads; [`take`](Self::take) is for those who are about to send.
    async fn due(
        &self,
        world: &WorldId,
        system: &str,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Outgoing>, StoreError>;

    /// When the next message of a system is due; `None` when none waits. It may lie in the past.
    async fn next_due(&self, world: &WorldId, system: &str) -> Result<Option<Timestamp>, StoreError>;

    /// As [`due`](Self::due), and keeps what it returns from the other processes on the same database until it
    /// is changed by a commit or this process ends, however it ends. This store may take it again at any time:
    /// its workers know among themselves what is under way.
    ///
    /// A store that a process has to itself has nobody to keep it from.
    async fn take(
        &self,
        world: &WorldId,
        system: &str,
        now: Timestamp,
        limit: usize,
    ) -> Result<Taken, StoreError> {
        let mut messages = self.due(world, system, Timestamp::MAX, limit.saturating_add(1)).await?;
        let due = messages.iter().take(limit).take_while(|message| message.due <= now).count();
        let next = messages.get(due).map(|message| message.due);
        messages.truncate(due);
        Ok(Taken { messages, next })
    }

    /// The worlds that have messages to send, taken or not, by ascending id.
    async fn waiting(&self) -> Result<Vec<WorldId>, StoreError>;

    /// Begins a world that there is none of yet. Whoever begins one that is there joins its life.
    async fn begin(&self, world: &WorldId) -> Result<Life, StoreError>;

    /// The known worlds by ascending id; without those that are being deleted.
    async fn worlds(&self) -> Result<Vec<WorldId>, StoreError>;

    /// Shortens a journal to its newest `keep` entries, sparing those whose case is open (see
    /// [`OPEN_CASE`](super::OPEN_CASE)); returns how many entries were removed. Numbers are not reused.
    async fn prune_journal(&self, world: &WorldId, keep: usize) -> Result<usize, StoreError>;

    /// Removes a world with everything in it, a bounded part at a time so that others' commits come in between;
    /// false when there was none. Nothing is committed to it from the first part on. A later world of the same name
    /// starts afresh, with versions and numbers from 1.
    ///
    /// A deletion that was broken off goes on when the world is begun or deleted again, or with
    /// [`end_deletions`](Self::end_deletions).
    async fn delete_world(&self, world: &WorldId) -> Result<bool, StoreError>;

    /// Removes what is left of worlds whose deletion was broken off.
    async fn end_deletions(&self) -> Result<(), StoreError>;

    /// A value that changes after every commit to the world, so that workers wake when there may be something to
    /// do.
    ///
    /// It carries no news but "look again": several commits may show as one change. Mark it seen, look, then wait;
    /// so nothing is missed.
    fn subscribe(&self, world: &WorldId) -> watch::Receiver<u64>;

    /// A value that changes after every commit that may have changed what a system of the world has to send, or when:
    /// for its messages, and for what the world is made of.
    fn queue(&self, world: &WorldId, system: &str) -> watch::Receiver<u64>;

    /// A value that changes after another process has begun or deleted a world, or committed a batch that
    /// [tells](Batch::tell) something. It, too, says no more than "look again".
    fn news(&self) -> watch::Receiver<u64>;

    /// Whether other processes may have the same worlds open.
    fn is_shared(&self) -> bool;
}
