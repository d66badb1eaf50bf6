//! `qaqpa play`

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::time::Duration;

use certs::Algorithm;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::faults::rules;
use super::target::{Believes, serve};
use super::up::regulations;
use super::{Done, Failure, Talk, say, say_json};
use crate::exchange::Wire;
use crate::play::{self, Client, Play as Player, Selected, print, select};
use crate::regulation::Step;
use crate::sandbox::{Options, Sandbox};
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
    #[command(flatten)]
    believes: Believes,
    /// Folder of regulation files to judge by instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    regulations: Option<PathBuf>,
    /// Algorithm of keys: p256, rsa, gost512, gost256 or gost2004.
    #[arg(long, value_name = "ALG")]
    alg: Option<Algorithm>,
    /// How the systems write to each other: json, soap or soap-text, the last with messages as strings; for a sandbox
    /// of its own.
    #[arg(long, value_name = "WIRE", conflicts_with = "against")]
    wire: Option<Wire>,
    /// Leave the case where it waits for somebody at this step, and say where that is; for one path.
    #[arg(long, value_name = "STEP", requires = "against")]
    until: Option<String>,
    /// Let something go wrong while each path is played: FAULT[,system=S][,…][,often=O], as unsigned,system=provider.
    /// May be given several times; the report says what was done.
    #[arg(long, value_name = "FAULT")]
    fault: Vec<String>,
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
            (Client::new(self.believes.client()?, url, self.control_token.clone()), None)
        } else {
            let mut plan = Plan::following(regulations.clone());
            plan.algorithm = self.alg.unwrap_or(plan.algorithm);
            plan.wire = self.wire.unwrap_or_default();
            let (client, served) = serve(Sandbox::bind(Options::ephemeral(plan)).await?)?;
            (client, Some(served))
        };
        let player = Player {
            client,
            regulations: regulations.clone(),
            algorithm: self.alg,
            patience: Duration::from_secs(self.patience),
            faults: rules(&self.fault, &regulations)?,
        };
        if let Some(step) = &self.until {
            return leave(&player, &selected, step, talk).await;
        }
        let now = player.now().await?;
        for regulation in regulations.iter().filter(|r| selected.iter().any(|one| one.regulation.id == r.id))
        {
            eprintln!("note: {}: {}", regulation.id, regulation.status(now).get(talk.lang));
        }
        let bar = progress(selected.len(), "paths");
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
            say(play::summary(&reports, talk.lang))?;
        }
        // Nothing played is nothing found out, and no good news.
        let mut judged = reports.iter().filter(|one| one.not_played.is_none()).peekable();
        let fine = judged.peek().is_some() && judged.all(|one| one.as_documented);
        Ok(if fine { Done::Fine } else { Done::Negative })
    }
}

/// Goes along one path until its case waits at a step, and says where it was left.
async fn leave(player: &Player, selected: &[Selected<'_>], step: &str, talk: Talk) -> Result<Done, Failure> {
    let [one] = selected else {
        let what = format!("--until wants one path; {} are selected", selected.len());
        return Err(Failure::usage(what, "name it: REGULATION/CHANNEL/PATH"));
    };
    if one.channel.step(step).is_none() {
        let known: Vec<&str> = one.channel.steps.iter().map(Step::at).collect();
        let what = format!("the channel has no step {step}");
        return Err(Failure::usage(what, format!("there are: {}", known.join(", "))));
    }
    let gone = one.path.steps.iter().filter(|gone| !one.path.passes_by(&gone.at));
    let waits: Vec<&str> = gone
        .filter_map(|gone| one.channel.step(&gone.at))
        .filter(|step| step.is_for_people())
        .map(Step::at)
        .collect();
    if !waits.contains(&step) {
        let what = format!("the path waits for nobody at {step}");
        return Err(Failure::usage(what, format!("it waits at {}", waits.join(", "))));
    }
    let (system, view) = player.leave_at(one, step).await?;
    if talk.json {
        say_json(&json!({ "system": system, "case": view.case, "view": view }))?;
        return Ok(Done::Fine);
    }
    say(view.case)?;
    let awaits = view.awaits.as_ref();
    let what = awaits.map(|awaits| awaits.what.get(talk.lang)).unwrap_or_default();
    let by = awaits.map(|awaits| awaits.by.title().get(talk.lang).to_owned()).unwrap_or_default();
    eprintln!("left at {system} §{step}: {what} ({by})");
    eprintln!("hint: `qaqpa status {}` says how it stands", view.case);
    Ok(Done::Fine)
}

/// A bar on the terminal; nothing elsewhere.
pub(super) fn progress(length: usize, of: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(u64::try_from(length).unwrap_or(u64::MAX));
    match ProgressStyle::with_template(&format!("{{bar:30}} {{pos}}/{{len}} {of}")) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
