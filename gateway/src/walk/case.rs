//! What a system keeps of a case.

use std::collections::BTreeMap;

use certs::Text;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use signer::{Document, Problem};
use uuid::Uuid;

use crate::exchange::Issue;
use crate::regulation::{CheckWord, End};

/// A case as one system knows it. Every system keeps its own; they learn of each other by messages alone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Case<Own> {
    /// The same in every system.
    pub id: Uuid,
    /// The regulation's id.
    pub regulation: String,
    /// The channel's name.
    pub channel: String,
    /// When this system first knew of it.
    pub since: Timestamp,
    /// Where it stands, as far as this system knows.
    pub position: Position,
    /// Until when paragraphs are to be done whose time limits have begun here.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub limits: BTreeMap<String, Timestamp>,
    /// The clocks of the channel that have begun here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<RunningClock>,
    /// The checks that failed in the last condition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// What keeps the case from going on just now: a technical failure, tried again until it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hindrance: Option<Problem>,
    /// What was formed or received and is not shown yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formed: Option<Formed>,
    /// What the person was shown, oldest first.
    #[serde(default)]
    pub shown: Vec<Shown>,
    /// Whether something has come of it: it was sent or shown, or a time limit of the act began. Until then it may be
    /// forgotten.
    #[serde(default = "always")]
    pub lasts: bool,
    /// What only this system keeps.
    pub own: Own,
}

/// A clock of the channel that has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningClock {
    /// Its name in the regulation.
    pub name: String,
    /// When it began.
    pub began: Timestamp,
    /// Until when it may run.
    pub due: Timestamp,
    /// When what it measures was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
}

/// Where a case stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Position {
    /// At a step of this system.
    At {
        /// The step.
        at: String,
        /// How many of its acts are done.
        done: usize,
    },
    /// With another system.
    Elsewhere {
        /// The last step of this one.
        after: String,
    },
    /// Over.
    Ended {
        /// The last step.
        at: String,
        /// Refusal or result.
        end: End,
    },
    /// A message was not let through; no step of the regulation says what follows.
    Stopped {
        /// The step whose message it was.
        at: String,
        /// What was said.
        problem: Problem,
    },
}

/// A check that failed, in words and facts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The check.
    pub check: CheckWord,
    /// Stable code.
    pub code: String,
    /// What a person reads.
    pub text: Text,
    /// The facts, for programs.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub facts: Value,
}

/// Something to show that has not been shown.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Formed {
    /// The step that formed or received it.
    pub at: String,
    /// What it is.
    pub kind: ShownKind,
    /// The refusal's code or the document's name.
    pub code: String,
    /// What the person reads.
    pub message: Text,
    /// The checks that failed.
    pub reasons: Vec<Reason>,
    /// The signed document, where there is one.
    pub document: Option<Document>,
    /// What is printed and given into the person's hand.
    #[serde(default)]
    pub paper: Option<Issue>,
}

/// What a person was shown.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Shown {
    /// When.
    pub shown_at: Timestamp,
    /// The step that showed it.
    pub step: String,
    /// The step that formed or received it.
    pub formed_at: String,
    /// The paragraph to cite.
    pub paragraph: String,
    /// What it is.
    pub kind: ShownKind,
    /// The refusal's code, the document's name or the problem's code.
    pub code: String,
    /// What the person reads.
    pub message: Text,
    /// The checks that failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// The signed document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    /// What is printed and given into the person's hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<Issue>,
}

/// What kind of thing a person is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShownKind {
    /// A refusal that the regulation provides for.
    Refusal,
    /// The result of the service.
    Result,
    /// A receipt on the way: the case goes on.
    Receipt,
    /// A technical failure: nothing was decided.
    Problem,
}

impl ShownKind {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Refusal => "refusal",
            Self::Result => "result",
            Self::Receipt => "receipt",
            Self::Problem => "problem",
        }
    }
}

/// Cases of earlier versions are kept.
fn always() -> bool {
    true
}

impl<Own> Case<Own> {
    /// Whether nothing more will happen.
    pub fn is_over(&self) -> bool {
        matches!(self.position, Position::Ended { .. } | Position::Stopped { .. })
    }
}
