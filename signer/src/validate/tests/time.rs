//! Seconds at the ends of validity, and moments other than now.

use certs::{Algorithm, Order, Reason};
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::testing::{later, order};

const DAY: i64 = 24 * 3600;

async fn validity_at(certificate: &Certificate, moment: Timestamp) -> Outcome {
    let (_, validator) = validator(Centre::p256());
    let question = only(&Check::ValidityPeriod);
    validator.validate_at(certificate, &question, moment).await.findings.remove(0).outcome
}

#[tokio::test]
async fn both_ends_of_the_validity_belong_to_it_with_all_of_their_second() {
    let (not_before, not_after) = (later(0), later(10));
    let order = Order { validity: Some((not_before, not_after)), ..order(Algorithm::P256) };
    let certificate = Centre::p256().issue(&order);
    let millis = |moment: Timestamp, by| moment + SignedDuration::from_millis(by);
    let early = |at| Outcome::Failed(Failure::NotYetValid { not_before, at });
    let late = |at| Outcome::Failed(Failure::Expired { not_after, at });
    for (moment, expected) in [
        (later(-1), early(later(-1))),
        (millis(not_before, -1), early(later(-1))),
        (not_before, Outcome::Passed),
        (not_after, Outcome::Passed),
        (millis(not_after, 999), Outcome::Passed),
        (later(11), late(later(11))),
        (millis(not_after, 1001), late(later(11))),
    ] {
        assert_eq!(validity_at(&certificate, moment).await, expected, "{moment}");
    }
}

#[tokio::test]
async fn now_is_the_clocks() {
    let centre = Arc::new(Centre::p256());
    let clock = Clock::frozen_at(at());
    let validator = Validator::new(centre.clone(), of_the_certificate(), clock.clone());
    let certificate = centre.issue(&Order { validity: Some((at(), later(10))), ..order(Algorithm::P256) });
    assert_eq!(outcome_of(&validator, &certificate, Check::ValidityPeriod).await.0, Outcome::Passed);
    clock.set(later(11)).unwrap();
    let expired = Failure::Expired { not_after: later(10), at: later(11) };
    assert_eq!(outcome_of(&validator, &certificate, Check::ValidityPeriod).await.0, Outcome::Failed(expired));
}

#[tokio::test]
async fn the_past_is_judged_with_what_the_sources_say_now() {
    let (centre, validator) = validator(Centre::p256());
    let validity = Some((later(-90 * DAY), later(-30 * DAY)));
    let certificate = centre.issue(&Order { validity, ..order(Algorithm::P256) });
    let question = Question { checks: &Check::ALL[..2], declared: None, roles: &[] };
    let past = later(-60 * DAY);
    let verdict = validator.validate_at(&certificate, &question, past).await;
    assert!(verdict.passed() && verdict.at == past, "{verdict:?}");
    // What was revoked after that moment counts.
    centre.revoke(&certificate, Reason::Superseded);
    let verdict = validator.validate_at(&certificate, &question, past).await;
    let said_by = vec![crl_source(Some(12)), ocsp_source(&centre)];
    let failure = Failure::Revoked { at: later(-60), reason: Reason::Superseded, said_by };
    assert_eq!(verdict.failed().collect::<Vec<_>>(), [(Check::NotRevoked, &failure)]);
}

#[tokio::test]
async fn of_the_future_the_sources_know_no_more_than_their_answers_are_good_for() {
    let (centre, validator) = validator(Centre::p256());
    let certificate = centre.issue(&order(Algorithm::P256));
    let question = only(&Check::NotRevoked);
    let outcome_at = async |seconds| {
        validator.validate_at(&certificate, &question, later(seconds)).await.findings.remove(0).outcome
    };
    assert_eq!(outcome_at(DAY).await, Outcome::Passed);
    assert!(matches!(outcome_at(DAY + 1).await, Outcome::Unknown(_)));
}

#[tokio::test]
async fn the_ends_of_time_are_judged_without_a_panic() {
    let (centre, validator) = validator(Centre::p256());
    let certificate = centre.issue(&order(Algorithm::P256));
    for moment in [Timestamp::MIN, Timestamp::MAX, Timestamp::UNIX_EPOCH] {
        let question = Question { checks: &Check::ALL, declared: None, roles: &[] };
        assert!(!validator.validate_at(&certificate, &question, moment).await.passed());
    }
    let forever = Validator::new(centre, of_the_certificate(), Clock::frozen_at(Timestamp::MAX));
    assert!(!forever.validate(&certificate, &only(&Check::NotRevoked)).await.passed());
}
