//! The employee's login, and who sees what.

use registries::people::Persona;
use serde_json::{Value, json};
use tests::{Citizen, Counter, Town};

/// The papers are complete: the employee is about to sign in.
async fn is_about_to_sign_in(town: &Town) -> Counter<'_> {
    let mut counter = Counter::visited_by(town, Persona::ParentWithChild).await;
    counter.takes_consent().await.unwrap();
    counter.looks_through_the_papers().await.unwrap();
    counter
}

#[tokio::test]
async fn a_wrong_password_decides_nothing() {
    let town = Town::up().await;
    let mut counter = is_about_to_sign_in(&town).await;
    let wrong = [
        json!({ "login": counter.login, "password": "not the password" }),
        json!({ "login": counter.login, "password": "" }),
        json!({ "login": counter.login, "password": "x".repeat(100_000) }),
        json!({ "login": "nobody", "password": counter.password }),
        json!({ "login": "", "password": counter.password }),
        json!({ "login": "a/../b\u{0}", "password": counter.password }),
        json!({ "login": "Ұ".repeat(50_000), "password": counter.password }),
    ];
    let mut details = std::collections::BTreeSet::new();
    for body in &wrong {
        let problem = counter.deed("session", body).await.unwrap_err();
        assert_eq!((problem.code.code(), problem.status), ("not-signed-in", 401), "{problem}");
        assert_eq!((problem.step.as_deref(), problem.system.as_deref()), (Some("11.1"), Some("workstation")));
        details.insert(problem.detail.clone());
    }
    for body in [&wrong[0], &wrong[3]] {
        let elsewhere = town.post("/workstation/sessions", body).await.unwrap_err();
        assert_eq!((elsewhere.code.code(), elsewhere.status), ("not-signed-in", 401), "{elsewhere}");
    }
    assert_eq!(details.len(), 1, "nobody learns which half was wrong: {details:?}");
    let view = counter.looks().await.unwrap();
    assert_eq!((&view["awaits"]["step"], &view["shown"]), (&"11.1".into(), &json!([])));
    assert_eq!(town.refusals(&counter.case()).await.len(), wrong.len(), "each try is in the journal");
}

#[tokio::test]
async fn five_wrong_tries_close_the_account_for_a_while() {
    let town = Town::up().await;
    let mut counter = is_about_to_sign_in(&town).await;
    town.post("/control/clock", &json!("freeze")).await.unwrap();
    let wrong = json!({ "login": counter.login, "password": "not the password" });
    for number in 0..5 {
        let problem = counter.deed("session", &wrong).await.unwrap_err();
        assert_eq!(problem.code.code(), "not-signed-in", "try {number}: {problem}");
    }
    for body in [wrong.clone(), counter.credentials()] {
        let problem = counter.deed("session", &body).await.unwrap_err();
        assert_eq!((problem.code.code(), problem.status), ("too-many-tries", 429), "{problem}");
        let elsewhere = town.post("/workstation/sessions", &body).await.unwrap_err();
        assert_eq!(elsewhere.code.code(), "too-many-tries");
    }
    town.post("/control/clock", &json!({ "advance": "PT14M59S" })).await.unwrap();
    assert_eq!(counter.signs_in().await.unwrap_err().code.code(), "too-many-tries");
    town.post("/control/clock", &json!({ "advance": "PT1S" })).await.unwrap();
    let view = counter.signs_in().await.expect("the right password opens the account again");
    assert_eq!(view["awaits"]["step"], "11.2");
}

#[tokio::test]
async fn once_an_employee_sits_at_a_case_it_is_closed_to_others() {
    let town = Town::up().await;
    let mut counter = is_about_to_sign_in(&town).await;
    let path = counter.path();
    let before: Value = town.get(&path).await.expect("before that there is nothing of anybody in it");
    assert_eq!(before["awaits"]["step"], "11.1");
    counter.signs_in().await.unwrap();
    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    let form = counter.form();
    for token in [None, Some("x"), Some(""), citizen.token.as_deref()] {
        for path in [path.clone(), format!("{path}?after=0"), "/workstation/cases".to_owned()] {
            let problem = town.client.get::<Value>(&path, token).await.unwrap_err();
            assert_eq!((problem.code.code(), problem.status), ("not-signed-in", 401), "{path}");
        }
        for deed in ["consent", "package", "session", "request", "papers", "signature", "handover"] {
            let body = match deed {
                "consent" => json!({ "consent": "given" }),
                "package" => json!({ "presented": [] }),
                "session" => counter.credentials(),
                "request" => form.clone(),
                "papers" => counter.scans(),
                "signature" => json!({ "signature": "MAMCAQE=" }),
                _ => json!({ "to": counter.cast.iin }),
            };
            let problem =
                town.client.post::<Value>(&format!("{path}/{deed}"), token, &body).await.unwrap_err();
            assert_eq!((problem.code.code(), problem.status), ("not-signed-in", 401), "{deed}: {problem}");
        }
    }
    let view = counter.asks_the_registers().await.expect("the employee goes on");
    assert_eq!(view["awaits"]["step"], "11.6");
}

