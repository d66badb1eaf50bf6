//! `qaqpa samples`

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::target::Against;
use super::up::regulations;
use super::{Done, Failure, say};
use crate::samples::{Format, Sample, Written};

#[derive(Args)]
pub(super) struct Samples {
    /// The channel, as REGULATION/CHANNEL; every channel without it.
    channel: Option<String>,
    /// For which tool: curl, http, postman or soapui.
    #[arg(long, value_name = "FORMAT")]
    format: Format,
    /// Write them into this folder.
    #[arg(long, value_name = "DIR", default_value = "samples")]
    out: PathBuf,
    /// Folder of regulation files that the sandbox follows instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    regulations: Option<PathBuf>,
    #[command(flatten)]
    against: Against,
}

impl Samples {
    pub(super) async fn run(self) -> Result<Done, Failure> {
        let known = regulations(self.regulations.as_ref())?;
        let channels = known.iter().flat_map(|regulation| {
            regulation.channels.iter().map(|channel| format!("{}/{}", regulation.id, channel.name))
        });
        let channels: Vec<String> =
            channels.filter(|name| self.channel.as_ref().is_none_or(|wanted| wanted == name)).collect();
        if channels.is_empty() {
            let what = format!("no channel is called `{}`", self.channel.unwrap_or_default());
            return Err(Failure::usage(what, "`qaqpa regulations list` has them, as REGULATION/CHANNEL/…"));
        }
        let client = self.against.client()?;
        std::fs::create_dir_all(&self.out).map_err(|error| Failure::file(&self.out, error))?;
        for channel in channels {
            let path = format!("/control/samples/{channel}");
            let samples: Vec<Sample> = client.post::<Vec<Sample>>(&path, None, &json!(Value::Null)).await?;
            if samples.is_empty() {
                eprintln!("{channel} sends no messages that a sample could be of");
                continue;
            }
            for Written { name, text } in self.format.write(&channel, &samples) {
                let path = self.out.join(name);
                std::fs::write(&path, text).map_err(|error| Failure::file(&path, error))?;
                say(path.display())?;
            }
        }
        Ok(Done::Fine)
    }
}
