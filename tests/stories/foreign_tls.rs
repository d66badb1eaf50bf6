//! Systems of somebody else's in a sandbox that listens with TLS, and such as listen with TLS themselves.

use std::collections::BTreeSet;

use certs::{Certificate, Profile};
use gateway::exchange::{About, Wire};
use gateway::sandbox::Options;
use gateway::tls::{Serves, Tls};
use gateway::world::Plan;
use registries::ca::{Issued, OrderRequest};
use serde_json::json;
use signer::{Envelope, System, SystemIdentity};
use tests::{Foreign, Script, Town, envelope, has, query, question, sync_message, wires};
use uuid::Uuid;

use crate::foreign_systems::records;

const PORTAL: &str = "mangystau-182-preschool-queue/portal/queue-notice";
const COUNTER: &str = "mangystau-182-preschool-queue/state-corporation/queue-notice";

/// A town that listens with TLS, in which everybody shows certificates; `anchors` are believed beside its own.
async fn town(anchors: Vec<Certificate>) -> Town {
    let mut plan = Plan::following(Town::regulations());
    plan.tls = Tls { serves: Serves::Own, mutual: true, anchors, ..Tls::default() };
    Town::with(Options::ephemeral(plan)).await
}

async fn goes_through(town: &Town, system: System, path: &str) {
    let played = town.play_elsewhere(path).await;
    assert!(played[0].as_documented, "{system}, {path}: {:#?}", played[0].deviations);
    assert_eq!(played[0].not_observable, BTreeSet::from([system]), "{path}");
}

#[tokio::test]
async fn stand_ins_find_lists_and_neighbours_behind_tls() {
    for wire in wires() {
        let mut plan = Plan::following(Town::regulations());
        plan.tls = Tls { serves: Serves::Own, ..Tls::default() };
        let town = Town::with(Options::ephemeral(plan)).await;
        let provider = Script::new("provider.py").over(wire).stands_in(&town, System::Provider).await;
        goes_through(&town, System::Provider, PORTAL).await;
        // Whoever is on the list is refused for that, before what they have to say is looked at.
        let sender = town.identity(System::RegionalWorkstation);
        let about = About::Power { number: "TEST-1".to_owned() };
        let asked = question(&query(Uuid::new_v4(), about), &sender);
        let said = async || said_to(&provider, wire, &envelope(&sender, &asked), &sender).await;
        assert!(said().await.contains("route-unknown"));
        let revocation = format!("/ca/certificates/{}/revocation", sender.certificate.serial_hex());
        town.post(&revocation, &json!({ "reason": "keyCompromise" })).await.unwrap();
        let refused = said().await;
        assert!(refused.contains("signature-invalid") && refused.contains("revoked"), "{refused}");
    }
}

/// What a stand-in says to a message.
async fn said_to(there: &Foreign, wire: Wire, envelope: &Envelope, sender: &SystemIdentity) -> String {
    let (media_type, body) = match wire {
        Wire::Json => ("application/json", serde_json::to_string(&envelope.seal(sender).unwrap()).unwrap()),
        Wire::Soap | Wire::SoapText => ("text/xml", sync_message(envelope, sender)),
    };
    let post = there.client.http().post(format!("{}/messages", there.client.base()));
    post.header("content-type", media_type).body(body).send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn stand_ins_behind_tls_show_certificates_and_ask_for_them() {
    for wire in wires() {
        let town = town(Vec::new()).await;
        let hosts = vec!["127.0.0.1".to_owned()];
        let order = OrderRequest { hosts, ..OrderRequest::of(Profile::TlsServer) };
        let issued: Issued = town.client.post("/ca/certificates", None, &order).await.unwrap();
        let relay = Script::new("relay.py").over(wire);
        let relay = relay.behind_tls(&issued.kept.certificate, &issued.private_key);
        let relay = relay.stands_in(&town, System::Gateway).await;
        assert!(relay.client.base().starts_with("https:"), "{}", relay.client.base());
        goes_through(&town, System::Gateway, COUNTER).await;
        // Whoever shows none is not listened to.
        let media_type = if wire == Wire::Json { "application/json" } else { "text/xml" };
        let url = format!("{}/messages", relay.client.base());
        let without = town.client.http().post(url).header("content-type", media_type).body("{}");
        let said = without.send().await.unwrap().text().await.unwrap();
        assert!(said.contains("client-certificate-missing"), "{said}");
    }
}

/// A certificate for the loopback that its own key signed, by openssl.
fn of_its_own() -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let made = std::process::Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "9",
        ])
        .args(["-subj", "/CN=SOMEBODY ELSE'S SERVER TEST", "-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", "key", "-out", "certificate"])
        .current_dir(folder.path())
        .output();
    assert!(made.unwrap().status.success());
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    (read("certificate"), read("key"))
}

#[tokio::test]
async fn a_stand_in_has_a_server_certificate_of_its_own() {
    if !has("soap (npm)", "node", "require('soap')") {
        return;
    }
    let (certificate, key) = of_its_own();
    let town = town(vec![Certificate::from_pem(&certificate).unwrap()]).await;
    let records = records(&town, COUNTER).await.to_string();
    let notary = Script::new("notary.js").over(Wire::Soap).with("records.json", records);
    let _notary = notary.behind_tls(&certificate, &key).stands_in(&town, System::Notary).await;
    goes_through(&town, System::Notary, COUNTER).await;
}
