//! Rules: set, listed, taken away; kept over a restart; given at the start; played under.

use gateway::exchange::Wire;
use serde_json::{Value, json};
use tests::{Citizen, Process, qaqpa};

use super::{goes_wrong, town};

#[tokio::test]
async fn rules_are_added_listed_dropped_and_cleared() {
    let town = town(Wire::Json).await;
    let first = goes_wrong(&town, "delay:1s,system=provider,often=first:2").await;
    let object = json!({ "fault": "http-500", "route": "/cases", "often": "every:2" });
    let second = town.post("/control/faults", &object).await.unwrap();
    assert_eq!((&second["matched"], &second["done"]), (&json!(0), &json!(0)));
    let all = town.get("/control/faults").await.unwrap();
    assert_eq!((all.as_array().unwrap().len(), &all[0]["often"]), (2, &json!("first:2")));
    for (rule, word) in [
        (json!("dleay"), "`delay`"),
        (json!({ "fault": "dleay" }), "`delay`"),
        (json!({ "fault": "delay", "colour": "red" }), "colour"),
        (json!("delay,often=never"), "share:P"),
        (json!("soap-fault"), "SCSE002"),
        (json!("soap-fault:foo"), "SCSE001, SCSE002"),
        (json!("delay,system=nobody"), "portal, workstation"),
        (json!("delay,service=mangystau"), "mangystau-182-preschool-queue, "),
        (
            json!({ "fault": "delay", "service": "mangystau-182-preschool-queue/prtal" }),
            "preschool-queue/portal",
        ),
    ] {
        let problem = town.post("/control/faults", &rule).await.unwrap_err();
        assert_eq!(problem.code.code(), "invalid-value", "{rule}");
        assert!(problem.detail.as_deref().unwrap().contains(word), "{rule}: {problem}");
    }
    let dropped: Value = town.client.delete(&format!("/control/faults/{first}")).await.unwrap();
    assert_eq!(dropped["fault"], "delay:1s");
    let gone = town.client.delete::<Value>(&format!("/control/faults/{first}")).await.unwrap_err();
    assert_eq!(gone.code.code(), "not-found");
    assert_eq!(town.client.delete::<Vec<Value>>("/control/faults").await.unwrap().len(), 1);
    let names = town.get("/control/faults/names").await.unwrap();
    assert!(names.as_array().unwrap().iter().all(|name| name["description"]["kk"].is_string()));
}

#[tokio::test]
async fn the_faults_of_two_worlds_are_apart() {
    let town = town(Wire::Json).await;
    town.post("/control/worlds", &json!({ "id": "other" })).await.unwrap();
    let other = town.world("other");
    goes_wrong(&other, "http-500,system=portal,route=/").await;
    assert_eq!(town.get("/control/faults").await.unwrap(), json!([]));
    Citizen::arrives(&town).await;
    let body = json!({ "regulation": Citizen::regulation() });
    assert!(other.post("/portal/cases", &body).await.is_err());
}

#[tokio::test]
async fn every_second_request_of_people_fails_where_the_rule_says_so() {
    let town = town(Wire::Json).await;
    goes_wrong(&town, "http-500,system=portal,route=/cases,often=every:2").await;
    let body = json!({ "regulation": Citizen::regulation() }).to_string();
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(town.send_json("/portal/cases", body.clone()).await.status);
    }
    assert_eq!(seen, [201, 500, 201, 500]);
}

