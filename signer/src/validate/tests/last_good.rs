//! Lists that cannot be gone by where a good one was before: what each policy makes of them.

use std::sync::Mutex;

use certs::verdict::Answer;
use certs::{Algorithm, Authority, Reason};
use jiff::Timestamp;

use super::*;
use crate::testing::{List, later, order};

const DAY: i64 = 24 * 3600;

/// What an address gives.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Gives {
    Good,
    Empty,
    Page,
    Truncated,
    Expired,
    WronglySigned,
    Nothing,
}

const BAD: [(Gives, &str); 6] = [
    (Gives::Empty, "the revocation list is empty: no byte in it"),
    (Gives::Page, "not a revocation list: expected tag 0x30, found 0x3c"),
    (Gives::Truncated, "not a revocation list: the encoding ends too early"),
    (Gives::Expired, "the list was due again 2026-11-19T09:00:00Z"),
    (Gives::WronglySigned, "the list's signature: the signature does not belong to the data and the key"),
    (Gives::Nothing, "connection refused"),
];

/// Which of the lists it is, and how long it is good for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Which {
    Whole,
    Delta,
    OfRoot,
}

impl Which {
    const ALL: [Self; 3] = [Self::Whole, Self::Delta, Self::OfRoot];

    fn made(self, by: &Authority, number: u64, at: Timestamp) -> Vec<u8> {
        let made = match self {
            Self::Whole => by.crl(&[], number, at),
            Self::Delta => by.delta_crl(&[], number, 0, at),
            Self::OfRoot => by.root_crl(&[], number, at),
        };
        made.unwrap()
    }

    /// When one was made that was due a day ago.
    fn long_ago(self) -> Timestamp {
        later(if self == Self::Delta { -2 * DAY } else { -181 * DAY })
    }
}

/// A validator whose centre gives one of its lists as it is told.
struct Seat {
    validator: Validator,
    certificate: Certificate,
    gives: Arc<Mutex<Gives>>,
}

impl Seat {
    fn new(which: Which, last_good_list: bool) -> Self {
        let mut centre = Centre::p256();
        let gives = Arc::new(Mutex::new(Gives::Good));
        let (told, stranger) = (gives.clone(), Centre::stranger().authority);
        let list = move |centre: &Centre| {
            let good = which.made(&centre.authority, 12, at());
            Ok(match *told.lock().unwrap() {
                Gives::Good => good,
                Gives::Empty => Vec::new(),
                Gives::Page => b"<html>".to_vec(),
                Gives::Truncated => good[..good.len() - 1].to_vec(),
                Gives::Expired => which.made(&centre.authority, 12, which.long_ago()),
                Gives::WronglySigned => which.made(&stranger, 12, at()),
                Gives::Nothing => return Err(NoAnswer::new("connection refused")),
            })
        };
        match which {
            Which::Whole => centre.list = Box::new(list),
            Which::Delta => centre.delta = Box::new(list),
            Which::OfRoot => centre.root_list = Box::new(list),
        }
        let policy =
            RevocationPolicy { ask: vec![Method::Crl], last_good_list, ..RevocationPolicy::default() };
        let (centre, validator) = with_policy(centre, policy);
        let certificate = centre.issue(&order(Algorithm::P256));
        Self { validator, certificate, gives }
    }

    async fn judges(&self, gives: Gives) -> (Outcome, Vec<Asked>) {
        *self.gives.lock().unwrap() = gives;
        outcome_of(&self.validator, &self.certificate, Check::NotRevoked).await
    }
}

/// Why sources gave no answer to go by, and why last good ones were gone by.
fn reasons(asked: &[Asked]) -> (Vec<&str>, Vec<&str>) {
    let silent = asked.iter().filter_map(|asked| match &asked.answer {
        Answer::NoAnswer { why } => Some(why.as_str()),
        _ => None,
    });
    (silent.collect(), asked.iter().filter_map(|asked| asked.instead_of.as_deref()).collect())
}

