//! `qaqpa samples`: what they say must come back comes back.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use gateway::regulation::Message;
use gateway::sandbox::Options;
use gateway::tls::{Serves, Tls};
use gateway::world::Plan;
use serde_json::{Value, json};
use signer::xml;
use tests::{Citizen, Ran, Town, qaqpa};

const SERVICE: &str = "GBDFLUniversal_token";

/// Runs `qaqpa samples` in a folder, against the town.
async fn samples(town: &Town, folder: &Path, arguments: &[&str]) -> Ran {
    let (base, folder) = (town.sandbox.base_url().to_owned(), folder.to_owned());
    let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
    let ran = tokio::task::spawn_blocking(move || {
        let words = arguments.iter().map(String::as_str);
        let all: Vec<&str> = ["samples"].into_iter().chain(words).chain(["--against", &base]).collect();
        qaqpa(&folder, &all)
    });
    ran.await.unwrap()
}

/// Writes them into the folder and names the file to begin with.
async fn written(town: &Town, folder: &Path, of: &str, format: &str) -> String {
    let ran = samples(town, folder, &[of, "--format", format, "--out", "."]).await;
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out.lines().last().unwrap().to_owned()
}

/// Runs a script, which talks to a town of this process.
async fn runs(folder: &Path, script: &str, options: &[String]) -> Output {
    let mut command = Command::new("sh");
    command.arg(folder.join(script)).args(options);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

#[tokio::test]
async fn every_sample_comes_to_what_it_says() {
    let town = Town::up().await;
    let mut good = BTreeSet::new();
    for of in town.sampled_once().await {
        for sample in town.samples(&of).await {
            let answer = town.send_sample(&sample).await;
            let said = String::from_utf8_lossy(&answer.body);
            let what = format!("{of} {}: {said}", sample.name);
            assert_eq!(answer.status, sample.expects.status, "{what}");
            assert!(said.contains(&sample.expects.says), "{what}");
            if sample.is_good() {
                let of = of.rsplit('/').next().unwrap();
                good.insert(format!("{of} {}", sample.name.split_once('-').unwrap().1));
            }
            if let Some(forwarded) = &sample.forwarded {
                let answer = town.send_request(forwarded, &sample.media_type).await;
                let said = String::from_utf8_lossy(&answer.body);
                assert!(answer.status == 200, "forwarded {what}: {said}");
            }
        }
    }
    // Of every message but those that are taken only where a case waits for them.
    let answers: Vec<Message> = Message::ALL.iter().filter_map(|message| message.answer()).collect();
    let sent = Message::ALL.iter().filter(|message| !answers.contains(message));
    for message in sent.filter(|message| **message != Message::ComplaintAnswer) {
        for form in ["soap", "soap-text", "json"] {
            assert!(good.contains(&format!("{message} {form}")), "{message}: {good:?}");
        }
    }
    for name in ["application async", "outcome async", "GBDFL_UniversalServiceSync register-soap"] {
        assert!(good.contains(name), "{name}: {good:?}");
    }
}

#[tokio::test]
async fn curl_sends_them_and_says_what_came_back() {
    let town = Town::up().await;
    let folder = tempfile::tempdir().unwrap();
    // A whole regulation, a service, and all operations of a channel.
    for of in ["akmola-a7-295-adoption-payment", SERVICE, "AsyncChannel"] {
        let script = written(&town, folder.path(), of, "curl").await;
        assert_eq!(script, format!("./{of}.sh"));
        let sent = runs(folder.path(), &script, &[]).await;
        let said = String::from_utf8_lossy(&sent.stdout).into_owned();
        assert!(sent.status.success() && !said.contains("FAILED"), "{said}");
        assert!(said.lines().all(|line| line.starts_with(&format!("ok      {of}"))), "{said}");
        assert!(said.lines().count() > 20, "{said}");
        // A folder for each message.
        assert!(folder.path().join(of).is_dir());
    }
    // Once more, the good ones are replayed: the script sees that something else came back.
    let again = runs(folder.path(), &format!("{SERVICE}.sh"), &[]).await;
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stdout).contains("message-replayed"));
}

#[tokio::test]
async fn curl_shows_a_certificate_and_believes_the_root_where_there_is_tls() {
    let mut plan = Plan::following(Town::regulations());
    plan.tls = Tls { serves: Serves::Own, mutual: true, ..Tls::default() };
    let town = Town::with(Options::ephemeral(plan)).await;
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).unwrap();
        folder.path().join(name).display().to_string()
    };
    let roots = town.client.bytes("/ca/roots.pem").await.unwrap();
    let roots = file("roots.pem", &String::from_utf8(roots).unwrap());
    let of = format!("{}/portal/application", Citizen::regulation());
    let arguments = [&of, "--format", "curl", "--out", "written", "--cacert", &roots];
    let ran = samples(&town, folder.path(), &arguments).await;
    assert_eq!(ran.code, 0, "{}", ran.err);
    let script = ran.out.lines().last().unwrap();
    let without = runs(folder.path(), script, &[]).await;
    let said = String::from_utf8_lossy(&without.stdout).into_owned();
    assert!(!without.status.success() && said.contains("client-certificate-missing"), "{said}");
    let system = town.post("/ca/certificates", &json!({ "profile": "information-system" })).await.unwrap();
    let pem = |field: &str| system[field].as_str().unwrap();
    let (cert, key) = (file("me.pem", pem("certificate")), file("me.key", pem("private_key")));
    let options = ["--cert".to_owned(), cert, "--key".to_owned(), key];
    let sent = runs(folder.path(), script, &options).await;
    let said = String::from_utf8_lossy(&sent.stdout).into_owned();
    assert!(sent.status.success() && said.lines().count() > 20, "{said}");
}

