use std::collections::HashSet;

use registries::store::{Expect, JournalQuery, NewEntry, Page, StoreError, WorldId, WorldStore};
use serde_json::json;
use tokio::task::JoinSet;

use super::{Shared, batch, thing};
use crate::at;

fn view(store: &Shared) -> WorldStore {
    WorldStore::shared(store.clone(), WorldId::default())
}

/// Adds one to a counter, however often others come in between.
async fn count(store: WorldStore) -> Result<(), StoreError> {
    loop {
        let (value, expect) = match store.get_as::<u32>("thing", "counter").await? {
            Some(found) => (found.value, Expect::Version(found.version)),
            None => (0, Expect::Absent),
        };
        match store.commit(store.batch().put("thing", "counter", &(value + 1), expect)?).await {
            Err(error) if error.is_conflict() => {}
            done => return done.map(drop),
        }
    }
}

pub(crate) async fn a_counter_loses_nothing(store: &Shared) {
    let tasks: JoinSet<_> = (0..100).map(|_| count(view(store))).collect();
    for done in tasks.join_all().await {
        done.unwrap();
    }
    assert_eq!(thing(store, "counter").await.as_deref(), Some("100"));
}

pub(crate) async fn rivals_in_one_group_fail_alone(store: &Shared) {
    let rival = |n: u32| {
        let (store, key) = (store.clone(), format!("own-{n}"));
        async move {
            let both = batch().put_json("thing", &key, "1", Expect::Absent).put_json(
                "thing",
                "prize",
                n.to_string(),
                Expect::Absent,
            );
            (n, store.commit(both).await)
        }
    };
    let tasks: JoinSet<_> = (0..64).map(rival).collect();
    let (won, lost): (Vec<_>, Vec<_>) =
        tasks.join_all().await.into_iter().partition(|(_, done)| done.is_ok());
    assert_eq!((won.len(), lost.len()), (1, 63));
    assert!(lost.iter().all(|(_, done)| done.as_ref().unwrap_err().is_conflict()));
    assert_eq!(thing(store, "prize").await, Some(won[0].0.to_string()));
    let own = store.list(&WorldId::default(), "thing", Page::all().prefix("own-")).await.unwrap();
    assert_eq!(own.len(), 1, "a loser's other writes are undone");
}

pub(crate) async fn numbers_are_given_once(store: &Shared) {
    let write = |n: u32| {
        let store = store.clone();
        async move {
            let entry = |part| NewEntry::step(at(0), "portal", json!([n, part]));
            store.commit(batch().entry(entry(0)).entry(entry(1))).await.unwrap()
        }
    };
    let tasks: JoinSet<_> = (0..100).map(write).collect();
    let done = tasks.join_all().await;
    let versions: HashSet<u64> = done.iter().map(|commit| commit.version).collect();
    assert_eq!(versions.len(), 100);

    let entries = store.journal(&WorldId::default(), JournalQuery::all()).await.unwrap();
    let numbers: Vec<u64> = entries.iter().map(|entry| entry.seq).collect();
    assert_eq!(numbers, (1..=200).collect::<Vec<_>>());
    for pair in entries.chunks(2) {
        assert_eq!(
            (&pair[0].body[0], &pair[1].body[1]),
            (&pair[1].body[0], &json!(1)),
            "a batch stays together"
        );
    }
}

pub(crate) async fn readers_see_whole_batches(store: &Shared) {
    let writer = {
        let store = store.clone();
        tokio::spawn(async move {
            for n in 0..200_u32 {
                let both = batch().put_json("thing", "left", n.to_string(), Expect::Anything).put_json(
                    "thing",
                    "right",
                    n.to_string(),
                    Expect::Anything,
                );
                store.commit(both).await.unwrap();
            }
        })
    };
    let mut last = 0;
    while !writer.is_finished() {
        let both = store.list(&WorldId::default(), "thing", Page::all()).await.unwrap();
        if let [left, right] = both.as_slice() {
            assert_eq!(left.body, right.body);
            let now: u32 = left.body.parse().unwrap();
            assert!(now >= last);
            last = now;
        } else {
            assert!(both.is_empty());
        }
    }
    writer.await.unwrap();
    assert_eq!(thing(store, "left").await.as_deref(), Some("199"));
}

pub(crate) async fn every_commit_is_announced(store: &Shared) {
    let mut early = store.subscribe(&WorldId::default());
    assert!(!early.has_changed().unwrap());
    for n in 0..3 {
        store.commit(batch().put_json("thing", "a", n.to_string(), Expect::Anything)).await.unwrap();
        early.changed().await.unwrap();
        assert_eq!(thing(store, "a").await, Some(n.to_string()), "what was announced can be read");
    }
    assert!(!store.subscribe(&WorldId::default()).has_changed().unwrap(), "who comes later looks first");
}

pub(crate) async fn other_worlds_hear_nothing(store: &Shared) {
    let changes = store.subscribe(&crate::world("other"));
    store.commit(batch().put_json("thing", "a", "1", Expect::Anything)).await.unwrap();
    assert!(!changes.has_changed().unwrap());
}

pub(crate) async fn a_failed_commit_is_not_announced(store: &Shared) {
    let changes = store.subscribe(&WorldId::default());
    let failing = batch().check("thing", "a", Expect::Version(1));
    assert!(store.commit(failing).await.is_err());
    assert!(!changes.has_changed().unwrap());
}
