//! SyncChannel v10: `SendMessage` and its answer.

use certs::Certificate;

use super::data::{self, DataType, Form, Written};
use super::error::SoapError;
use super::info::{braced, read_envelope, write_properties, write_sender};
use super::message::{Sealing, opened, sealed};
use super::names::SYNC;
use super::read::{field, needed, needed_text, text, uuid};
use super::{Answer, Status};
use crate::envelope::{Envelope, SystemIdentity};

/// The wrapper of a request.
pub const REQUEST: &str = "SendMessage";
/// The wrapper of an answer.
pub const ANSWER: &str = "SendMessageResponse";

/// A request whose signature verified.
#[derive(Debug, Clone)]
pub struct Request {
    /// What was signed.
    pub envelope: Envelope,
    /// How what it carries was written.
    pub written: Written,
    /// Whose key signed.
    pub certificate: Certificate,
}

/// Writes an envelope as a request and signs its Body.
///
/// # Errors
/// [`SoapError`]: a character that XML cannot hold, or the key.
pub fn seal(
    envelope: &Envelope,
    kind: DataType,
    form: Form,
    identity: &SystemIdentity,
) -> Result<String, SoapError> {
    sealed(&Sealing { namespace: SYNC, wrapper: REQUEST, id: envelope.message_id }, identity, |out| {
        out.raw("<request>");
        out.element("requestInfo", |info| {
            info.field("messageId", envelope.message_id.to_string());
            info.maybe("correlationId", envelope.correlation_id.map(|id| id.to_string()));
            info.field("serviceId", &envelope.service_id);
            info.moment("messageDate", envelope.message_date);
            info.maybe("routeId", envelope.route_id.as_ref());
            write_sender(info, &envelope.sender);
            write_properties(info, &envelope.properties);
            info.maybe("sessionId", envelope.session_id.map(braced));
        });
        out.raw("<requestData>");
        data::write(out, &envelope.data, kind, form)?;
        out.raw("</requestData></request>");
        Ok(())
    })
}

/// Verifies the signature of a request, then reads the Body that it covers.
///
/// `known` are certificates that a signature may name instead of carrying them.
///
/// # Errors
/// [`SoapError`].
pub fn open(message: &[u8], known: &[Certificate]) -> Result<Request, SoapError> {
    let received = opened(message, known)?;
    let request = needed(received.operation(&[(SYNC, REQUEST)])?, "request")?;
    let info = needed(request, "requestInfo")?;
    let carried = needed(needed(request, "requestData")?, "data")?;
    let (envelope, written) = read_envelope(info, carried, None)?;
    Ok(Request { envelope, written, certificate: received.certificate() })
}

/// Writes an answer and signs its Body. `envelope` is the answer: its sender is said by the signature alone.
///
/// # Errors
/// As [`seal`].
pub fn seal_answer(
    envelope: &Envelope,
    kind: DataType,
    form: Form,
    identity: &SystemIdentity,
) -> Result<String, SoapError> {
    sealed(&Sealing { namespace: SYNC, wrapper: ANSWER, id: envelope.message_id }, identity, |out| {
        out.raw("<response>");
        out.element("responseInfo", |info| {
            info.field("messageId", envelope.message_id.to_string());
            info.maybe("correlationId", envelope.correlation_id.map(|id| id.to_string()));
            info.moment("responseDate", envelope.message_date);
            info.element("status", |status| {
                status.field("code", Status::SUCCESS).field("message", "Message has been processed");
            });
            info.maybe("sessionId", envelope.session_id.map(braced));
        });
        out.raw("<responseData>");
        data::write(out, &envelope.data, kind, form)?;
        out.raw("</responseData></response>");
        Ok(())
    })
}

/// Verifies the signature of an answer, then reads the Body that it covers.
///
/// # Errors
/// [`SoapError`].
pub fn open_answer(message: &[u8], known: &[Certificate]) -> Result<Answer, SoapError> {
    let received = opened(message, known)?;
    let response = needed(received.operation(&[(SYNC, ANSWER)])?, "response")?;
    let info = needed(response, "responseInfo")?;
    let status = needed(info, "status")?;
    let carried = field(response, "responseData")?.map(|data| field(data, "data")).transpose()?.flatten();
    Ok(Answer {
        message_id: uuid(info, "messageId")?.ok_or(SoapError::Missing("messageId"))?,
        correlation_id: uuid(info, "correlationId")?,
        status: Some(Status {
            code: needed_text(status, "code")?,
            message: text(status, "message")?.unwrap_or_default(),
        }),
        session_id: uuid(info, "sessionId")?,
        data: carried.map(data::read).transpose()?.map(|(data, _)| data),
        certificate: received.certificate(),
    })
}
