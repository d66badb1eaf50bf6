//! Complaints: registered with a term, answered by a head, taken on to the body that controls quality, and to court.

use certs::{Clock, Profile};
use gateway::sandbox::Options;
use gateway::world::Plan;
use serde_json::{Value, json};
use signer::System;
use tests::{Citizen, Office, Town};

const PASSPORT: &str = "passport-preschool-queue";

async fn town() -> Town {
    // Wednesday.
    let clock = Some(Clock::frozen_at("2026-11-25T06:00:00Z".parse().unwrap()).state());
    Town::with(Options::ephemeral(Plan { clock, ..Plan::following(Town::regulations()) })).await
}

/// Somebody who complains, with the case at the portal.
struct Complainant<'a> {
    citizen: Citizen<'a>,
    town: &'a Town,
}

impl<'a> Complainant<'a> {
    async fn writes(town: &'a Town, about: &str) -> Self {
        let mut citizen = Citizen::arrives(town).await;
        let body = json!({ "regulation": PASSPORT, "channel": "complaint" });
        citizen.view = town.post("/portal/cases", &body).await.unwrap();
        citizen.deed("account", &citizen.credentials()).await.unwrap();
        citizen.deed("session", &citizen.credentials()).await.unwrap();
        let fields = json!({
            "applicant-iin": citizen.iin, "applicant-name": "ҮЛГІБАЕВА СЫНАҚ", "about": about,
            "decision": "ҮЛГІ: шешім", "complaint": "ҮЛГІ: шағымның мәні",
        });
        citizen.deed("request", &json!({ "service": PASSPORT, "fields": fields })).await.unwrap();
        let mut complainant = Self { citizen, town };
        complainant.signs().await;
        complainant
    }

    async fn signs(&mut self) {
        let content = self.citizen.view["to_sign"]["content"].as_str().unwrap();
        let content = signer::Bytes::from_base64(content).unwrap().0;
        let signature = self.citizen.key.sign(&content);
        self.citizen.deed("signature", &json!({ "signature": signature })).await.unwrap();
    }

    async fn waits_until(&mut self, so: impl Fn(&Value) -> bool) -> Value {
        while !so(&self.citizen.view) {
            let path =
                format!("/portal/cases/{}?after={}", self.citizen.case(), self.citizen.view["version"]);
            self.citizen.view = self.town.client.get(&path, self.citizen.token.as_deref()).await.unwrap();
        }
        self.citizen.view.clone()
    }
}

#[tokio::test]
async fn a_complaint_gets_a_number_a_name_and_a_term() {
    let town = town().await;
    let mut who = Complainant::writes(&town, "provider").await;
    let mut office = Office::at(&town, System::Provider, &who.citizen.case()).await;
    assert_eq!(office.awaited(), ("7.2", "provider-clerk"));
    assert_eq!(office.view["fields"]["complaint"], "ҮЛГІ: шағымның мәні");
    let taken = json!({ "by": "provider-clerk", "name": "ҮЛГІБАЕВА А. TEST", "does": ["accept"] });
    office.deed("work", &taken).await.unwrap();
    let view = who.waits_until(|view| view["registration"].is_object()).await;
    let stamp = &view["registration"];
    assert!(stamp["number"].as_str().unwrap().starts_with("TEST-"));
    assert_eq!(stamp["accepted_by"], json!({ "role": "provider-clerk", "name": "ҮЛГІБАЕВА А. TEST" }));
    assert_eq!(stamp["registered_at"], "2026-11-25T06:00:00Z");
    assert_eq!(
        stamp["answer_due"], "2026-12-02T13:00:00Z",
        "five working days, six in the evening in Almaty"
    );
    assert!(stamp["organisation"]["name"].is_string(), "where the answer is to be had");

    assert_eq!(office.awaited(), ("7.4", "provider-head"));
    assert_eq!(office.view["awaits"]["due"], "2026-12-02T13:00:00Z");
    town.post("/control/clock", &json!({ "advance": "8 days" })).await.unwrap();
    office.looks().await.unwrap();
    assert_eq!(office.view["awaits"]["overdue"], true);
    let body = json!({ "by": "provider-head", "does": ["examine"], "note": "ҮЛГІ: шағым қанағаттандырылды" });
    office.deed("work", &body).await.unwrap();
    let head = office.staff_key(System::Provider, Profile::Head).await;
    office.signs(&head).await.unwrap();
    // A session lasts for a day's work.
    let session = town.post("/portal/sessions", &who.citizen.credentials()).await.unwrap();
    who.citizen.token = session["token"].as_str().map(str::to_owned);
    let view = who.waits_until(|view| view["awaits"]["decides"] == json!(["answer-accepted"])).await;
    let shown = &view["shown"][0];
    assert_eq!(shown["code"], "complaint-answer");
    let answer = shown["document"]["content"].as_str().unwrap();
    let answer: Value = serde_json::from_slice(&signer::Bytes::from_base64(answer).unwrap().0).unwrap();
    assert_eq!(answer["grounds"], "ҮЛГІ: шағым қанағаттандырылды");
}

