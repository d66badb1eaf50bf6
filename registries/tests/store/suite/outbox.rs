use jiff::{SignedDuration, Timestamp};
use registries::store::{OPEN_CASE, Outgoing, OutgoingChange, StoreError, Taken, WorldId};

use super::{Shared, batch};
use crate::at;

async fn due(store: &Shared, now: Timestamp) -> Vec<Outgoing> {
    store.due(&WorldId::default(), "portal", now, usize::MAX).await.unwrap()
}

async fn ids(store: &Shared, now: Timestamp) -> Vec<String> {
    due(store, now).await.into_iter().map(|message| message.id).collect()
}

async fn next(store: &Shared) -> Option<Timestamp> {
    store.next_due(&WorldId::default(), "portal").await.unwrap()
}

async fn send(store: &Shared, id: &str, seconds: i64) -> Outgoing {
    let message = Outgoing::new("portal", id, at(seconds), format!("body of {id}")).case("c-1");
    store.commit(batch().send(message.clone())).await.unwrap();
    message
}

async fn change(store: &Shared, change: OutgoingChange) -> Result<(), StoreError> {
    store.commit(batch().change(change)).await.map(drop)
}

pub(crate) async fn the_longest_due_comes_first(store: &Shared) {
    let (late, early) = (send(store, "late", 20).await, send(store, "early", 10).await);
    assert_eq!(due(store, at(20)).await, [early.clone(), late]);
    let first = store.due(&WorldId::default(), "portal", at(20), 1).await.unwrap();
    assert_eq!(first, [early]);
    assert_eq!(next(store).await, Some(at(10)));
}

pub(crate) async fn the_same_moment_keeps_the_order_of_commits(store: &Shared) {
    let two =
        batch().send(Outgoing::new("portal", "z", at(5), "")).send(Outgoing::new("portal", "m", at(5), ""));
    store.commit(two).await.unwrap();
    send(store, "a", 5).await;
    assert_eq!(ids(store, at(5)).await, ["z", "m", "a"]);
}

pub(crate) async fn what_is_not_due_waits(store: &Shared) {
    assert_eq!(next(store).await, None);
    send(store, "m", 10).await;
    assert_eq!(ids(store, at(9)).await, [""; 0]);
    assert_eq!(ids(store, at(10)).await, ["m"]);
    assert_eq!(ids(store, Timestamp::MAX).await, ["m"]);
    assert_eq!(next(store).await, Some(at(10)));
}

pub(crate) async fn done_removes_once(store: &Shared) {
    let message = send(store, "m", 0).await;
    change(store, message.done()).await.unwrap();
    assert_eq!((ids(store, at(0)).await.len(), next(store).await), (0, None));
    match change(store, message.done()).await {
        Err(StoreError::OutgoingConflict { id, expected: None, found: None, .. }) => assert_eq!(id, "m"),
        other => panic!("{other:?}"),
    }
    send(store, "m", 0).await;
}

pub(crate) async fn cancelling_twice_is_fine(store: &Shared) {
    send(store, "m", 0).await;
    for _ in 0..2 {
        let cancel = OutgoingChange::Cancel { system: "portal".to_owned(), id: "m".to_owned() };
        change(store, cancel).await.unwrap();
        assert_eq!(next(store).await, None);
    }
}

pub(crate) async fn only_one_claim_gets_through(store: &Shared) {
    let read = send(store, "m", 0).await;
    change(store, read.postpone(at(60))).await.unwrap();
    match change(store, read.postpone(at(61))).await {
        Err(error @ StoreError::OutgoingConflict { expected: Some(0), found: Some(1), .. }) => {
            assert!(error.is_conflict());
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(ids(store, at(59)).await, [""; 0]);
    let again = due(store, at(60)).await.remove(0);
    assert_eq!((again.attempts, again.due, again.body.as_str()), (1, at(60), "body of m"));
    assert_eq!(again.case.as_deref(), Some("c-1"));
    change(store, again.postpone(at(90))).await.unwrap();
    assert_eq!((next(store).await, due(store, at(90)).await[0].attempts), (Some(at(90)), 2));
}

pub(crate) async fn an_id_waits_once(store: &Shared) {
    let message = send(store, "m", 0).await;
    match store.commit(batch().open_case("c-2").send(message)).await {
        Err(StoreError::OutgoingExists { system, id }) => assert_eq!((&*system, &*id), ("portal", "m")),
        other => panic!("{other:?}"),
    }
    let mark = store.get(&WorldId::default(), OPEN_CASE, "c-2").await.unwrap();
    assert_eq!(mark, None, "the whole batch failed");
}

pub(crate) async fn systems_have_their_own_queues(store: &Shared) {
    send(store, "m", 0).await;
    let same_id = Outgoing::new("gateway", "m", at(5), "from the gateway");
    let done = same_id.done();
    store.commit(batch().send(same_id.clone())).await.unwrap();
    assert_eq!(store.due(&WorldId::default(), "gateway", at(9), 9).await.unwrap(), [same_id]);
    change(store, done).await.unwrap();
    assert_eq!(ids(store, at(9)).await, ["m"]);
}

/// Whoever waits until `next_due` must find the message then: rounding may not come in between.
pub(crate) async fn a_moment_between_microseconds_is_reached(store: &Shared) {
    let odd = at(10) + SignedDuration::from_nanos(1_999);
    store.commit(batch().send(Outgoing::new("portal", "m", odd, ""))).await.unwrap();
    let told = next(store).await.unwrap();
    assert_eq!(told, at(10) + SignedDuration::from_nanos(1_000));
    assert_eq!(ids(store, told).await, ["m"]);
    assert_eq!(ids(store, odd).await, ["m"]);
}

pub(crate) async fn taking_is_as_reading_where_nobody_shares(store: &Shared) {
    let take = async |now, limit| store.take(&WorldId::default(), "portal", now, limit).await.unwrap();
    assert_eq!(take(at(0), 9).await, Taken::default());
    let (late, early) = (send(store, "late", 20).await, send(store, "early", 10).await);
    assert_eq!(take(at(5), 9).await, Taken { messages: vec![], next: Some(at(10)) });
    assert_eq!(take(at(10), 9).await, Taken { messages: vec![early.clone()], next: Some(at(20)) });
    assert_eq!(take(at(20), 9).await, Taken { messages: vec![early.clone(), late.clone()], next: None });
    assert_eq!(take(at(20), 1).await.messages[0].id, "early", "taken is not gone");
    change(store, early.done()).await.unwrap();
    assert_eq!(take(at(20), 9).await.messages, [late]);
}
