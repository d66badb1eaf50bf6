//! An act that knows its recipients by IIN or BIN: one of them, compared with the certificate's in kind.

use certs::{Bin, Iin, Profile};
use registries::ca::OrderRequest;
use serde_json::{Value, json};
use signer::{Bytes, Problem, System};
use tests::{Citizen, Desk, Key, Town};
use uuid::Uuid;

const REGULATION: &str = "akmola-a7-295-adoption-payment";

/// An organisation at the portal.
struct Organisation<'a> {
    town: &'a Town,
    bin: Bin,
    case: String,
    token: Option<String>,
    view: Value,
}

impl<'a> Organisation<'a> {
    async fn arrives(town: &'a Town) -> Self {
        let bin = Bin::generated(Uuid::new_v4().as_u64_pair().0 >> 32);
        let view = town.post("/portal/cases", &json!({ "regulation": REGULATION })).await.unwrap();
        let case = view["case"].as_str().unwrap().to_owned();
        Self { town, bin, case, token: None, view }
    }

    async fn deed(&mut self, deed: &str, body: &Value) -> Result<Value, Problem> {
        let path = format!("/portal/cases/{}/{deed}", self.case);
        let answer: Value = self.town.client.post(&path, self.token.as_deref(), body).await?;
        if let Some(token) = answer["token"].as_str() {
            self.token = Some(token.to_owned());
        }
        self.view = answer.clone();
        Ok(answer)
    }

    async fn enters(&mut self) {
        let credentials = json!({ "bin": self.bin, "password": "Correct-Horse-1" });
        self.deed("account", &credentials).await.unwrap();
        self.deed("session", &credentials).await.unwrap();
    }

    /// Somebody's key who may sign for an organisation.
    async fn key(&self, bin: Bin) -> Key {
        let order =
            OrderRequest { bin: Some(bin.to_string()), ..OrderRequest::of(Profile::AuthorisedPerson) };
        Key::order(self.town, &order).await
    }

    fn form(key: &Key, identity: &Value) -> Value {
        let child = Iin::never_issued(11);
        let mut fields = json!({
            "applicant-name": "ҮЛГІ ЖШС TEST", "child-iin": child, "child-name": "ҮЛГІБАЕВА СЫНАҚ",
        });
        fields.as_object_mut().unwrap().extend(identity.as_object().unwrap().clone());
        let paper = Bytes(b"SPECIMEN".to_vec());
        json!({
            "service": REGULATION,
            "fields": fields,
            "copies": [{ "name": "standard-documents", "mediaType": "text/plain", "content": paper }],
            "certificate": key.certificate.pem(),
        })
    }
}

#[tokio::test]
async fn an_organisation_is_known_by_its_bin_from_the_account_to_the_decision() {
    let town = Town::up().await;
    let mut who = Organisation::arrives(&town).await;
    who.enters().await;
    let key = who.key(who.bin).await;
    let form = Organisation::form(&key, &json!({ "applicant-bin": who.bin }));
    who.deed("request", &form).await.unwrap();
    let content = Bytes::from_base64(who.view["to_sign"]["content"].as_str().unwrap()).unwrap().0;
    let application: Value = serde_json::from_slice(&content).unwrap();
    assert_eq!(application["declared"], format!("BIN{}", who.bin));
    who.deed("signature", &json!({ "signature": key.sign(&content) })).await.unwrap();

    let desk = Desk::of(&town);
    let task = desk.task(&who.case).await.unwrap();
    assert_eq!(task["awaits"]["does"], json!(["accept"]), "the act has nothing checked here");
    for (by, does) in [
        ("provider-clerk", json!(["accept"])),
        ("provider-head", json!(["examine", "assign"])),
        ("responsible-executor", json!(["draft"])),
    ] {
        desk.works(&who.case, by, &does).await.unwrap();
    }
    let authorised = desk.staff(Profile::AuthorisedPerson).await;
    let problem = desk.signs(&who.case, &authorised).await.unwrap_err();
    assert_eq!(problem.code.code(), "role-not-allowed", "the act wants the head's key: {problem}");
    desk.signs(&who.case, &desk.staff(Profile::Head).await).await.unwrap();

    while who.view["position"]["state"] != "ended" {
        let path = format!("/portal/cases/{}?after={}", who.case, who.view["version"]);
        who.view = town.client.get(&path, who.token.as_deref()).await.unwrap();
    }
    assert_eq!(who.view["position"]["end"], "result");
    assert_eq!(who.view["shown"][0]["code"], "decision");
}

