//! Responder and list together, under each policy.

use certs::der::{self, SEQUENCE};
use certs::verdict::Answer;
use certs::{Algorithm, CertStatus, KeyPair, Order, Reason, RevocationBy, RevokedEntry, oid};

use super::*;
use crate::testing::{Draft, extension, later, order};

/// A centre whose sources say different things of every certificate; `None` is *good*.
fn divided(list: Option<Reason>, responder: Option<Reason>) -> Centre {
    let mut centre = Centre::p256();
    centre.responder = Box::new(move |centre, request| {
        let status = match responder {
            Some(reason) => CertStatus::Revoked { at: later(-60), reason },
            None => CertStatus::Good,
        };
        Ok(centre.authority.ocsp_respond(request, &|_| status, at()))
    });
    let serial = certificate(&centre).serial().to_vec();
    centre.listing(move |centre| {
        let entry = list.map(|reason| RevokedEntry { serial: serial.clone(), at: later(-90), reason });
        centre.authority.crl(entry.as_slice(), 12, at()).unwrap()
    })
}

/// Always the same one.
fn certificate(centre: &Centre) -> Certificate {
    static ISSUED: std::sync::OnceLock<Certificate> = std::sync::OnceLock::new();
    let public_key = Some(centre.authority.issuing().public_key().clone());
    ISSUED.get_or_init(|| centre.issue(&Order { public_key, ..order(Algorithm::P256) })).clone()
}

async fn outcome(centre: Centre, policy: RevocationPolicy) -> (Arc<Centre>, Outcome) {
    let certificate = certificate(&centre);
    let (centre, validator) = with_policy(centre, policy);
    let outcome = outcome_of(&validator, &certificate, Check::NotRevoked).await.0;
    (centre, outcome)
}

#[tokio::test]
async fn both_are_asked_and_both_are_named() {
    let (centre, good) = outcome(divided(None, None), of_the_certificate()).await;
    assert_eq!(good, Outcome::Passed);
    assert_eq!(centre.asked(), [format!("ocsp {OCSP}"), format!("crl {CRL}"), format!("delta {DELTA}")]);
    let reason = Reason::KeyCompromise;
    let (centre, revoked) = outcome(divided(Some(reason), Some(reason)), of_the_certificate()).await;
    let said_by = vec![crl_source(Some(12)), ocsp_source(&centre)];
    assert_eq!(revoked, Outcome::Failed(Failure::Revoked { at: later(-60), reason, said_by }));
}

#[tokio::test]
async fn one_word_of_revocation_decides() {
    let reason = Reason::Superseded;
    let (_, by_list) = outcome(divided(Some(reason), None), of_the_certificate()).await;
    let said_by = vec![crl_source(Some(12))];
    assert_eq!(by_list, Outcome::Failed(Failure::Revoked { at: later(-90), reason, said_by }));
    let (centre, by_responder) = outcome(divided(None, Some(reason)), of_the_certificate()).await;
    let said_by = vec![ocsp_source(&centre)];
    assert_eq!(by_responder, Outcome::Failed(Failure::Revoked { at: later(-60), reason, said_by }));
}

#[tokio::test]
async fn revoked_for_good_weighs_more_than_on_hold() {
    let (hold, compromised) = (Some(Reason::CertificateHold), Some(Reason::KeyCompromise));
    let (_, both) = outcome(divided(compromised, hold), of_the_certificate()).await;
    let (at, reason, said_by) = (later(-90), Reason::KeyCompromise, vec![crl_source(Some(12))]);
    assert_eq!(both, Outcome::Failed(Failure::Revoked { at, reason, said_by }));
    let (_, by_list) = outcome(divided(hold, None), of_the_certificate()).await;
    let said_by = vec![crl_source(Some(12))];
    assert_eq!(by_list, Outcome::Failed(Failure::Suspended { at: later(-90), said_by }));
    let (centre, by_both) = outcome(divided(hold, hold), of_the_certificate()).await;
    let said_by = vec![crl_source(Some(12)), ocsp_source(&centre)];
    assert_eq!(by_both, Outcome::Failed(Failure::Suspended { at: later(-60), said_by }));
}

