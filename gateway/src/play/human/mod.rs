//! The human lane: sits at every desk of the channel, and does what is asked for as the path's data has it.

mod deeds;
mod prepare;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use registries::store::{Entry, EntryKind};
use signer::{Code, Problem, System};
use tokio::task::JoinSet;

use super::persona::Cast;
use super::{Play, Selected};
use crate::systems::desk::DeskCase;
use crate::walk::{Awaits, CaseView, Position, Shown};

/// The most deeds at one desk without another one in between: a regulation that asks for more goes in circles.
const MOST_DEEDS: usize = 64;
/// How long a desk that does not answer is left alone, in real time.
const ASKED_AGAIN: Duration = Duration::from_millis(100);

/// What became of the attempt to live through a path.
pub(super) enum Lived {
    /// It was lived through.
    Through(Box<Seen>),
    /// Somebody else's system lets no human of ours prepare or begin it.
    NoWayIn(System, Problem),
}

/// Why somebody could not prepare or begin a path.
pub(super) struct Unready {
    /// The system that was asked for something.
    at: Option<System>,
    problem: Problem,
}

impl Unready {
    /// At this system.
    pub(super) fn at(system: System) -> impl FnOnce(Problem) -> Self {
        move |problem| Self { at: Some(system), problem }
    }
}

impl From<Problem> for Unready {
    fn from(problem: Problem) -> Self {
        Self { at: None, problem }
    }
}

/// What the human saw.
pub(super) struct Seen {
    /// The case where it began, as it was last seen.
    pub(super) view: CaseView,
    /// What was shown at all desks, oldest first.
    pub(super) shown: Vec<Shown>,
    /// A problem that ended the human's efforts.
    pub(super) problem: Option<Problem>,
    /// The journal of the case.
    pub(super) journal: Vec<Entry>,
    /// The systems whose inner steps could not be observed.
    pub(super) foreign: BTreeSet<System>,
}

/// What a deed answers; signing in gives a token.
#[derive(serde::Deserialize)]
struct Answered {
    #[serde(flatten)]
    case: DeskCase,
    token: Option<String>,
}

struct Human<'a> {
    play: &'a Play,
    selected: &'a Selected<'a>,
    cast: Cast,
    /// The sessions that were opened.
    tokens: BTreeMap<System, String>,
    /// The case as it was last seen at each desk.
    seen: BTreeMap<System, CaseView>,
    /// What kept a desk from answering, until it did.
    silent: BTreeMap<System, Problem>,
    /// The desks to sit at.
    desks: BTreeSet<System>,
    /// The step to leave the case at, if it is not to be gone along to its end.
    until: Option<&'a str>,
    /// Where it was left.
    left: Option<System>,
}

impl<'a> Human<'a> {
    /// Everybody on the path, with what has to be so before the case begins.
    async fn ready(
        play: &'a Play,
        selected: &'a Selected<'a>,
        foreign: &BTreeSet<System>,
        until: Option<&'a str>,
    ) -> Result<Self, Unready> {
        let mut human = Self {
            play,
            selected,
            cast: Cast::prepare(play, selected, foreign).await?,
            tokens: BTreeMap::new(),
            seen: BTreeMap::new(),
            silent: BTreeMap::new(),
            desks: desks(selected, foreign),
            until,
            left: None,
        };
        human.prepare().await?;
        Ok(human)
    }
}

/// Goes along a path until the case waits at a step, and leaves it there: the system, and the case as it stands.
pub(super) async fn leave_at(
    play: &Play,
    selected: &Selected<'_>,
    step: &str,
) -> Result<(System, CaseView), Problem> {
    let ready = Human::ready(play, selected, &play.client.foreign().await, Some(step)).await;
    let mut human = ready.map_err(|unready| unready.problem)?;
    let begun = human.open().await?;
    human.go_along(begun).await?;
    let left = human.left.and_then(|system| Some((system, human.seen.remove(&system)?)));
    let missed = || Problem::technical(format!("the case never waited for anybody at §{step}"));
    left.ok_or_else(missed)
}

/// Lives through a path.
pub(super) async fn live(play: &Play, selected: &Selected<'_>) -> Result<Lived, Problem> {
    let foreign = play.client.foreign().await;
    let begun = async {
        let human = Human::ready(play, selected, &foreign, None).await?;
        let begun = human.open().await.map_err(Unready::at(selected.begins_at()))?;
        Ok((human, begun))
    };
    let (mut human, begun) = match begun.await {
        Ok(begun) => begun,
        Err(Unready { at: Some(at), problem }) if foreign.contains(&at) => {
            return Ok(Lived::NoWayIn(at, problem));
        }
        Err(Unready { problem, .. }) => return Err(problem),
    };
    let id = begun.view.case;
    let mut problem = human.go_along(begun).await.err();
    // What kept a desk silent to the end is why nothing more happened.
    problem = problem.or_else(|| human.silent.values().next().cloned());
    // Where somebody does not answer, nothing settles.
    let journal = play.client.journal(id, problem.is_none()).await?;
    let shown = human.shown().await?;
    let begins_at = selected.begins_at();
    let view = human.seen.remove(&begins_at).ok_or_else(|| Problem::technical("the case was not seen"))?;
    Ok(Lived::Through(Box::new(Seen { view, shown, problem, journal, foreign })))
}