#[tokio::test]
async fn another_employee_neither_fills_in_nor_signs_but_hands_the_result_over() {
    let town = Town::up().await;
    let mut counter = is_about_to_sign_in(&town).await;
    counter.signs_in().await.unwrap();
    let other = Counter::visited_by(&town, Persona::ParentWithChild).await;
    let session = town.post("/workstation/sessions", &other.credentials()).await.unwrap();
    let token = session["token"].as_str();
    let (path, form) = (counter.path(), counter.form());
    let deed = async |deed: &str, body: &Value| {
        town.client.post::<Value>(&format!("{path}/{deed}"), token, body).await
    };
    let problem = deed("request", &form).await.unwrap_err();
    assert_eq!((problem.code.code(), problem.status), ("not-signed-in", 401), "{problem}");
    assert!(problem.detail.as_deref().unwrap().contains("another employee"), "{problem}");
    town.client.get::<Value>(&path, token).await.expect("they may look at it");
    counter.asks_the_registers().await.unwrap();
    counter.scans_the_papers().await.unwrap();
    let signature = json!({ "signature": counter.key.sign(&counter.to_sign()) });
    assert_eq!(deed("signature", &signature).await.unwrap_err().code.code(), "not-signed-in");
    counter.signs().await.unwrap();
    // Nothing is to be handed over yet: that is what is said now, also to the other one.
    let early = deed("handover", &json!({ "to": counter.cast.iin })).await.unwrap_err();
    assert_eq!(early.code.code(), "step-out-of-order", "{early}");
}

#[tokio::test]
async fn a_session_ends_with_the_clock_and_a_new_one_goes_on() {
    let town = Town::up().await;
    let mut counter = is_about_to_sign_in(&town).await;
    counter.signs_in().await.unwrap();
    counter.asks_the_registers().await.unwrap();
    town.post("/control/clock", &json!({ "advance": "PT8H" })).await.unwrap();
    let problem = counter.scans_the_papers().await.unwrap_err();
    assert_eq!((problem.code.code(), problem.status), ("not-signed-in", 401));
    let session = town.post("/workstation/sessions", &counter.credentials()).await.unwrap();
    counter.token = session["token"].as_str().map(str::to_owned);
    counter.scans_the_papers().await.unwrap();
    counter.signs().await.unwrap();
    let cases: Vec<Value> = town.client.get("/workstation/cases", counter.token.as_deref()).await.unwrap();
    assert!(cases.iter().any(|case| case["case"] == counter.case()), "{cases:?}");
}

#[tokio::test]
async fn an_employee_is_entered_with_a_login_a_number_and_a_password() {
    let town = Town::up().await;
    let mut counter = is_about_to_sign_in(&town).await;
    let right = json!({ "iin": counter.employee, "password": counter.password });
    let logins = ["a b", "%00", "%2e%2e%2fx", "Ұ", &"x".repeat(65), "a%2Fb"];
    for login in logins {
        let answer = town
            .send("PUT", &format!("/workstation/employees/{login}"), "application/json", right.to_string())
            .await;
        assert_eq!(answer.is("invalid-value").status, 422, "{login}");
    }
    let bodies = [
        (json!({ "iin": "12", "password": counter.password }), "invalid-value"),
        (json!({ "iin": counter.employee, "password": "7letter" }), "invalid-value"),
        (json!({ "iin": counter.employee, "password": "x".repeat(201) }), "invalid-value"),
        (json!({ "iin": counter.employee }), "malformed-json"),
        (json!({ "iin": counter.employee, "password": "Correct-Horse-1", "role": "head" }), "malformed-json"),
    ];
    for (body, code) in bodies {
        let path = format!("/workstation/employees/{}", counter.login);
        let answer = town.send("PUT", &path, "application/json", body.to_string()).await;
        answer.is(code);
    }
    counter.signs_in().await.expect("the first entry still stands");
}
