//! The answer of a register that speaks the national service alone: its own signed SOAP message, carried unchanged.

use certs::Certificate;
use jiff::Timestamp;
use registries::people::national;
use serde_json::{Value, json};
use signer::soap::{self, sync};
use signer::{Code, Problem, System};

use super::read;
use crate::exchange::payload::Payload;
use crate::exchange::query::{About, Answer, Found, Query};
use crate::exchange::records::{bound, record};
use crate::exchange::service::{Service, lists};
use crate::exchange::subject::{Organisation, SPECIMEN};
use crate::site::Site;

/// What the message says to the question in `asked`. Who asks for a case gives its question the `query` as messageId:
/// that the register names it in what it signs is what binds the answer to the question.
pub(super) async fn read_message(
    site: &Site,
    register: System,
    asked: &Payload,
    message: &[u8],
) -> Result<Answer, Problem> {
    let us = record(&site.world, register).await?;
    let certificate = Certificate::from_pem(&us.certificate).ok();
    let said = sync::open_answer(message, certificate.as_slice())?;
    bound(&site.world, register, &said.certificate).await?;
    site.check_system_certificate(&said.certificate).await?;
    let query: Query = read(&asked.document.verify()?.content, "a question")?;
    let About::Person { iin } = &query.about else {
        return Err(
            Problem::new(Code::AnswerToOther).detail("it is about a person; something else was asked")
        );
    };
    if !said.status.as_ref().is_some_and(soap::Status::is_success) {
        let detail = format!("status {:?}", said.status.map(|status| status.code));
        return Err(Problem::new(Code::FaultOfReceiver).detail(detail));
    }
    let nothing = || Problem::new(Code::EnvelopeMalformed).detail("it carries nothing");
    let mut data = said.data.ok_or_else(nothing)?;
    lists(&mut data);
    Service::Person.check_answer(&question(&query, "", iin, query.asked_at), &data)?;
    let found = national::found(&data)?;
    let made_at = data["messageDate"].as_str().and_then(|moment| moment.trim().parse().ok());
    Ok(Answer {
        specimen: SPECIMEN.to_owned(),
        subject: query.subject,
        query: query.query,
        made_at: made_at.unwrap_or_else(|| site.world.clock.now()),
        register: Organisation { name: us.organisation, bin: us.bin },
        about: query.about,
        found: found.map(|person| Found::Person(Box::new(person))),
        notice: None,
    })
}

/// A case's question about a person as the national service takes it.
pub(in crate::exchange) fn question(query: &Query, sender: &str, iin: &str, at: Timestamp) -> Value {
    json!({
        "messageId": query.query.to_string(),
        "messageDate": at.to_string(),
        "senderCode": sender,
        "iin": iin,
    })
}
