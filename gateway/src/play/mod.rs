//! `qaqpa play`: a human goes along every path of a regulation, and what crossed is compared with it.
//!
//! The human lane has no privileges. It knows addresses, fills in what the systems ask for, holds its own keys,
//! and sits at the provider's desk as staff. The verdict rests on the crossings in the journal and on what the
//! human was shown, never on what a system says of its own inner steps.

mod client;
mod human;
mod judge;
mod persona;
mod report;

use std::time::Duration;

use certs::{Algorithm, Lang};
use jiff::{Timestamp, ToSpan as _};
use signer::{Problem, System};
use uuid::Uuid;

use crate::faults::{KeptRule, Rule};
use crate::regulation::{Channel, CheckWord, Path, Regulation, Regulations, paths};
use crate::walk::CaseView;

pub use client::Client;
use human::Lived;

pub use judge::{Crossed, Deviation};
pub use report::{Played, StepPlayed, print};

/// What to play against, and how.
#[derive(Clone)]
pub struct Play {
    /// Where the systems are.
    pub client: Client,
    /// What they are judged by: not necessarily what they follow.
    pub regulations: Regulations,
    /// The algorithm of people's keys.
    pub algorithm: Option<Algorithm>,
    /// How long the human waits for something to happen, in real time.
    pub patience: Duration,
    /// What goes wrong while a path is played.
    pub faults: Vec<Rule>,
}

/// One path to play.
pub struct Selected<'a> {
    /// The regulation.
    pub regulation: &'a Regulation,
    /// Its channel.
    pub channel: &'a Channel,
    /// The path.
    pub path: Path,
}

impl Selected<'_> {
    /// The system that cases of the channel are opened at.
    pub(crate) fn begins_at(&self) -> System {
        self.channel.steps.first().map_or(System::Portal, |step| step.system)
    }
}

/// A fault as it is set in a process.
struct Added {
    /// Which of the play's faults it is.
    number: usize,
    process: Client,
    id: u64,
}

/// A selection that matches nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no path matches `{selection}`")]
pub struct NothingSelected {
    /// As it was written.
    pub selection: String,
    /// What there is.
    pub known: Vec<String>,
}

/// The paths that `REGULATION[/CHANNEL[/PATH]]` selects; every path without selections.
pub fn select<'a>(
    regulations: &'a Regulations,
    selections: &[String],
) -> Result<Vec<Selected<'a>>, NothingSelected> {
    let mut all: Vec<(String, Selected<'a>)> = Vec::new();
    for regulation in regulations.iter() {
        for channel in &regulation.channels {
            for path in paths(channel) {
                let name = format!("{}/{}/{}", regulation.id, channel.name, path.name);
                all.push((name, Selected { regulation, channel, path }));
            }
        }
    }
    let matches = |name: &str, selection: &str| {
        name == selection || name.strip_prefix(selection).is_some_and(|rest| rest.starts_with('/'))
    };
    for selection in selections {
        if !all.iter().any(|(name, _)| matches(name, selection)) {
            let known = all.into_iter().map(|(name, _)| name).collect();
            return Err(NothingSelected { selection: selection.clone(), known });
        }
    }
    all.retain(|(name, _)| selections.is_empty() || selections.iter().any(|s| matches(name, s)));
    Ok(all.into_iter().map(|(_, selected)| selected).collect())
}

impl Play {
    /// What the world's clock shows.
    pub async fn now(&self) -> Result<Timestamp, Problem> {
        let clock: serde_json::Value = self.client.get("/control/clock", None).await?;
        serde_json::from_value(clock["now"].clone()).map_err(Problem::technical)
    }

    /// Plays one path and judges it.
    ///
    /// # Errors
    /// A problem when the play itself could not go on: the systems do not answer, or not in their language.
    pub async fn play(&self, selected: &Selected<'_>) -> Result<Played, Problem> {
        let elsewhere = match self.day_for(selected).await? {
            None => None,
            Some(moment) => Some(self.in_a_world_at(moment).await?),
        };
        let here = elsewhere.as_ref().unwrap_or(self);
        let lived = here.under_faults(selected).await;
        if let Some(elsewhere) = &elsewhere {
            elsewhere.leave_its_world().await;
        }
        lived
    }

