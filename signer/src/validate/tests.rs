//! Every cell: each check with each outcome, each flaw, each way in which a source can fail.

mod centres;
mod checks;
mod deltas;
mod flaws;
mod given;
mod last_good;
mod lists;
mod paths;
mod responders;
mod seen;
mod sources;
mod stamped;
mod time;

use certs::verdict::{Asked, Source};
use certs::{Certificate, Clock};

use super::*;
use crate::testing::{Centre, at};

const OCSP: &str = "http://127.0.0.1:1/ca/ocsp";
const CRL: &str = "http://127.0.0.1:1/ca/crl/p256.crl";
const DELTA: &str = "http://127.0.0.1:1/ca/crl/p256-delta.crl";

/// A question of one check about somebody in general.
fn only(check: &Check) -> Question<'_> {
    Question { checks: std::slice::from_ref(check), declared: None, roles: &[] }
}

fn validator(centre: Centre) -> (Arc<Centre>, Validator) {
    with_policy(centre, of_the_certificate())
}

/// Both sources, about the certificate only: centres have tests of their own.
fn of_the_certificate() -> RevocationPolicy {
    RevocationPolicy::default().without_centres()
}

fn with_policy(centre: Centre, policy: RevocationPolicy) -> (Arc<Centre>, Validator) {
    let centre = Arc::new(centre);
    (centre.clone(), Validator::new(centre, policy, Clock::frozen_at(at())))
}

/// The outcome of one check, and who was asked.
async fn outcome_of(validator: &Validator, certificate: &Certificate, check: Check) -> (Outcome, Vec<Asked>) {
    let verdict = validator.validate(certificate, &only(&check)).await;
    let [finding] = verdict.findings.try_into().unwrap();
    assert_eq!(finding.check, check);
    (finding.outcome, verdict.asked)
}

fn crl_source(number: Option<u64>) -> Source {
    Source::Crl { number, url: Some(CRL.to_owned()) }
}

fn ocsp_source(centre: &Centre) -> Source {
    let responder = Some(centre.authority.ocsp_responder().subject());
    Source::Ocsp { url: Some(OCSP.to_owned()), responder }
}
