//! Worlds of one process are apart, and each has its own clock.

use certs::Profile;
use registries::ca::OrderRequest;
use serde_json::{Value, json};
use tests::{Citizen, Desk, Key, Town};

/// A town with another world beside its default one.
pub(crate) async fn with_another_world() -> (Town, Town) {
    let town = Town::up().await;
    let created = town.post("/control/worlds", &json!({ "id": "another" })).await.unwrap();
    let another = town.world("another");
    assert_eq!(created["base_url"], another.client.base());
    (town, another)
}

#[tokio::test]
async fn a_case_of_one_world_is_unknown_in_the_other() {
    let (town, another) = with_another_world().await;
    let mut citizen = Citizen::arrives(&another).await;
    citizen.applies().await.unwrap();
    let case = citizen.case();
    Desk::of(&another).accepts(&case).await.unwrap();

    let path = format!("/portal/cases/{case}");
    assert!(another.client.get::<Value>(&path, citizen.token.as_deref()).await.is_ok());
    let elsewhere = town.client.get::<Value>(&path, citizen.token.as_deref()).await.unwrap_err();
    assert_eq!(elsewhere.code.code(), "not-found");
    assert_eq!(Desk::of(&town).task_now(&case).await.unwrap_err().code.code(), "not-found");
    assert!(town.journal(&case).await.is_empty() && !another.journal(&case).await.is_empty());
    let session = town.post("/portal/sessions", &citizen.credentials()).await.unwrap_err();
    assert_eq!(session.code.code(), "not-signed-in", "the account is of the other world");
    let cabinet = town.client.get::<Value>("/portal/cabinet", citizen.token.as_deref()).await.unwrap_err();
    assert_eq!(cabinet.code.code(), "not-signed-in", "and so is the session");
}

#[tokio::test]
async fn both_worlds_go_the_whole_way_on_their_own() {
    let (town, another) = with_another_world().await;
    for world in [&town, &another] {
        let (desk, mut citizen) = (Desk::of(world), Citizen::arrives(world).await);
        citizen.applies().await.unwrap();
        let staff = desk.staff(Profile::AuthorisedPerson).await;
        desk.accepts(&citizen.case()).await.unwrap();
        desk.signs(&citizen.case(), &staff).await.unwrap();
        let view = citizen.waits_for_the_end().await.unwrap();
        assert_eq!(view["position"], json!({ "state": "ended", "at": "12.11b", "end": "result" }));
    }
}

#[tokio::test]
async fn a_certificate_of_one_world_is_not_accepted_in_the_other() {
    let (town, another) = with_another_world().await;
    let mut citizen = Citizen::arrives(&town).await;
    let order = OrderRequest { iin: Some(citizen.iin.to_string()), ..OrderRequest::of(Profile::Individual) };
    citizen.key = Key::order(&another, &order).await;
    citizen.enters().await.unwrap();
    let problem = citizen.fills_in().await.unwrap_err();
    assert_eq!((problem.code.code(), problem.paragraph.as_deref()), ("revocation-unknown", Some("12.6")));
    assert!(problem.facts["verdict"].is_object());

    let body = json!({ "certificate": citizen.key.certificate.pem() });
    let here = town.post("/signer/x509/verify", &body).await.unwrap();
    let there = another.post("/signer/x509/verify", &body).await.unwrap();
    let failing = |verdict: &Value| verdict["findings"].to_string().contains("issuer-unknown");
    assert!(failing(&here) && !failing(&there), "{here}\n{there}");
    let serial = format!("/ca/certificates/{}", citizen.key.serial);
    assert_eq!(town.get(&serial).await.unwrap_err().code.code(), "not-found");
    assert!(another.get(&serial).await.is_ok());
}

#[tokio::test]
async fn certificates_name_the_addresses_of_their_world() {
    let (town, another) = with_another_world().await;
    for world in [&town, &another] {
        let key = Key::order(world, &OrderRequest::of(Profile::Individual)).await;
        let named = format!("{}/ca/", world.client.base());
        let der = String::from_utf8_lossy(key.certificate.der()).into_owned();
        assert!(der.contains(&format!("{named}ocsp")) && der.contains(&format!("{named}crl/")), "{named}");
        assert!(world.client.bytes("/ca/crl/p256.crl").await.is_ok());
    }
}

#[tokio::test]
async fn a_world_is_created_once() {
    let (town, _) = with_another_world().await;
    for id in ["another", "default"] {
        let again = town.post("/control/worlds", &json!({ "id": id })).await.unwrap_err();
        assert_eq!((again.code.code(), again.status), ("world-exists", 409));
    }
    let ids = |worlds: &Value| {
        let all = worlds.as_array().cloned().unwrap_or_default();
        all.iter().filter_map(|world| world["id"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(ids(&town.get("/control/worlds").await.unwrap()), ["another", "default"]);
}

#[tokio::test]
async fn of_several_who_create_a_world_at_once_one_succeeds() {
    let town = Town::up().await;
    let mut creating = tokio::task::JoinSet::new();
    for _ in 0..5 {
        let client = town.client.clone();
        creating.spawn(async move {
            client.post::<Value>("/control/worlds", None, &json!({ "id": "race" })).await
        });
    }
    let (created, refused): (Vec<_>, Vec<_>) = creating.join_all().await.into_iter().partition(Result::is_ok);
    let codes: Vec<String> = refused.into_iter().map(|r| r.unwrap_err().code.to_string()).collect();
    assert_eq!((created.len(), codes), (1, vec!["world-exists".to_owned(); 4]));
    let world = town.world("race");
    let mut citizen = Citizen::arrives(&world).await;
    assert_eq!(citizen.enters().await.unwrap()["awaits"]["step"], "12.5", "and the world works");
}

#[tokio::test]
async fn names_that_are_no_worlds_are_refused() {
    let town = Town::up().await;
    for id in ["", "Upper", "a/b", "..", "ә", &"x".repeat(41)] {
        let problem = town.post("/control/worlds", &json!({ "id": id })).await.unwrap_err();
        assert!(["malformed-json", "invalid-value"].contains(&problem.code.code()), "{problem}");
    }
    for path in [
        "/w/nowhere/portal/services",
        "/w/nowhere",
        "/w/",
        "/w/%FF/",
        "/w/a%2Fb/x",
        "/w/nowhere/control/health",
    ] {
        let problem = town.send("GET", path, "", "").await.is("unknown-world");
        assert_eq!(problem.status, 404, "{path}");
    }
    let body = json!({ "regulation": Citizen::regulation() }).to_string();
    town.send_json("/w/nowhere/portal/cases", body).await.is("unknown-world");
}

#[tokio::test]
async fn the_address_of_a_world_needs_its_whole_prefix() {
    let (town, another) = with_another_world().await;
    assert_eq!(another.get("/control/health").await.unwrap()["world"], "another");
    assert_eq!(town.get("/control/health").await.unwrap()["world"], "default");
    town.send("GET", "/w/another", "", "").await.is("not-found");
    town.send("GET", "/w/another/w/default/control/health", "", "").await.is("not-found");
    town.send("GET", "/w/another/control/worlds", "", "").await.is("not-found");
}
