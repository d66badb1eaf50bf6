//! Judging as of a moment that a time stamp proves.

use certs::{Algorithm, Reason};

use super::*;
use crate::testing::{later, order};

async fn stamped_at(centre: Centre, certificate: &Certificate, moment: Timestamp) -> Outcome {
    let (_, validator) = validator(centre);
    let verdict = validator.validate_stamped(certificate, &only(&Check::NotRevoked), moment).await;
    let [finding] = verdict.findings.try_into().unwrap();
    finding.outcome
}

#[tokio::test]
async fn what_was_revoked_after_the_time_stamp_was_good_then() {
    // Revoked a minute before now.
    for (moment, good) in [(later(-61), true), (later(-60), false), (at(), false)] {
        let centre = Centre::p256();
        let certificate = centre.issue(&order(Algorithm::P256));
        centre.revoke(&certificate, Reason::KeyCompromise);
        let outcome = stamped_at(centre, &certificate, moment).await;
        assert_eq!(outcome == Outcome::Passed, good, "{moment}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_source_that_does_not_answer_leaves_it_open_all_the_same() {
    let centre = Centre::p256().without_list();
    let certificate = centre.issue(&order(Algorithm::P256));
    centre.revoke(&certificate, Reason::KeyCompromise);
    let outcome = stamped_at(centre, &certificate, later(-61)).await;
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
}

#[tokio::test]
async fn without_a_time_stamp_a_later_revocation_counts() {
    let centre = Centre::p256();
    let certificate = centre.issue(&order(Algorithm::P256));
    centre.revoke(&certificate, Reason::KeyCompromise);
    let (_, validator) = validator(centre);
    let verdict = validator.validate_at(&certificate, &only(&Check::NotRevoked), later(-61)).await;
    assert_eq!(verdict.failed().count(), 1);
}