/// The systems at which somebody acts, and the one where the case begins; somebody else's have their own people.
fn desks(selected: &Selected<'_>, foreign: &BTreeSet<System>) -> BTreeSet<System> {
    let staffed = selected.channel.steps.iter().filter(|step| step.is_for_people()).map(|step| step.system);
    let mut desks: BTreeSet<System> = staffed.filter(|system| !foreign.contains(system)).collect();
    desks.insert(selected.begins_at());
    desks
}

impl Human<'_> {
    /// Does what is asked for at any desk until the case is over, or nothing more comes.
    async fn go_along(&mut self, begun: DeskCase) -> Result<(), Problem> {
        let case = begun.view.case;
        self.work(self.selected.begins_at(), begun).await?;
        let mut polls: JoinSet<(System, Result<DeskCase, Problem>)> = JoinSet::new();
        let mut polled = BTreeSet::new();
        let mut deadline = tokio::time::Instant::now() + self.play.patience;
        while !self.is_over() {
            for system in self.desks.clone() {
                if polled.insert(system) {
                    let after = self.seen.get(&system).map_or(0, |view| view.version);
                    let path = format!("/{system}/cases/{case}?after={after}");
                    let (client, token) = (self.play.client.clone(), self.tokens.get(&system).cloned());
                    let was_silent = self.silent.contains_key(&system);
                    polls.spawn(async move {
                        if was_silent {
                            tokio::time::sleep(ASKED_AGAIN).await;
                        }
                        (system, client.get(&path, token.as_deref()).await)
                    });
                }
            }
            let joined = tokio::select! {
                joined = polls.join_next() => joined,
                () = tokio::time::sleep_until(deadline) => return Ok(()),
            };
            let Some(Ok((system, answer))) = joined else { return Ok(()) };
            polled.remove(&system);
            match answer {
                Ok(case) => {
                    self.silent.remove(&system);
                    if self.work(system, case).await? {
                        deadline = tokio::time::Instant::now() + self.play.patience;
                    }
                }
                // Nothing has arrived there yet.
                Err(problem) if problem.code == Code::NotFound => {}
                // Somebody else's has no desk of ours.
                Err(problem) if problem.code == Code::Technical && system != self.selected.begins_at() => {
                    self.desks.remove(&system);
                }
                Err(problem) if problem.status >= 500 => {
                    self.silent.insert(system, problem);
                }
                Err(problem) => return Err(problem),
            }
        }
        Ok(())
    }

    /// Whether nothing more is to happen: the case is over where it ends, or stopped, or refused on the way.
    fn is_over(&self) -> bool {
        if self.left.is_some() {
            return true;
        }
        let last = self.selected.path.steps.last().and_then(|gone| self.selected.channel.step(&gone.at));
        let ends_at = last.map(|step| step.system);
        self.seen.iter().any(|(system, view)| match view.position {
            Position::Stopped { .. } => true,
            Position::Ended { .. } => Some(*system) == ends_at || *system == self.selected.begins_at(),
            _ => false,
        })
    }

    /// Does what the case waits for at a desk, as far as it goes there; whether anything was new.
    async fn work(&mut self, system: System, mut case: DeskCase) -> Result<bool, Problem> {
        let before = self.seen.get(&system).map_or(0, |view| view.version);
        for _ in 0..MOST_DEEDS {
            if self.seen.get(&system).is_some_and(|view| view.version >= case.view.version) {
                break;
            }
            self.seen.insert(system, case.view.clone());
            let Some(awaits) = case.view.awaits.clone() else { break };
            if awaits.does.is_empty() && awaits.decides.is_empty() {
                break;
            }
            if self.until == Some(awaits.step.as_str()) {
                self.left = Some(system);
                break;
            }
            case = self.deed(system, &case, &awaits).await?;
        }
        Ok(self.seen.get(&system).is_some_and(|view| view.version > before))
    }

    async fn deed(&mut self, system: System, case: &DeskCase, awaits: &Awaits) -> Result<DeskCase, Problem> {
        let (name, body) = if awaits.decides.is_empty() {
            self.done(case, awaits).await?
        } else {
            self.decided(case, awaits)
        };
        let path = format!("/{system}/cases/{}/{name}", case.view.case);
        let token = self.tokens.get(&system).map(String::as_str);
        let answer: Answered = self.play.client.post(&path, token, &body).await?;
        if let Some(token) = answer.token {
            self.tokens.insert(system, token);
        }
        Ok(answer.case)
    }

    /// What was shown at the desks, oldest first; what the portal delivers, as it stands in the cabinet.
    async fn shown(&mut self) -> Result<Vec<Shown>, Problem> {
        if self.goes_to_a_cabinet()
            && let Some(case) = self.seen.get(&System::Portal).map(|view| view.case)
        {
            let token = self.tokens.get(&System::Portal).map(String::as_str);
            let cabinet: Vec<CaseView> = self.play.client.get("/portal/cabinet", token).await?;
            let there = cabinet.into_iter().find(|view| view.case == case);
            // A case that was refused before it was anybody's is shown to whoever stands at the desk.
            if let Some(view) = there {
                self.seen.insert(System::Portal, view);
            }
        }
        let mut shown: Vec<Shown> = self.seen.values().flat_map(|view| view.shown.clone()).collect();
        shown.sort_by_key(|shown| shown.shown_at);
        Ok(shown)
    }
}

/// The crossings of a case as the journal has them.
pub(super) fn crossings(journal: &[Entry]) -> Vec<crate::journal::Crossing> {
    let crossings = journal.iter().filter(|entry| entry.kind == EntryKind::Crossing);
    crossings.filter_map(|entry| serde_json::from_value(entry.body.clone()).ok()).collect()
}