#[tokio::test]
async fn soapui_has_a_request_for_each_and_says_what_must_come_back() {
    let town = Town::up().await;
    let folder = tempfile::tempdir().unwrap();
    let application = format!("{}/state-corporation/application", Citizen::regulation());
    for of in [&application, SERVICE, "AsyncChannel"] {
        let project = written(&town, folder.path(), of, "soapui").await;
        let project = std::fs::read(folder.path().join(project)).unwrap();
        let tree = xml::read(&project).unwrap();
        assert!(tree.root().is("http://eviware.com/soapui/config", "soapui-project"));
        let interfaces = tree.root().children().filter(|child| child.local_name() == "interface");
        let mut sent = 0;
        for interface in interfaces {
            // What the project is made by is there, and has its operations.
            let wsdl = interface.attribute(None, "definition").unwrap();
            let wsdl = town.send("GET", wsdl.strip_prefix(town.client.base()).unwrap(), "", "").await;
            let wsdl = String::from_utf8(wsdl.body).unwrap();
            assert!(
                wsdl.contains(&format!("binding name=\"{}\"", interface.attribute(None, "name").unwrap()))
            );
            for operation in interface.children().filter(|child| child.local_name() == "operation") {
                let name = operation.attribute(None, "name").unwrap();
                assert!(wsdl.contains(&format!("<wsdl:operation name=\"{name}\">")), "{name}");
                for call in operation.children().filter(|child| child.local_name() == "call") {
                    let text = |name: &str| {
                        call.children().find(|child| child.local_name() == name).unwrap().text().clone()
                    };
                    let path = text("endpoint").strip_prefix(town.client.base()).unwrap().to_owned();
                    let answer = town.send("POST", &path, "text/xml;charset=UTF-8", text("request")).await;
                    let said = String::from_utf8_lossy(&answer.body);
                    let must = text("description");
                    if let Some(must) = must.strip_prefix("Must come back: ") {
                        let (status, word) = must.split_once(" with ").unwrap();
                        let what = format!("{}: {said}", call.attribute(None, "name").unwrap());
                        assert_eq!(answer.status.to_string(), status, "{what}");
                        assert!(said.contains(word), "{what}");
                        sent += 1;
                    }
                }
            }
        }
        let over_soap = town.samples(of).await.iter().filter(|sample| sample.is_soap()).count();
        assert_eq!(sent, over_soap, "{of}");
    }
}

#[tokio::test]
async fn other_tools_have_files_of_their_own() {
    let town = Town::up().await;
    let folder = tempfile::tempdir().unwrap();
    let of = format!("{}/state-corporation/application", Citizen::regulation());
    let number = town.samples(&of).await.len();
    let file = written(&town, folder.path(), &of, "http").await;
    let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
    // Of what was taken before, the first time as well.
    let before = text.matches("to be sent before the next").count();
    assert!(before > 0);
    let requests = text.lines().filter(|line| line.starts_with("POST http://127.0.0.1:")).count();
    assert_eq!(requests, number + before);
    assert_eq!(text.lines().filter(|line| line.starts_with("# must come back: ")).count(), requests);

    let file = written(&town, folder.path(), &of, "postman").await;
    let collection: Value =
        serde_json::from_slice(&std::fs::read(folder.path().join(file)).unwrap()).unwrap();
    let schema = collection["info"]["schema"].as_str().unwrap();
    assert!(schema.contains("/v2.1.0/"), "{schema}");
    // A folder for each part of the name, down to the good ones and the bad ones.
    let mut inside = &collection["item"];
    for name in of.split('/') {
        assert_eq!(inside[0]["name"], name);
        inside = &inside[0]["item"];
    }
    let requests: usize = ["good", "bad"].iter().enumerate().fold(0, |number, (at, name)| {
        assert_eq!(inside[at]["name"], *name);
        number + inside[at]["item"].as_array().unwrap().len()
    });
    assert_eq!(requests, number);
}

#[tokio::test]
async fn what_there_is_is_listed_and_what_there_is_not_is_said() {
    let town = Town::up().await;
    let folder = tempfile::tempdir().unwrap();
    let ran = samples(&town, folder.path(), &["--list"]).await;
    let all: Vec<&str> = ran.out.lines().collect();
    assert_eq!(all, town.sampled().await);
    for of in ["mangystau-182-preschool-queue/portal/application", SERVICE, "AsyncChannel/getMessages"] {
        assert!(all.contains(&of), "{all:?}");
    }
    let ran = samples(&town, folder.path(), &["AsyncChannel/client", "--list"]).await;
    assert_eq!(ran.out.lines().count(), 2, "{}", ran.out);

    let ran = samples(&town, folder.path(), &["no/channel", "--format", "curl"]).await;
    assert!(ran.code == 2 && ran.err.contains("no/channel") && ran.err.contains("--list"), "{}", ran.err);
    let ran = samples(&town, folder.path(), &["AsyncChannel", "--format", "carrier-pigeon"]).await;
    assert!(ran.code == 2 && ran.err.contains("postman"), "{}", ran.err);
    for of in ["no/channel", "AsyncChannel/get"] {
        let answer = town.send("POST", &format!("/control/samples/{of}"), "application/json", "").await;
        answer.is("unknown-service");
    }
}
