//! `qaqpa regulations coverage`: every item of the texts, with what carries it and the paths that exercise it.

use std::path::Path;

use serde_json::{Value, json};
use tests::qaqpa;

/// An item of the list.
fn item<'a>(listed: &'a Value, id: &str) -> &'a Value {
    let items = listed["items"].as_array().unwrap();
    items.iter().find(|item| item["id"] == id).unwrap()
}

fn has(list: &Value, wanted: &str) -> bool {
    list.as_array().is_some_and(|list| list.iter().any(|one| one == wanted))
}

/// A folder with the regulations, one of them changed.
fn changed(file: &str, change: impl Fn(&str) -> String) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("../gateway/regulations");
    for entry in std::fs::read_dir(built_in).unwrap() {
        let entry = entry.unwrap();
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let text = if entry.file_name() == file { change(&text) } else { text };
        std::fs::write(folder.path().join(entry.file_name()), text).unwrap();
    }
    folder
}

#[test]
fn every_item_is_accounted_for_and_what_is_executable_is_exercised() {
    let folder = tempfile::tempdir().unwrap();
    let ran = qaqpa(folder.path(), &["regulations", "coverage", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let listed = ran.json();
    let counts = &listed["counts"];
    assert_eq!((&counts["items"], &counts["not-accounted"]), (&json!(320), &json!(0)));
    assert_eq!(counts["executable"], counts["exercised"]);
    for one in listed["items"].as_array().unwrap() {
        let fine = if one["verdict"] == "said" {
            let reasons = one["said"].as_array().unwrap();
            !reasons.is_empty() && reasons.iter().all(|said| said["reason"]["kk"].is_string())
        } else {
            one["verdict"] == "exercised" && !one["paths"].as_array().unwrap().is_empty()
        };
        assert!(fine, "{one:#}");
    }

    // A document is exercised where it is issued, and nowhere else.
    let referral = item(&listed, "001-020");
    assert_eq!(referral["steps"], json!([{ "channel": "portal", "step": "12.11" }]));
    assert_eq!(referral["paths"], json!(["portal/referral"]));
    // A check both ways.
    let person = item(&listed, "001-055");
    assert_eq!(person["steps"][0]["step"], "11.4");
    assert!(has(&person["paths"], "state-corporation/queue-notice"), "{person:#}");
    assert!(has(&person["fails"], "state-corporation/person-not-found"), "{person:#}");
    assert!(!has(&person["paths"], "state-corporation/person-not-found"), "{person:#}");
    // Each check of three, both ways.
    let checks = item(&listed, "002-056");
    assert_eq!(checks["words"].as_array().unwrap().len(), 3);
    for path in ["portal/certificate-expired", "portal/certificate-revoked", "portal/identity-mismatch"] {
        assert!(has(&checks["fails"], path), "{checks:#}");
    }
    // A refusal where it was shown, a way where something went along it, a clock.
    assert_eq!(item(&listed, "003-035")["paths"], json!(["portal/login-not-authentic"]));
    assert_eq!(item(&listed, "000-055")["paths"], json!(["portal/regional-gateway"]));
    assert_eq!(item(&listed, "002-061")["clocks"], json!(["portal/whole"]));
    // What is only said.
    let published = item(&listed, "000-036");
    assert_eq!(
        (&published["verdict"], &published["said"][0]["topic"]),
        (&json!("said"), &json!("publication"))
    );
}

#[test]
fn an_item_whose_step_is_gone_is_named() {
    let step = "[[channel.portal.step]]\nat       = \"12.1\"\n";
    let folder = changed("mangystau-182-preschool-queue.toml", |text| {
        let begins = text.find(step).unwrap();
        let ends = begins + 1 + text[begins + 1..].find("[[channel.portal.step]]").unwrap();
        format!("{}{}", &text[..begins], &text[ends..])
    });
    let path = folder.path().to_str().unwrap();
    let ran = qaqpa(folder.path(), &["regulations", "coverage", "--no-play", "--regulations", path]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let missing: Vec<&str> = ran.out.lines().filter(|line| line.contains("nothing carries it")).collect();
    assert_eq!(missing.len(), 3, "{missing:#?}");
    for (line, (id, word)) in missing.iter().zip([
        ("001-017", "portal"),
        ("001-066", "register"),
        ("001-067", "not-registered-on-portal"),
    ]) {
        assert!(line.starts_with(id) && line.ends_with(&format!("`{word}`")), "{line}");
    }
    assert!(ran.out.ends_with("3 (0.9 %) not accounted for\n"), "{}", ran.out);
}

#[test]
fn an_act_that_is_not_there_carries_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let ran = qaqpa(folder.path(), &["regulations", "coverage", "004-023", "--regulations", "."]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.starts_with("004-023") && ran.out.contains("nothing carries it"), "{}", ran.out);
}

#[test]
fn items_are_asked_for_by_the_beginning_of_their_number() {
    let folder = tempfile::tempdir().unwrap();
    let ran = qaqpa(folder.path(), &["--lang", "kk", "regulations", "coverage", "--no-play", "003", "004-0"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.out.lines().count(), 47 + 40 + 1, "{}", ran.out);
    assert!(ran.out.lines().last().unwrap().starts_with("87 тармақ: "), "{}", ran.out);
    let unknown = qaqpa(folder.path(), &["regulations", "coverage", "--no-play", "005"]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
    assert!(unknown.err.contains("no item `005`") && unknown.err.contains("hint: "), "{}", unknown.err);
}
