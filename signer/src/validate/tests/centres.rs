//! Whether the centres of a path are revoked.

use certs::verdict::Answer;
use certs::{Algorithm, Reason, RevokedEntry};

use super::*;
use crate::NoAnswer;
use crate::testing::{later, order};

const ROOT_CRL: &str = "http://127.0.0.1:1/ca/crl/p256-root.crl";

/// The root revoked the issuing centre, or did not.
fn with_root_list(revoked: Option<Reason>) -> Centre {
    let mut centre = Centre::p256();
    centre.root_list = Box::new(move |centre| {
        let serial = centre.authority.issuing().serial().to_vec();
        let entry = revoked.map(|reason| RevokedEntry { serial, at: later(-90), reason });
        Ok(centre.authority.root_crl(entry.as_slice(), 3, at()).unwrap())
    });
    centre
}

async fn outcome(centre: Centre, policy: RevocationPolicy) -> (Outcome, Vec<Asked>) {
    let certificate = centre.issue(&order(Algorithm::P256));
    let (_, validator) = with_policy(centre, policy);
    outcome_of(&validator, &certificate, Check::NotRevoked).await
}

fn issuing() -> String {
    Centre::p256().authority.issuing().subject()
}

#[tokio::test]
async fn centres_are_asked_about_and_listed() {
    let (good, asked) = outcome(with_root_list(None), RevocationPolicy::default()).await;
    let [responder, list, centre] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!((good, &responder.about, &list.about), (Outcome::Passed, &None, &None));
    let source = Source::Crl { number: Some(3), url: Some(ROOT_CRL.to_owned()) };
    assert_eq!((&centre.about, &centre.source, &centre.answer), (&Some(issuing()), &source, &Answer::Good));
    let texts = centre.text();
    assert!(texts.en.ends_with("TEST,C=KZ): good") || texts.en.ends_with("): good"), "{}", texts.en);
}

#[tokio::test]
async fn a_certificate_below_a_revoked_centre_is_refused() {
    for reason in [Reason::CaCompromise, Reason::CertificateHold] {
        let (refused, _) = outcome(with_root_list(Some(reason)), RevocationPolicy::default()).await;
        let failure = Failure::IssuerRevoked { issuer: issuing(), at: later(-90), reason };
        assert_eq!(refused, Outcome::Failed(failure));
    }
}

#[tokio::test]
async fn silence_about_a_centre_is_what_the_policy_says() {
    let silent = || {
        let mut centre = Centre::p256();
        centre.root_list = Box::new(|_| Err(NoAnswer::new("connection refused")));
        centre
    };
    let (open, asked) = outcome(silent(), RevocationPolicy::default()).await;
    assert_eq!(open, Outcome::Unknown(Doubt::RevocationUnknown { asked: asked.clone() }));
    assert_eq!(asked[2].answer, Answer::NoAnswer { why: "connection refused".to_owned() });
    let careless = |unanswered| RevocationPolicy {
        centres: Some(CentrePolicy { ask: vec![Method::Crl], unanswered }),
        ..RevocationPolicy::default()
    };
    assert_eq!(outcome(silent(), careless(Unanswered::Passes)).await.0, Outcome::Passed);
    assert!(matches!(outcome(silent(), careless(Unanswered::CouldNotCheck)).await.0, Outcome::Unknown(_)));
    // Careless about centres, not about the certificate, and not blind.
    let (open, _) = outcome(silent().without_responder(), careless(Unanswered::Passes)).await;
    assert!(matches!(open, Outcome::Unknown(_)), "{open:?}");
    let (refused, _) =
        outcome(with_root_list(Some(Reason::CaCompromise)), careless(Unanswered::Passes)).await;
    assert!(matches!(refused, Outcome::Failed(Failure::IssuerRevoked { .. })), "{refused:?}");
    // Asked by a responder only, which no centre names.
    let by_responder = CentrePolicy { ask: vec![Method::Ocsp], unanswered: Unanswered::CouldNotCheck };
    let policy = RevocationPolicy { centres: Some(by_responder), ..RevocationPolicy::default() };
    assert!(matches!(outcome(with_root_list(None), policy).await.0, Outcome::Unknown(_)));
}

#[tokio::test]
async fn a_centre_that_was_taken_in_with_its_list_is_trusted_as_it_is() {
    let mut centre = with_root_list(Some(Reason::CaCompromise));
    centre.given = Some(centre.list_of(5, at()));
    let (passed, asked) = outcome(centre, RevocationPolicy::default()).await;
    assert_eq!((passed, asked.len()), (Outcome::Passed, 1));
}

#[tokio::test]
async fn nobody_is_asked_about_centres_where_the_policy_does_not_want_it() {
    let (passed, asked) = outcome(with_root_list(Some(Reason::CaCompromise)), of_the_certificate()).await;
    assert_eq!((passed, asked.len()), (Outcome::Passed, 2));
}

#[tokio::test]
async fn the_certificates_own_revocation_comes_first() {
    let centre = with_root_list(Some(Reason::CaCompromise));
    let certificate = centre.issue(&order(Algorithm::P256));
    centre.revoke(&certificate, Reason::Superseded);
    let (_, validator) = with_policy(centre, RevocationPolicy::default());
    let (refused, _) = outcome_of(&validator, &certificate, Check::NotRevoked).await;
    assert!(matches!(refused, Outcome::Failed(Failure::Revoked { .. })), "{refused:?}");
}
