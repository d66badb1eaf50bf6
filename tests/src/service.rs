//! Questions to services of registers, as any system asks them.

use gateway::exchange::Service;
use serde_json::{Value, json};
use signer::soap::{Answer, DataType, Fault, Form, sync};
use signer::{Envelope, Problem, Sealed, System, SystemIdentity};
use uuid::Uuid;

use crate::Town;

/// A question, and how it is carried.
#[derive(Debug, Clone)]
pub struct Question {
    /// The service id.
    pub service: String,
    /// The type of what is carried.
    pub kind: DataType,
    /// As elements or as a string.
    pub form: Form,
    /// What is asked.
    pub data: Value,
}

impl Question {
    /// About somebody.
    pub fn person(iin: &str) -> Self {
        let kind = DataType { namespace: "http://message.persistence.interactive.nat", name: "Request" };
        let data = json!({
            "messageId": "1", "messageDate": "2026-11-20T09:00:00.000+05:00", "senderCode": "tests", "iin": iin,
        });
        Self { service: Service::Person.id().to_owned(), kind, form: Form::Typed, data }
    }

    /// About somebody, with their token.
    pub fn with_token(iin: &str, token: &Value) -> Self {
        let mut question = Self { service: Service::PersonByToken.id().to_owned(), ..Self::person(iin) };
        for field in ["kdpToken", "publicKey"] {
            if !token[field].is_null() {
                question.data[field] = token[field].clone();
            }
        }
        question
    }

    /// About a power of attorney.
    pub fn power(number: &str) -> Self {
        let kind = DataType { namespace: "urn:qaqpa:notary:v1", name: "Request" };
        let data = json!({
            "messageId": "q-7", "messageDate": "2026-11-20T09:00:00", "senderCode": "tests", "number": number,
        });
        Self { service: Service::Power.id().to_owned(), kind, form: Form::Typed, data }
    }

    /// In an envelope of a system.
    pub fn envelope(&self, identity: &SystemIdentity) -> Envelope {
        Envelope {
            message_id: Uuid::new_v4(),
            correlation_id: None,
            service_id: self.service.clone(),
            message_date: certs::Clock::system().now(),
            route_id: None,
            sender: identity.sender(),
            properties: Vec::new(),
            session_id: None,
            data: self.data.clone(),
        }
    }

    /// As SOAP, signed by a system.
    pub fn soap(&self, identity: &SystemIdentity) -> String {
        sync::seal(&self.envelope(identity), self.kind, self.form, identity).expect("it seals")
    }
}

impl Town {
    /// Asks over SyncChannel: the answer as it came.
    pub async fn ask_raw(&self, to: System, question: &Question, by: System) -> Vec<u8> {
        let message = question.soap(&self.identity(by));
        self.send("POST", &format!("/{to}/sync"), "text/xml", message).await.body
    }

    /// Asks over SyncChannel: the signed answer, or the problem that the fault tells of.
    pub async fn ask(&self, to: System, question: &Question, by: System) -> Result<Answer, Problem> {
        let body = self.ask_raw(to, question, by).await;
        if let Some(fault) = Fault::read(&body).expect("a SOAP message") {
            return Err(fault.problem());
        }
        let answer = sync::open_answer(&body, &[]).expect("a signed answer");
        assert_eq!(answer.certificate, self.identity(to).certificate, "signed by whom was asked");
        assert!(answer.status.as_ref().is_some_and(signer::soap::Status::is_success), "{answer:?}");
        Ok(answer)
    }

    /// Asks in the JSON form: what the answer carries.
    pub async fn ask_json(&self, to: System, question: &Question, by: System) -> Result<Value, Problem> {
        let identity = self.identity(by);
        let sealed = question.envelope(&identity).seal(&identity).expect("it seals");
        let answer: Sealed =
            serde_json::from_value(self.deliver(to, &sealed).await?).expect("a sealed answer");
        let opened = answer.open().expect("a signed answer");
        assert_eq!(opened.certificate, self.identity(to).certificate, "signed by whom was asked");
        Ok(opened.envelope.data)
    }

    /// Who plays a persona.
    pub async fn iin_of(&self, persona: &str) -> String {
        let played = self.get(&format!("/people/personas/{persona}")).await.expect("everybody is cast");
        played["cast"]["iin"].as_str().expect("an IIN").to_owned()
    }
}
