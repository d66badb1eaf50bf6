//! The named flaws, put to the full question; several failures at once.

use certs::verdict::Answer;
use certs::{Algorithm, Bin, Flaw, Identifier, Iin, Must, Order, Part, Profile, Reason, RevocationBy, Role};
use jiff::SignedDuration;

use super::*;
use crate::testing::{head, later, order};

const DAY: i64 = 24 * 3600;

fn full(checks: &[Check], declared: Identifier) -> Question<'_> {
    Question { checks, declared: Some(declared), roles: &[Role::FirstHead] }
}

/// What comes of the full question about a head: checks that did not pass, with their outcomes.
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

/// The outcome that a flaw comes to, and the checks that find it.
async fn of_flaw(flaw: Flaw, policy: RevocationPolicy) -> (Certificate, Vec<(Check, Outcome)>) {
    let centre = Centre::p256();
    let order = if flaw.applies_to(Profile::Individual) { order(Algorithm::P256) } else { head(&[]) };
    let certificate = centre.issue(&order.flawed(flaw));
    let (_, validator) = with_policy(centre, policy);
    let declared = if flaw.part() == Part::Organisation {
        Identifier::Bin(Bin::generated(1))
    } else {
        Identifier::Iin(Iin::never_issued(1))
    };
    let roles = [Role::Individual, Role::FirstHead];
    let question = Question { checks: &Check::ALL, declared: Some(declared), roles: &roles };
    let verdict = validator.validate(&certificate, &question).await;
    let findings = verdict.findings.into_iter().filter(|finding| finding.outcome != Outcome::Passed);
    (certificate, findings.map(|finding| (finding.check, finding.outcome)).collect())
}

#[tokio::test]
async fn each_flaw_is_answered_as_it_must_be_and_by_one_check() {
    for &flaw in Flaw::all() {
        let (_, unpassed) = of_flaw(flaw, RevocationPolicy::default()).await;
        let codes: Vec<(Check, &str)> =
            unpassed.iter().map(|(check, outcome)| (*check, outcome.code())).collect();
        // Nobody can be asked about the revocation of what nobody is known to have issued, or to have signed.
        let nobody = (Check::NotRevoked, "revocation-unknown");
        let expected = match flaw.must() {
            Must::Accept | Must::RefuseLater(_) => vec![],
            Must::Unknown(code) => vec![(Check::NotRevoked, code)],
            Must::Refuse(code) => match flaw.part() {
                Part::Validity => vec![(Check::ValidityPeriod, code)],
                Part::Status | Part::Answers => vec![(Check::NotRevoked, code)],
                Part::Iin | Part::Organisation => vec![(Check::IdentityMatches, code)],
                Part::Usage | Part::Policy => vec![(Check::KeyUsage, code)],
                Part::ExtendedUsage if flaw == Flaw::NoRole => vec![(Check::Role, code)],
                Part::ExtendedUsage => vec![(Check::KeyUsage, code), (Check::Role, "role-not-allowed")],
                _ if flaw == Flaw::IssuerRevoked => vec![(Check::NotRevoked, code)],
                _ if matches!(
                    flaw,
                    Flaw::UnknownIssuer
                        | Flaw::MissingIntermediate
                        | Flaw::WrongAuthorityKey
                        | Flaw::WeakIssuer
                ) =>
                {
                    vec![nobody, (Check::PathToRoot, code)]
                }
                _ => vec![(Check::PathToRoot, code)],
            },
        };
        assert_eq!(codes, expected, "{flaw}: {unpassed:#?}");
    }
}

#[tokio::test]
async fn flaws_that_show_later_are_found_an_hour_later() {
    let centre = Centre::p256();
    let certificate = centre.issue(&order(Algorithm::P256).flawed(Flaw::ExpiredInQueue));
    let (_, validator) = validator(centre);
    let valid = only(&Check::ValidityPeriod);
    for (seconds, code) in [(3600, "passed"), (3601, "certificate-expired")] {
        let verdict = validator.validate_at(&certificate, &valid, later(seconds)).await;
        assert_eq!(verdict.findings[0].outcome.code(), code);
    }
}

