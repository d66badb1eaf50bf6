//! `qaqpa regulations coverage`

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::play::progress;
use super::target::serve;
use super::up::regulations;
use super::{Done, Failure, Talk, say, say_json};
use crate::coverage::{Counts, Item, Judged, Run, items, judge, row, summary};
use crate::play::{Play, Played, Selected, select};
use crate::regulation::Regulations;
use crate::sandbox::{Options, Sandbox};
use crate::world::Plan;

#[derive(Args)]
pub(super) struct Coverage {
    /// Items to list, by their number or the beginning of it, as 001-055 or 001; every item without any.
    #[arg(value_name = "ITEM")]
    selections: Vec<String>,
    /// Folder of regulation files instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    regulations: Option<PathBuf>,
    /// Only say what carries the items, without playing.
    #[arg(long)]
    no_play: bool,
}

impl Coverage {
    pub(super) async fn run(self, talk: Talk) -> Result<Done, Failure> {
        let regulations = regulations(self.regulations.as_ref())?;
        let items = self.items()?;
        let judged = if self.no_play {
            judge(&items, &regulations, None)
        } else {
            let acts = acts(&items, &regulations);
            let chosen = select(&regulations, &acts).map_err(|error| {
                Failure::usage(error.to_string(), "`qaqpa regulations list` says what there is")
            })?;
            // Nothing selects everything.
            let chosen = if acts.is_empty() { Vec::new() } else { chosen };
            let played = play(&chosen, &regulations).await?;
            let runs: Vec<Run<'_>> =
                chosen.iter().zip(&played).map(|(selected, played)| Run { selected, played }).collect();
            judge(&items, &regulations, Some(&runs))
        };
        let counts = Counts::of(&judged);
        if talk.json {
            say_json(&json!({ "items": judged, "counts": counts }))?;
        } else {
            judged.iter().try_for_each(|one| say(row(one, talk.lang)))?;
            say(summary(counts, !self.no_play, talk.lang))?;
        }
        let fine = judged.iter().all(Judged::is_fine);
        Ok(if fine { Done::Fine } else { Done::Negative })
    }

    /// The items that were asked for.
    fn items(&self) -> Result<Vec<Item>, Failure> {
        let mut all = items().map_err(|error| {
            Failure::usage(error.to_string(), "report this: the list of items must be readable")
        })?;
        for selection in &self.selections {
            if !all.iter().any(|item| item.id.starts_with(selection)) {
                let what = format!("no item `{selection}`");
                return Err(Failure::usage(
                    what,
                    "items are numbered by text, as 001-055; 001 is all of one",
                ));
            }
        }
        let wanted = |id: &str| self.selections.iter().any(|selection| id.starts_with(selection));
        all.retain(|item| self.selections.is_empty() || wanted(&item.id));
        Ok(all)
    }
}

/// The regulations that the items are of, as far as there are such.
fn acts(items: &[Item], regulations: &Regulations) -> Vec<String> {
    let of = |id: &str| items.iter().any(|item| item.act == id);
    regulations.iter().map(|regulation| regulation.id.clone()).filter(|id| of(id)).collect()
}

/// Goes along paths in a sandbox of its own.
async fn play(paths: &[Selected<'_>], regulations: &Regulations) -> Result<Vec<Played>, Failure> {
    let plan = Plan::following(regulations.clone());
    let (client, _served) = serve(Sandbox::bind(Options::ephemeral(plan)).await?)?;
    let patience = Duration::from_secs(20);
    let human =
        Play { client, regulations: regulations.clone(), algorithm: None, patience, faults: Vec::new() };
    let bar = progress(paths.len(), "paths");
    let mut reports = Vec::with_capacity(paths.len());
    for path in paths {
        let one = human.play(path).await?;
        bar.suspend(|| {
            for deviation in &one.deviations {
                let name = format!("{}/{}/{}", one.regulation, one.channel, one.path);
                eprintln!("warning: {name} deviates at §{}: {}", deviation.paragraph, deviation.what);
            }
        });
        bar.inc(1);
        reports.push(one);
    }
    bar.finish_and_clear();
    Ok(reports)
}
