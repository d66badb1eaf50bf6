//! Opens the file: who may, and with which settings.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::{failed, schema, synchronous};
use crate::store::{Durability, StoreError};

/// How long SQLite waits for a lock. Within one process only checkpoints and openings take any.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// How many prepared statements a connection keeps: more than there are different ones.
const STATEMENTS: usize = 64;

/// How many KiB of pages the writing connection keeps in memory.
const WRITER_KIB: i32 = 16 * 1024;

/// How many a reading one does. Whatever is committed empties its cache, and the system has the file in memory anyway.
const READER_KIB: i32 = 1024;

/// How many pages (of 4096 bytes) the log may have before it is copied into the database. SQLite's own
/// 1 000 cost a third of the commits per second here: every small group writes its pages to the log anew.
const LOG_PAGES: u32 = 8_000;

/// A log that grew beyond this is cut back.
const LOG_BYTES: u32 = 64 * 1024 * 1024;

/// The file is ours alone until this is dropped or the process ends, however it ends.
///
/// The lock is taken on a file of its own, `<database>-lock`, because closing any handle on the database
/// itself would drop SQLite's own locks. It stays behind, empty: removing it would let two in.
#[derive(Debug)]
pub(super) struct Claim {
    _lock: File,
}

/// Makes sure that the file exists and returns the one path by which all of us know it.
pub(super) fn prepare(path: &Path) -> Result<PathBuf, StoreError> {
    create(path).map_err(StoreError::backend("creating the database file"))?;
    fs::canonicalize(path).map_err(StoreError::backend("finding the database file"))
}

/// Claims the file for this store, or says that somebody else has it.
pub(super) fn claim(path: &Path) -> Result<Claim, StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push("-lock");
    let lock = create(Path::new(&name)).map_err(StoreError::backend("creating the lock file"))?;
    match lock.try_lock() {
        Ok(()) => Ok(Claim { _lock: lock }),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(error)) => Err(StoreError::backend("locking the database file")(error)),
    }
}

/// Opens (or creates) a file readable by its owner only: it holds private keys, if only test ones.
fn create(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The one connection that writes, on a database brought up to date.
pub(super) fn writer(path: &Path, durability: Durability) -> Result<Connection, StoreError> {
    let mut db = Connection::open(path).map_err(failed("opening the database"))?;
    schema::check_ours(&db, path)?;
    let age = schema::check_age(&db)?;
    let settings = |db: &Connection| -> rusqlite::Result<()> {
        common(db, WRITER_KIB)?;
        db.pragma_update(None, "synchronous", synchronous(durability))?;
        db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        db.pragma_update_and_check(None, "wal_autocheckpoint", LOG_PAGES, |_| Ok(()))?;
        db.pragma_update_and_check(None, "journal_size_limit", LOG_BYTES, |_| Ok(()))
    };
    settings(&db).map_err(failed("configuring the database"))?;
    schema::migrate(&mut db, age)?;
    Ok(db)
}

/// A connection that cannot write.
pub(super) fn reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || -> rusqlite::Result<Connection> {
        let db = Connection::open_with_flags(path, flags)?;
        common(&db, READER_KIB)?;
        Ok(db)
    };
    open().map_err(failed("opening the database for reading"))
}

fn common(db: &Connection, cached_kib: i32) -> rusqlite::Result<()> {
    db.busy_timeout(BUSY_TIMEOUT)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    // Else a statement is prepared anew whenever a value is bound that could change its plan: each time.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // Negative: KiB, not pages.
    db.pragma_update(None, "cache_size", -cached_kib)
}
