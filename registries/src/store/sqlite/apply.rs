//! Applies one batch inside the writer's transaction.

use rusqlite::{Connection, OptionalExtension, params};

use super::failed;
use crate::store::life;
use crate::store::sql::{from_sql_number, sql_count};
use crate::store::{
    Batch, Committed, Expect, NewEntry, Outgoing, OutgoingChange, StoreError, WorldId, Write,
};

/// Writes the whole batch or fails; the caller undoes what a failed one has written.
pub(super) fn apply(db: &Connection, batch: &Batch) -> Result<Committed, StoreError> {
    let world = &batch.world;
    let (version, last_seq, life) =
        number(db, world, batch.entries.len()).map_err(failed("numbering a commit"))?;
    if !life::fits(batch.life, life) {
        return Err(StoreError::WorldGone { world: world.clone() });
    }
    for write in &batch.writes {
        record(db, world, write, version)?;
    }
    let first_seq = last_seq - sql_count(batch.entries.len()) + 1;
    for (seq, entry) in (first_seq..).zip(&batch.entries) {
        journal(db, world, seq, entry).map_err(failed("writing the journal"))?;
    }
    for message in &batch.outgoing {
        enqueue(db, world, message)?;
    }
    for change in &batch.outgoing_changes {
        alter(db, world, change)?;
    }
    Ok(Committed { version: from_sql_number(version), last_seq: from_sql_number(last_seq) })
}

/// Takes the commit's version and the numbers of its entries; makes the world known. Its life comes with them.
fn number(db: &Connection, world: &WorldId, entries: usize) -> rusqlite::Result<(i64, i64, i64)> {
    db.prepare_cached(
        "INSERT INTO world (world, version, last_seq) VALUES (?1, 1, ?2)
         ON CONFLICT DO UPDATE SET version = version + 1, last_seq = last_seq + ?2
         RETURNING version, last_seq, life",
    )?
    .query_row(params![world.as_str(), sql_count(entries)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
}

fn record(db: &Connection, world: &WorldId, write: &Write, version: i64) -> Result<(), StoreError> {
    let (Write::Put { kind, key, expect, .. }
    | Write::Delete { kind, key, expect }
    | Write::Check { kind, key, expect }) = write;
    if *expect != Expect::Anything {
        let found = current(db, world, kind, key).map_err(failed("reading a record"))?;
        if !expect.holds(found) {
            return Err(StoreError::Conflict {
                kind: kind.clone(),
                key: key.clone(),
                expected: *expect,
                found,
            });
        }
    }
    let change = || match write {
        Write::Put { body, .. } => db
            .prepare_cached(
                "INSERT INTO record (world, kind, key, version, body) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET version = excluded.version, body = excluded.body",
            )?
            .execute(params![world.as_str(), kind, key, version, body]),
        Write::Delete { .. } => db
            .prepare_cached("DELETE FROM record WHERE world = ?1 AND kind = ?2 AND key = ?3")?
            .execute(params![world.as_str(), kind, key]),
        Write::Check { .. } => Ok(0),
    };
    change().map(drop).map_err(failed("writing a record"))
}

fn current(db: &Connection, world: &WorldId, kind: &str, key: &str) -> rusqlite::Result<Option<u64>> {
    db.prepare_cached("SELECT version FROM record WHERE world = ?1 AND kind = ?2 AND key = ?3")?
        .query_row(params![world.as_str(), kind, key], |row| row.get(0).map(from_sql_number))
        .optional()
}

fn journal(db: &Connection, world: &WorldId, seq: i64, entry: &NewEntry) -> rusqlite::Result<usize> {
    db.prepare_cached(
        "INSERT INTO journal (world, seq, at, kind, case_id, system, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        world.as_str(),
        seq,
        entry.at.as_microsecond(),
        entry.kind.as_str(),
        entry.case,
        entry.system,
        entry.body.to_string(),
    ])
}

fn enqueue(db: &Connection, world: &WorldId, message: &Outgoing) -> Result<(), StoreError> {
    let insert = || {
        db.prepare_cached(
            "INSERT INTO outgoing (world, system, id, case_id, due, attempts, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (world, system, id) DO NOTHING",
        )?
        .execute(params![
            world.as_str(),
            message.system,
            message.id,
            message.case,
            message.due.as_microsecond(),
            message.attempts,
            message.body,
        ])
    };
    match insert().map_err(failed("writing an outgoing message"))? {
        0 => Err(StoreError::OutgoingExists { system: message.system.clone(), id: message.id.clone() }),
        _ => Ok(()),
    }
}

fn alter(db: &Connection, world: &WorldId, change: &OutgoingChange) -> Result<(), StoreError> {
    let doing = "changing an outgoing message";
    let (system, id) = change.names();
    let write = || match change {
        OutgoingChange::Done { .. } | OutgoingChange::Cancel { .. } => db
            .prepare_cached("DELETE FROM outgoing WHERE world = ?1 AND system = ?2 AND id = ?3")?
            .execute(params![world.as_str(), system, id]),
        OutgoingChange::Postpone { due, seen, attempts, .. } => db
            .prepare_cached(
                "UPDATE outgoing SET due = ?4, attempts = ?6
                 WHERE world = ?1 AND system = ?2 AND id = ?3 AND attempts = ?5",
            )?
            .execute(params![world.as_str(), system, id, due.as_microsecond(), seen, attempts]),
    };
    let changed = write().map_err(failed(doing))? > 0;
    let expected = match change {
        OutgoingChange::Cancel { .. } => return Ok(()),
        _ if changed => return Ok(()),
        OutgoingChange::Done { .. } => None,
        OutgoingChange::Postpone { seen, .. } => Some(*seen),
    };
    let found = attempts(db, world, system, id).map_err(failed(doing))?;
    Err(StoreError::OutgoingConflict { system: system.to_owned(), id: id.to_owned(), expected, found })
}

fn attempts(db: &Connection, world: &WorldId, system: &str, id: &str) -> rusqlite::Result<Option<u32>> {
    db.prepare_cached("SELECT attempts FROM outgoing WHERE world = ?1 AND system = ?2 AND id = ?3")?
        .query_row(params![world.as_str(), system, id], |row| row.get(0))
        .optional()
}
