//! `qaqpa clock`

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::target::Against;
use super::{Done, Failure, Talk, say, say_json};

#[derive(Args)]
pub(super) struct Clock {
    #[command(flatten)]
    against: Against,
    #[command(subcommand)]
    turn: Option<Turn>,
}

#[derive(Subcommand)]
enum Turn {
    /// Stop it; time passes only by `advance`.
    Freeze,
    /// Let it run.
    Resume,
    /// Set it forward to a moment, as 2026-12-01T09:00:00Z.
    Set {
        /// The moment.
        moment: String,
    },
    /// Set it forward by a span, as `21 days` or PT2H.
    Advance {
        /// The span.
        #[arg(allow_hyphen_values = true)]
        span: String,
    },
}

impl Clock {
    pub(super) async fn run(self, talk: Talk) -> Result<Done, Failure> {
        let client = self.against.client()?;
        let body = match self.turn {
            None => None,
            Some(Turn::Freeze) => Some(json!("freeze")),
            Some(Turn::Resume) => Some(json!("resume")),
            Some(Turn::Set { moment }) => Some(json!({ "set": moment })),
            Some(Turn::Advance { span }) => Some(json!({ "advance": span })),
        };
        let shows: Value = match body {
            None => client.get("/control/clock", None).await?,
            Some(body) => client.post("/control/clock", None, &body).await?,
        };
        if talk.json {
            say_json(&shows)?;
        } else {
            let frozen = if shows["frozen"] == true { " (frozen)" } else { "" };
            say(format!("{}{frozen}", shows["now"].as_str().unwrap_or_default()))?;
        }
        Ok(Done::Fine)
    }
}