#[tokio::test]
async fn what_a_verdict_says_of_a_flaw_has_its_facts() {
    let failed = |check, failure| vec![(check, Outcome::Failed(failure))];
    let no_answer = |source, why: &str| {
        let answer = Answer::NoAnswer { why: why.to_owned() };
        Asked { about: None, source, answer, this_update: None, next_update: None, instead_of: None }
    };
    let unknown = |asked| (Check::NotRevoked, Outcome::Unknown(Doubt::RevocationUnknown { asked }));
    let by_both = vec![crl_source(Some(12)), ocsp_source(&Centre::p256())];
    let (iin, bin) = (Identifier::Iin(Iin::never_issued(1)), Identifier::Bin(Bin::generated(1)));
    let revoked = |said_by| Failure::Revoked { at: later(-60), reason: Reason::KeyCompromise, said_by };
    for &flaw in Flaw::all() {
        let policy = match flaw {
            Flaw::IssuerRevoked => RevocationPolicy::default(),
            _ => of_the_certificate(),
        };
        let (certificate, unpassed) = of_flaw(flaw, policy).await;
        let issuer = certificate.issuer();
        let expected = match flaw {
            Flaw::Expired => {
                failed(Check::ValidityPeriod, Failure::Expired { not_after: later(-DAY), at: at() })
            }
            Flaw::NotYetValid => {
                failed(Check::ValidityPeriod, Failure::NotYetValid { not_before: later(DAY), at: at() })
            }
            Flaw::Revoked => failed(Check::NotRevoked, revoked(by_both.clone())),
            Flaw::Suspended => {
                failed(Check::NotRevoked, Failure::Suspended { at: later(-60), said_by: by_both.clone() })
            }
            Flaw::OcspGoodCrlRevoked => failed(Check::NotRevoked, revoked(by_both[..1].to_vec())),
            Flaw::OcspRevokedCrlGood => failed(Check::NotRevoked, revoked(by_both[1..].to_vec())),
            Flaw::IinMismatch | Flaw::WrongCheckDigit => {
                let in_certificate = certificate.iin_text().unwrap().to_owned();
                failed(Check::IdentityMatches, Failure::IdentityMismatch { declared: iin, in_certificate })
            }
            Flaw::BinMismatch | Flaw::OtherOrganisation => {
                let in_certificate = certificate.bin_text().unwrap().to_owned();
                failed(Check::IdentityMatches, Failure::IdentityMismatch { declared: bin, in_certificate })
            }
            Flaw::NoIin | Flaw::BinInsteadOfIin | Flaw::IinWithoutPrefix => {
                failed(Check::IdentityMatches, Failure::IdentityMissing { declared: iin })
            }
            Flaw::UnknownIssuer => {
                let nobody = format!("nobody here speaks for the issuer {issuer}");
                let silent = Source::Ocsp { url: Some(OCSP.to_owned()), responder: None };
                let asked = vec![no_answer(silent, &nobody), no_answer(crl_source(None), &nobody)];
                let failure = Failure::IssuerUnknown { issuer };
                vec![unknown(asked), (Check::PathToRoot, Outcome::Failed(failure))]
            }
            Flaw::BadSignature => failed(Check::PathToRoot, Failure::SignatureInvalid { issuer }),
            Flaw::WrongKeyUsage => {
                failed(Check::KeyUsage, Failure::KeyUsage { found: vec!["keyEncipherment".to_owned()] })
            }
            Flaw::AuthKeyForSigning => {
                let found = vec!["digitalSignature".to_owned(), "keyEncipherment".to_owned()];
                failed(Check::KeyUsage, Failure::KeyUsage { found })
            }
            Flaw::WrongPolicy => {
                let stated = ["digitalSignature", "nonRepudiation", "1.3.6.1.5.5.7.3.4"];
                let found = [&stated[..], &["1.2.398.3.3.4.1.1", "1.2.398.3.3.2.5"]].concat();
                let found = found.into_iter().map(str::to_owned).collect();
                failed(Check::KeyUsage, Failure::KeyUsage { found })
            }
            Flaw::MissingCrl => {
                let missing = "http://127.0.0.1:1/ca/crl/missing.crl".to_owned();
                let source = Source::Crl { number: None, url: Some(missing) };
                vec![unknown(vec![no_answer(source, "answered 404 Not Found")])]
            }
            Flaw::NoRevocationSource => vec![unknown(Vec::new())],
            Flaw::WeakRsa | Flaw::WeakIssuer | Flaw::Sha1Signature => {
                let algorithm = match flaw {
                    Flaw::Sha1Signature => "sha1WithRSAEncryption",
                    _ => "RSA-1024",
                };
                let found = unpassed.iter().find(|(check, _)| *check == Check::PathToRoot).unwrap();
                let failure = Failure::AlgorithmRefused { algorithm: algorithm.to_owned() };
                assert_eq!(found.1, Outcome::Failed(failure));
                continue;
            }
            Flaw::CriticalExtension => {
                let oid = "1.2.398.3.999.1".to_owned();
                failed(Check::PathToRoot, Failure::CriticalExtension { oid })
            }
            Flaw::IssuerNotCa | Flaw::IssuerWithoutCertSign => {
                failed(Check::PathToRoot, Failure::NotACa { issuer })
            }
            Flaw::PathTooLong => {
                let issuer = Centre::p256().authority.issuing().subject();
                failed(Check::PathToRoot, Failure::PathTooLong { issuer, limit: 0 })
            }
            Flaw::IssuerRevoked => {
                let (at, reason) = (later(-60), Reason::CaCompromise);
                failed(Check::NotRevoked, Failure::IssuerRevoked { issuer, at, reason })
            }
            Flaw::PolicyNotValid => {
                let subject = certificate.subject();
                failed(Check::PathToRoot, Failure::PolicyNotValid { subject })
            }
            // Their codes are looked at above.
            _ => continue,
        };
        assert_eq!(unpassed, expected, "{flaw}");
    }
}

#[tokio::test]
async fn lists_of_a_part_and_lists_by_somebody_else_are_asked() {
    for (way, file) in
        [(RevocationBy::PartitionedCrl, "p256-part-"), (RevocationBy::IndirectCrl, "p256-indirect")]
    {
        let centre = Centre::p256();
        let order = Order { revocation_by: way, ..order(Algorithm::P256) };
        let (good, revoked) = (centre.issue(&order), centre.issue(&order));
        centre.revoke(&revoked, Reason::Superseded);
        let (centre, validator) = with_policy(centre, RevocationPolicy::default());
        let (outcome, asked) = outcome_of(&validator, &good, Check::NotRevoked).await;
        assert_eq!(outcome, Outcome::Passed, "{asked:?}");
        let (outcome, _) = outcome_of(&validator, &revoked, Check::NotRevoked).await;
        assert_eq!(outcome.code(), "certificate-revoked");
        assert!(centre.asked().iter().any(|asked| asked.contains(file)), "{:?}", centre.asked());
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
