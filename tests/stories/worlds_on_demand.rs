//! Worlds are made when a test wants one, sleep while nobody needs them, and go without a trace.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use certs::Profile;
use registries::store::{JournalQuery, Page, WorldId};
use serde_json::{Value, json};
use tests::{Citizen, Desk, Town};
use tokio::task::JoinSet;

use crate::worlds::with_another_world;

#[tokio::test]
async fn a_world_has_its_own_seed_algorithm_and_clock() {
    let town = Town::up().await;
    let body = json!({ "id": "own", "seed": 7, "algorithm": "rsa", "now": "2016-10-03T04:00:00Z" });
    let created = town.post("/control/worlds", &body).await.unwrap();
    assert_eq!((&created["seed"], &created["algorithm"]), (&json!(7), &json!("rsa")));
    let shown = town.get("/control/worlds/own").await.unwrap();
    assert!(shown["now"].as_str().unwrap().starts_with("2016-10-03T04:0"), "{shown}");
    let default = town.get("/control/worlds/default").await.unwrap();
    assert_eq!(
        (&default["seed"], &default["algorithm"], &default["open"]),
        (&json!(0), &json!("p256"), &json!(true))
    );
    let bin = |systems: Value| systems[0]["bin"].clone();
    let systems = "/control/systems";
    assert_ne!(bin(town.get(systems).await.unwrap()), bin(town.world("own").get(systems).await.unwrap()));
    for odd in [json!({ "id": "odd", "algorithm": "rot13" }), json!({ "id": "odd", "colour": "red" })] {
        assert!((400..500).contains(&town.post("/control/worlds", &odd).await.unwrap_err().status));
    }
    town.get("/control/worlds/odd").await.unwrap_err();
}

#[tokio::test]
async fn a_dropped_world_is_gone_and_its_name_free() {
    let (town, another) = with_another_world().await;
    let roots = another.client.bytes("/ca/roots.pem").await.unwrap();
    let mut citizen = Citizen::arrives(&another).await;
    citizen.applies().await.unwrap();
    let case = citizen.case();

    let dropped: Value = town.client.delete("/control/worlds/another").await.unwrap();
    assert_eq!(dropped, json!({ "dropped": "another" }));
    for path in ["/control/health", "/portal/services", &format!("/provider/cases/{case}")] {
        assert_eq!(another.get(path).await.unwrap_err().code.code(), "unknown-world", "{path}");
    }
    let again = town.client.delete::<Value>("/control/worlds/another").await.unwrap_err();
    assert_eq!(again.code.code(), "unknown-world");
    assert_eq!(town.get("/control/worlds").await.unwrap().as_array().map(Vec::len), Some(1));

    town.post("/control/worlds", &json!({ "id": "another" })).await.unwrap();
    assert_ne!(another.client.bytes("/ca/roots.pem").await.unwrap(), roots, "it is another one");
    assert!(another.journal(&case).await.is_empty());
    let portal = another.get(&format!("/portal/cases/{case}")).await.unwrap_err();
    assert_eq!(portal.code.code(), "not-found");
    let mut citizen = Citizen::arrives(&another).await;
    citizen.applies().await.unwrap();
    Desk::of(&another).accepts(&citizen.case()).await.unwrap();
}

#[tokio::test]
async fn the_default_world_is_not_dropped() {
    let town = Town::up().await;
    let refused = town.client.delete::<Value>("/control/worlds/default").await.unwrap_err();
    assert_eq!((refused.code.code(), refused.status), ("world-needed", 409));
    for nobody in ["nobody", "Upper", "%FF"] {
        let problem = town.client.delete::<Value>(&format!("/control/worlds/{nobody}")).await.unwrap_err();
        assert_eq!(problem.status, 404, "{nobody}: {problem}");
    }
    assert_eq!(town.get("/control/health").await.unwrap()["status"], "up");
}

#[tokio::test]
async fn who_waits_in_a_world_hears_that_it_is_dropped() {
    let (town, another) = with_another_world().await;
    let running = town.sandbox.world(&"another".parse().unwrap()).unwrap();
    let client = another.client.clone();
    let waits =
        tokio::spawn(
            async move { client.get::<Value>("/control/journal?after=1000000&wait=true", None).await },
        );
    // Two hands: this story's and the request's.
    while Arc::strong_count(&running) < 3 {
        tokio::task::yield_now().await;
    }
    let _: Value = town.client.delete("/control/worlds/another").await.unwrap();
    let told = waits.await.unwrap().unwrap_err();
    assert_eq!((told.code.code(), told.status), ("world-dropped", 410));
    // What still works for it comes too late.
    let late = running.world.store.batch().open_case("late");
    let late = signer::Problem::from(running.world.store.commit(late).await.unwrap_err());
    assert_eq!(late.code.code(), "world-dropped");
}

