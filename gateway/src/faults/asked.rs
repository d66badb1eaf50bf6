//! Faults for one request alone: `Qaqpa-Fault` in its header.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::response::Response;
use signer::{Code, Problem, System};

use super::centre::matter;
use super::fault::Fault;
use super::name::{Name, Place};
use super::rule::is_register;
use crate::exchange::answer_form;

/// In a request, the faults wanted for it alone; in an answer, those that were done.
pub const HEADER: HeaderName = HeaderName::from_static("qaqpa-fault");

/// The faults that a request's header wants.
///
/// # Errors
/// [`Code::InvalidValue`] for what is no fault, and for what cannot be done beside another one.
pub(super) fn asked_for(headers: &HeaderMap) -> Result<Vec<Fault>, Problem> {
    let mut faults = Vec::new();
    for value in headers.get_all(HEADER) {
        let text = value.to_str().map_err(|_| invalid("it is no text"))?;
        for word in text.split(',') {
            faults.push(word.parse().map_err(|error| invalid(&format!("{error}")))?);
        }
    }
    let Some(end) = faults.iter().position(|fault: &Fault| fault.name.ends_a_request()) else {
        return Ok(faults);
    };
    match faults.iter().enumerate().find(|(at, fault)| *at != end && (*at > end || !is_before(fault))) {
        None => Ok(faults),
        Some((_, beside)) => Err(invalid(&format!(
            "`{beside}` cannot be done beside `{}`: that ends the request",
            faults[end]
        ))),
    }
}

/// Whether it is done before anything else happens to a request.
fn is_before(fault: &Fault) -> bool {
    fault.name == Name::Delay
}

/// That all of them can be done to this request.
///
/// # Errors
/// [`Code::InvalidValue`], saying which cannot, and why.
pub(super) fn can_be_done(
    asked: &[Fault],
    system: System,
    parts: &Parts,
    content: &[u8],
) -> Result<(), Problem> {
    let path = parts.uri.path();
    let posted = parts.method == Method::POST;
    let answer = if posted && !asked.is_empty() { answer_form(path, content) } else { None };
    for fault in asked {
        let name = fault.name;
        let why = match fault.place() {
            Place::Door if name == Name::RegistryDown && !is_register(system) => "this is no register",
            Place::Door if name == Name::ResponseBeforeAcknowledgement && answer.is_none() => {
                "no message is acknowledged here"
            }
            Place::Envelope if answer.is_none() => "no envelope answers this request",
            Place::Envelope if answer.is_some_and(|form| !form.can_have(name)) => {
                "the answer to this request has nothing that could be wrong so"
            }
            Place::Centre if system != System::Ca || !matter(path).has(name) => {
                "the certification centre is not asked for that here"
            }
            Place::Sending => {
                "it happens to what a system sends by itself; `qaqpa faults add` makes a rule of it"
            }
            _ => continue,
        };
        return Err(invalid(&format!("`{fault}`: {why}")));
    }
    Ok(())
}

/// That a request which comes to no system's door wants no fault.
///
/// # Errors
/// [`Code::InvalidValue`].
pub(crate) fn at_doors_alone(headers: &HeaderMap) -> Result<(), Problem> {
    match asked_for(headers)?.first() {
        None => Ok(()),
        Some(fault) => {
            Err(invalid(&format!("`{fault}`: faults happen at the doors of systems, and here is none")))
        }
    }
}

fn invalid(why: &str) -> Problem {
    Problem::new(Code::InvalidValue).detail(format!("{HEADER}: {why}"))
}

/// With the faults that were done in its header.
pub(super) fn told(mut response: Response, done: &[Fault]) -> Response {
    for fault in done {
        if let Ok(value) = HeaderValue::from_str(&fault.to_string()) {
            response.headers_mut().append(HEADER, value);
        }
    }
    response
}
