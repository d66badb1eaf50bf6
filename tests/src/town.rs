//! A sandbox that lives as long as a story.

use std::time::Duration;

use gateway::play::{Client, Play, Played, select};
use gateway::regulation::{Regulations, load};
use gateway::sandbox::{Options, Sandbox, client};
use gateway::world::{Plan, Swap};
use registries::store::WorldId;
use serde_json::Value;
use signer::{Problem, System};

/// The regulation file that stories are about, as text.
pub const REGULATION: &str = include_str!("../../gateway/regulations/mangystau-182-preschool-queue.toml");

/// A sandbox on a free port of the loopback.
pub struct Town {
    /// Its sandbox, for what HTTP does not tell.
    pub sandbox: std::sync::Arc<Sandbox>,
    /// Talks to it.
    pub client: Client,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
}

impl Drop for Town {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

impl Town {
    /// With everything as it is delivered.
    pub async fn up() -> Self {
        Self::with(Options::ephemeral(Plan::following(Self::regulations()))).await
    }

    /// With other options.
    pub async fn with(options: Options) -> Self {
        let bound = Sandbox::bind(options).await.expect("the sandbox opens");
        let sandbox = bound.sandbox.clone();
        let http = sandbox.client().expect("a client");
        let (stop, stopped) = tokio::sync::oneshot::channel();
        tokio::spawn(bound.serve(async move {
            let _ = stopped.await;
        }));
        let client = Client::new(http, sandbox.base_url(), None);
        Self { sandbox, client, stop: Some(stop) }
    }

    /// Whose systems follow a changed copy of the regulation.
    pub async fn following(change: impl FnOnce(String) -> String) -> Self {
        Self::with(Options::ephemeral(Plan::following(Self::changed(change)))).await
    }

    /// Where one system follows a changed copy of the regulation, and the others follow the act.
    pub async fn where_one_follows(system: System, change: impl FnOnce(String) -> String) -> Self {
        let mut plan = Plan::following(Self::regulations());
        plan.deviating.insert(system, Self::changed(change));
        Self::with(Options::ephemeral(plan)).await
    }

    /// The built-in regulations.
    pub fn regulations() -> Regulations {
        Regulations::built_in().expect("the built-in regulations load")
    }

    /// A changed copy of the regulation, alone.
    pub fn changed(change: impl FnOnce(String) -> String) -> Regulations {
        let mut regulations = Regulations::default();
        let (regulation, _) =
            load(&change(REGULATION.to_owned()), "changed.toml").expect("the changed copy loads");
        regulations.add(regulation).expect("one regulation");
        regulations
    }

    /// Plays what a selection selects, judged by the built-in regulations.
    pub async fn play(&self, selection: &str) -> Vec<Played> {
        self.play_by(Self::regulations(), selection).await
    }

    /// Plays it where systems stand elsewhere, not knowing yet where, with patience for processes of others.
    pub async fn play_elsewhere(&self, selection: &str) -> Vec<Played> {
        self.anew().played(Self::regulations(), selection, Duration::from_mins(1)).await
    }

    /// Plays what a selection selects, judged by these regulations.
    pub async fn play_by(&self, regulations: Regulations, selection: &str) -> Vec<Played> {
        self.played(regulations, selection, Duration::from_secs(5)).await
    }

    async fn played(&self, regulations: Regulations, selection: &str, patience: Duration) -> Vec<Played> {
        let play = Play {
            client: self.client.clone(),
            regulations: regulations.clone(),
            algorithm: None,
            patience,
            faults: Vec::new(),
        };
        let selected =
            select(&regulations, &[selection.to_owned()]).expect("the selection selects something");
        let mut played = Vec::new();
        for one in &selected {
            played.push(play.play(one).await.expect("the play goes on"));
        }
        played
    }

    /// Another world of the same process, as a town of its own.
    pub fn world(&self, id: &str) -> Self {
        let base = format!("{}/w/{id}", self.sandbox.base_url());
        let client = Client::new(client().expect("a client"), &base, None);
        Self { sandbox: self.sandbox.clone(), client, stop: None }
    }

    /// The same town for somebody who does not know yet where its systems are.
    pub fn anew(&self) -> Self {
        let client = Client::new(self.client.http().clone(), self.sandbox.base_url(), None);
        Self { sandbox: self.sandbox.clone(), client, stop: None }
    }

    /// From now on somebody else stands at this address in the place of a system, with its key and password.
    pub async fn is_stood_in_for(&self, system: System, url: &str) {
        let identity = self.identity(system);
        let swap = Swap {
            certificate: Some(identity.certificate.pem()),
            password: Some(identity.password),
            ..Swap::at(url)
        };
        let running = self.sandbox.world(&WorldId::default()).expect("the default world");
        running.world.put_system(system, &swap).await.expect("another system takes its place");
    }

    /// What crossed the border of a system and was not taken: who saw it, what it was, the code.
    pub async fn refusals(&self, case: &str) -> Vec<(String, String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let journal = self.journal(case).await;
        let refused = journal.iter().filter(|e| e["kind"] == "crossing" && e["body"]["accepted"] == false);
        refused
            .map(|e| (text(&e["system"]), text(&e["body"]["message"]), text(&e["body"]["problem"]["code"])))
            .collect()
    }

    /// The journal of a case.
    pub async fn journal(&self, case: &str) -> Vec<Value> {
        self.client.get(&format!("/control/journal?case={case}"), None).await.unwrap_or_default()
    }

    /// The roots of its centre, as PEM.
    pub async fn roots(&self) -> String {
        let asked = self.client.http().get(format!("{}/ca/roots.pem", self.client.base()));
        asked.send().await.expect("an answer").text().await.expect("the roots")
    }

    /// What `GET` answers.
    pub async fn get(&self, path: &str) -> Result<Value, Problem> {
        self.client.get(path, None).await
    }

    /// What `POST` answers.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, Problem> {
        self.client.post(path, None, body).await
    }
}