#[tokio::test]
async fn who_is_not_content_goes_on_to_the_body_and_to_court() {
    let town = town().await;
    let mut who = Complainant::writes(&town, "corporation").await;
    let case = who.citizen.case();
    let mut counter = Office::at(&town, System::Workstation, &case).await;
    assert_eq!(counter.awaited().1, "corporation-employee");
    counter.works("corporation-employee", &["accept"]).await.unwrap();
    counter.works("corporation-head", &["examine"]).await.unwrap();
    let head = counter.staff_key(System::Workstation, Profile::Head).await;
    counter.signs(&head).await.unwrap();
    who.waits_until(|view| view["awaits"]["decides"] == json!(["answer-accepted"])).await;
    let no = json!({ "failing": ["answer-accepted"], "grounds": "ҮЛГІ: келіспеймін" });
    let view = who.citizen.deed("decision", &no).await.unwrap();
    assert_eq!(view["awaits"]["step"], "7.5", "{view:#}");
    who.signs().await;

    let mut body = Office::at(&town, System::QualityControl, &case).await;
    body.works("quality-officer", &["accept"]).await.unwrap();
    assert_eq!(body.awaited(), ("7.6", "quality-officer"));
    assert_eq!(body.view["awaits"]["within"], "15 working days");
    body.works("quality-officer", &["examine"]).await.unwrap();
    let stranger = body.staff_key(System::Provider, Profile::AuthorisedPerson).await;
    assert_eq!(body.signs(&stranger).await.unwrap_err().code.code(), "identity-mismatch");
    body.looks().await.unwrap();
    let officer = body.staff_key(System::QualityControl, Profile::AuthorisedPerson).await;
    body.signs(&officer).await.unwrap();
    who.waits_until(|view| view["awaits"]["step"] == "7.6d").await;
    let view = who.citizen.deed("decision", &no).await.unwrap();
    assert_eq!((&view["position"]["state"], &view["position"]["end"]), (&json!("ended"), &json!("refusal")));
    let codes: Vec<&Value> = view["shown"].as_array().unwrap().iter().map(|shown| &shown["code"]).collect();
    assert_eq!(codes, ["complaint-answer", "complaint-answer", "go-to-court"]);
    let status = town.get(&format!("/contact-centre/status/{case}")).await.unwrap();
    let at = |system: &str| status.as_array().unwrap().iter().any(|one| one["system"] == system);
    assert!(at("portal") && at("workstation") && at("quality-control") && !at("provider"), "{status:#}");
}

#[tokio::test]
async fn the_contact_centre_says_what_the_act_leaves_to_the_passport() {
    let town = town().await;
    let said = town.get("/contact-centre/information/mangystau-182-preschool-queue").await.unwrap();
    let on = |topic: &str| said.as_array().unwrap().iter().filter(|one| one["topic"] == topic).count();
    assert!(on("price") == 1 && on("complaint") > 0 && on("information") > 0, "{said:#}");
    let price = said.as_array().unwrap().iter().find(|one| one["topic"] == "price").unwrap();
    assert_eq!(price["regulation"], PASSPORT, "the act itself says nothing of it");
    let channels = said.as_array().unwrap().iter().find(|one| one["topic"] == "channels").unwrap();
    assert_eq!(channels["regulation"], "mangystau-182-preschool-queue", "what the act says stands");
    let externat = town.get("/contact-centre/information/mangystau-339-externat").await.unwrap();
    assert!(externat.as_array().unwrap().iter().all(|one| one["regulation"] == "mangystau-339-externat"));
    let unknown = town.get("/contact-centre/information/nothing").await.unwrap_err();
    assert_eq!(unknown.code.code(), "unknown-service");
    let nowhere = town.get("/contact-centre/status/00000000-0000-0000-0000-000000000000").await.unwrap_err();
    assert_eq!(nowhere.code.code(), "not-found");
}
