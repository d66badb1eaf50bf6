//! Messages between systems that are not what they should be. Each is sealed by hand and posted to a system.

use gateway::exchange::Payload;
use serde_json::{Value, json};
use signer::{Bytes, Envelope, Problem, Sealed, System, SystemIdentity};
use tests::{Citizen, Town, application, envelope};
use uuid::Uuid;

/// A town, the portal's key, and an application that waits to be sent.
struct Post {
    town: Town,
    portal: SystemIdentity,
    payload: Payload,
}

impl Post {
    async fn ready() -> Self {
        let town = Town::up().await;
        let portal = town.identity(System::Portal);
        let mut citizen = Citizen::arrives(&town).await;
        citizen.enters().await.unwrap();
        citizen.fills_in().await.unwrap();
        let payload = application(&citizen);
        Self { town, portal, payload }
    }

    fn envelope(&self) -> Envelope {
        envelope(&self.portal, &self.payload)
    }

    async fn is_refused(&self, sealed: &Sealed, code: &str) -> Problem {
        let problem = self.town.deliver_raw(System::Gateway, sealed).await.is(code);
        assert_eq!(problem.system.as_deref(), Some("gateway"), "{problem}");
        problem
    }

    /// What the gateway noted of its refusals, in order.
    async fn noted(&self) -> Vec<Value> {
        let path = "/control/journal?system=gateway&kind=crossing";
        let all: Vec<Value> = self.town.client.get(path, None).await.unwrap();
        all.into_iter().map(|entry| entry["body"].clone()).filter(|body| body["accepted"] == false).collect()
    }

    /// That the gateway noted these codes, took nothing and passed nothing on, and takes the message at last.
    async fn nothing_was_taken(&self, codes: &[&str]) {
        let noted = self.noted().await;
        let found: Vec<&str> = noted.iter().filter_map(|body| body["problem"]["code"].as_str()).collect();
        assert_eq!(found, codes);
        let path = format!("/control/journal?case={}&system=regional-workstation", self.payload.case);
        let beyond: Vec<Value> = self.town.client.get(&path, None).await.unwrap();
        assert!(beyond.is_empty(), "nothing went on to the regional workstation: {beyond:?}");
        let sealed = self.envelope().seal(&self.portal).unwrap();
        self.town.deliver(System::Gateway, &sealed).await.expect("the right message is taken");
    }
}

#[tokio::test]
async fn a_sender_without_a_record_is_unknown() {
    let post = Post::ready().await;
    let names = ["nobody", "", "Portal", "portal\u{0}", &"x".repeat(5_000)];
    for name in names {
        let mut envelope = post.envelope();
        envelope.sender.sender_id = name.to_owned();
        let problem = post.is_refused(&envelope.seal(&post.portal).unwrap(), "sender-unknown").await;
        assert_eq!(problem.status, 403);
    }
    post.nothing_was_taken(&["sender-unknown"; 5]).await;
}

#[tokio::test]
async fn a_known_sender_needs_its_own_password() {
    let post = Post::ready().await;
    let of_another = post.town.identity(System::Provider).password;
    for password in [None, Some(String::new()), Some("guess".to_owned()), Some(of_another)] {
        let mut envelope = post.envelope();
        envelope.sender.password = password;
        let problem = post.is_refused(&envelope.seal(&post.portal).unwrap(), "wrong-password").await;
        assert_eq!(problem.status, 403);
    }
    post.nothing_was_taken(&["wrong-password"; 4]).await;
    let journal = post.town.get("/control/journal").await.unwrap().to_string();
    assert!(!journal.contains(&post.portal.password), "no password is ever written down");
}

#[tokio::test]
async fn an_envelope_signed_by_another_system_is_refused() {
    let post = Post::ready().await;
    let provider = post.town.identity(System::Provider);
    let problem = post.is_refused(&post.envelope().seal(&provider).unwrap(), "certificate-not-bound").await;
    assert_eq!(problem.status, 403);
    let citizen = Citizen::arrives(&post.town).await;
    let person = SystemIdentity {
        key: std::sync::Arc::new(citizen.key.key.clone()),
        certificate: citizen.key.certificate.clone(),
        ..post.portal.clone()
    };
    post.is_refused(&post.envelope().seal(&person).unwrap(), "certificate-not-bound").await;
    post.nothing_was_taken(&["certificate-not-bound"; 2]).await;
}

#[tokio::test]
async fn an_envelope_altered_after_signing_is_refused() {
    let post = Post::ready().await;
    let mut sealed = post.envelope().seal(&post.portal).unwrap();
    let altered = String::from_utf8(sealed.envelope.0.clone()).unwrap().replace("application", "Application");
    sealed.envelope = Bytes(altered.into_bytes());
    assert_eq!(post.is_refused(&sealed, "signature-invalid").await.status, 422);
    sealed.signature = Bytes(b"no cms".to_vec());
    assert_eq!(post.is_refused(&sealed, "signature-malformed").await.status, 422);
    post.nothing_was_taken(&["signature-invalid", "signature-malformed"]).await;
}

