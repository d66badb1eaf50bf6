//! A signing service elsewhere that judges certificates.

use std::time::Duration;

use certs::verdict::{Check, Doubt, Finding, Outcome, Summary, Verdict};
use certs::{Certificate, Identifier};
use jiff::Timestamp;

use super::Question;
use crate::service::CertificateRequest;
use crate::trust::{NoAnswer, read};

/// How long one answer may take, in real time: the service asks a centre in its turn.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where it is.
pub(super) struct Elsewhere {
    client: reqwest::Client,
    url: String,
}

impl Elsewhere {
    pub(super) fn at(client: reqwest::Client, address: &str) -> Self {
        Self { client, url: format!("{}/x509/verify", address.trim_end_matches('/')) }
    }

    /// Its verdict, on the checks that were asked for and in their order.
    pub(super) async fn judge(
        &self,
        certificate: &Certificate,
        question: &Question<'_>,
        at: Timestamp,
        stamped: bool,
    ) -> Verdict {
        let (said, asked) = match self.ask(certificate, question, at, stamped).await {
            Ok(verdict) => (Ok(verdict.findings), verdict.asked),
            Err(silence) => (Err(silence.why), Vec::new()),
        };
        let findings = question.checks.iter().map(|check| finding(*check, &said)).collect();
        Verdict { at, certificate: Summary::from(certificate), findings, asked }
    }

    async fn ask(
        &self,
        certificate: &Certificate,
        question: &Question<'_>,
        at: Timestamp,
        stamped: bool,
    ) -> Result<Verdict, NoAnswer> {
        let (iin, bin) = match question.declared {
            Some(Identifier::Iin(iin)) => (Some(iin.to_string()), None),
            Some(Identifier::Bin(bin)) => (None, Some(bin.to_string())),
            None => (None, None),
        };
        let request = CertificateRequest {
            certificate: certificate.pem(),
            checks: question.checks.to_vec(),
            iin,
            bin,
            roles: question.roles.to_vec(),
            at: Some(at),
            stamped,
            role: None,
        };
        let answer = read(self.client.post(&self.url).timeout(PATIENCE).json(&request)).await?;
        let verdict: Verdict = serde_json::from_slice(&answer)
            .map_err(|error| NoAnswer::new(format!("{} answered no verdict: {error}", self.url)))?;
        if verdict.certificate.serial != certificate.serial_hex() {
            return Err(NoAnswer::new(format!("{} judged another certificate", self.url)));
        }
        Ok(verdict)
    }
}

/// What it said to one check; what it left out it did not answer.
fn finding(check: Check, said: &Result<Vec<Finding>, String>) -> Finding {
    let silence = match said {
        Ok(findings) => match findings.iter().find(|finding| finding.check == check) {
            Some(finding) => return finding.clone(),
            None => format!("nothing was said to {check}"),
        },
        Err(why) => why.clone(),
    };
    Finding { check, outcome: Outcome::Unknown(Doubt::SignerUnreachable { why: silence }) }
}
