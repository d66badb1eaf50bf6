//! The verdict on each item.

use serde::Serialize;

use super::carried::{ByWord, Carried, Said};
use super::item::Item;
use super::run::{Outcome, Run};
use crate::regulation::{Channel, Regulation, Regulations, Step};

/// An item with what carries and what exercises it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Judged {
    /// The item.
    #[serde(flatten)]
    pub item: Item,
    /// How it is accounted for.
    pub verdict: Verdict,
    /// The steps that carry it.
    pub steps: Vec<StepName>,
    /// The clocks that carry it, as `CHANNEL/NAME`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<String>,
    /// The statements at its paragraphs, each with the reason why nothing is executed for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub said: Vec<Said>,
    /// The paths that exercise it, as `CHANNEL/PATH`; of a check or a fact, those on which it holds.
    pub paths: Vec<String>,
    /// Of a check or a fact, the paths on which it does not hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fails: Vec<String>,
    /// The words of it that nothing has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// The conditions that have its checks in another order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disordered: Vec<StepName>,
    /// The carriers that no path exercises.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub untouched: Vec<String>,
    /// Its checks and facts that paths decide one way only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub one_way: Vec<String>,
    /// A check or a fact: both outcomes have to be seen.
    #[serde(skip)]
    pub both_ways: bool,
}

/// A step of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepName {
    /// The channel.
    pub channel: String,
    /// The step's key.
    pub step: String,
}

/// How an item is accounted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Steps or clocks carry it, and a run came by every one of them.
    Exercised,
    /// Steps or clocks carry it; nothing was played.
    Executable,
    /// Only said: not executable, for a stated reason.
    Said,
    /// Steps or clocks carry it, but runs did not come by all of them, or saw a check decided one way only.
    NotExercised,
    /// Nothing carries it, or nothing that has one of its words, or has its checks in their order.
    NotAccounted,
}

/// How many items are accounted for, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Counts {
    /// All of them.
    pub items: usize,
    /// Executable.
    pub executable: usize,
    /// Executable and exercised.
    pub exercised: usize,
    /// Said and shown, with a reason.
    pub said: usize,
    /// Not accounted for.
    pub not_accounted: usize,
}

/// Judges items by regulations and what was played of them; without runs, by the regulations alone.
pub fn judge(items: &[Item], regulations: &Regulations, runs: Option<&[Run<'_>]>) -> Vec<Judged> {
    let judge = |item: &Item| match regulations.regulation(&item.act) {
        Some(regulation) => judge_one(item, regulation, runs),
        None => Judged::of(item),
    };
    items.iter().map(judge).collect()
}

fn judge_one(item: &Item, regulation: &Regulation, runs: Option<&[Run<'_>]>) -> Judged {
    let carried = Carried::find(item, regulation);
    let mut judged = Judged {
        both_ways: carried.words.iter().any(ByWord::is_two_way),
        said: carried.said.clone(),
        disordered: carried.disordered.iter().map(|(channel, step)| StepName::of(channel, step)).collect(),
        ..Judged::of(item)
    };
    for by in &carried.words {
        judged.add_word(by, &regulation.id, runs);
    }
    let unsaid = item.words.is_empty() && carried.said.is_empty();
    let is_missing = !judged.missing.is_empty() || !judged.disordered.is_empty();
    judged.verdict = match runs {
        _ if is_missing || (unsaid && !carried.is_executable()) => Verdict::NotAccounted,
        _ if !carried.is_executable() => Verdict::Said,
        None => Verdict::Executable,
        Some(_) if !judged.one_way.is_empty() || !judged.untouched.is_empty() => Verdict::NotExercised,
        Some(_) => Verdict::Exercised,
    };
    judged
}

impl StepName {
    fn of(channel: &Channel, step: &Step) -> Self {
        Self { channel: channel.name.clone(), step: step.at().to_owned() }
    }
}

impl Judged {
    /// An item that nothing is known of yet.
    fn of(item: &Item) -> Self {
        Self {
            item: item.clone(),
            verdict: Verdict::NotAccounted,
            steps: Vec::new(),
            clocks: Vec::new(),
            said: Vec::new(),
            paths: Vec::new(),
            fails: Vec::new(),
            missing: Vec::new(),
            disordered: Vec::new(),
            untouched: Vec::new(),
            one_way: Vec::new(),
            both_ways: false,
        }
    }

    /// Adds what carries one of its words, and what runs show of that.
    fn add_word(&mut self, by: &ByWord<'_>, regulation: &str, runs: Option<&[Run<'_>]>) {
        let several = self.item.words.len() > 1;
        let quoted = by.word.filter(|_| several).map(|word| format!(" `{word}`")).unwrap_or_default();
        if !by.is_carried() {
            self.missing.extend(by.word.map(str::to_owned));
        }
        let mut seen = Vec::new();
        for step in &by.steps {
            let name = StepName::of(step.channel, step.step);
            let carrier = format!("{} §{}{quoted}", name.channel, name.step);
            seen.extend(self.add(runs, |run| run.of_step(regulation, step), carrier));
            if !self.steps.contains(&name) {
                self.steps.push(name);
            }
        }
        for clock in &by.clocks {
            let name = format!("{}/{}", clock.channel.name, clock.clock.name);
            seen.extend(self.add(runs, |run| run.of_clock(regulation, clock), format!("{name}{quoted}")));
            if !self.clocks.contains(&name) {
                self.clocks.push(name);
            }
        }
        let both = seen.contains(&Outcome::Holds) && seen.contains(&Outcome::Fails);
        if runs.is_some() && by.is_two_way() && !both {
            self.one_way.extend(by.word.map(str::to_owned));
        }
    }

    /// Adds what runs show of one carrier; the outcomes that they show come back.
    fn add(
        &mut self,
        runs: Option<&[Run<'_>]>,
        seen: impl Fn(&Run<'_>) -> Option<Outcome>,
        carrier: String,
    ) -> Vec<Outcome> {
        let Some(runs) = runs else { return Vec::new() };
        let outcomes: Vec<(&Run<'_>, Outcome)> =
            runs.iter().filter_map(|run| Some((run, seen(run)?))).collect();
        for (run, outcome) in &outcomes {
            let list = if *outcome == Outcome::Holds { &mut self.paths } else { &mut self.fails };
            let name = run.name();
            if !list.contains(&name) {
                list.push(name);
            }
        }
        if outcomes.is_empty() {
            self.untouched.push(carrier);
        }
        outcomes.into_iter().map(|(_, outcome)| outcome).collect()
    }

    /// Whether the list is right about it.
    pub fn is_fine(&self) -> bool {
        !matches!(self.verdict, Verdict::NotAccounted | Verdict::NotExercised)
    }
}

impl Counts {
    /// Counts verdicts.
    pub fn of(all: &[Judged]) -> Self {
        let count = |verdict| all.iter().filter(|judged| judged.verdict == verdict).count();
        let exercised = count(Verdict::Exercised);
        Self {
            items: all.len(),
            executable: exercised + count(Verdict::NotExercised) + count(Verdict::Executable),
            exercised,
            said: count(Verdict::Said),
            not_accounted: count(Verdict::NotAccounted),
        }
    }
}
