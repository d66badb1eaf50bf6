//! Registers that do not answer, answer late, or whose certificate is not good any more: a technical failure each,
//! never a refusal.

use std::time::Duration;

use certs::{Algorithm, Certificate, Flaw, Order, Profile, Subject, SystemName};
use gateway::play::Client;
use gateway::sandbox::Options;
use gateway::world::{Centre, Plan};
use jiff::SignedDuration;
use registries::people::{Persona, Played};
use registries::store::WorldId;
use serde_json::{Value, json};
use signer::{System, SystemIdentity};
use tests::{Counter, Process, Said, StandIn, Town};

/// A town where a stand-in has the place of a register, and nobody waits long for it; its clock stands still.
async fn town_with(register: System, patience: Duration) -> (Town, StandIn, SystemIdentity) {
    let stand_in = StandIn::listens().await;
    let mut plan = Plan::following(Town::regulations());
    plan.patience = patience;
    let town = Town::with(Options::ephemeral(plan)).await;
    town.is_stood_in_for(register, &stand_in.url).await;
    town.post("/control/clock", &json!("freeze")).await.unwrap();
    let identity = town.identity(register);
    (town, stand_in, identity)
}

async fn visited_by(town: &Town, persona: Persona) -> Counter<'_> {
    let mut counter = Counter::visited_at(&town.client, StandIn::cast(persona)).await;
    counter.receives().await.unwrap();
    counter
}

/// The form is filled in, and the employee sees what keeps the case from going on.
async fn is_held_up(counter: &mut Counter<'_>, code: &str) -> Value {
    counter.fills_in().await.unwrap();
    let view =
        counter.waits_until(|view| view["hindrance"].is_object() || tests::is_over(view)).await.unwrap();
    assert_eq!(view["hindrance"]["code"], code, "{view:#}");
    assert_eq!(
        (&view["shown"], &view["position"]["state"]),
        (&json!([]), &"at".into()),
        "nothing is decided"
    );
    view["hindrance"].clone()
}

/// The clock is set forward, and runs on: what is tried again only after that does not wait for ever.
async fn time_passes(client: &Client, turned: Value) {
    for turned in [turned, json!("resume")] {
        let _: Value = client.post("/control/clock", None, &turned).await.unwrap();
    }
}

async fn goes_on(counter: &mut Counter<'_>) {
    let view =
        counter.waits_until(|view| view["awaits"]["step"] == "11.6" || tests::is_over(view)).await.unwrap();
    assert_eq!((&view["awaits"]["step"], &view["hindrance"]), (&"11.6".into(), &Value::Null), "{view:#}");
}

