//! Accounts: numbers, passwords, sessions, and who may see what.

use serde_json::{Value, json};
use signer::Problem;
use tests::{Citizen, Town};

#[tokio::test]
async fn a_number_that_is_no_iin_opens_nothing() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    let right = citizen.iin.to_string();
    let last = right.as_bytes()[11] - b'0';
    let wrong_digit = format!("{}{}", &right[..11], (last + 1) % 10);
    let words = "x".repeat(10_000);
    for iin in [wrong_digit.as_str(), "", "12", "abcdefghijkl", "٠١٢٣٤٥٦٧٨٩٠١", words.as_str()] {
        for (deed, paragraph) in [("account", "12.1"), ("session", "12.2")] {
            let body = json!({ "iin": iin, "password": citizen.password });
            let problem = citizen.deed(deed, &body).await.unwrap_err();
            assert_eq!((problem.code.code(), problem.status), ("invalid-value", 422), "{problem}");
            assert!(problem.facts["fields"]["iin"].is_string(), "{problem}");
            assert_eq!(problem.paragraph.as_deref(), Some(paragraph));
        }
        let body = json!({ "iin": iin, "password": citizen.password });
        let problem = town.post("/portal/sessions", &body).await.unwrap_err();
        assert_eq!((problem.code.code(), problem.system.as_deref()), ("invalid-value", Some("portal")));
    }
    citizen.enters().await.expect("the case still waits where it was");
    let refused = town.refusals(&citizen.case()).await;
    assert_eq!(refused.len(), 12, "each try is in the journal: {refused:?}");
    assert!(refused.iter().all(|(system, _, code)| system == "portal" && code == "invalid-value"));
}

#[tokio::test]
async fn a_password_is_neither_too_short_nor_too_long() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    for password in ["", "7letter", &"x".repeat(201), &"Ұ".repeat(201)] {
        let body = json!({ "iin": citizen.iin, "password": password });
        let problem = citizen.deed("account", &body).await.unwrap_err();
        assert_eq!(problem.code.code(), "invalid-value");
        assert_eq!(problem.facts["fields"]["password"], "length");
    }
    citizen.password = "Ұ".repeat(200);
    citizen.enters().await.expect("200 letters are enough and not too many, whatever their bytes");
}

#[tokio::test]
async fn nobody_registers_twice() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    citizen.opens_a_case().await.unwrap();
    let again = json!({ "iin": citizen.iin, "password": "Another-Password-2" });
    let problem = citizen.deed("account", &again).await.unwrap_err();
    assert_eq!((problem.code.code(), problem.status), ("already-registered", 409));
    assert_eq!((problem.step.as_deref(), problem.paragraph.as_deref()), (Some("12.1"), Some("12.1")));
    let credentials = citizen.credentials();
    let view = citizen.deed("session", &credentials).await.unwrap();
    assert_eq!(view["awaits"]["step"], "12.5", "the first password still opens the account");
    let refused = town.refusals(&citizen.case()).await;
    assert_eq!(refused, [("portal".into(), "account".into(), "already-registered".into())]);
}

/// An act that does not say that registering is for the unregistered alone.
#[tokio::test]
async fn where_everybody_registers_who_has_an_account_does_so_with_its_password() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    let view = town.post("/portal/cases", &json!({ "regulation": "mangystau-339-externat" })).await.unwrap();
    let deed = |name: &str| format!("/portal/cases/{}/{name}", view["case"].as_str().unwrap());
    let another = json!({ "iin": citizen.iin, "password": "Another-Password-2" });
    let problem = town.post(&deed("account"), &another).await.unwrap_err();
    assert_eq!((problem.code.code(), problem.paragraph.as_deref()), ("already-registered", Some("11.1")));
    let problem = town.post(&deed("session"), &citizen.credentials()).await.unwrap_err();
    assert_eq!(problem.code.code(), "step-out-of-order", "it is no offer to be passed by");
    let view = town.post(&deed("account"), &citizen.credentials()).await.unwrap();
    assert_eq!(view["awaits"]["step"], "11.2");
    let view = town.post(&deed("session"), &citizen.credentials()).await.unwrap();
    assert_eq!(view["awaits"]["step"], "11.5");
}

/// Tries a password in a case of its own, as a wrong one ends it.
async fn tries(citizen: &mut Citizen<'_>, password: &str) -> Result<Value, Problem> {
    citizen.token = None;
    citizen.opens_a_case().await?;
    let body = json!({ "iin": citizen.iin, "password": password });
    citizen.deed("session", &body).await
}

#[tokio::test]
async fn a_wrong_password_is_refused_at_12_4_without_saying_which_half_was_wrong() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    let known = {
        citizen.enters().await.unwrap();
        tries(&mut citizen, "not the password").await.unwrap()
    };
    let mut stranger = Citizen::arrives(&town).await;
    let unknown = tries(&mut stranger, "not the password").await.unwrap();
    for view in [&known, &unknown] {
        assert_eq!(view["position"]["state"], "ended", "{view}");
        assert!(view.get("token").is_none());
        assert_eq!(view["shown"][0]["code"], "authorisation-refused");
        assert_eq!(view["shown"][0]["paragraph"], "12.4");
    }
    assert_eq!(known["shown"][0]["reasons"], unknown["shown"][0]["reasons"]);
}

