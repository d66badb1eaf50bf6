//! What was acknowledged is there after SIGKILL, goes on, and takes effect once.

use std::path::{Path, PathBuf};

use certs::Profile;
use gateway::play::Client;
use serde_json::{Value, json};
use tests::{Citizen, Desk, Process, qaqpa};

/// A data folder that lasts as long as the story.
fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    (folder, data)
}

/// Kills the sandbox and starts it again on the same port and folder.
fn is_killed_and_started_again(process: Process, data: &Path) -> Process {
    let address = process.address();
    process.kill();
    let again = Process::up(data, &address);
    assert_eq!(again.address(), address);
    again
}

/// Waits until a system has taken a message of the case.
async fn has_taken(client: &Client, case: &str, system: &str, message: &str) {
    let mut after = 0;
    loop {
        let path =
            format!("/control/journal?case={case}&system={system}&kind=crossing&after={after}&wait=true");
        let entries: Vec<Value> = client.get(&path, None).await.unwrap();
        if entries
            .iter()
            .any(|entry| entry["body"]["message"] == message && entry["body"]["accepted"] == true)
        {
            return;
        }
        let last = entries.last().expect("something happens at last");
        after = last["seq"].as_u64().unwrap();
    }
}

/// Staff do what is still to be done; the recipient sees the result, and everything happened exactly once.
pub(crate) async fn ends_with_one_result(client: &Client, citizen: &mut Citizen<'_>) {
    let (desk, case) = (Desk::at(client), citizen.case());
    let task = desk.task(&case).await.unwrap();
    if task["awaits"]["decides"].is_array() {
        desk.decides(&case, &json!({ "failing": [] })).await.unwrap();
    }
    if desk.task_now(&case).await.unwrap()["awaits"].is_object() {
        let staff = desk.staff(Profile::AuthorisedPerson).await;
        desk.signs(&case, &staff).await.unwrap();
    }
    citizen.looks().await.unwrap();
    let view = citizen.waits_for_the_end().await.unwrap();
    assert_eq!(view["position"], json!({ "state": "ended", "at": "12.11b", "end": "result" }));
    assert_eq!(view["shown"].as_array().map(Vec::len), Some(1));

    let settled = format!("/control/journal?case={case}&settled=true");
    let journal: Vec<Value> = client.get(&settled, None).await.unwrap();
    let taken = |system: &str, message: &str| {
        let of_system = journal.iter().filter(|e| e["system"] == system && e["body"]["seen"] == "entering");
        of_system.filter(|e| e["body"]["message"] == message && e["body"]["accepted"] == true).count()
    };
    assert_eq!(taken("gateway", "application"), 1);
    assert_eq!(taken("regional-workstation", "application"), 1);
    assert_eq!(taken("provider", "assignment"), 1);
    assert_eq!(taken("provider", "signature"), 1);
    assert_eq!(taken("portal", "outcome"), 1);
}

#[tokio::test]
async fn killed_at_the_acknowledgement_the_case_goes_on() {
    let (_folder, data) = folder();
    let mut process = Process::up(&data, "127.0.0.1:0");
    for _ in 0..4 {
        let before = process.client.clone();
        let mut citizen = Citizen::arrives_at(&before, |order| order).await;
        citizen.applies().await.unwrap();
        process = is_killed_and_started_again(process, &data);
        let client = process.client.clone();
        let mut citizen = citizen.with_client(&client);
        let view = citizen.looks().await.expect("the case is there, and so is the session");
        assert_ne!(view["awaits"]["step"], "12.8", "what was acknowledged is not asked for again");
        ends_with_one_result(&client, &mut citizen).await;
    }
}

#[tokio::test]
async fn killed_on_its_way_an_application_arrives_once() {
    let (_folder, data) = folder();
    let mut process = Process::up(&data, "127.0.0.1:0");
    let moments =
        [("gateway", "application"), ("regional-workstation", "application"), ("provider", "assignment")];
    for (system, message) in moments {
        let before = process.client.clone();
        let mut citizen = Citizen::arrives_at(&before, |order| order).await;
        citizen.applies().await.unwrap();
        has_taken(&before, &citizen.case(), system, message).await;
        process = is_killed_and_started_again(process, &data);
        let client = process.client.clone();
        let mut citizen = citizen.with_client(&client);
        ends_with_one_result(&client, &mut citizen).await;
    }
}