#[tokio::test]
async fn revoked_decides_though_the_other_source_is_silent() {
    let reason = Reason::KeyCompromise;
    let silent_list = divided(None, Some(reason)).without_list();
    let (centre, revoked) = outcome(silent_list, of_the_certificate()).await;
    let said_by = vec![ocsp_source(&centre)];
    assert_eq!(revoked, Outcome::Failed(Failure::Revoked { at: later(-60), reason, said_by }));
    let silent_responder = divided(Some(reason), None).without_responder();
    let (_, revoked) = outcome(silent_responder, of_the_certificate()).await;
    let said_by = vec![crl_source(Some(12))];
    assert_eq!(revoked, Outcome::Failed(Failure::Revoked { at: later(-90), reason, said_by }));
}

#[tokio::test]
async fn good_by_one_and_silence_of_the_other_is_unknown_unless_the_policy_is_careless() {
    let careless = RevocationPolicy { unanswered: Unanswered::Passes, ..of_the_certificate() };
    let silent: [fn() -> Centre; 3] = [
        || divided(None, None).without_list(),
        || divided(None, None).without_responder(),
        || divided(None, None).without_list().without_responder(),
    ];
    for centre in silent {
        let (_, strict) = outcome(centre(), of_the_certificate()).await;
        let Outcome::Unknown(Doubt::RevocationUnknown { asked }) = strict else { panic!("{strict:?}") };
        assert_eq!(asked.len(), 2);
        assert_eq!(outcome(centre(), careless.clone()).await.1, Outcome::Passed);
    }
    // Careless, but not blind.
    let revoked = outcome(divided(Some(Reason::KeyCompromise), None).without_responder(), careless).await.1;
    assert!(matches!(revoked, Outcome::Failed(Failure::Revoked { .. })), "{revoked:?}");
}

#[tokio::test]
async fn a_responder_that_does_not_know_the_certificate_leaves_it_unknown() {
    let mut centre = divided(None, None);
    centre.responder =
        Box::new(|c, question| Ok(c.authority.ocsp_respond(question, &|_| CertStatus::Unknown, at())));
    let (centre, unknown) = outcome(centre, of_the_certificate()).await;
    let Outcome::Unknown(Doubt::RevocationUnknown { asked }) = unknown else { panic!("{unknown:?}") };
    assert_eq!((&asked[0].source, &asked[0].answer), (&ocsp_source(&centre), &Answer::Unknown));
    assert_eq!((&asked[1].source, &asked[1].answer), (&crl_source(Some(12)), &Answer::Good));
}

#[tokio::test]
async fn only_the_sources_of_the_policy_are_asked_in_its_order() {
    let policy = |ask| RevocationPolicy { ask, ..of_the_certificate() };
    let reason = Some(Reason::KeyCompromise);
    let (centre, passed) = outcome(divided(reason, None), policy(vec![Method::Ocsp])).await;
    assert_eq!((passed, centre.asked()), (Outcome::Passed, vec![format!("ocsp {OCSP}")]));
    let (centre, passed) = outcome(divided(None, reason), policy(vec![Method::Crl])).await;
    assert_eq!(
        (passed, centre.asked()),
        (Outcome::Passed, vec![format!("crl {CRL}"), format!("delta {DELTA}")])
    );
    let (centre, _) = outcome(divided(None, None), policy(vec![Method::Crl, Method::Ocsp])).await;
    assert_eq!(centre.asked(), [format!("crl {CRL}"), format!("delta {DELTA}"), format!("ocsp {OCSP}")]);
    let (centre, nobody) = outcome(divided(reason, reason), policy(Vec::new())).await;
    assert_eq!(nobody, Outcome::Unknown(Doubt::RevocationUnknown { asked: Vec::new() }));
    assert!(centre.asked().is_empty());
}

