//! Writing what AsyncChannel's operations say.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Change, MessageState, MessageType, Notification, Poll, StatusInfo, StatusQuery, operation};
use crate::envelope::{Envelope, Sender, SystemIdentity};
use crate::soap::SoapError;
use crate::soap::data::{self, DataType, Form};
use crate::soap::info::{braced, write_properties, write_sender};
use crate::soap::message::{Sealing, sealed};
use crate::soap::names::{ASYNC, ASYNC_CLIENT};
use crate::soap::write::Writer;

/// What is asked of the channel, or of a consumer by it.
pub enum Call<'a> {
    /// A message to be delivered.
    Send(&'a Envelope, MessageType, DataType, Form),
    /// The same, called by the gateway at a consumer.
    Push(&'a Envelope, MessageType, DataType, Form),
    /// For the messages that wait.
    Poll(&'a Poll, Timestamp),
    /// How far a message has come.
    Status(&'a StatusQuery, Timestamp),
    /// A consumer's word on a message.
    Notify(&'a Notification, Sender),
    /// The gateway's word to the sender.
    Changed(&'a Change, Sender),
}

impl Call<'_> {
    /// The name of the operation.
    pub fn operation(&self) -> &'static str {
        match self {
            Self::Send(..) | Self::Push(..) => operation::SEND,
            Self::Poll(..) => operation::POLL,
            Self::Status(..) => operation::STATUS,
            Self::Notify(..) => operation::NOTIFY,
            Self::Changed(..) => operation::CHANGED,
        }
    }
}

/// Writes a request and signs its Body.
///
/// # Errors
/// [`SoapError`]: a character that XML cannot hold, or the key.
pub fn seal(call: &Call<'_>, identity: &SystemIdentity) -> Result<String, SoapError> {
    let (namespace, id) = match call {
        Call::Send(envelope, ..) => (ASYNC, envelope.message_id),
        Call::Push(envelope, ..) => (ASYNC_CLIENT, envelope.message_id),
        Call::Poll(..) | Call::Status(..) => (ASYNC, Uuid::new_v4()),
        Call::Notify(told, _) => (ASYNC, told.message_id),
        Call::Changed(told, _) => (ASYNC_CLIENT, told.message_id),
    };
    sealed(&Sealing { namespace, wrapper: call.operation(), id }, identity, |out| {
        out.raw("<request>");
        match call {
            Call::Send(envelope, message_type, kind, form)
            | Call::Push(envelope, message_type, kind, form) => {
                write_message(out, envelope, *message_type, *kind, *form)?;
            }
            Call::Poll(poll, at) => write_poll(out, poll, *at),
            Call::Status(query, at) => {
                out.field("messageId", query.message_id.to_string()).moment("requestDate", *at);
                maybe_sender(out, query.sender.as_ref());
            }
            Call::Notify(told, sender) => notification(out, told, sender),
            Call::Changed(told, sender) => change(out, told, sender),
        }
        out.raw("</request>");
        Ok(())
    })
}

fn write_message(
    out: &mut Writer,
    envelope: &Envelope,
    message_type: MessageType,
    kind: DataType,
    form: Form,
) -> Result<(), SoapError> {
    out.element("messageInfo", |info| {
        info.field("messageId", envelope.message_id.to_string());
        info.maybe("correlationId", envelope.correlation_id.map(|id| id.to_string()));
        info.field("serviceId", &envelope.service_id);
        info.field("messageType", message_type.word());
        info.maybe("routeId", envelope.route_id.as_ref());
        info.moment("messageDate", envelope.message_date);
        write_sender(info, &envelope.sender);
        write_properties(info, &envelope.properties);
        info.maybe("sessionId", envelope.session_id.map(braced));
    });
    out.raw("<messageData>");
    data::write(out, &envelope.data, kind, form)?;
    out.raw("</messageData>");
    Ok(())
}

fn write_poll(out: &mut Writer, poll: &Poll, at: Timestamp) {
    out.maybe("messageId", poll.message_id.map(|id| id.to_string()));
    out.maybe("correlationId", poll.correlation_id.map(|id| id.to_string()));
    out.moment("requestDate", at);
    out.maybe("serviceId", poll.service_id.as_ref());
    maybe_sender(out, poll.sender.as_ref());
    out.maybe("amount", poll.amount.map(|amount| amount.to_string()));
}

fn maybe_sender(out: &mut Writer, sender: Option<&Sender>) {
    if let Some(sender) = sender {
        write_sender(out, sender);
    }
}

fn notification(out: &mut Writer, told: &Notification, sender: &Sender) {
    out.element("notification", |out| {
        out.field("messageId", told.message_id.to_string());
        out.field("serviceId", &told.service_id);
        out.moment("notificationDate", told.date);
        out.element("deliveryStatus", |status| {
            // The second word is spelled so.
            let received = if told.accepted { "MESSAGE_ACCEPTED" } else { "MESSAGE_NOT_ACCTEPTED" };
            status.field("receiveStatus", received);
            status.moment("statusDate", told.date);
            status.field("resendMessage", if told.resend { "RESEND" } else { "NOT_RESEND" });
            if let Some(error) = &told.error {
                status.element("error", |info| {
                    info.field("errorCode", crate::soap::Status::DATA).field("errorMessage", error);
                    info.moment("errorDate", told.date);
                });
            }
        });
    });
    out.moment("requestDate", told.date);
    write_sender(out, sender);
}

fn change(out: &mut Writer, told: &Change, sender: &Sender) {
    out.field("messageId", told.message_id.to_string());
    out.field("messageState", told.state.word());
    write_status(out, &told.status);
    out.moment("requestDate", told.status.date);
    write_sender(out, sender);
}

fn write_status(out: &mut Writer, status: &StatusInfo) {
    out.element("status", |out| {
        out.field("statusCode", &status.code).field("statusMessage", &status.message);
        out.moment("statusDate", status.date);
    });
}

/// What the channel answers.
pub enum Reply {
    /// A message was taken; a notification or a change was noted.
    Taken {
        /// Which operation.
        operation: &'static str,
        /// The answer's own id.
        message_id: Uuid,
        /// What it answers.
        correlation_id: Uuid,
    },
    /// The messages that wait.
    Messages(Vec<(Envelope, MessageType, DataType)>),
    /// How far a message has come.
    Status(MessageState, StatusInfo),
}

/// Writes an answer and signs its Body; `called_in` is the namespace of what it answers.
///
/// # Errors
/// As [`seal`].
pub fn seal_reply(
    reply: &Reply,
    at: Timestamp,
    session_id: Option<Uuid>,
    pushed: bool,
    identity: &SystemIdentity,
) -> Result<String, SoapError> {
    let (operation, id) = match reply {
        Reply::Taken { operation, message_id, .. } => (*operation, *message_id),
        Reply::Messages(_) => (operation::POLL, Uuid::new_v4()),
        Reply::Status(..) => (operation::STATUS, Uuid::new_v4()),
    };
    let namespace = if pushed { ASYNC_CLIENT } else { ASYNC };
    let wrapper = answer_of(operation);
    sealed(&Sealing { namespace, wrapper, id }, identity, |out| {
        out.raw("<response>");
        match reply {
            Reply::Taken { message_id, correlation_id, .. } => {
                out.field("messageId", message_id.to_string());
                out.field("correlationId", correlation_id.to_string());
                out.moment("responseDate", at).maybe("sessionId", session_id.map(braced));
            }
            Reply::Messages(messages) => {
                out.moment("responseDate", at).maybe("sessionId", session_id.map(braced));
                for (envelope, message_type, kind) in messages {
                    out.raw("<messages>");
                    write_message(out, envelope, *message_type, *kind, Form::Typed)?;
                    out.raw("</messages>");
                }
            }
            Reply::Status(state, status) => {
                out.field("messageState", state.word());
                write_status(out, status);
                out.moment("responseDate", at).maybe("sessionId", session_id.map(braced));
            }
        }
        out.raw("</response>");
        Ok(())
    })
}

/// The wrapper of an operation's answer.
pub(super) fn answer_of(operation: &str) -> &'static str {
    match operation {
        operation::POLL => "getMessagesResponse",
        operation::STATUS => "getMessageStatusResponse",
        operation::NOTIFY => "sendDeliveryNotificationResponse",
        operation::CHANGED => "changeMassageStatusNotificationResponse",
        _ => "sendMessageResponse",
    }
}
