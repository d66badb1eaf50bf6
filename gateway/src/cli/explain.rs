//! `qaqpa explain`

use certs::Text;
use clap::Args;
use serde_json::json;
use signer::Code;

use super::up::regulations;
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
            Some(code) => match (code.parse::<Code>(), refusals(code)?) {
                (Ok(code), _) => vec![code],
                (Err(error), refusals) if refusals.is_empty() => {
                    let hint = "`qaqpa explain` without a code lists the known ones";
                    return Err(Failure::usage(error.to_string(), hint));
                }
                (Err(_), refusals) => return explain_refusals(code, &refusals, talk),
            },
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

/// A refusal of a regulation: the regulation, the channel, the paragraph, and what people read.
type Refusal = (String, String, String, Text);

/// The refusals of the built-in regulations that have this code.
fn refusals(code: &str) -> Result<Vec<Refusal>, Failure> {
    let mut found = Vec::new();
    for regulation in regulations(None)?.iter() {
        for channel in &regulation.channels {
            for step in &channel.steps {
                if let Some(refusal) = step.said.refusal.as_ref().filter(|refusal| refusal.code == code) {
                    let at = step.paragraph().to_owned();
                    found.push((regulation.id.clone(), channel.name.clone(), at, refusal.message.clone()));
                }
            }
        }
    }
    Ok(found)
}

fn explain_refusals(code: &str, refusals: &[Refusal], talk: Talk) -> Result<Done, Failure> {
    if talk.json {
        let described = |(regulation, channel, paragraph, message): &Refusal| {
            json!({
                "code": code, "regulation": regulation, "channel": channel, "paragraph": paragraph,
                "message": message,
            })
        };
        say_json(&refusals.iter().map(described).collect::<Vec<_>>())?;
        return Ok(Done::Fine);
    }
    say(format!("{code}: a refusal that regulations provide for; the reasons stand beside it"))?;
    for (regulation, channel, paragraph, message) in refusals {
        say(format!("  {regulation} · {channel} · §{paragraph}: {}", message.get(talk.lang)))?;
    }
    Ok(Done::Fine)
}
