//! What of a regulation carries an item: its steps, its clocks, or what it says beside them.

use certs::Text;
use serde::Serialize;

use super::item::Item;
use super::reason::reason;
use super::sense::{Sense, senses};
use crate::regulation::file::Clock;
use crate::regulation::{Channel, Regulation, Step, Topic};

/// A step that carries an item, and what the item's word is in it.
#[derive(Debug, Clone)]
pub struct ByStep<'a> {
    /// Its channel.
    pub channel: &'a Channel,
    /// The step.
    pub step: &'a Step,
    /// What the word is there; the step itself without one.
    pub senses: Vec<Sense>,
}

/// A clock that carries an item.
#[derive(Debug, Clone)]
pub struct ByClock<'a> {
    /// Its channel.
    pub channel: &'a Channel,
    /// The clock.
    pub clock: &'a Clock,
}

/// A sentence that carries an item, and why nothing is executed for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// Its paragraph.
    pub at: String,
    /// What it speaks of.
    pub topic: Topic,
    /// Why it is not executable, and where the program uses or shows it.
    pub reason: Text,
}

/// What carries one word of an item, or the item itself where it has none.
#[derive(Debug, Clone)]
pub struct ByWord<'a> {
    /// The word.
    pub word: Option<&'a str>,
    /// Steps at one of the item's paragraphs; with a word, those that have it.
    pub steps: Vec<ByStep<'a>>,
    /// Clocks that one of its paragraphs sets; with a word, those that have it.
    pub clocks: Vec<ByClock<'a>>,
}

/// Everything that carries an item.
#[derive(Debug, Clone)]
pub struct Carried<'a> {
    /// For each of its words, what has it; one entry without a word where the item has none.
    pub words: Vec<ByWord<'a>>,
    /// Conditions at its paragraphs that have several of its words as checks, in another order.
    pub disordered: Vec<(&'a Channel, &'a Step)>,
    /// Statements at its paragraphs.
    pub said: Vec<Said>,
}

impl<'a> Carried<'a> {
    /// Looks an item up in its regulation.
    pub fn find(item: &'a Item, regulation: &'a Regulation) -> Self {
        let names = |at: &str| item.at.iter().any(|named| is_at(at, named));
        let at: Vec<(&Channel, &Step)> = regulation
            .channels
            .iter()
            .flat_map(|channel| channel.steps.iter().map(|step| (channel.as_ref(), step)))
            .filter(|(_, step)| names(step.at()))
            .collect();
        let set: Vec<ByClock<'_>> = regulation
            .channels
            .iter()
            .flat_map(|channel| channel.clocks.iter().map(|clock| ByClock { channel, clock }))
            .filter(|by| names(&by.clock.at))
            .collect();
        let words = match item.words.as_slice() {
            [] => vec![ByWord::find(None, &at, &set)],
            words => words.iter().map(|word| ByWord::find(Some(word), &at, &set)).collect(),
        };
        let statements = regulation.said.statements.iter().filter(|statement| names(&statement.at));
        let said = statements.map(|statement| Said {
            at: statement.at.clone(),
            topic: statement.topic,
            reason: reason(statement.topic),
        });
        let said = said.collect();
        Self { words, disordered: at.into_iter().filter(|(_, step)| !in_order(item, step)).collect(), said }
    }

    /// Whether a system has something to do for it.
    pub fn is_executable(&self) -> bool {
        self.words.iter().any(ByWord::is_carried)
    }
}

impl<'a> ByWord<'a> {
    fn find(word: Option<&'a str>, at: &[(&'a Channel, &'a Step)], set: &[ByClock<'a>]) -> Self {
        let by_step = |(channel, step): &(&'a Channel, &'a Step)| {
            let senses = word.map_or_else(|| vec![Sense::Step], |word| senses(channel, step, word));
            (!senses.is_empty()).then_some(ByStep { channel, step, senses })
        };
        let has_word = |by: &&ByClock<'_>| {
            word.is_none_or(|word| word == by.clock.limit.to_string() || word == by.clock.name)
        };
        let clocks = set.iter().filter(has_word).cloned().collect();
        Self { word, steps: at.iter().filter_map(by_step).collect(), clocks }
    }

    /// Whether a step or a clock has it.
    pub fn is_carried(&self) -> bool {
        !self.steps.is_empty() || !self.clocks.is_empty()
    }

    /// Whether it is a check or a fact somewhere: both outcomes have to be seen.
    pub fn is_two_way(&self) -> bool {
        let two_way = |sense: &Sense| matches!(sense, Sense::Check(_) | Sense::Fact(_));
        self.steps.iter().flat_map(|by| &by.senses).any(two_way)
    }
}

/// Whether the checks that a step has of an item's words stand in it as they do in the item.
fn in_order(item: &Item, step: &Step) -> bool {
    let printed: Vec<&str> = step.checks().iter().map(|check| check.word()).collect();
    let wanted = item.words.iter().map(String::as_str).filter(|word| printed.contains(word));
    let has = printed.iter().copied().filter(|check| item.words.iter().any(|word| word == check));
    wanted.eq(has)
}

/// Whether a key is that of a paragraph; a letter behind it tells two entries of one paragraph apart.
fn is_at(key: &str, paragraph: &str) -> bool {
    let number = key.trim_end_matches(|c: char| c.is_ascii_lowercase());
    key == paragraph || (number == paragraph && number.ends_with(|c: char| c.is_ascii_digit()))
}