#[tokio::test]
async fn at_the_office_the_decision_is_handed_to_the_organisation_and_to_nobody_else() {
    let town = Town::up().await;
    let mut office = tests::Office::visited(&town, System::Provider, REGULATION, "office").await;
    office.deed("presentation", &json!({ "documents": ["standard-documents"] })).await.unwrap();
    let bin = Bin::generated(7);
    let fields = json!({
        "applicant-name": "ҮЛГІ ЖШС TEST", "applicant-bin": bin,
        "child-iin": office.child, "child-name": "ҮЛГІБАЕВА СЫНАҚ",
    });
    office.deed("request", &json!({ "service": REGULATION, "fields": fields })).await.unwrap();
    for (by, does) in [
        ("provider-clerk", &["accept"] as &[&str]),
        ("provider-head", &["examine", "assign"]),
        ("responsible-executor", &["draft"]),
    ] {
        office.works(by, does).await.unwrap();
    }
    let head = office.staff_key(System::Provider, Profile::Head).await;
    office.signs(&head).await.unwrap();
    assert_eq!(office.awaited(), ("8.5", "provider-clerk"));
    // The same digits are no IIN, and another BIN is somebody else.
    for (to, code) in [
        (office.recipient.to_string(), "not-the-recipient"),
        (format!("BIN{}", Bin::generated(8)), "not-the-recipient"),
        (format!("BIN{}", &bin.to_string()[1..]), "invalid-value"),
    ] {
        let problem = office.deed("handover", &json!({ "to": to })).await.unwrap_err();
        assert_eq!(
            (problem.code.code(), problem.paragraph.as_deref()),
            (code, Some("8.5")),
            "{to}: {problem}"
        );
    }
    let view = office.deed("handover", &json!({ "to": format!("BIN{bin}") })).await.unwrap();
    assert_eq!(
        (&view["position"]["end"], &view["handed_to"]),
        (&json!("result"), &json!(format!("BIN{bin}")))
    );
}

#[tokio::test]
async fn the_certificate_is_compared_with_the_number_of_the_same_kind() {
    let town = Town::up().await;
    for (certificate_of_another, code) in [(true, "identity-mismatch"), (false, "identity-other-kind")] {
        let mut who = Organisation::arrives(&town).await;
        who.enters().await;
        let key = if certificate_of_another {
            who.key(Bin::generated(5)).await
        } else {
            Key::order(
                &town,
                &OrderRequest { iin: Some("auto".to_owned()), ..OrderRequest::of(Profile::Individual) },
            )
            .await
        };
        let form = Organisation::form(&key, &json!({ "applicant-bin": who.bin }));
        let view = who.deed("request", &form).await.unwrap();
        assert_eq!(view["shown"][0]["code"], "eds-not-confirmed", "{view}");
        let reasons = view["shown"][0]["reasons"].as_array().unwrap();
        assert_eq!(reasons.len(), 1);
        assert_eq!((&reasons[0]["check"], &reasons[0]["code"]), (&json!("identity-matches"), &json!(code)));
    }
}

#[tokio::test]
async fn one_number_is_given_and_not_both() {
    let town = Town::up().await;
    let mut who = Organisation::arrives(&town).await;
    let iin = Iin::never_issued(12);
    let both = json!({ "iin": iin, "bin": who.bin, "password": "Correct-Horse-1" });
    let neither = json!({ "password": "Correct-Horse-1" });
    for (body, field) in [(both, "bin"), (neither, "iin")] {
        let problem = who.deed("account", &body).await.unwrap_err();
        assert_eq!(problem.code.code(), "invalid-value", "{problem}");
        assert!(problem.facts["fields"][field].is_string(), "{problem}");
    }
    who.enters().await;
    let key = who.key(who.bin).await;
    for identity in [json!({}), json!({ "applicant-bin": who.bin, "applicant-iin": iin })] {
        let form = Organisation::form(&key, &identity);
        let problem = who.deed("request", &form).await.unwrap_err();
        let fields = problem.facts["fields"].as_object().unwrap();
        assert!(fields.contains_key("applicant-bin") && fields.contains_key("applicant-iin"), "{problem}");
    }
}

#[tokio::test]
async fn an_account_of_a_bin_is_not_one_of_the_same_digits_as_iin() {
    let town = Town::up().await;
    let mut who = Organisation::arrives(&town).await;
    who.deed("account", &json!({ "bin": who.bin, "password": "Correct-Horse-1" })).await.unwrap();
    let view = who.deed("session", &json!({ "iin": who.bin, "password": "Correct-Horse-1" })).await.unwrap();
    assert_eq!(view["shown"][0]["code"], "authorisation-refused");
    assert!(view["token"].is_null());
}

#[tokio::test]
async fn an_act_that_speaks_of_the_iin_alone_takes_no_bin() {
    let town = Town::up().await;
    let mut citizen = Citizen::arrives(&town).await;
    let body = json!({ "bin": Bin::generated(3), "password": "Correct-Horse-1" });
    for deed in ["account", "session"] {
        let problem = citizen.deed(deed, &body).await.unwrap_err();
        assert_eq!(problem.code.code(), "invalid-value", "{problem}");
        assert!(problem.facts["fields"]["bin"].is_string(), "{problem}");
    }
    citizen.enters().await.unwrap();
}
