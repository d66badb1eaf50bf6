//! `qaqpa samples`: what they say must come back comes back.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use gateway::regulation::Message;
use gateway::samples::Sample;
use serde_json::Value;
use signer::xml;
use tests::{Citizen, Ran, Town, qaqpa};

async fn written(town: &Town, folder: &Path, format: &str, channel: &str) -> Ran {
    let (base, folder) = (town.sandbox.base_url().to_owned(), folder.to_owned());
    let (format, channel) = (format.to_owned(), channel.to_owned());
    let ran = tokio::task::spawn_blocking(move || {
        qaqpa(&folder, &["samples", &channel, "--format", &format, "--out", ".", "--against", &base])
    });
    ran.await.unwrap()
}

fn channels() -> impl Iterator<Item = String> {
    let regulations = Town::regulations();
    let all: Vec<String> = regulations
        .iter()
        .flat_map(|one| one.channels.iter().map(|channel| format!("{}/{}", one.id, channel.name)))
        .collect();
    all.into_iter()
}

async fn samples(town: &Town, channel: &str) -> Vec<Sample> {
    let samples = town.post(&format!("/control/samples/{channel}"), &Value::Null).await.unwrap();
    serde_json::from_value(samples).unwrap()
}

#[tokio::test]
async fn every_sample_of_every_channel_comes_to_what_it_says() {
    let town = Town::up().await;
    let mut good = BTreeSet::new();
    for channel in channels() {
        for sample in samples(&town, &channel).await {
            let path = sample.url.strip_prefix(town.client.base()).unwrap();
            let answer = town.send("POST", path, &sample.media_type, sample.body.clone()).await;
            let said = String::from_utf8_lossy(&answer.body);
            let what = format!("{channel} {}: {said}", sample.name);
            assert_eq!(answer.status, sample.expects.status, "{what}");
            assert!(said.contains(&sample.expects.says), "{what}");
            if sample.expects.status == 200 {
                good.insert(sample.name.split_once('-').unwrap().1.to_owned());
            }
            if let Some(forwarded) = &sample.forwarded {
                let path = forwarded.url.strip_prefix(town.client.base()).unwrap();
                let answer = town.send("POST", path, &sample.media_type, forwarded.body.clone()).await;
                assert_eq!(answer.status, 200, "forwarded {what} {}", String::from_utf8_lossy(&answer.body));
            }
        }
    }
    // Of every message but the one that is taken only where a case waits for it.
    let answers: Vec<Message> = Message::ALL.iter().filter_map(|message| message.answer()).collect();
    let sent = Message::ALL.iter().filter(|message| !answers.contains(message));
    for message in sent.filter(|message| **message != Message::ComplaintAnswer) {
        for form in ["soap", "json"] {
            assert!(good.contains(&format!("{message}-{form}")), "{message}: {good:?}");
        }
    }
}

#[tokio::test]
async fn curl_sends_them_and_says_what_came_back() {
    let town = Town::up().await;
    let folder = tempfile::tempdir().unwrap();
    let channel = format!("{}/portal", Citizen::regulation());
    let ran = written(&town, folder.path(), "curl", &channel).await;
    assert_eq!(ran.code, 0, "{}", ran.err);
    let script = ran.out.lines().find(|line| line.ends_with("portal.sh")).unwrap().to_owned();
    let run = || {
        let (folder, script) = (folder.path().to_owned(), script.clone());
        tokio::task::spawn_blocking(move || {
            Command::new("sh").arg(script).current_dir(folder).output().unwrap()
        })
    };
    let sent = run().await.unwrap();
    let said = String::from_utf8_lossy(&sent.stdout).into_owned();
    assert!(sent.status.success() && !said.contains("FAILED"), "{said}");
    assert_eq!(said.lines().count(), ran.out.lines().count() - 1, "{said}");
    // Once more, the good ones are replayed: the script sees that something else came back.
    let again = run().await.unwrap();
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stdout).contains("message-replayed"));
}

#[tokio::test]
async fn other_tools_have_files_of_their_own() {
    let town = Town::up().await;
    let folder = tempfile::tempdir().unwrap();
    let channel = format!("{}/state-corporation", Citizen::regulation());
    let number = samples(&town, &channel).await.len();
    let read = |ran: &Ran| std::fs::read_to_string(folder.path().join(ran.out.trim())).unwrap();

    let text = read(&written(&town, folder.path(), "http", &channel).await);
    assert_eq!(text.lines().filter(|line| line.starts_with("POST http://127.0.0.1:")).count(), number);
    assert_eq!(text.lines().filter(|line| line.starts_with("# must come back: ")).count(), number);

    let collection: Value =
        serde_json::from_str(&read(&written(&town, folder.path(), "postman", &channel).await)).unwrap();
    let schema = collection["info"]["schema"].as_str().unwrap();
    assert!(schema.contains("/v2.1.0/"), "{schema}");
    let folders = collection["item"].as_array().unwrap();
    let items: Vec<&Value> = folders.iter().flat_map(|folder| folder["item"].as_array().unwrap()).collect();
    assert_eq!(items.len(), number);
    for item in items {
        assert!(item["request"]["url"].is_string() && item["request"]["body"]["raw"].is_string(), "{item}");
    }

    let project = read(&written(&town, folder.path(), "soapui", &channel).await);
    let tree = xml::read(project.as_bytes()).unwrap();
    assert!(tree.root().is("http://eviware.com/soapui/config", "soapui-project"));
    let over_soap = samples(&town, &channel).await.iter().filter(|sample| sample.is_soap()).count();
    assert_eq!(project.matches("<con:call ").count(), over_soap);
}

#[tokio::test]
async fn what_there_is_not_is_said() {
    let town = Town::up().await;
    let folder = tempfile::tempdir().unwrap();
    let ran = written(&town, folder.path(), "curl", "no/channel").await;
    assert!(ran.code == 2 && ran.err.contains("no/channel"), "{}", ran.err);
    let ran = written(&town, folder.path(), "carrier-pigeon", "no/channel").await;
    assert!(ran.code == 2 && ran.err.contains("postman"), "{}", ran.err);
    town.send("POST", "/control/samples/no/channel", "application/json", "").await.is("unknown-service");
}
