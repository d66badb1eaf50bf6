//! A sandbox that lives as long as a story.

use std::time::Duration;

use gateway::play::{Client, Play, Played, select};
use gateway::regulation::{Regulations, load};
use gateway::sandbox::{Options, Sandbox, client};
use serde_json::Value;
use signer::Problem;

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
        Self::with(Options::ephemeral(Self::regulations())).await
    }

    /// With other options.
    #[expect(clippy::expect_used, reason = "a story cannot go on without its town")]
    pub async fn with(options: Options) -> Self {
        let bound = Sandbox::bind(options).await.expect("the sandbox opens");
        let sandbox = bound.sandbox.clone();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        tokio::spawn(bound.serve(async move {
            let _ = stopped.await;
        }));
        let client = Client::new(client().expect("a client"), sandbox.base_url(), None);
        Self { sandbox, client, stop: Some(stop) }
    }

    /// Whose systems follow a changed copy of the regulation.
    pub async fn following(change: impl FnOnce(String) -> String) -> Self {
        Self::with(Options::ephemeral(Self::changed(change))).await
    }

    /// The built-in regulations.
    #[expect(clippy::expect_used, reason = "a story cannot go on without regulations")]
    pub fn regulations() -> Regulations {
        Regulations::built_in().expect("the built-in regulations load")
    }

    /// A changed copy of the regulation, alone.
    #[expect(clippy::expect_used, reason = "a story cannot go on without its regulation")]
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

    /// Plays what a selection selects, judged by these regulations.
    #[expect(clippy::expect_used, reason = "a story cannot go on without its play")]
    pub async fn play_by(&self, regulations: Regulations, selection: &str) -> Vec<Played> {
        let play = Play {
            client: self.client.clone(),
            regulations: regulations.clone(),
            algorithm: None,
            patience: Duration::from_secs(5),
        };
        let selected =
            select(&regulations, &[selection.to_owned()]).expect("the selection selects something");
        let mut played = Vec::new();
        for one in &selected {
            played.push(play.play(one).await.expect("the play goes on"));
        }
        played
    }

    /// The journal of a case.
    pub async fn journal(&self, case: &str) -> Vec<Value> {
        self.client.get(&format!("/control/journal?case={case}"), None).await.unwrap_or_default()
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