const SOON: Duration = Duration::from_secs(2);
const AT_LEISURE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_register_that_is_down_is_asked_again_until_it_answers() {
    for (register, step) in [(System::People, "11.3"), (System::Notary, "11.3b")] {
        let (town, stand_in, identity) = town_with(register, AT_LEISURE).await;
        let bodies: [(u16, &str, &[u8]); 5] = [
            (503, "text/plain", b"not ready"),
            (500, "text/html", b"<h1>Internal Server Error</h1>"),
            (404, "application/json", b"{}"),
            (302, "text/html", b""),
            (429, "application/problem+json", br#"{"code":"busy","status":429}"#),
        ];
        for (status, media_type, body) in bodies {
            stand_in.says(move |_| Said::Body(status, media_type, body.to_vec()));
            town.post("/control/clock", &json!("freeze")).await.unwrap();
            let mut counter = visited_by(&town, Persona::AttorneyNotarised).await;
            let hindrance = is_held_up(&mut counter, "system-unreachable").await;
            assert_eq!(hindrance["step"], step, "{status}: {hindrance}");
            assert!(
                hindrance["detail"].as_str().unwrap_or_default().contains(register.name()),
                "{hindrance}"
            );
            stand_in.is_honest(&identity);
            time_passes(&town.client, json!({ "advance": "PT1S" })).await;
            goes_on(&mut counter).await;
            let noted = town.refusals(&counter.case()).await;
            let code = ("gateway".to_owned(), "system-unreachable".to_owned());
            assert!(noted.len() >= 2, "both hops are in the journal: {noted:?}");
            assert!(
                noted.iter().all(|(system, _, found)| (system, found) == (&code.0, &code.1)),
                "{noted:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_register_that_nobody_can_connect_to_is_waited_for() {
    let (town, stand_in, _) = town_with(System::People, AT_LEISURE).await;
    drop(stand_in);
    let mut counter = visited_by(&town, Persona::ParentWithChild).await;
    // Its port is closed once the task is gone; until then it says that it is not ready.
    is_held_up(&mut counter, "system-unreachable").await;
    let cases: Vec<Value> = town.client.get("/workstation/cases", counter.token.as_deref()).await.unwrap();
    let ours = cases.iter().find(|case| case["case"] == counter.case()).unwrap();
    assert_eq!(ours["hindrance"]["code"], "system-unreachable", "the employee sees it in the list too");
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_asked_for_again() {
    let (town, stand_in, identity) = town_with(System::People, SOON).await;
    stand_in.says(|_| Said::Nothing);
    let mut counter = visited_by(&town, Persona::ParentWithChild).await;
    let hindrance = is_held_up(&mut counter, "system-unreachable").await;
    assert_eq!(hindrance["system"], "gateway", "whoever waits hears it of the gateway: {hindrance}");
    stand_in.is_honest(&identity);
    time_passes(&town.client, json!({ "advance": "PT1S" })).await;
    goes_on(&mut counter).await;
    let asked = stand_in.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].query, asked[1].query, "the same question");
}

#[tokio::test]
async fn a_slow_register_holds_nobody_else_up() {
    let (town, stand_in, _) = town_with(System::Notary, AT_LEISURE).await;
    stand_in.says(|_| Said::Nothing);
    let mut waiting = visited_by(&town, Persona::AttorneyNotarised).await;
    waiting.fills_in().await.unwrap();
    waiting.waits_until(|view| view["answers"].as_array().map(Vec::len) == Some(1)).await.unwrap();
    while stand_in.asked().is_empty() {
        tokio::task::yield_now().await;
    }
    // The question to the notary registry is out. Somebody else comes, who needs nothing of it.
    let mut other = visited_by(&town, Persona::ParentWithChild).await;
    let served = async {
        other.fills_in().await.unwrap();
        goes_on(&mut other).await;
        other.scans_the_papers().await.unwrap();
        other.signs().await.unwrap();
        other.waits_until(|view| view["registration"].is_object()).await.unwrap();
    };
    tokio::time::timeout(AT_LEISURE / 3, served).await.expect("the other one is served meanwhile");
}

#[tokio::test]
async fn answers_without_end_are_not_read_to_the_end() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let town = Town::up().await;
    town.is_stood_in_for(System::People, &format!("http://{}", listener.local_addr().unwrap())).await;
    town.post("/control/clock", &json!("freeze")).await.unwrap();
    let talking = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let head =
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000000000000\r\n\r\n";
        let (mut rest, blanks, mut said) = (head.to_vec(), vec![b' '; 1 << 16], 0_usize);
        loop {
            stream.writable().await.unwrap();
            match stream.try_write(&rest) {
                Ok(written) => {
                    said += written;
                    rest.drain(..written);
                    if rest.is_empty() {
                        rest.clone_from(&blanks);
                    }
                }
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(_) => return said,
            }
        }
    });
    let mut counter = visited_by(&town, Persona::ParentWithChild).await;
    is_held_up(&mut counter, "system-unreachable").await;
    let said = talking.await.unwrap();
    assert!(said < 256 << 20, "the gateway listened to {said} bytes");
}

/// The people database's certificate is revoked.
async fn is_revoked(client: &Client) -> Certificate {
    let systems: Vec<Value> = client.get("/control/systems", None).await.unwrap();
    let people = systems.iter().find(|record| record["system"] == "people").unwrap();
    let certificate = Certificate::from_pem(people["certificate"].as_str().unwrap()).unwrap();
    let path = format!("/ca/certificates/{}/revocation", certificate.serial_hex());
    let _: Value = client.post(&path, None, &json!({ "reason": "keyCompromise" })).await.unwrap();
    certificate
}

/// The time comes when it gets another one, and the employee signs in again.
async fn is_renewed(client: &Client, certificate: &Certificate, counter: &mut Counter<'_>) {
    let shortly_before = certificate.not_after() - SignedDuration::from_hours(24);
    time_passes(client, json!({ "set": shortly_before })).await;
    let session: Value = client.post("/workstation/sessions", None, &counter.credentials()).await.unwrap();
    counter.token = session["token"].as_str().map(str::to_owned);
    counter.looks().await.unwrap();
}