#[tokio::test]
async fn a_list_of_no_use_leaves_it_open_unless_the_policy_has_the_last_good_one() {
    for which in Which::ALL {
        for (bad, why) in BAD {
            let strict = Seat::new(which, false);
            assert_eq!(strict.judges(Gives::Good).await.0, Outcome::Passed);
            let (outcome, asked) = strict.judges(bad).await;
            assert!(matches!(outcome, Outcome::Unknown(_)), "{which:?} {bad:?} {outcome:?}");
            assert_eq!(reasons(&asked), (vec![why], vec![]), "{which:?} {bad:?}");
            assert_eq!(strict.judges(Gives::Good).await.0, Outcome::Passed);

            let lenient = Seat::new(which, true);
            let (_, usual) = lenient.judges(Gives::Good).await;
            for _ in 0..2 {
                let (outcome, asked) = lenient.judges(bad).await;
                assert_eq!(outcome, Outcome::Passed, "{which:?} {bad:?} {asked:?}");
                assert_eq!(reasons(&asked), (vec![], vec![why]), "{which:?} {bad:?}");
            }
            assert_eq!(lenient.judges(Gives::Good).await, (Outcome::Passed, usual));
        }
    }
}

#[tokio::test]
async fn without_a_good_list_before_there_is_nothing_to_go_by() {
    for which in Which::ALL {
        for (bad, why) in BAD {
            let (outcome, asked) = Seat::new(which, true).judges(bad).await;
            assert!(matches!(outcome, Outcome::Unknown(_)), "{which:?} {bad:?} {outcome:?}");
            assert_eq!(reasons(&asked), (vec![why], vec![]), "{which:?} {bad:?}");
        }
    }
}

/// A list for as long as one is there, then an empty file.
fn list_while(is_there: &Arc<Mutex<bool>>) -> List {
    let is_there = is_there.clone();
    Box::new(move |centre| {
        let list = is_there.lock().unwrap().then(|| centre.list_of(12, at()));
        Ok(list.unwrap_or_default())
    })
}

#[tokio::test]
async fn a_list_that_is_due_is_no_longer_gone_by() {
    let clock = Clock::frozen_at(at());
    let (mut centre, now) = (Centre::p256(), clock.clone());
    let is_there = Arc::new(Mutex::new(true));
    centre.list = list_while(&is_there);
    centre.delta = Box::new(move |c| Ok(c.authority.delta_crl(&[], 12, 0, now.now()).unwrap()));
    let policy = RevocationPolicy { ask: vec![Method::Crl], last_good_list: true, ..of_the_certificate() };
    let validator = Validator::new(Arc::new(centre), policy, clock.clone());
    let centre = Centre::p256();
    let order = certs::Order { validity: Some((at(), later(400 * DAY))), ..order(Algorithm::P256) };
    let certificate = centre.issue(&order);
    let judge = async || outcome_of(&validator, &certificate, Check::NotRevoked).await.0;
    assert_eq!(judge().await, Outcome::Passed);
    *is_there.lock().unwrap() = false;
    clock.set(later(180 * DAY)).unwrap();
    assert_eq!(judge().await, Outcome::Passed);
    clock.set(later(180 * DAY + 1)).unwrap();
    let outcome = judge().await;
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
}

#[tokio::test]
async fn the_last_good_list_revokes_as_it_did() {
    let is_there = Arc::new(Mutex::new(true));
    let mut centre = Centre::p256();
    centre.list = list_while(&is_there);
    let policy = RevocationPolicy { ask: vec![Method::Crl], last_good_list: true, ..of_the_certificate() };
    let (centre, validator) = with_policy(centre, policy);
    let certificate = centre.issue(&order(Algorithm::P256));
    centre.revoke(&certificate, Reason::KeyCompromise);
    for there in [true, false] {
        *is_there.lock().unwrap() = there;
        let (outcome, asked) = outcome_of(&validator, &certificate, Check::NotRevoked).await;
        assert!(matches!(outcome, Outcome::Failed(Failure::Revoked { .. })), "{outcome:?}");
        assert_eq!(asked[0].instead_of.is_some(), !there);
    }
}
