//! A message made ready for the next system on its way.

use jiff::Timestamp;
use registries::store::Outgoing;
use serde::{Deserialize, Serialize};
use signer::{Envelope, Problem, Sender, System};
use uuid::Uuid;

use super::payload::{Payload, service_id};
use crate::site::Site;

/// A message and where it goes. It is signed each time that it is sent, with the key that its sender has then and for
/// the wire that its receiver has then; what is signed stays the same.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Parcel {
    /// The next system on its way.
    pub to: System,
    /// The envelope, with the sender's name and without its password.
    pub envelope: Envelope,
}

impl Parcel {
    /// Puts a payload into an envelope for a system.
    pub fn new(
        site: &Site,
        to: System,
        payload: &Payload,
        correlation_id: Option<Uuid>,
        session_id: Option<Uuid>,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let envelope = Envelope {
            message_id: Uuid::new_v4(),
            correlation_id,
            service_id: service_id(&payload.regulation, &payload.channel, payload.message),
            message_date: now,
            route_id: None,
            sender: Sender { sender_id: site.identity()?.sender_id, password: None },
            properties: Vec::new(),
            session_id,
            data: serde_json::to_value(payload).map_err(Problem::technical)?,
        };
        Ok(Self { to, envelope })
    }

    /// Puts a payload into an envelope for a system and queues it for now.
    pub fn pack(
        site: &Site,
        to: System,
        payload: &Payload,
        correlation_id: Option<Uuid>,
        session_id: Option<Uuid>,
        now: Timestamp,
    ) -> Result<Outgoing, Problem> {
        let parcel = Self::new(site, to, payload, correlation_id, session_id, now)?;
        let body = serde_json::to_string(&parcel).map_err(Problem::technical)?;
        let id = parcel.envelope.message_id.to_string();
        Ok(Outgoing::new(site.system().name(), id, now, body).case(payload.case.to_string()))
    }

    /// What it carries.
    pub fn payload(&self) -> Result<Payload, Problem> {
        serde_json::from_value(self.envelope.data.clone()).map_err(Problem::technical)
    }
}
