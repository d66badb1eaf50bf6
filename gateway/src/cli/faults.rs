//! `qaqpa faults`

use std::path::Path;

use clap::{Args, Subcommand};

use super::target::Against;
use super::{Done, Failure, Talk, say, say_json};
use crate::faults::{BadRule, KeptRule, Rule};
use crate::regulation::Regulations;
use crate::world::vocabulary;

#[derive(Subcommand)]
pub(super) enum Faults {
    /// What goes wrong in the running sandbox, and how often it did.
    List(Against),
    /// Let something go wrong from now on.
    Add(Add),
    /// Take one fault away.
    Drop(One),
    /// Take every fault away.
    Clear(Against),
    /// Every name, with what happens and what a good system makes of it.
    Names,
}

#[derive(Args)]
pub(super) struct Add {
    /// FAULT[,system=S][,service=ID][,route=R][,case=ID][,side=request|answer][,often=once|first:N|every:N|share:P].
    #[arg(required = true)]
    rules: Vec<String>,
    #[command(flatten)]
    against: Against,
}

#[derive(Args)]
pub(super) struct One {
    /// Its number.
    id: u64,
    #[command(flatten)]
    against: Against,
}

impl Faults {
    pub(super) async fn run(self, talk: Talk) -> Result<Done, Failure> {
        let rules: Vec<KeptRule> = match self {
            Self::List(against) => against.client()?.get("/control/faults", None).await?,
            Self::Clear(against) => against.client()?.delete("/control/faults").await?,
            Self::Drop(One { id, against }) => {
                vec![against.client()?.delete(&format!("/control/faults/{id}")).await?]
            }
            Self::Add(add) => {
                let client = add.against.client()?;
                let mut added = Vec::new();
                for rule in &add.rules {
                    let rule = read(rule, "RULE", None)?;
                    added.push(client.post("/control/faults", None, &rule).await?);
                }
                added
            }
            Self::Names => return names(talk),
        };
        if talk.json {
            say_json(&rules)?;
            return Ok(Done::Fine);
        }
        for kept in &rules {
            let counts = format!("matched {}, done {}", kept.matched, kept.done);
            say(format!("{:>4}  {counts:<24}  {}", kept.id, kept.rule))?;
        }
        Ok(Done::Fine)
    }
}

fn names(talk: Talk) -> Result<Done, Failure> {
    let all = vocabulary();
    if talk.json {
        say_json(&all)?;
        return Ok(Done::Fine);
    }
    for name in &all {
        say(format!("{:<32} {}", name.name, name.description.get(talk.lang)))?;
    }
    Ok(Done::Fine)
}

/// Rules as they stand on the command line, about services of these regulations.
pub(super) fn rules(written: &[String], regulations: &Regulations) -> Result<Vec<Rule>, Failure> {
    written.iter().map(|rule| read(rule, "--fault", Some(regulations))).collect()
}

/// The rules of a file: one in a line; what begins with `#` is a remark.
pub(super) fn rules_of_file(path: &Path, regulations: &Regulations) -> Result<Vec<Rule>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, error))?;
    let lines = text.lines().map(str::trim).zip(1..);
    let rules = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
    let read = |(line, number)| read(line, &format!("{}:{number}", path.display()), Some(regulations));
    rules.map(read).collect()
}

/// A rule; where the regulations are not at hand, whoever follows them says whether it is about a service of theirs.
fn read(rule: &str, place: &str, regulations: Option<&Regulations>) -> Result<Rule, Failure> {
    let read = rule.parse::<Rule>().and_then(|rule| {
        regulations.map_or(Ok(()), |regulations| rule.is_of(regulations))?;
        Ok(rule)
    });
    read.map_err(|error| {
        let hint = match error {
            BadRule::Service(_) => {
                "a service is a regulation, or REGULATION/CHANNEL[/MESSAGE], or one of registers"
            }
            _ => "`qaqpa faults names` lists what can go wrong",
        };
        Failure::usage(format!("{place}: {error}"), hint)
    })
}
