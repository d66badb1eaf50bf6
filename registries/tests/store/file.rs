//! What is particular to a store in a file.

use std::path::Path;

use registries::store::{
    Durability, Expect, JournalQuery, NewEntry, Outgoing, SqliteStore, StoreError, WorldId, WorldStore,
};
use rusqlite::Connection;
use serde_json::json;
use tempfile::tempdir;

use crate::at;

fn open(path: &Path) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(path, Durability::Process)
}

#[tokio::test]
async fn closing_and_opening_keeps_everything() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("store.db");
    let version = {
        let store = WorldStore::new(open(&path).unwrap(), WorldId::default());
        let everything = store
            .batch()
            .put("thing", "a", "one", Expect::Absent)
            .unwrap()
            .entry(NewEntry::step(at(0), "portal", json!(1)))
            .send(Outgoing::new("portal", "m", at(5), "{}"));
        store.commit(everything).await.unwrap().version
    };
    let store = WorldStore::new(open(&path).unwrap(), WorldId::default());
    let found = store.get_as::<String>("thing", "a").await.unwrap().unwrap();
    assert_eq!((found.value.as_str(), found.version), ("one", version));
    assert_eq!(store.journal(JournalQuery::all()).await.unwrap().len(), 1);
    assert_eq!(store.next_due("portal").await.unwrap(), Some(at(5)));

    let next = store.batch().put("thing", "a", "two", Expect::Version(version)).unwrap();
    let next = store.commit(next.entry(NewEntry::step(at(1), "portal", json!(2)))).await.unwrap();
    assert!(next.version > version && next.last_seq == 2, "the counters went on");
}

#[tokio::test]
async fn a_closed_store_is_one_file() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("store.db");
    let store = WorldStore::new(open(&path).unwrap(), WorldId::default());
    store.commit(store.batch().put("thing", "a", &1, Expect::Absent).unwrap()).await.unwrap();
    assert!(store.get("thing", "a").await.unwrap().is_some());
    drop(store);
    let mut names: Vec<_> =
        directory.path().read_dir().unwrap().map(|file| file.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["store.db", "store.db-lock"]);
}

#[tokio::test]
async fn a_second_store_is_refused_until_the_first_closes() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("store.db");
    let first = open(&path).unwrap();
    match open(&path) {
        Err(StoreError::InUse { path: named }) => assert_eq!(named, path.canonicalize().unwrap()),
        other => panic!("{other:?}"),
    }
    #[cfg(unix)]
    {
        let other_name = directory.path().join("link.db");
        std::os::unix::fs::symlink(&path, &other_name).unwrap();
        assert!(matches!(open(&other_name), Err(StoreError::InUse { .. })));
    }
    drop(first);
    open(&path).unwrap();
}

#[tokio::test]
async fn a_newer_database_is_refused_untouched() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("store.db");
    drop(open(&path).unwrap());
    Connection::open(&path)
        .unwrap()
        .execute("INSERT INTO migration VALUES (999, 'from the future')", [])
        .unwrap();
    let before = std::fs::read(&path).unwrap();
    match open(&path) {
        Err(error @ StoreError::Newer { found: 999, known }) => {
            assert!(known < 999);
            assert!(error.to_string().contains("version 999"));
        }
        other => panic!("{other:?}"),
    }
    assert!(std::fs::read(&path).unwrap() == before);
}

#[test]
fn other_peoples_files_are_refused_untouched() {
    let directory = tempdir().unwrap();
    let text = directory.path().join("notes.txt");
    std::fs::write(&text, "Not a database, but long enough to be looked at as if it were one.".repeat(20))
        .unwrap();
    let database = directory.path().join("other.db");
    Connection::open(&database).unwrap().execute_batch("CREATE TABLE song (title TEXT)").unwrap();
    for path in [text, database] {
        let before = std::fs::read(&path).unwrap();
        assert!(matches!(open(&path), Err(StoreError::Foreign { .. })), "{}", path.display());
        assert!(std::fs::read(&path).unwrap() == before, "{}", path.display());
    }
}

#[test]
fn a_missing_directory_is_told() {
    let directory = tempdir().unwrap();
    let error = open(&directory.path().join("nowhere/store.db")).unwrap_err();
    assert!(matches!(error, StoreError::Backend { doing: "creating the database file", .. }), "{error:?}");
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt;

    let directory = tempdir().unwrap();
    let path = directory.path().join("store.db");
    let _store = open(&path).unwrap();
    for file in directory.path().read_dir().unwrap().map(Result::unwrap) {
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.path().display());
    }
}
