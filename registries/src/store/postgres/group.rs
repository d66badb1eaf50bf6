//! One transaction for a group of batches: two round trips, however many batches there are.

use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row, Statement};
use uuid::Uuid;

use super::failed;
use super::news::{CHANNEL, News};
use super::plan::{Asked, Change, Counters, Key, Plan, Queued, Slot};
use crate::store::{Batch, Committed, StoreError};

/// The lock that whoever writes to a world holds to the end of the transaction. Taken in the order of the keys,
/// so that two groups never wait for each other.
const LOCK: &str = "SELECT pg_advisory_xact_lock(key) FROM (
    SELECT DISTINCT hashtextextended(name, 0) AS key FROM unnest($1::text[]) AS name ORDER BY key) AS ordered";

const WORLDS: &str =
    "SELECT world, version, last_seq, last_position, life FROM world WHERE world = ANY($1::text[])";

const RECORDS: &str = "SELECT asked.place, record.version
    FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS asked (world, kind, key, place)
    JOIN record ON (record.world, record.kind, record.key) = (asked.world, asked.kind, asked.key)";

const MESSAGES: &str = "SELECT asked.place, outgoing.attempts
    FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS asked (world, system, id, place)
    JOIN outgoing ON (outgoing.world, outgoing.system, outgoing.id) = (asked.world, asked.system, asked.id)";

const COUNT: &str = "INSERT INTO world (world, version, last_seq, last_position)
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[])
    ON CONFLICT (world) DO UPDATE SET version = excluded.version, last_seq = excluded.last_seq,
        last_position = excluded.last_position";

const PUT: &str = "INSERT INTO record (world, kind, key, version, body)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[])
    ON CONFLICT (world, kind, key) DO UPDATE SET version = excluded.version, body = excluded.body";

const DELETE: &str = "DELETE FROM record
    USING unnest($1::text[], $2::text[], $3::text[]) AS asked (world, kind, key)
    WHERE (record.world, record.kind, record.key) = (asked.world, asked.kind, asked.key)";

const ENTER: &str = "INSERT INTO journal (world, seq, at, kind, case_id, system, body)
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[])";

const SEND: &str = "INSERT INTO outgoing (world, system, id, position, case_id, due, attempts, body)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[],
        $8::text[])
    ON CONFLICT (world, system, id) DO UPDATE SET position = excluded.position, case_id = excluded.case_id,
        due = excluded.due, attempts = excluded.attempts, taker = NULL, body = excluded.body";

const POSTPONE: &str = "UPDATE outgoing SET due = asked.due, attempts = asked.attempts, taker = NULL
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[])
        AS asked (world, system, id, due, attempts)
    WHERE (outgoing.world, outgoing.system, outgoing.id) = (asked.world, asked.system, asked.id)";

const REMOVE: &str = "DELETE FROM outgoing
    USING unnest($1::text[], $2::text[], $3::text[]) AS asked (world, system, id)
    WHERE (outgoing.world, outgoing.system, outgoing.id) = (asked.world, asked.system, asked.id)";

/// A value of a statement's parameter.
type Value<'v> = dyn ToSql + Sync + 'v;

/// What a writing session keeps prepared.
#[derive(Debug)]
pub(super) struct Statements {
    pub(super) lock: Statement,
    transaction: Statement,
    worlds: Statement,
    records: Statement,
    messages: Statement,
    count: Statement,
    put: Statement,
    delete: Statement,
    enter: Statement,
    send: Statement,
    postpone: Statement,
    remove: Statement,
    pub(super) announce: Statement,
}

