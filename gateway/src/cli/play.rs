//! `qaqpa play`

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::time::Duration;

use certs::Algorithm;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::target::serve;
use super::up::regulations;
use super::{Done, Failure, Talk, say, say_json};
use crate::play::{self, Client, Play as Player, print, select};
use crate::sandbox::{Options, Sandbox, client};
use crate::world::Plan;

#[derive(Args)]
pub(super) struct Play {
    /// REGULATION, REGULATION/CHANNEL or REGULATION/CHANNEL/PATH.
    #[arg(required_unless_present = "all")]
    selections: Vec<String>,
    /// Every path of every regulation.
    #[arg(long, conflicts_with = "selections")]
    all: bool,
    /// Play against a running sandbox instead of one of its own.
    #[arg(long, value_name = "URL", env = "QAQPA_URL")]
    against: Option<String>,
    /// The token of a sandbox that asks for one.
    #[arg(long, value_name = "TOKEN", env = "QAQPA_CONTROL_TOKEN", hide_env_values = true)]
    control_token: Option<String>,
    /// Folder of regulation files to judge by instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    regulations: Option<PathBuf>,
    /// Algorithm of keys: p256 or rsa.
    #[arg(long, value_name = "ALG")]
    alg: Option<Algorithm>,
    /// Seconds that the human waits for something to happen.
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    patience: u64,
}

impl Play {
    pub(super) async fn run(self, talk: Talk) -> Result<Done, Failure> {
        let regulations = regulations(self.regulations.as_ref())?;
        let selected = select(&regulations, &self.selections).map_err(|error| {
            Failure::usage(error.to_string(), format!("there are: {}", error.known.join(", ")))
        })?;
        let (client, served) = if let Some(url) = &self.against {
            (Client::new(client()?, url, self.control_token.clone()), None)
        } else {
            let mut plan = Plan::following(regulations.clone());
            plan.algorithm = self.alg.unwrap_or(plan.algorithm);
            let (client, served) = serve(Sandbox::bind(Options::ephemeral(plan)).await?)?;
            (client, Some(served))
        };
        let player = Player {
            client,
            regulations: regulations.clone(),
            algorithm: self.alg,
            patience: Duration::from_secs(self.patience),
        };
        let now = player.now().await?;
        for regulation in regulations.iter().filter(|r| selected.iter().any(|one| one.regulation.id == r.id))
        {
            eprintln!("note: {}: {}", regulation.id, regulation.status(now).get(talk.lang));
        }
        let bar = progress(selected.len());
        let mut reports = Vec::with_capacity(selected.len());
        for path in &selected {
            let one = player.play(path).await?;
            if !talk.json {
                bar.suspend(|| say(print(&one, talk.lang)))?;
            }
            bar.inc(1);
            reports.push(one);
        }
        bar.finish_and_clear();
        drop(served);
        if talk.json {
            say_json(&reports)?;
        } else {
            let good = reports.iter().filter(|one| one.as_documented).count();
            say(play::summary(good, reports.len(), talk.lang))?;
        }
        let fine = reports.iter().all(|one| one.as_documented);
        Ok(if fine { Done::Fine } else { Done::Negative })
    }
}

/// A bar on the terminal; nothing elsewhere.
pub(super) fn progress(length: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(u64::try_from(length).unwrap_or(u64::MAX));
    match ProgressStyle::with_template("{bar:30} {pos}/{len} paths") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