#[tokio::test]
async fn a_certificate_with_a_list_only_is_judged_by_the_list() {
    let (centre, validator) = validator(Centre::p256().without_responder());
    let certificate = centre.issue(&Order { revocation_by: RevocationBy::CrlOnly, ..order(Algorithm::P256) });
    assert_eq!(outcome_of(&validator, &certificate, Check::NotRevoked).await.0, Outcome::Passed);
    assert_eq!(centre.asked(), [format!("crl {CRL}"), format!("delta {DELTA}")]);
}

#[tokio::test]
async fn a_certificate_that_names_no_source_is_unknown() {
    let (centre, validator) = validator(Centre::p256());
    let key = KeyPair::generate(Algorithm::P256).unwrap();
    let bare = Draft::new("X", &key).by(centre.authority.issuing(), &centre.key("issuing"));
    let (unknown, _) = outcome_of(&validator, &bare, Check::NotRevoked).await;
    assert_eq!(unknown, Outcome::Unknown(Doubt::RevocationUnknown { asked: Vec::new() }));
    assert!(centre.asked().is_empty());
}

#[tokio::test]
async fn a_certificate_that_names_a_crowd_of_sources_has_a_few_of_them_asked() {
    let (centre, validator) = validator(Centre::p256());
    let key = KeyPair::generate(Algorithm::P256).unwrap();
    let uri = der::element(0x86, &[CRL.as_bytes()]);
    let point = der::sequence(&[&der::element(0xa0, &[&der::element(0xa0, &[&uri])])]);
    let points = extension(oid::CRL_DISTRIBUTION_POINTS, false, &der::row(SEQUENCE, &vec![point; 1000]));
    let draft = Draft { more: vec![points], ..Draft::new("X", &key) };
    let greedy = draft.by(centre.authority.issuing(), &centre.key("issuing"));
    let (outcome, asked) = outcome_of(&validator, &greedy, Check::NotRevoked).await;
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
    let why = "not asked: more than 4 are named".to_owned();
    assert_eq!((asked.len(), &asked[4].answer), (5, &Answer::NoAnswer { why }));
    // Each list names a delta list of its own.
    let asked = centre.asked();
    let lists = asked.iter().filter(|asked| asked.starts_with("crl ")).count();
    assert_eq!((lists, asked.len()), (4, 8), "{asked:?}");
}

#[tokio::test]
async fn nobody_is_asked_about_a_stranger() {
    let certificate = Centre::stranger().issue(&order(Algorithm::P256));
    let (centre, validator) = validator(Centre::p256());
    let (outcome, asked) = outcome_of(&validator, &certificate, Check::NotRevoked).await;
    assert_eq!(outcome, Outcome::Unknown(Doubt::RevocationUnknown { asked: asked.clone() }));
    let why = format!("nobody here speaks for the issuer {}", certificate.issuer());
    assert!(asked.iter().all(|source| source.answer == Answer::NoAnswer { why: why.clone() }), "{asked:?}");
    assert!(centre.asked().is_empty());
}

#[tokio::test]
async fn rsa_is_judged_like_any_other() {
    let (centre, validator) = validator(Centre::known(Algorithm::Rsa));
    let certificate = centre.issue(&order(Algorithm::Rsa));
    assert_eq!(outcome_of(&validator, &certificate, Check::NotRevoked).await.0, Outcome::Passed);
    assert_eq!(outcome_of(&validator, &certificate, Check::PathToRoot).await.0, Outcome::Passed);
    centre.revoke(&certificate, Reason::CessationOfOperation);
    let (outcome, _) = outcome_of(&validator, &certificate, Check::NotRevoked).await;
    assert!(matches!(outcome, Outcome::Failed(Failure::Revoked { .. })), "{outcome:?}");
}
