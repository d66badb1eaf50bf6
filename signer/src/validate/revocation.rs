//! Asking the responder and the list, and what follows from their answers.

use std::sync::Arc;

use certs::ocsp::{self, BasicResponse, CertId, CertIdHash, Response, SingleResponse};
use certs::verdict::{Answer, Asked, Doubt, Failure, Outcome, Source};
use certs::{CertStatus, Certificate, Crl, Reason};
use jiff::{SignedDuration, Timestamp};
use ring::digest;

use super::cache::ListCache;
use super::path::issued;
use super::policy::{Method, RevocationPolicy, Unanswered};
use crate::trust::{NoAnswer, Trust};

/// An OCSP answer without nextUpdate is taken for this long.
const OCSP_LASTS: SignedDuration = SignedDuration::from_hours(24);
/// Clocks of a responder may be ahead by this much.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// Asks every source that the policy wants and the certificate names.
pub(super) async fn ask(
    trust: &dyn Trust,
    lists: &ListCache,
    policy: &RevocationPolicy,
    certificate: &Certificate,
    at: Timestamp,
) -> Vec<Asked> {
    let issuer = issuer(trust, certificate).await;
    let mut asked = Vec::new();
    for method in &policy.ask {
        match method {
            Method::Ocsp => {
                for url in certificate.ocsp_urls() {
                    asked.push(ask_responder(trust, issuer.as_ref(), certificate, url, at).await);
                }
            }
            Method::Crl => {
                for url in certificate.crl_urls() {
                    asked.push(ask_list(trust, lists, issuer.as_ref(), certificate, url, at).await);
                }
            }
        }
    }
    asked
}

/// One *revoked* decides. Otherwise every source asked must have said *good*, and there must be one.
pub(super) fn decide(policy: &RevocationPolicy, asked: &[Asked]) -> Outcome {
    let mut revoked: Option<(Timestamp, Reason)> = None;
    let mut said_by = Vec::new();
    for source in asked {
        if let Answer::Revoked { at, reason } = source.answer {
            revoked.get_or_insert((at, reason));
            said_by.push(source.source.clone());
        }
    }
    // Reports name the list before the responder: the regulations speak of the list.
    said_by.sort_by_key(|source| matches!(source, Source::Ocsp { .. }));
    match revoked {
        Some((at, Reason::CertificateHold)) => Outcome::Failed(Failure::Suspended { at, said_by }),
        Some((at, reason)) => Outcome::Failed(Failure::Revoked { at, reason, said_by }),
        None if !asked.is_empty() && asked.iter().all(|source| source.answer == Answer::Good) => {
            Outcome::Passed
        }
        None if policy.unanswered == Unanswered::Passes => Outcome::Passed,
        None => Outcome::Unknown(Doubt::RevocationUnknown { asked: asked.to_vec() }),
    }
}

async fn issuer(trust: &dyn Trust, certificate: &Certificate) -> Result<Certificate, NoAnswer> {
    let mut known = trust.authorities().await?;
    known.extend(trust.roots().await?);
    known
        .into_iter()
        .find(|authority| issued(authority, certificate))
        .ok_or_else(|| NoAnswer::new(format!("nobody here speaks for the issuer {}", certificate.issuer())))
}

fn asked(source: Source, answer: Answer) -> Asked {
    Asked { source, answer, this_update: None, next_update: None }
}

fn no_answer(source: Source, why: impl std::fmt::Display) -> Asked {
    asked(source, Answer::NoAnswer { why: why.to_string() })
}

async fn ask_list(
    trust: &dyn Trust,
    lists: &ListCache,
    issuer: Result<&Certificate, &NoAnswer>,
    certificate: &Certificate,
    url: &str,
    at: Timestamp,
) -> Asked {
    let source = |number| Source::Crl { number, url: Some(url.to_owned()) };
    let list = match (issuer, trust.crl(url).await) {
        (Err(no_issuer), _) => return no_answer(source(None), no_issuer),
        (_, Err(silence)) => return no_answer(source(None), silence),
        (Ok(issuer), Ok(bytes)) => read_list(lists, issuer, url, &bytes),
    };
    let list = match list {
        Ok(list) => list,
        Err(why) => return no_answer(source(None), why),
    };
    let source = source(list.number());
    let answer = match stale(&list, at) {
        Some(why) => Answer::NoAnswer { why },
        None => match list.find(certificate.serial()) {
            Some(entry) => Answer::Revoked { at: entry.at, reason: entry.reason },
            None => Answer::Good,
        },
    };
    Asked { source, answer, this_update: Some(list.this_update()), next_update: list.next_update() }
}

