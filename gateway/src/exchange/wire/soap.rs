//! SOAP: SyncChannel v10 as every system serves it, and as it is spoken to systems that are reached by SOAP.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, post};
use certs::Certificate;
use jiff::Timestamp;
use serde_json::Value;
use signer::soap::{Channel, DataType, Fault, Form, MESSAGES, SoapError, Status, sync};
use signer::xml::XmlError;
use signer::{Code, Envelope, Opened, PROBLEM, Problem, SystemIdentity, http};

use super::{NoReply, Reply, Written};
use crate::exchange::node::Node;
use crate::exchange::receive::{Incoming, accept};
use crate::exchange::{Service, records, sha256_hex};
use crate::faults;
use crate::regulation::Mode;
use crate::site::Site;

/// Where SyncChannel is served, below a system's address: at the path of the national platform, and at plain ones.
pub(crate) const SYNC_PATHS: [&str; 3] = ["/bip-sync-wss-gost/", "/bip-sync-wss-gost", "/sync"];
/// The type of a message of the regulations.
pub(crate) const MESSAGE: DataType = DataType { namespace: MESSAGES, name: "Message" };
/// The type of what answers one.
const RESPONSE: DataType = DataType { namespace: MESSAGES, name: "Response" };
pub(super) const XML: &str = "text/xml; charset=utf-8";

/// SyncChannel at all of its paths.
pub(super) fn router<N: Node>(node: Arc<N>) -> Router {
    at_paths(SYNC_PATHS, &post(receive::<N>)).with_state(node)
}

/// The same at several paths.
pub(super) fn at_paths<S: Clone + Send + Sync + 'static>(
    paths: [&str; 3],
    service: &MethodRouter<S>,
) -> Router<S> {
    paths.into_iter().fold(Router::new(), |router, path| router.route(path, service.clone()))
}

async fn receive<N: Node>(State(node): State<Arc<N>>, request: Request) -> Response {
    let site = node.site();
    match received(&*node, request).await {
        Ok(answer) => (StatusCode::OK, [(header::CONTENT_TYPE, XML)], answer).into_response(),
        Err(problem) => fault(site, Channel::Sync, problem.by(site.system())),
    }
}

async fn received<N: Node>(node: &N, request: Request) -> Result<String, Problem> {
    let site = node.site();
    is_xml(request.headers())?;
    is_action(request.headers(), sync::REQUEST)?;
    let body = http::body(request).await?;
    let opened = open(site, |known| sync::open(&body, known)).await?.map_err(Problem::from);
    let mut form = Form::Typed;
    let incoming = opened.and_then(|sync::Request { mut envelope, written, certificate }| {
        lists(&mut envelope.data);
        form = written.form;
        let sha256 = digest(&envelope)?;
        let opened = Opened { envelope, certificate };
        Ok(Incoming { opened, sha256, over: Mode::Sync, kind: written.kind })
    });
    let answer = accept(node, incoming).await?;
    // A service answers in the form in which it was asked; answers of ours have one form.
    let (kind, form) = match Service::of(&answer.service_id) {
        Some(service) => (service.answer(), form),
        None => (RESPONSE, Form::Typed),
    };
    let sealing = faults::answering(site, answer, faults::Form::Sync).await?;
    let answer = sync::seal_answer(&sealing.envelope, kind, form, &sealing.identity)?;
    Ok(sealing.spoiled(answer))
}

/// Opens a message; when its signature only names its certificate, once more with those of the records.
pub(super) async fn open<T>(
    site: &Site,
    read: impl Fn(&[Certificate]) -> Result<T, SoapError>,
) -> Result<Result<T, SoapError>, Problem> {
    match read(&[]) {
        Err(SoapError::Xml(XmlError::NoCertificate)) => Ok(read(&known(site).await?)),
        opened => Ok(opened),
    }
}

/// A digest of what a message says, however it is written: a sender that writes it anew sends the same.
pub(super) fn digest(envelope: &Envelope) -> Result<String, Problem> {
    Ok(sha256_hex(&serde_json::to_vec(envelope).map_err(Problem::technical)?))
}

/// Makes a list of what may stand several times: XML does not tell one from a list of one.
pub(super) fn lists(data: &mut Value) {
    if let Some(attachments) = data.get_mut("attachments")
        && !attachments.is_array()
    {
        *attachments = Value::Array(vec![attachments.take()]);
    }
}

