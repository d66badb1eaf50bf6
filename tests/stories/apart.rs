//! One process and one database per system.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use signer::System;
use tests::{Citizen, Process, Starting, free_ports, qaqpa};

/// Everything but the signing service, which systems use as a library.
fn systems() -> Vec<System> {
    System::ALL.iter().copied().filter(|system| *system != System::Signer).collect()
}

/// Processes, each with one system.
struct Apart {
    folder: tempfile::TempDir,
    processes: BTreeMap<System, Process>,
}

impl Apart {
    /// Starts them in this order, none waiting for another.
    fn up(order: &[System]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ports = free_ports(order.len());
        let address = |at: usize| format!("http://127.0.0.1:{}/{}", ports[at], order[at]);
        let starting: Vec<Starting> = (0..order.len())
            .map(|at| {
                let swapped = (0..order.len()).filter(|other| *other != at);
                let mut arguments = vec!["--only".to_owned(), order[at].name().to_owned()];
                for other in swapped {
                    arguments.extend(["--swap".to_owned(), format!("{}={}", order[other], address(other))]);
                }
                let data = folder.path().join(order[at].name());
                Starting::up(&data, &format!("127.0.0.1:{}", ports[at]), &arguments)
            })
            .collect();
        let processes = order.iter().copied().zip(starting.into_iter().map(Starting::ready)).collect();
        Self { folder, processes }
    }

    fn base(&self, system: System) -> &str {
        self.processes[&system].client.base()
    }

    /// Plays against the process of one system, and expects every path as documented.
    fn plays(&self, against: System, selection: &str) -> Vec<Value> {
        let selection = format!("{}/{selection}", Citizen::regulation());
        let ran = qaqpa(self.folder.path(), &["play", &selection, "--against", self.base(against), "--json"]);
        assert_eq!(ran.code, 0, "{}\n{}", ran.err, ran.out);
        let played = ran.json().as_array().unwrap().clone();
        for one in &played {
            assert_eq!(one["as_documented"], true, "{one}");
            assert_eq!(one["not_observable"], Value::Null, "{one}");
        }
        played
    }
}

#[tokio::test]
async fn every_path_goes_as_documented_with_one_process_per_system() {
    // The centre last: the others wait for it.
    let apart = Apart::up(&systems());
    let played = apart.plays(System::Provider, "portal");
    assert!(played.len() >= 10, "{}", played.len());
    let notice = played.iter().find(|one| one["path"] == "queue-notice").unwrap();
    let done = |step: &Value| step["result"] != Value::Null;
    assert!(notice["steps"].as_array().unwrap().iter().all(done), "every process's steps are seen: {notice}");
    apart.plays(System::Portal, "state-corporation");

    for (system, process) in &apart.processes {
        let health: Value = process.client.get("/control/health", None).await.unwrap();
        assert_eq!(health["serves"], json!([system]), "{health}");
        assert_eq!(health["systems"].as_object().unwrap().len(), systems().len(), "{health}");
        let known: Vec<Value> = process.client.get("/control/systems", None).await.unwrap();
        assert_eq!(known.len(), 14, "{system} knows them all: {known:?}");
        let refused = process.client.post::<Value>("/control/worlds", None, &json!({ "id": "other" })).await;
        assert_eq!(refused.unwrap_err().code.code(), "world-not-whole");
        assert!(apart.folder.path().join(system.name()).join("qaqpa.sqlite").exists());
    }
}

#[tokio::test]
async fn a_system_that_lost_its_database_is_known_again() {
    let mut order = systems();
    order.reverse();
    let mut apart = Apart::up(&order);
    apart.plays(System::Portal, "portal/queue-notice");

    // Its key and password are gone with the database: the others read its new record.
    let provider = apart.processes.remove(&System::Provider).unwrap();
    let address = provider.address();
    provider.kill();
    std::fs::remove_dir_all(apart.folder.path().join("provider")).unwrap();
    let mut arguments = vec!["--only".to_owned(), "provider".to_owned()];
    for (system, process) in &apart.processes {
        let swap = format!("{system}={}/{system}", process.client.base());
        arguments.extend(["--swap".to_owned(), swap]);
    }
    let again = Starting::up(&apart.folder.path().join("provider"), &address, &arguments).ready();
    apart.processes.insert(System::Provider, again);
    apart.plays(System::Portal, "portal/queue-notice");
}

