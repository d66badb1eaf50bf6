//! The provider's desk: decisions, signatures, places and queues.

use std::collections::BTreeSet;

use certs::Profile;
use registries::ca::OrderRequest;
use serde_json::{Value, json};
use signer::Bytes;
use tests::{Citizen, Desk, Town};

/// An application that has arrived at the desk.
async fn has_applied(town: &Town) -> Citizen<'_> {
    let mut citizen = Citizen::arrives(town).await;
    citizen.applies().await.unwrap();
    Desk::of(town).task(&citizen.case()).await.unwrap();
    citizen
}

#[tokio::test]
async fn there_is_nothing_at_the_desk_before_it_arrives() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.enters().await.unwrap();
    citizen.fills_in().await.unwrap();
    let (desk, case) = (Desk::of(&town), citizen.case());
    let looking = desk.task_now(&case).await.unwrap_err();
    let deciding = desk.decides(&case, &json!({ "failing": [] })).await.unwrap_err();
    let staff = desk.staff(Profile::AuthorisedPerson).await;
    let signing = desk.signs(&case, &staff).await.unwrap_err();
    for problem in [looking, deciding, signing] {
        assert_eq!((problem.code.code(), problem.status), ("not-found", 404));
        assert_eq!(problem.system.as_deref(), Some("provider"));
    }
    citizen.signs().await.unwrap();
    assert_eq!(desk.task(&case).await.unwrap()["awaits"]["decides"], json!(["documents-conform"]));
}

#[tokio::test]
async fn staff_see_what_the_recipient_signed_and_attached() {
    let town = Town::up().await;
    let citizen = has_applied(&town).await;
    let task = Desk::of(&town).task_now(&citizen.case()).await.unwrap();
    assert_eq!(task["application"]["declared"], citizen.iin.to_string());
    assert_eq!(task["attachments"], citizen.form()["copies"]);
    let tasks = town.get("/provider/cases").await.unwrap();
    assert!(tasks.as_array().unwrap().iter().any(|task| task["case"] == citizen.case()));
}

#[tokio::test]
async fn a_decision_against_the_documents_needs_grounds() {
    let town = Town::up().await;
    let citizen = has_applied(&town).await;
    let (desk, case) = (Desk::of(&town), citizen.case());
    let table = [
        json!({ "failing": ["documents-conform"] }),
        json!({ "failing": ["documents-conform"], "grounds": "" }),
        json!({ "failing": ["documents-conform"], "grounds": " \n\t " }),
        json!({ "failing": ["documents-conform"], "grounds": "x".repeat(2_001) }),
        json!({ "failing": [], "grounds": "x".repeat(2_001) }),
    ];
    for decision in &table {
        let problem = desk.decides(&case, decision).await.unwrap_err();
        assert_eq!((problem.code.code(), problem.status), ("decision-incomplete", 422));
        assert_eq!(
            (problem.paragraph.as_deref(), problem.system.as_deref()),
            (Some("12.9"), Some("provider"))
        );
    }
    let refused = town.refusals(&case).await;
    assert_eq!(
        refused,
        vec![("provider".into(), "decision".into(), "decision-incomplete".into()); table.len()]
    );
    let view = desk
        .decides(&case, &json!({ "failing": ["documents-conform"], "grounds": "x".repeat(2_000) }))
        .await
        .unwrap();
    assert_eq!(view["awaits"]["step"], "12.10");
}

#[tokio::test]
async fn a_decision_is_made_once() {
    let town = Town::up().await;
    let citizen = has_applied(&town).await;
    let (desk, case) = (Desk::of(&town), citizen.case());
    let staff = desk.staff(Profile::AuthorisedPerson).await;
    let signing = desk.signs(&case, &staff).await.unwrap_err();
    assert_eq!((signing.code.code(), signing.paragraph.as_deref()), ("step-out-of-order", Some("12.9")));
    desk.accepts(&case).await.unwrap();
    for decision in
        [json!({ "failing": [] }), json!({ "failing": ["documents-conform"], "grounds": "second thoughts" })]
    {
        let problem = desk.decides(&case, &decision).await.unwrap_err();
        assert_eq!((problem.code.code(), problem.paragraph.as_deref()), ("step-out-of-order", Some("12.11")));
    }
    desk.signs(&case, &staff).await.unwrap();
    let again = desk.signs(&case, &staff).await.unwrap_err();
    assert_eq!(again.code.code(), "step-out-of-order");
}