impl Statements {
    pub(super) async fn prepare(client: &Client) -> Result<Self, StoreError> {
        let prepare = async |sql| client.prepare(sql).await.map_err(failed("preparing a session"));
        Ok(Self {
            lock: prepare(LOCK).await?,
            transaction: prepare("SELECT pg_current_xact_id()::text").await?,
            worlds: prepare(WORLDS).await?,
            records: prepare(RECORDS).await?,
            messages: prepare(MESSAGES).await?,
            count: prepare(COUNT).await?,
            put: prepare(PUT).await?,
            delete: prepare(DELETE).await?,
            enter: prepare(ENTER).await?,
            send: prepare(SEND).await?,
            postpone: prepare(POSTPONE).await?,
            remove: prepare(REMOVE).await?,
            announce: prepare("SELECT pg_notify($1, $2)").await?,
        })
    }
}

/// A session that writes.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) client: Client,
    pub(super) statements: Statements,
    /// Whose news this session's are: see [`super::news`].
    pub(super) sender: Uuid,
}

/// Why a group was not written, or perhaps was.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) error: StoreError,
    /// Set when the COMMIT was under way: the transaction whose fate the server knows.
    pub(super) transaction: Option<String>,
    /// What each batch hears if it was committed all the same.
    pub(super) answers: Vec<Result<Committed, StoreError>>,
}

/// Writes what a group of batches comes to; each batch has its own answer, and all that succeed are durable.
pub(super) async fn commit(
    session: &Session,
    batches: &[Batch],
) -> Result<Vec<Result<Committed, StoreError>>, Broken> {
    let broken = |error| Broken { error, transaction: None, answers: vec![] };
    let asked = Asked::by(batches);
    let (mut plan, transaction) =
        begin(session, &asked).await.map_err(failed("beginning a commit")).map_err(broken)?;
    let answers: Vec<_> = batches.iter().map(|batch| plan.add(batch)).collect();
    let ended = if plan.moves() {
        write(session, &plan).await
    } else {
        session.client.batch_execute("ROLLBACK").await
    };
    match ended {
        Ok(()) => Ok(answers),
        Err(error) => {
            let lost = session.client.is_closed() && plan.moves();
            Err(Broken {
                error: failed("committing")(error),
                transaction: lost.then_some(transaction),
                answers,
            })
        }
    }
}

