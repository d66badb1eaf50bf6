//! A counter of the State Corporation: an employee with a key, and whoever comes to them.

use certs::{Iin, Profile};
use gateway::play::Client;
use registries::ca::OrderRequest;
use registries::people::{Cast, Persona, Played};
use serde_json::{Value, json};
use signer::{Bytes, Problem, System};
use uuid::Uuid;

use crate::{Citizen, Key, Town};

/// The documents without which nobody is served, by their names in the form.
pub const REQUIRED: [&str; 2] = ["birth-certificate", "identity-document"];

/// An employee at the workstation, with a case for a visitor.
pub struct Counter<'a> {
    client: &'a Client,
    /// Who came, for whom, with what in hand.
    pub cast: Cast,
    /// The employee's number.
    pub employee: Iin,
    /// Their login.
    pub login: String,
    /// Their password.
    pub password: String,
    /// The key they sign with.
    pub key: Key,
    /// Their session.
    pub token: Option<String>,
    /// The case, as it was last seen.
    pub view: Value,
}

impl<'a> Counter<'a> {
    /// A persona comes to an employee who is new, with a flawless certificate.
    pub async fn visited_by(town: &'a Town, persona: Persona) -> Self {
        let played: Played =
            town.client.get(&format!("/people/personas/{persona}"), None).await.expect("a persona");
        Self::visited_at(&town.client, played.cast).await
    }

    /// The same, in the world of a client.
    pub async fn visited_at(client: &'a Client, cast: Cast) -> Self {
        let id = Uuid::new_v4();
        let employee = Iin::never_issued(id.as_u64_pair().0 >> 32);
        let key = Self::staff_key(client, employee, |order| order).await;
        let mut counter = Self {
            client,
            cast,
            employee,
            login: format!("employee-{}", id.simple()),
            password: "Correct-Horse-1".to_owned(),
            key,
            token: None,
            view: Value::Null,
        };
        counter.is_entered().await.expect("an employee");
        counter.opens_a_case().await.expect("a case");
        counter
    }

    /// A key of the Corporation's employee, or one whose order was changed.
    pub async fn staff_key(
        client: &Client,
        employee: Iin,
        order: impl FnOnce(OrderRequest) -> OrderRequest,
    ) -> Key {
        let systems: Vec<Value> = client.get("/control/systems", None).await.expect("the systems");
        let ours = systems.iter().find(|record| record["system"] == System::Workstation.name());
        let bin = ours.and_then(|record| record["bin"].as_str()).map(str::to_owned);
        let request =
            OrderRequest { iin: Some(employee.to_string()), bin, ..OrderRequest::of(Profile::Employee) };
        Key::order_at(client, &order(request)).await
    }

