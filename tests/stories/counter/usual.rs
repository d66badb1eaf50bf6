//! The usual way: what everybody sees, and what crosses.

use certs::Profile;
use registries::people::Persona;
use serde_json::{Value, json};
use signer::{Bytes, Document};
use tests::{Counter, Desk, Town};

/// The steps that a case waits at and the deeds that are awaited there.
fn awaited(view: &Value) -> (String, Value) {
    (view["awaits"]["step"].as_str().unwrap_or_default().to_owned(), view["awaits"]["does"].clone())
}

#[tokio::test]
async fn the_workstation_says_at_each_step_what_it_waits_for() {
    let town = Town::up().await;
    let mut counter = Counter::visited_by(&town, Persona::AttorneyNotarised).await;
    assert_eq!(awaited(&counter.view), ("9-p3".into(), json!(["consent"])));
    let view = counter.takes_consent().await.unwrap();
    assert_eq!((awaited(&view).0.as_str(), &view["awaits"]["decides"]), ("10", &json!(["package-complete"])));
    let view = counter.looks_through_the_papers().await.unwrap();
    assert_eq!(awaited(&view), ("11.1".into(), json!(["sign-in"])));
    let view = counter.signs_in().await.unwrap();
    assert_eq!(
        awaited(&view),
        ("11.2".into(), json!(["choose-service", "fill-form", "enter-representative"]))
    );
    assert_eq!(view["answers"], Value::Null, "nobody was asked anything yet");

    let view = counter.asks_the_registers().await.unwrap();
    assert_eq!(awaited(&view), ("11.6".into(), json!(["mark-papers", "scan", "attach-copies", "sign"])));
    assert_eq!(view["to_sign"], Value::Null, "there is nothing to sign before the papers are scanned");
    let cast = &counter.cast;
    let answers = view["answers"].as_array().unwrap();
    assert_eq!(answers.len(), 3, "{answers:#?}");
    let child = cast.children.first().unwrap();
    assert_eq!(
        answers[0]["about"],
        json!({ "of": "documents", "iin": cast.recipient.unwrap(), "child": child })
    );
    let documents = &answers[0]["found"]["documents"];
    assert!(documents["identity"]["number"].is_string() && documents["birth_certificate"].is_object());
    assert_eq!(answers[1]["found"]["person"]["iin"], json!(cast.recipient.unwrap()));
    let power = cast.power.as_ref().unwrap();
    assert_eq!(answers[2]["about"], json!({ "of": "power", "number": power.number }));
    assert_eq!(answers[2]["found"]["power"]["state"], "valid");
    assert_eq!(answers[2]["found"]["power"]["power"]["representative"], json!(cast.iin));

    let view = counter.scans_the_papers().await.unwrap();
    assert_eq!(awaited(&view), ("11.6".into(), json!(["sign"])));
    let given_out: Value = serde_json::from_slice(&counter.to_sign()).unwrap();
    assert_eq!(given_out["declared"], json!(counter.employee), "the employee signs, not the recipient");
    assert_eq!(given_out["fields"]["applicant-iin"], json!(counter.recipient()));
    assert_eq!(given_out["counter"]["consent"]["state"], "given");
    assert_eq!(given_out["counter"]["representative"], counter.representative());
    let view = counter.signs().await.unwrap();
    assert_eq!((&view["awaits"], &view["to_sign"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn the_number_that_arrives_is_the_one_in_the_registration_journal() {
    let town = Town::up().await;
    let mut counter = Counter::visited_by(&town, Persona::ParentWithChild).await;
    counter.applies().await.unwrap();
    let view = counter.waits_until(|view| view["registration"].is_object()).await.unwrap();
    let journal = town.get("/regional-workstation/registrations").await.unwrap();
    assert_eq!(journal, json!([view["registration"]]));
    assert_eq!(view["registration"]["case"], counter.case());
    assert!(view["registration"]["number"].as_str().unwrap().starts_with("TEST-"), "{view}");
    let task = Desk::of(&town).task(&counter.case()).await.unwrap();
    assert_eq!(task["application"]["counter"]["papers"], counter.scans()["papers"]);
    assert_eq!(task["attachments"], counter.scans()["copies"]);
}

/// A result that waits at the counter for whoever came.
async fn has_a_result(town: &Town, persona: Persona) -> Counter<'_> {
    let mut counter = Counter::visited_by(town, persona).await;
    counter.applies().await.unwrap();
    let (desk, case) = (Desk::of(town), counter.case());
    desk.accepts(&case).await.unwrap();
    let staff = desk.staff(Profile::AuthorisedPerson).await;
    desk.signs(&case, &staff).await.unwrap();
    counter.waits_until(|view| view["awaits"]["step"] == "11.11").await.unwrap();
    counter
}

#[tokio::test]
async fn the_result_is_handed_to_the_recipient_or_their_representative_and_to_nobody_else() {
    let town = Town::up().await;
    for (persona, to_recipient) in [
        (Persona::ParentWithChild, true),
        (Persona::AttorneyNotarised, true),
        (Persona::AttorneyNotarised, false),
        (Persona::AttorneyOtherwiseCertified, false),
    ] {
        let mut counter = has_a_result(&town, persona).await;
        assert_eq!(awaited(&counter.view).1, json!(["hand-over"]));
        assert_eq!(counter.view["shown"], json!([]), "nothing is shown before it is handed over");
        let child = counter.cast.children[0];
        for stranger in [child, counter.employee] {
            let problem = counter.hands_over(stranger).await.unwrap_err();
            assert_eq!((problem.code.code(), problem.status), ("not-the-recipient", 403), "{problem}");
            assert_eq!(
                (problem.paragraph.as_deref(), problem.system.as_deref()),
                (Some("11.11"), Some("workstation"))
            );
        }
        for nobody in ["", "12", "000000000001", "٠١٢٣٤٥٦٧٨٩٠١"] {
            let problem = counter.deed("handover", &json!({ "to": nobody })).await.unwrap_err();
            assert_eq!((problem.code.code(), problem.paragraph.as_deref()), ("invalid-value", Some("11.11")));
        }
        let to = if to_recipient { counter.recipient() } else { counter.cast.iin };
        let view = counter.hands_over(to).await.unwrap();
        assert_eq!(view["position"], json!({ "state": "ended", "at": "11.11", "end": "result" }));
        assert_eq!(view["handed_to"], json!(to));
        let document: Document = serde_json::from_value(view["shown"][0]["document"].clone()).unwrap();
        let issued: Value = serde_json::from_slice(&document.verify().unwrap().content).unwrap();
        assert_eq!((&issued["document"], &issued["case"]), (&"queue-notice".into(), &counter.case().into()));
        let again = counter.hands_over(to).await.unwrap_err();
        assert_eq!(again.code.code(), "step-out-of-order", "it is handed over once");
        let refused = town.refusals(&counter.case()).await;
        assert_eq!(refused.len(), 7, "each try is in the journal: {refused:?}");
    }
}

#[tokio::test]
async fn messages_cross_in_the_order_of_the_act_and_no_password_is_in_the_journal() {
    let town = Town::up().await;
    let mut counter = has_a_result(&town, Persona::AttorneyNotarised).await;
    counter.hands_over(counter.cast.iin).await.unwrap();
    let path = format!("/control/journal?case={}&settled=true", counter.case());
    let journal: Vec<Value> = town.client.get(&path, None).await.unwrap();
    let mut entered: Vec<String> = Vec::new();
    for body in journal.iter().map(|entry| &entry["body"]) {
        let between_systems = body["message_id"].is_string() && body["seen"] == "entering";
        if between_systems && body["message"] != "registration" {
            let word = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
            entered.push(format!("{} → {}: {}", word("from"), word("to"), word("message")));
            assert_eq!(body["accepted"], true, "{body}");
        }
    }
    // A question is noted with its answer: whoever was asked last notes it first.
    let expected = [
        "gateway → registers: documents-query",
        "workstation → gateway: documents-query",
        "registers → gateway: documents-answer",
        "gateway → workstation: documents-answer",
        "gateway → people: person-query",
        "workstation → gateway: person-query",
        "people → gateway: person-answer",
        "gateway → workstation: person-answer",
        "gateway → notary: attorney-query",
        "workstation → gateway: attorney-query",
        "notary → gateway: attorney-answer",
        "gateway → workstation: attorney-answer",
        "workstation → gateway: application",
        "gateway → regional-workstation: application",
        "regional-workstation → provider: assignment",
        "provider → regional-workstation: outcome",
        "regional-workstation → gateway: outcome",
        "gateway → workstation: outcome",
    ];
    assert_eq!(entered, expected);
    let text = serde_json::to_string(&journal).unwrap();
    assert!(!text.contains(&counter.password), "no password is written down");
    for system in [signer::System::Workstation, signer::System::Gateway, signer::System::People] {
        let password = town.identity(system).password;
        assert!(!text.contains(&password), "not that of the {system} either");
        assert!(!text.contains(&Bytes(password.into_bytes()).to_base64()), "nor in base64");
    }
    assert!(!text.contains(counter.token.as_deref().unwrap()), "nor is a session");
}
