//! Consent: taken, refused, not needed; and what happens without it.

use gateway::exchange::{About, Consent, ConsentState, Payload, Query};
use gateway::regulation::Message;
use registries::people::Persona;
use serde_json::{Value, json};
use signer::{Sealed, System, SystemIdentity};
use tests::{Counter, Town, envelope, query};
use uuid::Uuid;

/// What a register noted of questions.
async fn noted(town: &Town, register: System) -> Vec<Value> {
    town.client.get(&format!("/{register}/queries"), None).await.unwrap()
}

/// Messages between systems that the journal has of a case.
async fn crossed(town: &Town, case: &str) -> usize {
    town.journal(case).await.iter().filter(|entry| entry["body"]["message_id"].is_string()).count()
}

#[tokio::test]
async fn without_consent_it_ends_and_nothing_leaves_the_workstation() {
    let town = Town::up().await;
    let mut counter = Counter::visited_by(&town, Persona::AttorneyNotarised).await;
    let view = counter.deed("consent", &json!({ "consent": "refused" })).await.unwrap();
    assert_eq!(view["position"], json!({ "state": "ended", "at": "9-p3c", "end": "refusal" }));
    let shown = &view["shown"][0];
    assert_eq!((&shown["code"], &shown["kind"]), (&"consent-refused".into(), &"refusal".into()));
    assert_eq!(shown["reasons"][0]["code"], "consent-not-given");
    for (deed, body) in [
        ("consent", json!({ "consent": "given" })),
        ("package", json!({ "presented": tests::REQUIRED })),
        ("session", counter.credentials()),
        ("request", counter.form()),
    ] {
        let problem = counter.deed(deed, &body).await.unwrap_err();
        assert_eq!((problem.code.code(), problem.status), ("step-out-of-order", 409), "{deed}: {problem}");
    }
    assert_eq!(crossed(&town, &counter.case()).await, 0);
    assert_eq!(noted(&town, System::People).await, Vec::<Value>::new());
}

#[tokio::test]
async fn the_law_that_does_without_consent_is_named_and_only_then() {
    let town = Town::up().await;
    let mut counter = Counter::visited_by(&town, Persona::ParentWithChild).await;
    let law = "ҮЛГІ заң / закон-ОБРАЗЕЦ";
    let wrong = [
        json!({ "consent": "not-required" }),
        json!({ "consent": "not-required", "ground": null }),
        json!({ "consent": "not-required", "ground": "" }),
        json!({ "consent": "not-required", "ground": " \u{a0}\n" }),
        json!({ "consent": "not-required", "ground": "x".repeat(501) }),
        json!({ "consent": "not-required", "ground": "a\u{0}b" }),
        json!({ "consent": "given", "ground": law }),
        json!({ "consent": "refused", "ground": law }),
    ];
    for body in &wrong {
        let problem = counter.deed("consent", body).await.unwrap_err();
        assert_eq!((problem.code.code(), problem.status), ("invalid-value", 422), "{body}");
        assert!(problem.facts["fields"]["ground"].is_string(), "{problem}");
        assert_eq!(
            (problem.paragraph.as_deref(), problem.system.as_deref()),
            (Some("9-p3"), Some("workstation"))
        );
    }
    for body in [json!({}), json!({ "consent": "yes" }), json!({ "consent": true }), json!("given")] {
        let problem = counter.deed("consent", &body).await.unwrap_err();
        assert_eq!(problem.code.code(), "malformed-json", "{body}");
    }
    let view = counter.deed("consent", &json!({ "consent": "not-required", "ground": law })).await.unwrap();
    assert_eq!(view["awaits"]["step"], "10");
    counter.looks_through_the_papers().await.unwrap();
    counter.signs_in().await.unwrap();
    counter.asks_the_registers().await.unwrap();
    let asked = noted(&town, System::People).await;
    assert_eq!(asked[0]["query"]["consent"]["state"], "not-required");
    assert_eq!(asked[0]["query"]["consent"]["ground"], law);
    counter.scans_the_papers().await.unwrap();
    let signed: Value = serde_json::from_slice(&counter.to_sign()).unwrap();
    assert_eq!(signed["counter"]["consent"], asked[0]["query"]["consent"], "the same in the application");
}

