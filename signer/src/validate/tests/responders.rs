//! What is wrong with a responder or its answer.

use certs::der::{self, Reader, SEQUENCE};
use certs::ocsp::{CertId, CertIdHash, request};
use certs::verdict::Answer;
use certs::{Algorithm, Flaw, KeyPair, Order, Profile, Subject, oid};

use super::*;
use crate::testing::{Draft, extension, later, order};

const HOUR: i64 = 3600;

fn responder_only() -> RevocationPolicy {
    RevocationPolicy { ask: vec![Method::Ocsp], ..of_the_certificate() }
}

async fn why_not(centre: Centre) -> String {
    let (centre, validator) = with_policy(centre, responder_only());
    let certificate = centre.issue(&order(Algorithm::P256));
    let (outcome, asked) = outcome_of(&validator, &certificate, Check::NotRevoked).await;
    assert_eq!(outcome, Outcome::Unknown(Doubt::RevocationUnknown { asked: asked.clone() }));
    let [Asked { source: Source::Ocsp { responder: None, .. }, answer: Answer::NoAnswer { why }, .. }] =
        &asked[..]
    else {
        panic!("{asked:?}")
    };
    why.clone()
}

#[tokio::test]
async fn a_silent_responder_is_unknown() {
    assert_eq!(why_not(Centre::p256().without_responder()).await, "connection refused");
    let page = Centre::p256().responding(|_, _, _| b"<html>".to_vec());
    assert_eq!(why_not(page).await, "not an OCSP message: expected tag 0x30, found 0x3c");
}

#[tokio::test]
async fn a_failure_status_says_nothing_of_the_certificate() {
    for (code, name) in [
        (1, "malformedRequest"),
        (2, "internalError"),
        (3, "tryLater"),
        (5, "sigRequired"),
        (6, "unauthorized"),
    ] {
        let failing = move |_: &Centre, _: &[u8], _| der::sequence(&[&der::enumerated(code)]);
        assert_eq!(
            why_not(Centre::p256().responding(failing)).await,
            format!("the responder answered {name}")
        );
    }
    let strange = Centre::p256().responding(|_, _, _| der::sequence(&[&der::enumerated(4)]));
    assert_eq!(why_not(strange).await, "unknown OCSP response status 4");
}

#[tokio::test]
async fn the_nonce_must_be_ours() {
    let bent = |nonce: Option<[u8; 8]>| {
        Centre::p256().responding(move |centre, question, _| {
            let question = certs::ocsp::OcspRequest::from_der(question).unwrap();
            centre.response(&request(&question.certificates[0], nonce), at())
        })
    };
    assert_eq!(why_not(bent(Some([7; 8]))).await, "the answer repeats another nonce");
    assert_eq!(why_not(bent(None)).await, "the answer does not repeat the nonce");
}

#[tokio::test]
async fn the_answer_must_be_about_the_certificate() {
    let other_serial = Centre::p256().responding(|centre, _, nonce| {
        let id = CertId::new(CertIdHash::Sha256, centre.authority.issuing(), &[1, 2, 3]);
        centre.response(&request(&id, Some(nonce)), at())
    });
    assert_eq!(why_not(other_serial).await, "the answer is about another certificate");
    let other_issuer = Centre::p256().responding(|centre, question, nonce| {
        let serial = &certs::ocsp::OcspRequest::from_der(question).unwrap().certificates[0].serial;
        let id = CertId::new(CertIdHash::Sha256, centre.authority.root(), serial);
        centre.response(&request(&id, Some(nonce)), at())
    });
    assert_eq!(why_not(other_issuer).await, "the answer is about another certificate");
    let twice = Centre::p256().responding(|centre, question, _| centre.response(&doubled(question), at()));
    assert_eq!(why_not(twice).await, "the answer speaks of the certificate twice");
}

/// The same question, asked twice in one request.
fn doubled(question: &[u8]) -> Vec<u8> {
    let mut tbs = Reader::only(question, SEQUENCE).unwrap().reader().sequence().unwrap();
    let single = tbs.expect(SEQUENCE).unwrap().value;
    let rest = tbs.element().unwrap().whole;
    der::sequence(&[&der::sequence(&[&der::sequence(&[single, single]), rest])])
}

#[tokio::test]
async fn the_answer_must_be_of_now() {
    let made =
        |seconds| Centre::p256().responding(move |c, question, _| c.response(question, later(seconds)));
    let stale = why_not(made(-24 * HOUR - 1)).await;
    assert_eq!(stale, format!("the answer is good until {}", later(-1)));
    assert_eq!(why_not(made(301)).await, format!("the answer is of {}, in the future", later(301)));
    for seconds in [-24 * HOUR, 300] {
        let (centre, validator) = with_policy(made(seconds), responder_only());
        let certificate = centre.issue(&order(Algorithm::P256));
        assert_eq!(outcome_of(&validator, &certificate, Check::NotRevoked).await.0, Outcome::Passed);
    }
}

