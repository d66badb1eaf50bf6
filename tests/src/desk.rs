//! The provider's desk, and the people who sit at it.

use certs::Profile;
use gateway::play::Client;
use registries::ca::OrderRequest;
use serde_json::{Value, json};
use signer::{Bytes, Problem};

use crate::{Key, Town};

/// The desk of the provider of a world.
pub struct Desk<'a> {
    client: &'a Client,
}

impl<'a> Desk<'a> {
    /// The desk of a town.
    pub fn of(town: &'a Town) -> Self {
        Self::at(&town.client)
    }

    /// The desk that a client reaches.
    pub fn at(client: &'a Client) -> Self {
        Self { client }
    }

    /// The provider's BIN.
    pub async fn bin(&self) -> String {
        let systems: Vec<Value> = self.client.get("/control/systems", None).await.expect("the systems");
        let provider = systems.iter().find(|record| record["system"] == "provider").expect("a provider");
        provider["bin"].as_str().unwrap_or_default().to_owned()
    }

    /// Somebody who works for the provider.
    pub async fn staff(&self, profile: Profile) -> Key {
        self.staff_with(profile, |order| order).await
    }

    /// Somebody with a certificate of this order.
    pub async fn staff_with(
        &self,
        profile: Profile,
        order: impl FnOnce(OrderRequest) -> OrderRequest,
    ) -> Key {
        let request = OrderRequest { bin: Some(self.bin().await), ..OrderRequest::of(profile) };
        Key::order_at(self.client, &order(request)).await
    }

    /// The task of a case, once it has arrived.
    pub async fn task(&self, case: &str) -> Result<Value, Problem> {
        self.client.get(&format!("/provider/cases/{case}?after=0"), None).await
    }

    /// The task of a case as it is now, if it has arrived.
    pub async fn task_now(&self, case: &str) -> Result<Value, Problem> {
        self.client.get(&format!("/provider/cases/{case}"), None).await
    }

    /// The task of a case, once it waits at a step.
    pub async fn task_at(&self, case: &str, step: &str) -> Result<Value, Problem> {
        let mut task = self.task(case).await?;
        while task["awaits"]["step"] != step {
            let path = format!("/provider/cases/{case}?after={}", task["version"]);
            task = self.client.get(&path, None).await?;
        }
        Ok(task)
    }

    /// A decision on the documents.
    pub async fn decides(&self, case: &str, decision: &Value) -> Result<Value, Problem> {
        self.client.post(&format!("/provider/cases/{case}/decision"), None, decision).await
    }

    /// The documents conform.
    pub async fn accepts(&self, case: &str) -> Result<Value, Problem> {
        self.task(case).await?;
        self.decides(case, &json!({ "failing": [] })).await
    }

    /// Somebody does the work that waits for them; a head determines an executor.
    pub async fn works(&self, case: &str, by: &str, does: &Value) -> Result<Value, Problem> {
        let assigns = does.as_array().is_some_and(|does| does.iter().any(|verb| verb == "assign"));
        let executor = assigns.then_some("ОРЫНДАУШЫ СЫНАҚ");
        let body = json!({ "by": by, "does": does, "executor": executor });
        self.client.post(&format!("/provider/cases/{case}/work"), None, &body).await
    }

    /// What was given out to be signed.
    pub async fn to_sign(&self, case: &str) -> Vec<u8> {
        let task = self.task_now(case).await.unwrap_or_default();
        let content = task["to_sign"]["content"].as_str().unwrap_or_default();
        Bytes::from_base64(content).unwrap_or_default().0
    }

    /// Somebody signs what was given out.
    pub async fn signs(&self, case: &str, key: &Key) -> Result<Value, Problem> {
        let signature = key.sign(&self.to_sign(case).await);
        let body = json!({ "signature": signature });
        self.client.post(&format!("/provider/cases/{case}/signature"), None, &body).await
    }

    /// Says how many places an organisation has free.
    pub async fn publishes_places(&self, organisation: &str, free: u64) -> Result<Value, Problem> {
        self.client.put(&format!("/provider/places/{organisation}"), &json!({ "free": free })).await
    }
}