#[tokio::test]
async fn the_grounds_reach_the_recipient_in_a_refusal_that_staff_signed() {
    let town = Town::up().await;
    let mut citizen = has_applied(&town).await;
    let (desk, case) = (Desk::of(&town), citizen.case());
    let staff = desk.staff(Profile::AuthorisedPerson).await;
    let grounds = "Туу туралы куәлік басқа балаға берілген";
    desk.decides(&case, &json!({ "failing": ["documents-conform"], "grounds": grounds })).await.unwrap();
    desk.signs(&case, &staff).await.unwrap();
    let view = citizen.waits_for_the_end().await.unwrap();
    assert_eq!(view["position"], json!({ "state": "ended", "at": "12.10b", "end": "refusal" }));
    let shown = &view["shown"][0];
    assert_eq!((&shown["code"], &shown["kind"]), (&"documents-refused".into(), &"refusal".into()));
    assert_eq!(issued(shown)["grounds"], grounds);
    let verification = format!("/portal/cases/{case}/verification");
    let verdicts: Value = town.client.get(&verification, citizen.token.as_deref()).await.unwrap();
    assert_eq!(verdicts[0]["accepted"], true, "{verdicts}");
}

/// The document inside of what was shown.
fn issued(shown: &Value) -> Value {
    let content = shown["document"]["content"].as_str().unwrap_or_default();
    serde_json::from_slice(&Bytes::from_base64(content).unwrap().0).unwrap()
}

#[tokio::test]
async fn only_the_providers_authorised_person_signs() {
    let town = Town::up().await;
    let mut citizen = has_applied(&town).await;
    let (desk, case) = (Desk::of(&town), citizen.case());
    desk.accepts(&case).await.unwrap();
    let other_bin = |order| OrderRequest { bin: Some("auto".to_owned()), ..order };
    let authorised = Profile::AuthorisedPerson;
    let revoked = desk.staff(authorised).await;
    let path = format!("/ca/certificates/{}/revocation", revoked.serial);
    town.post(&path, &json!({ "reason": "cessationOfOperation" })).await.unwrap();
    let table = [
        ("role-not-allowed", desk.staff(Profile::Employee).await),
        ("role-not-allowed", desk.staff(Profile::Head).await),
        ("role-not-allowed", desk.staff(Profile::ServiceCentreEmployee).await),
        ("role-not-allowed", desk.staff(Profile::InformationSystem).await),
        ("identity-mismatch", desk.staff_with(authorised, other_bin).await),
        ("certificate-revoked", revoked),
    ];
    for (code, key) in &table {
        let problem = desk.signs(&case, key).await.unwrap_err();
        assert_eq!((problem.code.code(), problem.status), (*code, 422), "{problem}");
        assert_eq!(
            (problem.paragraph.as_deref(), problem.system.as_deref()),
            (Some("12.11"), Some("provider"))
        );
    }
    let person = desk.signs(&case, &citizen.key).await.unwrap_err();
    assert_eq!(person.code.code(), "identity-other-kind", "{person}");
    let codes: Vec<String> = town.refusals(&case).await.into_iter().map(|(_, _, code)| code).collect();
    assert_eq!(codes.len(), table.len() + 1, "each try is in the journal: {codes:?}");
    let good = desk.staff(authorised).await;
    desk.signs(&case, &good).await.expect("the case still waits");
    assert_eq!(citizen.waits_for_the_end().await.unwrap()["position"]["end"], "result");
}

#[tokio::test]
async fn staff_sign_what_was_given_out_and_nothing_else() {
    let town = Town::up().await;
    let citizen = has_applied(&town).await;
    let (desk, case) = (Desk::of(&town), citizen.case());
    desk.accepts(&case).await.unwrap();
    let staff = desk.staff(Profile::AuthorisedPerson).await;
    let path = format!("/provider/cases/{case}/signature");
    let table = [
        ("signature-malformed", Bytes(b"no cms".to_vec())),
        ("signature-invalid", staff.sign(b"a referral to anywhere")),
    ];
    for (code, signature) in table {
        let problem = town.post(&path, &json!({ "signature": signature })).await.unwrap_err();
        assert_eq!((problem.code.code(), problem.paragraph.as_deref()), (code, Some("12.11")));
    }
    desk.signs(&case, &staff).await.expect("the case still waits");
}

