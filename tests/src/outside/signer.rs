//! What `signer` reads.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::{Arc, LazyLock};

use certs::tsp::{Imprint, TimestampRequest};
use certs::{Algorithm, Certificate, Issued, KeyPair, Order, Profile, Subject};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::json;
use signer::cms::{self, Mode, SignedData, Signer};
use signer::soap::asynchronous::{
    self, Call, Change, MessageState, MessageType, Notification, Poll, Reply, StatusInfo, StatusQuery,
};
use signer::soap::{Channel, Fault, Form, Status, sync};
use signer::xml::{self, wss};
use signer::{Code, Document, Envelope, Problem, Sealed, System, SystemIdentity, service, tsp};
use uuid::Uuid;

use super::certs::{centre, head, hex, now};
use super::{Effort, Target};
use crate::MESSAGE;

pub(super) const TARGETS: &[Target] = &[
    Target::new(
        "cms-attached",
        || vec![signature(Mode::Attached)],
        |bytes| {
            let (content, signers) = SignedData::from_ber(bytes).ok()?.verify_attached().ok()?;
            by_us(&signers)?;
            Some(format!("{} {:?}", hex(&content), times(&signers)))
        },
    )
    .with(Effort::EACH),
    Target::new(
        "cms-detached",
        || vec![signature(Mode::Detached), stamped()],
        |bytes| {
            let signers = SignedData::from_ber(bytes).ok()?.verify_detached(CONTENT).ok()?;
            for stamp in signers.iter().flat_map(|by| &by.timestamps) {
                let _ = format!("{:?}", tsp::verify(stamp, &signers[0].signature));
            }
            by_us(&signers)?;
            Some(format!("{:?}", times(&signers)))
        },
    )
    .with(Effort::EACH),
    Target::new(
        "time-stamp",
        || vec![stamp(CONTENT)],
        |bytes| {
            let stamp = tsp::verify(bytes, CONTENT).ok()?;
            let by_us = stamp.authority.public_key() == stamper().certificate.public_key();
            by_us.then(|| format!("{} {} {}", stamp.at, stamp.policy, stamp.serial_hex()))
        },
    )
    .with(Effort::EACH),
    Target::new("document", documents, |bytes| {
        let verified = serde_json::from_slice::<Document>(bytes).ok()?.verify().ok()?;
        by_us(&verified.signers)?;
        Some(hex(&verified.content))
    })
    .with(Effort::EACH),
    Target::new(
        "envelope",
        || vec![written(&envelope().seal(identity()).expect("sealed"))],
        |bytes| {
            let opened = serde_json::from_slice::<Sealed>(bytes).ok()?.open().ok()?;
            ours(&opened.certificate).then(|| format!("{:?}", opened.envelope))
        },
    )
    .with(Effort::EACH),
    Target::new(
        "xml",
        || vec![XML.as_bytes().to_vec(), BODY.as_bytes().to_vec()],
        |bytes| {
            let _ = xml::read(bytes).and_then(|tree| wss::body(&tree).map(xml::Element::text));
            // What is written in the canonical form is read, and written the same again.
            let canonical = xml::read(bytes).ok()?.root().to_xml().ok()?;
            let again = xml::read(canonical.as_bytes()).expect("what was written is read");
            assert_eq!(again.root().to_xml().ok(), Some(canonical));
            None
        },
    ),
    Target::new(
        "xml-signature",
        || vec![signed_xml()],
        |bytes| {
            let verified = xml::verify(bytes, &[]).ok()?;
            by_us(verified.signers())?;
            Some(hex(verified.canonical()))
        },
    )
    .with(Effort::EACH),
    Target::new(
        "ws-security",
        || vec![signed_message()],
        |bytes| {
            let verified = wss::verify(bytes, &[]).ok()?;
            ours(&verified.signer().certificate).then(|| hex(verified.canonical()))
        },
    )
    .with(Effort::EACH),
    Target::new("sync-request", sync_requests, |bytes| {
        let opened = sync::open(bytes, &[]).ok()?;
        ours(&opened.certificate).then(|| format!("{:?}", opened.envelope))
    })
    .with(Effort::some(1_500)),
    Target::new(
        "sync-answer",
        || vec![sync_answer()],
        |bytes| {
            let opened = sync::open_answer(bytes, &[]).ok()?;
            ours(&opened.certificate)
                .then(|| format!("{:?} {:?} {:?}", opened.message_id, opened.status, opened.data))
        },
    )
    .with(Effort::some(1_500)),
    Target::new("async-call", calls, |bytes| {
        let _ = asynchronous::called(bytes);
        let opened = asynchronous::open(bytes, &[]).ok()?;
        ours(&opened.certificate).then(|| format!("{:?} {}", opened.asked, opened.pushed))
    })
    .with(Effort::some(400)),
    Target::new("async-answer", replies, |bytes| {
        let mut said = None;
        for operation in asynchronous::operation::ALL {
            if let Ok(opened) = asynchronous::open_answer(bytes, operation, &[]) {
                let Answered { id, state, messages } = Answered::of(&opened);
                said = said.or(ours(&opened.certificate).then(|| format!("{id} {state} {messages}")));
            }
        }
        said
    })
    .with(Effort::some(400)),
    Target::new("soap-fault", faults, |bytes| {
        let _ = Fault::read(bytes).map(|fault| fault.map(|fault| fault.problem().to_string()));
        None
    })
    .with(Effort::EACH),
    Target::new(
        "problem",
        || vec![written(&Problem::new(Code::BodyTooLarge).detail("x").fact("most", 7))],
        |bytes| {
            read_back::<Problem>(bytes);
            None
        },
    )
    .with(Effort::EACH),
    Target::new(
        "certificate-text",
        || vec![person().certificate.pem().into_bytes()],
        |bytes| {
            let _ = service::read_certificate(str::from_utf8(bytes).ok()?);
            None
        },
    ),
];