#[tokio::test]
async fn a_world_that_sleeps_wakes_as_it_was() {
    let (town, another) = with_another_world().await;
    another.post("/control/clock", &json!("freeze")).await.unwrap();
    another.post("/control/clock", &json!({ "advance": "P21D" })).await.unwrap();
    let clock = another.get("/control/clock").await.unwrap();
    let roots = another.client.bytes("/ca/roots.pem").await.unwrap();
    let mut citizen = Citizen::arrives(&another).await;
    citizen.applies().await.unwrap();
    Desk::of(&another).accepts(&citizen.case()).await.unwrap();
    another.get(&format!("/control/journal?case={}&settled=true", citizen.case())).await.unwrap();

    let open = async || town.get("/control/worlds/another").await.unwrap()["open"].clone();
    town.sandbox.rest(Duration::from_hours(1)).await.unwrap();
    assert_eq!(open().await, true, "it was needed a moment ago");
    while open().await == true {
        town.sandbox.rest(Duration::ZERO).await.unwrap();
    }
    let asleep = town.get("/control/worlds/another").await.unwrap();
    assert_eq!(asleep["now"], clock["now"], "{asleep}");
    assert_eq!(town.get("/control/worlds/default").await.unwrap()["open"], true);

    let staff = Desk::of(&another).staff(Profile::AuthorisedPerson).await;
    assert_eq!(open().await, true);
    Desk::of(&another).signs(&citizen.case(), &staff).await.unwrap();
    let view = citizen.waits_for_the_end().await.unwrap();
    assert_eq!(view["position"], json!({ "state": "ended", "at": "12.11b", "end": "result" }));
    assert_eq!(another.get("/control/clock").await.unwrap(), clock);
    assert_eq!(another.client.bytes("/ca/roots.pem").await.unwrap(), roots);
}

/// What a world of its own sees of one case.
async fn lives(town: &Town, id: String) {
    town.post("/control/worlds", &json!({ "id": id })).await.unwrap();
    let world = town.world(&id);
    let (desk, mut citizen) = (Desk::of(&world), Citizen::arrives(&world).await);
    citizen.applies().await.unwrap();
    let staff = desk.staff(Profile::AuthorisedPerson).await;
    desk.accepts(&citizen.case()).await.unwrap();
    desk.signs(&citizen.case(), &staff).await.unwrap();
    let view = citizen.waits_for_the_end().await.unwrap();
    assert_eq!(view["position"], json!({ "state": "ended", "at": "12.11b", "end": "result" }));
    let journal = world.get("/control/journal").await.unwrap();
    let cases: BTreeSet<&str> =
        journal.as_array().unwrap().iter().filter_map(|entry| entry["case"].as_str()).collect();
    assert_eq!(cases.into_iter().collect::<Vec<_>>(), [citizen.case()], "{id} sees its own case alone");
    let all = world.get("/provider/cases").await.unwrap();
    assert_eq!(all.as_array().map(Vec::len), Some(1), "{id}");
    let _: Value = town.client.delete(&format!("/control/worlds/{id}")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_parallel_worlds_do_not_see_each_other() {
    let town = Arc::new(Town::up().await);
    let store = town.sandbox.world(&WorldId::default()).unwrap().world.store.store().clone();
    let before = town.get("/control/journal").await.unwrap();
    let mut living = JoinSet::new();
    for n in 0..50 {
        let town = town.clone();
        living.spawn(async move { lives(&town, format!("team-{n}")).await });
    }
    living.join_all().await;
    assert_eq!(town.get("/control/journal").await.unwrap(), before, "the default world saw nothing");
    assert_eq!(store.worlds().await.unwrap(), [WorldId::default()]);
    assert_eq!(store.waiting().await.unwrap(), []);
    for n in 0..50 {
        let id = format!("team-{n}").parse().unwrap();
        for kind in ["case", "open-case", "certificate", "person", "system", "identity", "world"] {
            let left = store.list(&id, kind, Page::all()).await.unwrap();
            assert!(left.is_empty(), "{kind} of team-{n}");
        }
        assert!(store.journal(&id, JournalQuery::all()).await.unwrap().is_empty());
        assert!(town.sandbox.world(&id).is_none());
    }
}

#[tokio::test]
async fn play_leaves_no_world_behind() {
    let town = Town::up().await;
    let played = town.play("mangystau-339-externat").await;
    assert!(!played.is_empty() && played.iter().all(|one| one.as_documented));
    assert_eq!(town.get("/control/worlds").await.unwrap().as_array().map(Vec::len), Some(1));
}