#[tokio::test]
async fn rules_and_counts_outlive_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut process = Process::up(&data, "127.0.0.1:0");
    let rule = json!("http-500,system=portal,route=/cases,often=once");
    let _: Value = process.client.post("/control/faults", None, &rule).await.unwrap();
    let body = json!({ "regulation": Citizen::regulation() });
    assert!(process.client.post::<Value>("/portal/cases", None, &body).await.is_err());
    let address = process.address();
    process.kill();
    process = Process::up(&data, &address);
    let kept: Vec<Value> = process.client.get("/control/faults", None).await.unwrap();
    assert_eq!((kept.len(), &kept[0]["done"]), (1, &json!(1)));
    let opened: Value = process.client.post("/portal/cases", None, &body).await.unwrap();
    assert!(opened["case"].is_string(), "once is once");
    let url = ["--against", process.client.base()];
    let list = qaqpa(folder.path(), &[&["faults", "list", "--json"], url.as_slice()].concat());
    assert_eq!((list.code, &list.json()[0]["matched"]), (0, &json!(2)), "{list:?}");
    let add = ["faults", "add", "delay:2s,system=provider", "unsigned,often=once"];
    let added = qaqpa(folder.path(), &[add.as_slice(), &url].concat());
    assert!(added.code == 0 && added.out.contains("unsigned,often=once"), "{added:?}");
    let unknown = qaqpa(folder.path(), &[&["faults", "drop", "99"], url.as_slice()].concat());
    assert!(unknown.code == 2 && unknown.err.contains("hint: `qaqpa faults list`"), "{unknown:?}");
    let dropped = qaqpa(folder.path(), &[&["faults", "drop", "2"], url.as_slice()].concat());
    assert!(dropped.code == 0 && dropped.out.contains("delay:2s,system=provider"), "{dropped:?}");
    let cleared = qaqpa(folder.path(), &[&["faults", "clear"], url.as_slice()].concat());
    assert_eq!((cleared.code, cleared.out.lines().count()), (0, 2), "{cleared:?}");
}

#[tokio::test]
async fn faults_are_given_at_the_start_and_unknown_ones_are_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("faults.txt");
    std::fs::write(&file, "# what goes wrong\n\ndelay:1s,system=provider\nduplicate,often=share:0.5\n")
        .unwrap();
    let file = file.display().to_string();
    let arguments = ["--fault", "unsigned,often=once", "--faults", &file].map(str::to_owned);
    let data = folder.path().join("data");
    let process = tests::Starting::up(&data, "127.0.0.1:0", &arguments).ready();
    let kept: Vec<Value> = process.client.get("/control/faults", None).await.unwrap();
    let faults: Vec<&str> = kept.iter().filter_map(|kept| kept["fault"].as_str()).collect();
    assert_eq!(faults, ["unsigned", "delay:1s", "duplicate"]);
    drop(process);
    for arguments in [["up", "--fault", "delay,service=act"], ["play", "--all", "--fault=delay,service=act"]]
    {
        let ran = qaqpa(folder.path(), &arguments);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains("there are akmola-") && ran.err.contains("hint: "), "{}", ran.err);
    }
    for arguments in [["up", "--fault", "unsinged"], ["play", "--all", "--fault=unsinged"]] {
        let ran = qaqpa(folder.path(), &arguments);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains("`unsigned`") && ran.err.contains("hint: "), "{}", ran.err);
    }
    std::fs::write(folder.path().join("bad.txt"), "delay\ndlay\n").unwrap();
    let ran = qaqpa(folder.path(), &["up", "--faults", "bad.txt"]);
    assert!(ran.code == 2 && ran.err.contains("bad.txt:2"), "{ran:?}");
    let names = qaqpa(folder.path(), &["faults", "names", "--lang", "ru"]);
    assert!(names.code == 0 && names.out.contains("delay") && names.out.contains("задержкой"), "{names:?}");
}

#[tokio::test]
async fn a_path_is_played_under_faults_and_the_report_says_what_was_done() {
    let folder = tempfile::tempdir().unwrap();
    let path = format!("{}/portal/queue-notice", Citizen::regulation());
    let faults = ["--fault", "duplicate,system=portal", "--fault", "http-500,system=gateway,often=once"];
    let ran = qaqpa(folder.path(), &[&["play", &path], faults.as_slice()].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("fault duplicate,system=portal: done "), "{}", ran.out);
    assert!(ran.out.contains("fault http-500,system=gateway,often=once: done 1 of "), "{}", ran.out);
    let json =
        qaqpa(folder.path(), &[&["play", &path, "--json", "--wire", "soap"], faults.as_slice()].concat());
    assert_eq!((json.code, &json.json()[0]["faults"][1]["done"]), (0, &json!(1)), "{json:?}");
}
