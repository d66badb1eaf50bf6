//! `qaqpa cert`

mod batch;
mod export;
mod issue;

use std::path::Path;

use certs::{Algorithm, Flaw, Must, Profile, Reason, Text};
use clap::{Args, Subcommand};
use registries::ca::{KeptCertificate, NewKey, Status};
use serde_json::json;

use export::Export;
use issue::Issue;

use super::target::Target;
use super::trust::Trust;
use super::{Done, Failure, Talk, say, say_json};

#[derive(Subcommand)]
pub(super) enum Cert {
    /// Order a test certificate with its key, or many from a file.
    Issue(Box<Issue>),
    /// Put a certificate on the revocation list.
    Revoke(Revoke),
    /// Put a certificate on hold.
    Hold(Hold),
    /// Lift a hold.
    Release(Hold),
    /// The certificates of the registry.
    List(Target),
    /// One certificate.
    Show(Hold),
    /// The kinds of certificates.
    Profiles,
    /// The named flaws.
    Flaws,
    /// Give the issuing centre a new key; what the old one signed stays good.
    Rollover(Rollover),
    /// Write the centre's certificates and lists into a folder, or every flaw in a folder of its own.
    Export(Export),
    /// Trust other test centres, and have ours trusted by your programs.
    #[command(subcommand)]
    Trust(Trust),
}

#[derive(Args)]
pub(super) struct Revoke {
    /// Serial number in hexadecimal.
    serial: String,
    /// A CRLReason of RFC 5280.
    #[arg(long, default_value = "keyCompromise", value_parser = reason)]
    reason: Reason,
    #[command(flatten)]
    target: Target,
}

fn reason(word: &str) -> Result<Reason, String> {
    word.parse().map_err(|error: certs::UnknownReason| error.to_string())
}

#[derive(Args)]
pub(super) struct Hold {
    /// Serial number in hexadecimal.
    serial: String,
    #[command(flatten)]
    target: Target,
}

#[derive(Args)]
pub(super) struct Rollover {
    /// Algorithm of the hierarchy: p256, rsa, gost512, gost256 or gost2004.
    #[arg(long, value_name = "ALG", default_value = "p256")]
    alg: Algorithm,
    #[command(flatten)]
    target: Target,
}

impl Cert {
    pub(super) async fn run(self, talk: Talk) -> Result<Done, Failure> {
        match self {
            Self::Issue(issue) => issue.run(talk).await,
            Self::Revoke(Revoke { serial, reason, target }) => revoke(talk, &target, &serial, reason).await,
            Self::Hold(Hold { serial, target }) => {
                revoke(talk, &target, &serial, Reason::CertificateHold).await
            }
            Self::Release(Hold { serial, target }) => {
                let reached = target.reach().await?;
                let path = format!("/ca/certificates/{serial}/revocation");
                show(talk, &reached.client.delete::<KeptCertificate>(&path).await?)
            }
            Self::List(target) => list(talk, &target).await,
            Self::Show(Hold { serial, target }) => {
                let reached = target.reach().await?;
                let kept: KeptCertificate =
                    reached.client.get(&format!("/ca/certificates/{serial}"), None).await?;
                show(talk, &kept)
            }
            Self::Profiles => named(talk, Profile::all().iter().map(|p| (p.name(), p.describe()))),
            Self::Flaws => flaws(talk),
            Self::Rollover(Rollover { alg, target }) => rollover(talk, &target, alg).await,
            Self::Export(export) => export.run(talk).await,
            Self::Trust(trust) => trust.run(talk).await,
        }
    }
}

