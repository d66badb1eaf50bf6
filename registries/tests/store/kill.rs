//! A commit that was acknowledged survives SIGKILL.
//!
//! The test starts itself again as a child that commits and prints the number of each commit once it is
//! acknowledged. The parent kills it in mid-flight and looks for every number it was told.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;

use registries::store::{
    Batch, Durability, Expect, JournalQuery, NewEntry, Outgoing, PostgresStore, SqliteStore, Store, WorldId,
    WorldStore,
};
use serde_json::json;
use tempfile::tempdir;
use tokio::task::JoinSet;

use crate::at;
use crate::server::Server;

/// Set for the child only: the database file, or the database's address.
const PLACE: &str = "STORE_TEST_CHILD_PLACE";
const WORD: &str = "acknowledged ";

#[test]
fn every_acknowledged_commit_survives_sigkill() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("store.db");
    survives_sigkill(path.to_str().unwrap());
}

#[test]
fn every_acknowledged_commit_survives_sigkill_on_a_server() {
    let Some(server) = Server::shared() else { return };
    survives_sigkill(&server.database());
}

fn survives_sigkill(place: &str) {
    let mut told = vec![];
    // Killed more than once: what survived must also be a sound base to go on from.
    for _ in 0..3 {
        told.extend(run_and_kill(place, 300));
        check(place, &told);
    }
}

/// What the child is. Without the variable it is a test that has nothing to do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child() {
    let Ok(place) = std::env::var(PLACE) else { return };
    let store = WorldStore::shared(open(&place).await, WorldId::default());
    let start = store.journal(JournalQuery::all()).await.unwrap().len();
    let writers: JoinSet<_> =
        (0..8).map(|writer| write_for_ever(store.clone(), format!("{start}-{writer}"))).collect();
    writers.join_all().await;
}

async fn open(place: &str) -> Arc<dyn Store> {
    if place.starts_with("postgres:") {
        Arc::new(PostgresStore::open(place, Durability::Process).await.unwrap())
    } else {
        Arc::new(SqliteStore::open(place, Durability::Process).unwrap())
    }
}

async fn write_for_ever(store: WorldStore, name: String) {
    for n in 0_u64.. {
        let number = format!("{name}-{n}");
        store.commit(numbered(store.batch(), &number)).await.unwrap();
        println!("{WORD}{number}");
    }
}

fn numbered(batch: Batch, number: &str) -> Batch {
    batch
        .put_json("thing", number, "1", Expect::Absent)
        .entry(NewEntry::step(at(0), "portal", json!(number)))
        .send(Outgoing::new("portal", number, at(0), "{}"))
}

/// Kills the child after `enough` acknowledgements; returns all that it got out.
fn run_and_kill(place: &str, enough: usize) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::child", "--nocapture", "--test-threads=1"])
        .env(PLACE, place)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = vec![];
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        told.extend(line.split_once(WORD).map(|(_, number)| number.to_owned()));
        if told.len() == enough {
            child.kill().unwrap();
        }
    }
    let status = child.wait().unwrap();
    assert!(told.len() >= enough, "the child ended early: {status}");
    told
}

fn check(place: &str, told: &[String]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = open(place).await;
        let world = WorldId::default();
        let records = store.list(&world, "thing", registries::store::Page::all()).await.unwrap();
        let records: Vec<&str> = records.iter().map(|record| record.key.as_str()).collect();
        for number in told {
            assert!(records.binary_search(&number.as_str()).is_ok(), "{number} was lost");
        }
        let entries = store.journal(&world, JournalQuery::all()).await.unwrap();
        let messages = store.due(&world, "portal", at(0), usize::MAX).await.unwrap();
        assert_eq!((records.len(), records.len()), (entries.len(), messages.len()), "batches are whole");
        assert!((1..).zip(&entries).all(|(number, entry)| entry.seq == number), "no number is missing");
    });
}
