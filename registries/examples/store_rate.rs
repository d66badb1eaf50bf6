//! Measures commits per second of this machine's store:
//! `cargo run --release -p registries --example store_rate [SECONDS PER MEASUREMENT] [postgres://…]`
//! With an address also of that database, in whose world `rate` it writes.
//!
//! A commit is what a system does for one message: a record, a journal entry and an outgoing message.

use std::error::Error;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use registries::store::{
    Durability, Expect, NewEntry, Outgoing, PostgresStore, SqliteStore, WorldId, WorldStore,
};
use serde_json::json;
use tokio::task::JoinSet;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let seconds = std::env::args().nth(1).map_or(Ok(2), |text| text.parse())?;
    let duration = Duration::from_secs(seconds);
    let start = Instant::now();
    drop(SqliteStore::ephemeral()?);
    println!("opening and closing an ephemeral store: {:?}", start.elapsed());

    println!("{:<22} {:>5} {:>12}", "survives", "tasks", "commits/s");
    for (survives, durability) in [
        ("nothing (ephemeral)", None),
        ("SIGKILL", Some(Durability::Process)),
        ("loss of power", Some(Durability::Power)),
    ] {
        for tasks in [1, 16, 256] {
            let directory = tempfile::tempdir_in(".")?;
            let store = match durability {
                None => SqliteStore::ephemeral()?,
                Some(durability) => SqliteStore::open(directory.path().join("store.db"), durability)?,
            };
            let rate = measure(WorldStore::new(store, WorldId::default()), tasks, duration).await?;
            println!("{survives:<22} {tasks:>5} {rate:>12}");
        }
    }
    if let Some(address) = std::env::args().nth(2) {
        for tasks in [1, 16, 256] {
            let store = PostgresStore::open(&address, Durability::Process).await?;
            let store = WorldStore::new(store, "rate".parse()?);
            store.delete().await?;
            let rate = measure(store, tasks, duration).await?;
            println!("{:<22} {tasks:>5} {rate:>12}", "on PostgreSQL");
        }
    }
    Ok(())
}

async fn measure(store: WorldStore, tasks: u32, duration: Duration) -> Result<u128, Box<dyn Error>> {
    let start = Instant::now();
    let running: JoinSet<_> = (0..tasks).map(|task| work(store.clone(), task, start + duration)).collect();
    let mut commits = 0_u128;
    for done in running.join_all().await {
        commits += u128::from(done?);
    }
    Ok(commits * 1_000_000 / start.elapsed().as_micros().max(1))
}

async fn work(store: WorldStore, task: u32, end: Instant) -> Result<u32, registries::StoreError> {
    let body = json!({ "text": "x".repeat(500) });
    let mut commits = 0;
    while Instant::now() < end {
        let name = format!("{task}-{commits}");
        let batch = store
            .batch()
            .put("case", &name, &body, Expect::Absent)?
            .entry(NewEntry::crossing(Timestamp::UNIX_EPOCH, "portal", body.clone()).case(&name))
            .send(Outgoing::new("portal", &name, Timestamp::UNIX_EPOCH, body.to_string()).case(&name));
        store.commit(batch).await?;
        commits += 1;
    }
    Ok(commits)
}