const CONTENT: &[u8] = "өтініш".as_bytes();

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- before --><a:b xmlns:a=\"urn:a\" xmlns=\"urn:d\" \
    xml:lang='kk'>\r\n<c e=\"2\" a:e='1&#9;'>Бала &amp; &#x10FFFF;<![CDATA[<x>]]></c><?note a ?><empty/></a:b>\n";

const BODY: &str = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><m:Send \
    xmlns:m=\"urn:m\"><to>school</to></m:Send></s:Body></s:Envelope>";

/// Everything of an answer that is signed, in a form to compare.
struct Answered {
    id: String,
    state: String,
    messages: String,
}

impl Answered {
    fn of(answer: &asynchronous::Answer) -> Self {
        Self {
            id: format!("{:?} {:?}", answer.message_id, answer.correlation_id),
            state: format!("{:?}", answer.state),
            messages: format!("{:?}", answer.messages),
        }
    }
}

/// Who signs the samples.
fn person() -> &'static Issued {
    static PERSON: LazyLock<Issued> = LazyLock::new(|| head(Algorithm::P256, &[]));
    &PERSON
}

fn key() -> &'static KeyPair {
    person().key.as_ref().expect("a key")
}

fn stamper() -> &'static Issued {
    static STAMPER: LazyLock<Issued> = LazyLock::new(|| {
        let (common_name, organisation) = ("TIME-STAMPING AUTHORITY".to_owned(), "QAQPA TEST".to_owned());
        let subject = Subject::Service { common_name, organisation };
        let order = Order::new(subject, Profile::TimestampAuthority, Algorithm::P256);
        centre(Algorithm::P256).issue(&order, now()).expect("a certificate")
    });
    &STAMPER
}

fn identity() -> &'static SystemIdentity {
    static IDENTITY: LazyLock<SystemIdentity> = LazyLock::new(|| SystemIdentity {
        system: System::Portal,
        sender_id: "portal".to_owned(),
        password: "secret".to_owned(),
        key: Arc::new(key().clone()),
        certificate: person().certificate.clone(),
    });
    &IDENTITY
}

/// Whether it is our key that signed. What somebody signs with a key of their own is theirs to say.
fn ours(certificate: &Certificate) -> bool {
    certificate.public_key() == person().certificate.public_key()
}

/// When they say to have signed. That the same signature stands there twice says no more than once.
fn times(signers: &[Signer]) -> BTreeSet<Option<Timestamp>> {
    signers.iter().map(|signer| signer.signing_time).collect()
}

fn by_us(signers: &[Signer]) -> Option<()> {
    signers.iter().any(|signer| ours(&signer.certificate)).then_some(())
}

fn signature(mode: Mode) -> Vec<u8> {
    cms::sign(CONTENT, mode, key(), &person().certificate, now()).expect("it signs")
}

fn stamp(over: &[u8]) -> Vec<u8> {
    let request = TimestampRequest::new(Imprint::of(Algorithm::P256, over), [7; 8]);
    let Issued { key, certificate, .. } = stamper();
    tsp::stamp(&request, key.as_ref().expect("a key"), certificate, now()).expect("it signs")
}

