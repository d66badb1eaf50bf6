//! Problem documents (RFC 9457) with stable codes.

mod code;
mod read;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use certs::Text;
use certs::verdict::{Decision, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use code::{Code, UnknownCode};

use crate::cms::CmsError;
use crate::envelope::EnvelopeError;
use crate::xml::XmlError;

/// The media type of problem documents.
pub const PROBLEM: &str = "application/problem+json";

/// Why a request was not carried out: the body of every error answer.
///
/// Media type `application/problem+json`. `code` is stable; `step` and `paragraph` are there when the problem
/// arose in a step of a regulation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "read::Said", into = "Parts")]
pub struct Problem(Box<Parts>);

/// What a problem says; its fields are read and set through [`Problem`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Parts {
    /// `urn:qaqpa:problem:<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What went wrong, in English.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code; `qaqpa explain CODE` says more.
    pub code: Code,
    /// The facts of this very case, in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What to do next.
    pub hint: String,
    /// What a citizen or clerk reads.
    pub message: Text,
    /// The step of the regulation, as `12.6`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// The paragraph to cite.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paragraph: Option<String>,
    /// The system that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Facts for programs.
    #[serde(flatten)]
    pub facts: Map<String, Value>,
    /// Whether it stands in the journal already.
    #[serde(skip)]
    pub noted: bool,
}

impl From<Problem> for Parts {
    fn from(problem: Problem) -> Self {
        *problem.0
    }
}

impl std::ops::Deref for Problem {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl std::ops::DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Parts {
        &mut self.0
    }
}

impl Problem {
    /// A problem with nothing but its code.
    pub fn new(code: Code) -> Self {
        Self(Box::new(Parts {
            kind: format!("urn:qaqpa:problem:{code}"),
            title: code.title().to_owned(),
            status: code.status(),
            code,
            detail: None,
            hint: code.hint().to_owned(),
            message: code.message(),
            step: None,
            paragraph: None,
            system: None,
            facts: Map::new(),
            noted: false,
        }))
    }

    /// A failure of the program or what it stands on; never a refusal.
    pub fn technical(error: impl std::fmt::Display) -> Self {
        Self::new(Code::Technical).detail(error.to_string())
    }

    /// What a verdict amounts to: the first failure, or else the first thing that could not be checked; `None`
    /// when the certificate is accepted. The whole verdict goes along as the fact `verdict`.
    pub fn of_verdict(verdict: &Verdict) -> Option<Self> {
        let failed = verdict.failed().next().map(|(_, failure)| (failure.code(), failure.text()));
        let unknown = verdict.unknown().next().map(|(_, doubt)| (doubt.code(), doubt.text()));
        let (code, text) = match verdict.decision() {
            Decision::Accepted => return None,
            Decision::Refused => failed?,
            Decision::CouldNotCheck => {
                unknown.unwrap_or_else(|| (Code::RevocationUnknown.code(), Code::RevocationUnknown.message()))
            }
        };
        let code = code.parse().unwrap_or(Code::CertificateRefused);
        Some(Self::new(code).detail(text.en).fact("verdict", verdict))
    }

    /// With the facts of this case as a sentence.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// With what to do next in this case, where that is more than the code's own hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// In a step of a regulation. `at` may end in the letter that tells two steps of a paragraph apart.
    pub fn at(mut self, at: &str) -> Self {
        self.step = Some(at.to_owned());
        self.paragraph = Some(at.trim_end_matches(|c: char| c.is_ascii_lowercase()).to_owned());
        self
    }

    /// Said by a system, unless one is named already.
    pub fn by(mut self, system: crate::System) -> Self {
        self.system.get_or_insert_with(|| system.name().to_owned());
        self
    }

    /// It stands in the journal.
    pub fn noted(mut self) -> Self {
        self.noted = true;
        self
    }

    /// With a fact for programs; one that cannot be written as JSON is left out.
    pub fn fact(mut self, name: &str, fact: impl Serialize) -> Self {
        if let Ok(fact) = serde_json::to_value(fact) {
            self.facts.insert(name.to_owned(), fact);
        }
        self
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.title, self.code)?;
        if let Some(system) = &self.system {
            write!(f, ", said by {system}")?;
        }
        if let Some(paragraph) = &self.paragraph {
            write!(f, " at §{paragraph}")?;
        }
        if let Some(detail) = &self.detail {
            write!(f, ": {detail}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

/// Where JSON goes wrong and what was expected, without the value that was met: it may be a secret.
pub fn json_fault(error: &serde_json::Error) -> String {
    let text = error.to_string();
    if !text.starts_with("invalid type") && !text.starts_with("invalid value") {
        return text;
    }
    match text.rsplit_once(", expected ") {
        Some((_, expected)) => format!("another value was expected: {expected}"),
        None => format!("a value does not fit at line {} column {}", error.line(), error.column()),
    }
}

impl From<CmsError> for Problem {
    fn from(error: CmsError) -> Self {
        let code = if error.is_invalid() { Code::SignatureInvalid } else { Code::SignatureMalformed };
        Self::new(code).detail(error.to_string())
    }
}

impl From<XmlError> for Problem {
    fn from(error: XmlError) -> Self {
        Self::new(error.code()).detail(error.to_string())
    }
}

impl From<EnvelopeError> for Problem {
    fn from(error: EnvelopeError) -> Self {
        match error {
            EnvelopeError::Signature(error) => error.into(),
            EnvelopeError::Malformed(error) => Self::new(Code::EnvelopeMalformed).detail(json_fault(&error)),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, serde_json::to_string(&self).unwrap_or_default()).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_reads_back() {
        let problem = Problem::new(Code::UnknownService).detail("no `x`").at("12.8b").fact("known", ["a"]);
        let json = serde_json::to_value(&problem).unwrap();
        assert_eq!(json["type"], "urn:qaqpa:problem:unknown-service");
        assert_eq!((&json["step"], &json["paragraph"]), (&"12.8b".into(), &"12.8".into()));
        assert_eq!(serde_json::from_value::<Problem>(json).unwrap(), problem);
    }
}
