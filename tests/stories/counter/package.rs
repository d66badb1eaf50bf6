//! The package of documents: what is missing, what nobody asked for, and the scans.

use registries::people::Persona;
use serde_json::{Value, json};
use signer::Bytes;
use tests::{Counter, REQUIRED, Town};

/// Consent is taken: the papers are on the counter.
async fn has_consent(town: &Town) -> Counter<'_> {
    let mut counter = Counter::visited_by(town, Persona::ParentWithChild).await;
    counter.takes_consent().await.unwrap();
    counter
}

#[tokio::test]
async fn an_incomplete_package_is_refused_with_a_receipt_that_names_what_is_missing() {
    let town = Town::up().await;
    let titles = [
        ("birth-certificate", "Баланың туу туралы куәлігі / Свидетельство о рождении ребёнка"),
        (
            "identity-document",
            "Ата-анасының бірінің немесе заңды өкілінің жеке басын куәландыратын құжат / Документ, \
             удостоверяющий личность одного из родителей или законного представителя",
        ),
    ];
    for presented in
        [vec![], vec![REQUIRED[0]], vec![REQUIRED[1]], vec![REQUIRED[1], "first-priority-document"]]
    {
        let mut counter = has_consent(&town).await;
        let view = counter.deed("package", &json!({ "presented": presented })).await.unwrap();
        assert_eq!(view["position"], json!({ "state": "ended", "at": "10b", "end": "refusal" }));
        let missing: Vec<&str> = REQUIRED.iter().copied().filter(|name| !presented.contains(name)).collect();
        assert_eq!(view["missing"], json!(missing));
        let shown = &view["shown"][0];
        assert_eq!(shown["code"], "documents-not-accepted");
        assert_eq!(shown["reasons"][0]["facts"], json!({ "missing": missing }));
        let paper = &shown["paper"];
        assert_eq!(paper["document"], "acceptance-refusal-receipt");
        assert!(paper["specimen"].as_str().unwrap().contains("SPECIMEN"), "{paper}");
        let lacking = titles.iter().filter(|(name, _)| missing.contains(name)).map(|(_, title)| *title);
        assert_eq!(paper["grounds"], lacking.collect::<Vec<_>>().join("; "));
        assert_eq!(paper["case"], counter.case());
        let systems = town.get("/control/systems").await.unwrap();
        let ours =
            systems.as_array().unwrap().iter().find(|record| record["system"] == "workstation").unwrap();
        assert_eq!(paper["provider"]["bin"], ours["bin"]);
        let problem = counter.signs_in().await.unwrap_err();
        assert_eq!(problem.code.code(), "step-out-of-order", "it is over");
    }
}

#[tokio::test]
async fn only_documents_of_the_form_are_presented_and_each_once() {
    let town = Town::up().await;
    let mut counter = has_consent(&town).await;
    let wrong = [
        json!([REQUIRED[0], REQUIRED[1], "passport"]),
        json!([REQUIRED[0], REQUIRED[1], REQUIRED[0]]),
        json!([REQUIRED[0], REQUIRED[1], ""]),
        json!([REQUIRED[0], "Identity-Document"]),
        json!(["x".repeat(100_000)]),
    ];
    for presented in &wrong {
        let problem = counter.deed("package", &json!({ "presented": presented })).await.unwrap_err();
        assert_eq!((problem.code.code(), problem.status), ("invalid-value", 422));
        assert!(problem.facts["fields"]["presented"].is_string(), "{problem}");
        assert!(problem.detail.as_deref().unwrap_or_default().len() < 300, "{problem}");
        assert_eq!(problem.paragraph.as_deref(), Some("10"));
    }
    let view = counter.looks_through_the_papers().await.expect("the case still waits");
    assert_eq!((&view["awaits"]["step"], &view["missing"]), (&"11.1".into(), &Value::Null));
    let again = counter.looks_through_the_papers().await.unwrap_err();
    assert_eq!((again.code.code(), again.paragraph.as_deref()), ("step-out-of-order", Some("11.1")));
}

#[tokio::test]
async fn scans_are_of_what_was_presented_and_of_all_that_is_required() {
    let town = Town::up().await;
    let mut counter = has_consent(&town).await;
    counter.looks_through_the_papers().await.unwrap();
    counter.signs_in().await.unwrap();
    counter.asks_the_registers().await.unwrap();
    let right = counter.scans();
    let scan = |name: &str, bytes: usize| json!({ "name": name, "mediaType": "image/png", "content": Bytes(vec![7; bytes]) });
    let with = |copies: Vec<Value>| json!({ "papers": REQUIRED, "copies": copies });
    let [birth, identity] = REQUIRED.map(|name| scan(name, 1));
    let largest = 4 << 20;
    let mut wrong = vec![
        (
            "first-priority-document",
            with(vec![birth.clone(), identity.clone(), scan("first-priority-document", 1)]),
        ),
        ("was not presented", json!({ "papers": ["first-priority-document"], "copies": right["copies"] })),
        ("no document of the form", json!({ "papers": ["passport"], "copies": right["copies"] })),
        ("twice", json!({ "papers": [REQUIRED[0], REQUIRED[0]], "copies": right["copies"] })),
        ("identity-document is not attached", with(vec![birth.clone()])),
        ("birth-certificate is not attached", with(vec![])),
        ("attached twice", with(vec![birth.clone(), identity.clone(), birth.clone()])),
        ("is not in the form", with(vec![birth.clone(), identity.clone(), scan("passport", 1)])),
        ("a copy has 1 to", with(vec![birth.clone(), scan(REQUIRED[1], 0)])),
        ("a copy has 1 to", with(vec![birth.clone(), scan(REQUIRED[1], largest + 1)])),
    ];
    let mut media = birth.clone();
    media["mediaType"] = "картинка".into();
    wrong.push(("not a media type", with(vec![media, identity.clone()])));
    for (what, body) in &wrong {
        let problem = counter.deed("papers", body).await.unwrap_err();
        assert_eq!((problem.code.code(), problem.status), ("invalid-value", 422), "{what}: {problem}");
        assert!(problem.detail.as_deref().unwrap_or_default().contains(what), "{what}: {problem}");
        assert_eq!((problem.step.as_deref(), problem.system.as_deref()), (Some("11.6"), Some("workstation")));
    }
    assert_eq!(town.refusals(&counter.case()).await.len(), wrong.len(), "each try is in the journal");
    counter.looks().await.unwrap();
    assert_eq!(counter.view["to_sign"], Value::Null, "there is nothing to sign yet");
    let problem = counter.signs().await.unwrap_err();
    assert_eq!(problem.code.code(), "step-out-of-order");
    counter.scans_the_papers().await.expect("the right ones are taken");
    counter.signs().await.unwrap();
    let view = counter.waits_until(|view| view["registration"].is_object()).await.unwrap();
    assert_eq!(view["hindrance"], Value::Null, "and the application goes through");
}
