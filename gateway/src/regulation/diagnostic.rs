//! What is wrong with a regulation file, said so that its author can mend it.

use std::fmt;

use serde::Serialize;

/// How bad a [`Diagnostic`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// The file can be used; its author should look.
    Warning,
    /// The act itself: what its text leaves out or says twice. Nothing in the file is to be mended.
    Note,
}

/// One thing to mend in a regulation file, or to know of the act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Stable code, as `unreachable-step`.
    pub code: &'static str,
    /// `channel §paragraph`, where it concerns a step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        write!(f, "{severity}[{}]", self.code)?;
        if let Some(at) = &self.at {
            write!(f, " {at}")?;
        }
        write!(f, ": {}\n  hint: {}", self.message, self.hint)
    }
}

/// Why a file gave no regulation.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file or folder could not be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// The file or folder.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Not TOML, a key that does not belong there, or an unknown word.
    #[error("{path}: {}{source}", .at.as_ref().map(|at| format!("{at}: ")).unwrap_or_default())]
    Malformed {
        /// The file.
        path: String,
        /// `channel §paragraph`, where it is in a step.
        at: Option<String>,
        /// Where and what.
        source: Box<toml::de::Error>,
    },
    /// Well-formed, but it cannot be run.
    #[error("{path}: {}", join(.diagnostics))]
    Wrong {
        /// The file.
        path: String,
        /// All that was found, warnings too.
        diagnostics: Vec<Diagnostic>,
    },
    /// Two files give the same id.
    #[error("two regulations are called `{id}`")]
    Twice {
        /// The id.
        id: String,
    },
}

fn join(diagnostics: &[Diagnostic]) -> String {
    let lines: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    lines.join("\n")
}