/// The list, if it is the issuer's and its signature holds.
fn read_list(lists: &ListCache, issuer: &Certificate, url: &str, bytes: &[u8]) -> Result<Arc<Crl>, String> {
    let sha256 = digest::digest(&digest::SHA256, bytes);
    let key = issuer.public_key();
    if let Some(known) = lists.known(url, sha256.as_ref(), key.spki_der()) {
        return Ok(known);
    }
    let list = Crl::from_pem_or_der(bytes).map_err(|error| error.to_string())?;
    if list.issuer_der() != issuer.subject_der() {
        return Err(format!("the list is by {}", list.issuer()));
    }
    if let Some(oid) = list.unknown_critical_extensions().first() {
        return Err(format!("the list has the critical extension {oid}, which is not understood"));
    }
    list.verify_signature(key).map_err(|error| format!("the list's signature: {error}"))?;
    let list = Arc::new(list);
    lists.remember(url, sha256.as_ref(), key.spki_der(), &list);
    Ok(list)
}

fn stale(list: &Crl, at: Timestamp) -> Option<String> {
    if list.this_update() > at.saturating_add(AHEAD).unwrap_or(at) {
        return Some(format!("the list is of {}, in the future", list.this_update()));
    }
    match list.next_update() {
        Some(next) if next < at => Some(format!("the list was due again {next}")),
        Some(_) => None,
        None => Some("the list does not say when the next one is due".to_owned()),
    }
}

async fn ask_responder(
    trust: &dyn Trust,
    issuer: Result<&Certificate, &NoAnswer>,
    certificate: &Certificate,
    url: &str,
    at: Timestamp,
) -> Asked {
    let silent = Source::Ocsp { url: Some(url.to_owned()), responder: None };
    let issuer = match issuer {
        Ok(issuer) => issuer,
        Err(no_issuer) => return no_answer(silent, no_issuer),
    };
    let id = CertId::new(CertIdHash::Sha256, issuer, certificate.serial());
    let nonce = nonce();
    let request = ocsp::request(&id, Some(nonce));
    let response = match trust.ocsp(url, &request).await {
        Ok(response) => response,
        Err(silence) => return no_answer(silent, silence),
    };
    match read_response(&response, issuer, certificate, nonce, at) {
        Ok((responder, single)) => {
            let answer = match single.status {
                CertStatus::Good => Answer::Good,
                CertStatus::Revoked { at, reason } => Answer::Revoked { at, reason },
                CertStatus::Unknown => Answer::Unknown,
            };
            let source = Source::Ocsp { url: Some(url.to_owned()), responder: Some(responder) };
            Asked { source, answer, this_update: Some(single.this_update), next_update: single.next_update }
        }
        Err(why) => no_answer(silent, why),
    }
}

/// The answer on this certificate, if an authorised responder signed it, with our nonce, and it is fresh
/// (RFC 6960 §3.2, §4.2.2.2).
fn read_response(
    response: &[u8],
    issuer: &Certificate,
    certificate: &Certificate,
    nonce: [u8; 8],
    at: Timestamp,
) -> Result<(String, SingleResponse), String> {
    let basic = match Response::from_der(response).map_err(|error| error.to_string())? {
        Response::Successful(basic) => basic,
        Response::Failed(status) => return Err(format!("the responder answered {status}")),
    };
    let responder = responder(&basic, issuer, at)?;
    basic
        .verify_signature(responder.public_key())
        .map_err(|error| format!("the answer's signature: {error}"))?;
    if basic.nonce.as_deref() != Some(&nonce[..]) {
        return Err("the answer repeats another nonce".to_owned());
    }
    let single = basic.answers.iter().find(|single| single.certificate.names(issuer, certificate.serial()));
    let single = single.ok_or_else(|| "the answer is about another certificate".to_owned())?;
    let fresh_until = single
        .next_update
        .unwrap_or_else(|| single.this_update.saturating_add(OCSP_LASTS).unwrap_or(Timestamp::MAX));
    if at > fresh_until {
        return Err(format!("the answer was good until {fresh_until}"));
    }
    if single.this_update > at.saturating_add(AHEAD).unwrap_or(at) {
        return Err(format!("the answer is of {}, in the future", single.this_update));
    }
    Ok((responder.subject(), single.clone()))
}

/// The issuer itself, or a responder that the issuer certified for this.
fn responder(basic: &BasicResponse, issuer: &Certificate, at: Timestamp) -> Result<Certificate, String> {
    if basic.is_by(issuer) {
        return Ok(issuer.clone());
    }
    let responder =
        basic.responder_certificate().ok_or("the responder's certificate is not in the answer")?;
    if !issued(issuer, responder) || responder.verify_signature(issuer.public_key()).is_err() {
        return Err("the responder is not certified by the issuer".to_owned());
    }
    if !responder.extended_key_usage().contains(&certs::oid::OCSP_SIGNING) {
        return Err("the responder's certificate is not for signing OCSP answers".to_owned());
    }
    if at < responder.not_before() || at > responder.not_after() {
        return Err("the responder's certificate is outside of its validity".to_owned());
    }
    Ok(responder.clone())
}

fn nonce() -> [u8; 8] {
    let random = uuid::Uuid::new_v4().into_bytes();
    let mut nonce = [0; 8];
    nonce.copy_from_slice(&random[8..]);
    nonce[0] = random[0];
    nonce
}
