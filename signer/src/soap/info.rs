//! What the head of a message says, in either channel.

use uuid::Uuid;

use super::data::{self, Written};
use super::error::SoapError;
use super::read::{moment, needed, needed_text, text, uuid};
use super::write::Writer;
use crate::envelope::{Envelope, Property, Sender};
use crate::xml::Element;

/// Reads an envelope from its head and what it carries, and how that was written. `unnamed` is the id of a message that
/// says none, where it need not.
pub(super) fn read_envelope(
    info: Element<'_>,
    carried: Element<'_>,
    unnamed: Option<Uuid>,
) -> Result<(Envelope, Written), SoapError> {
    let (data, written) = data::read(carried)?;
    let envelope = Envelope {
        message_id: uuid(info, "messageId")?.or(unnamed).ok_or(SoapError::Missing("messageId"))?,
        correlation_id: uuid(info, "correlationId")?,
        service_id: needed_text(info, "serviceId")?,
        message_date: moment(info, "messageDate")?.ok_or(SoapError::Missing("messageDate"))?,
        route_id: text(info, "routeId")?,
        sender: read_sender(needed(info, "sender")?)?,
        properties: read_properties(info)?,
        session_id: uuid(info, "sessionId")?,
        data,
    };
    Ok((envelope, written))
}

pub(super) fn braced(id: Uuid) -> String {
    id.braced().to_string()
}

pub(super) fn write_sender(info: &mut Writer, sender: &Sender) {
    info.element("sender", |out| {
        out.field("senderId", &sender.sender_id).maybe("password", sender.password.as_ref());
    });
}

pub(super) fn read_sender(sender: Element<'_>) -> Result<Sender, SoapError> {
    Ok(Sender { sender_id: needed_text(sender, "senderId")?, password: text(sender, "password")? })
}

pub(super) fn write_properties(info: &mut Writer, properties: &[Property]) {
    for Property { key, value } in properties {
        info.element("properties", |out| {
            out.field("key", key).field("value", value);
        });
    }
}

pub(super) fn read_properties(info: Element<'_>) -> Result<Vec<Property>, SoapError> {
    let found = info.children().filter(|child| child.local_name() == "properties");
    let read = |one: Element<'_>| {
        Ok(Property { key: needed_text(one, "key")?, value: text(one, "value")?.unwrap_or_default() })
    };
    found.map(read).collect()
}
