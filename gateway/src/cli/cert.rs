//! `qaqpa cert`

use std::path::{Path, PathBuf};

use certs::pkcs12::Encoding;
use certs::{Flaw, Profile, Purpose, Reason, RevocationBy, Text};
use clap::{Args, Subcommand};
use registries::ca::{Issued, KeptCertificate, OrderRequest, Status};
use serde_json::json;

use super::target::Target;
use super::trust::Trust;
use super::{Done, Failure, Talk, say, say_json};

#[derive(Subcommand)]
pub(super) enum Cert {
    /// Order a test certificate with its key.
    Issue(Issue),
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
    /// Write the centre's certificates and lists into a folder.
    Export(Export),
    /// Trust other test centres, and have ours trusted by your programs.
    #[command(subcommand)]
    Trust(Trust),
}

#[derive(Args)]
pub(super) struct Issue {
    /// Kind of certificate: see `qaqpa cert profiles`.
    #[arg(long)]
    profile: String,
    /// Twelve digits, or `auto` for a number that was never issued.
    #[arg(long, default_value = "auto")]
    iin: String,
    /// The organisation's number, or `auto`.
    #[arg(long, default_value = "auto")]
    bin: String,
    /// Surname, name and patronymic.
    #[arg(long)]
    name: Option<String>,
    /// The organisation's name.
    #[arg(long)]
    organisation: Option<String>,
    /// A name or IP address of a TLS server; may be given several times.
    #[arg(long = "host", value_name = "HOST")]
    hosts: Vec<String>,
    /// What is to be wrong with it; may be given several times. See `qaqpa cert flaws`.
    #[arg(long = "flaw", value_name = "FLAW")]
    flaws: Vec<String>,
    /// Algorithm of its key: p256, rsa, gost512, gost256 or gost2004.
    #[arg(long, value_name = "ALG")]
    alg: Option<String>,
    /// For authentication instead of signing.
    #[arg(long)]
    authentication: bool,
    /// Name the revocation list only, and no OCSP responder.
    #[arg(long)]
    crl_only: bool,
    /// Encoding of the key file: `national` or `modern`.
    #[arg(long, default_value = "national", value_parser = encoding)]
    encoding: Encoding,
    /// Password of the key file.
    #[arg(long, env = "QAQPA_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    /// Folder to write certificate, key and key file into.
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    #[command(flatten)]
    target: Target,
}

fn encoding(word: &str) -> Result<Encoding, String> {
    match word {
        "national" => Ok(Encoding::National),
        "modern" => Ok(Encoding::Modern),
        other => Err(format!("`{other}`: there are `national` and `modern`")),
    }
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
pub(super) struct Export {
    /// Folder to write into.
    #[arg(value_name = "DIR")]
    out: PathBuf,
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
            Self::Flaws => named(talk, Flaw::all().iter().map(|flaw| (flaw.name(), flaw.describe()))),
            Self::Export(Export { out, target }) => export(talk, &out, &target).await,
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

impl Issue {
    async fn run(self, talk: Talk) -> Result<Done, Failure> {
        let order = OrderRequest {
            profile: self.profile,
            iin: Some(self.iin),
            bin: Some(self.bin),
            name: self.name,
            organisation: self.organisation,
            oid: None,
            public_key: None,
            hosts: self.hosts,
            flaws: self.flaws,
            algorithm: self.alg,
            purpose: if self.authentication { Purpose::Authentication } else { Purpose::Signing },
            revocation_by: if self.crl_only { RevocationBy::CrlOnly } else { RevocationBy::CrlAndOcsp },
            password: self.password,
            encoding: Some(self.encoding),
        };
        let reached = self.target.reach().await?;
        let issued: Issued = reached.client.post("/ca/certificates", None, &order).await?;
        std::fs::create_dir_all(&self.out).map_err(|error| Failure::file(&self.out, error))?;
        let key_file = self.out.join(&issued.file_name);
        let certificate = key_file.with_extension("pem");
        let private_key = key_file.with_extension("key.pem");
        write_secret(&key_file, &issued.pkcs12.0)?;
        write(&certificate, issued.kept.certificate.as_bytes())?;
        write_secret(&private_key, issued.private_key.as_bytes())?;
        if talk.json {
            say_json(&json!({
                "serial": issued.kept.serial, "subject": issued.kept.subject, "profile": issued.kept.profile,
                "flaws": issued.kept.flaws, "pkcs12": key_file, "certificate": certificate,
                "private_key": private_key, "password": issued.password,
            }))?;
        } else {
            say(format!("serial       {}", issued.kept.serial))?;
            say(format!("subject      {}", issued.kept.subject))?;
            say(format!("key file     {}  (password {})", key_file.display(), issued.password))?;
            say(format!("certificate  {}", certificate.display()))?;
            say(format!("private key  {}", private_key.display()))?;
        }
        Ok(Done::Fine)
    }
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

/// Roots, authorities and current lists, for OpenSSL and other tools.
async fn export(talk: Talk, out: &Path, target: &Target) -> Result<Done, Failure> {
    let reached = target.reach().await?;
    std::fs::create_dir_all(out).map_err(|error| Failure::file(out, error))?;
    let mut written = Vec::new();
    for name in ["roots.pem", "authorities.pem"] {
        let content = reached.client.bytes(&format!("/ca/{name}")).await?;
        write(&out.join(name), &content)?;
        written.push(out.join(name));
    }
    for algorithm in certs::Algorithm::ALL {
        for list in ["", "-delta", "-root"] {
            let file = format!("{algorithm}{list}.crl");
            // Hierarchies that nobody has asked for yet have no list.
            if let Ok(content) = reached.client.bytes(&format!("/ca/crl/{file}")).await {
                write(&out.join(&file), &content)?;
                written.push(out.join(file));
            }
        }
    }
    if talk.json {
        say_json(&written)?;
    } else {
        written.iter().try_for_each(|path| say(path.display()))?;
    }
    Ok(Done::Fine)
}