#[tokio::test]
async fn signed_bytes_that_are_no_envelope_are_refused() {
    let post = Post::ready().await;
    let at = certs::Clock::system().now();
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let contents = ["", "{}", "null", "not json", deep.as_str()];
    for content in contents {
        let mode = signer::cms::Mode::Detached;
        let signature =
            signer::cms::sign(content.as_bytes(), mode, &post.portal.key, &post.portal.certificate, at)
                .unwrap();
        let sealed = Sealed { envelope: Bytes(content.as_bytes().to_vec()), signature: Bytes(signature) };
        assert_eq!(post.is_refused(&sealed, "envelope-malformed").await.status, 422);
    }
    post.nothing_was_taken(&["envelope-malformed"; 5]).await;
}

#[tokio::test]
async fn data_that_is_no_known_message_is_refused() {
    let post = Post::ready().await;
    let whole = serde_json::to_value(&post.payload).unwrap();
    let with = |name: &str, value: Value| {
        let mut data = whole.clone();
        data[name] = value;
        data
    };
    let table = [
        Value::Null,
        json!({}),
        json!("text"),
        with("message", "telegram".into()),
        with("case", "7".into()),
        with("unexpected", true.into()),
        with("document", json!({ "mediaType": "application/json" })),
        with("attachments", json!([{ "name": "x", "mediaType": "text/plain", "content": "not base64!" }])),
    ];
    for data in &table {
        let envelope = Envelope { data: data.clone(), ..post.envelope() };
        post.is_refused(&envelope.seal(&post.portal).unwrap(), "envelope-malformed").await;
    }
    post.nothing_was_taken(&["envelope-malformed"; 8]).await;
}

#[tokio::test]
async fn the_service_id_is_that_of_the_message() {
    let post = Post::ready().await;
    let right = post.envelope().service_id;
    for wrong in [right.replace("application", "outcome"), String::new(), right.to_uppercase()] {
        let envelope = Envelope { service_id: wrong, ..post.envelope() };
        post.is_refused(&envelope.seal(&post.portal).unwrap(), "envelope-malformed").await;
    }
    post.nothing_was_taken(&["envelope-malformed"; 3]).await;
}

#[tokio::test]
async fn a_message_of_an_unknown_service_is_refused() {
    let post = Post::ready().await;
    for (regulation, channel) in [("mangystau-999", "portal"), (Citizen::regulation().as_str(), "telegraph")]
    {
        let payload = Payload {
            regulation: regulation.to_owned(),
            channel: channel.to_owned(),
            ..post.payload.clone()
        };
        let sealed = envelope(&post.portal, &payload).seal(&post.portal).unwrap();
        assert_eq!(post.is_refused(&sealed, "unknown-service").await.status, 404);
    }
    post.nothing_was_taken(&["unknown-service"; 2]).await;
}

#[tokio::test]
async fn a_message_goes_no_way_that_the_regulation_does_not_have() {
    let post = Post::ready().await;
    // The application, by systems that do not send it, and past the gateway.
    for system in [System::Gateway, System::RegionalWorkstation, System::Provider] {
        let identity = post.town.identity(system);
        let sealed = envelope(&identity, &post.payload).seal(&identity).unwrap();
        assert_eq!(post.is_refused(&sealed, "route-unknown").await.status, 403);
    }
    let sealed = post.envelope().seal(&post.portal).unwrap();
    for to in [System::RegionalWorkstation, System::Provider, System::Portal] {
        let problem = post.town.deliver_raw(to, &sealed).await.is("route-unknown");
        assert_eq!(problem.system.as_deref(), Some(to.name()));
    }
    // An outcome that the portal writes itself.
    let payload = Payload { message: gateway::regulation::Message::Outcome, ..post.payload.clone() };
    let sealed = envelope(&post.portal, &payload).seal(&post.portal).unwrap();
    post.is_refused(&sealed, "route-unknown").await;
    let codes: Vec<Value> = post.noted().await.iter().map(|body| body["problem"]["code"].clone()).collect();
    assert_eq!(codes, ["route-unknown"; 4]);
}

#[tokio::test]
async fn the_same_message_again_has_the_same_acknowledgement_and_no_second_effect() {
    let post = Post::ready().await;
    let sealed = post.envelope().seal(&post.portal).unwrap();
    let first = post.town.deliver(System::Gateway, &sealed).await.unwrap();
    let first: Sealed = serde_json::from_value(first).unwrap();
    let acknowledged = first.open().unwrap().envelope.data["acknowledgement"].clone();
    post.town.post("/control/clock", &json!({ "advance": "PT1H" })).await.unwrap();
    let problem = post.is_refused(&sealed, "message-replayed").await;
    assert_eq!((problem.status, &problem.facts["acknowledgement"]), (409, &acknowledged));
    let settled = format!("/control/journal?case={}&settled=true", post.payload.case);
    let journal: Vec<Value> = post.town.client.get(&settled, None).await.unwrap();
    let taken = |system: &str| {
        let entering = |e: &&Value| e["body"]["seen"] == "entering" && e["body"]["accepted"] == true;
        journal
            .iter()
            .filter(|e| e["system"] == system && e["body"]["message_id"].is_string())
            .filter(entering)
            .count()
    };
    assert_eq!((taken("gateway"), taken("regional-workstation"), taken("provider")), (1, 1, 1));
}

