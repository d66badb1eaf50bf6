//! Offices: on paper, by hand; and where staff file at the portal for whoever comes.

use certs::{Clock, Profile};
use gateway::sandbox::Options;
use gateway::world::Plan;
use serde_json::{Value, json};
use signer::{Code, System};
use tests::{Office, Town};

const ADMISSION: &str = "kyzylorda-1056-preschool-admission";
const QUEUE: &str = "kyzylorda-1056-preschool-queue";

/// A package on paper that the clerk of a preschool has taken in.
async fn taken_in(town: &Town) -> Office<'_> {
    let mut office = Office::visited(town, System::Provider, ADMISSION, "office").await;
    office.deed("presentation", &json!({ "documents": ["standard-documents"] })).await.unwrap();
    let mut form = office.form(ADMISSION);
    form["fields"].as_object_mut().unwrap().remove("organisation");
    office.deed("request", &form).await.unwrap();
    office
}

#[tokio::test]
async fn a_contract_on_paper_goes_from_hand_to_hand_and_crosses_no_system() {
    let town = Town::up().await;
    let mut office = taken_in(&town).await;
    assert_eq!(office.awaited(), ("6.2", "provider-clerk"));
    assert_eq!(
        (&office.view["awaits"]["within"], &office.view["awaits"]["overdue"]),
        (&json!("5 min"), &json!(false))
    );
    let view = office.works("provider-clerk", &["accept"]).await.unwrap();
    assert!(view["registration"]["number"].as_str().is_some_and(|number| number.starts_with("TEST-")));
    assert_eq!(view["registration"]["accepted_by"]["role"], "provider-clerk");
    office.works("provider-executor", &["examine"]).await.unwrap();
    office.deed("decision", &json!({ "failing": [] })).await.unwrap();
    office.works("provider-executor", &["draft"]).await.unwrap();
    assert_eq!(office.awaited(), ("6.4", "provider-head"));
    assert_eq!(office.view["to_sign"], Value::Null, "the head signs by hand: there are no bytes to sign");
    office.works("provider-head", &["sign-by-hand"]).await.unwrap();
    let to = office.recipient;
    let view = office.deed("handover", &json!({ "to": to })).await.unwrap();
    let shown = &view["shown"][0];
    assert_eq!((&shown["kind"], &shown["code"]), (&json!("result"), &json!("contract")));
    assert_eq!(shown["document"], Value::Null);
    assert_eq!(shown["paper"]["by_hand"]["person"], "provider-head");
    assert_eq!(shown["paper"]["specimen"], "ҮЛГІ / ОБРАЗЕЦ / SPECIMEN – TEST");
    let given = town.get("/provider/results").await.unwrap();
    assert_eq!((&given[0]["case"], &given[0]["document"]), (&json!(office.case), &json!("contract")));
    let journal = town.journal(&office.case).await;
    assert!(journal.iter().all(|entry| entry["body"]["message_id"].is_null()), "nothing crossed");
}

#[tokio::test]
async fn work_is_done_by_whose_it_is_and_as_it_is_awaited() {
    let town = Town::up().await;
    let mut office = taken_in(&town).await;
    let refused = office.works("provider-head", &["accept"]).await.unwrap_err();
    assert_eq!((refused.code.code(), refused.step.as_deref()), ("invalid-value", Some("6.2")));
    assert!(refused.detail.as_deref().is_some_and(|detail| detail.contains("provider-clerk")), "{refused}");
    let refused = office.works("provider-clerk", &["draft"]).await.unwrap_err();
    assert_eq!(refused.code, Code::StepOutOfOrder, "{refused}");
    let refused = office.works("provider-clerk", &["accept", "examine"]).await.unwrap_err();
    assert!(refused.detail.as_deref().is_some_and(|detail| detail.contains("examine")), "{refused}");
    let refused = office.works("provider-clerk", &["sign"]).await.unwrap_err();
    assert!(refused.facts["fields"]["does"].is_string(), "a signature is no work: {refused}");
    let body = json!({ "by": "provider-clerk", "does": ["accept"], "executor": "somebody" });
    let refused = office.deed("work", &body).await.unwrap_err();
    assert!(refused.facts["fields"]["executor"].is_string(), "{refused}");
    office.works("provider-clerk", &["accept"]).await.unwrap();
    let refused = office.works("provider-clerk", &["accept"]).await.unwrap_err();
    assert_eq!(refused.code, Code::StepOutOfOrder, "what is done is done: {refused}");
}

#[tokio::test]
async fn a_limit_holds_for_all_steps_of_its_paragraph() {
    let clock = Some(Clock::frozen_at("2019-03-11T05:00:00Z".parse().unwrap()).state());
    let town = Town::with(Options::ephemeral(Plan { clock, ..Plan::following(Town::regulations()) })).await;
    let mut office = taken_in(&town).await;
    office.works("provider-clerk", &["accept"]).await.unwrap();
    // Fifteen minutes for examining, deciding and drafting together.
    let due = json!("2019-03-11T05:15:00Z");
    assert_eq!((office.awaited().0, &office.view["awaits"]["due"]), ("6.3", &due));
    town.post("/control/clock", &json!({ "advance": "10 minutes" })).await.unwrap();
    office.works("provider-executor", &["examine"]).await.unwrap();
    let awaits = &office.view["awaits"];
    assert_eq!((&awaits["step"], &awaits["due"], &awaits["overdue"]), (&json!("6.3b"), &due, &json!(false)));
    assert_eq!(awaits["within"], "15 min");
    town.post("/control/clock", &json!({ "advance": "6 minutes" })).await.unwrap();
    office.deed("decision", &json!({ "failing": [] })).await.unwrap();
    let awaits = &office.view["awaits"];
    assert_eq!((&awaits["step"], &awaits["due"], &awaits["overdue"]), (&json!("6.3c"), &due, &json!(true)));
    office.works("provider-executor", &["draft"]).await.unwrap();
    let awaits = &office.view["awaits"];
    assert_eq!((&awaits["step"], &awaits["due"]), (&json!("6.4"), &json!("2019-03-11T05:21:00Z")));
}

