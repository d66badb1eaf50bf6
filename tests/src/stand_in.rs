//! Somebody else's system in the place of one of ours: it says what the story wants.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Response as HttpResponse};
use gateway::exchange::{About, Answer, Found, Organisation, Payload, Query, Response};
use registries::people::{Cast, Persona, Population, PopulationPlan, today};
use serde_json::Value;
use signer::{Document, Envelope, Sealed, Sender, SystemIdentity};
use uuid::Uuid;

/// A question as it came to a stand-in.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Its envelope.
    pub envelope: Envelope,
    /// What it carries.
    pub payload: Payload,
    /// What is asked.
    pub query: Query,
}

/// What a stand-in says to a question.
pub enum Said {
    /// A sealed envelope.
    Sealed(Sealed),
    /// Something of this status and media type.
    Body(u16, &'static str, Vec<u8>),
    /// Nothing, as long as anybody waits.
    Nothing,
}

type Conduct = Arc<dyn Fn(&Asked) -> Said + Send + Sync>;

/// What the address of a stand-in works with.
#[derive(Clone)]
struct Shared {
    conduct: Arc<RwLock<Conduct>>,
    asked: Arc<RwLock<Vec<Asked>>>,
}

/// A register of somebody else's, on a port of its own.
pub struct StandIn {
    /// Where it is reached.
    pub url: String,
    shared: Shared,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl StandIn {
    /// Listens on a free port of the loopback, and answers that it is not ready.
    pub async fn listens() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let not_ready: Conduct = Arc::new(|_| Said::Body(503, "text/plain", b"not ready".to_vec()));
        let shared = Shared { conduct: Arc::new(RwLock::new(not_ready)), asked: Arc::default() };
        let router = Router::new().fallback(says).with_state(shared.clone());
        let serving = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Self { url, shared, serving }
    }

    /// From now on it says this.
    pub fn says(&self, conduct: impl Fn(&Asked) -> Said + Send + Sync + 'static) {
        *self.shared.conduct.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(conduct);
    }

    /// From now on it answers what is right, with this key.
    pub fn is_honest(&self, identity: &SystemIdentity) {
        let identity = identity.clone();
        self.says(move |asked| asked.answered_by(&identity));
    }

    /// What it was asked so far, in order.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Who plays a persona, of the people whom an honest stand-in knows.
    pub fn cast(persona: Persona) -> Cast {
        let cast = population().cast.iter().find(|cast| cast.persona == persona);
        cast.cloned().expect("everybody is cast")
    }
}

async fn says(State(shared): State<Shared>, uri: Uri, body: axum::body::Bytes) -> HttpResponse {
    let Some(asked) = Asked::read(&body).filter(|_| uri.path() == "/messages") else {
        return (StatusCode::NOT_FOUND, "no question").into_response();
    };
    shared.asked.write().unwrap_or_else(PoisonError::into_inner).push(asked.clone());
    let conduct = shared.conduct.read().unwrap_or_else(PoisonError::into_inner).clone();
    match conduct(&asked) {
        Said::Sealed(sealed) => {
            let body = serde_json::to_vec(&sealed).unwrap_or_default();
            (StatusCode::OK, [(CONTENT_TYPE, "application/json")], body).into_response()
        }
        Said::Body(status, media_type, body) => {
            let status = StatusCode::from_u16(status).unwrap_or_default();
            (status, [(CONTENT_TYPE, media_type)], body).into_response()
        }
        Said::Nothing => std::future::pending().await,
    }
}

/// The personas that every new world has.
fn population() -> &'static Population {
    static POPULATION: OnceLock<Population> = OnceLock::new();
    POPULATION.get_or_init(|| {
        let plan = PopulationPlan::new(0, 0, today(&certs::Clock::system())).expect("a plan");
        Population::generate(plan)
    })
}

impl Asked {
    fn read(body: &[u8]) -> Option<Self> {
        let envelope = serde_json::from_slice::<Sealed>(body).ok()?.open().ok()?.envelope;
        let payload: Payload = serde_json::from_value(envelope.data.clone()).ok()?;
        let query = serde_json::from_slice(&payload.document.verify().ok()?.content).ok()?;
        Some(Self { envelope, payload, query })
    }

    /// What an honest register has.
    pub fn found_of(&self, about: &About) -> Option<Found> {
        let (people, powers) = (&population().people, &population().powers);
        match about {
            About::Person { iin } => {
                let person = people.iter().find(|person| person.iin.to_string() == *iin)?;
                Some(Found::Person(Box::new(person.clone())))
            }
            About::Documents { .. } => None,
            About::Power { number } => {
                let power = powers.iter().find(|power| power.number == *number)?.clone();
                Some(Found::Power { state: power.state_on(today(&certs::Clock::system())), power })
            }
        }
    }

    /// The right answer.
    pub fn answer(&self) -> Answer {
        Answer {
            specimen: self.query.specimen.clone(),
            subject: self.query.subject.clone(),
            query: self.query.query,
            made_at: certs::Clock::system().now(),
            register: Organisation {
                name: "Бөтен тізілім".to_owned(), bin: "000000000000".to_owned()
            },
            about: self.query.about.clone(),
            found: self.found_of(&self.query.about),
            notice: None,
        }
    }

    /// An answer as a document.
    pub fn document(answer: &Answer, identity: &SystemIdentity) -> Document {
        let content = serde_json::to_vec(answer).unwrap_or_default();
        Document::sign(
            content,
            "application/json",
            &identity.key,
            &identity.certificate,
            certs::Clock::system().now(),
        )
        .expect("it signs")
    }

    /// An envelope that answers this question.
    pub fn envelope_of(&self, response: &Response, identity: &SystemIdentity) -> Envelope {
        Envelope {
            message_id: Uuid::new_v4(),
            correlation_id: Some(self.envelope.message_id),
            service_id: self.envelope.service_id.clone(),
            message_date: certs::Clock::system().now(),
            route_id: None,
            sender: Sender { sender_id: identity.sender_id.clone(), password: None },
            properties: Vec::new(),
            session_id: self.envelope.session_id,
            data: serde_json::to_value(response).unwrap_or(Value::Null),
        }
    }

    /// A document in an envelope, both by the same key.
    pub fn sealed(&self, document: Document, identity: &SystemIdentity) -> Said {
        let envelope = self.envelope_of(&Response::Answer(document), identity);
        Said::Sealed(envelope.seal(identity).expect("it seals"))
    }

    /// The right answer, signed and sealed with a key.
    pub fn answered_by(&self, identity: &SystemIdentity) -> Said {
        self.sealed(Self::document(&self.answer(), identity), identity)
    }

    /// The right answer but for a change, signed and sealed with a key.
    pub fn answered_otherwise(&self, identity: &SystemIdentity, change: impl FnOnce(&mut Answer)) -> Said {
        let mut answer = self.answer();
        change(&mut answer);
        self.sealed(Self::document(&answer, identity), identity)
    }
}
