//! The one task that writes, many commits at a time.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::failed;
use super::group::{self, Broken, Session, Statements};
use super::open::{Database, Purpose, reasons};
use super::upkeep;
use crate::store::changes::{Changes, Queues};
use crate::store::{Batch, Committed, Life, StoreError, WorldId, Write};

/// How many commits may wait before callers are held back.
const WAITING: usize = 1024;

/// How many commits share one transaction at most: bounds how long the first of them waits for the last.
const GROUP: usize = 256;

/// How many bytes of bodies a group has before it takes no more.
const GROUP_BYTES: usize = 16 * 1024 * 1024;

/// How long a server that broke off in the middle of a COMMIT is asked what became of it.
const DOUBT: Duration = Duration::from_secs(30);

/// The pause between two such questions.
const PAUSE: Duration = Duration::from_millis(200);

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// What the task is asked to do. A caller that gave up does not hear what became of it.
#[derive(Debug)]
enum Job {
    Commit(Batch, Reply<Committed>),
    Prune(WorldId, usize, Reply<usize>),
    Begin(WorldId, Reply<Option<Life>>),
    GiveUp(WorldId, Reply<bool>),
    Erase(WorldId, Reply<bool>),
}

/// A handle on the writing task. Dropping it lets the task finish what waits.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
}

impl Writer {
    /// `sender` is how this store's own announcements are known again; `changes` is where its commits show.
    pub(super) fn start(database: Database, sender: Uuid, changes: Changes) -> Self {
        let (jobs, queue) = mpsc::channel(WAITING);
        let worker = Worker { database, sender, changes, session: None };
        tokio::spawn(worker.serve(queue));
        Self { jobs }
    }

    pub(super) async fn commit(&self, batch: Batch) -> Result<Committed, StoreError> {
        self.run(|reply| Job::Commit(batch, reply)).await
    }

    pub(super) async fn prune(&self, world: WorldId, keep: usize) -> Result<usize, StoreError> {
        self.run(|reply| Job::Prune(world, keep, reply)).await
    }

    /// See [`upkeep::begin_world`].
    pub(super) async fn begin(&self, world: WorldId) -> Result<Option<Life>, StoreError> {
        self.run(|reply| Job::Begin(world, reply)).await
    }

    /// See [`upkeep::give_up`].
    pub(super) async fn give_up(&self, world: WorldId) -> Result<bool, StoreError> {
        self.run(|reply| Job::GiveUp(world, reply)).await
    }

    /// See [`upkeep::erase`].
    pub(super) async fn erase(&self, world: WorldId) -> Result<bool, StoreError> {
        self.run(|reply| Job::Erase(world, reply)).await
    }

    async fn run<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(job(reply)).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }
}

struct Worker {
    database: Database,
    sender: Uuid,
    changes: Changes,
    session: Option<Session>,
}

impl Worker {
    async fn serve(mut self, mut queue: mpsc::Receiver<Job>) {
        let mut next = None;
        loop {
            let job = match next.take() {
                Some(job) => job,
                None => match queue.recv().await {
                    Some(job) => job,
                    None => return,
                },
            };
            match job {
                Job::Commit(batch, reply) => {
                    let (batches, replies);
                    (batches, replies, next) = gather(batch, reply, &mut queue);
                    self.commit(&batches, replies).await;
                }
                Job::Prune(world, keep, reply) => {
                    let work = async |session: &Session| upkeep::prune_journal(session, &world, keep).await;
                    let _ = reply.send(self.keep_up(&world, work).await);
                }
                Job::Begin(world, reply) => {
                    let work = async |session: &Session| upkeep::begin_world(session, &world).await;
                    let _ = reply.send(self.keep_up(&world, work).await);
                }
                Job::GiveUp(world, reply) => {
                    let work = async |session: &Session| upkeep::give_up(session, &world).await;
                    let _ = reply.send(self.keep_up(&world, work).await);
                }
                Job::Erase(world, reply) => {
                    let work = async |session: &Session| upkeep::erase(session, &world).await;
                    let _ = reply.send(self.keep_up(&world, work).await);
                }
            }
        }
    }