#[tokio::test]
async fn grounds_to_refuse_come_back_signed_by_hand() {
    let town = Town::up().await;
    let mut office = taken_in(&town).await;
    office.works("provider-clerk", &["accept"]).await.unwrap();
    office.works("provider-executor", &["examine"]).await.unwrap();
    let decision = json!({ "failing": ["no-grounds-to-refuse"], "grounds": "ҮЛГІ: орын жоқ" });
    office.deed("decision", &decision).await.unwrap();
    assert_eq!(office.awaited().1, "provider-head");
    office.works("provider-head", &["sign-by-hand"]).await.unwrap();
    let to = office.recipient;
    let view = office.deed("handover", &json!({ "to": to })).await.unwrap();
    assert_eq!(view["position"]["end"], "refusal");
    assert_eq!(view["shown"][0]["paper"]["grounds"], "ҮЛГІ: орын жоқ");
    assert_eq!(view["shown"][0]["paper"]["by_hand"]["person"], "provider-head");
}

/// The executor has filed for somebody who was represented by law, and the queue has answered.
async fn filed_at_the_portal(town: &Town) -> Office<'_> {
    let mut office = Office::visited(town, System::Portal, QUEUE, "office").await;
    let presented = json!({ "documents": ["birth-certificate", "identity-document"] });
    office.deed("presentation", &presented).await.unwrap();
    let representative = json!({ "iin": office.child, "name": "ӨКІЛ СЫНАҚ", "certified": "law" });
    office.deed("request", &json!({ "representative": representative })).await.unwrap();
    office.child = certs::Iin::never_issued(99);
    let form = office.form(QUEUE);
    office.deed("request", &form).await.unwrap();
    assert_eq!(office.awaited().1, "provider-executor");
    let signed: Value = serde_json::from_slice(
        &signer::Bytes::from_base64(office.view["to_sign"]["content"].as_str().unwrap()).unwrap().0,
    )
    .unwrap();
    assert!(signed["declared"].as_str().unwrap().starts_with("BIN"), "staff sign for their organisation");
    assert_eq!(signed["counter"]["representative"]["certified"], "law");
    assert_eq!(signed["counter"]["consent"], Value::Null, "the act has none taken at the office");
    office
}

#[tokio::test]
async fn what_an_executor_files_comes_to_the_cabinet_of_who_came() {
    let town = Town::up().await;
    let mut office = filed_at_the_portal(&town).await;
    let came = office.view["representative"]["iin"].as_str().unwrap().to_owned();
    let account = json!({ "iin": came, "password": "Correct-Horse-1" });
    town.client.send("/portal/accounts", &account).await.unwrap();
    let stranger = office.staff_key(System::Workstation, Profile::Employee).await;
    let refused = office.signs(&stranger).await.unwrap_err();
    assert_eq!(refused.code, Code::IdentityMismatch, "the Corporation is not the provider: {refused}");
    office.looks().await.unwrap();
    let key = office.staff_key(System::Provider, Profile::Employee).await;
    office.signs(&key).await.unwrap();

    let mut queue = Office::at(&town, System::Queue, &office.case).await;
    queue.deed("decision", &json!({ "failing": [] })).await.unwrap();
    let authorised = queue.staff_key(System::Provider, Profile::AuthorisedPerson).await;
    queue.signs(&authorised).await.unwrap();

    let session = town.post("/portal/sessions", &account).await.unwrap();
    let token = session["token"].as_str();
    let mut cabinet: Value = town.client.get("/portal/cabinet", token).await.unwrap();
    while cabinet[0]["position"]["state"] != "ended" {
        let path = format!("/portal/cases/{}?after={}", office.case, cabinet[0]["version"]);
        let _: Value = town.client.get(&path, token).await.unwrap();
        cabinet = town.client.get("/portal/cabinet", token).await.unwrap();
    }
    assert_eq!(cabinet.as_array().map(Vec::len), Some(1));
    assert_eq!(cabinet[0]["shown"][0]["code"], "queue-notice");
    let refused = office.looks().await.unwrap_err();
    assert_eq!(refused.code, Code::NotSignedIn, "what is in a cabinet is shown to its owner: {refused}");
    let other = json!({ "iin": certs::Iin::never_issued(12345), "password": "Correct-Horse-1" });
    town.client.send("/portal/accounts", &other).await.unwrap();
    let session = town.post("/portal/sessions", &other).await.unwrap();
    let nothing: Value = town.client.get("/portal/cabinet", session["token"].as_str()).await.unwrap();
    assert_eq!(nothing, json!([]), "it is nobody else's");
    assert_eq!(town.client.send("/portal/accounts", &other).await.unwrap_err().code, Code::AlreadyRegistered);
}
