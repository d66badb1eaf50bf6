//! The Python package jsonschema on what crosses in the JSON form, and xmllint on forms.

use std::collections::BTreeSet;
use std::ffi::OsString;

use gateway::contracts::{contract, contracts};
use gateway::exchange::Application;
use gateway::regulation::{End, Issued, Message};
use gateway::sandbox::Options;
use gateway::world::Plan;
use serde_json::{Value, json};
use signer::{Bytes, Code, Problem};
use tests::{Exchange, Recorder, Town};
use tokio::sync::OnceCell;

use crate::fixtures::Folder;
use crate::tool::{Tool, missing, tool};

/// The Python that has jsonschema: that of `scripts/test` or the machine's.
pub(crate) fn jsonschema() -> Option<(Tool, OsString)> {
    let python = tool("python3")?;
    let script = OsString::from(concat!(env!("CARGO_MANIFEST_DIR"), "/foreign/schemas.py"));
    if python.run("{} available", &[&script]).success {
        return Some((python, script));
    }
    missing("jsonschema (PyPI)");
    None
}

fn schemas() -> Folder {
    let folder = Folder::new();
    for contract in contracts(&Town::regulations()) {
        folder.write(&contract.name, contract.text);
    }
    folder
}

fn schema(name: &str) -> Value {
    let found = contract(&Town::regulations(), name).expect("the contract");
    serde_json::from_str(&found.text).expect("JSON")
}

/// Something to validate.
pub(crate) fn item(schema: &str, instance: &Value) -> Value {
    json!({ "schema": schema, "instance": instance })
}

fn decoded(base64: &Value) -> Value {
    let bytes: Bytes = serde_json::from_value(base64.clone()).expect("base64");
    serde_json::from_slice(&bytes.0).expect("JSON inside")
}

/// Everything in an exchange, each with the schema that describes it.
fn items(exchange: &Exchange) -> Vec<Value> {
    let mut items = Vec::new();
    let asked = sealed(&exchange.request, &mut items);
    let message = asked["message"].as_str().expect("a message").to_owned();
    let messages = schema("message.schema.json");
    let inside = &messages["$defs"][&message]["properties"]["document"]["properties"]["content"];
    let inside = inside["contentSchema"]["$ref"].as_str().expect("what is inside");
    let content = decoded(&asked["document"]["content"]);
    items.push(item(inside, &content));
    if inside.ends_with("/application") {
        let form = format!("{}.{}.schema.json", asked["regulation"], asked["channel"]).replace('"', "");
        items.push(item(&form, &content));
    }
    if exchange.status == 200 {
        let answered = sealed(&exchange.answer, &mut items);
        if let Some(answer) = answered.get("answer") {
            items.push(item("documents.schema.json#/$defs/answer", &decoded(&answer["content"])));
        }
    } else {
        let problem: Value = serde_json::from_slice(&exchange.answer).expect("a problem");
        items.push(item("problem.schema.json", &problem));
    }
    items
}

fn sealed(body: &[u8], items: &mut Vec<Value>) -> Value {
    let sealed: Value = serde_json::from_slice(body).expect("JSON");
    let envelope = decoded(&sealed["envelope"]);
    items.push(item("sealed.schema.json", &sealed));
    items.push(item("envelope.schema.json", &envelope));
    envelope["data"].clone()
}

/// Every path of every regulation, and what crossed in them.
async fn played() -> &'static [Exchange] {
    static PLAYED: OnceCell<Vec<Exchange>> = OnceCell::const_new();
    PLAYED.get_or_init(play).await
}

async fn play() -> Vec<Exchange> {
    let plan = Plan::following(Town::regulations());
    let (town, recorder) = Recorder::before(Options::ephemeral(plan)).await;
    for regulation in Town::regulations().iter() {
        for played in town.play(&regulation.id).await {
            assert!(played.as_documented, "{}: {:#?}", played.path, played.deviations);
        }
    }
    recorder.seen("/messages")
}

#[tokio::test]
async fn what_crosses_in_every_path_is_valid() {
    let Some((python, script)) = jsonschema() else { return };
    let exchanges = played().await;
    let items: Vec<Value> = exchanges.iter().flat_map(items).collect();
    // Every message has crossed, and so the judgement is of all of them.
    let crossed: BTreeSet<&str> =
        items.iter().filter_map(|i| i["instance"]["data"]["message"].as_str()).collect();
    let all: BTreeSet<&str> = sent().map(Message::word).collect();
    assert_eq!(crossed, all);
    let folder = schemas();
    let lines: Vec<String> = items.iter().map(ToString::to_string).collect();
    let file = folder.write("items", lines.join("\n"));
    let said = python.run("{} {} {}", &[&script, &folder.path(""), &file]);
    said.accepts(&[&format!("{} validated, 0 faults", items.len())]);
}

