//! One request to a system, and what its answer is worth.

use std::time::Duration;

use serde::Deserialize;
use signer::http::LARGEST_BODY;
use signer::{Code, Envelope, Problem, Sealed};
use uuid::Uuid;

use super::parcel::Parcel;
use super::payload::Response;
use super::records::bound;
use crate::site::Site;

/// A system's clear yes: the answer, and the id of the envelope that it came in.
pub(super) struct Answered {
    pub(super) id: Uuid,
    pub(super) response: Response,
}

/// Why there was no clear yes.
pub(super) enum Unsent {
    /// A clear no: the receiver judged the message itself.
    Refused(Problem),
    /// Neither: it may be better next time.
    TryAgain(Problem),
}

/// Sends a parcel once. Whatever is not a clear yes or a clear no is to be tried again.
pub(super) async fn request(
    site: &Site,
    parcel: &Parcel,
    envelope: &Envelope,
    patience: Duration,
) -> Result<Answered, Unsent> {
    let url = format!("{}/messages", site.world.address(parcel.to));
    let request = site.world.http.post(&url).timeout(patience).json(&parcel.sealed);
    let unreachable = |error: reqwest::Error| {
        let what = if error.is_timeout() { "no answer in time".to_owned() } else { error.to_string() };
        Unsent::TryAgain(no_answer(parcel, &what))
    };
    let response = request.send().await.map_err(unreachable)?;
    let status = response.status();
    let body =
        body(response, LARGEST_BODY).await.map_err(|what| Unsent::TryAgain(no_answer(parcel, &what)))?;
    if status.is_success() {
        return opened(site, parcel, envelope, &body).await.map_err(Unsent::TryAgain);
    }
    match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) if problem.code == Code::MessageReplayed => match problem.facts.get("sealed") {
            // It was taken before: what was answered then counts.
            Some(sealed) => {
                let sealed = sealed.to_string();
                opened(site, parcel, envelope, sealed.as_bytes()).await.map_err(Unsent::TryAgain)
            }
            None => Err(Unsent::Refused(problem)),
        },
        Ok(problem) if is_final(problem.code) => Err(Unsent::Refused(problem)),
        // A fault of the receiver's; a fault it finds in *us* is no fault of the message.
        Ok(problem) if problem.status >= 500 => Err(Unsent::TryAgain(problem)),
        Ok(problem) => Err(Unsent::TryAgain(no_answer(parcel, &problem.to_string()))),
        Err(_) => Err(Unsent::TryAgain(no_answer(parcel, &format!("{status} without a problem document")))),
    }
}

/// The body of an answer, as far as it is not too long.
pub(crate) async fn body(mut response: reqwest::Response, most: usize) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| error.to_string())? {
        body.extend_from_slice(&chunk);
        if body.len() > most {
            return Err(format!("more than {most} bytes"));
        }
    }
    Ok(body)
}

fn no_answer(parcel: &Parcel, what: &str) -> Problem {
    Problem::new(Code::SystemUnreachable)
        .detail(format!("`{}`: {what}", parcel.to))
        .fact("unreachable", parcel.to)
}

/// Opens an answer: it must answer this message and be signed by the system that the message was sent to.
async fn opened(site: &Site, parcel: &Parcel, asked: &Envelope, body: &[u8]) -> Result<Answered, Problem> {
    let unusable = |problem: Problem| {
        if problem.status >= 500 {
            return problem; // whose key it is could not be learned
        }
        let detail = format!("`{}`: {problem}", parcel.to);
        Problem::new(Code::AnswerRefused).detail(detail).fact("reason", problem.code)
    };
    let malformed =
        |error: serde_json::Error| unusable(Problem::new(Code::MalformedJson).detail(error.to_string()));
    let sealed: Sealed = serde_json::from_slice(body).map_err(malformed)?;
    let opened = sealed.open().map_err(|error| unusable(error.into()))?;
    bound(&site.world, parcel.to, &opened.certificate).await.map_err(unusable)?;
    let response = Response::deserialize(&opened.envelope.data).map_err(malformed)?;
    let answers_this = opened.envelope.correlation_id == Some(asked.message_id);
    let names_this = match &response {
        Response::Acknowledgement(acknowledgement) => acknowledgement.message_id == asked.message_id,
        Response::Answer(_) => true,
    };
    if !answers_this || !names_this {
        return Err(unusable(Problem::new(Code::AnswerToOther).detail("it answers another message")));
    }
    Ok(Answered { id: opened.envelope.message_id, response })
}

/// Whether a receiver judged the message itself. Anything else may be better next time: a wrong address, a peer
/// that does not know us yet, a check that could not be made.
fn is_final(code: Code) -> bool {
    matches!(
        code,
        Code::SignatureMalformed
            | Code::SignatureInvalid
            | Code::EnvelopeMalformed
            | Code::BodyTooLarge
            | Code::CertificateNotBound
            | Code::SenderCertificate
            | Code::NotSubscribed
            | Code::RouteUnknown
            | Code::StepOutOfOrder
            | Code::ConsentMissing
            | Code::CertificateExpired
            | Code::CertificateNotYetValid
            | Code::CertificateRevoked
            | Code::CertificateSuspended
            | Code::CertificateSignatureInvalid
            | Code::CertificateRefused
            | Code::IssuerUnknown
            | Code::IssuerNotValid
            | Code::AlgorithmRefused
            | Code::KeyUsageNotSigning
            | Code::RoleNotAllowed
            | Code::IdentityMismatch
            | Code::IdentityMissing
            | Code::IdentityOtherKind
    )
}
