//! The signing service of another process judges certificates for the systems of this one.

use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Json, Router};
use gateway::sandbox::Options;
use gateway::world::{Plan, Swap};
use serde_json::{Value, json};
use signer::System;
use tests::{Citizen, Process, Starting, Town, free_ports, qaqpa};

/// Everything but the signing service in one process, and that in another.
struct Two {
    folder: tempfile::TempDir,
    listens: [String; 2],
}

impl Two {
    fn new() -> Self {
        let ports = free_ports(2);
        let listens = [ports[0], ports[1]].map(|port| format!("127.0.0.1:{port}"));
        Self { folder: tempfile::tempdir().unwrap(), listens }
    }

    fn systems(&self) -> Starting {
        let swap = format!("signer=http://{}/signer", self.listens[1]);
        let data = self.folder.path().join("systems");
        Starting::up(&data, &self.listens[0], &["--swap".to_owned(), swap])
    }

    fn signer(&self) -> Process {
        let mut arguments = vec!["--only".to_owned(), "signer".to_owned()];
        for system in System::ALL.iter().filter(|system| **system != System::Signer) {
            let address = format!("http://{}/{system}", self.listens[0]);
            arguments.extend(["--swap".to_owned(), format!("{system}={address}")]);
        }
        Starting::up(&self.folder.path().join("signer"), &self.listens[1], &arguments).ready()
    }
}

#[tokio::test]
async fn a_channel_is_played_with_the_signing_service_elsewhere() {
    let two = Two::new();
    let systems = two.systems().ready();
    let _signer = two.signer();
    let channel = format!("{}/portal", Citizen::regulation());
    let ran = qaqpa(two.folder.path(), &["play", &channel, "--against", systems.client.base(), "--json"]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.err, ran.out);
    let revoked = ran.json().as_array().unwrap().iter().any(|one| one["path"] == "certificate-revoked");
    assert!(revoked, "{}", ran.out);
}

#[tokio::test]
async fn nothing_is_decided_while_the_signing_service_is_away() {
    let two = Two::new();
    let systems = two.systems().ready();
    let mut citizen = Citizen::arrives_at(&systems.client, |order| order).await;
    citizen.enters().await.unwrap();
    let away = citizen.fills_in().await.unwrap_err();
    assert_eq!((away.code.code(), away.status), ("signer-unreachable", 503), "{away}");
    assert_eq!(citizen.looks().await.unwrap()["position"]["state"], "at");
    let gone: Value = systems.client.get("/control/health", None).await.unwrap();
    assert_eq!(gone["systems"]["signer"], format!("http://{}/signer", two.listens[1]));

    let _signer = two.signer();
    citizen.fills_in().await.unwrap();
    citizen.signs().await.unwrap();
    tests::Desk::at(&systems.client).task(&citizen.case()).await.unwrap();
}

/// What a service answers to a question: status and body.
type Says = fn(&Value) -> (u16, Value);
type Conduct = Arc<RwLock<Says>>;

/// A signing service of somebody else's that answers a question as it likes.
async fn service(conduct: Conduct) -> String {
    async fn answer(State(conduct): State<Conduct>, Json(asked): Json<Value>) -> (StatusCode, Json<Value>) {
        let says = *conduct.read().unwrap_or_else(PoisonError::into_inner);
        let (status, said) = says(&asked);
        (StatusCode::from_u16(status).unwrap(), Json(said))
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/theirs/", listener.local_addr().unwrap());
    let router = Router::new().route("/theirs/x509/verify", axum::routing::post(answer)).with_state(conduct);
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// A verdict on the certificate that was asked about, with this finding on each check.
fn verdict(asked: &Value, finding: &Value) -> Value {
    let certificate = certs::Certificate::from_pem(asked["certificate"].as_str().unwrap()).unwrap();
    let findings = asked["checks"].as_array().unwrap().iter().map(|check| {
        let mut finding = finding.clone();
        finding["check"] = check.clone();
        finding
    });
    let summary = certs::verdict::Summary::from(&certificate);
    json!({ "at": asked["at"], "certificate": summary, "findings": findings.collect::<Vec<_>>(), "asked": [] })
}

fn passed(asked: &Value) -> Value {
    verdict(asked, &json!({ "outcome": "passed" }))
}

#[tokio::test]
async fn its_verdict_counts_and_what_is_none_decides_nothing() {
    let silent: Says = |_| (500, json!({}));
    let conduct: Conduct = Arc::new(RwLock::new(silent));
    let mut plan = Plan::following(Town::regulations());
    plan.swapped.insert(System::Signer, Swap::at(&service(conduct.clone()).await));
    let town = Town::with(Options::ephemeral(plan)).await;
    let says = |answer: Says| {
        *conduct.write().unwrap_or_else(PoisonError::into_inner) = answer;
    };
    // Ours would refuse this certificate.
    let flawed = |order| registries::ca::OrderRequest { flaws: vec!["expired".to_owned()], ..order };
    let mut citizen = Citizen::arrives_with(&town, flawed).await;
    citizen.enters().await.unwrap();
    let no_verdicts: [Says; 5] = [
        silent,
        |_| (200, json!("yes")),
        |_| (200, json!({ "at": "2026-01-01T00:00:00Z", "findings": [] })),
        |asked| {
            let mut other = passed(asked);
            other["certificate"]["serial"] = "00".into();
            (200, other)
        },
        |asked| {
            let mut less = passed(asked);
            less["findings"].as_array_mut().unwrap().pop();
            (200, less)
        },
    ];
    for no_verdict in no_verdicts {
        says(no_verdict);
        let unknown = citizen.fills_in().await.unwrap_err();
        assert_eq!((unknown.code.code(), unknown.status), ("signer-unreachable", 503), "{unknown}");
    }
    says(|asked| (200, passed(asked)));
    let filled = citizen.fills_in().await.unwrap();
    assert!(filled["to_sign"].is_object(), "{filled}");

    let mut other = Citizen::arrives(&town).await;
    other.enters().await.unwrap();
    says(|asked| {
        let facts = json!({ "oid": "1.2.3" });
        (
            200,
            verdict(
                asked,
                &json!({ "outcome": "failed", "code": "critical-extension-unknown", "facts": facts }),
            ),
        )
    });
    let refused = other.fills_in().await.unwrap();
    assert_eq!(refused["position"]["end"], "refusal", "{refused}");
}
