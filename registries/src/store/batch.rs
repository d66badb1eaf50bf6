//! What is written together.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use super::{Life, NewEntry, Outgoing, OutgoingChange, StoreError, WorldId, names};

/// The kind of the records that mark a case as open; the key is the case's id.
///
/// While the record `(OPEN_CASE, case)` exists, [`Store::prune_journal`](super::Store::prune_journal)
/// spares the entries of that case. [`Batch::open_case`] and [`Batch::close_case`] write it.
pub const OPEN_CASE: &str = "open-case";

/// Changes to one world that are committed together or not at all.
///
/// The parts are applied in the order writes, entries, outgoing messages, changes of outgoing messages,
/// and within each in the order given; a later write sees the earlier ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The world that all of it belongs to.
    pub world: WorldId,
    /// The life of the world that it is meant for; whichever it is in now when absent.
    pub life: Option<Life>,
    /// Whether it changes what the world is made of, which other processes are told (see
    /// [`Store::news`](super::Store::news)).
    pub tells: bool,
    /// Changes of records.
    pub writes: Vec<Write>,
    /// New entries of the journal.
    pub entries: Vec<NewEntry>,
    /// New messages to send.
    pub outgoing: Vec<Outgoing>,
    /// Changes of messages that wait already.
    pub outgoing_changes: Vec<OutgoingChange>,
}

/// A change of one record, or a look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Writes a record, new or over the old one.
    Put {
        /// The record's kind.
        kind: String,
        /// The record's key.
        key: String,
        /// The record as JSON. It is not looked into.
        body: String,
        /// What must be there before.
        expect: Expect,
    },
    /// Removes a record; nothing happens when there is none and none was expected.
    Delete {
        /// The record's kind.
        kind: String,
        /// The record's key.
        key: String,
        /// What must be there before.
        expect: Expect,
    },
    /// Changes nothing: the rest of the batch rests on this record being as expected.
    Check {
        /// The record's kind.
        kind: String,
        /// The record's key.
        key: String,
        /// What must be there.
        expect: Expect,
    },
}

/// What a writer believes about a record. If it is wrong, the batch fails with
/// [`StoreError::Conflict`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Whatever is there, or nothing.
    Anything,
    /// There is no such record.
    Absent,
    /// The record has exactly this version.
    Version(u64),
}

impl Expect {
    /// Whether `found` (the version, if there is a record) is what was expected.
    pub fn holds(self, found: Option<u64>) -> bool {
        match self {
            Self::Anything => true,
            Self::Absent => found.is_none(),
            Self::Version(version) => found == Some(version),
        }
    }
}

impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anything => f.write_str("anything"),
            Self::Absent => f.write_str("none"),
            Self::Version(version) => write!(f, "version {version}"),
        }
    }
}

/// What a commit left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The version that every record put by the batch has now.
    pub version: u64,
    /// The number of the world's last journal entry; 0 while there is none.
    pub last_seq: u64,
}

impl Batch {
    /// An empty batch. Committing it makes the world known and changes nothing else.
    pub fn new(world: WorldId) -> Self {
        Self {
            world,
            life: None,
            tells: false,
            writes: vec![],
            entries: vec![],
            outgoing: vec![],
            outgoing_changes: vec![],
        }
    }

    /// Meant for one life of the world: [`StoreError::WorldGone`] in any other.
    pub fn of(self, life: Life) -> Self {
        Self { life: Some(life), ..self }
    }

    /// Other processes are to look at what the world is made of.
    pub fn tell(self) -> Self {
        Self { tells: true, ..self }
    }

    /// Writes `value` as JSON; [`StoreError::Unwritable`] when it cannot be JSON.
    pub fn put<T: Serialize + ?Sized>(
        self,
        kind: &str,
        key: &str,
        value: &T,
        expect: Expect,
    ) -> Result<Self, StoreError> {
        let body = serde_json::to_string(value)
            .map_err(|source| StoreError::Unwritable { key: key.to_owned(), source: Arc::new(source) })?;
        Ok(self.put_json(kind, key, body, expect))
    }

    /// Writes a record that is JSON already.
    pub fn put_json(mut self, kind: &str, key: &str, body: impl Into<String>, expect: Expect) -> Self {
        let (kind, key) = (kind.to_owned(), key.to_owned());
        self.writes.push(Write::Put { kind, key, body: body.into(), expect });
        self
    }

    /// Removes a record.
    pub fn delete(mut self, kind: &str, key: &str, expect: Expect) -> Self {
        self.writes.push(Write::Delete { kind: kind.to_owned(), key: key.to_owned(), expect });
        self
    }

    /// Lets the batch fail unless the record is as expected.
    pub fn check(mut self, kind: &str, key: &str, expect: Expect) -> Self {
        self.writes.push(Write::Check { kind: kind.to_owned(), key: key.to_owned(), expect });
        self
    }

    /// Marks a case as open, so that pruning spares its entries. Opening an open case is no error.
    pub fn open_case(self, case: &str) -> Self {
        self.put_json(OPEN_CASE, case, "true", Expect::Anything)
    }

    /// Removes the mark; from now on the case's entries age like all others.
    pub fn close_case(self, case: &str) -> Self {
        self.delete(OPEN_CASE, case, Expect::Anything)
    }

    /// Adds an entry to the journal.
    pub fn entry(mut self, entry: NewEntry) -> Self {
        self.entries.push(entry);
        self
    }

    /// Adds a message to send.
    pub fn send(mut self, message: Outgoing) -> Self {
        self.outgoing.push(message);
        self
    }

    /// Changes a waiting message.
    pub fn change(mut self, change: OutgoingChange) -> Self {
        self.outgoing_changes.push(change);
        self
    }

    /// Checks every name in it, and that no body holds U+0000; implementations call this before anything else.
    pub fn check_names(&self) -> Result<(), StoreError> {
        for write in &self.writes {
            let (Write::Put { kind, key, .. }
            | Write::Delete { kind, key, .. }
            | Write::Check { kind, key, .. }) = write;
            names::check("kind", kind)?;
            names::check("key", key)?;
            if let Write::Put { body, .. } = write {
                names::check_body("body", body)?;
            }
        }
        for entry in &self.entries {
            names::check("system", &entry.system)?;
            entry.case.as_deref().map_or(Ok(()), |case| names::check("case", case))?;
        }
        for message in &self.outgoing {
            names::check("system", &message.system)?;
            names::check("message id", &message.id)?;
            names::check_body("message body", &message.body)?;
            message.case.as_deref().map_or(Ok(()), |case| names::check("case", case))?;
        }
        Ok(())
    }
}
