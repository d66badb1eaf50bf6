use registries::store::{Expect, LONGEST_NAME, NameFault, NewEntry, Outgoing, StoreError, WorldId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Shared, batch, conflict, thing, version};
use crate::at;

pub(crate) async fn put_then_get(store: &Shared) {
    assert_eq!(thing(store, "a").await, None);
    let done = store.commit(batch().put_json("thing", "a", "{\"n\":1}", Expect::Absent)).await.unwrap();
    let record = store.get(&WorldId::default(), "thing", "a").await.unwrap().unwrap();
    assert_eq!((record.key.as_str(), record.body.as_str()), ("a", "{\"n\":1}"));
    assert_eq!(record.version, done.version, "the commit tells the version to expect next");
}

pub(crate) async fn absent_must_be_absent(store: &Shared) {
    let put = |body| batch().put_json("thing", "a", body, Expect::Absent);
    let first = store.commit(put("1")).await.unwrap();
    let (key, expected, found) = conflict(store.commit(put("2")).await);
    assert_eq!((key.as_str(), expected, found), ("a", Expect::Absent, Some(first.version)));
    assert_eq!(thing(store, "a").await.as_deref(), Some("1"));
}

pub(crate) async fn a_version_must_match(store: &Shared) {
    let put = |body, version| batch().put_json("thing", "a", body, Expect::Version(version));
    let (_, _, found) = conflict(store.commit(put("0", 1)).await);
    assert_eq!(found, None, "nothing is there yet");

    let first = store.commit(batch().put_json("thing", "a", "1", Expect::Absent)).await.unwrap().version;
    let second = store.commit(put("2", first)).await.unwrap().version;
    assert!(second > first);
    for stale in [first, second + 1, 0, u64::MAX] {
        let (_, expected, found) = conflict(store.commit(put("x", stale)).await);
        assert_eq!((expected, found), (Expect::Version(stale), Some(second)));
    }
    assert_eq!(thing(store, "a").await.as_deref(), Some("2"));
}

pub(crate) async fn a_version_never_returns(store: &Shared) {
    let create = || batch().put_json("thing", "a", "1", Expect::Absent);
    let first = store.commit(create()).await.unwrap().version;
    store.commit(batch().delete("thing", "a", Expect::Version(first))).await.unwrap();
    let again = store.commit(create()).await.unwrap().version;
    assert!(again > first, "who read the first must not overwrite the second");
    conflict(store.commit(batch().put_json("thing", "a", "2", Expect::Version(first))).await);
}

pub(crate) async fn deletion_expects_too(store: &Shared) {
    let delete = |expect| batch().delete("thing", "a", expect);
    store.commit(delete(Expect::Anything)).await.unwrap();
    store.commit(delete(Expect::Absent)).await.unwrap();
    conflict(store.commit(delete(Expect::Version(1))).await);

    let there = store.commit(batch().put_json("thing", "a", "1", Expect::Absent)).await.unwrap().version;
    conflict(store.commit(delete(Expect::Absent)).await);
    conflict(store.commit(delete(Expect::Version(there + 1))).await);
    store.commit(delete(Expect::Version(there))).await.unwrap();
    assert_eq!(thing(store, "a").await, None);
}

pub(crate) async fn a_check_guards_the_rest(store: &Shared) {
    let seen = store.commit(batch().put_json("thing", "guard", "1", Expect::Absent)).await.unwrap().version;
    let guarded = |version| {
        let checked = batch().check("thing", "guard", Expect::Version(version));
        checked.put_json("thing", "a", "1", Expect::Anything)
    };
    conflict(store.commit(guarded(seen + 1)).await);
    assert_eq!(thing(store, "a").await, None);
    store.commit(guarded(seen)).await.unwrap();
    assert_eq!(thing(store, "a").await.as_deref(), Some("1"));
    assert_eq!(version(store, "guard").await, seen, "a check is no write");
}

pub(crate) async fn a_conflict_writes_nothing(store: &Shared) {
    store.commit(batch().put_json("thing", "there", "1", Expect::Absent)).await.unwrap();
    let everything = batch()
        .put_json("thing", "new", "1", Expect::Absent)
        .delete("thing", "there", Expect::Anything)
        .entry(NewEntry::step(at(0), "portal", json!({})))
        .send(Outgoing::new("portal", "m-1", at(0), "{}"))
        .put_json("thing", "there", "2", Expect::Version(999));
    conflict(store.commit(everything).await);

    let world = WorldId::default();
    assert_eq!(thing(store, "new").await, None);
    assert_eq!(thing(store, "there").await.as_deref(), Some("1"));
    assert_eq!(store.journal(&world, registries::store::JournalQuery::all()).await.unwrap(), []);
    assert_eq!(store.next_due(&world, "portal").await.unwrap(), None);
}

