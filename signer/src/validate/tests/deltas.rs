//! Delta lists: what they add, and when they cannot be gone by.

use certs::verdict::Answer;
use certs::{Algorithm, Reason, RevokedEntry};

use super::*;
use crate::NoAnswer;
use crate::testing::{later, order};

/// The outcome for a certificate that list no. 12 has `on_list`, with a delta list made by `delta` from its entry.
async fn outcome(
    on_list: Option<Reason>,
    delta: impl Fn(&Centre, RevokedEntry) -> Vec<u8> + Send + Sync + 'static,
) -> (Outcome, Vec<Asked>) {
    let mut centre = Centre::p256();
    let certificate = centre.issue(&order(Algorithm::P256));
    if let Some(reason) = on_list {
        centre.revoke(&certificate, reason);
    }
    let entry =
        RevokedEntry { serial: certificate.serial().to_vec(), at: later(-30), reason: Reason::Superseded };
    centre.delta = Box::new(move |centre| Ok(delta(centre, entry.clone())));
    let lists = RevocationPolicy { ask: vec![Method::Crl], ..of_the_certificate() };
    let (_, validator) = with_policy(centre, lists);
    outcome_of(&validator, &certificate, Check::NotRevoked).await
}

fn delta_source(number: u64) -> Source {
    Source::Crl { number: Some(number), url: Some(DELTA.to_owned()) }
}

#[tokio::test]
async fn what_came_after_the_list_counts() {
    let (revoked, asked) = outcome(None, |centre, entry| centre.delta_of(&[entry], 13, 12)).await;
    let said_by = vec![delta_source(13)];
    let failure = Failure::Revoked { at: later(-30), reason: Reason::Superseded, said_by };
    assert_eq!((revoked, asked.len()), (Outcome::Failed(failure), 1));
}

#[tokio::test]
async fn a_hold_that_was_lifted_after_the_list_is_lifted() {
    let lifted = |centre: &Centre, entry| {
        centre.delta_of(&[RevokedEntry { reason: Reason::RemoveFromCrl, ..entry }], 13, 12)
    };
    let (good, asked) = outcome(Some(Reason::CertificateHold), lifted).await;
    assert_eq!(good, Outcome::Passed);
    assert_eq!((asked.len(), &asked[0].source), (1, &delta_source(13)));
}

#[tokio::test]
async fn what_the_delta_list_does_not_name_is_as_the_list_says() {
    let (good, asked) = outcome(None, |centre, _| centre.delta_of(&[], 13, 11)).await;
    assert_eq!((good, &asked[0].source), (Outcome::Passed, &crl_source(Some(12))));
    let (revoked, _) = outcome(Some(Reason::KeyCompromise), |centre, _| centre.delta_of(&[], 13, 11)).await;
    assert!(matches!(revoked, Outcome::Failed(Failure::Revoked { .. })), "{revoked:?}");
}

#[tokio::test]
async fn a_list_that_is_newer_than_the_delta_list_has_the_last_word() {
    let (good, _) = outcome(None, |centre, entry| centre.delta_of(&[entry], 11, 9)).await;
    assert_eq!(good, Outcome::Passed);
}

#[tokio::test]
async fn a_delta_list_that_cannot_be_gone_by_leaves_it_open() {
    let why = async |delta: fn(&Centre, RevokedEntry) -> Vec<u8>| {
        let (open, asked) = outcome(None, delta).await;
        assert!(matches!(open, Outcome::Unknown(Doubt::RevocationUnknown { .. })), "{open:?}");
        let [whole, delta] = asked.as_slice() else { panic!("{asked:?}") };
        assert_eq!(whole.answer, Answer::Good);
        match &delta.answer {
            Answer::NoAnswer { why } => why.clone(),
            answer => panic!("{answer:?}"),
        }
    };
    assert_eq!(
        why(|centre, _| centre.delta_of(&[], 14, 13)).await,
        "the delta list adds to list no. 13 and later ones, and this is no. 12"
    );
    assert_eq!(
        why(|centre, _| centre.list_of(13, at())).await,
        "the list is a whole one where a delta list was named"
    );
    assert_eq!(why(|_, _| Vec::new()).await, "the revocation list is empty: no byte in it");
    let old = why(|c, _| c.authority.delta_crl(&[], 13, 12, later(-25 * 3600)).unwrap()).await;
    assert!(old.starts_with("the list was due again"), "{old}");
    let damaged = why(|centre, _| {
        let mut delta = centre.delta_of(&[], 13, 12);
        *delta.last_mut().unwrap() ^= 1;
        delta
    });
    assert!(damaged.await.starts_with("the list's signature"));
    // A revocation that the whole list knows needs no delta list.
    let (revoked, _) = outcome(Some(Reason::KeyCompromise), |_, _| Vec::new()).await;
    assert!(matches!(revoked, Outcome::Failed(Failure::Revoked { .. })), "{revoked:?}");
}

#[tokio::test]
async fn a_delta_list_does_not_stand_for_a_whole_one() {
    let centre = Centre::p256().listing(|centre| centre.delta_of(&[], 13, 12));
    let certificate = centre.issue(&order(Algorithm::P256));
    let (_, validator) = validator(centre);
    let (open, asked) = outcome_of(&validator, &certificate, Check::NotRevoked).await;
    assert!(matches!(open, Outcome::Unknown(_)), "{open:?}");
    let why = "the list is a delta list where a whole one was named".to_owned();
    assert_eq!(asked[1].answer, Answer::NoAnswer { why });
}

#[tokio::test]
async fn a_delta_list_that_is_not_there_leaves_it_open() {
    let mut centre = Centre::p256();
    centre.delta = Box::new(|_| Err(NoAnswer::new("answered 404 Not Found")));
    let certificate = centre.issue(&order(Algorithm::P256));
    let (_, validator) = validator(centre);
    let (open, _) = outcome_of(&validator, &certificate, Check::NotRevoked).await;
    assert!(matches!(open, Outcome::Unknown(_)), "{open:?}");
}
