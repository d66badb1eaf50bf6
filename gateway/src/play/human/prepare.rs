//! What has to be so before a case begins, and its beginning.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use signer::{Code, Problem, System};

use super::{ASKED_AGAIN, Human, Unready};
use crate::regulation::{Fact, Person, Step, Verb};
use crate::systems::desk::DeskCase;

impl Human<'_> {
    /// What has to be so before the case begins: free places, routes, accounts.
    pub(super) async fn prepare(&mut self) -> Result<(), Unready> {
        let (client, channel) = (&self.play.client, self.selected.channel);
        let organisation = &self.cast.applicant.organisation;
        if self.selected.path.fact(channel, Fact::PlaceAvailable) {
            let guarded = |step: &&Step| step.said.documents.iter().any(|document| document.when.is_some());
            for system in
                channel.steps.iter().filter(guarded).map(|step| step.system).collect::<BTreeSet<_>>()
            {
                let (path, body) = (format!("/{system}/places/{organisation}"), json!({ "free": 1 }));
                let put = self.patiently(async || client.put::<Value>(&path, &body).await).await;
                put.map_err(Unready::at(system))?;
            }
        }
        if self.selected.path.fact(channel, Fact::RegionalRoute) {
            let path = format!("/portal/routes/{organisation}");
            let put = client.put::<Value>(&path, &json!({ "regional": true })).await;
            put.map_err(Unready::at(System::Portal))?;
        }
        if self.goes_to_a_cabinet() {
            let credentials = self.cast.cabinet_credentials();
            client.send("/portal/accounts", &credentials).await.map_err(Unready::at(System::Portal))?;
            let session = client.post::<Value>("/portal/sessions", None, &credentials).await;
            let session = session.map_err(Unready::at(System::Portal))?;
            self.tokens.extend(session["token"].as_str().map(|token| (System::Portal, token.to_owned())));
        } else if channel.steps.iter().any(|step| step.guard().contains(&Fact::NotRegistered))
            && !self.selected.path.fact(channel, Fact::NotRegistered)
        {
            let credentials = self.cast.credentials(Person::Recipient, true);
            client.send("/portal/accounts", &credentials).await.map_err(Unready::at(System::Portal))?;
        }
        Ok(())
    }

    /// Does something again while nobody answers: a system may only just be starting.
    pub(super) async fn patiently<T>(
        &self,
        attempt: impl AsyncFn() -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let deadline = tokio::time::Instant::now() + self.play.patience;
        loop {
            match attempt().await {
                Err(problem)
                    if problem.code == Code::Unreachable && tokio::time::Instant::now() < deadline =>
                {
                    tokio::time::sleep(ASKED_AGAIN).await;
                }
                done => return done,
            }
        }
    }

    /// Whether the portal delivers something that staff have filed: into the cabinet of somebody who did not sign in.
    pub(super) fn goes_to_a_cabinet(&self) -> bool {
        let steps = &self.selected.channel.steps;
        let delivers = |step: &Step| step.system == System::Portal && step.does(Verb::Deliver);
        let signs_in = |step: &Step| step.system == System::Portal && step.does(Verb::SignIn);
        steps.iter().any(delivers) && !steps.iter().any(signs_in)
    }

    pub(super) async fn open(&self) -> Result<DeskCase, Problem> {
        let body =
            json!({ "regulation": self.selected.regulation.id, "channel": self.selected.channel.name });
        let path = format!("/{}/cases", self.selected.begins_at());
        self.patiently(async || self.play.client.post(&path, None, &body).await).await
    }
}
