//! The journal: what was seen, in the order it was committed.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What kind of thing an entry reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// A message left or entered a system of ours. Verdicts rest on these.
    Crossing,
    /// A system of ours reports a step of its own.
    Step,
    /// Something went wrong on purpose.
    Fault,
}

impl EntryKind {
    /// The word in JSON, URLs and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Crossing => "crossing",
            Self::Step => "step",
            Self::Fault => "fault",
        }
    }
}

impl fmt::Display for EntryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A word that names no [`EntryKind`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no journal entry is called {0:?}; there are \"crossing\", \"step\" and \"fault\"")]
pub struct UnknownEntryKind(pub String);

impl FromStr for EntryKind {
    type Err = UnknownEntryKind;

    fn from_str(word: &str) -> Result<Self, UnknownEntryKind> {
        match word {
            "crossing" => Ok(Self::Crossing),
            "step" => Ok(Self::Step),
            "fault" => Ok(Self::Fault),
            _ => Err(UnknownEntryKind(word.to_owned())),
        }
    }
}

/// An entry on its way into the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEntry {
    /// When it happened by the world's clock; kept to the microsecond. It does not order the journal.
    pub at: Timestamp,
    /// What kind of thing is reported.
    pub kind: EntryKind,
    /// The case it belongs to, if any.
    pub case: Option<String>,
    /// The system that saw it.
    pub system: String,
    /// The report, redacted by the caller.
    pub body: Value,
}

impl NewEntry {
    /// A message left or entered `system`.
    pub fn crossing(at: Timestamp, system: impl Into<String>, body: Value) -> Self {
        Self { at, kind: EntryKind::Crossing, case: None, system: system.into(), body }
    }

    /// `system` did something by itself.
    pub fn step(at: Timestamp, system: impl Into<String>, body: Value) -> Self {
        Self { kind: EntryKind::Step, ..Self::crossing(at, system, body) }
    }

    /// The entry belongs to `case`.
    pub fn case(mut self, case: impl Into<String>) -> Self {
        self.case = Some(case.into());
        self
    }
}

/// An entry of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number in its world: 1, 2, 3 … in the order of commits, and within one in the batch's order.
    pub seq: u64,
    /// When it happened by the world's clock.
    pub at: Timestamp,
    /// What kind of thing is reported.
    pub kind: EntryKind,
    /// The case it belongs to, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// The system that saw it.
    pub system: String,
    /// The report.
    pub body: Value,
}

/// Which entries to read. A filter left out matches everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalQuery {
    /// Only entries of this case.
    pub case: Option<String>,
    /// Only entries of this system.
    pub system: Option<String>,
    /// Only entries of this kind.
    pub kind: Option<EntryKind>,
    /// Only entries whose number is greater.
    pub after: Option<u64>,
    /// At most so many entries.
    pub limit: usize,
}

impl JournalQuery {
    /// The first `limit` entries.
    pub fn first(limit: usize) -> Self {
        Self { case: None, system: None, kind: None, after: None, limit }
    }

    /// Every entry.
    pub fn all() -> Self {
        Self::first(usize::MAX)
    }

    /// Only entries of this case.
    pub fn case(mut self, case: impl Into<String>) -> Self {
        self.case = Some(case.into());
        self
    }

    /// Only entries of this system.
    pub fn system(mut self, system: impl Into<String>) -> Self {
        self.system = Some(system.into());
        self
    }

    /// Only entries of this kind.
    pub fn kind(mut self, kind: EntryKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Only entries whose number is greater than `seq`.
    pub fn after(mut self, seq: u64) -> Self {
        self.after = Some(seq);
        self
    }
}
