//! A message made ready for the next system on its way.

use jiff::Timestamp;
use registries::store::Outgoing;
use serde::{Deserialize, Serialize};
use signer::{Envelope, Problem, Sealed, System};
use uuid::Uuid;

use super::payload::{Payload, service_id};
use crate::site::Site;

/// A sealed message and where it goes: sealed once, so that a retry repeats the same bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Parcel {
    /// The next system on its way.
    pub to: System,
    /// The envelope.
    pub sealed: Sealed,
}

impl Parcel {
    /// Seals a payload for a system.
    pub fn seal(
        site: &Site,
        to: System,
        payload: &Payload,
        correlation_id: Option<Uuid>,
        session_id: Option<Uuid>,
        now: Timestamp,
    ) -> Result<(Self, Envelope), Problem> {
        let identity = site.identity()?;
        let envelope = Envelope {
            message_id: Uuid::new_v4(),
            correlation_id,
            service_id: service_id(&payload.regulation, &payload.channel, payload.message),
            message_date: now,
            route_id: None,
            sender: identity.sender(),
            properties: Vec::new(),
            session_id,
            data: serde_json::to_value(payload).map_err(Problem::technical)?,
        };
        let sealed = envelope.seal(&identity).map_err(Problem::technical)?;
        Ok((Self { to, sealed }, envelope))
    }

    /// Seals a payload for a system and queues it for now.
    pub fn pack(
        site: &Site,
        to: System,
        payload: &Payload,
        correlation_id: Option<Uuid>,
        session_id: Option<Uuid>,
        now: Timestamp,
    ) -> Result<Outgoing, Problem> {
        let (parcel, envelope) = Self::seal(site, to, payload, correlation_id, session_id, now)?;
        let body = serde_json::to_string(&parcel).map_err(Problem::technical)?;
        let outgoing = Outgoing::new(site.system().name(), envelope.message_id.to_string(), now, body);
        Ok(outgoing.case(payload.case.to_string()))
    }
}
