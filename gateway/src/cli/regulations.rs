//! `qaqpa regulations`

use std::path::PathBuf;

use certs::{Clock, Lang};
use clap::{Args, Subcommand};
use serde_json::json;

use super::coverage::Coverage;
use super::diagram::Diagram;
use super::up::regulations;
use super::{Done, Failure, Talk, say, say_json};
use crate::regulation::file::Act;
use crate::regulation::{Diagnostic, LoadError, Regulation, Regulations as Loaded, paths};

#[derive(Subcommand)]
pub(super) enum Regulations {
    /// The regulations with their channels and paths.
    List(List),
    /// Check a regulation file.
    Check(Check),
    /// List what the acts name, what carries it, and which paths exercise it.
    Coverage(Coverage),
    /// Draw the interaction diagram of a channel, and a case over it.
    Diagram(Diagram),
}

#[derive(Args)]
pub(super) struct List {
    /// Folder of regulation files instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    regulations: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct Check {
    /// The file.
    file: PathBuf,
}

impl Regulations {
    pub(super) async fn run(self, talk: Talk) -> Result<Done, Failure> {
        match self {
            Self::List(list) => list.run(talk),
            Self::Check(check) => check.run(talk),
            Self::Coverage(coverage) => coverage.run(talk).await,
            Self::Diagram(diagram) => diagram.run(talk).await,
        }
    }
}

impl List {
    fn run(self, talk: Talk) -> Result<Done, Failure> {
        let loaded = regulations(self.regulations.as_ref())?;
        if talk.json {
            say_json(&loaded.iter().map(|regulation| described(regulation)).collect::<Vec<_>>())?;
            return Ok(Done::Fine);
        }
        for regulation in loaded.iter() {
            let act = &regulation.said.act;
            say(format!("{}  {}", regulation.id, regulation.said.title.get(talk.lang)))?;
            let status = regulation.status(Clock::system().now());
            say(format!("  {}{}", issued(act, talk.lang), status.get(talk.lang)))?;
            for channel in &regulation.channels {
                for path in paths(channel) {
                    say(format!(
                        "  {}/{}/{}  {}",
                        regulation.id,
                        channel.name,
                        path.name,
                        path.title.get(talk.lang)
                    ))?;
                }
            }
        }
        Ok(Done::Fine)
    }
}

/// Who issued the act, its number and day, and those of its edition; nothing where the text has none.
pub(super) fn issued(act: &Act, lang: Lang) -> String {
    let Some(issued) = &act.issued else { return String::new() };
    let by = issued.by.as_ref().map(|by| format!("{}, ", by.get(lang))).unwrap_or_default();
    let edition = act.edition.as_ref().map(|edition| format!(" (№ {}, {})", edition.number, edition.on));
    format!("{by}№ {}, {}{}; ", issued.number, issued.on, edition.unwrap_or_default())
}

fn described(regulation: &Regulation) -> serde_json::Value {
    let act = &regulation.said.act;
    let channels = regulation.channels.iter().map(|channel| {
        let paths: Vec<_> =
            paths(channel).into_iter().map(|path| json!({ "path": path.name, "title": path.title })).collect();
        json!({ "channel": channel.name, "paragraph": channel.paragraph, "title": channel.title, "paths": paths })
    });
    json!({
        "regulation": regulation.id,
        "title": regulation.said.title,
        "region": regulation.said.region,
        "issued": act.issued.as_ref().map(|r| json!({ "number": r.number, "on": r.on.to_string() })),
        "edition": act.edition.as_ref().map(|r| json!({ "number": r.number, "on": r.on.to_string() })),
        "repealed": act.repealed.as_ref().map(|r| json!({ "number": r.number, "on": r.on.to_string() })),
        "channels": channels.collect::<Vec<_>>(),
    })
}

impl Check {
    fn run(self, talk: Talk) -> Result<Done, Failure> {
        let (diagnostics, wrong): (Vec<Diagnostic>, bool) = match Loaded::from_file(&self.file) {
            Ok((_, warnings)) => (warnings, false),
            Err(LoadError::Wrong { diagnostics, .. }) => (diagnostics, true),
            Err(error) => {
                let hint =
                    "`qaqpa regulations check` wants a TOML file; docs/regulations.md describes the keys";
                return Err(Failure::usage(error.to_string(), hint));
            }
        };
        if talk.json {
            say_json(&diagnostics)?;
        } else {
            diagnostics.iter().try_for_each(say)?;
            let verdict = if wrong { "cannot be used" } else { "can be used" };
            say(format!("{}: {verdict}", self.file.display()))?;
        }
        Ok(if wrong { Done::Negative } else { Done::Fine })
    }
}