#[test]
fn what_is_wrong_is_seen() {
    let Some((python, script)) = jsonschema() else { return };
    let folder = schemas();
    let good = serde_json::to_value(Problem::new(Code::MessageReplayed)).unwrap_or_default();
    let id = "00000000-0000-4000-8000-000000000000";
    let document = json!({ "mediaType": "text/plain", "content": "AA==", "signature": "AA==" });
    let outcome = json!({
        "message": "outcome", "case": id, "regulation": "r", "channel": "c", "carries": "result", "document": document,
    });
    let without = |value: &Value, name: &str| {
        let mut value = value.clone();
        value.as_object_mut().expect("an object").remove(name);
        value
    };
    for (schema, instance, is_valid) in [
        ("problem.schema.json", good.clone(), true),
        ("problem.schema.json", without(&good, "code"), false),
        ("message.schema.json", outcome.clone(), true),
        ("message.schema.json", without(&outcome, "carries"), false),
        ("message.schema.json", json!({ "message": "poem" }), false),
        ("document.schema.json", document.clone(), true),
        ("document.schema.json", without(&document, "signature"), false),
        ("response.schema.json", json!({ "answer": document }), true),
        ("response.schema.json", json!({}), false),
    ] {
        let file = folder.write("items", item(schema, &instance).to_string());
        let said = python.run("{} {} {}", &[&script, &folder.path(""), &file]);
        assert_eq!(said.success, is_valid, "{schema} {instance}: {}", said.text);
    }
}

/// The messages that are sent; the answers of registers are none.
fn sent() -> impl Iterator<Item = Message> {
    let answers: Vec<Message> = Message::ALL.iter().filter_map(|message| message.answer()).collect();
    Message::ALL.iter().copied().filter(move |message| !answers.contains(message))
}

#[test]
fn the_words_in_contracts_are_those_of_the_vocabulary() {
    let words = |value: &Value| -> BTreeSet<String> {
        value.as_array().expect("words").iter().filter_map(|word| word.as_str().map(str::to_owned)).collect()
    };
    let message = schema("message.schema.json");
    let messages: BTreeSet<String> = sent().map(|message| message.word().to_owned()).collect();
    assert_eq!(words(&message["properties"]["message"]["enum"]), messages);
    let ends: BTreeSet<String> = End::ALL.iter().map(|end| end.word().to_owned()).collect();
    assert_eq!(words(&message["properties"]["carries"]["enum"]), ends);
    let documents = schema("documents.schema.json");
    let issued: BTreeSet<String> = Issued::ALL.iter().map(|issued| issued.word().to_owned()).collect();
    assert_eq!(words(&documents["$defs"]["issue"]["properties"]["document"]["enum"]), issued);
    let xsd = contract(&Town::regulations(), "messages.xsd").expect("the schema").text;
    for word in messages.iter().chain(&ends) {
        assert!(xsd.contains(&format!("<xs:enumeration value=\"{word}\"/>")), "{word}");
    }
}

#[tokio::test]
async fn xmllint_finds_filled_in_forms_valid() {
    let Some(xmllint) = tool("xmllint") else { return };
    let folder = schemas();
    let mut judged = 0;
    for exchange in played().await {
        let asked = sealed(&exchange.request, &mut Vec::new());
        let Ok(filled) = serde_json::from_value::<Application>(decoded(&asked["document"]["content"])) else {
            continue;
        };
        let (regulation, channel) = (&filled.subject.regulation, &filled.subject.channel);
        let text = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
        let fields: Vec<String> =
            filled.fields.iter().map(|(name, value)| format!("<{name}>{}</{name}>", text(value))).collect();
        let namespace = format!("urn:qaqpa:forms:{regulation}:{channel}:v1");
        let form = format!("<f:fields xmlns:f=\"{namespace}\">{}</f:fields>", fields.concat());
        let (schema, file) =
            (folder.path(&format!("{regulation}.{channel}.xsd")), folder.write("form.xml", form));
        xmllint.run("--noout --schema {} {}", &[&schema, &file]).accepts(&["validates"]);
        let unknown = format!("<f:fields xmlns:f=\"{namespace}\">{}<colour/></f:fields>", fields.concat());
        let file = folder.write("form.xml", unknown);
        xmllint.run("--noout --schema {} {}", &[&schema, &file]).refuses(&["fails to validate"]);
        judged += 1;
    }
    assert!(judged > 0);
}