    async fn commit(&mut self, batches: &[Batch], replies: Vec<Reply<Committed>>) {
        match self.committed(batches).await {
            Ok(answers) => {
                let done = batches.iter().zip(&answers).filter(|(_, answer)| answer.is_ok());
                for (batch, _) in done {
                    self.changes.changed(&batch.world, &Queues::touched(batch));
                }
                for (reply, answer) in replies.into_iter().zip(answers) {
                    let _ = reply.send(answer);
                }
            }
            Err(error) => {
                for reply in replies {
                    let _ = reply.send(Err(error.clone()));
                }
            }
        }
    }

    async fn committed(
        &mut self,
        batches: &[Batch],
    ) -> Result<Vec<Result<Committed, StoreError>>, StoreError> {
        let Broken { error, transaction, answers } = match group::commit(self.session().await?, batches).await
        {
            Ok(answers) => return Ok(answers),
            Err(broken) => broken,
        };
        self.give_up().await;
        match transaction {
            Some(transaction) if self.took_place(&transaction).await? => Ok(answers),
            _ => Err(error),
        }
    }

    async fn keep_up<T>(
        &mut self,
        world: &WorldId,
        work: impl AsyncFnOnce(&Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let done = work(self.session().await?).await;
        match done {
            Ok(_) => self.changes.changed(world, &Queues::All),
            Err(_) => self.give_up().await,
        }
        done
    }

    /// The session, opened anew when there is none or the last one is gone.
    async fn session(&mut self) -> Result<&Session, StoreError> {
        let usable = self.session.take().filter(|session| !session.client.is_closed());
        let session = if let Some(session) = usable {
            session
        } else {
            let client = self.database.session(Purpose::Writing).await?;
            let statements = Statements::prepare(&client).await?;
            Session { client, statements, sender: self.sender }
        };
        Ok(self.session.insert(session))
    }

    /// Ends the transaction that failed; a session that cannot even do that is let go.
    async fn give_up(&mut self) {
        if let Some(session) = &self.session
            && session.client.batch_execute("ROLLBACK").await.is_err()
        {
            self.session = None;
        }
    }

    /// Asks the server whether a transaction whose COMMIT was sent was committed.
    async fn took_place(&mut self, transaction: &str) -> Result<bool, StoreError> {
        let until = Instant::now() + DOUBT;
        loop {
            let why = match self.fate(transaction).await {
                Ok(Some(fate)) if fate == "committed" => return Ok(true),
                Ok(Some(fate)) if fate == "aborted" => return Ok(false),
                Ok(fate) => format!("the server says {fate:?}"),
                Err(error) => reasons(&error),
            };
            if Instant::now() >= until {
                return Err(StoreError::Uncertain { why });
            }
            // The server may be starting again, or the old session may still be ending.
            sleep(PAUSE).await;
        }
    }

    async fn fate(&mut self, transaction: &str) -> Result<Option<String>, StoreError> {
        let session = self.session().await?;
        let question = "SELECT pg_xact_status($1::text::xid8)";
        let row = session.client.query_one(question, &[&transaction]).await;
        let failed = failed("asking what became of a commit");
        row.and_then(|row| row.try_get(0)).map_err(failed)
    }
}

/// The commits that share a transaction, and the job after them where it is of another sort.
fn gather(
    first: Batch,
    reply: Reply<Committed>,
    queue: &mut mpsc::Receiver<Job>,
) -> (Vec<Batch>, Vec<Reply<Committed>>, Option<Job>) {
    let mut bytes = weight(&first);
    let (mut batches, mut replies) = (vec![first], vec![reply]);
    while batches.len() < GROUP
        && bytes < GROUP_BYTES
        && let Ok(job) = queue.try_recv()
    {
        match job {
            Job::Commit(batch, reply) => {
                bytes += weight(&batch);
                batches.push(batch);
                replies.push(reply);
            }
            other => return (batches, replies, Some(other)),
        }
    }
    (batches, replies, None)
}

fn weight(batch: &Batch) -> usize {
    let body = |write: &Write| if let Write::Put { body, .. } = write { body.len() } else { 0 };
    let records: usize = batch.writes.iter().map(body).sum();
    let messages: usize = batch.outgoing.iter().map(|message| message.body.len()).sum();
    records + messages
}
