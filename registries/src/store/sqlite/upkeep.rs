//! Removes what is old or no longer wanted, inside the writer's transaction.

use rusqlite::{Connection, OptionalExtension, params};

use super::failed;
use crate::store::life::{DELETED, UNBEGUN};
use crate::store::sql::sql_count;
use crate::store::{Life, OPEN_CASE, StoreError, WorldId};

/// Keeps the newest `keep` entries and those of open cases; returns how many went.
pub(super) fn prune_journal(db: &Connection, world: &WorldId, keep: usize) -> Result<usize, StoreError> {
    let prune = || -> rusqlite::Result<usize> {
        let newest_to_go: Option<i64> = db
            .prepare_cached("SELECT seq FROM journal WHERE world = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2")?
            .query_row(params![world.as_str(), sql_count(keep)], |row| row.get(0))
            .optional()?;
        let Some(newest_to_go) = newest_to_go else { return Ok(0) };
        db.prepare_cached(
            "DELETE FROM journal WHERE world = ?1 AND seq <= ?2 AND NOT EXISTS (
                 SELECT 1 FROM record WHERE world = ?1 AND kind = ?3 AND key = journal.case_id)",
        )?
        .execute(params![world.as_str(), newest_to_go, OPEN_CASE])
    };
    prune().map_err(failed("pruning the journal"))
}

/// How many rows of a world go in one transaction: others' commits come in between.
const PART: usize = 2_000;

/// Begins a world, or says which life it is in; `None` while what is left of the one before is being deleted.
pub(super) fn begin(db: &Connection, world: &WorldId) -> Result<Option<Life>, StoreError> {
    let begin = || -> rusqlite::Result<i64> {
        db.prepare_cached(
            "INSERT INTO world (world, version, last_seq, life) VALUES (?1, 0, 0, ?2)
             ON CONFLICT DO UPDATE SET life = CASE life WHEN ?3 THEN excluded.life ELSE life END
             RETURNING life",
        )?
        .query_row(params![world.as_str(), Life::new().sql(), UNBEGUN], |row| row.get(0))
    };
    let life = begin().map_err(failed("beginning a world"))?;
    Ok((life != DELETED).then_some(Life::from_sql(life)))
}

/// Says that a world is being deleted; false when it was not known, or is being deleted already.
pub(super) fn give_up(db: &Connection, world: &WorldId) -> Result<bool, StoreError> {
    let marked = db.execute(
        "UPDATE world SET life = ?2 WHERE world = ?1 AND life <> ?2",
        params![world.as_str(), DELETED],
    );
    marked.map(|marked| marked > 0).map_err(failed("deleting a world"))
}

/// Removes a part of a world that is being deleted; true when nothing is left of it.
pub(super) fn erase(db: &Connection, world: &WorldId) -> Result<bool, StoreError> {
    let erase = || -> rusqlite::Result<bool> {
        let deleted = "SELECT EXISTS (SELECT 1 FROM world WHERE world = ?1 AND life = ?2)";
        if !db.query_row(deleted, params![world.as_str(), DELETED], |row| row.get(0))? {
            return Ok(true);
        }
        for table in ["record", "journal", "outgoing"] {
            let part = format!(
                "DELETE FROM {table} WHERE rowid IN (SELECT rowid FROM {table} WHERE world = ?1 LIMIT ?2)"
            );
            if db.execute(&part, params![world.as_str(), sql_count(PART)])? == PART {
                return Ok(false);
            }
        }
        db.execute("DELETE FROM world WHERE world = ?1", [world.as_str()])?;
        Ok(true)
    };
    erase().map_err(failed("deleting a world"))
}
