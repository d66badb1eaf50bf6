//! A few sessions that read beside the writer.

use std::sync::{Mutex, PoisonError};

use tokio::sync::Semaphore;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};

use super::failed;
use super::open::{Database, Purpose};
use crate::store::StoreError;

/// How many reads run at once; more wait for their turn.
const READERS: usize = 4;

/// A parameter of a question with its type.
pub(super) type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

/// Sessions are opened when first needed and kept.
#[derive(Debug)]
pub(super) struct Readers {
    database: Database,
    idle: Mutex<Vec<Client>>,
    turns: Semaphore,
}

impl Readers {
    pub(super) fn new(database: Database) -> Self {
        Self { database, idle: Mutex::default(), turns: Semaphore::new(READERS) }
    }

    /// Asks a question. It begins a transaction of its own, so it sees every commit that was answered before.
    ///
    /// A session that was lost while it lay idle shows only now; then the question is asked again on a new one.
    pub(super) async fn ask(
        &self,
        doing: &'static str,
        sql: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let _turn = self.turns.acquire().await.map_err(|_| StoreError::Closed)?;
        if let Some(client) = self.take() {
            match client.query_typed(sql, parameters).await {
                Err(_) if client.is_closed() => {}
                answer => {
                    self.put_back(client);
                    return answer.map_err(failed(doing));
                }
            }
        }
        let client = self.database.session(Purpose::Reading).await?;
        let answer = client.query_typed(sql, parameters).await;
        self.put_back(client);
        answer.map_err(failed(doing))
    }

    fn take(&self) -> Option<Client> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|client| !client.is_closed());
        idle.pop()
    }

    fn put_back(&self, client: Client) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(client);
    }
}
