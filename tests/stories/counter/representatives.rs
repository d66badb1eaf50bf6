//! Whoever comes for somebody else, with every kind of power of attorney.

use registries::people::Persona;
use serde_json::{Value, json};
use tests::{Counter, Town};

/// A persona whose representative and recipient are on the form, and what the registers say.
async fn asks(town: &Town, persona: Persona) -> Counter<'_> {
    let mut counter = Counter::visited_by(town, persona).await;
    counter.receives().await.unwrap();
    counter.asks_the_registers().await.unwrap();
    counter
}

/// How often a question crossed, of those that the journal has of a case.
async fn questions(town: &Town, case: &str, message: &str) -> usize {
    let journal = town.journal(case).await;
    journal.iter().filter(|entry| entry["body"]["message"] == message).count()
}

#[tokio::test]
async fn a_power_that_stands_is_enough() {
    let town = Town::up().await;
    for persona in [Persona::AttorneyNotarised, Persona::AttorneyForeign] {
        let mut counter = asks(&town, persona).await;
        assert_eq!(counter.view["awaits"]["step"], "11.6", "{persona}: {:#}", counter.view);
        assert!(questions(&town, &counter.case(), "attorney-query").await > 0, "{persona}");
        counter.scans_the_papers().await.unwrap();
        counter.signs().await.unwrap();
        counter.waits_until(|view| view["registration"].is_object()).await.unwrap();
    }
}

#[tokio::test]
async fn the_notary_registry_is_not_asked_about_a_power_that_no_notary_certified() {
    let town = Town::up().await;
    for persona in [Persona::AttorneyOtherwiseCertified, Persona::ParentWithChild, Persona::Foreigner] {
        let mut counter = asks(&town, persona).await;
        assert_eq!(counter.view["awaits"]["step"], "11.6", "{persona}: {:#}", counter.view);
        assert_eq!(counter.view["answers"].as_array().map(Vec::len), Some(2));
        counter.scans_the_papers().await.unwrap();
        counter.signs().await.unwrap();
        counter.waits_until(|view| view["registration"].is_object()).await.unwrap();
        assert_eq!(questions(&town, &counter.case(), "attorney-query").await, 0, "{persona}");
    }
    assert_eq!(town.get("/notary/queries").await.unwrap(), json!([]));
}

