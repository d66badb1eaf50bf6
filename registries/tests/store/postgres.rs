//! What is particular to a store on a server: several processes, lost connections, unfit databases.

use std::collections::HashSet;
use std::sync::Arc;

use registries::store::{
    Batch, Durability, Expect, JournalQuery, NewEntry, Outgoing, Page, PostgresStore, Store, StoreError,
    WorldId, WorldStore,
};
use serde_json::json;
use tokio::task::JoinSet;

use crate::at;
use crate::server::Server;
use crate::suite::batch;

async fn open(address: &str) -> Arc<dyn Store> {
    Arc::new(PostgresStore::open(address, Durability::Process).await.unwrap())
}

async fn two(server: &Server) -> (Arc<dyn Store>, Arc<dyn Store>) {
    let address = server.database();
    (open(&address).await, open(&address).await)
}

fn message(n: u32) -> Outgoing {
    Outgoing::new("portal", format!("m-{n:03}"), at(0), "")
}

async fn take(store: &Arc<dyn Store>, limit: usize) -> Vec<String> {
    let taken = store.take(&WorldId::default(), "portal", at(0), limit).await.unwrap();
    taken.messages.into_iter().map(|message| message.id).collect()
}

#[tokio::test]
async fn one_hears_of_the_others_commits() {
    let Some(server) = Server::shared() else { return };
    let (a, b) = two(server).await;
    let mut news = b.subscribe(&WorldId::default());
    for n in 0..3_u32 {
        news.borrow_and_update();
        a.commit(batch().put_json("thing", "a", n.to_string(), Expect::Anything)).await.unwrap();
        news.changed().await.unwrap();
        let seen = b.get(&WorldId::default(), "thing", "a").await.unwrap().unwrap();
        assert_eq!(seen.body, n.to_string(), "what was announced can be read");
    }
}

