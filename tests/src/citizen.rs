//! A recipient who does one deed after the other, by hand.

use certs::{AlgorithmPolicy, Certificate, Iin, KeyPair, Profile};
use gateway::play::Client;
use registries::ca::{Issued, OrderRequest};
use serde_json::{Value, json};
use signer::cms::{self, Mode};
use signer::{Bytes, Problem};
use uuid::Uuid;

use crate::Town;
use crate::town::REGULATION;

/// Somebody's key with its certificate.
pub struct Key {
    /// The key.
    pub key: KeyPair,
    /// Its certificate.
    pub certificate: Certificate,
    /// The registry's serial number.
    pub serial: String,
}

impl Key {
    /// Orders a key.
    pub async fn order(town: &Town, order: &OrderRequest) -> Self {
        Self::order_at(&town.client, order).await
    }

    /// Orders a key in the world of a client.
    pub async fn order_at(client: &Client, order: &OrderRequest) -> Self {
        let issued: Issued = client.post("/ca/certificates", None, order).await.expect("the order is taken");
        // Flaws may make it too weak for a key file to be opened.
        let key = KeyPair::from_pkcs8_pem_under(AlgorithmPolicy::Legacy, &issued.private_key);
        let certificate = Certificate::from_pem(&issued.kept.certificate).expect("a certificate");
        Self { key: key.expect("a key"), certificate, serial: issued.kept.serial }
    }

    /// A detached signature, as JSON takes it.
    pub fn sign(&self, content: &[u8]) -> Bytes {
        let at = certs::Clock::system().now();
        cms::sign(content, Mode::Detached, &self.key, &self.certificate, at).expect("it signs").into()
    }
}

/// A recipient with a key and a case.
pub struct Citizen<'a> {
    client: &'a Client,
    /// Their number.
    pub iin: Iin,
    /// Their password.
    pub password: String,
    /// The key they sign with.
    pub key: Key,
    /// Their session.
    pub token: Option<String>,
    /// Their case, as it was last seen.
    pub view: Value,
}

impl<'a> Citizen<'a> {
    /// Somebody new, with a flawless certificate and an open case.
    pub async fn arrives(town: &'a Town) -> Self {
        Self::arrives_with(town, |order| order).await
    }

    /// Somebody new, with a certificate of this order and an open case.
    pub async fn arrives_with(town: &'a Town, order: impl FnOnce(OrderRequest) -> OrderRequest) -> Self {
        Self::arrives_at(&town.client, order).await
    }

    /// Somebody new in the world of a client.
    pub async fn arrives_at(client: &'a Client, order: impl FnOnce(OrderRequest) -> OrderRequest) -> Self {
        let iin = Iin::never_issued(Uuid::new_v4().as_u64_pair().0 >> 32);
        let request = OrderRequest { iin: Some(iin.to_string()), ..OrderRequest::of(Profile::Individual) };
        let key = Key::order_at(client, &order(request)).await;
        let mut citizen =
            Self { client, iin, password: "Correct-Horse-1".to_owned(), key, token: None, view: Value::Null };
        citizen.opens_a_case().await.expect("a case");
        citizen
    }

    /// The same citizen with another browser: the systems were started again.
    pub fn with_client(self, client: &Client) -> Citizen<'_> {
        let Self { iin, password, key, token, view, .. } = self;
        Citizen { client, iin, password, key, token, view }
    }

    /// Looks at the case as it is now.
    pub async fn looks(&mut self) -> Result<Value, Problem> {
        let path = format!("/portal/cases/{}", self.case());
        self.view = self.client.get(&path, self.token.as_deref()).await?;
        Ok(self.view.clone())
    }

    /// Opens a case of the service; the one before, if there was one, is left alone.
    pub async fn opens_a_case(&mut self) -> Result<Value, Problem> {
        let body = json!({ "regulation": Self::regulation() });
        self.view = self.client.post("/portal/cases", None, &body).await?;
        Ok(self.view.clone())
    }

    /// The regulation's id, from its file.
    pub fn regulation() -> String {
        let line = REGULATION.lines().find(|line| line.starts_with("id ")).unwrap_or_default();
        line.split('"').nth(1).unwrap_or_default().to_owned()
    }

    /// The case's id.
    pub fn case(&self) -> String {
        self.view["case"].as_str().unwrap_or_default().to_owned()
    }

    /// A deed at the case.
    pub async fn deed(&mut self, deed: &str, body: &Value) -> Result<Value, Problem> {
        let path = format!("/portal/cases/{}/{deed}", self.case());
        let answer: Value = self.client.post(&path, self.token.as_deref(), body).await?;
        if let Some(token) = answer["token"].as_str() {
            self.token = Some(token.to_owned());
        }
        self.view = answer.clone();
        Ok(answer)
    }

    /// IIN and password.
    pub fn credentials(&self) -> Value {
        json!({ "iin": self.iin, "password": self.password })
    }

    /// Registers and signs in.
    pub async fn enters(&mut self) -> Result<Value, Problem> {
        let credentials = self.credentials();
        self.deed("account", &credentials).await?;
        self.deed("session", &credentials).await
    }

    /// The form with everything in order.
    pub fn form(&self) -> Value {
        let child = Iin::never_issued(7);
        let paper = |name: &str| {
            let text = format!("SPECIMEN {name} holder {} child {child}", self.iin);
            json!({ "name": name, "mediaType": "text/plain", "content": Bytes(text.into_bytes()) })
        };
        json!({
            "service": Self::regulation(),
            "fields": {
                "applicant-iin": self.iin, "applicant-name": "ҮЛГІБАЕВ СЫНАҚ", "child-iin": child,
                "child-name": "ҮЛГІБАЕВА СЫНАҚ", "organisation": format!("balabaqsha-{}", self.iin),
            },
            "copies": [paper("birth-certificate"), paper("identity-document")],
            "certificate": self.key.certificate.pem(),
        })
    }

    /// Fills the form in.
    pub async fn fills_in(&mut self) -> Result<Value, Problem> {
        let form = self.form();
        self.deed("request", &form).await
    }

    /// The bytes that were given out to be signed.
    pub fn to_sign(&self) -> Vec<u8> {
        let content = self.view["to_sign"]["content"].as_str().unwrap_or_default();
        Bytes::from_base64(content).unwrap_or_default().0
    }

    /// Signs what was given out.
    pub async fn signs(&mut self) -> Result<Value, Problem> {
        let signature = self.key.sign(&self.to_sign());
        self.deed("signature", &json!({ "signature": signature })).await
    }

    /// Everything up to the acknowledgement: account, session, form, signature.
    pub async fn applies(&mut self) -> Result<Value, Problem> {
        self.enters().await?;
        self.fills_in().await?;
        self.signs().await
    }

    /// Waits until the case is over.
    pub async fn waits_for_the_end(&mut self) -> Result<Value, Problem> {
        while !["ended", "stopped"].contains(&self.view["position"]["state"].as_str().unwrap_or_default()) {
            let before = self.view["version"].clone();
            self.waits().await?;
            if self.view["version"] == before {
                break;
            }
        }
        Ok(self.view.clone())
    }

    /// Waits until the case is newer than it was last seen, and looks at it.
    pub async fn waits(&mut self) -> Result<Value, Problem> {
        let path = format!("/portal/cases/{}?after={}", self.case(), self.view["version"]);
        self.view = self.client.get(&path, self.token.as_deref()).await?;
        Ok(self.view.clone())
    }
}
