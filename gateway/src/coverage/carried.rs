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

/// Everything that carries an item.
#[derive(Debug, Clone, Default)]
pub struct Carried<'a> {
    /// Steps at one of its paragraphs; with a word, those that have it.
    pub steps: Vec<ByStep<'a>>,
    /// Clocks that one of its paragraphs sets; with a word, those that have it.
    pub clocks: Vec<ByClock<'a>>,
    /// Statements at its paragraphs.
    pub said: Vec<Said>,
}

impl<'a> Carried<'a> {
    /// Looks an item up in its regulation.
    pub fn find(item: &Item, regulation: &'a Regulation) -> Self {
        let names = |at: &str| item.at.iter().any(|named| is_at(at, named));
        let mut carried = Self::default();
        for channel in &regulation.channels {
            for step in channel.steps.iter().filter(|step| names(step.at())) {
                let senses = match &item.word {
                    Some(word) => senses(step, word),
                    None => vec![Sense::Step],
                };
                if !senses.is_empty() {
                    carried.steps.push(ByStep { channel, step, senses });
                }
            }
            let has_word = |clock: &Clock| {
                item.word.as_ref().is_none_or(|word| *word == clock.limit.to_string() || *word == clock.name)
            };
            let clocks = channel.clocks.iter().filter(|clock| names(&clock.at) && has_word(clock));
            carried.clocks.extend(clocks.map(|clock| ByClock { channel, clock }));
        }
        let statements = regulation.said.statements.iter().filter(|statement| names(&statement.at));
        carried.said.extend(statements.map(|statement| Said {
            at: statement.at.clone(),
            topic: statement.topic,
            reason: reason(statement.topic),
        }));
        carried
    }

    /// Whether a system has something to do for it.
    pub fn is_executable(&self) -> bool {
        !self.steps.is_empty() || !self.clocks.is_empty()
    }
}

/// Whether a key is that of a paragraph; a letter behind it tells two entries of one paragraph apart.
fn is_at(key: &str, paragraph: &str) -> bool {
    let number = key.trim_end_matches(|c: char| c.is_ascii_lowercase());
    key == paragraph || (number == paragraph && number.ends_with(|c: char| c.is_ascii_digit()))
}
