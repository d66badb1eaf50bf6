//! What comes in another order, later than it could, or with another key.

use gateway::exchange::Wire;
use jiff::{SignedDuration, Timestamp};
use registries::store::WorldId;
use serde_json::{Value, json};
use tests::{Citizen, Town};

use super::{goes_wrong, town};
use crate::durability::ends_with_one_result;

/// The numbers of the journal entries of a system that saw an application leave or enter.
async fn seen(town: &Town, case: &str, system: &str, way: &str) -> Vec<u64> {
    let journal = town.journal(case).await;
    let of_system = journal.iter().filter(|entry| entry["system"] == system && entry["body"]["seen"] == way);
    let applications = of_system.filter(|entry| entry["body"]["message"] == "application");
    applications.filter_map(|entry| entry["seq"].as_u64()).collect()
}

#[tokio::test]
async fn a_message_is_overtaken_by_a_later_one() {
    for wire in [Wire::Json, Wire::Soap] {
        let town = town(wire).await;
        let (mut first, mut second) = (Citizen::arrives(&town).await, Citizen::arrives(&town).await);
        goes_wrong(&town, &format!("reorder:60s,system=portal,case={}", first.case())).await;
        first.applies().await.unwrap();
        second.applies().await.unwrap();
        ends_with_one_result(&town.client, &mut second).await;
        ends_with_one_result(&town.client, &mut first).await;
        let earlier = seen(&town, &second.case(), "gateway", "entering").await;
        let later = seen(&town, &first.case(), "gateway", "entering").await;
        assert!(earlier[0] < later[0], "{earlier:?} {later:?}");
    }
}

#[tokio::test]
async fn an_answering_message_comes_before_the_acknowledgement() {
    for wire in [Wire::Json, Wire::Soap] {
        let town = town(wire).await;
        goes_wrong(&town, "response-before-acknowledgement:2s,system=gateway").await;
        let mut citizen = Citizen::arrives(&town).await;
        citizen.applies().await.unwrap();
        ends_with_one_result(&town.client, &mut citizen).await;
        let (case, mut acknowledged) = (citizen.case(), Vec::new());
        while acknowledged.is_empty() {
            acknowledged = seen(&town, &case, "portal", "leaving").await;
        }
        let passed_on = seen(&town, &case, "gateway", "leaving").await;
        assert!(passed_on[0] < acknowledged[0], "{passed_on:?} {acknowledged:?}");
    }
}

#[tokio::test]
async fn whoever_says_when_to_come_again_is_left_alone_until_then() {
    let town = town(Wire::Json).await;
    goes_wrong(&town, "http-503-retry-after:90s,system=gateway,often=once").await;
    let mut citizen = Citizen::arrives(&town).await;
    let frozen = town.post("/control/clock", &json!("freeze")).await.unwrap();
    citizen.applies().await.unwrap();
    while !citizen.view["hindrance"].is_object() {
        citizen.waits().await.unwrap();
    }
    assert_eq!(citizen.view["hindrance"]["retry_after"], 90);
    let store = town.sandbox.world(&WorldId::default()).unwrap().world.store.clone();
    let now: Timestamp = frozen["now"].as_str().unwrap().parse().unwrap();
    let mut due = store.next_due("portal").await.unwrap();
    while due.is_some_and(|due| due <= now) {
        tokio::task::yield_now().await;
        due = store.next_due("portal").await.unwrap();
    }
    let pause = due.unwrap().duration_since(now);
    assert!(pause >= SignedDuration::from_secs(89) && pause <= SignedDuration::from_secs(90), "{pause}");
    town.post("/control/clock", &json!({ "advance": "PT90S" })).await.unwrap();
    ends_with_one_result(&town.client, &mut citizen).await;
}

#[tokio::test]
async fn a_system_changes_over_to_a_new_key_again_and_again() {
    let town = town(Wire::Json).await;
    let shown =
        async || -> Value { town.get("/control/systems/gateway").await.unwrap()["certificate"].clone() };
    let before = shown().await;
    goes_wrong(&town, "certificate-rollover,system=gateway").await;
    for _ in 0..3 {
        let mut citizen = Citizen::arrives(&town).await;
        citizen.applies().await.unwrap();
        ends_with_one_result(&town.client, &mut citizen).await;
    }
    assert_ne!(shown().await, before);
    town.post("/control/clock", &json!({ "advance": "P1D" })).await.unwrap();
    let after = shown().await;
    assert_ne!(after, before, "a clock that is turned brings the old key not back");
}

#[tokio::test]
async fn a_fault_in_the_data_is_a_refusal_and_stops_the_case() {
    let town = town(Wire::Soap).await;
    goes_wrong(&town, "soap-fault:SCSE002,system=gateway").await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.applies().await.unwrap();
    let view = citizen.waits_for_the_end().await.unwrap();
    assert_eq!(view["position"]["state"], "stopped", "{view:#}");
    assert_eq!(view["shown"][0]["code"], "refused-by-receiver", "{view:#}");
}

#[tokio::test]
async fn messages_that_are_delivered_later_survive_as_well() {
    let town = town(Wire::Soap).await;
    let path = "mangystau-339-externat/portal/order-copy";
    for rule in [
        "notification-lost",
        "duplicate",
        "unsigned,system=portal,often=once",
        "bad-body-signature,system=gateway,often=once",
        "wrong-correlation-id,often=once",
        "truncated-body,often=first:2",
        "certificate-rollover,system=gateway,often=once",
    ] {
        let id = goes_wrong(&town, rule).await;
        let played = town.play(path).await.remove(0);
        assert!(played.as_documented, "{rule}: {:#?}", played.deviations);
        let kept: Value = town.client.delete(&format!("/control/faults/{id}")).await.unwrap();
        assert!(kept["done"].as_u64() >= Some(1), "{rule}: {kept}");
    }
}
