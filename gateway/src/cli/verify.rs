//! `qaqpa verify`

use std::path::PathBuf;
use std::sync::Arc;

use certs::verdict::{Decision, Verdict};
use certs::{Certificate, Clock, Lang, Role, Text};
use clap::Args;
use jiff::Timestamp;
use serde_json::Value;
use signer::service::{Expected, SignatureFound, TimestampFound, judge, verify_signature, verify_xml};
use signer::{HttpTrust, RevocationPolicy, Validator};

use super::sign::{Format, read};
use super::target::Target;
use super::{Done, Failure, Talk, say, say_json};

#[derive(Args)]
pub(super) struct Verify {
    /// A signature, signed XML, or a certificate (PEM or DER).
    file: PathBuf,
    /// What the file is: a CMS signature (or a certificate), a signed XML document or a signed SOAP message.
    #[arg(long, value_enum, default_value_t = Format::Cms)]
    format: Format,
    /// What a detached signature is over.
    #[arg(long, value_name = "FILE")]
    content: Option<PathBuf>,
    /// The IIN that the certificate must carry.
    #[arg(long)]
    iin: Option<String>,
    /// The BIN that the certificate must carry.
    #[arg(long)]
    bin: Option<String>,
    /// The role that the certificate must carry, as `right-to-sign`.
    #[arg(long, value_parser = role)]
    role: Option<Role>,
    /// Judge as of this moment instead of the world's now.
    #[arg(long, value_name = "MOMENT")]
    at: Option<Timestamp>,
    #[command(flatten)]
    target: Target,
}

fn role(name: &str) -> Result<Role, String> {
    name.parse().map_err(|error: certs::UnknownRole| error.to_string())
}

impl Verify {
    pub(super) async fn run(self, talk: Talk) -> Result<Done, Failure> {
        let bytes = read(&self.file)?;
        let reached = self.target.reach().await?;
        let clock: Value = reached.client.get("/control/clock", None).await?;
        let now = clock["now"].as_str().and_then(|now| now.parse::<Timestamp>().ok());
        let trust = HttpTrust::at(reached.client.http().clone(), &reached.base_url, reached.client.base());
        let clock = now.map_or_else(Clock::system, Clock::frozen_at);
        let validator = Validator::new(Arc::new(trust), RevocationPolicy::default(), clock);
        let expected =
            Expected { iin: self.iin.clone(), bin: self.bin.clone(), role: self.role, at: self.at };
        if self.format == Format::Cms
            && let Ok(certificate) = Certificate::from_pem_or_der(&bytes)
        {
            let verdict = judge(&validator, &certificate, &expected).await?;
            if talk.json {
                say_json(&verdict)?;
            } else {
                describe(&verdict, talk.lang)?;
            }
            return Ok(done(verdict.passed()));
        }
        let content = self.content.as_deref().map(read).transpose()?;
        let found = match self.format.xml() {
            Some(_) if content.is_some() => {
                return Err(Failure::usage(
                    "--content is for CMS only",
                    "leave it out: signed XML holds its content",
                ));
            }
            Some(format) => verify_xml(&validator, format, bytes, &expected).await?,
            None => verify_signature(&validator, &bytes, content.as_deref(), &expected).await?,
        };
        if talk.json {
            say_json(&found)?;
            return Ok(done(found.accepted));
        }
        match &found.signature {
            SignatureFound::Valid => {
                let text = Text::new(
                    "қолтаңба мазмұнға сай",
                    "подпись соответствует содержанию",
                    "signature: fits the content",
                );
                say(text.get(talk.lang))?;
            }
            SignatureFound::Invalid { why, .. } => say(format!("signature: {why}"))?,
        }
        for signer in &found.signers {
            for stamp in &signer.timestamps {
                describe_stamp(stamp, talk.lang)?;
            }
            describe(&signer.verdict, talk.lang)?;
        }
        Ok(done(found.accepted))
    }
}

fn done(accepted: bool) -> Done {
    if accepted { Done::Fine } else { Done::Negative }
}

fn describe_stamp(stamp: &TimestampFound, lang: Lang) -> Result<(), Failure> {
    match stamp {
        TimestampFound::Valid { stamped_at, policy, authority, .. } => {
            let text = Text::new(
                format!("уақыт белгісі: {stamped_at} (саясат {policy})"),
                format!("метка времени: {stamped_at} (политика {policy})"),
                format!("time stamp: {stamped_at} (policy {policy})"),
            );
            say(text.get(lang))?;
            describe(authority, lang)
        }
        TimestampFound::Invalid { why, .. } => say(format!("time stamp: {why}")),
    }
}

fn describe(verdict: &Verdict, lang: Lang) -> Result<(), Failure> {
    say(format!("certificate: {}", verdict.certificate.subject))?;
    for finding in &verdict.findings {
        say(format!("  {}  {}", finding.check.question().get(lang), finding.outcome.text().get(lang)))?;
    }
    for asked in &verdict.asked {
        say(format!("  {}", asked.text().get(lang)))?;
    }
    let decision = match verdict.decision() {
        Decision::Accepted => Text::new("қабылданды", "принят", "accepted"),
        Decision::Refused => Text::new("қабылданбады", "отклонён", "refused"),
        Decision::CouldNotCheck => {
            Text::new("тексеру мүмкін болмады", "проверить не удалось", "could not be checked")
        }
    };
    say(decision.get(lang))
}