    /// Lives through a path while things go wrong, and judges it.
    async fn under_faults(&self, selected: &Selected<'_>) -> Result<Played, Problem> {
        let faults = self.add_faults().await?;
        let lived = human::live(self, selected).await;
        let faults = self.take_back(faults).await?;
        let mut played = match lived? {
            Lived::Through(lived) => report::played(selected, &lived),
            Lived::NoWayIn(at, problem) => report::not_played(selected, at, &problem),
        };
        played.faults = faults;
        Ok(played)
    }

    /// Sets the faults in every process of the sandbox: each is done where its system is, and counted there.
    async fn add_faults(&self) -> Result<Vec<Added>, Problem> {
        let mut added = Vec::new();
        for (number, rule) in self.faults.iter().enumerate() {
            for process in self.client.processes().await {
                let kept: KeptRule = process.post("/control/faults", None, rule).await?;
                added.push(Added { number, process, id: kept.id });
            }
        }
        Ok(added)
    }

    /// The faults with what was done of them in all processes; they are over.
    async fn take_back(&self, added: Vec<Added>) -> Result<Vec<KeptRule>, Problem> {
        let mut taken: Vec<KeptRule> = Vec::new();
        for Added { number, process, id } in added {
            let there: KeptRule = process.delete(&format!("/control/faults/{id}")).await?;
            match taken.get_mut(number) {
                Some(kept) => {
                    kept.matched += there.matched;
                    kept.done += there.done;
                }
                None => taken.push(there),
            }
        }
        Ok(taken)
    }

    /// Goes along a path until the case waits for somebody at a step, and leaves it there.
    ///
    /// # Errors
    /// A problem when the case never came there, or the play could not go on.
    pub async fn leave_at(&self, selected: &Selected<'_>, step: &str) -> Result<(System, CaseView), Problem> {
        human::leave_at(self, selected, step).await
    }

    /// When a path has to be lived, if it depends on the day of the year and today is not one for it.
    async fn day_for(&self, selected: &Selected<'_>) -> Result<Option<Timestamp>, Problem> {
        let mut steps = selected.channel.steps.iter();
        let Some(rule) = steps.find_map(|step| step.said.not_after.as_ref()) else { return Ok(None) };
        let zone = &selected.regulation.time_zone;
        let today = self.now().await?.to_zoned(zone.clone()).date();
        let Some(last) = rule.last_day(today) else { return Ok(None) };
        let late = selected.path.failing().any(|check| check == CheckWord::FiledInTime);
        if late == (today > last) {
            return Ok(None);
        }
        let day = if late { last.saturating_add(1.day()) } else { last };
        let noon = day.at(12, 0, 0, 0).to_zoned(zone.clone()).map_err(Problem::technical)?;
        Ok(Some(noon.timestamp()))
    }

    /// The same play in a world of its own, whose clock begins at a moment.
    async fn in_a_world_at(&self, moment: Timestamp) -> Result<Self, Problem> {
        let body = serde_json::json!({ "id": format!("play-{}", Uuid::new_v4().simple()), "now": moment });
        let world: serde_json::Value = self.client.root().post("/control/worlds", None, &body).await?;
        let base = world["base_url"].as_str().unwrap_or_default();
        Ok(Self { client: self.client.at(base), ..self.clone() })
    }

    /// Drops the world that was made for one path.
    async fn leave_its_world(&self) {
        let id = self.client.base().rsplit('/').next().unwrap_or_default();
        let dropped = self.client.root().delete::<serde_json::Value>(&format!("/control/worlds/{id}")).await;
        if let Err(problem) = dropped {
            tracing::warn!(%problem, id, "the world of a path is not dropped");
        }
    }
}

/// The last line of a report: how many paths went as documented, of those that were played.
pub fn summary(reports: &[Played], lang: Lang) -> String {
    let good = reports.iter().filter(|one| one.as_documented).count();
    let played = reports.iter().filter(|one| one.not_played.is_none()).count();
    let left_out = match (reports.len() - played, lang) {
        (0, _) => String::new(),
        (left, Lang::Kk) => format!("; ойнатылмады: {left}"),
        (left, Lang::Ru) => format!("; не сыграно: {left}"),
        (left, Lang::En) => format!("; {left} not played"),
    };
    let all = played;
    let line = match lang {
        Lang::Kk => format!("регламентке сай жолдар: {good} / {all}"),
        Lang::Ru => format!("путей по регламенту: {good} из {all}"),
        Lang::En => format!("{good} of {all} paths as documented"),
    };
    format!("{line}{left_out}")
}
