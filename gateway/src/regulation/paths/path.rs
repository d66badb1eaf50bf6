//! What a path is: its steps with what is chosen there, what is shown on it, how it ends.

use certs::Text;
use serde::Serialize;
use signer::System;

use crate::regulation::model::Channel;
use crate::regulation::vocabulary::{CheckWord, End, Fact, Issued};

/// How the human lane arranges one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The step is passed by: this fact of its guard does not hold.
    PassedBy(Fact),
    /// The checks that fail; none when empty.
    Failing(Vec<CheckWord>),
    /// The document whose guard comes true.
    Document(Issued),
    /// The message goes the other way.
    OtherWay,
    /// The signer's certificate is revoked just before the signature is given in.
    RevokedLate,
    /// The form knows the recipient by BIN, where an IIN would do as well.
    ByBin,
}

/// One step on a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathStep {
    /// Its paragraph.
    pub at: String,
    /// What was chosen there; `None` where there is no choice.
    pub choice: Option<Choice>,
}

/// How a path ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "end", rename_all = "kebab-case")]
pub enum PathEnd {
    /// With a refusal that a step formed.
    Refused {
        /// The step that formed it.
        at: String,
        /// Its code.
        code: String,
        /// The step that shows it.
        shown_at: String,
    },
    /// With a result.
    Served {
        /// The step that issued it.
        at: String,
        /// The document.
        document: Issued,
        /// The step that shows it.
        shown_at: String,
    },
    /// A system did not let the message through, on grounds that the text gives no step of its own.
    Stopped {
        /// The step whose message was stopped.
        at: String,
        /// Who stopped it.
        by: System,
        /// With which code.
        code: String,
    },
    /// The file ends the path without anything to show.
    Silent {
        /// The last step.
        at: String,
    },
}

/// Something that a person is shown on a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Showing {
    /// The step that formed it.
    pub at: String,
    /// The refusal's code, or the document's name.
    pub code: String,
    /// Refusal or result; a receipt on the way is neither.
    pub end: Option<End>,
    /// The step that shows it.
    pub shown_at: String,
}

/// One path through a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Name for the command line, unique in its channel.
    pub name: String,
    /// Name for people.
    pub title: Text,
    /// The steps in the order they are come by; one whose guard does not hold is passed by.
    pub steps: Vec<PathStep>,
    /// What is shown on it, in order.
    pub shows: Vec<Showing>,
    /// How it ends.
    pub end: PathEnd,
}

impl Path {
    /// The choice made at a step.
    pub fn choice(&self, at: &str) -> Option<&Choice> {
        self.steps.iter().find(|step| step.at == at).and_then(|step| step.choice.as_ref())
    }

    /// The checks of certificates that are to fail.
    pub fn failing(&self) -> impl Iterator<Item = CheckWord> {
        self.steps.iter().flat_map(|step| match &step.choice {
            Some(Choice::Failing(checks)) => checks.clone(),
            _ => Vec::new(),
        })
    }

    /// Whether a fact is to hold: some step is gone through because it does, or some document issued.
    pub fn fact(&self, channel: &Channel, fact: Fact) -> bool {
        self.steps.iter().any(|step| {
            let Some(said) = channel.step(&step.at) else { return false };
            match &step.choice {
                Some(Choice::OtherWay) => said.other_way_when().is_some_and(|facts| facts.contains(&fact)),
                Some(Choice::PassedBy(absent)) => {
                    // The facts that stand before the one that does not hold do.
                    said.guard().iter().take_while(|guard| *guard != absent).any(|guard| *guard == fact)
                }
                Some(Choice::Document(issued)) => {
                    said.said.documents.iter().any(|d| {
                        d.document == *issued && d.when.as_ref().is_some_and(|w| w.all.contains(&fact))
                    })
                }
                _ => said.guard().contains(&fact),
            }
        })
    }

    /// Whether a step is passed by because the fact does not hold.
    pub fn goes_without(&self, fact: Fact) -> bool {
        self.steps.iter().any(|step| step.choice == Some(Choice::PassedBy(fact)))
    }

    /// Whether the recipient is an organisation.
    pub fn by_bin(&self) -> bool {
        self.steps.iter().any(|step| step.choice == Some(Choice::ByBin))
    }

    /// Whether the path goes past a step.
    pub fn passes_by(&self, at: &str) -> bool {
        matches!(self.choice(at), Some(Choice::PassedBy(_)))
    }
}

impl PathEnd {
    /// Refusal or result; `None` where nothing is shown as an end.
    pub fn end(&self) -> Option<End> {
        match self {
            Self::Refused { .. } => Some(End::Refusal),
            Self::Served { .. } => Some(End::Result),
            Self::Stopped { .. } | Self::Silent { .. } => None,
        }
    }
}
