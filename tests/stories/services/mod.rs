//! Registers asked by service id, over SyncChannel and in the JSON form: at the register and through the gateway.

mod bad_questions;
mod power;
mod tokens;

use gateway::exchange::Wire;
use gateway::sandbox::Options;
use gateway::world::Plan;
use serde_json::{Value, json};
use signer::System;
use signer::soap::Form;
use tests::{Question, Town};

/// What answers hold that is not their own: without their ids and moments.
fn lasting(answer: &Value) -> Value {
    let mut answer = answer.clone();
    for own in ["messageId", "messageDate"] {
        assert!(answer[own].is_string(), "{answer:#}");
        answer[own] = Value::Null;
    }
    answer
}

#[tokio::test]
async fn everybody_gets_the_same_answer_in_every_form_at_the_register_and_through_the_gateway() {
    for wire in [Wire::Json, Wire::Soap, Wire::SoapText] {
        let town =
            Town::with(Options::ephemeral(Plan { wire, ..Plan::following(Town::regulations()) })).await;
        let iin = town.iin_of("parent-with-child").await;
        let record = town.get(&format!("/people/persons/{iin}")).await.unwrap();
        let typed = Question::person(&iin);
        let text = Question { form: Form::Text, ..typed.clone() };
        let told = town.ask_json(System::People, &typed, System::Portal).await.unwrap();
        assert_eq!(told["messageResult"]["code"], "00000");
        assert_eq!(told["requestId"], "1", "the question's own id");
        let person = &told["persons"]["person"][0];
        assert_eq!(person["iin"], iin);
        for field in ["surname", "name"] {
            assert_eq!(person[field], record["person"][field]);
        }
        assert_eq!(person["birthDate"], record["person"]["birth_date"]);
        assert_eq!(person["gender"]["code"], record["person"]["gender"]);
        assert_eq!(person["documents"]["document"][0]["number"], record["person"]["documents"][0]["number"]);
        assert_eq!(person["deathDate"], "", "what the register does not have is empty");
        let through = town.ask_json(System::Gateway, &typed, System::Portal).await.unwrap();
        assert_eq!(lasting(&through), lasting(&told), "{wire:?}");
        for to in [System::People, System::Gateway] {
            for question in [&typed, &text] {
                let raw = town.ask_raw(to, question, System::Portal).await;
                let shown = String::from_utf8_lossy(&raw).into_owned();
                assert_eq!(shown.contains("xsi:type=\"xs:string\""), question.form == Form::Text, "{shown}");
                let answer = town.ask(to, question, System::Portal).await.unwrap().data.unwrap();
                // XML does not tell a list of one from one.
                let mut one = answer.clone();
                assert_eq!(one["persons"]["person"]["iin"], iin, "{one:#}");
                one["persons"] = json!(null);
                let mut same = told.clone();
                same["persons"] = json!(null);
                assert_eq!(lasting(&one), lasting(&same));
            }
        }
    }
}

#[tokio::test]
async fn nobody_is_an_ordinary_answer() {
    let town = Town::up().await;
    let iin = town.iin_of("not-in-register").await;
    for to in [System::People, System::Gateway] {
        let answer = town.ask(to, &Question::person(&iin), System::Workstation).await.unwrap();
        let data = answer.data.unwrap();
        assert_eq!((&data["messageResult"]["code"], &data["persons"]), (&"00001".into(), &"".into()));
    }
}

#[tokio::test]
async fn who_asked_what_about_whom_is_noted_and_both_crossings_are_journalled() {
    let town = Town::up().await;
    let iin = town.iin_of("parent-with-child").await;
    town.ask(System::People, &Question::person(&iin), System::Provider).await.unwrap();
    town.ask(System::Gateway, &Question::person(&iin), System::Portal).await.unwrap();
    let noted = town.get("/people/queries").await.unwrap();
    let mut by: Vec<&str> = noted.as_array().unwrap().iter().filter_map(|one| one["by"].as_str()).collect();
    by.sort_unstable();
    assert_eq!(by, ["portal", "provider"], "whoever asks, not who passes it on: {noted:#}");
    for one in noted.as_array().unwrap() {
        assert_eq!(one["service"]["service"], "GBDFL_UniversalServiceSync");
        assert_eq!(one["service"]["about"], json!({ "of": "person", "iin": iin }));
        assert_eq!(one["service"]["sender_code"], "tests");
        assert_eq!(one["found"], true);
    }
    let journal = town.get("/control/journal").await.unwrap();
    let crossed = journal.as_array().unwrap().iter().filter(|e| e["kind"] == "crossing");
    let crossed: Vec<String> = crossed
        .map(|e| {
            assert_eq!(e["body"]["message"], "GBDFL_UniversalServiceSync", "{e:#}");
            let word = |name: &str| e["body"][name].as_str().unwrap_or_default().to_owned();
            let system = e["system"].as_str().unwrap_or_default();
            format!("{system}: {} → {} {}", word("from"), word("to"), word("seen"))
        })
        .collect();
    assert_eq!(
        crossed,
        [
            "people: provider → people entering",
            "people: people → provider leaving",
            "people: gateway → people entering",
            "people: people → gateway leaving",
            "gateway: portal → gateway entering",
            "gateway: gateway → people leaving",
            "gateway: people → gateway entering",
            "gateway: gateway → portal leaving",
        ]
    );
}
