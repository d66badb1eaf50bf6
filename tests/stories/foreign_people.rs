//! A people database of somebody else's in the place of ours, that speaks the national service and knows no
//! regulation: Python and xmlsec1, nothing of Qaqpa.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use gateway::exchange::{Service, Wire};
use gateway::world::Swap;
use registries::people::{PersonRecord, Persona};
use registries::store::WorldId;
use serde_json::{Value, json};
use signer::System;
use tests::{Citizen, Counter, Question, StandIn, Town};

/// The stand-in, killed with the story.
struct Register(Child);

impl Drop for Register {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What the stand-in knows of somebody.
fn known(person: &PersonRecord) -> Value {
    let documents = person.documents.iter().map(|one| {
        json!({
            "type": one.kind, "number": one.number, "beginDate": one.begin_date, "endDate": one.end_date,
            "issuer": one.issuer, "status": one.status,
        })
    });
    json!({
        "iin": person.iin, "surname": person.surname, "name": person.name, "patronymic": person.patronymic,
        "birthDate": person.birth_date, "gender": person.gender, "citizenship": person.citizenship,
        "dead": person.death_date.is_some(), "documents": documents.collect::<Vec<_>>(),
    })
}

/// A town whose people database is the stand-in, with the same people; `None` where xmlsec1 is missing.
async fn town() -> Option<(Town, Register, tempfile::TempDir)> {
    if Command::new("xmlsec1").arg("--version").output().is_err() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "xmlsec1 is not installed");
        eprintln!("SKIPPED: xmlsec1 is not installed");
        return None;
    }
    let (town, folder) = (Town::up().await, tempfile::tempdir().unwrap());
    let everybody: Vec<PersonRecord> = town.client.get("/people/persons", None).await.unwrap();
    let everybody: Vec<Value> = everybody.iter().map(known).collect();
    let ours = town.identity(System::People);
    for (name, content) in [
        ("people.json", serde_json::to_string(&everybody).unwrap()),
        ("system.key", ours.key.to_pkcs8_pem().to_string()),
        ("system.pem", ours.certificate.pem()),
        ("gateway.pem", town.identity(System::Gateway).certificate.pem()),
    ] {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("foreign/people.py");
    let mut child = Command::new("python3")
        .arg(script)
        .arg(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 runs");
    let mut ready = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
    let ready: Value = serde_json::from_str(&ready).unwrap();
    let swap = Swap {
        certificate: Some(ours.certificate.pem()),
        password: Some(ours.password),
        wire: Wire::Soap,
        service: Some(Service::Person),
        ..Swap::at(ready["url"].as_str().unwrap())
    };
    let running = town.sandbox.world(&WorldId::default()).unwrap();
    running.world.put_system(System::People, &swap).await.unwrap();
    Some((town, Register(child), folder))
}

#[tokio::test]
async fn cases_at_the_counter_go_on_with_what_it_answers() {
    let Some((town, _register, _folder)) = town().await else { return };
    for persona in [Persona::ParentWithChild, Persona::AttorneyNotarised] {
        let mut counter = Counter::visited_at(&town.client, StandIn::cast(persona)).await;
        counter.receives().await.unwrap();
        let view = counter.asks_the_registers().await.unwrap();
        assert_eq!(view["awaits"]["step"], "11.6", "{view:#}");
        let recipient = counter.cast.recipient.unwrap_or(counter.cast.iin);
        let answers = view["answers"].as_array().unwrap();
        let person = answers.iter().find(|answer| answer["about"]["of"] == "person").unwrap();
        assert_eq!(person["found"]["person"]["iin"], json!(recipient));
        counter.scans_the_papers().await.unwrap();
        let view = counter.signs().await.unwrap();
        assert_eq!((&view["awaits"], &view["hindrance"]), (&Value::Null, &Value::Null), "{view:#}");
    }
}

#[tokio::test]
async fn whom_it_does_not_have_is_refused_as_documented() {
    let Some((town, _register, _folder)) = town().await else { return };
    let mut counter = Counter::visited_at(&town.client, StandIn::cast(Persona::NotInRegister)).await;
    counter.receives().await.unwrap();
    let view = counter.asks_the_registers().await.unwrap();
    assert_eq!(view["position"]["state"], "ended", "{view:#}");
    assert!(view["shown"][0].to_string().contains("person-absent"), "{view:#}");
}

#[tokio::test]
async fn every_path_of_the_counter_goes_as_documented_with_it() {
    let Some((town, _register, _folder)) = town().await else { return };
    let played = town.play_elsewhere(&format!("{}/state-corporation", Citizen::regulation())).await;
    assert!(played.len() > 5, "{}", played.len());
    for one in &played {
        assert!(one.as_documented, "{}: {:#?}", one.path, one.deviations);
    }
    let journal = town.get("/control/journal").await.unwrap();
    let crossings: Vec<&Value> =
        journal.as_array().unwrap().iter().filter(|e| e["kind"] == "crossing").collect();
    assert!(crossings.iter().all(|crossing| crossing["system"] != "people"), "ours was not asked");
    let asked = crossings.iter().filter(|crossing| {
        crossing["body"]["to"] == "people" && crossing["body"]["message"] == "person-query"
    });
    assert!(asked.count() >= played.len() / 2, "{} paths", played.len());
}

#[tokio::test]
async fn others_ask_it_through_the_gateway() {
    let Some((town, _register, _folder)) = town().await else { return };
    let iin = StandIn::cast(Persona::ParentWithChild).iin.to_string();
    let answer = town.ask(System::Gateway, &Question::person(&iin), System::Portal).await.unwrap();
    assert_eq!(answer.data.unwrap()["persons"]["person"]["iin"], iin);
    let token = Question::with_token(&iin, &json!({}));
    let refused = town.ask(System::Gateway, &token, System::Portal).await.unwrap_err();
    assert_eq!(refused.code.code(), "refused-by-receiver", "its fault is told on: {refused}");
}
