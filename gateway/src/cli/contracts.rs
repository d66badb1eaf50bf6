//! `qaqpa contracts`

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::up::regulations;
use super::{Done, Failure, Talk, say, say_json};
use crate::contracts::{Contract, contracts};

#[derive(Args)]
pub(super) struct Contracts {
    /// The contract to print; a list of them without it.
    name: Option<String>,
    /// Write them into this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Folder of regulation files instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    regulations: Option<PathBuf>,
}

impl Contracts {
    pub(super) fn run(self, talk: Talk) -> Result<Done, Failure> {
        let mut all = contracts(&regulations(self.regulations.as_ref())?);
        if let Some(name) = &self.name {
            all.retain(|contract| contract.name == *name);
            if all.is_empty() {
                let hint = "`qaqpa contracts` without a name lists the known ones";
                return Err(Failure::usage(format!("no contract is called `{name}`"), hint));
            }
        }
        match (&self.out, &self.name) {
            (Some(folder), _) => {
                std::fs::create_dir_all(folder).map_err(|error| Failure::file(folder, error))?;
                for Contract { name, text } in &all {
                    let path = folder.join(name);
                    std::fs::write(&path, text).map_err(|error| Failure::file(&path, error))?;
                    say(path.display())?;
                }
            }
            (None, Some(_)) => all.iter().try_for_each(|contract| say(contract.text.trim_end()))?,
            (None, None) if talk.json => {
                let described = |one: &Contract| json!({ "name": one.name, "mediaType": one.media_type() });
                say_json(&all.iter().map(described).collect::<Vec<_>>())?;
            }
            (None, None) => all.iter().try_for_each(|contract| say(&contract.name))?,
        }
        Ok(Done::Fine)
    }
}
