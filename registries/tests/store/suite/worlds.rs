use registries::store::{
    Batch, Expect, JournalQuery, NewEntry, Outgoing, OutgoingChange, Page, StoreError, WorldId, WorldStore,
};
use serde_json::json;

use super::Shared;
use crate::{at, world};

/// The same names in each world, with the world's name as content.
fn same(world: &WorldId) -> Batch {
    Batch::new(world.clone())
        .put_json("thing", "a", format!("\"{world}\""), Expect::Absent)
        .entry(NewEntry::step(at(0), "portal", json!(world)).case("c-1"))
        .send(Outgoing::new("portal", "m", at(0), world.as_str()))
}

/// Everything visible of a world in one value.
async fn contents(store: &Shared, world: &WorldId) -> (Vec<String>, Vec<String>, Vec<String>) {
    let records = store.list(world, "thing", Page::all()).await.unwrap();
    let entries = store.journal(world, JournalQuery::all()).await.unwrap();
    let messages = store.due(world, "portal", at(0), usize::MAX).await.unwrap();
    (
        records.into_iter().map(|record| record.body).collect(),
        entries.into_iter().map(|entry| format!("{}: {}", entry.seq, entry.body)).collect(),
        messages.into_iter().map(|message| message.body).collect(),
    )
}

fn expected(name: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    (vec![format!("\"{name}\"")], vec![format!("1: \"{name}\"")], vec![name.to_owned()])
}

pub(crate) async fn worlds_do_not_meet(store: &Shared) {
    let (a, b) = (world("a"), world("b"));
    store.commit(same(&a)).await.unwrap();
    store.commit(same(&b)).await.unwrap();
    assert_eq!(contents(store, &a).await, expected("a"));
    assert_eq!(contents(store, &b).await, expected("b"));

    let done = OutgoingChange::Done { system: "portal".to_owned(), id: "m".to_owned() };
    let clear = Batch::new(a.clone()).delete("thing", "a", Expect::Anything).change(done);
    store.commit(clear).await.unwrap();
    assert_eq!(store.prune_journal(&a, 0).await.unwrap(), 1);
    assert_eq!(contents(store, &a).await, (vec![], vec![], vec![]));
    assert_eq!(contents(store, &b).await, expected("b"));
}

pub(crate) async fn a_world_begins_with_its_first_commit(store: &Shared) {
    let quiet = world("quiet");
    assert_eq!(store.worlds().await.unwrap(), []);
    assert_eq!(contents(store, &quiet).await, (vec![], vec![], vec![]));
    assert_eq!(store.worlds().await.unwrap(), [], "reading makes no world");
    store.commit(same(&world("b-1"))).await.unwrap();
    store.commit(Batch::new(quiet)).await.unwrap();
    store.commit(Batch::new(world("7"))).await.unwrap();
    let names: Vec<String> = store.worlds().await.unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(names, ["7", "b-1", "quiet"]);
}

pub(crate) async fn a_deleted_world_is_gone_alone(store: &Shared) {
    let (a, b) = (world("a"), world("b"));
    store.commit(same(&a)).await.unwrap();
    store.commit(same(&b)).await.unwrap();
    assert!(store.delete_world(&a).await.unwrap());
    assert!(!store.delete_world(&a).await.unwrap());
    assert_eq!(contents(store, &a).await, (vec![], vec![], vec![]));
    assert_eq!(contents(store, &b).await, expected("b"));
    assert_eq!(store.worlds().await.unwrap(), [b]);
    store.commit(same(&a)).await.unwrap();
    assert_eq!(contents(store, &a).await, expected("a"), "a new life begins with number 1");
}

pub(crate) async fn a_life_is_begun_once(store: &Shared) {
    let a = world("a");
    let begun = tokio::join!(store.begin(&a), store.begin(&a));
    let (first, second) = (begun.0.unwrap(), begun.1.unwrap());
    assert_eq!(first, second, "who comes later joins");
    assert_eq!(store.worlds().await.unwrap(), std::slice::from_ref(&a));
    let done = store.commit(same(&a).of(first)).await.unwrap();
    assert_eq!((done.version, done.last_seq), (1, 1));

    let old = world("old");
    store.commit(same(&old)).await.unwrap();
    let life = store.begin(&old).await.unwrap();
    assert_eq!(store.begin(&old).await.unwrap(), life, "a world from before lives on");
    store.commit(Batch::new(old.clone()).of(life)).await.unwrap();
    assert_eq!(contents(store, &old).await, expected("old"));
}

