//! `qaqpa regulations diagram`

use std::path::PathBuf;

use clap::Args;
use registries::store::Entry;

use super::target::Against;
use super::up::regulations;
use super::{Done, Failure, Talk, say, say_json};
use crate::diagram::{self, Format, Trace};
use crate::regulation::{Channel, Regulation, Regulations};

#[derive(Args)]
pub(super) struct Diagram {
    /// REGULATION/CHANNEL; REGULATION alone where it has one channel only.
    selection: String,
    /// Folder of regulation files instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    regulations: Option<PathBuf>,
    /// Draw the way of this case over it, from the journal of a running sandbox.
    #[arg(long, value_name = "CASE")]
    trace: Option<String>,
    #[command(flatten)]
    against: Against,
    /// text, mermaid or svg.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Write to a file instead.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Diagram {
    pub(super) async fn run(self, talk: Talk) -> Result<Done, Failure> {
        let loaded = regulations(self.regulations.as_ref())?;
        let (regulation, channel) = find(&loaded, &self.selection)?;
        let mut picture = diagram::Diagram::of(regulation, channel, talk.lang);
        if let Some(case) = &self.trace {
            self.journal(case, regulation, channel).await?.over(&mut picture, channel);
        }
        let drawn = diagram::draw(&picture, self.format);
        match &self.out {
            Some(file) => {
                std::fs::write(file, drawn).map_err(|error| Failure::file(file, error))?;
                if talk.json {
                    say_json(
                        &serde_json::json!({ "diagram": picture.id, "format": self.format.name(), "file": file }),
                    )?;
                }
            }
            None if talk.json => {
                say_json(
                    &serde_json::json!({ "diagram": picture.id, "format": self.format.name(), "drawn": drawn }),
                )?;
            }
            None => say(drawn.trim_end_matches('\n'))?,
        }
        Ok(Done::Fine)
    }

    /// The whole journal of a case.
    async fn journal(
        &self,
        case: &str,
        regulation: &Regulation,
        channel: &Channel,
    ) -> Result<Trace, Failure> {
        if case.is_empty() || !case.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-') {
            return Err(Failure::usage(format!("`{case}` is not a case"), "`qaqpa journal` lists cases"));
        }
        let client = self.against.client()?;
        let mut journal: Vec<Entry> = Vec::new();
        loop {
            let after = journal.last().map_or(0, |entry| entry.seq);
            let page: Vec<Entry> =
                client.get(&format!("/control/journal?case={case}&limit=1000&after={after}"), None).await?;
            if page.is_empty() {
                break;
            }
            journal.extend(page);
        }
        let trace = Trace::read(case, &journal);
        if trace.is_empty() {
            let hint = "`qaqpa journal --against URL` lists what the sandbox has; `--against` says which one";
            return Err(Failure::usage(format!("{} has no journal of case {case}", client.base()), hint));
        }
        match &trace.follows {
            Some((followed, by)) if *followed != regulation.id || *by != channel.name => {
                let what = format!("case {case} follows {followed}/{by}");
                Err(Failure::usage(what, "draw that regulation and channel"))
            }
            _ => Ok(trace),
        }
    }
}

fn find<'a>(loaded: &'a Regulations, selection: &str) -> Result<(&'a Regulation, &'a Channel), Failure> {
    let (id, name) = selection.split_once('/').map_or((selection, None), |(id, name)| (id, Some(name)));
    let found = loaded.regulation(id).and_then(|regulation| {
        let channel = match (name, regulation.channels.as_slice()) {
            (Some(name), _) => regulation.channel(name),
            (None, [only]) => Some(only),
            (None, _) => None,
        };
        Some((regulation.as_ref(), channel?.as_ref()))
    });
    found.ok_or_else(|| not_found(loaded, id, name))
}

/// What there is instead: the channels of the regulation that is meant, or else of all.
fn not_found(loaded: &Regulations, id: &str, name: Option<&str>) -> Failure {
    let meant = loaded.regulation(id);
    let known = loaded.iter().filter(|known| meant.is_none_or(|meant| meant.id == known.id));
    let known = known.flat_map(|regulation| {
        regulation.channels.iter().map(|channel| format!("{}/{}", regulation.id, channel.name))
    });
    let known = known.collect::<Vec<String>>().join(", ");
    match (meant, name) {
        (Some(_), None) => {
            Failure::usage(format!("`{id}` has several channels"), format!("say which one: {known}"))
        }
        (Some(_), Some(name)) => {
            Failure::usage(format!("`{id}` has no channel `{name}`"), format!("there are: {known}"))
        }
        (None, _) => Failure::usage(format!("no regulation is called `{id}`"), format!("there are: {known}")),
    }
}
