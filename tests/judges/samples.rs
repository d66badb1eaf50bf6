//! Samples of messages before xmllint, jsonschema and Postman's own runner; and that the schemas want of a message what
//! the systems want of it.

use std::ffi::{OsStr, OsString};

use gateway::samples::{Format, Request, Sample};
use serde_json::Value;
use signer::Sealed;
use signer::soap::Fault;
use tests::{Citizen, Town};

use crate::contracts::{schemas, validated};
use crate::fixtures::Folder;
use crate::schemas::{item, jsonschema};
use crate::tool::{Tool, missing, tool};

/// Bad samples that no schema takes: what is wrong with them is their shape. Of the others it is something else.
const SHAPELESS: [&str; 6] =
    ["unknown-message", "missing-field", "unknown-field", "empty-field", "wrong-date", "other-type"];

/// Without its number.
fn name(sample: &Sample) -> &str {
    sample.name.split_once('-').map_or("", |(_, name)| name)
}

/// What stands in the Body that is read.
fn body(message: &str) -> &str {
    let (_, rest) = message.rsplit_once("<soap:Body").expect("a Body");
    let (_, inside) = rest.split_once('>').expect("a Body");
    inside.split_once("</soap:Body>").expect("a whole Body").0
}

/// A message of every kind, each with all its samples.
async fn samples(town: &Town) -> Vec<Sample> {
    let mut messages: Vec<String> = Vec::new();
    let mut all = Vec::new();
    for of in town.sampled_once().await {
        let message = of.rsplit('/').next().unwrap_or_default().to_owned();
        if of.starts_with("AsyncChannel") || !messages.contains(&message) {
            messages.push(message);
            all.extend(town.samples(&of).await);
        }
    }
    assert!(all.len() > 300, "{}", all.len());
    all
}

#[tokio::test]
async fn xmllint_finds_samples_valid_but_those_that_are_bad_for_their_shape() {
    let Some(xmllint) = tool("xmllint") else { return };
    let (town, folder) = (Town::up().await, schemas());
    let mut valid = Vec::new();
    let mut shapeless = 0;
    for (number, sample) in samples(&town).await.iter().enumerate().filter(|(_, sample)| sample.is_soap()) {
        if name(sample) == "truncated" {
            let file = folder.write("truncated.xml", &sample.body);
            xmllint.run("--noout {}", &[&file]).refuses(&["parser error"]);
            continue;
        }
        let file = folder.write(&format!("{number}.xml"), body(&sample.body));
        if SHAPELESS.contains(&name(sample)) {
            validated(&xmllint, &folder, &[file]).refuses(&["fails to validate"]);
            shapeless += 1;
            continue;
        }
        if sample.body.contains("xsi:type=\"xs:string\"") {
            let said = xmllint.run("--xpath string(//data) {}", &[&file]);
            assert!(said.success, "{}", said.text);
            valid.push(folder.write(&format!("{number}.data.xml"), said.text));
        }
        valid.push(file);
    }
    assert!(shapeless > 15, "{shapeless}");
    validated(&xmllint, &folder, &valid).accepts(&[]);
}

#[tokio::test]
async fn jsonschema_finds_samples_in_json_valid() {
    let Some((python, script)) = jsonschema() else { return };
    let (town, folder) = (Town::up().await, schemas());
    let mut items = Vec::new();
    for sample in samples(&town).await.iter().filter(|sample| !sample.is_soap()) {
        let Ok(sealed) = serde_json::from_str::<Value>(&sample.body) else {
            assert_eq!(name(sample), "truncated-json");
            continue;
        };
        items.push(item("sealed.schema.json", &sealed));
        let sealed: Sealed = serde_json::from_value(sealed).expect("a sealed envelope");
        let envelope: Value = serde_json::from_slice(&sealed.envelope.0).expect("an envelope");
        items.push(item("envelope.schema.json", &envelope));
        if sample.is_good() && !sample.of.contains('/') {
            let answer: Sealed =
                serde_json::from_slice(&town.send_sample(sample).await.body).expect("an answer");
            let answer: Value = serde_json::from_slice(&answer.envelope.0).expect("an envelope");
            let notary = sample.of.starts_with("ENIS");
            let schema = if notary { "notary-power.schema.json" } else { "people-message.schema.json" };
            items.push(item("envelope.schema.json", &answer));
            items.push(item(&format!("{schema}#/$defs/response"), &answer["data"]));
        }
    }
    let lines: Vec<String> = items.iter().map(ToString::to_string).collect();
    let file = folder.write("items", lines.join("\n"));
    let said = python.run("{} {} {}", &[&script, &folder.path(""), &file]);
    said.accepts(&[&format!("{} validated, 0 faults", items.len())]);
}

/// The Node that has newman.
fn newman() -> Option<Tool> {
    let node = tool("node")?;
    if node.run("-e {}", &[OsStr::new("require('newman')")]).success {
        return Some(node);
    }
    missing("newman (npm)");
    None
}

