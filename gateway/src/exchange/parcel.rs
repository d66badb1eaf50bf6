//! A message made ready for the next system on its way.

use jiff::Timestamp;
use registries::store::Outgoing;
use serde::{Deserialize, Serialize};
use signer::soap::asynchronous::{Change, Notification};
use signer::{Envelope, Problem, Sender, System};
use uuid::Uuid;

use super::payload::{Payload, service_id};
use crate::regulation::Mode;
use crate::site::Site;

/// What a system has queued.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Queued {
    /// A message of a case.
    Message(Parcel),
    /// A word on one.
    Notice(Notice),
}

/// What one system tells another of an asynchronous message.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Notice {
    /// Whom it is told.
    pub(super) to: System,
    /// What is told.
    pub(super) says: Says,
}

/// What is told of an asynchronous message.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Says {
    /// By the consumer, to the gateway.
    Delivery(Notification),
    /// By the gateway, to the sender.
    Changed(Change),
}

impl Notice {
    /// The message that it is about.
    pub(super) fn message_id(&self) -> Uuid {
        match &self.says {
            Says::Delivery(said) => said.message_id,
            Says::Changed(said) => said.message_id,
        }
    }
}

fn sync() -> Mode {
    Mode::Sync
}

/// A message and where it goes. It is signed each time that it is sent, with the key that its sender has then and for
/// the wire that its receiver has then; what is signed stays the same.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Parcel {
    /// The next system on its way.
    pub to: System,
    /// How it crosses, where it comes from a gateway or goes to one.
    #[serde(default = "sync")]
    pub mode: Mode,
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
        let (_, channel) = site.channel(&payload.regulation, &payload.channel)?;
        let step = channel.sender_of(payload.message, payload.carries, site.system(), to);
        let mode = step.and_then(|step| step.said.sends.as_ref()?.mode);
        Ok(Self { to, mode: mode.unwrap_or(Mode::Sync), envelope })
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
        Ok(parcel.queued(site.system(), now)?.case(payload.case.to_string()))
    }

    /// The message as a system queues it for now.
    pub(super) fn queued(&self, by: System, now: Timestamp) -> Result<Outgoing, Problem> {
        let body = serde_json::to_string(&Queued::Message(self.clone())).map_err(Problem::technical)?;
        Ok(Outgoing::new(by.name(), self.envelope.message_id.to_string(), now, body))
    }

    /// Whether a gateway keeps account of the message when `sender` sends it to one.
    pub(super) fn is_tracked_by(&self, sender: System) -> bool {
        self.mode == Mode::Async && self.to.is_gateway() && !sender.is_gateway()
    }

    /// How the message crosses when `sender` sends it: asynchronously to a gateway and from one, else at once.
    pub(super) fn mode_from(&self, sender: System) -> Mode {
        if sender.is_gateway() || self.to.is_gateway() { self.mode } else { Mode::Sync }
    }

    /// What it carries.
    pub fn payload(&self) -> Result<Payload, Problem> {
        serde_json::from_value(self.envelope.data.clone()).map_err(Problem::technical)
    }
}
