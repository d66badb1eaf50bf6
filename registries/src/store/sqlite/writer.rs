//! The one thread that writes, many commits at a time.

use std::collections::BTreeMap;
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::failed;
use crate::store::changes::{Changes, Queues};
use crate::store::{StoreError, WorldId};

/// How many commits may wait before callers are held back.
const WAITING: usize = 1024;

/// How many commits share one COMMIT at most: bounds how long the first of them waits for the last.
const GROUP: usize = 256;

/// A handle on the writing thread. Dropping it lets the thread finish what waits, then joins it.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

/// Work inside the transaction; given an error instead of one, it has failed with that.
type Job = Box<dyn FnOnce(Result<&Connection, StoreError>) -> Ran + Send>;

/// A job that was run, before it is known whether the group becomes durable.
struct Ran {
    /// The world that it was about.
    world: WorldId,
    queues: Queues,
    succeeded: bool,
    /// Tells the caller the result, or the failure of the whole group where the job itself succeeded.
    answer: Box<dyn FnOnce(Option<StoreError>) + Send>,
}

impl Writer {
    pub(super) fn start(db: Connection, changes: Changes) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel(WAITING);
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || serve(&db, queue, &changes))
            .map_err(StoreError::backend("starting the writing thread"))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Runs `work` on a world in a transaction; its error undoes what it did. Returns when all is durable.
    pub(super) async fn run<T, F>(&self, world: &WorldId, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.run_on(world, Queues::All, work).await
    }

    /// The same for work that touches no other queues than these.
    pub(super) async fn run_on<T, F>(&self, world: &WorldId, queues: Queues, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (job, result) = job(world.clone(), queues, work);
        let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
        jobs.send(job).await.map_err(|_| StoreError::Closed)?;
        result.await.map_err(|_| StoreError::Closed)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn job<T, F>(world: WorldId, queues: Queues, work: F) -> (Job, oneshot::Receiver<Result<T, StoreError>>)
where
    T: Send + 'static,
    F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
{
    let (reply, receiver) = oneshot::channel();
    let job: Job = Box::new(move |db| {
        let result = db.and_then(work);
        let succeeded = result.is_ok();
        let answer = Box::new(move |failure: Option<StoreError>| {
            let result = match (result, failure) {
                (Ok(_), Some(failure)) => Err(failure),
                (result, _) => result,
            };
            // A caller that gave up does not hear what became of its commit.
            let _ = reply.send(result);
        });
        Ran { world, queues, succeeded, answer }
    });
    (job, receiver)
}

fn serve(db: &Connection, mut queue: mpsc::Receiver<Job>, changes: &Changes) {
    while let Some(first) = queue.blocking_recv() {
        let mut group = vec![first];
        while group.len() < GROUP
            && let Ok(next) = queue.try_recv()
        {
            group.push(next);
        }
        write(db, group, changes);
    }
}

/// Runs a group in one transaction, makes it durable, announces it and answers.
fn write(db: &Connection, group: Vec<Job>, changes: &Changes) {
    let mut ran = Vec::with_capacity(group.len());
    let mut jobs = group.into_iter();
    let failure = transact(db, &mut jobs, &mut ran).err().map(failed("committing"));
    if failure.is_some() && !db.is_autocommit() {
        // If even this fails, the next BEGIN fails and says so.
        let _ = db.execute_batch("ROLLBACK");
    }
    if let Some(failure) = &failure {
        ran.extend(jobs.map(|untried| untried(Err(failure.clone()))));
    } else {
        let mut worlds: BTreeMap<WorldId, Queues> = BTreeMap::new();
        for job in ran.iter_mut().filter(|job| job.succeeded) {
            let queues = std::mem::replace(&mut job.queues, Queues::none());
            let before = worlds.remove(&job.world).unwrap_or_else(Queues::none);
            worlds.insert(job.world.clone(), before.and(queues));
        }
        for (world, queues) in &worlds {
            changes.changed(world, queues);
        }
    }
    for job in ran {
        (job.answer)(failure.clone());
    }
}

/// Runs the jobs, each undone by its own error only, up to the COMMIT or the first failure of SQLite.
fn transact(
    db: &Connection,
    jobs: &mut impl Iterator<Item = Job>,
    ran: &mut Vec<Ran>,
) -> rusqlite::Result<()> {
    let step = |sql| db.prepare_cached(sql)?.execute([]).map(drop);
    step("BEGIN IMMEDIATE")?;
    for job in jobs {
        step("SAVEPOINT batch")?;
        let done = job(Ok(db));
        let succeeded = done.succeeded;
        ran.push(done);
        // Some failures (a full disk) make SQLite give up the whole transaction. Then there is no
        // savepoint left, so this fails too: which is what the group has to hear.
        if !succeeded {
            step("ROLLBACK TO batch")?;
        }
        step("RELEASE batch")?;
    }
    step("COMMIT")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(value: &'static str) -> impl FnOnce(&Connection) -> Result<usize, StoreError> + Send {
        move |db| db.execute("INSERT INTO t VALUES (?1)", [value]).map_err(failed("inserting"))
    }

    fn world() -> WorldId {
        WorldId::default()
    }

    fn writer() -> Writer {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch("CREATE TABLE t (v TEXT UNIQUE)").unwrap();
        Writer::start(db, Changes::new()).unwrap()
    }

    async fn values(writer: &Writer) -> String {
        let read = |db: &Connection| {
            db.query_row("SELECT group_concat(v, ' ' ORDER BY v) FROM t", [], |row| row.get(0))
                .map_err(failed("reading"))
        };
        writer.run(&world(), read).await.unwrap()
    }

    #[tokio::test]
    async fn an_error_undoes_its_own_work_only() {
        let writer = writer();
        let half = |db: &Connection| {
            insert("half")(db)?;
            Err::<(), _>(StoreError::Closed)
        };
        let world = world();
        let (a, half, b) = tokio::join!(
            writer.run(&world, insert("a")),
            writer.run(&world, half),
            writer.run(&world, insert("b"))
        );
        assert!(a.is_ok() && b.is_ok());
        assert!(matches!(half, Err(StoreError::Closed)));
        assert_eq!(values(&writer).await, "a b");
    }

    #[tokio::test]
    async fn a_full_database_is_told_and_survived() {
        let writer = writer();
        let fill = |db: &Connection| {
            db.query_row("PRAGMA max_page_count = 4", [], |_| Ok(())).map_err(failed("limiting"))?;
            db.execute("INSERT INTO t VALUES (hex(zeroblob(100000)))", []).map_err(failed("filling"))
        };
        let result = writer.run(&world(), fill).await;
        assert!(matches!(result, Err(StoreError::Backend { doing: "filling", .. })), "{result:?}");
        writer.run(&world(), insert("small")).await.unwrap();
        assert_eq!(values(&writer).await, "small");
    }

    #[test]
    fn a_failed_group_answers_every_job() {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch("CREATE TABLE t (v TEXT)").unwrap();
        let changes = Changes::new();
        let told = changes.subscribe(&world());
        let (lose, insert_a, insert_b) = (
            // What SQLite does by itself when the disk is full.
            job(world(), Queues::All, |db: &Connection| {
                db.execute_batch("ROLLBACK").map_err(failed("losing"))
            }),
            job(world(), Queues::All, insert("a")),
            job(world(), Queues::All, insert("b")),
        );
        write(&db, vec![insert_a.0, lose.0, insert_b.0], &changes);
        for mut answer in [insert_a.1, insert_b.1] {
            assert!(matches!(answer.try_recv(), Ok(Err(StoreError::Backend { .. }))));
        }
        assert!(matches!({ lose.1 }.try_recv(), Ok(Err(StoreError::Backend { .. }))));
        assert!(!told.has_changed().unwrap());
        let count: u32 = db.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(count, 0);
    }
}
