//! Problem documents as others write them.

use certs::Text;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Code, Parts, Problem};

/// What a problem document must say, and what it may: a system of somebody else's need not know our words.
#[derive(Deserialize)]
pub(super) struct Said {
    code: Code,
    #[serde(rename = "type")]
    kind: Option<String>,
    title: Option<String>,
    status: Option<u16>,
    detail: Option<String>,
    hint: Option<String>,
    message: Option<Text>,
    step: Option<String>,
    paragraph: Option<String>,
    system: Option<String>,
    #[serde(flatten)]
    facts: Map<String, Value>,
}

impl From<Said> for Problem {
    fn from(said: Said) -> Self {
        let mut problem = Self::new(said.code);
        let Parts { kind, title, status, hint, message, .. } = &mut *problem;
        *kind = said.kind.unwrap_or_else(|| std::mem::take(kind));
        *title = said.title.unwrap_or_else(|| std::mem::take(title));
        *status = said.status.unwrap_or(*status);
        *hint = said.hint.unwrap_or_else(|| std::mem::take(hint));
        *message = said.message.unwrap_or_else(|| message.clone());
        problem.detail = said.detail;
        problem.step = said.step;
        problem.paragraph = said.paragraph;
        problem.system = said.system;
        problem.facts = said.facts;
        problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_enough_and_everything_else_is_kept() {
        let brief: Problem = serde_json::from_str(r#"{"code": "route-unknown"}"#).unwrap();
        assert_eq!(brief, Problem::new(Code::RouteUnknown));
        let full = Problem::new(Code::Busy).detail("twice").at("12.8b").fact("queue", 7);
        let read: Problem = serde_json::from_str(&serde_json::to_string(&full).unwrap()).unwrap();
        assert_eq!(read, full);
        assert!(serde_json::from_str::<Problem>(r#"{"title": "no code"}"#).is_err());
    }
}