/// Expects the refusal of condition 1, for these reasons.
fn is_refused(view: &Value, reasons: &[(&str, &str)], what: &str) {
    assert_eq!(view["position"], json!({ "state": "ended", "at": "11.5", "end": "refusal" }), "{what}");
    let shown = &view["shown"][0];
    assert_eq!(shown["code"], "data-unavailable", "{what}");
    let found: Vec<(&str, &str)> = shown["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| (reason["check"].as_str().unwrap(), reason["code"].as_str().unwrap()))
        .collect();
    assert_eq!(found, reasons, "{what}");
}

#[tokio::test]
async fn a_power_that_does_not_stand_is_refused_with_its_reason() {
    let town = Town::up().await;
    for (persona, reason) in [
        (Persona::AttorneyExpired, "attorney-expired"),
        (Persona::AttorneyRevoked, "attorney-revoked"),
        (Persona::AttorneyNotFound, "attorney-absent"),
        (Persona::AttorneyForAnotherRecipient, "attorney-of-another"),
    ] {
        let counter = asks(&town, persona).await;
        is_refused(&counter.view, &[("attorney-found", reason)], persona.name());
        let journal = town.journal(&counter.case()).await;
        assert!(journal.iter().all(|entry| entry["body"]["message"] != "application"), "{persona}");
    }
}

#[tokio::test]
async fn a_recipient_who_is_not_in_the_register_is_refused() {
    let town = Town::up().await;
    for persona in [Persona::NotInRegister, Persona::AttorneyOfUnregistered] {
        let counter = asks(&town, persona).await;
        is_refused(&counter.view, &[("person-found", "person-absent")], persona.name());
    }
    let mut counter = Counter::visited_by(&town, Persona::AttorneyNotFound).await;
    let nobody = Counter::visited_by(&town, Persona::NotInRegister).await.cast.iin;
    counter.cast.recipient = Some(nobody);
    counter.receives().await.unwrap();
    counter.asks_the_registers().await.unwrap();
    let both = [("person-found", "person-absent"), ("attorney-found", "attorney-absent")];
    is_refused(&counter.view, &both, "neither is known");
}

#[tokio::test]
async fn who_is_not_named_in_the_power_does_not_represent() {
    let town = Town::up().await;
    let mut counter = Counter::visited_by(&town, Persona::AttorneyNotarised).await;
    counter.receives().await.unwrap();
    let child = counter.cast.children[0];
    let mut form = counter.form();
    form["representative"]["iin"] = json!(child);
    counter.deed("request", &form).await.unwrap();
    let view = counter.waits_until(tests::is_over).await.unwrap();
    is_refused(&view, &[("attorney-found", "attorney-for-another")], "another representative");
    let facts = view["shown"][0]["reasons"][0].to_string();
    assert!(!facts.contains(&counter.cast.iin.to_string()), "nobody learns whose power it is: {facts}");
}

#[tokio::test]
async fn what_is_entered_of_a_power_is_the_number_of_a_notarised_one() {
    let town = Town::up().await;
    let mut counter = Counter::visited_by(&town, Persona::AttorneyNotarised).await;
    counter.receives().await.unwrap();
    let right = counter.form();
    let (iin, name) = (json!(counter.cast.iin), json!(counter.cast.name));
    let number = &counter.cast.power.as_ref().unwrap().number.clone();
    let wrong = [
        ("power", json!({ "iin": iin, "name": name, "certified": "otherwise", "power": number })),
        ("power", json!({ "iin": iin, "name": name, "certified": "notary" })),
        ("power", json!({ "iin": iin, "name": name, "certified": "notary", "power": " " })),
        ("power", json!({ "iin": iin, "name": name, "certified": "notary", "power": "x".repeat(201) })),
        ("power", json!({ "iin": iin, "name": name, "certified": "notary", "power": "a\u{0}" })),
        ("name", json!({ "iin": iin, "name": "", "certified": "otherwise" })),
        ("iin", json!({ "iin": "12", "name": name, "certified": "otherwise" })),
        ("iin", json!({ "iin": counter.recipient(), "name": name, "certified": "notary", "power": number })),
        ("iin", json!({ "iin": counter.recipient(), "name": name, "certified": "otherwise" })),
    ];
    for (field, representative) in wrong {
        let mut form = right.clone();
        form["representative"] = representative.clone();
        let problem = counter.deed("request", &form).await.unwrap_err();
        assert_eq!((problem.code.code(), problem.status), ("invalid-value", 422), "{representative}");
        let fields = &problem.facts["fields"];
        assert!(fields[format!("representative.{field}")].is_string(), "{representative}: {problem}");
        assert_eq!(problem.paragraph.as_deref(), Some("11.2"));
    }
    let mut form = right.clone();
    form["service"] = "another-service".into();
    let problem = counter.deed("request", &form).await.unwrap_err();
    assert_eq!((problem.code.code(), problem.paragraph.as_deref()), ("unknown-service", Some("11.2")));
    assert_eq!(questions(&town, &counter.case(), "person-query").await, 0, "nobody was asked anything");
    let view = counter.asks_the_registers().await.expect("the right form is taken");
    assert_eq!(view["awaits"]["step"], "11.6");
}

#[tokio::test]
async fn blanks_around_what_was_copied_from_a_paper_change_nothing() {
    let town = Town::up().await;
    let mut counter = Counter::visited_by(&town, Persona::AttorneyNotarised).await;
    counter.receives().await.unwrap();
    let mut form = counter.form();
    for field in ["power", "name", "iin"] {
        form["representative"][field] =
            format!(" {}\u{a0}", form["representative"][field].as_str().unwrap()).into();
    }
    form["fields"]["applicant-iin"] = format!(" {} ", counter.recipient()).into();
    counter.deed("request", &form).await.unwrap();
    let view =
        counter.waits_until(|view| view["awaits"]["step"] == "11.6" || tests::is_over(view)).await.unwrap();
    assert_eq!(view["awaits"]["step"], "11.6", "{:#}", view["shown"]);
    counter.scans_the_papers().await.unwrap();
    let signed: Value = serde_json::from_slice(&counter.to_sign()).unwrap();
    assert_eq!(signed["counter"]["representative"], counter.representative());
}
