//! Brings a database to the version this program knows.

use std::path::Path;

use rusqlite::{Connection, ErrorCode};

use super::failed;
use crate::store::StoreError;

/// Every migration in order; its version is its place, counted from 1. Only ever append.
const MIGRATIONS: &[(&str, &str)] = &[
    ("start", include_str!("migrations/0001_start.sql")),
    ("life", include_str!("migrations/0002_life.sql")),
];

/// "Qaqp", written into the file's header: tells our databases from other people's.
const APPLICATION_ID: i32 = 0x5161_7170;

/// Refuses a file that is something else, before anything in it is changed.
pub(super) fn check_ours(db: &Connection, path: &Path) -> Result<(), StoreError> {
    let foreign = || StoreError::Foreign { path: path.to_owned() };
    let look = || -> rusqlite::Result<(i32, bool)> {
        let id = db.query_row("PRAGMA application_id", [], |row| row.get(0))?;
        let empty = db.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))?;
        Ok((id, empty))
    };
    match look() {
        Ok((APPLICATION_ID, _) | (0, true)) => Ok(()),
        Ok(_) => Err(foreign()),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => Err(foreign()),
        Err(error) => Err(failed("reading the database's header")(error)),
    }
}

/// Refuses a database that a newer program made, before anything in it is changed.
pub(super) fn check_age(db: &Connection) -> Result<u32, StoreError> {
    let doing = "reading the database's version";
    let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    let begun: bool = db
        .query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'migration')", [], |row| {
            row.get(0)
        })
        .map_err(failed(doing))?;
    let found: u32 = if begun {
        db.query_row("SELECT coalesce(max(version), 0) FROM migration", [], |row| row.get(0))
            .map_err(failed(doing))?
    } else {
        0
    };
    if found > known { Err(StoreError::Newer { found, known }) } else { Ok(found) }
}

/// Runs the migrations after version `found`, all in one transaction.
pub(super) fn migrate(db: &mut Connection, found: u32) -> Result<(), StoreError> {
    let todo = (1_u32..).zip(MIGRATIONS).filter(|(version, _)| *version > found);
    let run = |db: &mut Connection| -> rusqlite::Result<()> {
        let work = db.transaction()?;
        work.pragma_update(None, "application_id", APPLICATION_ID)?;
        work.execute_batch(
            "CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT",
        )?;
        for (version, (name, sql)) in todo {
            work.execute_batch(sql)?;
            work.execute("INSERT INTO migration (version, name) VALUES (?1, ?2)", (version, name))?;
        }
        work.commit()
    };
    run(db).map_err(failed("bringing the database up to date"))
}