#[tokio::test]
async fn registers_note_who_asked_what_with_which_consent() {
    let town = Town::up().await;
    let mut counter = Counter::visited_by(&town, Persona::AttorneyNotarised).await;
    counter.receives().await.unwrap();
    assert_eq!(noted(&town, System::People).await.len(), 0);
    counter.asks_the_registers().await.unwrap();
    let number = &counter.cast.power.as_ref().unwrap().number;
    for (register, about) in [
        (System::People, json!({ "of": "person", "iin": counter.recipient() })),
        (System::Notary, json!({ "of": "power", "number": number })),
    ] {
        let asked = noted(&town, register).await;
        assert_eq!(asked.len(), 1, "{asked:?}");
        assert_eq!((&asked[0]["by"], &asked[0]["found"]), (&"workstation".into(), &true.into()));
        let query = &asked[0]["query"];
        assert_eq!(query["about"], about);
        assert_eq!((&query["case"], &query["employee"]), (&counter.case().into(), &json!(counter.employee)));
        assert_eq!(query["consent"]["state"], "given");
    }
}

/// Consents with which nobody is told anything.
fn no_consents() -> Vec<Option<Consent>> {
    let said = |state, ground: Option<&str>| {
        let taken_at = certs::Clock::system().now();
        Some(Consent { state, ground: ground.map(str::to_owned), taken_at })
    };
    vec![
        None,
        said(ConsentState::Refused, None),
        said(ConsentState::Refused, Some("a law")),
        said(ConsentState::NotRequired, None),
        said(ConsentState::NotRequired, Some("  ")),
    ]
}

/// A question that a system seals by hand.
fn asks(asking: &SystemIdentity, sending: &SystemIdentity, query: &Query) -> (Payload, Sealed) {
    let payload = tests::question(query, asking);
    let sealed = envelope(sending, &payload).seal(sending).unwrap();
    (payload, sealed)
}

#[tokio::test]
async fn a_question_without_consent_is_refused_by_the_gateway_and_by_the_registers() {
    let town = Town::up().await;
    let (workstation, gateway) = (town.identity(System::Workstation), town.identity(System::Gateway));
    let person = About::Person { iin: "000000000000".to_owned() };
    let power = About::Power { number: "TEST-1".to_owned() };
    let ways = [
        (System::Gateway, &workstation, person.clone(), "11.3"),
        (System::Gateway, &workstation, power.clone(), "11.3b"),
        (System::People, &gateway, person, "11.3"),
        (System::Notary, &gateway, power, "11.3b"),
    ];
    for (to, sending, about, step) in ways {
        for consent in no_consents() {
            let query = Query { consent: consent.clone(), ..query(Uuid::new_v4(), about.clone()) };
            let (payload, sealed) = asks(&workstation, sending, &query);
            let problem = town.deliver_raw(to, &sealed).await.is("consent-missing");
            assert_eq!(
                (problem.status, problem.step.as_deref()),
                (403, Some(step)),
                "{consent:?}: {problem}"
            );
            assert_eq!(problem.system.as_deref(), Some(to.name()));
            let refused = town.refusals(&payload.case.to_string()).await;
            let message = query.about.message().word().to_owned();
            assert_eq!(refused, [(to.name().to_owned(), message, "consent-missing".to_owned())]);
        }
        assert_eq!(noted(&town, System::People).await.len() + noted(&town, System::Notary).await.len(), 0);
    }
}