    /// The same counter with other computers: the systems were started again.
    pub fn with_client(self, client: &Client) -> Counter<'_> {
        let Self { cast, employee, login, password, key, token, view, .. } = self;
        Counter { client, cast, employee, login, password, key, token, view }
    }

    /// The administrator enters the employee, or gives them their password anew.
    pub async fn is_entered(&self) -> Result<Value, Problem> {
        let body = json!({ "iin": self.employee, "password": self.password });
        self.client.put(&format!("/workstation/employees/{}", self.login), &body).await
    }

    /// Opens a case of the service; the one before, if there was one, is left alone.
    pub async fn opens_a_case(&mut self) -> Result<Value, Problem> {
        let body = json!({ "regulation": Citizen::regulation() });
        self.view = self.client.post("/workstation/cases", None, &body).await?;
        Ok(self.view.clone())
    }

    /// The case's id.
    pub fn case(&self) -> String {
        self.view["case"].as_str().unwrap_or_default().to_owned()
    }

    /// The address of the case.
    pub fn path(&self) -> String {
        format!("/workstation/cases/{}", self.case())
    }

    /// A deed at the case.
    pub async fn deed(&mut self, deed: &str, body: &Value) -> Result<Value, Problem> {
        let path = format!("{}/{deed}", self.path());
        let answer: Value = self.client.post(&path, self.token.as_deref(), body).await?;
        if let Some(token) = answer["token"].as_str() {
            self.token = Some(token.to_owned());
        }
        self.view = answer.clone();
        Ok(answer)
    }

    /// The visitor agrees that their data are used.
    pub async fn takes_consent(&mut self) -> Result<Value, Problem> {
        self.deed("consent", &json!({ "consent": "given" })).await
    }

    /// The visitor has all that is needed.
    pub async fn looks_through_the_papers(&mut self) -> Result<Value, Problem> {
        self.deed("package", &json!({ "presented": REQUIRED })).await
    }

    /// Login and password.
    pub fn credentials(&self) -> Value {
        json!({ "login": self.login, "password": self.password })
    }

    /// The employee signs in.
    pub async fn signs_in(&mut self) -> Result<Value, Problem> {
        let credentials = self.credentials();
        self.deed("session", &credentials).await
    }

    /// Consent, papers, login: the form is on the screen.
    pub async fn receives(&mut self) -> Result<Value, Problem> {
        self.takes_consent().await?;
        self.looks_through_the_papers().await?;
        self.signs_in().await
    }

    /// For whom the service is asked for.
    pub fn recipient(&self) -> Iin {
        self.cast.recipient.unwrap_or(self.cast.iin)
    }

    /// Who came for the recipient, as the employee enters them; nobody when the recipient came.
    pub fn representative(&self) -> Value {
        let Some(power) = self.cast.power.as_ref().filter(|_| self.cast.recipient.is_some()) else {
            return Value::Null;
        };
        let who = json!({ "iin": self.cast.iin, "name": self.cast.name });
        let certified = if power.certified.is_registered() {
            json!({ "certified": "notary", "power": power.number })
        } else {
            json!({ "certified": "otherwise" })
        };
        merged(who, certified)
    }

    /// The form with everything in order.
    pub fn form(&self) -> Value {
        let recipient = self.recipient();
        let child = self.cast.children.first().copied().unwrap_or_else(|| Iin::never_issued(7));
        json!({
            "service": Citizen::regulation(),
            "fields": {
                "applicant-iin": recipient, "applicant-name": "ҮЛГІБАЕВА СЫНАҚ", "child-iin": child,
                "child-name": "ҮЛГІБАЕВ СЫНАҚ", "organisation": format!("balabaqsha-{}", self.case()),
            },
            "representative": self.representative(),
        })
    }

    /// Fills the form in, which sends the questions to the registers.
    pub async fn fills_in(&mut self) -> Result<Value, Problem> {
        let form = self.form();
        self.deed("request", &form).await
    }

    /// Fills the form in, and waits for what the registers answer: the papers are to be scanned, or it is over.
    pub async fn asks_the_registers(&mut self) -> Result<Value, Problem> {
        self.fills_in().await?;
        self.waits_until(|view| view["awaits"]["step"] == "11.6" || is_over(view)).await
    }

    /// The scans of the papers.
    pub fn scans(&self) -> Value {
        let scan = |name: &str| {
            let text = format!("SPECIMEN {name} holder {}", self.recipient());
            json!({ "name": name, "mediaType": "text/plain", "content": Bytes(text.into_bytes()) })
        };
        json!({ "papers": REQUIRED, "copies": REQUIRED.map(scan) })
    }

    /// Marks the papers and scans them.
    pub async fn scans_the_papers(&mut self) -> Result<Value, Problem> {
        let scans = self.scans();
        self.deed("papers", &scans).await
    }

    /// The bytes that were given out to be signed.
    pub fn to_sign(&self) -> Vec<u8> {
        let content = self.view["to_sign"]["content"].as_str().unwrap_or_default();
        Bytes::from_base64(content).unwrap_or_default().0
    }

    /// The employee signs what was given out.
    pub async fn signs(&mut self) -> Result<Value, Problem> {
        let signature = self.key.sign(&self.to_sign());
        self.deed("signature", &json!({ "signature": signature })).await
    }

    /// Everything until the signature is awaited.
    pub async fn is_about_to_sign(&mut self) -> Result<Value, Problem> {
        self.receives().await?;
        self.asks_the_registers().await?;
        self.scans_the_papers().await
    }

    /// Everything up to the acknowledgement.
    pub async fn applies(&mut self) -> Result<Value, Problem> {
        self.is_about_to_sign().await?;
        self.signs().await
    }

    /// Hands the result over.
    pub async fn hands_over(&mut self, to: Iin) -> Result<Value, Problem> {
        self.deed("handover", &json!({ "to": to })).await
    }

    /// Looks at the case as it is now.
    pub async fn looks(&mut self) -> Result<Value, Problem> {
        self.view = self.client.get(&self.path(), self.token.as_deref()).await?;
        Ok(self.view.clone())
    }

    /// Waits until the case is as it should be; every change is looked at.
    pub async fn waits_until(&mut self, so: impl Fn(&Value) -> bool) -> Result<Value, Problem> {
        while !so(&self.view) {
            let before = self.view["version"].clone();
            let path = format!("{}?after={before}", self.path());
            self.view = self.client.get(&path, self.token.as_deref()).await?;
            assert_ne!(self.view["version"], before, "nothing happens any more: {:#}", self.view);
        }
        Ok(self.view.clone())
    }
}

/// Whether nothing more will happen in a case.
pub fn is_over(view: &Value) -> bool {
    ["ended", "stopped"].contains(&view["position"]["state"].as_str().unwrap_or_default())
}

fn merged(mut object: Value, more: Value) -> Value {
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
    object
}
