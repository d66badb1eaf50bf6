use registries::store::{Entry, EntryKind, Expect, JournalQuery, NewEntry, WorldId};
use serde_json::json;

use super::{Shared, batch, conflict};
use crate::at;

async fn read(store: &Shared, query: JournalQuery) -> Vec<Entry> {
    store.journal(&WorldId::default(), query).await.unwrap()
}

async fn numbers(store: &Shared, query: JournalQuery) -> Vec<u64> {
    read(store, query).await.into_iter().map(|entry| entry.seq).collect()
}

/// Six entries: cases a, b, none, a, b, none; portal and gateway in turn; the fourth is a crossing.
async fn six(store: &Shared) {
    let mut all = batch();
    for (n, case) in [Some("a"), Some("b"), None, Some("a"), Some("b"), None].into_iter().enumerate() {
        let system = if n % 2 == 0 { "portal" } else { "gateway" };
        let mut entry = NewEntry::step(at(0), system, json!(n));
        entry.case = case.map(str::to_owned);
        if n == 3 {
            entry.kind = EntryKind::Crossing;
        }
        all = all.entry(entry);
    }
    store.commit(all).await.unwrap();
}

pub(crate) async fn entries_come_back_in_order(store: &Shared) {
    let moment = "2026-03-01T09:30:00.123456Z".parse().unwrap();
    let body = json!({ "z": 1, "a": [null, "қабылданды"], "m": { "y": 1.5, "b": true } });
    let two = batch()
        .entry(NewEntry::crossing(moment, "portal", body.clone()).case("c-1"))
        .entry(NewEntry::step(at(1), "gateway", json!("second")));
    assert_eq!(store.commit(two).await.unwrap().last_seq, 2);
    assert_eq!(store.commit(batch()).await.unwrap().last_seq, 2);

    let entries = read(store, JournalQuery::all()).await;
    let first = Entry {
        seq: 1,
        at: moment,
        kind: EntryKind::Crossing,
        case: Some("c-1".to_owned()),
        system: "portal".to_owned(),
        body: body.clone(),
    };
    assert_eq!(entries[0], first);
    assert_eq!(entries[0].body.to_string(), body.to_string(), "the order of members is kept");
    assert_eq!((entries[1].seq, entries[1].case.as_deref()), (2, None));
}

pub(crate) async fn filters_combine(store: &Shared) {
    six(store).await;
    let all = JournalQuery::all;
    assert_eq!(numbers(store, all()).await, [1, 2, 3, 4, 5, 6]);
    assert_eq!(numbers(store, all().case("a")).await, [1, 4]);
    assert_eq!(numbers(store, all().system("portal")).await, [1, 3, 5]);
    assert_eq!(numbers(store, all().kind(EntryKind::Crossing)).await, [4]);
    assert_eq!(numbers(store, all().case("a").kind(EntryKind::Step)).await, [1]);
    assert_eq!(numbers(store, all().case("b").system("gateway").kind(EntryKind::Step)).await, [2]);
    assert_eq!(numbers(store, all().case("nobody's")).await, [0; 0]);
}

pub(crate) async fn after_and_limit_page(store: &Shared) {
    six(store).await;
    assert_eq!(numbers(store, JournalQuery::first(2)).await, [1, 2]);
    assert_eq!(numbers(store, JournalQuery::first(2).after(2)).await, [3, 4]);
    assert_eq!(numbers(store, JournalQuery::first(2).after(1).case("a")).await, [4]);
    assert_eq!(numbers(store, JournalQuery::all().after(6)).await, [0; 0]);
    assert_eq!(numbers(store, JournalQuery::all().after(u64::MAX)).await, [0; 0]);
    assert_eq!(numbers(store, JournalQuery::first(0)).await, [0; 0]);
}

pub(crate) async fn moments_do_not_order_it(store: &Shared) {
    for moment in [at(9), at(3), at(6)] {
        store.commit(batch().entry(NewEntry::step(moment, "portal", json!(0)))).await.unwrap();
    }
    let moments: Vec<_> = read(store, JournalQuery::all()).await.into_iter().map(|entry| entry.at).collect();
    assert_eq!(moments, [at(9), at(3), at(6)]);
}

pub(crate) async fn a_failed_batch_leaves_no_gap(store: &Shared) {
    let entry = || NewEntry::step(at(0), "portal", json!(0));
    store.commit(batch().entry(entry())).await.unwrap();
    let failing = batch().entry(entry()).entry(entry()).check("thing", "a", Expect::Version(1));
    conflict(store.commit(failing).await);
    store.commit(batch().entry(entry())).await.unwrap();
    assert_eq!(numbers(store, JournalQuery::all()).await, [1, 2]);
}

pub(crate) async fn pruning_keeps_the_newest(store: &Shared) {
    let world = WorldId::default();
    assert_eq!(store.prune_journal(&world, 0).await.unwrap(), 0);
    six(store).await;
    for (keep, removed, left) in [(usize::MAX, 0, 6), (6, 0, 6), (4, 2, 4), (4, 0, 4), (0, 4, 0)] {
        assert_eq!(store.prune_journal(&world, keep).await.unwrap(), removed, "keep {keep}");
        let expected: Vec<u64> = (7 - left..=6).collect();
        assert_eq!(numbers(store, JournalQuery::all()).await, expected);
    }
}

pub(crate) async fn pruning_spares_open_cases(store: &Shared) {
    let world = WorldId::default();
    six(store).await;
    store.commit(batch().open_case("a").open_case("a")).await.unwrap();
    assert_eq!(store.prune_journal(&world, 1).await.unwrap(), 3);
    assert_eq!(numbers(store, JournalQuery::all()).await, [1, 4, 6]);

    let elsewhere = registries::store::Batch::new(crate::world("other")).open_case("b");
    store.commit(elsewhere).await.unwrap();
    store.commit(batch().close_case("a").close_case("a")).await.unwrap();
    assert_eq!(store.prune_journal(&world, 1).await.unwrap(), 2);
    assert_eq!(numbers(store, JournalQuery::all()).await, [6]);
}

pub(crate) async fn numbers_go_on_after_pruning(store: &Shared) {
    six(store).await;
    store.prune_journal(&WorldId::default(), 0).await.unwrap();
    store.commit(batch().entry(NewEntry::step(at(0), "portal", json!(0)))).await.unwrap();
    assert_eq!(numbers(store, JournalQuery::all()).await, [7]);
}
