//! What is wrong with a list, and lists that change.

use certs::verdict::Answer;
use certs::{Algorithm, ObjectIdentifier, Reason, oid};
use jiff::Timestamp;

use super::*;
use crate::testing::{crl, extension, later, order};

const DAY: i64 = 24 * 3600;

fn lists_only() -> RevocationPolicy {
    RevocationPolicy { ask: vec![Method::Crl], ..RevocationPolicy::default() }
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
    for id in [oid::ISSUING_DISTRIBUTION_POINT, ObjectIdentifier::new_unwrap("1.2.3.4")] {
        let key = Centre::p256().key("issuing");
        let strange = extension(id, true, &[2, 1, 1]);
        let list = move |c: &Centre| {
            crl(c.authority.issuing(), &key, Some(later(60)), std::slice::from_ref(&strange))
        };
        let found = why_not(Centre::p256().listing(list)).await;
        assert_eq!(found.0, format!("the list has the critical extension {id}, which is not understood"));
    }
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
