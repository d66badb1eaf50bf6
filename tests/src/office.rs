//! An office or a body where several people work on a case, each at their turn.

use gateway::play::Client;
use serde_json::{Value, json};
use signer::{Problem, System};

use crate::{Key, Town};
use certs::{Iin, Profile};
use registries::ca::OrderRequest;

/// A case at the desks of one system.
pub struct Office<'a> {
    client: &'a Client,
    system: System,
    /// The case's id.
    pub case: String,
    /// The case as it was last seen.
    pub view: Value,
    /// For whom the service is asked for.
    pub recipient: Iin,
    /// The child.
    pub child: Iin,
}

impl<'a> Office<'a> {
    /// Somebody comes, and a case of a channel is opened.
    pub async fn visited(town: &'a Town, system: System, regulation: &str, channel: &str) -> Self {
        let body = json!({ "regulation": regulation, "channel": channel });
        let view: Value =
            town.client.post(&format!("/{system}/cases"), None, &body).await.expect("a case is opened");
        let number = uuid::Uuid::new_v4().as_u64_pair().0 >> 32;
        let case = view["case"].as_str().unwrap_or_default().to_owned();
        let (recipient, child) = (Iin::never_issued(number), Iin::never_issued(number + 1));
        Self { client: &town.client, system, case, view, recipient, child }
    }

    /// The desk of another system, where the case has come to.
    pub async fn at(town: &'a Town, system: System, case: &str) -> Self {
        let path = format!("/{system}/cases/{case}?after=0");
        let view: Value = town.client.get(&path, None).await.expect("the case arrives");
        let nobody = Iin::never_issued(0);
        Self { client: &town.client, system, case: case.to_owned(), view, recipient: nobody, child: nobody }
    }

    /// A deed at the case.
    pub async fn deed(&mut self, deed: &str, body: &Value) -> Result<Value, Problem> {
        let path = format!("/{}/cases/{}/{deed}", self.system, self.case);
        self.view = self.client.post(&path, None, body).await?;
        Ok(self.view.clone())
    }

    /// Somebody does work; a head determines an executor.
    pub async fn works(&mut self, by: &str, does: &[&str]) -> Result<Value, Problem> {
        let executor = does.contains(&"assign").then_some("ОРЫНДАУШЫ СЫНАҚ");
        self.deed("work", &json!({ "by": by, "does": does, "executor": executor })).await
    }

    /// The form of a regulation whose fields are called as usual.
    pub fn form(&self, service: &str) -> Value {
        json!({
            "service": service,
            "fields": {
                "applicant-iin": self.recipient, "applicant-name": "ҮЛГІБАЕВА СЫНАҚ", "child-iin": self.child,
                "child-name": "ҮЛГІБАЕВ СЫНАҚ", "organisation": format!("balabaqsha-{}", self.case),
            },
        })
    }

    /// Signs what was given out.
    pub async fn signs(&mut self, key: &Key) -> Result<Value, Problem> {
        let content = self.view["to_sign"]["content"].as_str().unwrap_or_default();
        let content = signer::Bytes::from_base64(content).unwrap_or_default().0;
        self.deed("signature", &json!({ "signature": key.sign(&content) })).await
    }

    /// The key of somebody who works for the organisation behind a system.
    pub async fn staff_key(&self, organisation: System, profile: Profile) -> Key {
        let systems: Vec<Value> = self.client.get("/control/systems", None).await.expect("the systems");
        let known = systems.iter().find(|record| record["system"] == organisation.name());
        let bin = known.and_then(|record| record["bin"].as_str()).map(str::to_owned);
        let iin = Some(Iin::never_issued(5).to_string());
        Key::order_at(self.client, &OrderRequest { iin, bin, ..OrderRequest::of(profile) }).await
    }

    /// Looks at the case as it is now.
    pub async fn looks(&mut self) -> Result<Value, Problem> {
        self.view = self.client.get(&format!("/{}/cases/{}", self.system, self.case), None).await?;
        Ok(self.view.clone())
    }

    /// What is awaited: the step, and who is to act.
    pub fn awaited(&self) -> (&str, &str) {
        let text = |name: &str| self.view["awaits"][name].as_str().unwrap_or_default();
        (text("step"), text("by"))
    }
}