/// The certificates of the systems that have a record.
async fn known(site: &Site) -> Result<Vec<Certificate>, Problem> {
    let records = records(&site.world).await?;
    Ok(records.iter().filter_map(|record| Certificate::from_pem(&record.certificate).ok()).collect())
}

/// That the body says it is XML. Attachments beside it (XOP, SOAP with attachments) are not taken.
pub(super) fn is_xml(headers: &HeaderMap) -> Result<(), Problem> {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if ["text/xml", "application/xml"].contains(&essence.as_str()) {
        return Ok(());
    }
    let detail = format!("Content-Type is {said:?}; a SOAP 1.1 message is text/xml");
    Err(Problem::new(Code::WrongContentType).detail(detail))
}

/// That SOAPAction, where there is one, is empty or names the operation.
pub(super) fn is_action(headers: &HeaderMap, operation: &str) -> Result<(), Problem> {
    let Some(said) = headers.get("soapaction") else { return Ok(()) };
    let action = said.to_str().unwrap_or("?").trim().trim_matches('"');
    if action.is_empty() || action == operation || action.ends_with(&format!("/{operation}")) {
        return Ok(());
    }
    let detail = format!("SOAPAction is {action:?}; the operation is `{operation}`");
    Err(Problem::new(Code::WrongAction).detail(detail))
}

/// A problem as a SOAP fault.
pub(super) fn fault(site: &Site, channel: Channel, problem: Problem) -> Response {
    problem_fault(problem, Some(site.world.clock.now()), channel)
}

fn problem_fault(problem: Problem, at: Option<Timestamp>, channel: Channel) -> Response {
    let mut response = soap_fault(&Fault::of(&problem, at), channel);
    response.extensions_mut().insert(problem);
    response
}

/// A problem document as a SOAP fault, where it answers what was sent to a channel: for what stands before a channel
/// and refuses in JSON. `at` is left out where no world says what time it is.
pub(crate) fn in_soap(mut response: Response, channel: Option<Channel>, at: Option<Timestamp>) -> Response {
    let is_document = response.headers().get(header::CONTENT_TYPE).is_some_and(|said| said == PROBLEM);
    let (Some(channel), true) = (channel, is_document) else { return response };
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    let fault = problem_fault(problem, at, channel);
    let mut headers = std::mem::take(response.headers_mut());
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(XML));
    let (mut parts, body) = fault.into_parts();
    parts.headers = headers;
    Response::from_parts(parts, body)
}

/// A SOAP fault, which is always a 500 (SOAP 1.1, 6.2): the code says whose fault it is.
pub(crate) fn soap_fault(fault: &Fault, channel: Channel) -> Response {
    let head = [(header::CONTENT_TYPE, XML)];
    (StatusCode::INTERNAL_SERVER_ERROR, head, fault.message(channel)).into_response()
}

pub(super) fn write(
    envelope: &Envelope,
    identity: &SystemIdentity,
    url: String,
    form: Form,
) -> Result<Written, Problem> {
    let kind = Service::of(&envelope.service_id).map_or(MESSAGE, Service::question);
    let body = sync::seal(envelope, kind, form, identity).map_err(Problem::technical)?;
    Ok(Written { url, content_type: XML, action: Some(""), body })
}

/// What came in the place of an answer: a fault, which nobody need sign, or something that is neither.
pub(super) fn no_answer(status: StatusCode, body: &[u8], error: SoapError) -> NoReply {
    match Fault::read(body) {
        Ok(Some(fault)) => NoReply::Problem(fault.problem()),
        _ if status.is_success() => NoReply::Unusable(error.into()),
        _ => NoReply::Odd(format!("{status} without a SOAP fault")),
    }
}

pub(super) fn read(status: StatusCode, body: &[u8], known: &[Certificate]) -> Result<Reply, NoReply> {
    let answer = match sync::open_answer(body, known) {
        Ok(answer) => answer,
        Err(error) => return Err(no_answer(status, body, error)),
    };
    let said = answer.status.as_ref();
    if let Some(Status { code, message }) = said.filter(|status| !status.is_success()) {
        return Err(NoReply::Problem(Fault { message: message.clone(), ..Fault::bare(code) }.problem()));
    }
    Ok(Reply {
        id: answer.message_id,
        correlation_id: answer.correlation_id,
        certificate: answer.certificate,
        data: answer.data,
        is_yes: said.is_some(),
    })
}