#[tokio::test]
async fn an_account_is_closed_for_fifteen_minutes_after_five_wrong_passwords() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    town.post("/control/clock", &json!("freeze")).await.unwrap();
    for _ in 0..5 {
        assert_eq!(tries(&mut citizen, "not the password").await.unwrap()["position"]["state"], "ended");
    }
    let password = citizen.password.clone();
    for password in ["not the password", password.as_str()] {
        let problem = tries(&mut citizen, password).await.unwrap_err();
        assert_eq!((problem.code.code(), problem.status), ("too-many-tries", 429));
        assert_eq!(problem.paragraph.as_deref(), Some("12.2"), "{problem}");
        assert!(problem.facts["until"].is_string(), "{problem}");
        let refused = town.refusals(&citizen.case()).await;
        assert_eq!(refused, [("portal".into(), "session".into(), "too-many-tries".into())]);
    }
    let credentials = citizen.credentials();
    let problem = town.post("/portal/sessions", &credentials).await.unwrap_err();
    assert_eq!(problem.code.code(), "too-many-tries", "the cabinet has no other door");

    town.post("/control/clock", &json!({ "advance": "14m 59s" })).await.unwrap();
    assert_eq!(tries(&mut citizen, &password).await.unwrap_err().code.code(), "too-many-tries");
    town.post("/control/clock", &json!({ "advance": "1s" })).await.unwrap();
    assert_eq!(tries(&mut citizen, &password).await.unwrap()["awaits"]["step"], "12.5");
}

#[tokio::test]
async fn wrong_passwords_at_the_cabinet_count_as_well_and_a_right_one_clears_the_count() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    let wrong = json!({ "iin": citizen.iin, "password": "not the password" });
    let right = citizen.credentials();
    for _ in 0..2 {
        for _ in 0..4 {
            let problem = town.post("/portal/sessions", &wrong).await.unwrap_err();
            assert_eq!(problem.code.code(), "not-signed-in");
        }
        assert!(town.post("/portal/sessions", &right).await.unwrap()["token"].is_string());
    }
    for _ in 0..5 {
        town.post("/portal/sessions", &wrong).await.unwrap_err();
    }
    assert_eq!(town.post("/portal/sessions", &right).await.unwrap_err().code.code(), "too-many-tries");
}

#[tokio::test]
async fn five_passwords_tried_at_once_close_the_account_as_well() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    town.post("/control/clock", &json!("freeze")).await.unwrap();
    let wrong = json!({ "iin": citizen.iin, "password": "not the password" });
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let (client, wrong) = (town.client.clone(), wrong.clone());
        tries.spawn(async move { client.post::<Value>("/portal/sessions", None, &wrong).await });
    }
    let codes: Vec<String> =
        tries.join_all().await.into_iter().map(|tried| tried.unwrap_err().code.to_string()).collect();
    let known = ["not-signed-in", "too-many-tries", "conflict"];
    assert!(codes.iter().all(|code| known.contains(&code.as_str())), "{codes:?}");
    let counted = codes.iter().filter(|code| *code == "not-signed-in").count();
    assert!(counted <= 5, "no more than five wrong passwords are looked at: {codes:?}");
}

#[tokio::test]
async fn a_case_is_seen_by_its_recipient_alone() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    let mut other = Citizen::arrives(&town).await;
    other.enters().await.unwrap();
    let case = citizen.case();

    let paths = [format!("/portal/cases/{case}"), format!("/portal/cases/{case}/verification")];
    for path in &paths {
        let anonymous = town.get(path).await.unwrap_err();
        assert_eq!((anonymous.code.code(), anonymous.status), ("not-signed-in", 401));
        let stranger = town.client.get::<Value>(path, other.token.as_deref()).await.unwrap_err();
        assert_eq!((stranger.code.code(), stranger.status), ("not-found", 404));
        let forged = town.client.get::<Value>(path, Some("forged")).await.unwrap_err();
        assert_eq!(forged.code.code(), "not-signed-in");
        town.client.get::<Value>(path, citizen.token.as_deref()).await.unwrap();
    }
    let form = citizen.form();
    let request = format!("/portal/cases/{case}/request");
    let anonymous = town.post(&request, &form).await.unwrap_err();
    assert_eq!((anonymous.code.code(), anonymous.system.as_deref()), ("not-signed-in", Some("portal")));
    let stranger = town.client.post::<Value>(&request, other.token.as_deref(), &form).await.unwrap_err();
    assert_eq!(stranger.code.code(), "not-found", "not even that the case exists");
    assert_eq!(town.get("/portal/cabinet").await.unwrap_err().code.code(), "not-signed-in");
    let cabinet: Vec<Value> = town.client.get("/portal/cabinet", other.token.as_deref()).await.unwrap();
    assert!(cabinet.iter().all(|view| view["case"] != case.as_str()) && cabinet.len() == 1);
}

#[tokio::test]
async fn a_session_ends_after_eight_hours_of_the_world() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    town.post("/control/clock", &json!({ "advance": "PT8H" })).await.unwrap();
    assert_eq!(citizen.fills_in().await.unwrap_err().code.code(), "not-signed-in");
    let credentials = citizen.credentials();
    let session = town.post("/portal/sessions", &credentials).await.unwrap();
    citizen.token = session["token"].as_str().map(str::to_owned);
    assert_eq!(citizen.fills_in().await.unwrap()["awaits"]["step"], "12.8", "the case waited");
}

#[tokio::test]
async fn a_password_in_a_malformed_body_does_not_reach_the_journal() {
    let town = Town::up().await;
    let citizen = Citizen::arrives(&town).await;
    let path = format!("/portal/cases/{}/session", citizen.case());
    let body = serde_json::json!({ "iin": "1", "password": 7_654_321 });
    let problem = town.post(&path, &body).await.unwrap_err();
    assert_eq!(problem.code.code(), "malformed-json");
    let told = serde_json::to_string(&problem).unwrap();
    let journal = town.get("/control/journal").await.unwrap().to_string();
    assert!(!told.contains("7654321") && !journal.contains("7654321"), "{told}");
}
