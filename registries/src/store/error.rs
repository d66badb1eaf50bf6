//! What can go wrong in a store.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Expect, NameFault, WorldId};

/// Why a store did not do what it was asked. After any error of a commit but
/// [`Uncertain`](Self::Uncertain), nothing of it is written.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A record is not what the batch expected; somebody else was faster. Read again and decide anew.
    #[error("{kind} \"{key}\" has changed: expected {expected}, found {}", version(*found))]
    Conflict {
        /// The record's kind.
        kind: String,
        /// The record's key.
        key: String,
        /// What the batch expected.
        expected: Expect,
        /// The version that is there; `None` when there is no such record.
        found: Option<u64>,
    },
    /// An outgoing message is gone or was taken by another worker since it was read.
    #[error("outgoing message \"{id}\" of {system} is no longer as it was read")]
    OutgoingConflict {
        /// The sending system.
        system: String,
        /// The message's id.
        id: String,
        /// The attempts counted when it was read, if that mattered.
        expected: Option<u32>,
        /// The attempts counted now; `None` when the message is gone.
        found: Option<u32>,
    },
    /// An outgoing message with this id is already waiting in this system.
    #[error("outgoing message \"{id}\" of {system} is already waiting")]
    OutgoingExists {
        /// The sending system.
        system: String,
        /// The message's id.
        id: String,
    },
    /// The world was deleted, or is another one of the same name by now.
    #[error("the world \"{world}\" is gone")]
    WorldGone {
        /// Its name.
        world: WorldId,
    },
    /// A name breaks the rule every implementation shares.
    #[error("the {field} {fault}")]
    BadName {
        /// What it is: "kind", "key", "case", "system", "message id", or a body.
        field: &'static str,
        /// What is wrong with it.
        fault: NameFault,
    },
    /// A record is there but is not the JSON that the reader expects.
    #[error("the record \"{key}\" cannot be read")]
    Malformed {
        /// The record's key.
        key: String,
        /// What the JSON reader says.
        source: Arc<serde_json::Error>,
    },
    /// A value cannot be written as JSON.
    #[error("the record \"{key}\" cannot be written as JSON")]
    Unwritable {
        /// The record's key.
        key: String,
        /// What the JSON writer says.
        source: Arc<serde_json::Error>,
    },
    /// The database was made by a newer program. It is left untouched.
    #[error("the database has version {found}; this program knows versions up to {known}")]
    Newer {
        /// The version of the database.
        found: u32,
        /// The newest version this program knows.
        known: u32,
    },
    /// Another process (or another store of this one) has the file open.
    #[error("{} is in use by another process", path.display())]
    InUse {
        /// The database file.
        path: PathBuf,
    },
    /// The file is something else than a database of this project. It is left untouched.
    #[error("{} is not a database of this program", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The address of a database server cannot be understood.
    #[error("the database's address cannot be understood: {why}")]
    BadAddress {
        /// What is wrong with it.
        why: String,
    },
    /// The database server does not answer, or does not let us in. Nothing is known about the data.
    #[error("{database} cannot be reached: {why}")]
    Unreachable {
        /// The server and the database, without the password.
        database: String,
        /// The reason as the server or the operating system gives it.
        why: String,
    },
    /// The database server cannot keep the contract as it is set up.
    #[error("{database} cannot be used: {why}")]
    Unfit {
        /// The server and the database, without the password.
        database: String,
        /// What stands against it.
        why: String,
    },
    /// The connection broke off in the middle of a commit, and the server could not be asked in time what
    /// became of it: the only error of a commit after which something may be written, all of it or nothing.
    #[error("it is not known whether the commit took place: {why}")]
    Uncertain {
        /// Why the server could not be asked.
        why: String,
    },
    /// The store was closed while the call waited.
    #[error("the store is closed")]
    Closed,
    /// The database or the file system failed: a full disk, a missing directory, a damaged file.
    #[error("the store failed while {doing}")]
    Backend {
        /// What was being done, as in "committing".
        doing: &'static str,
        /// The reason as the database or the operating system gives it.
        source: Arc<dyn Error + Send + Sync>,
    },
}

impl StoreError {
    /// True when reading again and deciding anew is the right answer: somebody else was faster.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict { .. } | Self::OutgoingConflict { .. })
    }

    /// Wraps a failure of the database or the operating system.
    pub(super) fn backend<E: Error + Send + Sync + 'static>(doing: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Backend { doing, source: Arc::new(source) }
    }
}

fn version(found: Option<u64>) -> String {
    found.map_or_else(|| "none".to_owned(), |version| format!("version {version}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_reads_as_a_sentence() {
        let conflict = |expected, found| {
            StoreError::Conflict { kind: "case".to_owned(), key: "7".to_owned(), expected, found }.to_string()
        };
        assert_eq!(
            conflict(Expect::Version(3), Some(4)),
            "case \"7\" has changed: expected version 3, found version 4"
        );
        assert_eq!(
            conflict(Expect::Absent, Some(1)),
            "case \"7\" has changed: expected none, found version 1"
        );
        assert_eq!(
            conflict(Expect::Version(3), None),
            "case \"7\" has changed: expected version 3, found none"
        );
    }

    #[test]
    fn the_reason_is_kept_as_the_source() {
        let error = StoreError::backend("opening")(std::io::Error::other("disk on fire"));
        assert_eq!(error.to_string(), "the store failed while opening");
        assert_eq!(error.source().unwrap().to_string(), "disk on fire");
        assert!(!error.is_conflict());
    }
}
