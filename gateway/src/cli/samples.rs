//! `qaqpa samples`

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::target::Against;
use super::{Done, Failure, say};
use crate::samples::{CACERT, Format, Sample, is_part};

#[derive(Args)]
pub(super) struct Samples {
    /// What of: a regulation, REGULATION/CHANNEL, REGULATION/CHANNEL/MESSAGE, the service id of a register, or
    /// AsyncChannel; everything without it.
    of: Option<String>,
    /// For which tool: curl, http, postman or soapui.
    #[arg(long, value_name = "FORMAT", required_unless_present = "list")]
    format: Option<Format>,
    /// Write them into this folder.
    #[arg(long, value_name = "DIR", default_value = "samples")]
    out: PathBuf,
    /// Print what there are samples of.
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    against: Against,
}

impl Samples {
    pub(super) async fn run(self) -> Result<Done, Failure> {
        let client = self.against.client()?;
        let mut all: Vec<String> = client.get("/control/samples", None).await?;
        all.retain(|of| self.of.as_ref().is_none_or(|wanted| is_part(of, wanted)));
        if all.is_empty() {
            let what = format!("there are no samples of `{}`", self.of.unwrap_or_default());
            return Err(Failure::usage(what, "`qaqpa samples --list` says what there are samples of"));
        }
        let Some(format) = self.format.filter(|_| !self.list) else {
            for of in all {
                say(of)?;
            }
            return Ok(Done::Fine);
        };
        let mut samples: Vec<Sample> = Vec::new();
        for of in all {
            let path = format!("/control/samples/{of}");
            samples.extend(client.post::<Vec<Sample>>(&path, None, &json!(Value::Null)).await?);
        }
        if let Some(roots) = self.against.cacert() {
            let roots = std::fs::read_to_string(roots).map_err(|error| Failure::file(roots, error))?;
            keep(&self.out.join(CACERT), &roots)?;
        }
        let name = self.of.map_or_else(|| "samples".to_owned(), |of| of.replace('/', "."));
        let mut begin = None;
        for written in format.write(&name, &samples, self.against.cacert().is_some()) {
            let path = self.out.join(written.name);
            keep(&path, &written.text)?;
            begin = Some(path);
        }
        // A script has its bodies beside it: the one file to take is enough to know.
        if let Some(begin) = begin {
            say(begin.display())?;
        }
        Ok(Done::Fine)
    }
}

fn keep(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder).map_err(|error| Failure::file(folder, error))?;
    std::fs::write(path, text).map_err(|error| Failure::file(path, error))
}