#[tokio::test]
async fn newman_sends_collections_and_their_tests_hold_again_and_again() {
    if newman().is_none() {
        return;
    }
    let (town, folder) = (Town::up().await, Folder::new());
    let application = format!("{}/portal/application", Citizen::regulation());
    let of = [
        &application,
        "GBDFLUniversal_token",
        "AsyncChannel/getMessageStatus",
        "AsyncChannel/sendDeliveryNotification",
    ];
    let mut samples = Vec::new();
    for of in of {
        samples.extend(town.samples(of).await);
    }
    let collection = Format::Postman.write("samples", &samples, false).remove(0).text;
    let files: Vec<OsString> = vec![
        format!("{}/foreign/postman.js", env!("CARGO_MANIFEST_DIR")).into(),
        folder.write("samples.json", collection),
    ];
    for _ in 0..2 {
        let (node, files) = (newman().expect("it was there"), files.clone());
        let said = tokio::task::spawn_blocking(move || {
            node.run("{} {}", &files.iter().map(OsString::as_os_str).collect::<Vec<_>>())
        });
        let said = said.await.expect("it runs");
        let told: Value =
            serde_json::from_str(said.text.lines().last().unwrap_or_default()).expect(&said.text);
        assert_eq!(told["failed"], Value::Array(Vec::new()), "{told:#}");
        assert_eq!((&told["sent"], &told["tests"]), (&samples.len().into(), &samples.len().into()));
    }
}

/// A request without each of its elements in turn, with its name. What a message carries is not the channel's.
fn without_each(request: &str) -> Vec<(String, String)> {
    let from = request.find("<request>").expect("a request") + "<request>".len();
    let mut found = Vec::new();
    for (at, _) in request.match_indices('<').filter(|(at, _)| *at >= from) {
        let element = &request[at + 1..];
        let name = &element[..element.find(['>', ' ', '/']).unwrap_or_default()];
        if name == "data" {
            break;
        }
        let Some(end) = element.find(&format!("</{name}>")).filter(|_| !name.is_empty()) else { continue };
        let rest = &element[end + name.len() + "</>".len()..];
        found.push((name.to_owned(), format!("{}{rest}", &request[..at])));
    }
    assert!(found.len() > 3, "{request}");
    found
}

#[tokio::test]
async fn schemas_want_of_a_request_what_the_gateway_wants() {
    let Some(xmllint) = tool("xmllint") else { return };
    let (town, folder) = (Town::up().await, schemas());
    let mut optional = Vec::new();
    let application = format!("{}/portal/application", Citizen::regulation());
    for of in [&application, "GBDFL_UniversalServiceSync", "AsyncChannel"] {
        let all = town.samples(of).await;
        // The fuller one of each operation.
        let mut good: Vec<&Sample> =
            all.iter().filter(|sample| sample.is_soap() && sample.forwarded.is_some()).collect();
        good.dedup_by_key(|sample| sample.of.clone());
        for sample in good {
            if let Some(before) = &sample.before {
                town.send_request(before, &sample.media_type).await;
            }
            let Request { url, body: whole } = sample.forwarded.as_ref().expect("it is signed anew");
            for (name, body_without) in without_each(whole) {
                let request = Request { url: url.clone(), body: body_without.clone() };
                let answer = town.send_request(&request, &sample.media_type).await;
                let problem = Fault::read(&answer.body).expect("SOAP").map(|fault| fault.problem());
                let is_wanted = problem.is_some_and(|problem| {
                    problem.code.code() == "envelope-malformed" && problem.to_string().contains("missing")
                });
                // What the sandbox puts in is not what the schema looks at.
                let file = folder.write("without.xml", filled_in(body(&body_without)));
                let said = validated(&xmllint, &folder, &[file]);
                assert_eq!(
                    said.success, !is_wanted,
                    "{} without {name}: {}\n{answer:?}",
                    sample.of, said.text
                );
                if !is_wanted {
                    optional.push(format!("{} {name}", sample.of));
                }
            }
        }
    }
    for known in [
        "AsyncChannel/getMessages sender",
        "AsyncChannel/getMessageStatus requestDate",
        "AsyncChannel/sendMessage messageId",
        "AsyncChannel/sendMessage messageType",
    ] {
        assert!(optional.iter().any(|one| one == known), "{known}: {optional:?}");
    }
}

fn filled_in(message: &str) -> String {
    message
        .replace("@now@", "2026-11-25T10:00:00Z")
        .replace("@messageId@", "00000000-0000-4000-8000-000000000000")
}

#[tokio::test]
async fn a_message_without_an_id_is_known_by_what_it_says() {
    let town = Town::up().await;
    let all = town.samples("AsyncChannel/sendMessage").await;
    let forwarded = all[0].forwarded.clone().expect("it is signed anew");
    let nameless = |body: &str| {
        body.replace("<messageId>@messageId@</messageId>", "").replace("@now@", "2026-11-25T10:00:00Z")
    };
    let request = Request { body: nameless(&forwarded.body), ..forwarded };
    assert!(!request.body.contains("<messageId>"), "{}", request.body);
    let first = town.send_request(&request, &all[0].media_type).await;
    assert_eq!(first.status, 200, "{first:?}");
    assert!(String::from_utf8_lossy(&first.body).contains("<correlationId>"), "its id comes back");
    let again = town.send_request(&request, &all[0].media_type).await;
    let fault = Fault::read(&again.body).expect("SOAP").expect("a fault");
    assert_eq!(fault.problem().code.code(), "message-replayed", "{fault:?}");
}
