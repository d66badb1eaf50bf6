//! A provider of somebody else's in the place of ours: Python, over JSON and over SOAP, nothing of Qaqpa.

use std::collections::BTreeSet;

use certs::Lang;
use gateway::exchange::Payload;
use gateway::play::print;
use gateway::regulation::Message;
use serde_json::Value;
use signer::{Code, Problem, System};
use tests::{Citizen, Foreign, Script, Town, application, envelope, qaqpa};

/// A town whose provider is the stand-in.
async fn town() -> (Town, Foreign) {
    let town = Town::up().await;
    let provider = Script::new("provider.py").stands_in(&town, System::Provider).await;
    (town, provider)
}

#[tokio::test]
async fn a_provider_in_another_language_takes_its_place() {
    let (town, _provider) = town().await;
    for path in [
        "portal/queue-notice",
        "portal/referral",
        "portal/documents-not-conforming",
        "state-corporation/queue-notice",
        "state-corporation/no-grounds",
    ] {
        let played = town.play_elsewhere(&format!("{}/{path}", Citizen::regulation())).await;
        assert_eq!(played.len(), 1, "{path}");
        assert!(played[0].as_documented, "{path}: {:#?}", played[0].deviations);
        // What it does inside is not ours to see, and the verdict says so.
        assert_eq!(played[0].not_observable, BTreeSet::from([System::Provider]), "{path}");
        let inside: Vec<_> = played[0].steps.iter().filter(|step| step.who.starts_with("provider")).collect();
        assert!(!inside.is_empty(), "{path}");
        assert!(inside.iter().all(|step| step.result.as_deref() == Some("not observable")), "{path}");
        let report = print(&played[0], Lang::En);
        assert!(report.contains("as documented, as far as observable"), "{report}");
        assert!(report.contains("inner steps not observable: provider"), "{report}");
    }
    // A path that does not come to it is observed in full.
    let played = town.play_elsewhere(&format!("{}/portal/certificate-expired", Citizen::regulation())).await;
    assert!(played[0].as_documented && played[0].not_observable.is_empty());
}

#[tokio::test]
async fn it_takes_nothing_from_whoever_is_not_the_regional_workstation() {
    let (town, provider) = town().await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    citizen.fills_in().await.unwrap();
    let payload = Payload { message: Message::Assignment, ..application(&citizen) };
    let mut stranger = town.identity(System::RegionalWorkstation);
    stranger.key = town.identity(System::Portal).key;
    stranger.certificate = town.identity(System::Portal).certificate;
    let sealed = envelope(&stranger, &payload).seal(&stranger).unwrap();
    let refused: Problem = town.client.post::<Value>("/provider/messages", None, &sealed).await.unwrap_err();
    assert_eq!(refused.code, Code::CertificateNotBound, "{refused}");
    drop(provider);
}

#[tokio::test]
async fn it_takes_nothing_with_a_revoked_certificate() {
    let (town, _provider) = town().await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    citizen.fills_in().await.unwrap();
    let payload = Payload { message: Message::Assignment, ..application(&citizen) };
    let sender = town.identity(System::RegionalWorkstation);
    let deliver = async || {
        let sealed = envelope(&sender, &payload).seal(&sender).unwrap();
        town.client.post::<Value>("/provider/messages", None, &sealed).await
    };
    assert!(deliver().await.is_ok());
    let path = format!("/ca/certificates/{}/revocation", sender.certificate.serial_hex());
    town.post(&path, &serde_json::json!({ "reason": "keyCompromise" })).await.unwrap();
    let refused = deliver().await.unwrap_err();
    assert!(refused.code == Code::SignatureInvalid && refused.to_string().contains("revoked"), "{refused}");
}

#[tokio::test]
async fn its_place_can_be_taken_back() {
    let (town, _provider) = town().await;
    let gone = town.send("GET", "/provider/cases", "", "").await.is("system-swapped");
    assert!(gone.facts["address"].as_str().is_some_and(|address| address.starts_with("http://127.0.0.1:")));
    let base = town.sandbox.base_url().to_owned();
    let removed = tokio::task::spawn_blocking(move || {
        let folder = tempfile::tempdir().unwrap();
        qaqpa(folder.path(), &["systems", "remove", "provider", "--against", &base])
    });
    assert_eq!(removed.await.unwrap().code, 0);
    let played = town.play_elsewhere(&format!("{}/portal/referral", Citizen::regulation())).await;
    assert!(played[0].as_documented && played[0].not_observable.is_empty());
}