fn named(talk: Talk, all: impl Iterator<Item = (&'static str, Text)>) -> Result<Done, Failure> {
    if talk.json {
        let all: Vec<_> = all.map(|(name, text)| json!({ "name": name, "description": text })).collect();
        say_json(&all)?;
    } else {
        for (name, text) in all {
            say(format!("{name:<26}{}", text.get(talk.lang)))?;
        }
    }
    Ok(Done::Fine)
}

fn flaws(talk: Talk) -> Result<Done, Failure> {
    if talk.json {
        let one = |flaw: &Flaw| {
            let (must, description) = (flaw.must(), flaw.describe());
            json!({ "name": flaw, "description": description, "must": must.name(), "code": must.code() })
        };
        say_json(&Flaw::all().iter().map(one).collect::<Vec<_>>())?;
        return Ok(Done::Fine);
    }
    for flaw in Flaw::all() {
        let answer = answer(flaw.must());
        say(format!("{:<26}{:<34}{}", flaw.name(), answer, flaw.describe().get(talk.lang)))?;
    }
    Ok(Done::Fine)
}

/// What a verifier must answer, in a few signs.
fn answer(must: Must) -> String {
    match must {
        Must::Accept => "+".to_owned(),
        Must::Refuse(code) => format!("- {code}"),
        Must::RefuseLater(code) => format!("+ then - {code}"),
        Must::Unknown(code) => format!("? {code}"),
    }
}

async fn rollover(talk: Talk, target: &Target, algorithm: Algorithm) -> Result<Done, Failure> {
    let reached = target.reach().await?;
    let path = format!("/ca/authorities/{algorithm}/key");
    let new: NewKey = reached.client.post(&path, None, &json!(null)).await?;
    if talk.json {
        say_json(&new)?;
        return Ok(Done::Fine);
    }
    say(format!("subject  {}", new.subject))?;
    say(format!("key      no. {}, {}", new.generation, new.key_id))?;
    say(new.certificate.trim_end())?;
    Ok(Done::Fine)
}

pub(super) fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, content).map_err(|error| Failure::file(path, error))
}

/// Writes what only its owner may read.
pub(super) fn write_secret(path: &Path, content: &[u8]) -> Result<(), Failure> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| Failure::file(path, error))?;
    file.write_all(content).map_err(|error| Failure::file(path, error))
}

async fn revoke(talk: Talk, target: &Target, serial: &str, reason: Reason) -> Result<Done, Failure> {
    let reached = target.reach().await?;
    let path = format!("/ca/certificates/{serial}/revocation");
    show(talk, &reached.client.post::<KeptCertificate>(&path, None, &json!({ "reason": reason })).await?)
}

async fn list(talk: Talk, target: &Target) -> Result<Done, Failure> {
    let reached = target.reach().await?;
    let all: Vec<KeptCertificate> = reached.client.get("/ca/certificates", None).await?;
    if talk.json {
        say_json(&all)?;
    } else {
        for kept in all {
            say(format!(
                "{}  {:<19}  {:<12}  {}",
                kept.serial,
                kept.profile.name(),
                status(&kept),
                kept.subject
            ))?;
        }
    }
    Ok(Done::Fine)
}

fn status(kept: &KeptCertificate) -> String {
    match kept.status {
        Status::Good => "good".to_owned(),
        Status::Revoked { at, reason } => format!("revoked {at} ({reason})"),
    }
}

fn show(talk: Talk, kept: &KeptCertificate) -> Result<Done, Failure> {
    if talk.json {
        say_json(kept)?;
        return Ok(Done::Fine);
    }
    say(format!("serial     {}", kept.serial))?;
    say(format!("subject    {}", kept.subject))?;
    say(format!("profile    {}", kept.profile.name()))?;
    say(format!("algorithm  {}", kept.algorithm))?;
    say(format!("validity   {} – {}", kept.not_before, kept.not_after))?;
    if !kept.flaws.is_empty() {
        let flaws: Vec<&str> = kept.flaws.iter().map(|flaw| flaw.name()).collect();
        say(format!("flaws      {}", flaws.join(", ")))?;
    }
    say(format!("status     {}", status(kept)))?;
    say(kept.certificate.trim_end())?;
    Ok(Done::Fine)
}
