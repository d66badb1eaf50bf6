//! The checks that look at nothing but the certificate.

use certs::{Algorithm, Bin, Identifier, Iin, Order, Profile, Purpose, Role, Subject, SystemName};

use super::*;
use crate::testing::{head, order, person};

async fn asked(certificate: &Certificate, question: Question<'_>) -> Outcome {
    let (_, validator) = validator(Centre::p256());
    validator.validate(certificate, &question).await.findings.remove(0).outcome
}

fn identity(declared: Option<Identifier>) -> Question<'static> {
    Question { checks: &[Check::IdentityMatches], declared, roles: &[] }
}

#[tokio::test]
async fn identity_is_compared_with_the_number_of_its_kind() {
    let centre = Centre::p256();
    let (mine, other) = (Iin::never_issued(1), Iin::never_issued(2));
    let (bin, other_bin) = (Bin::generated(1), Bin::generated(2));
    let individual = centre.issue(&order(Algorithm::P256));
    let head = centre.issue(&head(&[]));
    for (certificate, declared) in
        [(&individual, Identifier::Iin(mine)), (&head, Identifier::Iin(mine)), (&head, Identifier::Bin(bin))]
    {
        assert_eq!(asked(certificate, identity(Some(declared))).await, Outcome::Passed);
    }
    let declared = Identifier::Iin(other);
    let failure = Failure::IdentityMismatch { declared, in_certificate: mine.to_string() };
    assert_eq!(asked(&head, identity(Some(declared))).await, Outcome::Failed(failure));
    let declared = Identifier::Bin(other_bin);
    let failure = Failure::IdentityMismatch { declared, in_certificate: bin.to_string() };
    assert_eq!(asked(&head, identity(Some(declared))).await, Outcome::Failed(failure));
    let failure = Failure::IdentityOtherKind { declared, in_certificate: Identifier::Iin(mine) };
    assert_eq!(asked(&individual, identity(Some(declared))).await, Outcome::Failed(failure));
}

#[tokio::test]
async fn a_certificate_of_an_organisation_has_no_persons_number_and_one_of_nobody_has_none() {
    let centre = Centre::p256();
    let declared = Identifier::Iin(Iin::never_issued(1));
    let organisation = certs::Organisation { name: "ПОРТАЛ".into(), bin: Bin::generated(1) };
    let name = SystemName { common_name: "ПОРТАЛ".into(), organisation, oid: "1.2.398.3.17.1".into() };
    let system = Order::new(Subject::System(name), Profile::InformationSystem, Algorithm::P256);
    let in_certificate = Identifier::Bin(Bin::generated(1));
    let failure = Failure::IdentityOtherKind { declared, in_certificate };
    assert_eq!(asked(&centre.issue(&system), identity(Some(declared))).await, Outcome::Failed(failure));
    let nobody = centre.authority.ocsp_responder();
    let failure = Failure::IdentityMissing { declared };
    assert_eq!(asked(nobody, identity(Some(declared))).await, Outcome::Failed(failure));
}

#[tokio::test]
async fn nothing_declared_is_unknown_and_neither_yes_nor_no() {
    let certificate = Centre::p256().issue(&order(Algorithm::P256));
    assert_eq!(asked(&certificate, identity(None)).await, Outcome::Unknown(Doubt::NothingDeclared));
}

#[tokio::test]
async fn the_key_must_be_for_signing() {
    let centre = Centre::p256();
    let usage = Question { checks: &[Check::KeyUsage], declared: None, roles: &[] };
    assert_eq!(asked(&centre.issue(&order(Algorithm::P256)), usage).await, Outcome::Passed);
    let login = Order { purpose: Purpose::Authentication, ..order(Algorithm::P256) };
    let found = vec!["digitalSignature".to_owned(), "keyEncipherment".to_owned()];
    assert_eq!(asked(&centre.issue(&login), usage).await, Outcome::Failed(Failure::KeyUsage { found }));
    let found = vec!["digitalSignature".to_owned()];
    let responder = centre.authority.ocsp_responder();
    assert_eq!(asked(responder, usage).await, Outcome::Failed(Failure::KeyUsage { found }));
    let key = centre.key("root");
    let unsaid = crate::testing::Draft { usage: None, ..crate::testing::Draft::new("X", &key) };
    let failure = Failure::KeyUsage { found: Vec::new() };
    assert_eq!(asked(&unsaid.self_signed(&key), usage).await, Outcome::Failed(failure));
}

#[tokio::test]
async fn any_of_the_roles_is_enough() {
    let certificate = Centre::p256().issue(&head(&[]));
    let found = certificate.roles();
    assert!(found.contains(&Role::FirstHead), "{found:?}");
    let roles = |roles: &'static [Role]| Question { checks: &[Check::Role], declared: None, roles };
    assert_eq!(asked(&certificate, roles(&[Role::Individual, Role::FirstHead])).await, Outcome::Passed);
    for allowed in [&[Role::Individual][..], &[]] {
        let failure = Failure::Role { allowed: allowed.to_vec(), found: found.clone() };
        assert_eq!(asked(&certificate, roles(allowed)).await, Outcome::Failed(failure));
    }
}

#[tokio::test]
async fn no_question_is_no_acceptance() {
    let (_, validator) = validator(Centre::p256());
    let certificate = Centre::p256().issue(&order(Algorithm::P256));
    let verdict =
        validator.validate(&certificate, &Question { checks: &[], declared: None, roles: &[] }).await;
    assert!(!verdict.passed() && verdict.asked.is_empty());
    assert_eq!(verdict.certificate.iin, Some(person().iin.to_string()));
}
