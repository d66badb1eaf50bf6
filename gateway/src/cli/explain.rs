//! `qaqpa explain`

use clap::Args;
use serde_json::json;
use signer::Code;

use super::{Done, Failure, Talk, say, say_json};

#[derive(Args)]
pub(super) struct Explain {
    /// The code; every code without it.
    code: Option<String>,
}

impl Explain {
    pub(super) fn run(self, talk: Talk) -> Result<Done, Failure> {
        let codes = match &self.code {
            None => Code::ALL.to_vec(),
            Some(code) => vec![code.parse::<Code>().map_err(|error| {
                Failure::usage(error.to_string(), "`qaqpa explain` without a code lists the known ones")
            })?],
        };
        if talk.json {
            let described = |code: &Code| {
                json!({
                    "code": code, "status": code.status(), "title": code.title(), "why": code.why(),
                    "hint": code.hint(), "message": code.message(),
                })
            };
            say_json(&codes.iter().map(described).collect::<Vec<_>>())?;
        } else if self.code.is_none() {
            for code in codes {
                say(format!("{:<32}{} {}", code.code(), code.status(), code.title()))?;
            }
        } else {
            for code in codes {
                say(format!("{code} (HTTP {}): {}", code.status(), code.title()))?;
                say(format!("  {}", code.why()))?;
                say(format!("  people read: {}", code.message().get(talk.lang)))?;
                say(format!("  hint: {}", code.hint()))?;
            }
        }
        Ok(Done::Fine)
    }
}
