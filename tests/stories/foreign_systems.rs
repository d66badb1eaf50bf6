//! Systems of somebody else's in the place of ours, one after the other: Python, over JSON and over SOAP, nothing of
//! Qaqpa.

use std::collections::BTreeSet;
use std::process::Command;

use certs::Profile;
use gateway::exchange::{POLLED, Wire};
use gateway::play::print;
use gateway::world::Swap;
use registries::ca::{Issued, OrderRequest};
use registries::store::WorldId;
use serde_json::{Value, json};
use signer::{Bytes, Code, System};
use tests::{Citizen, Script, Town, has, qaqpa, wires};
use uuid::Uuid;

const PORTAL: &str = "mangystau-182-preschool-queue/portal/queue-notice";
const COUNTER: &str = "mangystau-182-preschool-queue/state-corporation/queue-notice";
const EXTERNAT: &str = "mangystau-339-externat/state-corporation/order-copy";

/// Plays a path that goes through the system, whose inside is not to be seen.
async fn plays_through(town: &Town, system: System, path: &str) {
    let played = town.play_elsewhere(path).await;
    assert_eq!(played.len(), 1, "{path}");
    assert!(played[0].as_documented, "{system}, {path}: {:#?}", played[0].deviations);
    assert_eq!(played[0].not_observable, BTreeSet::from([system]), "{path}");
    let inside = played[0].steps.iter().filter(|step| step.who == system.name());
    for step in inside {
        assert_eq!(step.result.as_deref(), Some("not observable"), "{path} {step:?}");
    }
}

/// The script stands in for each system while a path through it is played, over every wire.
async fn stands_in(script: &'static str, paths: &[(System, &str)]) {
    for wire in wires() {
        let town = Town::up().await;
        for (system, path) in paths {
            let foreign = Script::new(script).over(wire).stands_in(&town, *system).await;
            plays_through(&town, *system, path).await;
            drop(foreign);
            let (system, base) = (*system, town.sandbox.base_url().to_owned());
            let remove = move || {
                let folder = tempfile::tempdir().unwrap();
                qaqpa(folder.path(), &["systems", "remove", system.name(), "--against", &base])
            };
            assert_eq!(tokio::task::spawn_blocking(remove).await.unwrap().code, 0);
        }
    }
}

#[tokio::test]
async fn a_relay_stands_in_for_gateways_and_regional_workstation() {
    let paths = [
        (System::Gateway, PORTAL),
        (System::Gateway, COUNTER),
        // Over SOAP, this regulation has what crosses the gateway sent asynchronously.
        (System::Gateway, EXTERNAT),
        (System::RegionalGateway, "kyzylorda-1056-preschool-queue/portal/regional-gateway"),
        (System::RegionalWorkstation, COUNTER),
        (System::RegionalWorkstation, "mangystau-339-externat/portal/order-copy"),
    ];
    stands_in("relay.py", &paths).await;
}

#[tokio::test]
async fn a_desk_stands_in_for_queues_school_and_quality_body() {
    let paths = [
        (System::Queue, "kyzylorda-1056-preschool-queue/state-corporation/queue-notice"),
        (System::QueueRegistry, "kyzylorda-1056-preschool-queue/portal/queue-notice"),
        (System::School, EXTERNAT),
        (System::QualityControl, "passport-preschool-queue/complaint/answer-not-accepted"),
    ];
    stands_in("desk.py", &paths).await;
}

/// What the built-in registers have, as they answered in a play, and the personas.
pub(crate) async fn records(town: &Town, path: &str) -> Value {
    town.play(path).await;
    let journal = town.get("/control/journal").await.unwrap();
    let answers = journal.as_array().unwrap().iter().filter_map(|entry| {
        let message = entry["body"]["message"].as_str()?;
        message.ends_with("-answer").then_some(())?;
        let content = Bytes::from_base64(entry["body"]["document"]["content"].as_str()?).ok()?;
        let answer: Value = serde_json::from_slice(&content.0).ok()?;
        answer.get("found").map(|found| json!({ "about": answer["about"], "found": found }))
    });
    let found: Vec<Value> = answers.collect();
    assert!(!found.is_empty(), "{journal}");
    let mut personas = serde_json::Map::new();
    for persona in town.get("/people/personas").await.unwrap().as_array().unwrap() {
        let name = persona["persona"].as_str().unwrap();
        personas.insert(name.to_owned(), town.get(&format!("/people/personas/{name}")).await.unwrap());
    }
    json!({ "found": found, "personas": personas })
}

