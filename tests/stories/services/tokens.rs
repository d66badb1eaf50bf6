//! The form with the person's access token.

use serde_json::{Value, json};
use signer::{Problem, System};
use tests::{Question, Town, qaqpa};

async fn token(town: &Town, wanted: &Value) -> Value {
    town.post("/people/tokens", wanted).await.unwrap()
}

fn reason(problem: &Problem) -> (&str, &str) {
    (problem.code.code(), problem.facts.get("reason").and_then(Value::as_str).unwrap_or_default())
}

#[tokio::test]
async fn with_a_token_of_this_world_the_data_are_told_and_the_token_is_noted() {
    let town = Town::up().await;
    let iin = town.iin_of("parent-with-child").await;
    let token = token(&town, &json!({ "iin": iin })).await;
    assert!(token["specimen"].as_str().unwrap().contains("TEST"));
    for to in [System::People, System::Gateway] {
        let question = Question::with_token(&iin, &token);
        let answer = town.ask(to, &question, System::Portal).await.unwrap().data.unwrap();
        assert_eq!(answer["persons"]["person"]["iin"], iin);
    }
    let noted = town.get("/people/queries").await.unwrap();
    assert_eq!(noted[0]["service"]["service"], "GBDFLUniversal_token");
    assert_eq!(noted[0]["service"]["token"]["iin"], iin);
}

#[tokio::test]
async fn without_a_token_or_with_one_that_is_not_good_nothing_is_told() {
    let (town, other) = (Town::up().await, Town::up().await);
    let iin = town.iin_of("parent-with-child").await;
    let good = token(&town, &json!({ "iin": iin })).await;
    let key = good["publicKey"].clone();
    let of_another = token(&town, &json!({ "iin": town.iin_of("dead").await })).await;
    let of_elsewhere = token(&other, &json!({ "iin": iin })).await;
    let with = |token: &Value, key: &Value| json!({ "kdpToken": token, "publicKey": key });
    let cases = [
        (json!({}), ("consent-missing", "")),
        (with(&good["kdpToken"], &json!("")), ("consent-missing", "")),
        (with(&json!("not base64!"), &key), ("token-refused", "malformed")),
        (with(&json!("AAAA"), &key), ("token-refused", "signature-malformed")),
        (with(&good["kdpToken"], &of_elsewhere["publicKey"]), ("token-refused", "other-key")),
        (with(&of_another["kdpToken"], &key), ("token-refused", "other-person")),
        (of_elsewhere, ("token-refused", "certificate-not-bound")),
    ];
    for (token, expected) in cases {
        for to in [System::People, System::Gateway] {
            let question = Question::with_token(&iin, &token);
            let problem = town.ask(to, &question, System::Portal).await.unwrap_err();
            assert_eq!(reason(&problem), expected, "{token:#}: {problem}");
        }
    }
    town.post("/control/clock", &json!({ "advance": "PT16M" })).await.unwrap();
    let question = Question::with_token(&iin, &good);
    let problem = town.ask(System::People, &question, System::Portal).await.unwrap_err();
    assert_eq!(reason(&problem), ("token-refused", "expired"), "{problem}");
    assert_eq!(town.get("/people/queries").await.unwrap(), json!([]), "nothing was told");
}

#[tokio::test]
async fn the_command_line_issues_one() {
    let town = Town::up().await;
    let iin = town.iin_of("parent-with-child").await;
    let (base, whom) = (town.sandbox.base_url().to_owned(), iin.clone());
    let ran = tokio::task::spawn_blocking(move || {
        let folder = tempfile::tempdir().unwrap();
        qaqpa(folder.path(), &["people", "token", &whom, "--minutes", "1", "--json", "--against", &base])
    });
    let ran = ran.await.unwrap();
    assert_eq!(ran.code, 0, "{}", ran.err);
    let token: Value = serde_json::from_str(&ran.out).unwrap();
    let question = Question::with_token(&iin, &token);
    let answer = town.ask(System::People, &question, System::Portal).await.unwrap().data.unwrap();
    assert_eq!(answer["messageResult"]["code"], "00000");
}

#[tokio::test]
async fn a_token_is_about_somebody_and_good_for_a_day_at_most() {
    let town = Town::up().await;
    for wanted in [json!({ "iin": "12" }), json!({ "iin": "900101700002", "minutes": 1441 })] {
        let problem = town.post("/people/tokens", &wanted).await.unwrap_err();
        assert_eq!(problem.code.code(), "invalid-value", "{wanted}");
    }
}
