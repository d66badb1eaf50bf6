//! What was found out before, and when it counts no longer.

use certs::verdict::Verdict;
use certs::{Algorithm, Reason};

use super::*;
use crate::NoAnswer;
use crate::testing::{later, order};

const CHECKS: [Check; 3] = [Check::PathToRoot, Check::ValidityPeriod, Check::NotRevoked];
/// The responder is asked whenever anybody is.
const ONCE: usize = 1;

/// A validator whose centre says of what revision it is.
struct Seat {
    centre: Arc<Centre>,
    clock: Clock,
    validator: Validator,
    certificate: Certificate,
}

impl Seat {
    fn at(centre: Centre, revision: Option<u64>) -> Self {
        let (centre, clock) = (Arc::new(centre), Clock::frozen_at(at()));
        let certificate = centre.issue(&order(Algorithm::P256));
        let validator = Validator::new(centre.clone(), of_the_certificate(), clock.clone());
        let seat = Self { centre, clock, validator, certificate };
        seat.becomes(revision);
        seat
    }

    fn becomes(&self, revision: Option<u64>) {
        *self.centre.revision.lock().unwrap() = revision;
    }

    /// The verdict of now, and how often the responder was asked for it.
    async fn judges(&self) -> (Verdict, usize) {
        let before = self.centre.asked().len();
        let question = Question { checks: &CHECKS, declared: None, roles: &[] };
        let verdict = self.validator.validate(&self.certificate, &question).await;
        (verdict, self.asked_since(before))
    }

    fn asked_since(&self, before: usize) -> usize {
        let asked = self.centre.asked();
        asked[before..].iter().filter(|what| what.starts_with("ocsp")).count()
    }
}

#[tokio::test]
async fn a_certificate_seen_before_is_judged_alike_without_asking() {
    let seat = Seat::at(Centre::p256(), Some(1));
    let (first, asked) = seat.judges().await;
    assert!(first.passed() && asked == ONCE, "{asked} {first:?}");
    assert_eq!(seat.judges().await, (first, 0));
}

#[tokio::test]
async fn a_centre_without_revisions_is_asked_each_time() {
    let seat = Seat::at(Centre::p256(), None);
    for _ in 0..2 {
        assert_eq!(seat.judges().await.1, ONCE);
    }
}

#[tokio::test]
async fn a_revocation_counts_with_the_next_revision() {
    let seat = Seat::at(Centre::p256(), Some(1));
    assert!(seat.judges().await.0.passed());
    seat.centre.revoke(&seat.certificate, Reason::KeyCompromise);
    seat.becomes(Some(2));
    let (refused, asked) = seat.judges().await;
    assert!(matches!(refused.findings[2].outcome, Outcome::Failed(Failure::Revoked { .. })), "{refused:?}");
    assert_eq!(asked, ONCE);
    // That is remembered as well.
    assert_eq!(seat.judges().await, (refused, 0));
}

#[tokio::test]
async fn what_the_clock_has_made_old_is_asked_again() {
    let seat = Seat::at(Centre::p256(), Some(1));
    seat.judges().await;
    // The responder does not say when its answer is due again.
    let until = at() + responder::LASTS;
    seat.clock.set(until).unwrap();
    assert_eq!(seat.judges().await.1, 0);
    seat.clock.set(until + jiff::SignedDuration::from_secs(1)).unwrap();
    assert_eq!(seat.judges().await.1, ONCE);
}

#[tokio::test]
async fn a_certificate_expires_though_it_was_seen_before() {
    let seat = Seat::at(Centre::p256(), Some(1));
    let validity = Some((at(), later(10)));
    let certificate = seat.centre.issue(&certs::Order { validity, ..order(Algorithm::P256) });
    let seat = Seat { certificate, ..seat };
    assert!(seat.judges().await.0.passed());
    seat.clock.set(later(11)).unwrap();
    let (expired, asked) = seat.judges().await;
    assert!(matches!(expired.findings[1].outcome, Outcome::Failed(Failure::Expired { .. })), "{expired:?}");
    assert_eq!(asked, 0);
}

#[tokio::test]
async fn what_was_left_open_is_asked_again() {
    let silent = Centre::p256().without_responder();
    let seat = Seat::at(silent, Some(1));
    for _ in 0..2 {
        let (open, asked) = seat.judges().await;
        assert!(matches!(open.findings[2].outcome, Outcome::Unknown(_)), "{open:?}");
        assert_eq!(asked, ONCE);
    }
    let mut centre = Centre::p256();
    centre.authorities = Err(NoAnswer::new("connection refused"));
    let seat = Seat::at(centre, Some(1));
    for _ in 0..2 {
        assert!(matches!(seat.judges().await.0.findings[0].outcome, Outcome::Unknown(_)));
    }
}

#[tokio::test]
async fn another_moment_than_now_is_asked_about() {
    let seat = Seat::at(Centre::p256(), Some(1));
    seat.judges().await;
    let before = seat.centre.asked().len();
    let question = Question { checks: &CHECKS, declared: None, roles: &[] };
    assert!(seat.validator.validate_at(&seat.certificate, &question, later(-5)).await.at == later(-5));
    assert_eq!(seat.asked_since(before), ONCE);
}

#[tokio::test]
async fn a_list_is_fetched_once_for_all_certificates_of_a_revision() {
    let seat = Seat::at(Centre::p256(), Some(1));
    seat.judges().await;
    let another = |seat: &Seat| seat.centre.issue(&order(Algorithm::P256));
    let ask = async |seat: &Seat, certificate: &Certificate| {
        let before = seat.centre.asked().len();
        let question = Question { checks: &CHECKS, declared: None, roles: &[] };
        let verdict = seat.validator.validate(certificate, &question).await;
        (verdict, seat.centre.asked().split_off(before))
    };
    let (good, asked) = ask(&seat, &another(&seat)).await;
    assert!(good.passed() && asked == [format!("ocsp {OCSP}")], "{asked:?} {good:?}");
    // With the next revision it is fetched, and what is new on it counts.
    let revoked = another(&seat);
    seat.centre.revoke(&revoked, Reason::Superseded);
    seat.becomes(Some(2));
    let (refused, asked) = ask(&seat, &revoked).await;
    let Outcome::Failed(Failure::Revoked { said_by, .. }) = &refused.findings[2].outcome else {
        panic!("{refused:?}")
    };
    assert!(said_by.contains(&crl_source(Some(12))), "{said_by:?}");
    assert!(asked.contains(&format!("crl {CRL}")), "{asked:?}");
    // So it is when it is due again.
    let next_update = refused.asked.iter().filter_map(|asked| asked.next_update).max().unwrap();
    seat.clock.set(next_update + jiff::SignedDuration::from_secs(1)).unwrap();
    let (_, asked) = ask(&seat, &another(&seat)).await;
    assert!(asked.contains(&format!("crl {CRL}")), "{asked:?}");
}