#[tokio::test]
async fn registers_of_somebody_else_answer_signed_questions() {
    for (system, path) in
        [(System::People, COUNTER), (System::Notary, COUNTER), (System::Registers, EXTERNAT)]
    {
        let town = Town::up().await;
        let records = records(&town, path).await.to_string();
        for wire in wires() {
            let script = Script::new("register.py").over(wire).with("records.json", records.as_str());
            let _register = script.stands_in(&town, system).await;
            plays_through(&town, system, path).await;
        }
        if system == System::Notary && has("soap (npm)", "node", "require('soap')") {
            let script = Script::new("notary.js").over(Wire::Soap).with("records.json", records.as_str());
            let _register = script.stands_in(&town, system).await;
            plays_through(&town, system, path).await;
        }
    }
}

/// An application of somebody, as desks take it.
fn form(iin: &str) -> Value {
    let child = certs::Iin::never_issued(7);
    let paper = |name: &str| {
        let text = format!("SPECIMEN {name} holder {iin} child {child}");
        json!({ "name": name, "mediaType": "text/plain", "content": Bytes(text.into_bytes()) })
    };
    json!({
        "regulation": Citizen::regulation(), "to": "gateway", "message": "application",
        "service": { "kk": "Сынақ", "ru": "Проверка", "en": "Test" },
        "fields": {
            "applicant-iin": iin, "applicant-name": "ҮЛГІБАЕВ СЫНАҚ", "child-iin": child,
            "child-name": "ҮЛГІБАЕВА СЫНАҚ", "organisation": format!("balabaqsha-{iin}"),
        },
        "copies": [paper("birth-certificate"), paper("identity-document")],
    })
}

fn in_channel(channel: &str, mut form: Value) -> Value {
    form["channel"] = channel.into();
    form
}

fn messages(arrived: &Value) -> Vec<&str> {
    arrived.as_array().unwrap().iter().filter_map(|one| one["message"].as_str()).collect()
}

