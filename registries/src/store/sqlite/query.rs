//! Everything that only reads.

use jiff::Timestamp;
use rusqlite::types::{Type, Value};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params, params_from_iter};

use super::failed;
use crate::store::life::DELETED;
use crate::store::sql::{after_prefix, from_sql_number, sql_count, sql_number};
use crate::store::{Entry, JournalQuery, Outgoing, Page, Record, StoreError, WorldId};

pub(super) fn get(
    db: &Connection,
    world: &WorldId,
    kind: &str,
    key: &str,
) -> Result<Option<Record>, StoreError> {
    let read = || {
        db.prepare_cached(
            "SELECT key, version, body FROM record WHERE world = ?1 AND kind = ?2 AND key = ?3",
        )?
        .query_row(params![world.as_str(), kind, key], record)
        .optional()
    };
    read().map_err(failed("reading a record"))
}

pub(super) fn list(
    db: &Connection,
    world: &WorldId,
    kind: &str,
    page: &Page,
) -> Result<Vec<Record>, StoreError> {
    let mut ask = Question::new("SELECT key, version, body FROM record WHERE world = ?", world);
    ask.narrow("kind = ?", kind.to_owned());
    if !page.prefix.is_empty() {
        ask.narrow("key >= ?", page.prefix.clone());
        if let Some(end) = after_prefix(&page.prefix) {
            ask.narrow("key < ?", end);
        }
    }
    if let Some(after) = &page.after {
        ask.narrow("key > ?", after.clone());
    }
    ask.rows(db, "key", page.limit, record).map_err(failed("listing records"))
}

pub(super) fn journal(
    db: &Connection,
    world: &WorldId,
    query: &JournalQuery,
) -> Result<Vec<Entry>, StoreError> {
    let mut ask =
        Question::new("SELECT seq, at, kind, case_id, system, body FROM journal WHERE world = ?", world);
    if let Some(case) = &query.case {
        ask.narrow("case_id = ?", case.clone());
    }
    if let Some(system) = &query.system {
        ask.narrow("system = ?", system.clone());
    }
    if let Some(kind) = query.kind {
        ask.narrow("kind = ?", kind.as_str().to_owned());
    }
    if let Some(after) = query.after {
        ask.narrow("seq > ?", sql_number(after));
    }
    ask.rows(db, "seq", query.limit, entry).map_err(failed("reading the journal"))
}

pub(super) fn due(
    db: &Connection,
    world: &WorldId,
    system: &str,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Outgoing>, StoreError> {
    let mut ask =
        Question::new("SELECT id, system, case_id, due, attempts, body FROM outgoing WHERE world = ?", world);
    ask.narrow("system = ?", system.to_owned());
    ask.narrow("due <= ?", now.as_microsecond());
    ask.rows(db, "due, position", limit, outgoing).map_err(failed("reading outgoing messages"))
}

pub(super) fn next_due(
    db: &Connection,
    world: &WorldId,
    system: &str,
) -> Result<Option<Timestamp>, StoreError> {
    let mut ask = Question::new("SELECT due FROM outgoing WHERE world = ?", world);
    ask.narrow("system = ?", system.to_owned());
    let first = ask.rows(db, "due, position", 1, |row| moment(row, 0));
    first.map(|due| due.first().copied()).map_err(failed("reading outgoing messages"))
}

/// The worlds that live, or those that are being deleted.
pub(super) fn worlds(db: &Connection, deleted: bool) -> Result<Vec<WorldId>, StoreError> {
    names(db, "SELECT world FROM world WHERE (life = ?1) = ?2 ORDER BY world", params![DELETED, deleted])
}

pub(super) fn waiting(db: &Connection) -> Result<Vec<WorldId>, StoreError> {
    names(db, "SELECT DISTINCT world FROM outgoing ORDER BY world", params![])
}

fn names(db: &Connection, sql: &str, values: &[&dyn ToSql]) -> Result<Vec<WorldId>, StoreError> {
    let name = |row: &Row<'_>| row.get::<_, String>(0)?.parse().map_err(unreadable(0, Type::Text));
    let read = || db.prepare_cached(sql)?.query_map(values, name)?.collect::<rusqlite::Result<_>>();
    read().map_err(failed("listing worlds"))
}

/// A SELECT about one world whose conditions depend on what is asked. The texts are few, so the
/// statements stay prepared.
struct Question {
    sql: String,
    values: Vec<Value>,
}

impl Question {
    fn new(select: &str, world: &WorldId) -> Self {
        Self { sql: select.to_owned(), values: vec![Value::Text(world.to_string())] }
    }

    fn narrow(&mut self, condition: &str, value: impl Into<Value>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self.values.push(value.into());
    }

    fn rows<T>(
        mut self,
        db: &Connection,
        order: &str,
        limit: usize,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        self.sql.push_str(" ORDER BY ");
        self.sql.push_str(order);
        self.sql.push_str(" LIMIT ?");
        self.values.push(Value::Integer(sql_count(limit)));
        db.prepare_cached(&self.sql)?.query_map(params_from_iter(self.values), read)?.collect()
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record { key: row.get(0)?, version: from_sql_number(row.get(1)?), body: row.get(2)? })
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        seq: from_sql_number(row.get(0)?),
        at: moment(row, 1)?,
        kind: row.get::<_, String>(2)?.parse().map_err(unreadable(2, Type::Text))?,
        case: row.get(3)?,
        system: row.get(4)?,
        body: serde_json::from_str(&row.get::<_, String>(5)?).map_err(unreadable(5, Type::Text))?,
    })
}

fn outgoing(row: &Row<'_>) -> rusqlite::Result<Outgoing> {
    Ok(Outgoing {
        id: row.get(0)?,
        system: row.get(1)?,
        case: row.get(2)?,
        due: moment(row, 3)?,
        attempts: row.get(4)?,
        body: row.get(5)?,
    })
}

fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::from_microsecond(row.get(column)?).map_err(unreadable(column, Type::Integer))
}

/// A value that we did not write: the file is damaged or was edited.
fn unreadable<E>(column: usize, is: Type) -> impl FnOnce(E) -> rusqlite::Error
where
    E: std::error::Error + Send + Sync + 'static,
{
    move |error| rusqlite::Error::FromSqlConversionFailure(column, is, Box::new(error))
}
