//! The verdict on each item.

use serde::Serialize;

use super::carried::{Carried, Said};
use super::item::Item;
use super::run::{Outcome, Run};
use super::sense::Sense;
use crate::regulation::{Regulation, Regulations};

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
    /// The carriers that no path exercises.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub untouched: Vec<String>,
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
    /// Nothing carries it, or nothing that has its word.
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
    let is_two_way = |sense: &Sense| matches!(sense, Sense::Check(_) | Sense::Fact(_));
    let mut judged = Judged {
        both_ways: carried.steps.iter().flat_map(|by| &by.senses).any(is_two_way),
        said: carried.said.clone(),
        ..Judged::of(item)
    };
    for by in &carried.steps {
        let seen = |run: &Run<'_>| run.of_step(&regulation.id, by);
        let name = StepName { channel: by.channel.name.clone(), step: by.step.at().to_owned() };
        judged.add(runs, seen, format!("{} §{}", name.channel, name.step));
        judged.steps.push(name);
    }
    for by in &carried.clocks {
        let name = format!("{}/{}", by.channel.name, by.clock.name);
        judged.add(runs, |run| run.of_clock(&regulation.id, by), name.clone());
        judged.clocks.push(name);
    }
    let one_way = judged.both_ways && (judged.paths.is_empty() || judged.fails.is_empty());
    judged.verdict = match runs {
        _ if !carried.is_executable() && (item.word.is_some() || carried.said.is_empty()) => {
            Verdict::NotAccounted
        }
        _ if !carried.is_executable() => Verdict::Said,
        None => Verdict::Executable,
        Some(_) if one_way || !judged.untouched.is_empty() => Verdict::NotExercised,
        Some(_) => Verdict::Exercised,
    };
    judged
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
            untouched: Vec::new(),
            both_ways: false,
        }
    }

    /// Adds what runs show of one carrier.
    fn add(&mut self, runs: Option<&[Run<'_>]>, seen: impl Fn(&Run<'_>) -> Option<Outcome>, carrier: String) {
        let Some(runs) = runs else { return };
        let mut touched = false;
        for run in runs {
            let Some(outcome) = seen(run) else { continue };
            touched = true;
            let list = if outcome == Outcome::Holds { &mut self.paths } else { &mut self.fails };
            let name = run.name();
            if !list.contains(&name) {
                list.push(name);
            }
        }
        if !touched {
            self.untouched.push(carrier);
        }
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
