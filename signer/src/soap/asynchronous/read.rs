//! Reading what AsyncChannel's operations say.

use certs::Certificate;
use uuid::Uuid;

use super::write::answer_of;
use super::{
    Answer, Asked, Change, MessageState, Notification, Opened, Poll, StatusInfo, StatusQuery, operation,
};
use crate::envelope::{Envelope, Sender};
use crate::soap::SoapError;
use crate::soap::data;
use crate::soap::info::{read_envelope, read_sender};
use crate::soap::message::opened;
use crate::soap::names::{ASYNC, ASYNC_CLIENT};
use crate::soap::read::{field, moment, needed, needed_text, text, uuid};
use crate::xml::{self, Element, wss};

/// Verifies the signature of a request, then reads the Body that it covers.
///
/// `known` are certificates that a signature may name instead of carrying them.
///
/// # Errors
/// [`SoapError`].
pub fn open(message: &[u8], known: &[Certificate]) -> Result<Opened, SoapError> {
    let received = opened(message, known)?;
    let asked = received.operation(&[
        (ASYNC, operation::SEND),
        (ASYNC_CLIENT, operation::SEND),
        (ASYNC, operation::POLL),
        (ASYNC, operation::STATUS),
        (ASYNC, operation::NOTIFY),
        (ASYNC_CLIENT, operation::CHANGED),
    ])?;
    let request = needed(asked, "request")?;
    let pushed = asked.namespace() == Some(ASYNC_CLIENT);
    let asked = match asked.local_name() {
        operation::POLL => Asked::Poll(poll(request)?),
        operation::STATUS => Asked::Status(StatusQuery {
            message_id: uuid(request, "messageId")?.ok_or(SoapError::Missing("messageId"))?,
            sender: sender(request)?,
        }),
        operation::NOTIFY => Asked::Notify(notification(request)?),
        operation::CHANGED => Asked::Changed(change(request)?),
        _ => {
            let carried = needed(needed(request, "messageData")?, "data")?;
            let (envelope, _) = read_envelope(needed(request, "messageInfo")?, carried, Some(Uuid::nil()))?;
            Asked::Send(named(envelope)?)
        }
    };
    Ok(Opened { asked, certificate: received.certificate(), pushed })
}

/// A message of AsyncChannel need not have an id: without one it is known by what it says, so that the same again is
/// the same message.
fn named(mut envelope: Envelope) -> Result<Envelope, SoapError> {
    if envelope.message_id.is_nil() {
        let unwritable = |error: serde_json::Error| SoapError::Value {
            field: "messageData".to_owned(),
            what: error.to_string(),
        };
        let said = serde_json::to_vec(&envelope).map_err(unwritable)?;
        envelope.message_id = Uuid::new_v5(&Uuid::NAMESPACE_OID, &said);
    }
    Ok(envelope)
}

/// The operation that a message names, whether it can be taken or not: a fault is named after it.
pub fn called(message: &[u8]) -> Option<&'static str> {
    let tree = xml::read(message).ok()?;
    let named = wss::body(&tree).ok()?.children().next()?.local_name();
    operation::ALL.into_iter().find(|operation| *operation == named)
}

fn sender(inside: Element<'_>) -> Result<Option<Sender>, SoapError> {
    field(inside, "sender")?.map(read_sender).transpose()
}

fn poll(request: Element<'_>) -> Result<Poll, SoapError> {
    let amount = text(request, "amount")?.map(|amount| {
        let wrong = |_| SoapError::Value { field: "amount".to_owned(), what: "no number".to_owned() };
        amount.parse().map_err(wrong)
    });
    Ok(Poll {
        message_id: uuid(request, "messageId")?,
        correlation_id: uuid(request, "correlationId")?,
        service_id: text(request, "serviceId")?,
        sender: sender(request)?,
        amount: amount.transpose()?,
    })
}

fn notification(request: Element<'_>) -> Result<Notification, SoapError> {
    let told = needed(request, "notification")?;
    let status = needed(told, "deliveryStatus")?;
    let error = field(status, "error")?.map(|error| {
        let code = text(error, "errorCode")?.unwrap_or_default();
        Ok::<_, SoapError>(format!("{code}: {}", text(error, "errorMessage")?.unwrap_or_default()))
    });
    let word = needed_text(status, "receiveStatus")?;
    let accepted = match word.as_str() {
        "MESSAGE_ACCEPTED" => true,
        // As the platform spells it, and as one would.
        "MESSAGE_NOT_ACCTEPTED" | "MESSAGE_NOT_ACCEPTED" => false,
        _ => return Err(SoapError::Value { field: "receiveStatus".to_owned(), what: format!("{word:?}") }),
    };
    Ok(Notification {
        message_id: uuid(told, "messageId")?.ok_or(SoapError::Missing("messageId"))?,
        service_id: text(told, "serviceId")?.unwrap_or_default(),
        date: moment(told, "notificationDate")?.ok_or(SoapError::Missing("notificationDate"))?,
        accepted,
        resend: text(status, "resendMessage")?.as_deref() == Some("RESEND"),
        error: error.transpose()?,
        sender: sender(request)?,
    })
}

fn change(request: Element<'_>) -> Result<Change, SoapError> {
    let status = needed(request, "status")?;
    Ok(Change {
        message_id: uuid(request, "messageId")?.ok_or(SoapError::Missing("messageId"))?,
        state: state(request)?.ok_or(SoapError::Missing("messageState"))?,
        status: StatusInfo {
            code: needed_text(status, "statusCode")?,
            message: text(status, "statusMessage")?.unwrap_or_default(),
            date: moment(status, "statusDate")?.ok_or(SoapError::Missing("statusDate"))?,
        },
        sender: sender(request)?,
    })
}

fn state(inside: Element<'_>) -> Result<Option<MessageState>, SoapError> {
    let read = |word: String| {
        let unknown = || SoapError::Value { field: "messageState".to_owned(), what: format!("{word:?}") };
        MessageState::read(&word).ok_or_else(unknown)
    };
    text(inside, "messageState")?.map(read).transpose()
}

/// Verifies the signature of the answer to an operation, then reads the Body that it covers.
///
/// # Errors
/// [`SoapError`].
pub fn open_answer(message: &[u8], to: &str, known: &[Certificate]) -> Result<Answer, SoapError> {
    let received = opened(message, known)?;
    let wrapper = answer_of(to);
    let answer = received.operation(&[(ASYNC, wrapper), (ASYNC_CLIENT, wrapper)])?;
    let response = needed(answer, "response")?;
    let waited = response.children().filter(|child| child.local_name() == "messages").map(|message| {
        let id = uuid(needed(message, "messageInfo")?, "messageId")?;
        let carried = needed(needed(message, "messageData")?, "data")?;
        Ok::<_, SoapError>((id.ok_or(SoapError::Missing("messageId"))?, data::read(carried)?.0))
    });
    let messages = waited.collect::<Result<_, _>>()?;
    Ok(Answer {
        message_id: uuid(response, "messageId")?,
        correlation_id: uuid(response, "correlationId")?,
        state: state(response)?,
        messages,
        certificate: received.certificate(),
    })
}
