//! What a system makes sure of before it takes a document or passes it on.

use certs::verdict::Check;
use certs::{CheckDigit, Identifier, Role};
use serde_json::Value;
use signer::{Code, Problem, Question, Verified};

use super::payload::{Application, Issue, Payload};
use super::sha256_hex;
use crate::regulation::Message;
use crate::site::Site;

/// Verifies the document's signature, the path, validity, revocation and usage of its certificate, and that the
/// identifier declared in it is the certificate's. With roles, the certificate must carry one of them.
///
/// # Errors
/// A problem with the code of the first failing check; `verdict` in it holds all of them. A check that could
/// not be made is [`Code::RevocationUnknown`], to be tried again.
pub async fn inspect_document(site: &Site, payload: &Payload, roles: &[Role]) -> Result<Verified, Problem> {
    let verified = payload.document.verify()?;
    let signer = verified.sole_signer()?;
    let declared = declared(payload, &verified.content)?;
    let mut checks = vec![Check::PathToRoot, Check::ValidityPeriod, Check::NotRevoked];
    checks.extend([Check::KeyUsage, Check::IdentityMatches]);
    if !roles.is_empty() {
        checks.push(Check::Role);
    }
    let question = Question { checks: &checks, declared: Some(declared), roles };
    let verdict = site.validator.validate(&signer.certificate, &question).await;
    Problem::of_verdict(&verdict).map_or(Ok(verified), Err)
}

/// The identifier that the document declares for its author; copies must be those it names.
fn declared(payload: &Payload, content: &[u8]) -> Result<Identifier, Problem> {
    let malformed = |what: String| Problem::new(Code::EnvelopeMalformed).detail(what);
    let (case, declared) = match payload.message {
        Message::Application | Message::Assignment => {
            let application: Application = serde_json::from_slice(content)
                .map_err(|error| malformed(format!("the document is not an application: {error}")))?;
            attachments(payload, &application)?;
            (application.case, application.declared)
        }
        Message::Outcome => {
            let issue: Issue = serde_json::from_slice(content)
                .map_err(|error| malformed(format!("the document is not an outcome: {error}")))?;
            (issue.case, issue.provider.bin)
        }
    };
    if case != payload.case {
        return Err(malformed(format!(
            "the document belongs to case {case}, the message to {}",
            payload.case
        )));
    }
    let identifier = match payload.message {
        Message::Outcome => certs::Bin::parse(&declared, CheckDigit::AnyDigit).map(Identifier::Bin),
        Message::Application | Message::Assignment => {
            certs::Iin::parse(&declared, CheckDigit::AnyDigit).map(Identifier::Iin)
        }
    };
    identifier.map_err(|error| malformed(format!("`{declared}`: {error}")))
}

fn attachments(payload: &Payload, application: &Application) -> Result<(), Problem> {
    let named: Vec<(&str, &str)> =
        application.copies.iter().map(|copy| (copy.name.as_str(), copy.sha256.as_str())).collect();
    let digests: Vec<(&str, String)> =
        payload.attachments.iter().map(|a| (a.name.as_str(), sha256_hex(&a.content.0))).collect();
    let same = named.len() == digests.len()
        && named.iter().zip(&digests).all(|(named, carried)| named.0 == carried.0 && named.1 == carried.1);
    if same {
        return Ok(());
    }
    let detail = "the attachments are not those that the signed application names";
    Err(Problem::new(Code::SignatureInvalid).detail(detail).fact("named", Value::from(named.len())))
}
