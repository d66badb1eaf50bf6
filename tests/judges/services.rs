//! xmllint on the questions to services and their answers, against the schemas.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use signer::soap::Form;
use signer::{Problem, System};
use tests::{Question, Town};

use crate::fixtures::Folder;
use crate::tool::{Said, Tool, tool};

/// Where the schemas stand.
fn contracts() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../gateway/contracts")
}

/// What a message carries as a string.
fn carried(xmllint: &Tool, folder: &Folder, name: &str, message: &[u8]) -> OsString {
    let whole = folder.write(&format!("{name}.soap.xml"), message);
    let said = xmllint.run("--xpath string(//*[local-name()='data']) {}", &[&whole]);
    assert!(said.success, "{}", said.text);
    folder.write(&format!("{name}.xml"), said.text)
}

fn validated(xmllint: &Tool, schema: &str, file: &OsStr) -> Said {
    xmllint.run("--nonet --noout --schema {} {}", &[contracts().join(schema).as_os_str(), file])
}

/// Questions of every service, each about somebody or something that is there and that is not.
async fn questions(town: &Town) -> Result<Vec<(&'static str, Question)>, Problem> {
    let mut all = Vec::new();
    let personas: Vec<serde_json::Value> = town.client.get("/people/personas", None).await?;
    for persona in &personas {
        let iin = persona["iin"].as_str().expect("everybody is cast");
        all.push(("people-message.xsd", Question::person(iin)));
        let name = persona["persona"].as_str().unwrap_or_default();
        let played = town.get(&format!("/people/personas/{name}")).await?;
        if let Some(number) = played["cast"]["power"]["number"].as_str() {
            all.push(("notary-power.xsd", Question::power(number)));
        }
    }
    let iin = town.iin_of("parent-with-child").await;
    let token = town.post("/people/tokens", &serde_json::json!({ "iin": iin })).await?;
    all.push(("people-message.xsd", Question::with_token(&iin, &token)));
    for (_, question) in &mut all {
        question.form = Form::Text;
    }
    Ok(all)
}

#[tokio::test]
async fn xmllint_finds_questions_and_answers_of_services_valid() {
    let Some(xmllint) = tool("xmllint") else { return };
    let (town, folder) = (Town::up().await, Folder::new());
    let questions = questions(&town).await.expect("the registers are reached");
    assert!(questions.len() > 25, "{}", questions.len());
    for (number, (schema, question)) in questions.iter().enumerate() {
        let asked = question.soap(&town.identity(System::Portal));
        let asked = carried(&xmllint, &folder, &format!("{number}.question"), asked.as_bytes());
        validated(&xmllint, schema, &asked).accepts(&[]);
        let answer = town.ask_raw(System::Gateway, question, System::Portal).await;
        let answer = carried(&xmllint, &folder, &format!("{number}.answer"), &answer);
        validated(&xmllint, schema, &answer).accepts(&[]);
    }
}

#[tokio::test]
async fn xmllint_would_see_what_is_wrong_with_an_answer() {
    let Some(xmllint) = tool("xmllint") else { return };
    let (town, folder) = (Town::up().await, Folder::new());
    let question = Question { form: Form::Text, ..Question::person(&town.iin_of("parent-with-child").await) };
    let answer = town.ask_raw(System::People, &question, System::Portal).await;
    let answer = carried(&xmllint, &folder, "answer", &answer);
    let text = std::fs::read_to_string(&answer).expect("it was written");
    for (from, to) in [
        ("<surname>", "<name/><surname>"),
        ("<birthDate>", "<birthDate>x"),
        ("<removed>false", "<removed>perhaps"),
        ("<iin>", "<iin>0"),
        ("http://message.persistence.interactive.nat", "http://message.persistence.interactive.net"),
    ] {
        let altered = text.replacen(from, to, 1);
        assert_ne!(altered, text, "{from}");
        let file = folder.write("altered.xml", altered);
        validated(&xmllint, "people-message.xsd", &file).refuses(&["fails to validate"]);
    }
}