#[tokio::test]
async fn a_question_with_consent_that_nobody_but_the_workstation_may_ask() {
    let town = Town::up().await;
    let workstation = town.identity(System::Workstation);
    let about = About::Person { iin: "000000000000".to_owned() };
    let right = query(Uuid::new_v4(), about.clone());
    // Straight to the register, past the gateway.
    let (_, sealed) = asks(&workstation, &workstation, &right);
    let problem = town.deliver_raw(System::People, &sealed).await.is("route-unknown");
    assert_eq!(problem.system.as_deref(), Some("people"));
    // From a system that no step lets ask.
    for other in [System::Portal, System::Provider, System::RegionalWorkstation, System::Notary] {
        let (_, sealed) = asks(&workstation, &town.identity(other), &right);
        town.deliver_raw(System::Gateway, &sealed).await.is("route-unknown");
        // Sealed by the workstation, but not signed by it.
        let (payload, sealed) = asks(&town.identity(other), &workstation, &right);
        let problem = town.deliver_raw(System::Gateway, &sealed).await.is("certificate-not-bound");
        assert_eq!(problem.step.as_deref(), Some("11.3"), "{problem}");
        let noted = town.refusals(&payload.case.to_string()).await;
        let last = ("gateway".into(), "person-query".into(), "certificate-not-bound".into());
        assert_eq!(noted.last(), Some(&last));
    }
    assert_eq!(noted(&town, System::People).await, Vec::<Value>::new());
    let (_, sealed) = asks(&workstation, &workstation, &right);
    town.deliver(System::Gateway, &sealed).await.expect("the right one is answered");
    let asked = noted(&town, System::People).await;
    assert_eq!((asked.len(), &asked[0]["found"]), (1, &Value::Bool(false)));
}

#[tokio::test]
async fn a_question_that_is_not_what_its_message_says_is_refused() {
    let town = Town::up().await;
    let workstation = town.identity(System::Workstation);
    let about = About::Person { iin: "000000000000".to_owned() };
    let right = query(Uuid::new_v4(), about.clone());
    let payload = tests::question(&right, &workstation);
    let changes: [fn(&mut Payload); 4] = [
        |payload| payload.case = Uuid::new_v4(),
        |payload| payload.message = Message::AttorneyQuery,
        |payload| payload.carries = Some(gateway::regulation::End::Result),
        |payload| payload.document.media_type = "text/plain".to_owned(),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut payload = payload.clone();
        change(&mut payload);
        let sealed = envelope(&workstation, &payload).seal(&workstation).unwrap();
        let answer = town.deliver_raw(System::Gateway, &sealed).await;
        let code = answer.problem().code;
        assert!(["envelope-malformed", "route-unknown"].contains(&code.code()), "{number}: {code}");
    }
    let sealed = envelope(&workstation, &payload).seal(&workstation).unwrap();
    let mut portal = payload.clone();
    portal.channel = "portal".to_owned();
    let elsewhere = envelope(&workstation, &portal).seal(&workstation).unwrap();
    town.deliver_raw(System::Gateway, &elsewhere).await.is("route-unknown");
    assert_eq!(noted(&town, System::People).await, Vec::<Value>::new());
    town.deliver(System::Gateway, &sealed).await.expect("and the right one is answered");
}

#[tokio::test]
async fn the_same_question_twice_gets_the_first_answer() {
    let town = Town::up().await;
    let workstation = town.identity(System::Workstation);
    let cast = Counter::visited_by(&town, Persona::ParentWithChild).await.cast;
    let right = query(Uuid::new_v4(), About::Person { iin: cast.iin.to_string() });
    let (payload, sealed) = asks(&workstation, &workstation, &right);
    let first = town.deliver(System::Gateway, &sealed).await.unwrap();
    let again = town.deliver_raw(System::Gateway, &sealed).await.is("message-replayed");
    let data = |sealed: &Value| {
        let sealed: Sealed = serde_json::from_value(sealed.clone()).unwrap();
        sealed.open().unwrap().envelope.data
    };
    assert_eq!(data(&again.facts["sealed"]), data(&first));
    assert_eq!(again.facts["answer"], data(&first)["answer"]);
    assert_eq!(noted(&town, System::People).await.len(), 1, "the register was asked once");
    // The same question in another envelope is another message: it is answered, and noted once.
    let other = envelope(&workstation, &payload).seal(&workstation).unwrap();
    town.deliver(System::Gateway, &other).await.unwrap();
    assert_eq!(noted(&town, System::People).await.len(), 1);
}