/// Citizens who ask for the same preschool; their applications have arrived.
async fn ask_for_one_preschool<'a>(town: &'a Town, organisation: &str, count: usize) -> Vec<Citizen<'a>> {
    let mut citizens = Vec::new();
    for _ in 0..count {
        let mut citizen = Citizen::arrives(town).await;
        citizen.enters().await.unwrap();
        let mut form = citizen.form();
        form["fields"]["organisation"] = organisation.into();
        citizen.deed("request", &form).await.unwrap();
        citizen.signs().await.unwrap();
        Desk::of(town).task(&citizen.case()).await.unwrap();
        citizens.push(citizen);
    }
    citizens
}

/// Decides all cases at once; what was given out to be signed for each.
async fn all_are_decided_at_once(town: &Town, citizens: &[Citizen<'_>]) -> Vec<Value> {
    let mut deciding = tokio::task::JoinSet::new();
    for citizen in citizens {
        let (client, case) = (town.client.clone(), citizen.case());
        deciding.spawn(async move { Desk::at(&client).decides(&case, &json!({ "failing": [] })).await });
    }
    let views = deciding.join_all().await;
    views
        .into_iter()
        .map(|view| {
            let content = view.expect("every decision goes through")["to_sign"]["content"].clone();
            let content = Bytes::from_base64(content.as_str().unwrap()).unwrap();
            serde_json::from_slice(&content.0).unwrap()
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_cases_for_the_last_place_one_gets_it_and_the_other_a_number() {
    let town = Town::up().await;
    for round in 0..6 {
        let organisation = format!("balabaqsha-{round}");
        Desk::of(&town).publishes_places(&organisation, 1).await.unwrap();
        let citizens = ask_for_one_preschool(&town, &organisation, 2).await;
        let mut documents: Vec<(String, Value)> = all_are_decided_at_once(&town, &citizens)
            .await
            .iter()
            .map(|issue| (issue["document"].as_str().unwrap().to_owned(), issue["queue_number"].clone()))
            .collect();
        documents.sort_by_key(|(document, _)| document.clone());
        assert_eq!(documents, [("queue-notice".to_owned(), json!(1)), ("referral".to_owned(), Value::Null)]);
        let places = town.get(&format!("/provider/places/{organisation}")).await.unwrap();
        assert_eq!(places, json!({ "free": 0 }));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn numbers_in_a_queue_have_no_gaps_and_no_doubles() {
    let town = Town::up().await;
    let citizens = ask_for_one_preschool(&town, "balabaqsha", 24).await;
    let issues = all_are_decided_at_once(&town, &citizens).await;
    let mut numbers: Vec<u64> = issues.iter().filter_map(|issue| issue["queue_number"].as_u64()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=24).collect::<Vec<u64>>());
    let other = ask_for_one_preschool(&town, "other-balabaqsha", 1).await;
    assert_eq!(
        all_are_decided_at_once(&town, &other).await[0]["queue_number"],
        1,
        "each has a queue of its own"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn three_places_are_three_referrals_whoever_comes_first() {
    let town = Town::up().await;
    Desk::of(&town).publishes_places("balabaqsha", 3).await.unwrap();
    let citizens = ask_for_one_preschool(&town, "balabaqsha", 8).await;
    let issues = all_are_decided_at_once(&town, &citizens).await;
    let referrals = issues.iter().filter(|issue| issue["document"] == "referral").count();
    let mut numbers: Vec<u64> = issues.iter().filter_map(|issue| issue["queue_number"].as_u64()).collect();
    numbers.sort_unstable();
    assert_eq!((referrals, numbers), (3, vec![1, 2, 3, 4, 5]));
}

#[tokio::test]
async fn every_case_of_a_desk_is_listed_however_many_there_are() {
    let town = Town::up().await;
    let mut opened = BTreeSet::new();
    for _ in 0..101 {
        let body = json!({ "regulation": "akmola-a7-295-adoption-payment", "channel": "office" });
        let case = town.post("/provider/cases", &body).await.unwrap();
        opened.insert(case["case"].as_str().unwrap().to_owned());
    }
    let listed = town.get("/provider/cases?waiting=true").await.unwrap();
    let listed: Vec<&str> =
        listed.as_array().unwrap().iter().map(|case| case["case"].as_str().unwrap()).collect();
    assert_eq!(listed.len(), 101);
    assert_eq!(listed.into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), opened);
}
