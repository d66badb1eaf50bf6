//! What is wrong with a list, and lists that change.

use certs::verdict::Answer;
use certs::{Algorithm, KeyPair, ObjectIdentifier, Reason, der, oid};
use jiff::Timestamp;

use super::*;
use crate::testing::{Draft, crl, extension, later, order};

const DAY: i64 = 24 * 3600;

fn lists_only() -> RevocationPolicy {
    RevocationPolicy { ask: vec![Method::Crl], ..of_the_certificate() }
}

/// What comes of a list that says nothing to go by, and the dates it is reported with.
async fn why_not(centre: Centre) -> (String, Option<u64>, Option<Timestamp>) {
    let (centre, validator) = with_policy(centre, lists_only());
    let certificate = centre.issue(&order(Algorithm::P256));
    let (outcome, asked) = outcome_of(&validator, &certificate, Check::NotRevoked).await;
    assert_eq!(outcome, Outcome::Unknown(Doubt::RevocationUnknown { asked: asked.clone() }));
    let [Asked { source: Source::Crl { number, .. }, answer: Answer::NoAnswer { why }, this_update, .. }] =
        &asked[..]
    else {
        panic!("{asked:?}")
    };
    (why.clone(), *number, *this_update)
}

#[tokio::test]
async fn a_silent_list_is_unknown() {
    let found = why_not(Centre::p256().without_list()).await;
    assert_eq!(found, ("connection refused".to_owned(), None, None));
    let empty = why_not(Centre::p256().listing(|_| Vec::new())).await;
    assert_eq!(empty.0, "the revocation list is empty: no byte in it");
    let page = why_not(Centre::p256().listing(|_| b"<html>".to_vec())).await;
    assert_eq!(page.0, "not a revocation list: expected tag 0x30, found 0x3c");
}

#[tokio::test]
async fn a_list_must_be_of_now() {
    let made = later(-181 * DAY);
    let stale = why_not(Centre::p256().listing(move |centre| centre.list_of(9, made))).await;
    let due = later(-DAY);
    assert_eq!(stale, (format!("the list was due again {due}"), Some(9), Some(made)));
    let made = later(301);
    let future = why_not(Centre::p256().listing(move |centre| centre.list_of(9, made))).await;
    assert_eq!(future, (format!("the list is of {made}, in the future"), Some(9), Some(made)));
    let key = Centre::p256().key("issuing");
    let endless = Centre::p256().listing(move |c| crl(c.authority.issuing(), &key, None, &[]));
    assert_eq!(why_not(endless).await.0, "the list does not say when the next one is due");
}

#[tokio::test]
async fn a_list_must_be_the_issuers_and_its_signature_hold() {
    let by_root = why_not(Centre::p256().listing(|c| c.authority.root_crl(&[], 1, at()).unwrap())).await;
    assert_eq!(by_root.0, format!("the list is by {}", Centre::p256().authority.root().subject()));
    let stranger = Centre::stranger();
    let of_the_same_name = why_not(Centre::p256().listing(move |_| stranger.list_of(1, at()))).await;
    let invalid = "the list's signature: the signature does not belong to the data and the key";
    assert_eq!(of_the_same_name.0, invalid);
    let damaged = why_not(Centre::p256().listing(|centre| {
        let mut list = centre.list_of(1, at());
        *list.last_mut().unwrap() ^= 1;
        list
    }));
    assert_eq!(damaged.await.0, invalid);
}

#[tokio::test]
async fn a_list_with_a_critical_extension_is_not_relied_on() {
    let found = why_not(saying(ObjectIdentifier::new_unwrap("1.2.3.4"), &[2, 1, 1])).await;
    assert_eq!(found.0, "the list has the critical extension 1.2.3.4, which is not understood");
    let broken = why_not(saying(oid::ISSUING_DISTRIBUTION_POINT, &[2, 1, 1])).await;
    assert_eq!(broken.0, "not a revocation list: expected tag 0x30, found 0x02");
}

/// A centre whose list is empty and has this critical extension, which may be its scope.
fn saying(id: ObjectIdentifier, value: &[u8]) -> Centre {
    let key = Centre::p256().key("issuing");
    let extension = extension(id, true, value);
    Centre::p256().listing(move |c: &Centre| {
        crl(c.authority.issuing(), &key, Some(later(60)), std::slice::from_ref(&extension))
    })
}

/// What such a list makes of a certificate that names it and no delta list.
async fn judged(centre: Centre) -> (Outcome, Vec<Asked>) {
    let (centre, validator) = with_policy(centre, lists_only());
    let key = KeyPair::generate(Algorithm::P256).unwrap();
    let uri = der::element(0x86, &[CRL.as_bytes()]);
    let point = der::sequence(&[&der::element(0xa0, &[&der::element(0xa0, &[&uri])])]);
    let points = extension(oid::CRL_DISTRIBUTION_POINTS, false, &der::sequence(&[&point]));
    let draft = Draft { more: vec![points], ca: false, ..Draft::new("X", &key) };
    let certificate = draft.by(centre.authority.issuing(), &centre.key("issuing"));
    outcome_of(&validator, &certificate, Check::NotRevoked).await
}

