//! Deeds that come before their time, after it, or twice.

use serde_json::{Value, json};
use tests::{Citizen, Desk, Town};

/// Tries deeds that the case does not wait for: each is refused, names the step it waits at, and is in the journal.
async fn are_refused(town: &Town, citizen: &mut Citizen<'_>, deeds: &[&str]) {
    let before = citizen.view.clone();
    let count = town.refusals(&citizen.case()).await.len();
    for deed in deeds {
        let body = match *deed {
            "request" => citizen.form(),
            "signature" => json!({ "signature": citizen.key.sign(b"anything") }),
            _ => citizen.credentials(),
        };
        let problem = citizen.deed(deed, &body).await.unwrap_err();
        assert_eq!((problem.code.code(), problem.status), ("step-out-of-order", 409), "{deed}: {problem}");
        assert_eq!(problem.step.as_deref(), before["awaits"]["step"].as_str(), "{deed}: {problem}");
        assert_eq!(problem.paragraph.as_deref(), before["awaits"]["paragraph"].as_str(), "{deed}: {problem}");
    }
    let refused = town.refusals(&citizen.case()).await.split_off(count);
    let expected: Vec<_> =
        deeds.iter().map(|deed| ("portal".into(), (*deed).into(), "step-out-of-order".into())).collect();
    assert_eq!(refused, expected);
    let path = format!("/portal/cases/{}", citizen.case());
    let now: Value = town.client.get(&path, citizen.token.as_deref()).await.unwrap();
    assert_eq!((&now["position"], &now["version"]), (&before["position"], &before["version"]));
}

#[tokio::test]
async fn every_deed_has_its_turn() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    are_refused(&town, &mut citizen, &["request", "signature"]).await;

    let credentials = citizen.credentials();
    citizen.deed("account", &credentials).await.unwrap();
    are_refused(&town, &mut citizen, &["account", "request", "signature"]).await;

    citizen.deed("session", &credentials).await.unwrap();
    are_refused(&town, &mut citizen, &["account", "session", "signature"]).await;

    citizen.fills_in().await.unwrap();
    are_refused(&town, &mut citizen, &["account", "session", "request"]).await;

    citizen.signs().await.unwrap();
    are_refused(&town, &mut citizen, &["account", "session", "request", "signature"]).await;
}

#[tokio::test]
async fn nothing_is_done_at_a_case_that_is_over() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.applies().await.unwrap();
    let (desk, case) = (Desk::of(&town), citizen.case());
    let staff = desk.staff(certs::Profile::AuthorisedPerson).await;
    desk.accepts(&case).await.unwrap();
    desk.signs(&case, &staff).await.unwrap();
    assert_eq!(citizen.waits_for_the_end().await.unwrap()["position"]["state"], "ended");
    are_refused(&town, &mut citizen, &["account", "session", "request", "signature"]).await;
}

#[tokio::test]
async fn of_two_signatures_at_once_one_is_acknowledged_and_one_application_leaves() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    citizen.fills_in().await.unwrap();
    let case = citizen.case();
    let body = json!({ "signature": citizen.key.sign(&citizen.to_sign()) });
    let mut signing = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let (client, token, body) = (town.client.clone(), citizen.token.clone(), body.clone());
        let path = format!("/portal/cases/{case}/signature");
        signing.spawn(async move { client.post::<Value>(&path, token.as_deref(), &body).await });
    }
    let (taken, refused): (Vec<_>, Vec<_>) = signing.join_all().await.into_iter().partition(Result::is_ok);
    assert_eq!(taken.len(), 1);
    for problem in refused.into_iter().filter_map(Result::err) {
        assert!(["conflict", "step-out-of-order"].contains(&problem.code.code()), "{problem}");
    }
    let journal: Vec<Value> =
        town.client.get(&format!("/control/journal?case={case}&settled=true"), None).await.unwrap();
    let arrived = journal.iter().filter(|entry| {
        entry["system"] == "gateway"
            && entry["body"]["message"] == "application"
            && entry["body"]["seen"] == "entering"
    });
    assert_eq!(arrived.count(), 1);
}
