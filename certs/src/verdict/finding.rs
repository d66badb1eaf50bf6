//! One question with its answer.

use serde::{Deserialize, Serialize, Serializer};

use super::{Check, Doubt, Failure};
use crate::Text;

/// One question with its answer. In JSON
/// `{"check", "question", "outcome": "passed|failed|unknown", "code", "facts", "text"}`; `code` and `facts` only where
/// there are any. Question and text are for people and not needed when read back.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Finding {
    /// The question.
    pub check: Check,
    /// The answer.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// The answer to a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
pub enum Outcome {
    /// Yes.
    Passed,
    /// No.
    Failed(Failure),
    /// It could not be found out.
    Unknown(Doubt),
}

impl Outcome {
    /// The stable code: `passed`, or that of the failure or doubt.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed(failure) => failure.code(),
            Self::Unknown(doubt) => doubt.code(),
        }
    }

    /// The answer to the question, for people.
    pub fn text(&self) -> Text {
        match self {
            Self::Passed => Text::new("иә", "да", "yes"),
            Self::Failed(failure) => failure.text(),
            Self::Unknown(doubt) => doubt.text(),
        }
    }
}

impl Finding {
    /// The check passed.
    pub const fn passed(check: Check) -> Self {
        Self { check, outcome: Outcome::Passed }
    }

    /// The check failed.
    pub const fn failed(check: Check, failure: Failure) -> Self {
        Self { check, outcome: Outcome::Failed(failure) }
    }

    /// The check could not be done.
    pub const fn unknown(check: Check, doubt: Doubt) -> Self {
        Self { check, outcome: Outcome::Unknown(doubt) }
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Flat<'a> {
            check: Check,
            question: Text,
            #[serde(flatten)]
            outcome: &'a Outcome,
            text: Text,
        }
        Flat {
            check: self.check,
            question: self.check.question(),
            outcome: &self.outcome,
            text: self.outcome.text(),
        }
        .serialize(serializer)
    }
}