pub(crate) async fn an_unexpecting_put_replaces(store: &Shared) {
    for body in ["1", "2", "3"] {
        store.commit(batch().put_json("thing", "a", body, Expect::Anything)).await.unwrap();
        assert_eq!(thing(store, "a").await.as_deref(), Some(body));
    }
}

pub(crate) async fn later_writes_see_earlier_ones(store: &Shared) {
    let twice = batch()
        .put_json("thing", "a", "1", Expect::Absent)
        .put_json("thing", "a", "2", Expect::Anything)
        .put_json("thing", "b", "1", Expect::Absent)
        .delete("thing", "b", Expect::Anything)
        .check("thing", "b", Expect::Absent);
    store.commit(twice).await.unwrap();
    assert_eq!(thing(store, "a").await.as_deref(), Some("2"));
    assert_eq!(thing(store, "b").await, None);
    let contradiction =
        batch().put_json("thing", "c", "1", Expect::Absent).put_json("thing", "c", "2", Expect::Absent);
    conflict(store.commit(contradiction).await);
}

pub(crate) async fn bad_names_are_refused(store: &Shared) {
    let put = |kind: &str, key: &str| batch().put_json(kind, key, "1", Expect::Anything);
    let longest = "ә".repeat(LONGEST_NAME / 2);
    store.commit(put("thing", &longest)).await.unwrap();

    let long = format!("{longest}x");
    let entry = |case: &str| NewEntry::step(at(0), "portal", json!(1)).case(case);
    let cases = [
        (put("", "a"), "kind", NameFault::Empty),
        (put("thing", ""), "key", NameFault::Empty),
        (put("thing", &long), "key", NameFault::TooLong { bytes: LONGEST_NAME + 1 }),
        (put("thing", "a\0b"), "key", NameFault::Nul),
        (batch().entry(entry("")), "case", NameFault::Empty),
        (batch().send(Outgoing::new("", "m", at(0), "")), "system", NameFault::Empty),
        (batch().send(Outgoing::new("portal", "", at(0), "")), "message id", NameFault::Empty),
        (batch().put_json("thing", "a", "\0", Expect::Anything), "body", NameFault::Nul),
        (batch().send(Outgoing::new("portal", "m", at(0), "\0")), "message body", NameFault::Nul),
    ];
    for (bad, names, why) in cases {
        match store.commit(bad).await {
            Err(StoreError::BadName { field, fault }) => assert_eq!((field, fault), (names, why)),
            other => panic!("{names}: {other:?}"),
        }
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Point {
    x: u32,
}

pub(crate) async fn malformed_json_is_typed(store: &Shared) {
    let written = batch()
        .put("thing", "good", &Point { x: 7 }, Expect::Absent)
        .unwrap()
        .put_json("thing", "cut off", "{\"x\":", Expect::Absent)
        .put_json("thing", "other shape", "[7]", Expect::Absent);
    store.commit(written).await.unwrap();
    let view = registries::store::WorldStore::shared(store.clone(), WorldId::default());
    assert_eq!(view.get_as::<Point>("thing", "good").await.unwrap().unwrap().value, Point { x: 7 });
    for key in ["cut off", "other shape"] {
        match view.get_as::<Vec<Point>>("thing", key).await {
            Err(StoreError::Malformed { key: named, .. }) => assert_eq!(named, key),
            other => panic!("{key}: {other:?}"),
        }
    }
    let all = view.list_as::<Point>("thing", registries::store::Page::all()).await;
    assert!(matches!(all, Err(StoreError::Malformed { .. })));
}

pub(crate) async fn big_and_foreign_text_comes_back(store: &Shared) {
    let text = json!({ "kk": "Мектепке құжаттарды қабылдау", "big": "ы".repeat(300_000) }).to_string();
    store.commit(batch().put_json("құжат", "№ 1/ә", text.as_str(), Expect::Absent)).await.unwrap();
    let record = store.get(&WorldId::default(), "құжат", "№ 1/ә").await.unwrap().unwrap();
    assert!(record.body == text);
}
