//! Lists that somebody gave for an issuer: nobody is asked then.

use certs::{Algorithm, Reason};

use super::*;
use crate::testing::{later, order};

async fn judged(list: impl Fn(&Centre) -> Vec<u8>, revoked: bool) -> (Outcome, Vec<Asked>) {
    let mut centre = Centre::p256();
    let certificate = centre.issue(&order(Algorithm::P256));
    if revoked {
        centre.revoke(&certificate, Reason::KeyCompromise);
    }
    centre.given = Some(list(&centre));
    let (centre, validator) = validator(centre);
    let outcome = outcome_of(&validator, &certificate, Check::NotRevoked).await;
    assert!(centre.asked().is_empty(), "nobody is asked: {:?}", centre.asked());
    outcome
}

#[tokio::test]
async fn the_list_given_decides_and_nobody_is_asked() {
    let list = |centre: &Centre| centre.list_of(5, at());
    let (good, asked) = judged(list, false).await;
    assert_eq!((good, &asked[0].source), (Outcome::Passed, &Source::Crl { number: Some(5), url: None }));
    let (revoked, _) = judged(list, true).await;
    assert!(matches!(revoked, Outcome::Failed(Failure::Revoked { .. })), "{revoked:?}");
}

#[tokio::test]
async fn a_list_given_that_is_old_or_somebody_elses_leaves_it_open() {
    let (open, _) = judged(|centre| centre.list_of(5, later(-181 * 24 * 3600)), false).await;
    assert!(matches!(open, Outcome::Unknown(_)), "{open:?}");
    let (open, _) = judged(|_| Centre::stranger().list_of(5, at()), false).await;
    assert!(matches!(open, Outcome::Unknown(_)), "{open:?}");
    let (open, _) = judged(|centre| centre.delta_of(&[], 5, 4), false).await;
    assert!(matches!(open, Outcome::Unknown(_)), "{open:?}");
}

#[tokio::test]
async fn the_list_given_is_had_again_only_when_the_centre_says_something_else() {
    // One that is due is not made anew by anybody either.
    for made in [at(), later(-181 * 24 * 3600)] {
        let mut centre = Centre::p256();
        centre.given = Some(centre.list_of(5, made));
        let (centre, validator) = with_policy(centre, RevocationPolicy::default());
        for (revision, times) in [(Some(1), 1), (Some(1), 1), (Some(2), 2), (Some(2), 2)] {
            *centre.revision.lock().unwrap() = revision;
            let certificate = centre.issue(&order(Algorithm::P256));
            let (outcome, _) = outcome_of(&validator, &certificate, Check::NotRevoked).await;
            assert_eq!(outcome == Outcome::Passed, made == at(), "{outcome:?}");
            assert_eq!(*centre.given_asked.lock().unwrap(), times);
        }
    }
}