/// Two processes: everything but the provider, and the provider.
fn provider_apart(folder: &Path) -> [Process; 2] {
    let ports = free_ports(2);
    let address = |port: u16| format!("127.0.0.1:{port}");
    let others = systems().into_iter().filter(|system| *system != System::Provider);
    let mut provider = vec!["--only".to_owned(), "provider".to_owned()];
    for system in others {
        provider.extend(["--swap".to_owned(), format!("{system}=http://{}/{system}", address(ports[0]))]);
    }
    let swapped = ["--swap".to_owned(), format!("provider=http://{}/provider", address(ports[1]))];
    let rest = Starting::up(&folder.join("rest"), &address(ports[0]), &swapped);
    let alone = Starting::up(&folder.join("provider"), &address(ports[1]), &provider);
    [rest.ready(), alone.ready()]
}

#[tokio::test]
async fn two_processes_play_the_whole_act() {
    let folder = tempfile::tempdir().unwrap();
    let [rest, alone] = provider_apart(folder.path());
    for against in [rest.client.base(), alone.client.base()] {
        let ran = qaqpa(folder.path(), &["play", &Citizen::regulation(), "--against", against, "--json"]);
        assert_eq!(ran.code, 0, "{}\n{}", ran.err, ran.out);
        let played = ran.json();
        assert!(played.as_array().unwrap().iter().all(|one| one["not_observable"] == Value::Null));
    }
}

#[tokio::test]
async fn faults_of_a_play_are_set_in_every_process() {
    let folder = tempfile::tempdir().unwrap();
    let [rest, alone] = provider_apart(folder.path());
    let path = format!("{}/portal/queue-notice", Citizen::regulation());
    let faults = ["--fault", "duplicate,system=portal", "--fault", "http-500,system=provider,often=once"];
    let play = ["play", &path, "--against", rest.client.base(), "--json"];
    let ran = qaqpa(folder.path(), &[play.as_slice(), &faults].concat());
    assert_eq!(ran.code, 0, "{}\n{}", ran.err, ran.out);
    let played = &ran.json()[0];
    let rules = played["faults"].as_array().unwrap();
    assert_eq!(rules.len(), 2, "{played}");
    assert!(rules[0]["done"].as_u64() >= Some(1), "by the process of the portal: {played}");
    assert_eq!(rules[1]["done"], 1, "by the process of the provider: {played}");
    for process in [rest, alone] {
        let left: Vec<Value> = process.client.get("/control/faults", None).await.unwrap();
        assert!(left.is_empty(), "they are over: {left:?}");
    }
}

#[test]
fn the_systems_that_are_missing_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let up = |arguments: &[&str]| {
        let ran =
            qaqpa(folder.path(), &[&["up", "--ephemeral", "--listen", "127.0.0.1:0"], arguments].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        ran.err
    };
    let missing =
        up(&["--only", "provider", "--swap", "ca=http://127.0.0.1:9/ca,portal=http://127.0.0.1:9/portal"]);
    assert!(missing.contains("workstation, gateway, people, notary, registers"), "{missing}");
    assert!(missing.contains("--swap gateway=URL") && !missing.contains("signer"), "{missing}");
    let both = up(&["--only", "provider", "--swap", "provider=http://127.0.0.1:9"]);
    assert!(both.contains("both name provider"), "{both}");
    assert!(up(&["--swap", "nobody=http://127.0.0.1:9"]).contains("hint: write SYSTEM=URL"));
}
