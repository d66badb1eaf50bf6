//! Removes what is old or no longer wanted.

use tokio_postgres::Client;

use super::failed;
use super::group::{Session, announce};
use crate::store::sql::sql_count;
use crate::store::{OPEN_CASE, StoreError, WorldId};

/// Keeps the newest `keep` entries and those of open cases; returns how many went.
pub(super) async fn prune_journal(
    session: &Session,
    world: &WorldId,
    keep: usize,
) -> Result<usize, StoreError> {
    let prune = async || {
        begin(session, world).await?;
        let removed = shorten(&session.client, world, keep).await?;
        end(session, removed > 0).await?;
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

/// Removes everything that bears the world's name; false when it was not known.
pub(super) async fn delete_world(session: &Session, world: &WorldId) -> Result<bool, StoreError> {
    let delete = async || {
        begin(session, world).await?;
        let name = world.as_str();
        for table in ["record", "journal", "outgoing"] {
            session.client.execute(&format!("DELETE FROM {table} WHERE world = $1"), &[&name]).await?;
        }
        let known = session.client.execute("DELETE FROM world WHERE world = $1", &[&name]).await? > 0;
        end(session, known).await?;
        Ok(known)
    };
    delete().await.map_err(failed("deleting a world"))
}

/// Begins a transaction that holds the world's lock.
async fn begin(session: &Session, world: &WorldId) -> Result<(), tokio_postgres::Error> {
    session.client.batch_execute("BEGIN").await?;
    session.client.execute(&session.statements.lock, &[&vec![world.as_str()]]).await.map(drop)
}

async fn end(session: &Session, changed: bool) -> Result<(), tokio_postgres::Error> {
    if changed {
        announce(session).await?;
    }
    session.client.batch_execute("COMMIT").await
}
