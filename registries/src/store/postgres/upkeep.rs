//! Removes what is old or no longer wanted.

use tokio_postgres::Client;
use tokio_postgres::types::ToSql;

use super::failed;
use super::group::{Session, announce};
use super::news::News;
use crate::store::life::{DELETED, UNBEGUN};
use crate::store::sql::sql_count;
use crate::store::{Life, OPEN_CASE, StoreError, WorldId};

/// Keeps the newest `keep` entries and those of open cases; returns how many went.
pub(super) async fn prune_journal(
    session: &Session,
    world: &WorldId,
    keep: usize,
) -> Result<usize, StoreError> {
    let prune = async || {
        begin(session, world).await?;
        let removed = shorten(&session.client, world, keep).await?;
        end(session, news(world, false, removed > 0)).await?;
        Ok(usize::try_from(removed).unwrap_or(usize::MAX))
    };
    prune().await.map_err(failed("pruning the journal"))
}

async fn shorten(client: &Client, world: &WorldId, keep: usize) -> Result<u64, tokio_postgres::Error> {
    let name = world.as_str();
    let newest = "SELECT seq FROM journal WHERE world = $1 ORDER BY seq DESC LIMIT 1 OFFSET $2";
    let Some(newest) = client.query_opt(newest, &[&name, &sql_count(keep)]).await? else { return Ok(0) };
    let newest: i64 = newest.try_get(0)?;
    let delete = "DELETE FROM journal WHERE world = $1 AND seq <= $2 AND NOT EXISTS (
        SELECT 1 FROM record WHERE record.world = $1 AND record.kind = $3 AND record.key = journal.case_id)";
    client.execute(delete, &[&name, &newest, &OPEN_CASE]).await
}

/// How many rows of a world go in one transaction: others' commits come in between.
const PART: u64 = 2_000;

/// Begins a world, or says which life it is in; `None` while what is left of the one before is being deleted.
pub(super) async fn begin_world(session: &Session, world: &WorldId) -> Result<Option<Life>, StoreError> {
    let enter = "INSERT INTO world (world, version, last_seq, last_position, life) VALUES ($1, 0, 0, 0, $2)
        ON CONFLICT (world) DO UPDATE SET life = CASE world.life WHEN $3 THEN excluded.life ELSE world.life END
        RETURNING life";
    let begin = async || {
        begin(session, world).await?;
        let own = Life::new();
        let values: [&(dyn ToSql + Sync); 3] = [&world.as_str(), &own.sql(), &UNBEGUN];
        let life: i64 = session.client.query_one(enter, &values).await?.try_get(0)?;
        end(session, news(world, true, life == own.sql())).await?;
        Ok((life != DELETED).then_some(Life::from_sql(life)))
    };
    begin().await.map_err(failed("beginning a world"))
}

/// Says that a world is being deleted; false when it was not known, or is being deleted already.
pub(super) async fn give_up(session: &Session, world: &WorldId) -> Result<bool, StoreError> {
    let mark = "UPDATE world SET life = $2 WHERE world = $1 AND life <> $2";
    let delete = async || {
        begin(session, world).await?;
        let marked = session.client.execute(mark, &[&world.as_str(), &DELETED]).await? > 0;
        end(session, news(world, true, marked)).await?;
        Ok(marked)
    };
    delete().await.map_err(failed("deleting a world"))
}

/// Removes a part of a world that is being deleted; true when nothing is left of it.
pub(super) async fn erase(session: &Session, world: &WorldId) -> Result<bool, StoreError> {
    let erase = async || {
        begin(session, world).await?;
        let gone = erase_part(&session.client, world.as_str()).await?;
        end(session, None).await?;
        Ok(gone)
    };
    erase().await.map_err(failed("deleting a world"))
}

async fn erase_part(client: &Client, name: &str) -> Result<bool, tokio_postgres::Error> {
    let deleted = "SELECT FROM world WHERE world = $1 AND life = $2";
    if client.query_opt(deleted, &[&name, &DELETED]).await?.is_none() {
        return Ok(true);
    }
    for table in ["record", "journal", "outgoing"] {
        let part = format!(
            "DELETE FROM {table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE world = $1 LIMIT {PART}))"
        );
        if client.execute(&part, &[&name]).await? == PART {
            return Ok(false);
        }
    }
    client.execute("DELETE FROM world WHERE world = $1", &[&name]).await?;
    Ok(true)
}

/// What there is to tell of a world, if there is anything.
fn news(world: &WorldId, tells: bool, changed: bool) -> Option<News> {
    changed.then(|| News::of([(world.as_str(), tells)].into_iter()))
}

/// Begins a transaction that holds the world's lock.
async fn begin(session: &Session, world: &WorldId) -> Result<(), tokio_postgres::Error> {
    session.client.batch_execute("BEGIN").await?;
    session.client.execute(&session.statements.lock, &[&vec![world.as_str()]]).await.map(drop)
}

async fn end(session: &Session, news: Option<News>) -> Result<(), tokio_postgres::Error> {
    if let Some(news) = news {
        announce(session, &news).await?;
    }
    session.client.batch_execute("COMMIT").await
}
