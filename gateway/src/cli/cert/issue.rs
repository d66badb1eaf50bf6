//! `qaqpa cert issue`

use std::path::PathBuf;

use certs::pkcs12::Encoding;
use certs::{Purpose, RevocationBy};
use clap::Args;
use registries::ca::{Issued, OrderRequest};
use serde_json::{Value, json};

use super::batch::Batch;
use super::{Done, Failure, Talk, Target, say, say_json, write, write_secret};
use crate::cli::play::progress;

#[derive(Args)]
pub(in crate::cli) struct Issue {
    /// Kind of certificate: see `qaqpa cert profiles`.
    #[arg(long, required_unless_present = "batch")]
    profile: Option<String>,
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
    /// First moment of validity: a moment, or a span from the world's now on, as `+1d`.
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    not_before: Option<String>,
    /// Last moment of validity: a moment, or a span from the world's now on, as `-1d`.
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    not_after: Option<String>,
    /// For authentication instead of signing.
    #[arg(long)]
    authentication: bool,
    /// Name the revocation list only, and no OCSP responder.
    #[arg(long, conflicts_with = "revocation_by")]
    crl_only: bool,
    /// Which sources of revocation it names: crl-and-ocsp, crl-only, partitioned-crl or indirect-crl.
    #[arg(long, value_name = "WAY", value_parser = way)]
    revocation_by: Option<RevocationBy>,
    /// Order every row of this TOML or CSV file; what else is said holds for rows that do not say otherwise.
    #[arg(long, value_name = "FILE")]
    batch: Option<PathBuf>,
    /// Encoding of the key file: `national` or `modern`.
    #[arg(long, default_value = "national", value_parser = encoding)]
    encoding: Encoding,
    /// Password of the key file.
    #[arg(long, env = "QAQPA_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    /// Folder to write certificate, key, key file and chain into.
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

fn way(word: &str) -> Result<RevocationBy, String> {
    let known = RevocationBy::ALL.map(RevocationBy::name);
    let found = RevocationBy::ALL.into_iter().find(|way| way.name() == word);
    found.ok_or_else(|| format!("`{word}`: there are {}", known.join(", ")))
}

/// What was written of one certificate.
struct Written {
    issued: Issued,
    key_file: PathBuf,
    certificate: PathBuf,
    private_key: PathBuf,
    chain: PathBuf,
}

impl Issue {
    pub(super) async fn run(self, talk: Talk) -> Result<Done, Failure> {
        let order = self.order();
        let Some(file) = &self.batch else {
            let reached = self.target.reach().await?;
            let issued: Issued = reached.client.post("/ca/certificates", None, &order).await?;
            let written = self.written(issued)?;
            if talk.json {
                say_json(&written.json())?;
            } else {
                written.describe()?;
            }
            return Ok(Done::Fine);
        };
        // A file that cannot be read whole orders nothing.
        let batch = Batch::read(file, &order)?;
        let reached = self.target.reach().await?;
        let bar = progress(batch.orders.len(), "certificates");
        let mut all = Vec::with_capacity(batch.orders.len());
        for (row, order) in &batch.orders {
            let issued = reached.client.post::<Issued>("/ca/certificates", None, order).await;
            let issued = issued.map_err(|problem| batch.stopped(*row, all.len(), &problem))?;
            let written = self.written(issued)?;
            if !talk.json {
                let line = format!("{}  {}", written.key_file.display(), written.issued.kept.subject);
                bar.suspend(|| say(line))?;
            }
            all.push(written.json());
            bar.inc(1);
        }
        bar.finish_and_clear();
        if talk.json {
            say_json(&all)?;
        }
        Ok(Done::Fine)
    }

    /// What the command says, as an order.
    fn order(&self) -> OrderRequest {
        let way = if self.crl_only { RevocationBy::CrlOnly } else { RevocationBy::CrlAndOcsp };
        OrderRequest {
            profile: self.profile.clone().unwrap_or_default(),
            iin: Some(self.iin.clone()),
            bin: Some(self.bin.clone()),
            name: self.name.clone(),
            organisation: self.organisation.clone(),
            oid: None,
            public_key: None,
            hosts: self.hosts.clone(),
            flaws: self.flaws.clone(),
            not_before: self.not_before.clone(),
            not_after: self.not_after.clone(),
            algorithm: self.alg.clone(),
            purpose: if self.authentication { Purpose::Authentication } else { Purpose::Signing },
            revocation_by: self.revocation_by.unwrap_or(way),
            password: self.password.clone(),
            encoding: Some(self.encoding),
        }
    }

    fn written(&self, issued: Issued) -> Result<Written, Failure> {
        std::fs::create_dir_all(&self.out).map_err(|error| Failure::file(&self.out, error))?;
        let key_file = self.out.join(&issued.file_name);
        let [certificate, private_key, chain] =
            ["pem", "key.pem", "chain.pem"].map(|ending| key_file.with_extension(ending));
        write_secret(&key_file, &issued.pkcs12.0)?;
        write(&certificate, issued.kept.certificate.as_bytes())?;
        write_secret(&private_key, issued.private_key.as_bytes())?;
        write(&chain, issued.chain.as_bytes())?;
        Ok(Written { issued, key_file, certificate, private_key, chain })
    }
}

impl Written {
    fn json(&self) -> Value {
        let kept = &self.issued.kept;
        json!({
            "serial": kept.serial, "subject": kept.subject, "profile": kept.profile, "flaws": kept.flaws,
            "pkcs12": self.key_file, "certificate": self.certificate, "private_key": self.private_key,
            "chain": self.chain, "password": self.issued.password,
        })
    }

    fn describe(&self) -> Result<(), Failure> {
        say(format!("serial       {}", self.issued.kept.serial))?;
        say(format!("subject      {}", self.issued.kept.subject))?;
        say(format!("key file     {}  (password {})", self.key_file.display(), self.issued.password))?;
        say(format!("certificate  {}", self.certificate.display()))?;
        say(format!("private key  {}", self.private_key.display()))?;
        say(format!("chain        {}", self.chain.display()))
    }
}