/// A detached signature by openssl.
fn signed_by_openssl(content: &[u8], issued: &Issued) -> Bytes {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [
        ("key", issued.private_key.as_bytes()),
        ("certificate", issued.kept.certificate.as_bytes()),
        ("content", content),
    ] {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let ran = Command::new("openssl")
        .args(["cms", "-sign", "-binary", "-outform", "DER", "-md", "sha256"])
        .args(["-signer", "certificate", "-inkey", "key", "-in", "content"])
        .current_dir(folder.path())
        .output()
        .expect("openssl runs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    Bytes(ran.stdout)
}

#[tokio::test]
async fn a_portal_of_somebody_else_files_an_application_and_gets_the_outcome() {
    for wire in wires() {
        let town = Town::up().await;
        let _provider = Script::new("provider.py").over(wire).stands_in(&town, System::Provider).await;
        let portal = Script::new("desk.py").over(wire).stands_in(&town, System::Portal).await;
        let iin = certs::Iin::never_issued(11).to_string();
        let order = OrderRequest { iin: Some(iin.clone()), ..OrderRequest::of(Profile::Individual) };
        let issued: Issued = town.client.post("/ca/certificates", None, &order).await.unwrap();

        // The recipient alone has the key.
        let begun: Value =
            portal.client.post("/begin", None, &in_channel("portal", form(&iin))).await.unwrap();
        let content = Bytes::from_base64(begun["content"].as_str().unwrap()).unwrap();
        let case = begun["case"].as_str().unwrap();
        let signature = signed_by_openssl(&content.0, &issued);
        let sign = format!("/sign/{case}");
        let _: Value = portal.client.post(&sign, None, &json!({ "signature": signature })).await.unwrap();
        let arrived: Value = portal.client.get(&format!("/came/{case}"), None).await.unwrap();
        assert_eq!(messages(&arrived), ["outcome"]);
        assert_eq!(arrived[0]["content"]["document"], "queue-notice", "{arrived}");
        assert!(town.refusals(case).await.is_empty());

        // A certificate that is another's is found at the gateway, and the portal is told.
        let other = certs::Iin::never_issued(12).to_string();
        let begun: Value =
            portal.client.post("/begin", None, &in_channel("portal", form(&other))).await.unwrap();
        let content = Bytes::from_base64(begun["content"].as_str().unwrap()).unwrap();
        let sign = format!("/sign/{}", begun["case"].as_str().unwrap());
        let signature = json!({ "signature": signed_by_openssl(&content.0, &issued) });
        let refused = portal.client.post::<Value>(&sign, None, &signature).await.unwrap_err();
        assert_eq!(refused.code.code(), "identity-mismatch", "{refused}");
    }
}

#[tokio::test]
async fn a_workstation_of_somebody_else_asks_registers_and_files() {
    for wire in wires() {
        let town = Town::up().await;
        let _provider = Script::new("provider.py").over(wire).stands_in(&town, System::Provider).await;
        let persona = town.get("/people/personas/parent-with-child").await.unwrap();
        let iin = persona["cast"]["iin"].as_str().unwrap();
        let workstation = Script::new("desk.py").over(wire).stands_in(&town, System::Workstation).await;
        let case = Uuid::new_v4();
        let question = json!({
            "case": case, "regulation": Citizen::regulation(), "channel": "state-corporation",
            "message": "person-query", "about": { "of": "person", "iin": iin },
        });
        let answer: Value = workstation.client.post("/ask", None, &question).await.unwrap();
        assert_eq!(answer["found"]["person"]["iin"], iin, "{answer}");
        let mut form = in_channel("state-corporation", form(iin));
        form["case"] = json!(case);
        let _: Value = workstation.client.post("/begin", None, &form).await.unwrap();
        let arrived: Value = workstation.client.get(&format!("/came/{case}?after=1"), None).await.unwrap();
        let mut said = messages(&arrived);
        said.sort_unstable();
        assert_eq!(said, ["outcome", "registration"]);
        assert!(town.refusals(&case.to_string()).await.is_empty());
    }
}

#[tokio::test]
async fn a_contact_centre_of_somebody_else_asks_for_a_visit() {
    for wire in wires() {
        let town = Town::up().await;
        let centre = Script::new("desk.py").over(wire).stands_in(&town, System::ContactCentre).await;
        let call = json!({
            "regulation": "passport-preschool-queue", "channel": "home-intake",
            "to": "workstation", "message": "home-visit",
        });
        let begun: Value = centre.client.post("/begin", None, &call).await.unwrap();
        let path = format!("/workstation/cases/{}?after=0", begun["case"].as_str().unwrap());
        let arrived = town.get(&path).await.unwrap();
        assert_eq!(arrived["channel"], "home-intake", "{arrived}");
    }
}

#[tokio::test]
async fn what_begins_at_a_desk_without_our_addresses_is_not_played() {
    let town = Town::up().await;
    let _portal = Script::new("desk.py").stands_in(&town, System::Portal).await;
    let played = town.play_elsewhere(PORTAL).await;
    assert!(played[0].not_played.is_some() && !played[0].as_documented);
    assert_eq!(played[0].not_observable, BTreeSet::from([System::Portal]));
    assert!(played[0].deviations.is_empty());
}

#[tokio::test]
async fn what_needs_a_system_that_nobody_can_go_to_is_not_played_and_says_why() {
    let town = Town::up().await;
    let identity = town.identity(System::Workstation);
    let swap = Swap {
        certificate: Some(identity.certificate.pem()),
        password: Some(identity.password),
        wire: Wire::Soap,
        ..Swap::at(POLLED)
    };
    let running = town.sandbox.world(&WorldId::default()).unwrap();
    running.world.put_system(System::Workstation, &swap).await.unwrap();
    let played = town.anew().play("mangystau-182-preschool-queue/state-corporation").await;
    assert!(played.len() > 5, "every path is told of: {}", played.len());
    for path in &played {
        let why = path.not_played.as_ref().unwrap_or_else(|| panic!("{} was played", path.path));
        assert_eq!((why.code, why.system.as_deref()), (Code::SystemSwapped, Some("workstation")), "{why}");
        assert_eq!(path.not_observable, BTreeSet::from([System::Workstation]));
        let printed = print(path, certs::Lang::En);
        assert!(printed.contains("not played") && printed.contains("fetches its messages"), "{printed}");
    }
}

#[tokio::test]
async fn a_foreign_workstation_that_enters_no_employees_is_not_played() {
    let town = Town::up().await;
    let _workstation = Script::new("desk.py").stands_in(&town, System::Workstation).await;
    let played = town.play("mangystau-182-preschool-queue/state-corporation/queue-notice").await;
    assert!(played[0].not_played.is_some() && !played[0].as_documented);
    assert_eq!(played[0].not_observable, BTreeSet::from([System::Workstation]));
}
