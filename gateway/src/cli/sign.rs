//! `qaqpa sign`

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use certs::{Clock, KeyPair, pkcs12};
use clap::{Args, ValueEnum};
use registries::ca::PASSWORD;
use signer::cms::{self, Mode, SignedData, with_timestamp};
use signer::service::XmlFormat;
use signer::{Code, Problem, System, tsp};

use super::target::Target;
use super::{Done, Failure, Talk, say_json};
use crate::exchange::body;

/// How long an authority may take, in real time.
const PATIENCE: Duration = Duration::from_secs(30);
/// The most bytes of its answer.
const LARGEST_STAMP: usize = 1 << 20;

/// What a signature looks like.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// CMS, beside the content or around it.
    Cms,
    /// XML-DSig, enveloped in the document.
    Xml,
    /// WS-Security over the Body of a SOAP 1.1 message.
    Wss,
}

impl Format {
    /// The form of a signature inside XML.
    pub(super) fn xml(self) -> Option<XmlFormat> {
        match self {
            Self::Cms => None,
            Self::Xml => Some(XmlFormat::Document),
            Self::Wss => Some(XmlFormat::Message),
        }
    }
}

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
    /// What to make: a CMS signature, a signed XML document or a signed SOAP message.
    #[arg(long, value_enum, default_value_t = Format::Cms)]
    format: Format,
    /// Put the content into the signature (CMS).
    #[arg(long)]
    attached: bool,
    /// Put a time stamp of the sandbox's authority over the signature (CMS).
    #[arg(long)]
    timestamp: bool,
    /// Put a time stamp of the authority at this address over the signature (CMS).
    #[arg(long, value_name = "URL", conflicts_with = "timestamp")]
    tsp: Option<String>,
    /// Where to write the signature, or the signed XML; FILE.cms or FILE.signed.xml without it.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    target: Target,
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
    pub(super) async fn run(self, talk: Talk) -> Result<Done, Failure> {
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
        let stamps = self.timestamp || self.tsp.is_some();
        if (self.attached || stamps) && self.format != Format::Cms {
            return Err(Failure::usage(
                "--attached, --timestamp and --tsp are for CMS only",
                "leave them out: signed XML holds its content anyway",
            ));
        }
        let mode = if self.attached { Mode::Attached } else { Mode::Detached };
        // The signer's own clock: a file signed on the command line belongs to no world.
        let at = Clock::system().now();
        let mut signature = match self.format.xml() {
            Some(format) => format
                .sign(&content, &entry.key, &entry.certificate)
                .map_err(|error| Failure::usage(error.to_string(), error.code().hint()))?
                .into_bytes(),
            None => cms::sign(&content, mode, &entry.key, &entry.certificate, at)
                .map_err(|error| Failure::usage(error.to_string(), "order another key"))?,
        };
        if stamps {
            signature = self.stamped(&signature, &entry.key).await?;
        }
        let out = self.out.unwrap_or_else(|| {
            let mut name =
                if self.file == Path::new("-") { "stdin".into() } else { self.file.clone().into_os_string() };
            name.push(if self.format == Format::Cms { ".cms" } else { ".signed.xml" });
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

    /// The signature with a time stamp over it.
    async fn stamped(&self, signature: &[u8], key: &KeyPair) -> Result<Vec<u8>, Failure> {
        let reached;
        let (http, url) = if let Some(url) = &self.tsp {
            (self.target.believes.client()?, url.clone())
        } else {
            reached = self.target.reach().await?;
            let centre = reached.client.address(System::Ca).await;
            (reached.client.http().clone(), format!("{centre}/tsp"))
        };
        let silent = |why: String| Problem::new(Code::NoTimestamp).detail(format!("{url}: {why}"));
        let read = SignedData::from_ber(signature).map_err(Problem::from)?;
        let value = read.sole_signature().map_err(Problem::from)?;
        let question = tsp::Question::about(key.algorithm(), value);
        let asked = http.post(&url).timeout(PATIENCE).header("content-type", "application/timestamp-query");
        let answer = asked.body(question.to_der()).send().await.map_err(|error| silent(error.to_string()))?;
        let status = answer.status();
        if !status.is_success() {
            return Err(silent(format!("answered {status}")).into());
        }
        let answer = body(answer, LARGEST_STAMP).await.map_err(silent)?;
        let token = question.answered(&answer).map_err(|error| silent(error.to_string()))?;
        Ok(with_timestamp(signature, &token).map_err(Problem::from)?)
    }
}
