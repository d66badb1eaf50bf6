//! Messages made by hand, as a system would make them.

use certs::{Certificate, KeyPair};
use gateway::exchange::{About, Consent, ConsentState, JSON, Payload, Query, SPECIMEN, Subject, service_id};
use gateway::regulation::Message;
use registries::store::WorldId;
use serde::Serialize;
use serde_json::Value;
use signer::{Document, Envelope, Problem, Sealed, System, SystemIdentity};
use uuid::Uuid;

use crate::{Answer, Citizen, Counter, Key, Town};

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

/// A question of a case at the counter, with consent.
pub fn query(case: Uuid, about: About) -> Query {
    let now = certs::Clock::system().now();
    Query {
        specimen: SPECIMEN.to_owned(),
        subject: subject(case),
        query: Uuid::new_v4(),
        asked_at: now,
        employee: Some("000000000000".to_owned()),
        consent: Some(Consent { state: ConsentState::Given, ground: None, taken_at: now }),
        about,
    }
}

/// What documents of a case at the counter belong to.
pub fn subject(case: Uuid) -> Subject {
    Subject { case, regulation: Citizen::regulation(), channel: "state-corporation".to_owned() }
}

/// A question as a message, signed by a system.
pub fn question(query: &Query, identity: &SystemIdentity) -> Payload {
    Payload::of(
        query.subject.clone(),
        query.about.message(),
        signed(query, &identity.key, &identity.certificate),
    )
}

/// A document, signed.
pub fn signed(content: &impl Serialize, key: &KeyPair, certificate: &Certificate) -> Document {
    let content = serde_json::to_vec(content).unwrap_or_default();
    Document::sign(content, JSON, key, certificate, certs::Clock::system().now()).expect("it signs")
}

/// The application of a counter that waits for the employee's signature, signed with a key.
pub fn counter_application(counter: &Counter<'_>, content: Vec<u8>, key: &Key) -> Payload {
    let at = certs::Clock::system().now();
    let document = Document::sign(content, JSON, &key.key, &key.certificate, at).expect("it signs");
    let case = counter.case().parse().expect("the case's id");
    Payload {
        attachments: serde_json::from_value(counter.scans()["copies"].clone()).expect("the copies"),
        ..Payload::of(subject(case), Message::Application, document)
    }
}