#[tokio::test]
async fn one_hears_of_the_others_worlds() {
    let Some(server) = Server::shared() else { return };
    let (a, b) = two(server).await;
    let id: WorldId = "team".parse().unwrap();
    let (mut news, own) = (b.news(), a.news());
    let mut heard = async || {
        news.changed().await.unwrap();
        news.borrow_and_update();
        b.worlds().await.unwrap()
    };
    let life = a.begin(&id).await.unwrap();
    assert_eq!(heard().await, std::slice::from_ref(&id));
    assert_eq!(b.begin(&id).await.unwrap(), life);
    a.commit(batch()).await.unwrap();
    a.commit(Batch::new(id.clone()).of(life).tell()).await.unwrap();
    assert_eq!(heard().await.len(), 2);
    assert!(a.delete_world(&id).await.unwrap());
    assert_eq!(heard().await, [WorldId::default()]);
    assert!(matches!(b.commit(Batch::new(id).of(life)).await, Err(StoreError::WorldGone { .. })));
    assert!(!own.has_changed().unwrap(), "nobody hears itself");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_writers_lose_nothing_and_leave_no_gap() {
    let Some(server) = Server::shared() else { return };
    let (a, b) = two(server).await;
    let count = |store: &Arc<dyn Store>| {
        let store = WorldStore::shared(store.clone(), WorldId::default());
        async move {
            loop {
                let found = store.get_as::<u32>("thing", "counter").await.unwrap();
                let (value, expect) =
                    found.map_or((0, Expect::Absent), |found| (found.value, Expect::Version(found.version)));
                let entry = NewEntry::step(at(0), "portal", json!(value));
                let next = store.batch().put("thing", "counter", &(value + 1), expect).unwrap().entry(entry);
                match store.commit(next).await {
                    Err(error) if error.is_conflict() => {}
                    done => return done.map(drop),
                }
            }
        }
    };
    let reader = {
        let store = b.clone();
        tokio::spawn(async move {
            let mut last = 0;
            while last < 60 {
                let query = JournalQuery::all().after(last);
                for entry in store.journal(&WorldId::default(), query).await.unwrap() {
                    assert_eq!(entry.seq, last + 1, "nothing appears below what was seen");
                    last = entry.seq;
                }
            }
        })
    };
    let tasks: JoinSet<_> = (0..60).map(|n| count(if n % 2 == 0 { &a } else { &b })).collect();
    for done in tasks.join_all().await {
        done.unwrap();
    }
    reader.await.unwrap();
    let counter = a.get(&WorldId::default(), "thing", "counter").await.unwrap().unwrap();
    assert_eq!(counter.body, "60");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_taken_by_one() {
    let Some(server) = Server::shared() else { return };
    let (a, b) = two(server).await;
    a.commit((0..100).fold(batch(), |batch, n| batch.send(message(n)))).await.unwrap();
    let everything = |store: Arc<dyn Store>| async move {
        let mut mine = vec![];
        loop {
            let taken = take(&store, 7).await;
            if taken.is_empty() {
                return mine;
            }
            let done = taken
                .iter()
                .fold(batch(), |batch, id| batch.change(Outgoing::new("portal", id, at(0), "").done()));
            store.commit(done).await.expect("nobody else has settled it");
            mine.extend(taken);
        }
    };
    let (mine, yours) = tokio::join!(everything(a.clone()), everything(b.clone()));
    let all: HashSet<&String> = mine.iter().chain(&yours).collect();
    assert_eq!((all.len(), mine.len() + yours.len()), (100, 100));
}

#[tokio::test]
async fn what_is_taken_stays_with_its_taker_until_that_one_is_gone() {
    let Some(server) = Server::shared() else { return };
    let (a, b) = two(server).await;
    a.commit((0..5).fold(batch(), |batch, n| batch.send(message(n)))).await.unwrap();
    assert_eq!(take(&a, 2).await, ["m-000", "m-001"]);
    assert_eq!(take(&b, 2).await, ["m-002", "m-003"]);
    assert_eq!(take(&a, 9).await, ["m-000", "m-001", "m-004"], "one's own may be taken again");
    let taken = b.take(&WorldId::default(), "portal", at(0), 1).await.unwrap();
    assert_eq!((taken.messages.len(), taken.next), (1, None), "what others have is not waited for");
    let seen = b.due(&WorldId::default(), "portal", at(0), 9).await.unwrap();
    assert_eq!(seen.len(), 5, "it is still there to be seen");

    a.commit(batch().change(message(0).postpone(at(0)))).await.unwrap();
    assert_eq!(take(&b, 9).await, ["m-000", "m-002", "m-003"], "what is put off is free again");

    let mut news = b.subscribe(&WorldId::default());
    drop(a);
    while take(&b, 9).await.len() < 5 {
        news.changed().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_connection_leaves_no_doubt() {
    let Some(server) = Server::shared() else { return };
    let address = server.database();
    let store = open(&address).await;
    let write = |name: u32, store: Arc<dyn Store>| async move {
        let (mut written, mut refused) = (vec![], vec![]);
        for n in 0..200_u32 {
            let key = format!("{name}-{n}");
            match store.commit(batch().put_json("thing", &key, "1", Expect::Absent)).await {
                Ok(_) => written.push(key),
                Err(StoreError::Backend { .. }) => refused.push(key),
                Err(error) => panic!("{error:?}"),
            }
        }
        (written, refused)
    };
    let writers: JoinSet<_> = (0..4).map(|name| write(name, store.clone())).collect();
    let (name, cut) = (
        address.clone(),
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    let cutter = tokio::task::spawn_blocking(move || {
        for _ in 0..8 {
            server.sql(&name, cut);
        }
    });
    let done = writers.join_all().await;
    cutter.await.unwrap();
    let records = store.list(&WorldId::default(), "thing", Page::all()).await.unwrap();
    let records: HashSet<&str> = records.iter().map(|record| record.key.as_str()).collect();
    for (written, refused) in &done {
        assert!(written.iter().all(|key| records.contains(key.as_str())), "what was acknowledged is there");
        assert!(!refused.iter().any(|key| records.contains(key.as_str())), "what failed is not");
    }
    assert!(done.iter().any(|(written, _)| !written.is_empty()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_the_servers_crash() {
    let Some(server) = Server::start() else { return };
    let address = server.database();
    let store = open(&address).await;
    let mut news = store.subscribe(&WorldId::default());
    for round in 0..3_u32 {
        let writers: JoinSet<_> = (0..8)
            .map(|n| {
                let store = store.clone();
                let key = format!("{round}-{n}");
                async move {
                    store.commit(batch().put_json("thing", &key, "1", Expect::Absent)).await.map(|_| key)
                }
            })
            .collect();
        let told: Vec<String> = writers.join_all().await.into_iter().map(Result::unwrap).collect();
        news.borrow_and_update();
        server.crash();
        news.changed().await.unwrap();
        for key in &told {
            assert!(store.get(&WorldId::default(), "thing", key).await.unwrap().is_some(), "{key} was lost");
        }
    }
}

#[tokio::test]
async fn a_server_that_is_away_or_unfit_is_told() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let away =
        PostgresStore::open(&format!("postgres://me:secret@{nobody}/sandbox"), Durability::Process).await;
    match away {
        Err(error @ StoreError::Unreachable { .. }) => {
            let said = error.to_string();
            assert!(said.contains("sandbox") && said.contains(&nobody.to_string()), "{said}");
            assert!(said.contains("refused") && !said.contains("secret"), "{said}");
            let problem = signer::Problem::from(error);
            assert_eq!(problem.code, signer::Code::Unreachable);
            assert!(problem.hint.contains("--database"), "{}", problem.hint);
        }
        other => panic!("{other:?}"),
    }
    let Some(server) = Server::shared() else { return };
    let missing = format!("{}x", server.database());
    let missing = PostgresStore::open(&missing, Durability::Process).await.unwrap_err();
    assert!(missing.to_string().contains("does not exist"), "{missing}");
    let ascii = server.database_with(&["-E", "SQL_ASCII", "-T", "template0"]);
    let ascii = PostgresStore::open(&ascii, Durability::Process).await.unwrap_err();
    assert!(matches!(&ascii, StoreError::Unfit { why, .. } if why.contains("SQL_ASCII")), "{ascii:?}");
}

#[tokio::test]
async fn power_wants_a_server_that_syncs() {
    let Some(server) = Server::start() else { return };
    let address = server.database();
    server.sql(&address, "ALTER SYSTEM SET fsync = off");
    server.crash();
    open(&address).await;
    let power = PostgresStore::open(&address, Durability::Power).await.unwrap_err();
    assert!(matches!(&power, StoreError::Unfit { why, .. } if why.contains("fsync")), "{power:?}");
}

#[tokio::test]
async fn a_newer_database_is_refused_untouched() {
    let Some(server) = Server::shared() else { return };
    let address = server.database();
    drop(open(&address).await);
    server.sql(&address, "INSERT INTO qaqpa.migration VALUES (999, 'from the future')");
    let newer = PostgresStore::open(&address, Durability::Process).await.unwrap_err();
    assert!(matches!(newer, StoreError::Newer { found: 999, .. }), "{newer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_may_open_a_new_database_at_once() {
    let Some(server) = Server::shared() else { return };
    let address = server.database();
    let opening: JoinSet<_> = (0..5)
        .map(|_| {
            let address = address.clone();
            async move { open(&address).await.worlds().await }
        })
        .collect();
    for worlds in opening.join_all().await {
        assert_eq!(worlds.unwrap(), []);
    }
    assert_eq!(server.sql(&address, "SELECT version FROM qaqpa.migration"), "1\n2");
}
