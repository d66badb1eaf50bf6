//! Messages made by hand, as a system would make them.

use gateway::exchange::{Payload, service_id};
use gateway::regulation::Message;
use registries::store::WorldId;
use serde_json::Value;
use signer::{Document, Envelope, Problem, Sealed, System, SystemIdentity};
use uuid::Uuid;

use crate::{Answer, Citizen, Town};

/// The application of a citizen whose case waits for the signature, signed by their key.
pub fn application(citizen: &Citizen<'_>) -> Payload {
    let at = certs::Clock::system().now();
    let key = &citizen.key;
    let document = Document::sign(citizen.to_sign(), "application/json", &key.key, &key.certificate, at)
        .expect("it signs");
    Payload {
        message: Message::Application,
        case: citizen.case().parse().expect("the case's id"),
        regulation: Citizen::regulation(),
        channel: "portal".to_owned(),
        carries: None,
        document,
        attachments: serde_json::from_value(citizen.form()["copies"].clone()).expect("the copies"),
    }
}

/// An envelope around it, as the system writes it.
pub fn envelope(identity: &SystemIdentity, payload: &Payload) -> Envelope {
    Envelope {
        message_id: Uuid::new_v4(),
        correlation_id: None,
        service_id: service_id(&payload.regulation, &payload.channel, payload.message),
        message_date: certs::Clock::system().now(),
        route_id: None,
        sender: identity.sender(),
        properties: Vec::new(),
        session_id: None,
        data: serde_json::to_value(payload).unwrap_or_default(),
    }
}

impl Town {
    /// What a system signs its envelopes with.
    pub fn identity(&self, system: System) -> SystemIdentity {
        let running = self.sandbox.world(&WorldId::default()).expect("the default world");
        running.world.identity(system).expect("the system's key")
    }

    /// Posts a sealed envelope to a system.
    pub async fn deliver(&self, to: System, sealed: &Sealed) -> Result<Value, Problem> {
        self.client.post(&format!("/{to}/messages"), None, sealed).await
    }

    /// The same, with the answer as it came.
    pub async fn deliver_raw(&self, to: System, sealed: &Sealed) -> Answer {
        self.send_json(&format!("/{to}/messages"), serde_json::to_vec(sealed).unwrap_or_default()).await
    }
}
