//! Contracts: where they are served, and that they can be followed from there.

use serde_json::{Value, json};
use tests::{Answer, Town, qaqpa};

fn text(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{answer:?}");
    String::from_utf8_lossy(&answer.body).into_owned()
}

#[tokio::test]
async fn every_channel_describes_itself_with_its_own_address() {
    let town = Town::up().await;
    town.post("/control/worlds", &json!({ "id": "other" })).await.unwrap();
    for town in [&town, &town.world("other")] {
        for (path, own) in [
            ("/gateway/sync", "/gateway/bip-sync-wss-gost/"),
            ("/people/bip-sync-wss-gost/", "/people/bip-sync-wss-gost/"),
            ("/provider/async", "/provider/bip-async-wss-gost/"),
        ] {
            let address = format!("{}{own}", town.client.base());
            for query in ["wsdl", "WSDL"] {
                let wsdl = text(&town.send("GET", &format!("{path}?{query}"), "", "").await);
                assert!(wsdl.contains(&format!("<soap:address location=\"{address}\"/>")), "{wsdl}");
                // Whatever it names is there as well.
                let mut links: Vec<String> = linked(&wsdl);
                let mut followed = Vec::new();
                while let Some(link) = links.pop() {
                    let rest =
                        link.strip_prefix(town.client.base()).expect("a link into the same world").to_owned();
                    if !followed.contains(&rest) {
                        links.extend(linked(&text(&town.send("GET", &rest, "", "").await)));
                        followed.push(rest);
                    }
                }
                assert!(followed.len() > 3, "{followed:?}");
            }
        }
    }
    town.send("GET", "/gateway/sync?xsd=poem.xsd", "", "").await.is("not-found");
    town.send("GET", "/gateway/sync?xsd=../Cargo.toml", "", "").await.is("not-found");
    town.send("GET", "/gateway/sync", "", "").await.is("method-not-allowed");
}

fn linked(schema: &str) -> Vec<String> {
    let links = schema.split("schemaLocation=\"").skip(1);
    links.filter_map(|rest| rest.split('"').next().map(str::to_owned)).collect()
}

#[tokio::test]
async fn they_are_listed_and_printed_and_written() {
    let town = Town::up().await;
    let listed = town.get("/contracts").await.unwrap();
    let names: Vec<&str> = listed.as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
    for name in ["sync-channel.wsdl", "message.schema.json", "mangystau-182-preschool-queue.portal.xsd"] {
        assert!(names.contains(&name), "{names:?}");
    }
    town.send("GET", "/contracts/poem.xsd", "", "").await.is("not-found");

    let folder = tempfile::tempdir().unwrap();
    let ran = qaqpa(folder.path(), &["contracts", "--out", "all"]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, names.len()), "{}", ran.err);
    for name in names {
        let served = town.send("GET", &format!("/contracts/{name}"), "", "").await;
        let written = std::fs::read_to_string(folder.path().join("all").join(name)).unwrap();
        assert_eq!(text(&served), written, "{name}");
        let is_json = served.media_type == "application/schema+json";
        assert_eq!(is_json, serde_json::from_str::<Value>(&written).is_ok(), "{name}");
    }
    let printed = qaqpa(folder.path(), &["contracts", "problem.schema.json"]).json();
    assert_eq!(printed["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let unknown = qaqpa(folder.path(), &["contracts", "poem"]);
    assert!(unknown.code == 2 && unknown.err.contains("hint: "), "{}", unknown.err);
}
