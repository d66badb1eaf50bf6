//! `qaqpa regulations show`

mod channel;
mod page;
mod print;
mod titles;

use std::path::PathBuf;

use certs::Clock;
use clap::Args;

use self::page::Page;
use self::print::Printer;
use super::up::regulations;
use super::{Done, Failure, Talk, say, say_json};
use crate::regulation::Regulation;

#[derive(Args)]
pub(super) struct Show {
    /// The regulation, as `qaqpa regulations list` names it.
    id: String,
    /// Folder of regulation files instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    regulations: Option<PathBuf>,
    /// The act's own words, which are Kazakh, in every language.
    #[arg(long)]
    quote: bool,
}

impl Show {
    pub(super) fn run(self, talk: Talk) -> Result<Done, Failure> {
        let loaded = regulations(self.regulations.as_ref())?;
        let Some(regulation) = loaded.regulation(&self.id) else {
            let known: Vec<&str> = loaded.iter().map(|known| known.id.as_str()).collect();
            let what = format!("no regulation is called `{}`", self.id);
            return Err(Failure::usage(what, format!("there are: {}", known.join(", "))));
        };
        let adds = |other: &&Regulation| other.said.overlays.contains(&regulation.id);
        let overlays: Vec<&Regulation> = loaded.iter().map(|other| &**other).filter(adds).collect();
        let page = Page::of(regulation, &overlays, Clock::system().now());
        if talk.json {
            say_json(&page)?;
        } else {
            say(Printer::new(talk.lang, self.quote).page(&page).trim_end())?;
        }
        Ok(Done::Fine)
    }
}
