//! Removes what is old or no longer wanted, inside the writer's transaction.

use rusqlite::{Connection, OptionalExtension, params};

use super::failed;
use crate::store::sql::sql_count;
use crate::store::{OPEN_CASE, StoreError, WorldId};

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

/// Removes everything that bears the world's name; false when it was not known.
pub(super) fn delete_world(db: &Connection, world: &WorldId) -> Result<bool, StoreError> {
    let delete = || -> rusqlite::Result<bool> {
        db.execute("DELETE FROM record WHERE world = ?1", [world.as_str()])?;
        db.execute("DELETE FROM journal WHERE world = ?1", [world.as_str()])?;
        db.execute("DELETE FROM outgoing WHERE world = ?1", [world.as_str()])?;
        Ok(db.execute("DELETE FROM world WHERE world = ?1", [world.as_str()])? > 0)
    };
    delete().map_err(failed("deleting a world"))
}
