//! Takes messages from a queue that several processes share.

use jiff::Timestamp;
use tokio_postgres::types::Type;

use super::query::{OUTGOING, QUEUE, moment, outgoing, queue};
use super::readers::Readers;
use crate::store::sql::sql_count;
use crate::store::{StoreError, Taken, WorldId};

/// Marks what is due and free as taken by `taker`. Two who ask at the same moment step over each other's rows.
pub(super) async fn take(
    readers: &Readers,
    taker: i32,
    world: &WorldId,
    system: &str,
    now: Timestamp,
    limit: usize,
) -> Result<Taken, StoreError> {
    let doing = "taking outgoing messages";
    let free = "(taker IS NULL OR taker = $2 OR NOT taker_lives(taker))";
    let sql = format!(
        "WITH free AS MATERIALIZED (
             SELECT world, system, id FROM outgoing
             WHERE {QUEUE} = $1 AND due <= $3 AND {free}
             ORDER BY due, position LIMIT $4 FOR UPDATE SKIP LOCKED),
         taken AS (
             UPDATE outgoing SET taker = $2 FROM free
             WHERE (outgoing.world, outgoing.system, outgoing.id) = (free.world, free.system, free.id)
             RETURNING outgoing.*)
         SELECT {OUTGOING} FROM taken ORDER BY due, position"
    );
    let (queue, now, limit) = (queue(world, system), now.as_microsecond(), sql_count(limit));
    let rows = readers
        .ask(
            doing,
            &sql,
            &[(&queue, Type::TEXT), (&taker, Type::INT4), (&now, Type::INT8), (&limit, Type::INT8)],
        )
        .await?;
    let messages = rows.iter().map(outgoing).collect::<Result<_, _>>()?;
    let next = format!(
        "SELECT due FROM outgoing WHERE {QUEUE} = $1
         AND (taker IS NULL OR (taker <> $2 AND NOT taker_lives(taker))) ORDER BY due, position LIMIT 1"
    );
    let rows = readers.ask(doing, &next, &[(&queue, Type::TEXT), (&taker, Type::INT4)]).await?;
    let next = rows.first().map(|row| moment(row, 0)).transpose()?;
    Ok(Taken { messages, next })
}
