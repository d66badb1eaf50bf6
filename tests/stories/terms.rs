//! The terms that acts set, on the world's clock: days of the year, working days, clocks over several steps.

use certs::Clock;
use gateway::sandbox::Options;
use gateway::world::Plan;
use serde_json::{Value, json};
use signer::System;
use tests::{Citizen, Office, Town};

const EXTERNAT: &str = "mangystau-339-externat";
const PASSPORT: &str = "passport-preschool-queue";

/// A town whose clock stands.
async fn on(now: &str) -> Town {
    let clock = Some(Clock::frozen_at(now.parse().unwrap()).state());
    Town::with(Options::ephemeral(Plan { clock, ..Plan::following(Town::regulations()) })).await
}

/// The case of a path, left where it waits at a step.
async fn left_at(town: &Town, path: &str, step: &str) -> String {
    let regulations = Town::regulations();
    let play = gateway::play::Play {
        client: town.client.clone(),
        regulations: regulations.clone(),
        algorithm: None,
        patience: std::time::Duration::from_secs(5),
        faults: Vec::new(),
    };
    let selected = gateway::play::select(&regulations, &[path.to_owned()]).unwrap();
    play.leave_at(&selected[0], step).await.unwrap().1.case.to_string()
}

async fn turned(town: &Town, by: &str) {
    town.post("/control/clock", &json!({ "advance": by })).await.unwrap();
}

#[tokio::test]
async fn three_weeks_show_the_order_overdue_or_issued_in_time() {
    // Monday. One working day for the head, thirteen for the executor, fifteen for the whole.
    let town = on("2016-10-03T06:00:00Z").await;
    let case = left_at(&town, &format!("{EXTERNAT}/portal/order-copy"), "8.3").await;
    let mut office = Office::at(&town, System::Provider, &case).await;
    assert_eq!(office.awaited(), ("8.3", "responsible-executor"));
    assert_eq!(
        office.view["awaits"]["due"], "2016-10-20T13:00:00Z",
        "six in the evening of the thirteenth day"
    );
    assert_eq!(office.view["clocks"][0]["due"], "2016-10-24T13:00:00Z");
    turned(&town, "17 days").await;
    office.looks().await.unwrap();
    assert_eq!(office.view["awaits"]["overdue"], false, "the day itself is in time");
    turned(&town, "4 days 8 hours").await;
    office.looks().await.unwrap();
    assert_eq!(office.view["awaits"]["overdue"], true);
    let clock = &office.view["clocks"][0];
    assert_eq!(
        (&clock["name"], &clock["overdue"], &clock["paragraph"]),
        (&json!("whole"), &json!(true), &json!("11.11"))
    );
    // Whoever asks the contact centre is told so.
    let status = town.get(&format!("/contact-centre/status/{case}")).await.unwrap();
    let provider = status.as_array().unwrap().iter().find(|one| one["system"] == "provider").unwrap();
    assert_eq!((&provider["state"], &provider["overdue"]), (&json!("waits"), &json!(true)));
    assert!(!status.to_string().contains(office.view["fields"]["applicant-iin"].as_str().unwrap()));
    // Late is late, and it is issued all the same.
    office.works("responsible-executor", &["examine", "draft"]).await.unwrap();
    assert_eq!(office.awaited(), ("8.4", "provider-head"));
    assert_eq!(office.view["awaits"]["overdue"], false, "the head has a day of their own");
}

#[tokio::test]
async fn an_order_in_time_ends_the_clock() {
    let town = on("2016-10-03T06:00:00Z").await;
    let played = town.play(&format!("{EXTERNAT}/portal/order-copy")).await;
    assert!(played[0].as_documented, "{:?}", played[0].deviations);
    let office = Office::at(&town, System::Provider, &played[0].outcome.case).await;
    let clock = &office.view["clocks"][0];
    assert_eq!((&clock["ended"], &clock["overdue"]), (&json!("2016-10-03T06:00:00Z"), &json!(false)));
}

