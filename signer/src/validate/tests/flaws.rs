//! The named flaws, put to the full question; several failures at once.

use certs::verdict::Answer;
use certs::{Bin, Flaw, Identifier, Iin, Reason, Role};
use jiff::SignedDuration;

use super::*;
use crate::testing::{head, later};

const DAY: i64 = 24 * 3600;

fn full(checks: &[Check], declared: Identifier) -> Question<'_> {
    Question { checks, declared: Some(declared), roles: &[Role::FirstHead] }
}

/// What comes of the full question about a head with these flaws: checks that did not pass, with their outcomes.
async fn unpassed(flaws: &[Flaw], declared: Identifier) -> (Certificate, Vec<(Check, Outcome)>) {
    let (centre, validator) = validator(Centre::p256());
    let certificate = centre.issue(&head(flaws));
    let verdict = validator.validate(&certificate, &full(&Check::ALL, declared)).await;
    assert_eq!(verdict.findings.len(), Check::ALL.len());
    let findings = verdict.findings.into_iter().filter(|finding| finding.outcome != Outcome::Passed);
    (certificate, findings.map(|finding| (finding.check, finding.outcome)).collect())
}

#[tokio::test]
async fn a_flawless_certificate_passes_everything() {
    let (_, unpassed) = unpassed(&[], Identifier::Iin(Iin::never_issued(1))).await;
    assert_eq!(unpassed, []);
}

#[tokio::test]
async fn each_flaw_is_found_by_its_check_and_by_no_other() {
    let iin = Identifier::Iin(Iin::never_issued(1));
    let bin = Identifier::Bin(Bin::generated(1));
    let revoked_by = vec![crl_source(Some(12)), ocsp_source(&Centre::p256())];
    for &flaw in Flaw::all() {
        let declared = if flaw == Flaw::BinMismatch { bin } else { iin };
        let (certificate, unpassed) = unpassed(&[flaw], declared).await;
        let failed = |check, failure| vec![(check, Outcome::Failed(failure))];
        let no_answer = |source, why: &str| {
            let answer = Answer::NoAnswer { why: why.to_owned() };
            Asked { about: None, source, answer, this_update: None, next_update: None }
        };
        let unknown = |asked| (Check::NotRevoked, Outcome::Unknown(Doubt::RevocationUnknown { asked }));
        let expected = match flaw {
            Flaw::Expired => {
                failed(Check::ValidityPeriod, Failure::Expired { not_after: later(-DAY), at: at() })
            }
            Flaw::NotYetValid => {
                failed(Check::ValidityPeriod, Failure::NotYetValid { not_before: later(DAY), at: at() })
            }
            Flaw::Revoked => {
                let (at, reason) = (later(-60), Reason::KeyCompromise);
                failed(Check::NotRevoked, Failure::Revoked { at, reason, said_by: revoked_by.clone() })
            }
            Flaw::Suspended => {
                let said_by = revoked_by.clone();
                failed(Check::NotRevoked, Failure::Suspended { at: later(-60), said_by })
            }
            Flaw::IinMismatch => {
                let in_certificate = certificate.iin_text().unwrap().to_owned();
                failed(Check::IdentityMatches, Failure::IdentityMismatch { declared, in_certificate })
            }
            Flaw::BinMismatch => {
                let in_certificate = certificate.bin_text().unwrap().to_owned();
                failed(Check::IdentityMatches, Failure::IdentityMismatch { declared, in_certificate })
            }
            Flaw::NoIin => {
                let in_certificate = bin;
                failed(Check::IdentityMatches, Failure::IdentityOtherKind { declared, in_certificate })
            }
            Flaw::UnknownIssuer => {
                let nobody = format!("nobody here speaks for the issuer {}", certificate.issuer());
                let silent = Source::Ocsp { url: Some(OCSP.to_owned()), responder: None };
                let asked = vec![no_answer(silent, &nobody), no_answer(crl_source(None), &nobody)];
                let failure = Failure::IssuerUnknown { issuer: certificate.issuer() };
                vec![unknown(asked), (Check::PathToRoot, Outcome::Failed(failure))]
            }
            Flaw::BadSignature => {
                let issuer = certificate.issuer();
                failed(Check::PathToRoot, Failure::SignatureInvalid { issuer })
            }
            Flaw::WrongKeyUsage => {
                failed(Check::KeyUsage, Failure::KeyUsage { found: vec!["keyEncipherment".to_owned()] })
            }
            Flaw::AuthKeyForSigning => {
                let found = vec!["digitalSignature".to_owned(), "keyEncipherment".to_owned()];
                failed(Check::KeyUsage, Failure::KeyUsage { found })
            }
            Flaw::MissingCrl => {
                let missing = "http://127.0.0.1:1/ca/crl/missing.crl".to_owned();
                let source = Source::Crl { number: None, url: Some(missing) };
                vec![unknown(vec![no_answer(source, "answered 404 Not Found")])]
            }
        };
        assert_eq!(unpassed, expected, "{flaw}");
    }
}

#[tokio::test]
async fn all_failures_come_in_the_order_asked() {
    let (centre, validator) = validator(Centre::p256());
    let flaws =
        [Flaw::Expired, Flaw::Revoked, Flaw::IinMismatch, Flaw::BadSignature, Flaw::AuthKeyForSigning];
    let certificate = centre.issue(&head(&flaws));
    let declared = Identifier::Iin(Iin::never_issued(1));
    let mut order = Check::ALL;
    for _ in 0..order.len() {
        order.rotate_left(1);
        let question = Question { roles: &[Role::Individual], ..full(&order, declared) };
        let verdict = validator.validate(&certificate, &question).await;
        let failed: Vec<Check> = verdict.failed().map(|(check, _)| check).collect();
        assert_eq!(failed, order);
    }
}

#[tokio::test]
async fn a_check_that_is_asked_twice_asks_the_sources_once() {
    let (centre, validator) = validator(Centre::p256());
    let certificate = centre.issue(&head(&[]));
    let twice = Question { checks: &[Check::NotRevoked; 2], declared: None, roles: &[] };
    assert!(validator.validate(&certificate, &twice).await.passed());
    assert_eq!(centre.asked(), [format!("ocsp {OCSP}"), format!("crl {CRL}"), format!("delta {DELTA}")]);
}

#[tokio::test]
async fn a_verdict_survives_json() {
    let (centre, validator) = validator(Centre::p256().without_responder());
    let certificate = centre.issue(&head(&[Flaw::Revoked, Flaw::NoIin]));
    let question = Question { checks: &Check::ALL, declared: None, roles: &[Role::FirstHead] };
    let verdict = validator.validate_at(&certificate, &question, at() + SignedDuration::from_hours(1)).await;
    let json = serde_json::to_string(&verdict).unwrap();
    assert_eq!(serde_json::from_str::<Verdict>(&json).unwrap(), verdict);
}
