//! Hears of what other processes commit, and lends this one a number while it lives.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_postgres::{AsyncMessage, Client};
use uuid::Uuid;

use super::failed;
use super::news::{self, CHANNEL};
use super::open::{Database, Purpose, Session, reasons};
use crate::store::StoreError;
use crate::store::changes::Changes;

/// The class of the advisory locks that say which takers live ("Qaqp"; `taker_lives` in the schema knows it).
const TAKERS: i32 = 0x5161_7170;

/// The pause before a lost connection is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// How often it is looked for messages whose taker has died: nobody announces that.
const LOOK: Duration = Duration::from_secs(2);

/// A handle on the listening task; dropping it ends the task and gives the number back.
#[derive(Debug)]
pub(super) struct Listener {
    taker: Arc<AtomicI32>,
    task: JoinHandle<()>,
}

impl Listener {
    /// Listens before it returns: what is committed from then on shows in `changes`.
    pub(super) async fn start(
        database: Database,
        sender: Uuid,
        changes: Changes,
    ) -> Result<Self, StoreError> {
        let taker = Arc::new(AtomicI32::new(0));
        let ears = Ears { database, sender, changes, taker: taker.clone() };
        let first = ears.listen().await?;
        let task = tokio::spawn(ears.keep_listening(first));
        Ok(Self { taker, task })
    }

    /// The number under which this process takes messages; `None` while the connection is lost.
    pub(super) fn taker(&self) -> Option<i32> {
        Some(self.taker.load(Ordering::Acquire)).filter(|number| *number != 0)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Ears {
    database: Database,
    sender: Uuid,
    changes: Changes,
    taker: Arc<AtomicI32>,
}

/// A session that listens, and the task that reads what it hears.
struct Listening {
    client: Client,
    hearing: Hearing,
}

/// Ends with its owner.
struct Hearing(JoinHandle<()>);

impl Drop for Hearing {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Ears {
    async fn keep_listening(self, mut listening: Listening) {
        loop {
            self.until_lost(listening).await;
            self.taker.store(0, Ordering::Release);
            listening = self.listen_again().await;
            // Whatever was announced meanwhile was missed.
            self.changes.look_again();
        }
    }

    async fn until_lost(&self, mut listening: Listening) {
        while timeout(LOOK, &mut listening.hearing.0).await.is_err() {
            match left_behind(&listening.client).await {
                Ok(false) => {}
                Ok(true) => self.changes.look_again(),
                Err(error) => {
                    tracing::debug!(error = reasons(&error), "messages left behind could not be looked for");
                }
            }
        }
    }

    async fn listen_again(&self) -> Listening {
        loop {
            match self.listen().await {
                Ok(listening) => return listening,
                Err(error) => tracing::warn!(%error, "the database is away; trying again"),
            }
            sleep(PAUSE).await;
        }
    }

    async fn listen(&self) -> Result<Listening, StoreError> {
        let (client, hearing) = self.hear(self.database.connect().await?);
        self.database.settle(&client, Purpose::Reading).await?;
        let doing = "listening to the database";
        client.batch_execute(&format!("LISTEN {CHANNEL}")).await.map_err(failed(doing))?;
        let taker = number(&client).await.map_err(failed(doing))?;
        self.taker.store(taker, Ordering::Release);
        Ok(Listening { client, hearing })
    }

    fn hear(&self, (client, mut connection): Session) -> (Client, Hearing) {
        let (changes, sender) = (self.changes.clone(), self.sender);
        let hearing = async move {
            while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
                if let AsyncMessage::Notification(told) = message {
                    news::hear(told.payload(), &sender, &changes);
                }
            }
        };
        (client, Hearing(tokio::spawn(hearing)))
    }
}

/// Takes a number that no living process has.
async fn number(client: &Client) -> Result<i32, tokio_postgres::Error> {
    loop {
        let number: i32 = client.query_one("SELECT nextval('taker')::int", &[]).await?.try_get(0)?;
        let free = client.query_one("SELECT pg_try_advisory_lock($1, $2)", &[&TAKERS, &number]).await?;
        if free.try_get(0)? {
            return Ok(number);
        }
    }
}

/// Whether messages are marked as taken by a process that is no more.
async fn left_behind(client: &Client) -> Result<bool, tokio_postgres::Error> {
    let question = "SELECT EXISTS (
        SELECT 1 FROM (SELECT DISTINCT taker FROM outgoing WHERE taker IS NOT NULL) AS taken
        WHERE NOT taker_lives(taker))";
    client.query_one(question, &[]).await?.try_get(0)
}
