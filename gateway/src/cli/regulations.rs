//! `qaqpa regulations`

use std::path::{Path, PathBuf};
use std::sync::Arc;

use certs::{Clock, Lang};
use clap::{Args, Subcommand};
use serde_json::json;

use super::coverage::Coverage;
use super::diagram::Diagram;
use super::show::Show;
use super::up::regulations;
use super::{Done, Failure, Talk, say, say_json};
use crate::regulation::file::Act;
use crate::regulation::{
    Diagnostic, LoadError, Regulation, Regulations as Loaded, Severity, compare, notes, paths,
};

#[derive(Subcommand)]
pub(super) enum Regulations {
    /// The regulations with their channels and paths.
    List(List),
    /// Check regulation files, and say what is to be known of the acts themselves.
    Check(Check),
    /// List what the acts name, what carries it, and which paths exercise it.
    Coverage(Coverage),
    /// Print a regulation as a page to read.
    Show(Show),
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
    /// The files; several are also compared. Without any, the built-in ones.
    file: Vec<PathBuf>,
}

impl Regulations {
    pub(super) async fn run(self, talk: Talk) -> Result<Done, Failure> {
        match self {
            Self::List(list) => list.run(talk),
            Self::Check(check) => check.run(talk),
            Self::Coverage(coverage) => coverage.run(talk).await,
            Self::Show(show) => show.run(talk),
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

/// What was found in a file, and whether it can be used.
struct Checked {
    name: String,
    diagnostics: Vec<Diagnostic>,
    regulation: Option<Arc<Regulation>>,
}

impl Check {
    fn run(self, talk: Talk) -> Result<Done, Failure> {
        let mut checked = if self.file.is_empty() {
            regulations(None)?.iter().map(Checked::built_in).collect()
        } else {
            self.file.iter().map(|file| Checked::file(file)).collect::<Result<Vec<_>, _>>()?
        };
        for one in &mut checked {
            one.diagnostics.extend(one.regulation.iter().flat_map(|regulation| notes(regulation)));
        }
        let good: Vec<&Regulation> = checked.iter().filter_map(|one| one.regulation.as_deref()).collect();
        let across = if good.len() > 1 { compare(good) } else { Vec::new() };
        if talk.json {
            let of = |one: &Checked| {
                let name = one.name.clone();
                one.diagnostics.iter().map(move |found| in_file(&name, found)).collect::<Vec<_>>()
            };
            let all: Vec<_> = checked.iter().flat_map(of).collect();
            let across = across.iter().map(|found| json!(found));
            say_json(&all.into_iter().chain(across).collect::<Vec<_>>())?;
        } else {
            for one in &checked {
                one.diagnostics.iter().try_for_each(say)?;
                let verdict = if one.regulation.is_none() { "cannot be used" } else { "can be used" };
                say(format!("{}: {verdict}{}", one.name, counted(&one.diagnostics)))?;
            }
            across.iter().try_for_each(say)?;
        }
        let wrong = checked.iter().any(|one| one.regulation.is_none());
        Ok(if wrong { Done::Negative } else { Done::Fine })
    }
}

impl Checked {
    /// A built-in one, whose file is known to be good.
    fn built_in(regulation: &Arc<Regulation>) -> Self {
        Self {
            name: regulation.id.clone(),
            diagnostics: Vec::new(),
            regulation: Some(Arc::clone(regulation)),
        }
    }

    fn file(file: &Path) -> Result<Self, Failure> {
        let name = file.display().to_string();
        match Loaded::from_file(file) {
            Ok((regulation, diagnostics)) => {
                Ok(Self { name, diagnostics, regulation: Some(Arc::new(regulation)) })
            }
            Err(LoadError::Wrong { diagnostics, .. }) => Ok(Self { name, diagnostics, regulation: None }),
            Err(error) => {
                let hint = "`qaqpa regulations check` wants TOML files; docs/regulations.md describes the keys and words";
                Err(Failure::usage(error.to_string(), hint))
            }
        }
    }
}

fn in_file(name: &str, found: &Diagnostic) -> serde_json::Value {
    let mut found = json!(found);
    found["file"] = json!(name);
    found
}

/// How many findings there are of each kind that there are any of.
fn counted(found: &[Diagnostic]) -> String {
    let kinds = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let counts = kinds.into_iter().filter_map(|(severity, word)| {
        let number = found.iter().filter(|one| one.severity == severity).count();
        (number > 0).then(|| format!("{number} {word}{}", if number == 1 { "" } else { "s" }))
    });
    let counts: Vec<String> = counts.collect();
    if counts.is_empty() { String::new() } else { format!(" ({})", counts.join(", ")) }
}