pub(crate) async fn nothing_reaches_a_later_life(store: &Shared) {
    let a = world("a");
    let gone = |done: Result<_, StoreError>| matches!(done, Err(StoreError::WorldGone { .. }));
    let before = WorldStore::begin(store.clone(), a.clone()).await.unwrap();
    before.commit(before.batch().put_json("thing", "a", "1", Expect::Absent)).await.unwrap();
    assert!(before.delete().await.unwrap());
    let late = || before.batch().put_json("thing", "b", "2", Expect::Anything);
    assert!(gone(before.commit(late()).await));
    assert_eq!(store.worlds().await.unwrap(), [], "and makes no world");

    let after = WorldStore::begin(store.clone(), a.clone()).await.unwrap();
    let (late, own) = tokio::join!(before.commit(late()), after.commit(same(&a)));
    assert!(gone(late) && own.is_ok());
    assert_eq!(after.get("thing", "b").await.unwrap(), None);
    assert_eq!(contents(store, &a).await, expected("a"));
}

pub(crate) async fn a_large_world_goes_in_parts(store: &Shared) {
    let (large, other) = (world("large"), world("other"));
    for part in 0..5_u32 {
        let mut batch = Batch::new(large.clone());
        for n in 0..1_000_u32 {
            let key = format!("{part}-{n}");
            batch = batch.put_json("thing", &key, "1", Expect::Absent);
            batch = batch.entry(NewEntry::step(at(0), "portal", json!(n)));
        }
        store.commit(batch).await.unwrap();
    }
    let deletes = {
        let (store, large) = (store.clone(), large.clone());
        tokio::spawn(async move { store.delete_world(&large).await.unwrap() })
    };
    while !deletes.is_finished() {
        store.commit(Batch::new(other.clone())).await.unwrap();
    }
    assert!(deletes.await.unwrap());
    assert_eq!(store.worlds().await.unwrap(), [other]);
    assert_eq!(contents(store, &large).await, (vec![], vec![], vec![]));
    store.end_deletions().await.unwrap();
}

pub(crate) async fn worlds_that_wait_are_known(store: &Shared) {
    let (a, b) = (world("a"), world("b"));
    assert_eq!(store.waiting().await.unwrap(), []);
    store.commit(same(&b)).await.unwrap();
    store.commit(same(&a)).await.unwrap();
    assert_eq!(store.waiting().await.unwrap(), [a.clone(), b.clone()]);
    let done = OutgoingChange::Done { system: "portal".to_owned(), id: "m".to_owned() };
    store.commit(Batch::new(a).change(done)).await.unwrap();
    assert_eq!(store.waiting().await.unwrap(), [b]);
}

pub(crate) async fn the_view_keeps_to_its_world(store: &Shared) {
    let view = |name| WorldStore::shared(store.clone(), world(name));
    let (a, b) = (view("a"), view("b"));
    let done = a.commit(a.batch().put("thing", "n", &7_u32, Expect::Absent).unwrap()).await.unwrap();
    b.commit(same(b.world())).await.unwrap();
    let found = a.get_as::<u32>("thing", "n").await.unwrap().unwrap();
    assert_eq!((found.key.as_str(), found.version, found.value), ("n", done.version, 7));
    assert_eq!(b.get_as::<u32>("thing", "n").await.unwrap(), None);
    assert_eq!(a.list_as::<u32>("thing", Page::all()).await.unwrap(), [found]);
    assert_eq!(b.journal(JournalQuery::all()).await.unwrap().len(), 1);
    assert_eq!(
        (a.next_due("portal").await.unwrap(), b.next_due("portal").await.unwrap()),
        (None, Some(at(0)))
    );
    assert_eq!(b.due("portal", at(0), 9).await.unwrap().len(), 1);
    assert_eq!((a.prune_journal(0).await.unwrap(), b.prune_journal(0).await.unwrap()), (0, 1));
    assert!(b.delete().await.unwrap());
    assert_eq!(a.store().worlds().await.unwrap(), [world("a")]);
}
