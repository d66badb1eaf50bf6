//! What a page says of a regulation, in three languages, as data.

use certs::Text;
use jiff::Timestamp;
use serde::Serialize;

use super::channel::ChannelPage;
use super::titles;
use crate::regulation::file::{self, Paragraphs, Record, Statement};
use crate::regulation::{Actor, Regulation, Topic};

/// What an act may lack and a passport of its service supply.
const SUPPLIED: [Topic; 7] = [
    Topic::Price,
    Topic::Recipients,
    Topic::Terms,
    Topic::Documents,
    Topic::Complaint,
    Topic::Addresses,
    Topic::Information,
];

/// The whole page.
#[derive(Serialize)]
pub(super) struct Page {
    pub(super) regulation: String,
    pub(super) title: Text,
    pub(super) region: Text,
    pub(super) time_zone: String,
    pub(super) issued: Option<RecordPage>,
    pub(super) edition: Option<RecordPage>,
    pub(super) registered: Option<RecordPage>,
    pub(super) repealed: Option<RecordPage>,
    pub(super) status: Text,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) overlays: Vec<String>,
    pub(super) statements: Vec<Group>,
    pub(super) abbreviations: Vec<AbbreviationPage>,
    pub(super) channels: Vec<ChannelPage>,
}

/// A number and a day.
#[derive(Serialize)]
pub(super) struct RecordPage {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) by: Option<Text>,
    pub(super) number: String,
    pub(super) on: String,
}

/// The statements of one topic.
#[derive(Serialize)]
pub(super) struct Group {
    pub(super) topic: Topic,
    pub(super) title: Text,
    /// The regulation that supplies them, where this one has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<String>,
    pub(super) statements: Vec<Said>,
}

/// One statement; without a paragraph what is read off the form.
#[derive(Serialize)]
pub(super) struct Said {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) at: Option<String>,
    pub(super) what: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) restored: Option<String>,
}

/// A shortened name.
#[derive(Serialize)]
pub(super) struct AbbreviationPage {
    pub(super) printed: Vec<String>,
    pub(super) means: Text,
    pub(super) expanded_at: Vec<String>,
}

impl Page {
    /// Gathers the page; `overlays` are the regulations that add to this one.
    pub(super) fn of(regulation: &Regulation, overlays: &[&Regulation], now: Timestamp) -> Self {
        let said = &regulation.said;
        let record = |record: &Option<Record>| record.as_ref().map(RecordPage::of);
        let own = |topic: &Topic| Group::of(*topic, &said.statements, None);
        let mut statements = Vec::new();
        for topic in Topic::ALL {
            match own(topic) {
                Some(group) => statements.push(group),
                None if SUPPLIED.contains(topic) => {
                    statements.extend(overlays.iter().filter_map(|other| supplied(*topic, other)));
                }
                None => {}
            }
        }
        Self {
            regulation: regulation.id.clone(),
            title: said.title.clone(),
            region: said.region.clone(),
            time_zone: said.time_zone.clone(),
            issued: record(&said.act.issued),
            edition: record(&said.act.edition),
            registered: record(&said.act.registered),
            repealed: record(&said.act.repealed),
            status: regulation.status(now),
            overlays: said.overlays.clone(),
            statements,
            abbreviations: said.abbreviations.iter().map(AbbreviationPage::of).collect(),
            channels: regulation.channels.iter().map(|channel| ChannelPage::of(channel)).collect(),
        }
    }
}

impl RecordPage {
    fn of(record: &Record) -> Self {
        Self { by: record.by.clone(), number: record.number.clone(), on: record.on.to_string() }
    }
}

impl Group {
    fn of(topic: Topic, statements: &[Statement], from: Option<&str>) -> Option<Self> {
        let of_topic = statements.iter().filter(|statement| statement.topic == topic);
        let statements: Vec<Said> = of_topic.map(Said::of).collect();
        let from = from.map(str::to_owned);
        (!statements.is_empty()).then(|| Self { topic, title: titles::topic(topic), from, statements })
    }
}

impl Said {
    fn of(statement: &Statement) -> Self {
        Self {
            at: Some(statement.at.clone()),
            what: statement.what.clone(),
            text: Some(statement.text.clone()),
            restored: statement.restored.clone(),
        }
    }
}

/// A topic as another regulation has it: its statements; for documents without one, those that its form asks for.
fn supplied(topic: Topic, other: &Regulation) -> Option<Group> {
    let from = Some(other.id.as_str());
    if let Some(group) = Group::of(topic, &other.said.statements, from) {
        return Some(group);
    }
    let copies = other.said.form.copies.iter();
    let copy = |copy: &file::Copy| Said {
        at: None,
        what: if copy.optional { titles::if_any(&copy.title) } else { copy.title.clone() },
        text: None,
        restored: None,
    };
    let statements: Vec<Said> = copies.map(copy).collect();
    (topic == Topic::Documents && !statements.is_empty()).then(|| Group {
        topic,
        title: titles::topic(topic),
        from: Some(other.id.clone()),
        statements,
    })
}

impl AbbreviationPage {
    fn of(said: &file::Abbreviation) -> Self {
        let words = || Text::new(said.means.as_str(), said.means.as_str(), said.means.as_str());
        Self {
            printed: said.printed.clone(),
            means: Actor::try_from(said.means.clone()).map_or_else(|_| words(), Actor::title),
            expanded_at: match &said.expanded_at {
                Paragraphs::None => Vec::new(),
                Paragraphs::One(at) => vec![at.clone()],
                Paragraphs::Several(all) => all.clone(),
            },
        }
    }
}