/// A detached signature with a time stamp in it.
fn stamped() -> Vec<u8> {
    let signature = signature(Mode::Detached);
    let signers =
        SignedData::from_ber(&signature).and_then(|read| read.verify_detached(CONTENT)).expect("it holds");
    cms::with_timestamp(&signature, &stamp(&signers[0].signature)).expect("it is put in")
}

fn written(what: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(what).expect("JSON")
}

/// What is read is written, and read the same again.
fn read_back<T: DeserializeOwned + serde::Serialize + PartialEq + Debug>(bytes: &[u8]) {
    if let Ok(read) = serde_json::from_slice::<T>(bytes) {
        let again = serde_json::from_slice::<T>(&written(&read));
        assert_eq!(again.ok(), Some(read));
    }
}

fn documents() -> Vec<Vec<u8>> {
    let detached = Document::detached(CONTENT.to_vec(), "text/plain", signature(Mode::Detached));
    vec![written(&detached), written(&Document::message(signed_message()))]
}

fn envelope() -> Envelope {
    Envelope {
        message_id: Uuid::from_u128(1),
        correlation_id: Some(Uuid::from_u128(2)),
        service_id: "preschool-queue".to_owned(),
        message_date: now(),
        route_id: Some("r".to_owned()),
        sender: identity().sender(),
        properties: vec![signer::Property { key: "k".to_owned(), value: "v".to_owned() }],
        session_id: Some(Uuid::from_u128(3)),
        data: json!({ "b": 1, "a": ["қ", null, true], "c": { "d": "" } }),
    }
}

fn signed_xml() -> Vec<u8> {
    xml::sign(XML.as_bytes(), key(), &person().certificate).expect("it signs").into_bytes()
}

fn signed_message() -> Vec<u8> {
    wss::sign(BODY.as_bytes(), key(), &person().certificate).expect("it signs").into_bytes()
}

fn sync_requests() -> Vec<Vec<u8>> {
    let seal = |form| sync::seal(&envelope(), MESSAGE, form, identity()).expect("sealed").into_bytes();
    vec![seal(Form::Typed), seal(Form::Text)]
}

fn sync_answer() -> Vec<u8> {
    sync::seal_answer(&envelope(), MESSAGE, Form::Typed, identity()).expect("sealed").into_bytes()
}

fn status() -> StatusInfo {
    StatusInfo { code: Status::DATA.to_owned(), message: "жоқ".to_owned(), date: now() }
}

fn calls() -> Vec<Vec<u8>> {
    let sender = Some(identity().sender());
    let id = Uuid::from_u128(1);
    let service_id = Some("preschool-queue".to_owned());
    let poll = Poll {
        message_id: None,
        correlation_id: Some(id),
        service_id,
        sender: sender.clone(),
        amount: Some(7),
    };
    let query = StatusQuery { message_id: id, sender: sender.clone() };
    let notification = Notification {
        message_id: id,
        service_id: "preschool-queue".to_owned(),
        date: now(),
        accepted: false,
        resend: true,
        error: Some("жоқ".to_owned()),
        sender: sender.clone(),
    };
    let change = Change { message_id: id, state: MessageState::Delivered, status: status(), sender };
    let envelope = envelope();
    let calls = [
        Call::Send(&envelope, MessageType::Request, MESSAGE, Form::Typed),
        Call::Push(&envelope, MessageType::Response, MESSAGE, Form::Text),
        Call::Poll(&poll, now()),
        Call::Status(&query, now()),
        Call::Notify(&notification, identity().sender()),
        Call::Changed(&change, identity().sender()),
    ];
    calls.iter().map(|call| asynchronous::seal(call, identity()).expect("sealed").into_bytes()).collect()
}

fn replies() -> Vec<Vec<u8>> {
    let (message_id, correlation_id) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let replies = [
        Reply::Taken { operation: asynchronous::operation::SEND, message_id, correlation_id },
        Reply::Messages(vec![(envelope(), MessageType::Request, MESSAGE)]),
        Reply::Status(MessageState::Delivered, status()),
    ];
    let seal =
        |reply| asynchronous::seal_reply(reply, now(), Some(message_id), false, identity()).expect("sealed");
    replies.iter().map(|reply| seal(reply).into_bytes()).collect()
}

fn faults() -> Vec<Vec<u8>> {
    let fault = Fault::of(&Problem::new(Code::BodyTooLarge).detail("x"), Some(now()));
    vec![fault.message(Channel::Sync).into_bytes(), BODY.as_bytes().to_vec()]
}