#[tokio::test]
async fn a_damaged_answer_is_not_believed() {
    let bent = Centre::p256().responding(|centre, question, _| {
        let mut answer = centre.response(question, at());
        let certificate = centre.authority.ocsp_responder().der();
        // The signature stands right before the certificates: two headers of four bytes.
        let before = answer.len() - certificate.len() - 9;
        answer[before] ^= 1;
        answer
    });
    let why = why_not(bent).await;
    assert_eq!(why, "the answer's signature: the signature does not belong to the data and the key");
}

fn service(flaws: &[Flaw]) -> Order {
    let subject = Subject::Service { common_name: "OCSP".into(), organisation: "QAQPA UNIT TEST".into() };
    let order = Order::new(subject, Profile::OcspResponder, Algorithm::P256);
    flaws.iter().fold(order, |order, &flaw| order.flawed(flaw))
}

/// The centre with a responder ordered so.
fn answered_by(order: &Order) -> Centre {
    let centre = Centre::p256();
    let issued = centre.authority.issue(order, at()).unwrap();
    centre.with_responder(&issued.key.unwrap(), &issued.certificate)
}

#[tokio::test]
async fn any_responder_that_the_issuer_certified_will_do() {
    let (centre, validator) = with_policy(answered_by(&service(&[])), responder_only());
    let certificate = centre.issue(&order(Algorithm::P256));
    assert_eq!(outcome_of(&validator, &certificate, Check::NotRevoked).await.0, Outcome::Passed);
}

#[tokio::test]
async fn the_issuer_may_answer_itself() {
    let centre = Centre::p256();
    let (key, issuing) = (centre.key("issuing"), centre.authority.issuing().clone());
    let (centre, validator) = with_policy(centre.with_responder(&key, &issuing), responder_only());
    let certificate = centre.issue(&order(Algorithm::P256));
    assert_eq!(outcome_of(&validator, &certificate, Check::NotRevoked).await.0, Outcome::Passed);
}

#[tokio::test]
async fn a_responder_that_is_not_authorised_is_not_believed() {
    let not_certified = "the responder is not certified by the issuer";
    let not_for_it = "the responder's certificate is not for signing OCSP answers";
    let not_valid = "the responder's certificate is outside of its validity";
    // Somebody's signing certificate, by the same issuer.
    assert_eq!(why_not(answered_by(&order(Algorithm::P256))).await, not_for_it);
    assert_eq!(why_not(answered_by(&service(&[Flaw::WrongKeyUsage]))).await, not_for_it);
    assert_eq!(why_not(answered_by(&service(&[Flaw::Expired]))).await, not_valid);
    assert_eq!(why_not(answered_by(&service(&[Flaw::NotYetValid]))).await, not_valid);
    assert_eq!(why_not(answered_by(&service(&[Flaw::BadSignature]))).await, not_certified);
    assert_eq!(why_not(answered_by(&service(&[Flaw::UnknownIssuer]))).await, not_certified);
    let stranger = Centre::stranger();
    let strange = Centre::p256().responding(move |_, question, _| stranger.response(question, at()));
    assert_eq!(why_not(strange).await, not_certified);
}

#[tokio::test]
async fn a_responder_that_could_be_revoked_or_says_what_we_do_not_understand_is_not_believed() {
    let centre = Centre::p256();
    let key = KeyPair::generate(Algorithm::P256).unwrap();
    let usage = extension(oid::EXTENDED_KEY_USAGE, false, &der::sequence(&[&der::oid(oid::OCSP_SIGNING)]));
    let no_check = extension(oid::OCSP_NO_CHECK, false, &[5, 0]);
    let strange = extension(ObjectIdentifier::new_unwrap("1.2.3.4"), true, &[5, 0]);
    let with = |more: &[&Vec<u8>]| {
        let more = more.iter().map(|extension| (*extension).clone()).collect();
        let draft = Draft { ca: false, usage: None, more, ..Draft::new("OCSP", &key) };
        let certificate = draft.by(centre.authority.issuing(), &centre.key("issuing"));
        why_not(Centre::p256().with_responder(&key, &certificate))
    };
    let revocable = "the responder's certificate may be revoked: it lacks id-pkix-ocsp-nocheck";
    assert_eq!(with(&[&usage]).await, revocable);
    let critical = "the responder's certificate has the critical extension 1.2.3.4";
    assert_eq!(with(&[&usage, &no_check, &strange]).await, critical);
}
