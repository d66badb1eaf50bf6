//! What a document says, against what its message says.

use certs::{CheckDigit, Identifier, Iin};
use signer::{Code, Problem};

use super::{belongs, bin, malformed, read};
use crate::exchange::counter::Consent;
use crate::exchange::document::{Application, Issue, Registration, Visit};
use crate::exchange::payload::Payload;
use crate::exchange::query::{About, Query};
use crate::exchange::records::record;
use crate::exchange::sha256_hex;
use crate::exchange::subject::read_identifier;
use crate::regulation::{Channel, Message, Person, Verb};
use crate::site::Site;

/// The identifiers that the certificate on an application must carry: that of whoever signs, and of the
/// organisation that they file for.
pub(super) async fn application(
    site: &Site,
    payload: &Payload,
    content: &[u8],
    author: Option<Person>,
    channel: &Channel,
) -> Result<Vec<Identifier>, Problem> {
    let application: Application = read(content, "an application")?;
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
    let signs = read_identifier(&application.declared);
    let mut declared = vec![signs.map_err(|error| malformed(format!("`declared`: {error}")))?];
    let organisation = author.and_then(Person::works_for);
    match (&application.counter, organisation) {
        (Some(counter), Some(organisation)) => {
            let wanted = record(&site.world, organisation).await?.bin;
            if counter.organisation.bin != wanted {
                let detail = format!("filed for BIN {}, the counter is {wanted}", counter.organisation.bin);
                return Err(Problem::new(Code::IdentityMismatch).detail(detail));
            }
            let asked = channel.does(Verb::Consent);
            if asked && !counter.consent.as_ref().is_some_and(Consent::allows) {
                let detail = "the application says that it was refused, or names no law that does without it";
                return Err(Problem::new(Code::ConsentMissing).detail(detail));
            }
            declared.push(bin(&counter.organisation.bin, "counter.organisation.bin")?);
        }
        (None, None) => {}
        (Some(_), None) => return Err(malformed("`counter` in an application that the recipient signs")),
        (None, Some(_)) => return Err(malformed("no `counter` in an application that an employee signs")),
    }
    Ok(declared)
}

/// The provider whose BIN the certificate on an outcome must carry.
pub(super) fn outcome(payload: &Payload, content: &[u8], provider: &str) -> Result<Identifier, Problem> {
    let issue: Issue = read(content, "an outcome")?;
    belongs(payload, &issue.subject)?;
    let carries = (payload.message == Message::Outcome).then(|| issue.document.end());
    if payload.carries != carries {
        return Err(malformed(format!(
            "the document is a {}, the message says otherwise",
            issue.document.end()
        )));
    }
    if issue.provider.bin != provider {
        let detail = format!("issued by BIN {}, the provider is {provider}", issue.provider.bin);
        return Err(Problem::new(Code::IdentityMismatch).detail(detail));
    }
    bin(provider, "provider.bin")
}

/// A number under which the application was registered.
pub(super) fn registration(payload: &Payload, content: &[u8]) -> Result<(), Problem> {
    let registration: Registration = read(content, "a registration")?;
    belongs(payload, &registration.subject)?;
    let number = registration.number.trim();
    let odd = number.is_empty() || number.chars().count() > 64 || number.chars().any(char::is_control);
    if odd || payload.carries.is_some() || !payload.attachments.is_empty() {
        return Err(malformed("a registration is a number of 1 to 64 characters and nothing else"));
    }
    Ok(())
}

/// A request to go to somebody's home.
pub(super) fn visit(payload: &Payload, content: &[u8]) -> Result<(), Problem> {
    let visit: Visit = read(content, "a request for a visit")?;
    belongs(payload, &visit.subject)?;
    if payload.carries.is_some() || !payload.attachments.is_empty() {
        return Err(malformed("a request for a visit carries nothing else"));
    }
    Ok(())
}

/// A question with consent.
pub(super) fn query(payload: &Payload, content: &[u8]) -> Result<(), Problem> {
    let query: Query = read(content, "a question to a register")?;
    belongs(payload, &query.subject)?;
    if query.about.message() != payload.message
        || payload.carries.is_some()
        || !payload.attachments.is_empty()
    {
        return Err(malformed("the question is not one of this message"));
    }
    let (iin, child) = match &query.about {
        About::Person { iin } => (Some(iin), None),
        About::Documents { iin, child } => (Some(iin), child.as_ref()),
        About::Power { .. } => (None, None),
    };
    for asked in iin.into_iter().chain(child) {
        Iin::parse(asked, CheckDigit::AnyDigit)
            .map_err(|error| malformed(format!("`about.iin`: {error}")))?;
    }
    if !query.consent.as_ref().is_some_and(Consent::allows) {
        return Err(Problem::new(Code::ConsentMissing));
    }
    Ok(())
}
