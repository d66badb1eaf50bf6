//! AsyncChannel v10 as every system serves it: the gateways whole, the others what a gateway calls at a consumer.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use certs::Certificate;
use signer::soap::asynchronous::{self, Asked, Call, MessageType, Reply, operation};
use signer::soap::{Channel, Fault, Form};
use signer::{Envelope, Problem, SystemIdentity, http};

use super::soap::{MESSAGE, XML, digest, fault, is_action, is_xml, lists, open};
use super::{NoReply, Written};
use crate::exchange::node::Node;
use crate::exchange::parcel::{Notice, Says};
use crate::exchange::receive::{Incoming, accept};
use crate::exchange::records::authenticate;
use crate::exchange::tracking::respond;
use crate::faults;
use crate::regulation::{Message, Mode};

/// Where AsyncChannel is served, below a system's address: the path of the national platform.
pub(super) const ASYNC_PATH: &str = "/bip-async-wss-gost/";

/// AsyncChannel at the national path and at plain ones.
pub(super) fn router<N: Node>(node: Arc<N>) -> Router {
    let service = post(receive::<N>);
    [ASYNC_PATH, "/bip-async-wss-gost", "/async"]
        .into_iter()
        .fold(Router::new(), |router, path| router.route(path, service.clone()))
        .with_state(node)
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
    let body = http::body(request, &()).await?;
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
    let reply = match opened.asked {
        Asked::Send(mut envelope) => {
            lists(&mut envelope.data);
            let sha256 = digest(&envelope)?;
            let correlation_id = envelope.message_id;
            let opened = signer::Opened { envelope, certificate };
            let answer = accept(node, Ok(Incoming { opened, sha256, over: Mode::Async, kind: None })).await?;
            let sealing = faults::answering(site, answer).await?;
            let Envelope { message_id, session_id, .. } = sealing.envelope;
            let correlation_id = sealing.envelope.correlation_id.unwrap_or(correlation_id);
            let reply = Reply::Taken { operation: operation::SEND, message_id, correlation_id };
            let now = site.world.clock.now();
            let reply = asynchronous::seal_reply(&reply, now, session_id, pushed, &sealing.identity)?;
            return Ok(sealing.spoiled(reply));
        }
        asked => {
            let record = authenticate(&site.world, asked.sender(), &certificate).await?;
            site.check_system_certificate(&certificate).await?;
            respond(node, asked, &record).await?
        }
    };
    let now = site.world.clock.now();
    Ok(asynchronous::seal_reply(&reply, now, None, pushed, &site.identity()?)?)
}

fn unheard() -> Problem {
    Problem::technical("what cannot be opened was taken")
}

/// What kind of message an envelope of ours carries.
pub(crate) fn message_type(envelope: &Envelope) -> MessageType {
    let word = envelope.data.get("message").and_then(serde_json::Value::as_str).unwrap_or_default();
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
        Err(error) => Err(match Fault::read(body) {
            Ok(Some(fault)) => NoReply::Problem(fault.problem()),
            _ if status.is_success() => NoReply::Unusable(error.into()),
            _ => NoReply::Odd(format!("{status} without a SOAP fault in it")),
        }),
    }
}