#[tokio::test]
async fn the_last_day_is_a_day_where_the_act_is_in_force() {
    // Aqtau is five hours ahead: its 2 December begins at seven in the evening.
    for (now, in_time) in [
        ("2016-12-01T18:59:59Z", true),
        ("2016-12-01T19:00:00Z", false),
        ("2017-01-10T06:00:00Z", false),
        ("2017-08-31T06:00:00Z", false),
        ("2017-09-01T06:00:00Z", true),
    ] {
        let town = on(now).await;
        let path = if in_time { "order-copy" } else { "filed-late" };
        let played = town.play(&format!("{EXTERNAT}/portal/{path}")).await;
        assert!(played[0].as_documented, "{now}: {:?}", played[0].deviations);
        // It was lived in this very world: today is a day for it.
        let here = town.get(&format!("/portal/status/{}", played[0].outcome.case)).await;
        assert!(here.is_ok(), "{now}: {here:?}");
    }
}

#[tokio::test]
async fn a_form_that_waits_over_midnight_is_late() {
    let town = on("2016-12-01T18:50:00Z").await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.view = town.post("/portal/cases", &json!({ "regulation": EXTERNAT })).await.unwrap();
    citizen.deed("account", &citizen.credentials()).await.unwrap();
    citizen.deed("session", &citizen.credentials()).await.unwrap();
    let paper = signer::Bytes(b"SPECIMEN".to_vec());
    let form = json!({
        "service": EXTERNAT,
        "fields": {
            "applicant-iin": citizen.iin, "applicant-name": "ҮЛГІБАЕВА СЫНАҚ", "student-iin": citizen.iin,
            "student-name": "ҮЛГІБАЕВА СЫНАҚ", "school": "mektep-1",
        },
        "copies": [{ "name": "standard-documents", "mediaType": "text/plain", "content": paper }],
        "certificate": citizen.key.certificate.pem(),
    });
    citizen.deed("request", &form).await.unwrap();
    turned(&town, "10 minutes").await;
    let content = signer::Bytes::from_base64(citizen.view["to_sign"]["content"].as_str().unwrap()).unwrap().0;
    let view = citizen.deed("signature", &json!({ "signature": citizen.key.sign(&content) })).await.unwrap();
    assert_eq!(view["position"]["end"], "refusal", "{view:#}");
    let shown = &view["shown"][0];
    assert_eq!((&shown["code"], &shown["step"]), (&json!("filed-late"), &json!("8-p2b")));
    assert_eq!(shown["reasons"][0]["facts"], json!({ "filed": "2016-12-02", "last": "2016-12-01" }));
}

#[tokio::test]
async fn the_three_clocks_of_the_passport_run_apart() {
    let town = on("2026-11-25T06:00:00Z").await;
    let mut office = Office::visited(&town, System::Provider, PASSPORT, "office").await;
    turned(&town, "20 minutes").await;
    let documents = json!({ "documents": ["birth-certificate", "identity-document"] });
    let view = office.deed("presentation", &documents).await.unwrap();
    let clock = |view: &Value, name: &str| {
        let clocks = view["clocks"].as_array().cloned().unwrap_or_default();
        clocks.into_iter().find(|clock| clock["name"] == name).unwrap_or_default()
    };
    let waiting = clock(&view, "waiting");
    assert_eq!((&waiting["limit"], &waiting["overdue"]), (&json!("15 min"), &json!(true)), "{view:#}");
    assert!(waiting["ended"].is_string(), "the waiting is over: {waiting}");
    assert_eq!(clock(&view, "whole")["overdue"], false);
    turned(&town, "11 minutes").await;
    let view = office.looks().await.unwrap();
    assert_eq!(clock(&view, "whole")["overdue"], true, "thirty minutes since the beginning: {view:#}");
    assert_eq!(clock(&view, "service")["overdue"], false, "eleven of fifteen: {view:#}");
}
