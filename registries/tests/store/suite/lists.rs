use registries::store::{Expect, Page, WorldId};

use super::{Shared, batch};

async fn fill(store: &Shared, keys: &[&str]) {
    let all = keys.iter().fold(batch(), |batch, key| batch.put_json("thing", key, "1", Expect::Absent));
    store.commit(all).await.unwrap();
}

async fn keys(store: &Shared, page: Page) -> Vec<String> {
    let records = store.list(&WorldId::default(), "thing", page).await.unwrap();
    records.into_iter().map(|record| record.key).collect()
}

pub(crate) async fn keys_ascend_by_bytes(store: &Shared) {
    fill(store, &["b", "a/2", "a/10", "B", "ә", "я", "a", "\u{10ffff}", "a-b", "aB"]).await;
    let listed = keys(store, Page::all()).await;
    assert_eq!(listed, ["B", "a", "a-b", "a/10", "a/2", "aB", "b", "я", "ә", "\u{10ffff}"]);
}

pub(crate) async fn pages_join_without_gap(store: &Shared) {
    let names: Vec<String> = (0..25).map(|n| format!("k{n:02}")).collect();
    fill(store, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let mut joined = vec![];
    let mut page = Page::first(10).prefix("k");
    loop {
        let part = keys(store, page.clone()).await;
        let Some(last) = part.last() else { break };
        page = page.after(last.as_str());
        joined.extend(part);
    }
    assert_eq!(joined, names);
    assert_eq!(keys(store, Page::first(0)).await, [""; 0]);
    assert_eq!(keys(store, Page::all().after("k2")).await, ["k20", "k21", "k22", "k23", "k24"]);
    assert_eq!(keys(store, Page::all().after("k24")).await, [""; 0]);
}

pub(crate) async fn a_prefix_is_literal(store: &Shared) {
    fill(store, &["a", "a%", "a%b", "a_b", "ab", "aXb", "\u{10ffff}", "\u{10ffff}z"]).await;
    assert_eq!(keys(store, Page::all().prefix("a%")).await, ["a%", "a%b"]);
    assert_eq!(keys(store, Page::all().prefix("a_")).await, ["a_b"]);
    assert_eq!(keys(store, Page::all().prefix("A")).await, [""; 0]);
    assert_eq!(keys(store, Page::all().prefix("\u{10ffff}")).await, ["\u{10ffff}", "\u{10ffff}z"]);
    assert_eq!(keys(store, Page::first(1).prefix("a").after("a")).await, ["a%"]);
    assert_eq!(keys(store, Page::all().prefix("a").after("b")).await, [""; 0]);
}

pub(crate) async fn kinds_are_apart(store: &Shared) {
    let both =
        batch().put_json("thing", "a", "1", Expect::Absent).put_json("think", "b", "2", Expect::Absent);
    store.commit(both).await.unwrap();
    assert_eq!(keys(store, Page::all()).await, ["a"]);
    assert!(store.get(&WorldId::default(), "thing", "b").await.unwrap().is_none());
}