#[tokio::test]
async fn a_register_whose_certificate_was_revoked_is_not_believed_until_it_has_a_new_one() {
    let town = Town::up().await;
    town.post("/control/clock", &json!("freeze")).await.unwrap();
    let mut counter = Counter::visited_by(&town, Persona::ParentWithChild).await;
    counter.receives().await.unwrap();
    let certificate = is_revoked(&town.client).await;
    let hindrance = is_held_up(&mut counter, "answer-refused").await;
    assert_eq!(hindrance["reason"], "sender-certificate-refused", "{hindrance}");
    assert!(hindrance["detail"].as_str().unwrap_or_default().contains("certificate-revoked"), "{hindrance}");
    let noted = town.refusals(&counter.case()).await;
    assert!(
        noted.contains(&("gateway".into(), "person-answer".into(), "answer-refused".into())),
        "{noted:?}"
    );
    is_renewed(&town.client, &certificate, &mut counter).await;
    goes_on(&mut counter).await;
}

/// The register's own key with a certificate that has a flaw.
async fn with_flaw(town: &Town, identity: &SystemIdentity, flaw: Flaw) -> SystemIdentity {
    let name = SystemName {
        common_name: "QAQPA PEOPLE".to_owned(),
        oid: "1.2.398.3.999.6".to_owned(),
        organisation: certs::Organisation { name: "ҮЛГІ".to_owned(), bin: certs::Bin::generated(6) },
    };
    let order = Order {
        public_key: Some(identity.key.public_key().clone()),
        flaws: [flaw].into(),
        ..Order::new(Subject::System(name), Profile::InformationSystem, Algorithm::P256)
    };
    let running = town.sandbox.world(&WorldId::default()).unwrap();
    let centre = match &running.world.centre {
        Centre::Here(centre) => Some(centre),
        Centre::At(_) => None,
    };
    let centre = centre.expect("the centre of this process");
    let certificate = centre.order(order).await.unwrap().certificate;
    SystemIdentity { certificate, ..identity.clone() }
}

#[tokio::test]
async fn a_register_whose_certificate_is_not_good_is_not_believed() {
    let (town, stand_in, identity) = town_with(System::People, AT_LEISURE).await;
    for (flaw, code) in [
        (Flaw::Expired, "certificate-expired"),
        (Flaw::NotYetValid, "certificate-not-yet-valid"),
        (Flaw::Revoked, "certificate-revoked"),
        (Flaw::WrongKeyUsage, "key-usage"),
        (Flaw::UnknownIssuer, "issuer"),
    ] {
        town.post("/control/clock", &json!("freeze")).await.unwrap();
        stand_in.is_honest(&with_flaw(&town, &identity, flaw).await);
        let mut counter = visited_by(&town, Persona::ParentWithChild).await;
        let hindrance = is_held_up(&mut counter, "answer-refused").await;
        assert_eq!(hindrance["reason"], "sender-certificate-refused", "{flaw}: {hindrance}");
        assert!(hindrance["detail"].as_str().unwrap_or_default().contains(code), "{flaw}: {hindrance}");
        stand_in.is_honest(&identity);
        time_passes(&town.client, json!({ "advance": "PT1S" })).await;
        goes_on(&mut counter).await;
    }
}

#[tokio::test]
async fn killed_while_it_waits_for_a_register_the_case_goes_on_after_the_restart() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let process = Process::up(&data, "127.0.0.1:0");
    let before = process.client.clone();
    let _: Value = before.post("/control/clock", None, &json!("freeze")).await.unwrap();
    let played: Played = before.get("/people/personas/parent-with-child", None).await.unwrap();
    let mut counter = Counter::visited_at(&before, played.cast).await;
    counter.receives().await.unwrap();
    let certificate = is_revoked(&before).await;
    is_held_up(&mut counter, "answer-refused").await;
    let address = process.address();
    process.kill();

    let again = Process::up(&data, &address);
    let client = again.client.clone();
    let mut counter = counter.with_client(&client);
    let view = counter.looks().await.expect("the case is there, and so is the session");
    assert_eq!(view["hindrance"]["code"], "answer-refused", "and so is what holds it up");
    is_renewed(&client, &certificate, &mut counter).await;
    goes_on(&mut counter).await;
    let asked: Vec<Value> = client.get("/people/queries", None).await.unwrap();
    assert_eq!(asked.len(), 1, "however often it was sent, it is one question: {asked:?}");
}
