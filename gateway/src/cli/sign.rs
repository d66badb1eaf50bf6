//! `qaqpa sign`

use std::io::Read as _;
use std::path::{Path, PathBuf};

use certs::{Clock, pkcs12};
use clap::Args;
use registries::ca::PASSWORD;
use signer::cms::{self, Mode};

use super::{Done, Failure, Talk, say_json};

#[derive(Args)]
pub(super) struct Sign {
    /// The file to sign; `-` reads stdin.
    file: PathBuf,
    /// The key file (PKCS#12).
    #[arg(long, value_name = "P12")]
    key: PathBuf,
    /// Its password.
    #[arg(long, env = "QAQPA_PASSWORD", default_value = PASSWORD, hide_env_values = true)]
    password: String,
    /// Put the content into the signature.
    #[arg(long)]
    attached: bool,
    /// Where to write the signature; FILE.cms without it.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// A file's content, or stdin for `-`.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    if path == Path::new("-") {
        let mut content = Vec::new();
        std::io::stdin().lock().read_to_end(&mut content)?;
        return Ok(content);
    }
    std::fs::read(path).map_err(|error| Failure::file(path, error))
}

impl Sign {
    pub(super) fn run(self, talk: Talk) -> Result<Done, Failure> {
        let content = read(&self.file)?;
        let key_file = read(&self.key)?;
        let entry = pkcs12::read(&key_file, &self.password)
            .map_err(|error| {
                Failure::usage(format!("{}: {error}", self.key.display()), "look at --password")
            })?
            .into_iter()
            .next()
            .ok_or_else(|| {
                Failure::usage(format!("{}: no key in it", self.key.display()), "name another key file")
            })?;
        let mode = if self.attached { Mode::Attached } else { Mode::Detached };
        // The signer's own clock: a file signed on the command line belongs to no world.
        let at = Clock::system().now();
        let signature = cms::sign(&content, mode, &entry.key, &entry.certificate, at)
            .map_err(|error| Failure::usage(error.to_string(), "order another key"))?;
        let out = self.out.unwrap_or_else(|| {
            let mut name =
                if self.file == Path::new("-") { "stdin".into() } else { self.file.clone().into_os_string() };
            name.push(".cms");
            PathBuf::from(name)
        });
        std::fs::write(&out, signature).map_err(|error| Failure::file(&out, error))?;
        if talk.json {
            say_json(&serde_json::json!({
                "signature": out, "signed_at": at, "certificate": entry.certificate.serial_hex(),
            }))?;
        } else {
            eprintln!("{} signs {} → {}", entry.certificate.subject(), self.file.display(), out.display());
        }
        Ok(Done::Fine)
    }
}
