//! Everything that only reads.

use jiff::Timestamp;
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

use super::failed;
use super::readers::{Parameter, Readers};
use crate::store::life::DELETED;
use crate::store::sql::{after_prefix, from_sql_number, sql_count, sql_number};
use crate::store::{Entry, JournalQuery, Outgoing, Page, Record, StoreError, WorldId};

/// What is read of an outgoing message, in the order of [`outgoing`].
pub(super) const OUTGOING: &str = "id, system, case_id, due, attempts, body";

/// What the index of the queues is by; no world has a `/` in its name.
pub(super) const QUEUE: &str = "(world || '/' || system)";

/// The [`QUEUE`] of a system.
pub(super) fn queue(world: &WorldId, system: &str) -> String {
    format!("{world}/{system}")
}

pub(super) async fn get(
    readers: &Readers,
    world: &WorldId,
    kind: &str,
    key: &str,
) -> Result<Option<Record>, StoreError> {
    let mut ask = Question::new("SELECT key, version, body FROM record WHERE world = $1", world);
    ask.narrow("kind =", kind.to_owned());
    ask.narrow("key =", key.to_owned());
    let rows = ask.rows(readers, "reading a record", "key", 1, record).await?;
    Ok(rows.into_iter().next())
}

pub(super) async fn list(
    readers: &Readers,
    world: &WorldId,
    kind: &str,
    page: &Page,
) -> Result<Vec<Record>, StoreError> {
    let mut ask = Question::new("SELECT key, version, body FROM record WHERE world = $1", world);
    ask.narrow("kind =", kind.to_owned());
    if !page.prefix.is_empty() {
        ask.narrow("key >=", page.prefix.clone());
        if let Some(end) = after_prefix(&page.prefix) {
            ask.narrow("key <", end);
        }
    }
    if let Some(after) = &page.after {
        ask.narrow("key >", after.clone());
    }
    ask.rows(readers, "listing records", "key", page.limit, record).await
}

pub(super) async fn journal(
    readers: &Readers,
    world: &WorldId,
    query: &JournalQuery,
) -> Result<Vec<Entry>, StoreError> {
    let mut ask =
        Question::new("SELECT seq, at, kind, case_id, system, body FROM journal WHERE world = $1", world);
    if let Some(case) = &query.case {
        ask.narrow("case_id =", case.clone());
    }
    if let Some(system) = &query.system {
        ask.narrow("system =", system.clone());
    }
    if let Some(kind) = query.kind {
        ask.narrow("kind =", kind.as_str().to_owned());
    }
    if let Some(after) = query.after {
        ask.narrow_number("seq >", sql_number(after));
    }
    ask.rows(readers, "reading the journal", "seq", query.limit, entry).await
}