/// Takes the locks of the worlds and reads what the batches ask for. All of it is sent at once; the server goes
/// through it in order, so what is read is what the lock protects.
async fn begin<'a>(
    session: &Session,
    asked: &Asked<'a>,
) -> Result<(Plan<'a>, String), tokio_postgres::Error> {
    let (client, statements) = (&session.client, &session.statements);
    let worlds: Vec<&str> = asked.worlds.iter().copied().collect();
    let record_keys: Vec<Key<'a>> = asked.records.iter().copied().collect();
    let message_keys: Vec<Key<'a>> = asked.messages.iter().copied().collect();
    let (records, messages) = (columns(&record_keys), columns(&message_keys));
    let locks: [&Value<'_>; 1] = [&worlds];
    let records: [&Value<'_>; 3] = [&records.0, &records.1, &records.2];
    let messages: [&Value<'_>; 3] = [&messages.0, &messages.1, &messages.2];
    let (begun, locked, transaction, world_rows, record_rows, message_rows) = tokio::join!(
        biased;
        client.batch_execute("BEGIN"),
        client.query(&statements.lock, &locks),
        client.query_one(&statements.transaction, &[]),
        client.query(&statements.worlds, &locks),
        client.query(&statements.records, &records),
        client.query(&statements.messages, &messages),
    );
    begun?;
    locked?;
    let mut plan = Plan::default();
    for row in &world_rows? {
        let name: &str = row.try_get(0)?;
        let known = Counters {
            version: row.try_get(1)?,
            last_seq: row.try_get(2)?,
            last_position: row.try_get(3)?,
            life: row.try_get(4)?,
            ..Counters::default()
        };
        plan.worlds.extend(worlds.iter().find(|world| **world == name).map(|world| (*world, known)));
    }
    for row in &record_rows? {
        let slot = Slot { version: Some(row.try_get(1)?), change: None };
        plan.records.extend(at_place(&record_keys, row)?.map(|key| (key, slot)));
    }
    for row in &message_rows? {
        let queued = Queued::Waits(row.try_get(1)?);
        plan.messages.extend(at_place(&message_keys, row)?.map(|key| (key, queued)));
    }
    Ok((plan, transaction?.try_get(0)?))
}

/// Writes everything and ends the transaction; again all at once.
async fn write(session: &Session, plan: &Plan<'_>) -> Result<(), tokio_postgres::Error> {
    let client = &session.client;
    let moved = plan.worlds.iter().filter(|(_, counters)| counters.moved);
    let news = News::of(moved.map(|(name, counters)| (*name, counters.tells)));
    let (count, put, delete, enter, send, postpone, remove, announce, committed) = tokio::join!(
        biased;
        count(session, plan),
        put(session, plan),
        delete(session, plan),
        enter(session, plan),
        send(session, plan),
        postpone(session, plan),
        remove(session, plan),
        announce(session, &news),
        client.batch_execute("COMMIT"),
    );
    // After a failure the COMMIT is a rollback, and "succeeds": the failure is what counts.
    count?;
    put?;
    delete?;
    enter?;
    send?;
    postpone?;
    remove?;
    announce?;
    committed
}

async fn count(session: &Session, plan: &Plan<'_>) -> Result<(), tokio_postgres::Error> {
    let moved = || plan.worlds.iter().filter(|(_, counters)| counters.moved);
    let names: Vec<&str> = moved().map(|(name, _)| *name).collect();
    let versions: Vec<i64> = moved().map(|(_, counters)| counters.version).collect();
    let seqs: Vec<i64> = moved().map(|(_, counters)| counters.last_seq).collect();
    let positions: Vec<i64> = moved().map(|(_, counters)| counters.last_position).collect();
    let values: [&Value<'_>; 4] = [&names, &versions, &seqs, &positions];
    session.client.execute(&session.statements.count, &values).await.map(drop)
}

async fn put(session: &Session, plan: &Plan<'_>) -> Result<(), tokio_postgres::Error> {
    let (mut keys, mut versions, mut bodies) = (vec![], vec![], vec![]);
    for (key, slot) in &plan.records {
        if let Slot { version: Some(version), change: Some(Change::Put(body)) } = slot {
            keys.push(key);
            versions.push(*version);
            bodies.push(*body);
        }
    }
    if keys.is_empty() {
        return Ok(());
    }
    let (worlds, kinds, keys) = columns(keys);
    let values: [&Value<'_>; 5] = [&worlds, &kinds, &keys, &versions, &bodies];
    session.client.execute(&session.statements.put, &values).await.map(drop)
}

async fn delete(session: &Session, plan: &Plan<'_>) -> Result<(), tokio_postgres::Error> {
    let deleted = |slot: &Slot<'_>| matches!(slot.change, Some(Change::Delete));
    let keys = plan.records.iter().filter(|(_, slot)| deleted(slot)).map(|(key, _)| key);
    let (worlds, kinds, keys) = columns(keys);
    if keys.is_empty() {
        return Ok(());
    }
    session.client.execute(&session.statements.delete, &[&worlds, &kinds, &keys]).await.map(drop)
}

async fn enter(session: &Session, plan: &Plan<'_>) -> Result<(), tokio_postgres::Error> {
    if plan.entries.is_empty() {
        return Ok(());
    }
    let entries = &plan.entries;
    let worlds: Vec<&str> = entries.iter().map(|(world, ..)| *world).collect();
    let seqs: Vec<i64> = entries.iter().map(|(_, seq, _)| *seq).collect();
    let moments: Vec<i64> = entries.iter().map(|(.., entry)| entry.at.as_microsecond()).collect();
    let kinds: Vec<&str> = entries.iter().map(|(.., entry)| entry.kind.as_str()).collect();
    let cases: Vec<Option<&str>> = entries.iter().map(|(.., entry)| entry.case.as_deref()).collect();
    let systems: Vec<&str> = entries.iter().map(|(.., entry)| entry.system.as_str()).collect();
    let bodies: Vec<String> = entries.iter().map(|(.., entry)| entry.body.to_string()).collect();
    let values: [&Value<'_>; 7] = [&worlds, &seqs, &moments, &kinds, &cases, &systems, &bodies];
    session.client.execute(&session.statements.enter, &values).await.map(drop)
}

async fn send(session: &Session, plan: &Plan<'_>) -> Result<(), tokio_postgres::Error> {
    let (mut keys, mut positions, mut cases) = (vec![], vec![], vec![]);
    let (mut moments, mut counts, mut bodies) = (vec![], vec![], vec![]);
    for (key, queued) in &plan.messages {
        if let Queued::New { message, position, due, attempts } = queued {
            keys.push(key);
            positions.push(*position);
            cases.push(message.case.as_deref());
            moments.push(*due);
            counts.push(*attempts);
            bodies.push(message.body.as_str());
        }
    }
    if keys.is_empty() {
        return Ok(());
    }
    let (worlds, systems, ids) = columns(keys);
    let values: [&Value<'_>; 8] = [&worlds, &systems, &ids, &positions, &cases, &moments, &counts, &bodies];
    session.client.execute(&session.statements.send, &values).await.map(drop)
}

async fn postpone(session: &Session, plan: &Plan<'_>) -> Result<(), tokio_postgres::Error> {
    let (mut keys, mut moments, mut counts) = (vec![], vec![], vec![]);
    for (key, queued) in &plan.messages {
        if let Queued::Postponed { due, attempts } = queued {
            keys.push(key);
            moments.push(*due);
            counts.push(*attempts);
        }
    }
    if keys.is_empty() {
        return Ok(());
    }
    let (worlds, systems, ids) = columns(keys);
    let values: [&Value<'_>; 5] = [&worlds, &systems, &ids, &moments, &counts];
    session.client.execute(&session.statements.postpone, &values).await.map(drop)
}

async fn remove(session: &Session, plan: &Plan<'_>) -> Result<(), tokio_postgres::Error> {
    let removed = |queued: &Queued<'_>| matches!(queued, Queued::Removed);
    let keys = plan.messages.iter().filter(|(_, queued)| removed(queued)).map(|(key, _)| key);
    let (worlds, systems, ids) = columns(keys);
    if ids.is_empty() {
        return Ok(());
    }
    session.client.execute(&session.statements.remove, &[&worlds, &systems, &ids]).await.map(drop)
}

/// Tells the other processes; they hear it when the transaction is committed, and not before.
pub(super) async fn announce(session: &Session, news: &News) -> Result<(), tokio_postgres::Error> {
    let news = news.written(&session.sender);
    let values: [&Value<'_>; 2] = [&CHANNEL, &news];
    session.client.query(&session.statements.announce, &values).await.map(drop)
}

/// Keys as the three columns that `unnest` takes.
fn columns<'a, 'k>(keys: impl IntoIterator<Item = &'k Key<'a>>) -> (Vec<&'a str>, Vec<&'a str>, Vec<&'a str>)
where
    'a: 'k,
{
    let (mut first, mut second, mut third) = (vec![], vec![], vec![]);
    for key in keys {
        first.push(key.0);
        second.push(key.1);
        third.push(key.2);
    }
    (first, second, third)
}

/// The key that a row is the answer to: its first column is the place among the keys asked for, counted from 1.
fn at_place<'a>(keys: &[Key<'a>], row: &Row) -> Result<Option<Key<'a>>, tokio_postgres::Error> {
    let place: i64 = row.try_get(0)?;
    Ok(usize::try_from(place - 1).ok().and_then(|place| keys.get(place)).copied())
}
