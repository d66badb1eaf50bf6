//! What a system makes sure of before it takes a document or passes it on.

mod answer;
mod content;
mod message;

use certs::{Bin, CheckDigit, Identifier};
use serde::de::DeserializeOwned;
use signer::{Code, Problem, System, Verified, json_fault};

use super::node::Delivery;
use super::payload::Payload;
use super::records::{bound, record};
use super::subject::Subject;
use crate::regulation::{Message, Person};
use crate::site::Site;

pub use answer::inspect_answer;
pub(super) use message::question;

/// The media type of the documents of the regulations.
pub const JSON: &str = "application/json";

/// Verifies the document's signature, the path, validity, revocation and usage of its certificate, that the
/// identifier declared in it is the certificate's, and that it is signed by the person whom the regulation names,
/// or by the system that sends it. What the message says of itself must be what its author signed: the case, the
/// regulation, the channel, refusal or result, the copies.
///
/// # Errors
/// A problem with the code of the first failing check; `verdict` in it holds all of them. A check that could
/// not be made is to be tried again.
pub async fn inspect_document(site: &Site, delivery: &Delivery) -> Result<Verified, Problem> {
    let payload = &delivery.payload;
    let verified = payload.document.verify()?;
    let step = delivery.sending_step(site.system());
    let sender = step.map_or(delivery.from, |step| step.system);
    let person = step.and_then(|step| step.author);
    match payload.message {
        message if message.is_application() => {
            let channel = &delivery.channel;
            let declared = content::application(site, payload, &verified.content, person, channel).await?;
            site.check_signer(&verified, person, &declared).await?;
        }
        Message::Outcome | Message::ComplaintAnswer | Message::QualityAnswer => {
            let speaks_for = person.and_then(Person::works_for).unwrap_or(sender);
            let bin = record(&site.world, speaks_for).await?.bin;
            let declared = content::outcome(payload, &verified.content, &bin)?;
            site.check_signer(&verified, person, &[declared]).await?;
        }
        Message::Registration => {
            content::registration(payload, &verified.content)?;
            signed_by_system(site, &verified, sender).await?;
        }
        Message::HomeVisit => {
            content::visit(payload, &verified.content)?;
            signed_by_system(site, &verified, sender).await?;
        }
        Message::PersonQuery | Message::AttorneyQuery | Message::DocumentsQuery => {
            content::query(payload, &verified.content)?;
            signed_by_system(site, &verified, sender).await?;
        }
        _ => {
            return Err(Problem::new(Code::RouteUnknown).detail("an answer is no message of its own"));
        }
    }
    Ok(verified)
}

/// That the sole signature is a system's own: by the key of its record, with a certificate that is good now.
pub(crate) async fn signed_by_system(
    site: &Site,
    verified: &Verified,
    system: System,
) -> Result<(), Problem> {
    let signer = verified.sole_signer()?;
    bound(&site.world, system, &signer.certificate).await?;
    site.check_system_certificate(&signer.certificate).await
}

/// Reads a document's content.
fn read<T: DeserializeOwned>(content: &[u8], what: &str) -> Result<T, Problem> {
    serde_json::from_slice(content)
        .map_err(|error| malformed(format!("the document is not {what}: {}", json_fault(&error))))
}

fn malformed(what: impl Into<String>) -> Problem {
    Problem::new(Code::EnvelopeMalformed).detail(what)
}

/// That the document is what the message says it is.
fn belongs(payload: &Payload, subject: &Subject) -> Result<(), Problem> {
    if payload.document.media_type != JSON {
        return Err(malformed(format!("the document's media type is not {JSON}")));
    }
    if *subject != payload.subject() {
        let detail = format!(
            "the document belongs to case {} of {}/{}, the message to another",
            subject.case, subject.regulation, subject.channel
        );
        return Err(malformed(detail));
    }
    Ok(())
}

fn bin(text: &str, field: &str) -> Result<Identifier, Problem> {
    Bin::parse(text, CheckDigit::AnyDigit)
        .map(Identifier::Bin)
        .map_err(|error| malformed(format!("`{field}`: {error}")))
}
