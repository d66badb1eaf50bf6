//! Asking an OCSP responder, and whether to believe what it says (RFC 6960, 3.2 and 4.2.2.2).

use certs::ocsp::{self, BasicResponse, CertId, CertIdHash, Response, SingleResponse};
use certs::verdict::{Answer, Asked, Source};
use certs::{CertStatus, Certificate, oid};
use jiff::{SignedDuration, Timestamp};

use super::is_valid;
use super::path::issued;
use super::revocation::{Inquiry, is_ahead};
use crate::random::eight_bytes;

/// An answer without nextUpdate is taken for this long.
pub(super) const LASTS: SignedDuration = SignedDuration::from_hours(24);

/// What the responder at `url` says of the certificate.
///
/// # Errors
/// Why there is no answer to go by, in English.
pub(super) async fn ask(inquiry: &Inquiry<'_>, issuer: &Certificate, url: &str) -> Result<Asked, String> {
    let id = CertId::new(CertIdHash::Sha256, issuer, inquiry.certificate.serial());
    let nonce = eight_bytes();
    let request = ocsp::request(&id, Some(nonce));
    let response = inquiry.all.trust.ocsp(url, &request).await.map_err(|silence| silence.to_string())?;
    let basic = match Response::from_der(&response).map_err(|error| error.to_string())? {
        Response::Successful(basic) => basic,
        Response::Failed(status) => return Err(format!("the responder answered {status}")),
    };
    let responder = responder(&basic, issuer, inquiry.all.now)?;
    basic
        .verify_signature(responder.public_key())
        .map_err(|error| format!("the answer's signature: {error}"))?;
    match basic.nonce.as_deref() {
        Some(repeated) if repeated == nonce => {}
        Some(_) => return Err("the answer repeats another nonce".to_owned()),
        None => return Err("the answer does not repeat the nonce".to_owned()),
    }
    let single = single(&basic, issuer, inquiry.certificate)?;
    fresh(single, inquiry)?;
    let answer = match single.status {
        CertStatus::Good => Answer::Good,
        CertStatus::Revoked { at, reason } => Answer::Revoked { at, reason },
        CertStatus::Unknown => Answer::Unknown,
    };
    let source = Source::Ocsp { url: Some(url.to_owned()), responder: Some(responder.subject()) };
    Ok(Asked {
        about: None,
        source,
        answer,
        this_update: Some(single.this_update),
        next_update: single.next_update,
        instead_of: None,
    })
}

/// The issuer itself, or a responder that the issuer certified for this.
fn responder(basic: &BasicResponse, issuer: &Certificate, now: Timestamp) -> Result<Certificate, String> {
    if basic.is_by(issuer) {
        return Ok(issuer.clone());
    }
    let responder =
        basic.responder_certificate().ok_or("the responder's certificate is not in the answer")?;
    if !issued(issuer, responder) || responder.verify_signature(issuer.public_key()).is_err() {
        return Err("the responder is not certified by the issuer".to_owned());
    }
    let may_sign = responder.key_usage().is_none_or(certs::KeyUsage::digital_signature);
    if !responder.extended_key_usage().contains(&oid::OCSP_SIGNING) || !may_sign {
        return Err("the responder's certificate is not for signing OCSP answers".to_owned());
    }
    if let Some(oid) = responder.unknown_critical_extensions().first() {
        return Err(format!("the responder's certificate has the critical extension {oid}"));
    }
    if !is_valid(responder, now) {
        return Err("the responder's certificate is outside of its validity".to_owned());
    }
    // Else somebody would have to be asked about the responder, and about whom they ask (RFC 6960, 4.2.2.2.1).
    if !responder.has_ocsp_no_check() {
        return Err("the responder's certificate may be revoked: it lacks id-pkix-ocsp-nocheck".to_owned());
    }
    Ok(responder.clone())
}

/// The one answer on this certificate.
fn single<'a>(
    basic: &'a BasicResponse,
    issuer: &Certificate,
    certificate: &Certificate,
) -> Result<&'a SingleResponse, String> {
    let mut answers =
        basic.answers.iter().filter(|single| single.certificate.names(issuer, certificate.serial()));
    match (answers.next(), answers.next()) {
        (Some(single), None) => Ok(single),
        (Some(_), Some(_)) => Err("the answer speaks of the certificate twice".to_owned()),
        (None, _) => Err("the answer is about another certificate".to_owned()),
    }
}

fn fresh(single: &SingleResponse, inquiry: &Inquiry<'_>) -> Result<(), String> {
    let lasts = || single.this_update.saturating_add(LASTS).unwrap_or(Timestamp::MAX);
    let until = single.next_update.unwrap_or_else(lasts);
    if inquiry.all.until > until {
        return Err(format!("the answer is good until {until}"));
    }
    if is_ahead(single.this_update, inquiry.all.now) {
        return Err(format!("the answer is of {}, in the future", single.this_update));
    }
    Ok(())
}