#[tokio::test]
async fn killed_at_the_desk_a_decision_and_a_signature_stay() {
    let (_folder, data) = folder();
    let mut process = Process::up(&data, "127.0.0.1:0");
    for signed in [false, true] {
        let before = process.client.clone();
        let mut citizen = Citizen::arrives_at(&before, |order| order).await;
        citizen.applies().await.unwrap();
        let (desk, case) = (Desk::at(&before), citizen.case());
        let staff = desk.staff(Profile::AuthorisedPerson).await;
        desk.accepts(&case).await.unwrap();
        let given_out = desk.to_sign(&case).await;
        if signed {
            desk.signs(&case, &staff).await.unwrap();
        }
        process = is_killed_and_started_again(process, &data);
        let client = process.client.clone();
        if !signed {
            assert_eq!(Desk::at(&client).to_sign(&case).await, given_out, "the same bytes wait to be signed");
        }
        let mut citizen = citizen.with_client(&client);
        ends_with_one_result(&client, &mut citizen).await;
    }
}

#[tokio::test]
async fn killed_before_the_acknowledgement_nothing_is_half_done() {
    let (_folder, data) = folder();
    let mut process = Process::up(&data, "127.0.0.1:0");
    for turns in [0, 1, 3, 10, 30, 100] {
        let before = process.client.clone();
        let mut citizen = Citizen::arrives_at(&before, |order| order).await;
        citizen.enters().await.unwrap();
        citizen.fills_in().await.unwrap();
        let path = format!("/portal/cases/{}/signature", citizen.case());
        let body = json!({ "signature": citizen.key.sign(&citizen.to_sign()) });
        let (client, token) = (before.clone(), citizen.token.clone());
        let signing = tokio::spawn(async move { client.post::<Value>(&path, token.as_deref(), &body).await });
        for _ in 0..turns {
            tokio::task::yield_now().await;
        }
        process = is_killed_and_started_again(process, &data);
        let acknowledged = signing.await.unwrap().is_ok();
        let client = process.client.clone();
        let mut citizen = citizen.with_client(&client);
        let view = citizen.looks().await.unwrap();
        let waits = view["awaits"]["step"] == "12.8";
        assert!(!(acknowledged && waits), "an acknowledgement holds");
        if waits {
            citizen.signs().await.expect("the same bytes can be signed again");
        }
        ends_with_one_result(&client, &mut citizen).await;
    }
}

#[tokio::test]
async fn worlds_clocks_and_certificates_outlive_the_process() {
    let (_folder, data) = folder();
    let process = Process::up(&data, "127.0.0.1:0");
    let client = process.client.clone();
    let _: Value = client.post("/control/worlds", None, &json!({ "id": "second" })).await.unwrap();
    let _: Value = client.post("/w/second/control/clock", None, &json!("freeze")).await.unwrap();
    let shown: Value =
        client.post("/w/second/control/clock", None, &json!({ "advance": "P21D" })).await.unwrap();
    let citizen = Citizen::arrives_at(&client, |order| order).await;
    let revocation = format!("/ca/certificates/{}/revocation", citizen.key.serial);
    let revoked: Value = client.post(&revocation, None, &json!({ "reason": "keyCompromise" })).await.unwrap();
    let roots = client.bytes("/ca/roots.pem").await.unwrap();

    let process = is_killed_and_started_again(process, &data);
    let client = process.client.clone();
    let clock: Value = client.get("/w/second/control/clock", None).await.unwrap();
    assert_eq!(clock, shown);
    assert_eq!(client.bytes("/ca/roots.pem").await.unwrap(), roots);
    let certificate = format!("/ca/certificates/{}", citizen.key.serial);
    assert_eq!(client.get::<Value>(&certificate, None).await.unwrap(), revoked);
    let mut citizen = citizen.with_client(&client);
    citizen.enters().await.unwrap();
    let view = citizen.fills_in().await.unwrap();
    assert_eq!(view["shown"][0]["reasons"][0]["code"], "certificate-revoked");
}

#[tokio::test]
async fn a_second_sandbox_on_the_same_folder_or_address_is_refused_with_a_hint() {
    let (folder, data) = folder();
    let process = Process::up(&data, "127.0.0.1:0");
    let shown = data.display().to_string();
    let second = qaqpa(folder.path(), &["up", "--json", "--listen", "127.0.0.1:0", "--data", &shown]);
    assert_eq!((second.code, second.out.as_str()), (2, ""), "{second:?}");
    assert!(second.err.contains("in use"), "{}", second.err);
    let hint = second.err.lines().find(|line| line.starts_with("hint: ")).unwrap_or_default();
    assert!(hint.contains("--data"), "{}", second.err);

    let third = qaqpa(folder.path(), &["up", "--ephemeral", "--listen", &process.address()]);
    assert_eq!(third.code, 2, "{third:?}");
    let hint = third.err.lines().find(|line| line.starts_with("hint: ")).unwrap_or_default();
    assert!(hint.contains("--listen"), "{}", third.err);

    let health: Value = process.client.get("/control/health", None).await.unwrap();
    assert_eq!(health["status"], "up", "the first one goes on");
}