#[tokio::test]
async fn another_message_under_the_same_id_is_refused_and_nothing_of_it_is_taken() {
    let post = Post::ready().await;
    let first = post.envelope();
    post.town.deliver(System::Gateway, &first.seal(&post.portal).unwrap()).await.unwrap();
    let mut citizen = Citizen::arrives(&post.town).await;
    citizen.enters().await.unwrap();
    citizen.fills_in().await.unwrap();
    let other = Envelope { message_id: first.message_id, ..envelope(&post.portal, &application(&citizen)) };
    let problem = post.is_refused(&other.seal(&post.portal).unwrap(), "message-replayed").await;
    assert!(!problem.facts.contains_key("acknowledgement"), "{problem}");
    let journal = post.town.journal(&citizen.case()).await;
    let taken: Vec<&Value> =
        journal.iter().filter(|e| e["system"] != "portal" && e["body"]["accepted"] == true).collect();
    assert!(taken.is_empty(), "{taken:?}");
    assert!(journal.iter().any(|e| e["body"]["problem"]["code"] == "message-replayed"));
}

#[tokio::test]
async fn an_application_whose_attachment_was_exchanged_is_refused() {
    let post = Post::ready().await;
    let mut exchanged = post.payload.clone();
    exchanged.attachments[0].content = Bytes(b"another birth certificate".to_vec());
    let mut renamed = post.payload.clone();
    renamed.attachments[0].name = "diploma".to_owned();
    let mut without = post.payload.clone();
    without.attachments.pop();
    let mut swapped = post.payload.clone();
    swapped.attachments.swap(0, 1);
    let mut more = post.payload.clone();
    more.attachments.push(more.attachments[0].clone());
    for payload in [exchanged, renamed, without, swapped, more] {
        let sealed = envelope(&post.portal, &payload).seal(&post.portal).unwrap();
        let problem = post.is_refused(&sealed, "signature-invalid").await;
        assert_eq!((problem.step.as_deref(), problem.paragraph.as_deref()), (Some("12.8"), Some("12.8")));
    }
    post.nothing_was_taken(&["signature-invalid"; 5]).await;
}

#[tokio::test]
async fn a_document_of_another_case_is_refused() {
    let post = Post::ready().await;
    let payload = Payload { case: Uuid::new_v4(), ..post.payload.clone() };
    let sealed = envelope(&post.portal, &payload).seal(&post.portal).unwrap();
    let problem = post.is_refused(&sealed, "envelope-malformed").await;
    assert_eq!(problem.paragraph.as_deref(), Some("12.8"));
    post.nothing_was_taken(&["envelope-malformed"]).await;
}

#[tokio::test]
async fn a_second_application_of_a_case_is_settled_and_reaches_the_provider_once() {
    let post = Post::ready().await;
    for _ in 0..2 {
        let sealed = post.envelope().seal(&post.portal).unwrap();
        // Whether the gateway takes the second one or not: it does not go round for ever.
        let _ = post.town.deliver(System::Gateway, &sealed).await;
    }
    let settled = format!("/control/journal?case={}&settled=true", post.payload.case);
    let journal: Vec<Value> = post.town.client.get(&settled, None).await.unwrap();
    let arrived = journal.iter().filter(|e| e["system"] == "provider" && e["body"]["accepted"] == true);
    assert_eq!(arrived.count(), 1);
    let health = post.town.get("/control/health").await.unwrap();
    assert_eq!(health["status"], "up");
    let stuck = journal.iter().filter(|e| e["body"]["problem"]["code"] == "conflict").count();
    assert_eq!(stuck, 0, "a second application is a clear no, not something to try again");
}

#[tokio::test]
async fn a_system_whose_certificate_is_revoked_sends_nothing() {
    let post = Post::ready().await;
    let serial = post.portal.certificate.serial_hex();
    let path = format!("/ca/certificates/{serial}/revocation");
    post.town.post(&path, &json!({ "reason": "keyCompromise" })).await.unwrap();
    let sealed = post.envelope().seal(&post.portal).unwrap();
    post.is_refused(&sealed, "sender-certificate-refused").await;
    let codes: Vec<Value> = post.noted().await.iter().map(|body| body["problem"]["code"].clone()).collect();
    assert_eq!(codes, ["sender-certificate-refused"]);
}
