//! The list of what the texts name: `gateway/coverage/items.toml`.

use std::fmt;

use certs::Text;
use serde::{Deserialize, Serialize};

/// The list that the program carries.
const ITEMS: &str = include_str!("../../coverage/items.toml");

/// Something that an act names and that has to be accounted for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Number of the text and of the item in it, as `001-055`.
    pub id: String,
    /// The regulation's id.
    pub act: String,
    /// The paragraphs that name it.
    pub at: Vec<String>,
    /// What it is.
    pub kind: ItemKind,
    /// The words that steps at the paragraphs have for it, all of them: of the vocabulary, a refusal's code, a time
    /// limit, a clock, a field or copy of the form. Checks of one condition stand in the order that the act prints.
    /// None where nothing of the kind is meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// A short rendering.
    pub what: Text,
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemKind {
    /// A system, or what it takes part in.
    Sys,
    /// Somebody who acts.
    Role,
    /// A check.
    Chk,
    /// A step.
    Step,
    /// A message that a person reads.
    Msg,
    /// A document.
    Doc,
    /// A time limit or a day.
    Time,
    /// A rule.
    Rule,
    /// Data of the act and titles.
    Meta,
    /// A drawing.
    Fig,
}

impl ItemKind {
    /// The word as it stands in the list.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sys => "sys",
            Self::Role => "role",
            Self::Chk => "chk",
            Self::Step => "step",
            Self::Msg => "msg",
            Self::Doc => "doc",
            Self::Time => "time",
            Self::Rule => "rule",
            Self::Meta => "meta",
            Self::Fig => "fig",
        }
    }
}

impl fmt::Display for ItemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    item: Vec<Item>,
}

/// Every item, in the order of the texts.
///
/// # Errors
/// What is wrong with the list, which would be the program's own fault.
pub fn items() -> Result<Vec<Item>, toml::de::Error> {
    toml::from_str::<List>(ITEMS).map(|list| list.item)
}
