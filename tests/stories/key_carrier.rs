//! An act that says what the employee's key is on, and one whose counter refuses after the provider has looked.

use certs::{Iin, Profile};
use registries::ca::OrderRequest;
use serde_json::{Value, json};
use signer::{Bytes, Problem};
use tests::{Desk, Key, Town};

const REGULATION: &str = "mangystau-339-externat";
const PASSWORD: &str = "Correct-Horse-1";

/// A case at the counter, and the employee who sits at it.
struct Counter<'a> {
    town: &'a Town,
    key: Key,
    token: Option<String>,
    view: Value,
}

impl<'a> Counter<'a> {
    /// Everything up to the signature, for somebody who comes in person.
    async fn before_the_signature(town: &'a Town) -> Self {
        let systems = town.get("/control/systems").await.unwrap();
        let known = systems.as_array().unwrap().iter().find(|record| record["system"] == "workstation");
        let employee = Iin::never_issued(77);
        let order = OrderRequest {
            iin: Some(employee.to_string()),
            bin: known.unwrap()["bin"].as_str().map(str::to_owned),
            ..OrderRequest::of(Profile::Employee)
        };
        let key = Key::order(town, &order).await;
        let body = json!({ "iin": employee, "password": PASSWORD });
        let _: Value = town.client.put("/workstation/employees/aigul", &body).await.unwrap();
        let view = town.post("/workstation/cases", &json!({ "regulation": REGULATION })).await.unwrap();
        let mut counter = Self { town, key, token: None, view };
        counter.deed("presentation", &json!({ "documents": ["standard-documents"] })).await.unwrap();
        counter.deed("consent", &json!({ "consent": "given" })).await.unwrap();
        counter.deed("session", &json!({ "login": "aigul", "password": PASSWORD })).await.unwrap();
        let visitor = town.get("/people/personas/parent-with-child").await.unwrap();
        let fields = json!({
            "applicant-iin": visitor["cast"]["iin"], "applicant-name": "ҮЛГІБАЕВА СЫНАҚ",
            "student-iin": visitor["cast"]["children"][0], "student-name": "ҮЛГІБАЕВ СЫНАҚ", "school": "mektep-1",
        });
        counter.deed("request", &json!({ "service": REGULATION, "fields": fields })).await.unwrap();
        while counter.view["awaits"]["step"] != "10.5" {
            counter.waits().await;
        }
        let paper = Bytes(b"SPECIMEN".to_vec());
        let copies = json!([{ "name": "standard-documents", "mediaType": "text/plain", "content": paper }]);
        let body = json!({ "papers": ["standard-documents"], "copies": copies });
        counter.deed("papers", &body).await.unwrap();
        counter
    }

    fn case(&self) -> String {
        self.view["case"].as_str().unwrap().to_owned()
    }

    async fn deed(&mut self, deed: &str, body: &Value) -> Result<(), Problem> {
        let path = format!("/workstation/cases/{}/{deed}", self.case());
        self.view = self.town.client.post(&path, self.token.as_deref(), body).await?;
        if let Some(token) = self.view["token"].as_str() {
            self.token = Some(token.to_owned());
        }
        Ok(())
    }

    async fn waits(&mut self) {
        let path = format!("/workstation/cases/{}?after={}", self.case(), self.view["version"]);
        self.view = self.town.client.get(&path, self.token.as_deref()).await.unwrap();
    }

    fn signature(&self) -> Bytes {
        let content = Bytes::from_base64(self.view["to_sign"]["content"].as_str().unwrap()).unwrap();
        self.key.sign(&content.0)
    }
}

#[tokio::test]
async fn who_signs_says_that_the_key_is_where_the_act_wants_it() {
    let town = Town::up().await;
    let mut counter = Counter::before_the_signature(&town).await;
    let signature = counter.signature();
    let problem = counter.deed("signature", &json!({ "signature": signature })).await.unwrap_err();
    assert_eq!((problem.code.code(), problem.paragraph.as_deref()), ("invalid-value", Some("10.5")));
    assert!(problem.facts["fields"]["carrier"].is_string(), "{problem}");
    let body = json!({ "signature": signature, "carrier": "kaztoken" });
    counter.deed("signature", &body).await.unwrap();
    assert_eq!(counter.view["carrier"], "kaztoken");
    assert!(counter.view["registration"].is_null(), "the act has no incoming number");
}

#[tokio::test]
async fn the_counter_refuses_with_what_the_provider_found() {
    let town = Town::up().await;
    let mut counter = Counter::before_the_signature(&town).await;
    let body = json!({ "signature": counter.signature(), "carrier": "kaztoken" });
    counter.deed("signature", &body).await.unwrap();
    let (desk, case) = (Desk::of(&town), counter.case());
    desk.task_at(&case, "10.7").await.unwrap();
    let decision = json!({ "failing": ["documents-conform"], "grounds": "ҮЛГІ: құжат басқа адамдікі" });
    desk.decides(&case, &decision).await.unwrap();
    desk.signs(&case, &desk.staff(Profile::AuthorisedPerson).await).await.unwrap();
    while counter.view["position"]["state"] != "ended" {
        counter.waits().await;
    }
    let shown = &counter.view["shown"][0];
    assert_eq!((&shown["code"], &shown["step"]), (&json!("application-not-accepted"), &json!("10.8")));
    assert_eq!(shown["paper"]["document"], "acceptance-refusal-receipt");
    assert_eq!(shown["paper"]["grounds"], "ҮЛГІ: құжат басқа адамдікі");
    assert!(shown["document"].is_object(), "the provider's refusal, as it was signed");
}
