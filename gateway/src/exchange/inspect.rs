//! What a system makes sure of before it takes a document or passes it on.

use certs::verdict::Check;
use certs::{Bin, CheckDigit, Identifier, Iin};
use signer::{Code, Problem, Question, Verified, json_fault};

use super::node::Delivery;
use super::payload::{Application, Issue, Payload, Subject};
use super::records::record;
use super::sha256_hex;
use crate::regulation::{Message, Person};
use crate::site::Site;

/// The media type of the documents of the regulations.
const JSON: &str = "application/json";

/// Verifies the document's signature, the path, validity, revocation and usage of its certificate, that the
/// identifier declared in it is the certificate's, and that it is signed by the person whom the regulation names.
/// What the message says of itself must be what its author signed: the case, the regulation, the channel, refusal
/// or result, the copies.
///
/// # Errors
/// A problem with the code of the first failing check; `verdict` in it holds all of them. A check that could
/// not be made is to be tried again.
pub async fn inspect_document(site: &Site, delivery: &Delivery) -> Result<Verified, Problem> {
    let payload = &delivery.payload;
    let verified = payload.document.verify()?;
    let signer = verified.sole_signer()?;
    let step = delivery.sending_step(site.system());
    let declared = match payload.message {
        Message::Application | Message::Assignment => application(payload, &verified.content)?,
        Message::Outcome => {
            let author = step.map_or(delivery.from, |step| step.system);
            outcome(payload, &verified.content, &record(&site.world, author).await?.bin)?
        }
    };
    let role = step.and_then(|step| step.said.signed_by).and_then(Person::certificate_role);
    let mut checks = vec![Check::PathToRoot, Check::ValidityPeriod, Check::NotRevoked];
    checks.extend([Check::KeyUsage, Check::IdentityMatches]);
    checks.extend(role.map(|_| Check::Role));
    let question = Question { checks: &checks, declared: Some(declared), roles: role.as_slice() };
    let verdict = site.validator.validate(&signer.certificate, &question).await;
    Problem::of_verdict(&verdict).map_or(Ok(verified), Err)
}

fn malformed(what: impl Into<String>) -> Problem {
    Problem::new(Code::EnvelopeMalformed).detail(what)
}

/// That the document is what the message says it is.
fn belongs(payload: &Payload, subject: &Subject) -> Result<(), Problem> {
    if payload.document.media_type != JSON {
        return Err(malformed(format!("the document's media type is not {JSON}")));
    }
    if subject.case != payload.case
        || subject.regulation != payload.regulation
        || subject.channel != payload.channel
    {
        let detail = format!(
            "the document belongs to case {} of {}/{}, the message to another",
            subject.case, subject.regulation, subject.channel
        );
        return Err(malformed(detail));
    }
    Ok(())
}

fn application(payload: &Payload, content: &[u8]) -> Result<Identifier, Problem> {
    let application: Application = serde_json::from_slice(content)
        .map_err(|error| malformed(format!("the document is not an application: {}", json_fault(&error))))?;
    belongs(payload, &application.subject)?;
    if payload.carries.is_some() {
        return Err(malformed("only an outcome carries a refusal or a result"));
    }
    let same = application.copies.len() == payload.attachments.len()
        && application.copies.iter().zip(&payload.attachments).all(|(named, carried)| {
            named.name == carried.name
                && named.media_type == carried.media_type
                && named.sha256 == sha256_hex(&carried.content.0)
        });
    if !same {
        let detail = "the attachments are not those that the signed application names";
        return Err(Problem::new(Code::SignatureInvalid).detail(detail));
    }
    Iin::parse(&application.declared, CheckDigit::AnyDigit)
        .map(Identifier::Iin)
        .map_err(|error| malformed(format!("`declared`: {error}")))
}

fn outcome(payload: &Payload, content: &[u8], bin: &str) -> Result<Identifier, Problem> {
    let issue: Issue = serde_json::from_slice(content)
        .map_err(|error| malformed(format!("the document is not an outcome: {}", json_fault(&error))))?;
    belongs(payload, &issue.subject)?;
    if payload.carries != Some(issue.document.end()) {
        return Err(malformed(format!(
            "the document is a {}, the message says otherwise",
            issue.document.end()
        )));
    }
    if issue.provider.bin != bin {
        let detail = format!("issued by BIN {}, the provider is {bin}", issue.provider.bin);
        return Err(Problem::new(Code::IdentityMismatch).detail(detail));
    }
    Bin::parse(bin, CheckDigit::AnyDigit)
        .map(Identifier::Bin)
        .map_err(|error| malformed(format!("`provider.bin`: {error}")))
}
