//! AsyncChannel v10 as every system serves it: the gateways whole, the others what a gateway calls at a consumer.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use certs::Certificate;
use serde_json::Value;
use signer::soap::asynchronous::{self, Asked, Call, MessageType, Reply, operation};
use signer::soap::{Channel, Form};
use signer::{Envelope, Problem, Sender, SystemIdentity, http};
use uuid::Uuid;

use super::soap::{MESSAGE, XML, at_paths, digest, fault, is_action, is_xml, lists, no_answer, open};
use super::{NoReply, Written};
use crate::exchange::node::Node;
use crate::exchange::parcel::{Notice, Says};
use crate::exchange::receive::{Incoming, accept};
use crate::exchange::records::authenticate;
use crate::exchange::tracking::respond;
use crate::faults::{self, Form as Answer};
use crate::regulation::{Message, Mode};
use crate::site::Site;

/// Where AsyncChannel is served, below a system's address: at the path of the national platform, and at plain ones.
pub(crate) const ASYNC_PATHS: [&str; 3] = ["/bip-async-wss-gost/", "/bip-async-wss-gost", "/async"];

/// AsyncChannel at all of its paths.
pub(super) fn router<N: Node>(node: Arc<N>) -> Router {
    at_paths(ASYNC_PATHS, &post(receive::<N>)).with_state(node)
}

/// How what is asked here is answered.
pub(super) fn answer_form(body: &[u8]) -> Answer {
    match asynchronous::called(body) {
        Some(operation::POLL | operation::STATUS) => Answer::Told,
        _ => Answer::Taken,
    }
}

async fn receive<N: Node>(State(node): State<Arc<N>>, request: Request) -> Response {
    let site = node.site();
    let mut called = operation::SEND;
    match received(&*node, request, &mut called).await {
        Ok(answer) => ([(header::CONTENT_TYPE, XML)], answer).into_response(),
        Err(problem) => fault(site, Channel::Async(called), problem.by(site.system())),
    }
}

async fn received<N: Node>(node: &N, request: Request, called: &mut &'static str) -> Result<String, Problem> {
    let site = node.site();
    is_xml(request.headers())?;
    let headers = request.headers().clone();
    let body = http::body(request).await?;
    let opened = match open(site, |known| asynchronous::open(&body, known)).await? {
        Ok(opened) => opened,
        Err(error) => {
            *called = asynchronous::called(&body).unwrap_or(called);
            return Err(accept(node, Err(error.into())).await.err().unwrap_or_else(unheard));
        }
    };
    let (certificate, pushed) = (opened.certificate, opened.pushed);
    *called = opened.asked.operation();
    is_action(&headers, called)?;
    let (reply, answer) = match opened.asked {
        Asked::Send(mut envelope) => {
            lists(&mut envelope.data);
            let sha256 = digest(&envelope)?;
            let opened = signer::Opened { envelope, certificate };
            let answer = accept(node, Ok(Incoming { opened, sha256, over: Mode::Async, kind: None })).await?;
            (taken(&answer, called), answer)
        }
        asked => {
            let record = authenticate(&site.world, asked.sender(), &certificate).await?;
            site.check_system_certificate(&certificate).await?;
            let reply = respond(node, asked, &record).await?;
            let answer = head(site, &reply)?;
            (reply, answer)
        }
    };
    let form = if matches!(reply, Reply::Taken { .. }) { Answer::Taken } else { Answer::Told };
    let sealing = faults::answering(site, answer, form).await?;
    let answer = &sealing.envelope;
    let reply = if form == Answer::Taken { taken(answer, called) } else { reply };
    let (at, session_id) = (answer.message_date, answer.session_id);
    let written = asynchronous::seal_reply(&reply, at, session_id, pushed, &sealing.identity)?;
    Ok(sealing.spoiled(written))
}

/// That something was taken, as the head of the answer has it.
fn taken(answer: &Envelope, operation: &'static str) -> Reply {
    let correlation_id = answer.correlation_id.unwrap_or_default();
    Reply::Taken { operation, message_id: answer.message_id, correlation_id }
}

/// The head of an answer that is no message.
fn head(site: &Site, reply: &Reply) -> Result<Envelope, Problem> {
    let (message_id, correlation_id) = match reply {
        Reply::Taken { message_id, correlation_id, .. } => (*message_id, Some(*correlation_id)),
        Reply::Messages(_) | Reply::Status(..) => (Uuid::new_v4(), None),
    };
    Ok(Envelope {
        message_id,
        correlation_id,
        service_id: String::new(),
        message_date: site.world.clock.now(),
        route_id: None,
        sender: Sender { sender_id: site.identity()?.sender_id, password: None },
        properties: Vec::new(),
        session_id: None,
        data: Value::Null,
    })
}

fn unheard() -> Problem {
    Problem::technical("what cannot be opened was taken")
}

/// What kind of message an envelope of ours carries.
pub(crate) fn message_type(envelope: &Envelope) -> MessageType {
    let word = envelope.data.get("message").and_then(Value::as_str).unwrap_or_default();
    match word.parse::<Message>() {
        Ok(Message::ForwardedDocuments | Message::HomeVisit) => MessageType::Notification,
        Ok(message) if message.answers_a_case() || message == Message::Registration => MessageType::Response,
        _ => MessageType::Request,
    }
}

/// A message for a gateway to deliver, or, from a gateway, for a consumer.
pub(super) fn write(
    envelope: &Envelope,
    identity: &SystemIdentity,
    url: String,
    form: Form,
) -> Result<Written, Problem> {
    let kind = message_type(envelope);
    let call = if identity.system.is_gateway() {
        Call::Push(envelope, kind, MESSAGE, form)
    } else {
        Call::Send(envelope, kind, MESSAGE, form)
    };
    let body = asynchronous::seal(&call, identity)?;
    Ok(Written { url, content_type: XML, action: Some(operation::SEND), body })
}

/// What one system tells another of a message.
pub(super) fn write_notice(
    notice: &Notice,
    identity: &SystemIdentity,
    url: String,
) -> Result<Written, Problem> {
    let sender = identity.sender();
    let (call, action) = match &notice.says {
        Says::Delivery(said) => (Call::Notify(said, sender), operation::NOTIFY),
        Says::Changed(said) => (Call::Changed(said, sender), operation::CHANGED),
    };
    let body = asynchronous::seal(&call, identity)?;
    Ok(Written { url, content_type: XML, action: Some(action), body })
}

/// Reads the answer to an operation.
pub(super) fn read(
    operation: &str,
    status: axum::http::StatusCode,
    body: &[u8],
    known: &[Certificate],
) -> Result<super::Reply, NoReply> {
    match asynchronous::open_answer(body, operation, known) {
        Ok(answer) => Ok(super::Reply {
            // Some platforms give the answer the id of what it answers.
            id: answer.message_id.or(answer.correlation_id).unwrap_or_default(),
            correlation_id: answer.correlation_id,
            certificate: answer.certificate,
            data: None,
            is_yes: true,
        }),
        Err(error) => Err(no_answer(status, body, error)),
    }
}