/// The same, scoped.
fn scoped(fields: &[&[u8]]) -> Centre {
    saying(oid::ISSUING_DISTRIBUTION_POINT, &der::sequence(fields))
}

#[tokio::test]
async fn a_list_of_other_certificates_says_nothing() {
    let centres = why_not(scoped(&[&[0x82, 1, 0xff]])).await;
    assert_eq!(centres.0, "the list speaks only of certificates of centres");
    let attributes = why_not(scoped(&[&[0x85, 1, 0xff]])).await;
    assert_eq!(attributes.0, "the list speaks only of attribute certificates");
    let name = |url: &str| {
        let uri = der::element(0x86, &[url.as_bytes()]);
        der::element(0xa0, &[&der::element(0xa0, &[&uri])])
    };
    let other = why_not(scoped(&[&name("http://127.0.0.1:1/ca/crl/part-2.crl")])).await;
    assert_eq!(other.0, "the list is that of another distribution point");
    for fitting in [scoped(&[&name(CRL)]), scoped(&[&[0x81, 1, 0xff]]), scoped(&[&[0x84, 1, 0xff]])] {
        assert_eq!(judged(fitting).await.0, Outcome::Passed);
    }
}

#[tokio::test]
async fn a_list_of_some_reasons_leaves_the_others_open() {
    // keyCompromise and cACompromise.
    let (outcome, asked) = judged(scoped(&[&[0x83, 2, 5, 0x60]])).await;
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
    let [list, rest] = &asked[..] else { panic!("{asked:?}") };
    let why = "no list speaks of the reasons affiliationChanged, superseded, cessationOfOperation, \
        certificateHold, privilegeWithdrawn, aACompromise";
    assert_eq!((&list.answer, &rest.answer), (&Answer::Good, &Answer::NoAnswer { why: why.to_owned() }));
}

#[tokio::test]
async fn a_list_in_pem_is_read_too() {
    let pem = |centre: &Centre| {
        let text = crate::Bytes(centre.list_of(3, at())).to_base64();
        format!("-----BEGIN X509 CRL-----\n{text}\n-----END X509 CRL-----\n").into_bytes()
    };
    let (centre, validator) = with_policy(Centre::p256().listing(pem), lists_only());
    let certificate = centre.issue(&order(Algorithm::P256));
    assert_eq!(outcome_of(&validator, &certificate, Check::NotRevoked).await.0, Outcome::Passed);
}

#[tokio::test]
async fn what_was_read_before_hides_no_new_revocation() {
    let (centre, validator) = with_policy(Centre::p256(), lists_only());
    let certificate = centre.issue(&order(Algorithm::P256));
    for _ in 0..3 {
        assert_eq!(outcome_of(&validator, &certificate, Check::NotRevoked).await.0, Outcome::Passed);
    }
    // The list keeps its address and its number; only its bytes are new.
    centre.revoke(&certificate, Reason::Superseded);
    let said_by = vec![crl_source(Some(12))];
    let failure = Failure::Revoked { at: later(-60), reason: Reason::Superseded, said_by };
    let outcome = outcome_of(&validator, &certificate, Check::NotRevoked).await.0;
    assert_eq!(outcome, Outcome::Failed(failure));
    let lists = centre.asked().iter().filter(|asked| asked.starts_with("crl")).count();
    assert_eq!(lists, 4, "the list is fetched each time");
}

#[tokio::test]
async fn what_was_read_before_grows_stale_with_the_clock() {
    let clock = Clock::frozen_at(at());
    let (mut centre, now) = (Centre::p256(), clock.clone());
    centre.delta = Box::new(move |c| Ok(c.authority.delta_crl(&[], 12, 0, now.now()).unwrap()));
    let centre = Arc::new(centre);
    let validator = Validator::new(centre.clone(), lists_only(), clock.clone());
    let order = certs::Order { validity: Some((at(), later(400 * DAY))), ..order(Algorithm::P256) };
    let certificate = centre.issue(&order);
    assert_eq!(outcome_of(&validator, &certificate, Check::NotRevoked).await.0, Outcome::Passed);
    clock.set(later(180 * DAY)).unwrap();
    assert_eq!(outcome_of(&validator, &certificate, Check::NotRevoked).await.0, Outcome::Passed);
    clock.set(later(180 * DAY + 1)).unwrap();
    let outcome = outcome_of(&validator, &certificate, Check::NotRevoked).await.0;
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
}

#[tokio::test]
async fn a_list_that_never_verified_is_not_remembered() {
    let stranger = Centre::stranger();
    let (centre, validator) =
        with_policy(Centre::p256().listing(move |_| stranger.list_of(1, at())), lists_only());
    let certificate = centre.issue(&order(Algorithm::P256));
    for _ in 0..2 {
        let outcome = outcome_of(&validator, &certificate, Check::NotRevoked).await.0;
        assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
    }
}