pub(super) async fn due(
    readers: &Readers,
    world: &WorldId,
    system: &str,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Outgoing>, StoreError> {
    let mut ask = Question::queue(&format!("SELECT {OUTGOING} FROM outgoing"), world, system);
    ask.narrow_number("due <=", now.as_microsecond());
    ask.rows(readers, "reading outgoing messages", "due, position", limit, outgoing).await
}

pub(super) async fn next_due(
    readers: &Readers,
    world: &WorldId,
    system: &str,
) -> Result<Option<Timestamp>, StoreError> {
    let ask = Question::queue("SELECT due FROM outgoing", world, system);
    let first =
        ask.rows(readers, "reading outgoing messages", "due, position", 1, |row| moment(row, 0)).await?;
    Ok(first.first().copied())
}

/// The worlds that live, or those that are being deleted.
pub(super) async fn worlds(readers: &Readers, deleted: bool) -> Result<Vec<WorldId>, StoreError> {
    let sql = "SELECT world FROM world WHERE (life = $1) = $2 ORDER BY world";
    names(readers, sql, &[(&DELETED, Type::INT8), (&deleted, Type::BOOL)]).await
}

pub(super) async fn waiting(readers: &Readers) -> Result<Vec<WorldId>, StoreError> {
    names(readers, "SELECT DISTINCT world FROM outgoing ORDER BY world", &[]).await
}

async fn names(
    readers: &Readers,
    sql: &str,
    parameters: &[Parameter<'_>],
) -> Result<Vec<WorldId>, StoreError> {
    let doing = "listing worlds";
    let rows = readers.ask(doing, sql, parameters).await?;
    let id = |row: &Row| text(row, 0)?.parse().map_err(StoreError::backend(doing));
    rows.iter().map(id).collect()
}

/// A SELECT about one world whose conditions depend on what is asked.
struct Question {
    sql: String,
    values: Vec<(Box<dyn ToSql + Send + Sync>, Type)>,
}

impl Question {
    fn new(select: &str, world: &WorldId) -> Self {
        Self { sql: select.to_owned(), values: vec![(Box::new(world.to_string()), Type::TEXT)] }
    }

    fn queue(select: &str, world: &WorldId, system: &str) -> Self {
        let sql = format!("{select} WHERE {QUEUE} = $1");
        Self { sql, values: vec![(Box::new(queue(world, system)), Type::TEXT)] }
    }

    fn narrow(&mut self, condition: &str, value: String) {
        self.condition(condition);
        self.values.push((Box::new(value), Type::TEXT));
    }

    fn narrow_number(&mut self, condition: &str, value: i64) {
        self.condition(condition);
        self.values.push((Box::new(value), Type::INT8));
    }

    fn condition(&mut self, condition: &str) {
        let place = self.values.len() + 1;
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self.sql.push_str(" $");
        self.sql.push_str(&place.to_string());
    }

    async fn rows<T>(
        mut self,
        readers: &Readers,
        doing: &'static str,
        order: &str,
        limit: usize,
        read: impl Fn(&Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let place = self.values.len() + 1;
        let sql = format!("{} ORDER BY {order} LIMIT ${place}", self.sql);
        self.values.push((Box::new(sql_count(limit)), Type::INT8));
        let values: Vec<(&(dyn ToSql + Sync), Type)> =
            self.values.iter().map(|(value, of)| (&**value as &(dyn ToSql + Sync), of.clone())).collect();
        readers.ask(doing, &sql, &values).await?.iter().map(read).collect()
    }
}

fn record(row: &Row) -> Result<Record, StoreError> {
    Ok(Record { key: text(row, 0)?, version: from_sql_number(number(row, 1)?), body: text(row, 2)? })
}

fn entry(row: &Row) -> Result<Entry, StoreError> {
    let doing = "reading the journal";
    Ok(Entry {
        seq: from_sql_number(number(row, 0)?),
        at: moment(row, 1)?,
        kind: text(row, 2)?.parse().map_err(StoreError::backend(doing))?,
        case: row.try_get(3).map_err(failed(doing))?,
        system: text(row, 4)?,
        body: serde_json::from_str(&text(row, 5)?).map_err(StoreError::backend(doing))?,
    })
}

/// Reads a row of [`OUTGOING`].
pub(super) fn outgoing(row: &Row) -> Result<Outgoing, StoreError> {
    Ok(Outgoing {
        id: text(row, 0)?,
        system: text(row, 1)?,
        case: row.try_get(2).map_err(failed("reading outgoing messages"))?,
        due: moment(row, 3)?,
        attempts: u32::try_from(number(row, 4)?).unwrap_or(u32::MAX),
        body: text(row, 5)?,
    })
}

/// A moment in a column; an error when it is one that we did not write.
pub(super) fn moment(row: &Row, column: usize) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(number(row, column)?).map_err(StoreError::backend("reading a moment"))
}

fn text(row: &Row, column: usize) -> Result<String, StoreError> {
    row.try_get(column).map_err(failed("reading a text"))
}

fn number(row: &Row, column: usize) -> Result<i64, StoreError> {
    row.try_get(column).map_err(failed("reading a number"))
}
