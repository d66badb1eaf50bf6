//! What each flaw does to a certificate and to what is around it.

use super::*;
use crate::{AlgorithmPolicy, BranchKind, Issued, ListFile};

fn ordered(flaw: Flaw) -> Issued {
    P256.issue(&head().flawed(flaw), now()).unwrap()
}

#[test]
fn every_flaw_can_be_ordered_and_changes_something_or_what_is_around() {
    for &flaw in Flaw::all() {
        let order = if flaw.applies_to(Profile::Head) { head() } else { individual() };
        let issued = P256.issue(&order.flawed(flaw), now()).unwrap();
        let kind = flaw.has_odd_centre().then_some(BranchKind::Odd(flaw));
        assert_eq!(issued.branch.map(|branch| branch.kind()), kind, "{flaw}");
        assert!(issued.certificate.subject().contains("TEST"), "{flaw}");
        assert!(issued.certificate.issuer().contains("TEST"), "{flaw}");
    }
}

#[test]
fn numbers_stand_where_they_should_not() {
    let number = |flaw: Flaw| {
        let certificate = ordered(flaw).certificate;
        certificate.subject_attribute(oid::SERIAL_NUMBER).unwrap().to_owned()
    };
    let right = Iin::never_issued(1).to_string();
    assert!(number(Flaw::BinInsteadOfIin).starts_with("BIN"));
    assert_eq!(number(Flaw::IinWithoutPrefix), right);
    let wrong = number(Flaw::WrongCheckDigit);
    assert_eq!((&wrong[..14], wrong.len()), (format!("IIN{}", &right[..11]).as_str(), 15));
    assert!(Iin::parse(&wrong[3..], crate::CheckDigit::Strict).is_err());
    let elsewhere = ordered(Flaw::OtherOrganisation).certificate;
    assert_ne!(elsewhere.bin(), Some(Bin::generated(1)));
    assert_eq!(elsewhere.subject_attribute(oid::ORGANISATION), Some("БАСҚА ҰЙЫМ TEST"));
    let nameless = ordered(Flaw::NoPatronymic).certificate;
    assert_eq!(nameless.subject_attribute(oid::GIVEN_NAME), None);
}

#[test]
fn keys_are_for_something_else() {
    assert_eq!(ordered(Flaw::WrongExtendedKeyUsage).certificate.extended_key_usage(), [oid::SERVER_AUTH]);
    assert_eq!(ordered(Flaw::NoRole).certificate.roles(), []);
    assert_eq!(ordered(Flaw::WrongPolicy).certificate.policies(), [oid::POLICY_TLS]);
    let critical = ordered(Flaw::CriticalExtension).certificate;
    assert_eq!(critical.unknown_critical_extensions().len(), 1);
}

#[test]
fn keys_and_signatures_are_weak() {
    let weak = ordered(Flaw::WeakRsa);
    let refused = SignatureError::WeakRsa { bits: 1024 };
    assert_eq!(weak.certificate.public_key().weakness(AlgorithmPolicy::Strict), Some(refused));
    assert_eq!(weak.certificate.verify_signature(P256.issuing().public_key()), Ok(()));
    assert_eq!(weak.key.unwrap().public_key(), weak.certificate.public_key());
    for (flaw, refused) in [
        (Flaw::Sha1Signature, SignatureError::BrokenDigest { algorithm: "sha1WithRSAEncryption" }),
        (Flaw::WeakIssuer, SignatureError::WeakRsa { bits: 1024 }),
    ] {
        let issued = ordered(flaw);
        let centre = issued.branch.unwrap();
        let key = centre.certificate().public_key();
        assert_eq!(issued.certificate.verify_signature(key), Err(refused));
        assert_eq!(issued.certificate.verify_signature_under(AlgorithmPolicy::Legacy, key), Ok(()));
        assert_eq!(centre.certificate().verify_signature(P256.root().public_key()), Ok(()));
        let again = Branch::from_state(&centre.state()).unwrap();
        assert_eq!((again.kind(), again.certificate()), (centre.kind(), centre.certificate()));
    }
}

#[test]
fn an_odd_centre_that_was_made_before_signs_again() {
    let first = ordered(Flaw::IssuerNotCa);
    let order = Order { branch: first.branch.clone(), ..head().flawed(Flaw::IssuerNotCa) };
    let second = P256.issue(&order, now()).unwrap();
    let centre = first.branch.unwrap();
    assert!(!centre.certificate().is_ca());
    for issued in [first.certificate, second.certificate] {
        assert_eq!(issued.issuer_der(), centre.certificate().subject_der());
        assert_eq!(issued.verify_signature(centre.certificate().public_key()), Ok(()));
        assert_eq!(issued.crl_urls(), ["http://127.0.0.1:8710/ca/crl/p256-issuer-not-ca.crl"]);
    }
    // One made for something else does not.
    let other = Order { branch: Some(centre), ..head().flawed(Flaw::IssuerExpired) };
    let expired = P256.issue(&other, now()).unwrap().branch.unwrap();
    assert!(expired.certificate().not_after() < now());
}

#[test]
fn a_key_can_be_certified_twice_and_a_number_given_twice() {
    let again = ordered(Flaw::ReissuedKey);
    let (earlier, replaced) = again.earlier.unwrap();
    assert_eq!(earlier.public_key(), again.certificate.public_key());
    assert_eq!(again.key.unwrap().public_key(), earlier.public_key());
    assert_eq!((replaced.serial.as_slice(), replaced.reason), (earlier.serial(), Reason::Superseded));
    assert_ne!(earlier.serial(), again.certificate.serial());
    let twin = ordered(Flaw::DuplicateSerial).certificate;
    assert_eq!(
        (twin.serial(), twin.issuer_der()),
        (P256.ocsp_responder().serial(), P256.issuing().subject_der())
    );
}

#[test]
fn odd_lists_are_odd_in_one_way() {
    let list = |flaw| P256.flawed_crl(flaw, &[], 7, now()).unwrap().unwrap();
    assert!(list(Flaw::EmptyCrl).is_empty());
    let stale = Crl::from_der(&list(Flaw::StaleCrl)).unwrap();
    assert!(stale.next_update().is_some_and(|due| due < now()));
    assert_eq!(stale.verify_signature(P256.issuing().public_key()), Ok(()));
    let forged = Crl::from_der(&list(Flaw::CrlByAnotherKey)).unwrap();
    assert_eq!(forged.issuer_der(), P256.issuing().subject_der());
    assert_eq!(forged.verify_signature(P256.issuing().public_key()), Err(SignatureError::Invalid));
    assert_eq!(P256.flawed_crl(Flaw::Revoked, &[], 7, now()), Ok(None));
}

#[test]
fn a_revocation_may_be_of_a_later_hour() {
    let entry = ordered(Flaw::RevokedAfterSigning).revocation.unwrap();
    assert_eq!(entry.at.duration_since(whole_second(now())), SignedDuration::from_hours(1));
    let certificate = ordered(Flaw::ExpiredInQueue).certificate;
    assert_eq!(certificate.not_after(), entry.at);
}

#[test]
fn lists_are_divided_by_number_or_given_by_somebody_else() {
    let partitioned = issue(&Order { revocation_by: RevocationBy::PartitionedCrl, ..head() });
    let [url] = partitioned.crl_urls() else { panic!("{partitioned:?}") };
    let part = url
        .strip_prefix("http://127.0.0.1:8710/ca/crl/p256-part-")
        .and_then(|rest| rest.strip_suffix(".crl"));
    let part: u8 = part.unwrap().parse().unwrap();
    assert!(partitioned.ocsp_urls().is_empty() && partitioned.delta_crl_urls().is_empty());
    let entry = |serial: &[u8]| RevokedEntry {
        serial: serial.to_vec(),
        at: whole_second(now()),
        reason: Reason::Superseded,
    };
    let entries = [entry(partitioned.serial()), entry(&[1]), entry(&[2]), entry(&[3]), entry(&[4])];
    let mut listed = 0;
    for number in 1..=4 {
        let list = Crl::from_der(&P256.crl_part(number, &entries, 5, now()).unwrap()).unwrap();
        listed += list.len();
        assert_eq!(list.find(partitioned.serial()).unwrap().is_some(), number == part);
        let name = list.scope().and_then(|scope| scope.name.clone()).unwrap();
        let point = partitioned.crl_points()[0].name.clone().unwrap();
        assert_eq!(name == point, number == part);
        assert_eq!(list.verify_signature(P256.issuing().public_key()), Ok(()));
    }
    assert_eq!(listed, entries.len());

    let indirect = P256.issue(&Order { revocation_by: RevocationBy::IndirectCrl, ..head() }, now()).unwrap();
    let issuer = indirect.branch.unwrap();
    let list = Crl::from_der(&P256.branch_crl(&issuer, &entries, 5, now()).unwrap()).unwrap();
    assert_eq!(list.issuer_der(), issuer.certificate().subject_der());
    assert!(list.scope().is_some_and(|scope| scope.indirect) && list.names_other_issuers());
    for entry in &entries {
        assert_eq!(list.find_of(P256.issuing().subject_name(), &entry.serial).unwrap().as_ref(), Some(entry));
        assert_eq!(list.find(&entry.serial).unwrap(), None, "not of the list's own issuer");
    }
    assert_eq!(list.verify_signature(issuer.certificate().public_key()), Ok(()));
    assert!(!issuer.certificate().is_ca());
}

#[test]
fn names_of_files_say_which_list() {
    let read = ListFile::parse;
    let (p256, gost) = (Algorithm::P256, Algorithm::Gost512);
    for (name, expected) in [
        ("p256", Some((p256, 1, ListFile::Whole))),
        ("gost512-2", Some((gost, 2, ListFile::Whole))),
        ("p256-delta", Some((p256, 1, ListFile::Delta))),
        ("p256-12-delta", Some((p256, 12, ListFile::Delta))),
        ("p256-root", Some((p256, 1, ListFile::Root))),
        ("p256-2-part-4", Some((p256, 2, ListFile::Part(4)))),
        ("p256-indirect", Some((p256, 1, ListFile::Indirect))),
        ("p256-stale-crl", Some((p256, 1, ListFile::Flawed(Flaw::StaleCrl)))),
        ("missing", None),
        ("p256x", None),
        ("p256-1", None),
        ("p256-0-delta", None),
        ("p256-2-root", None),
        ("p256-part-5", None),
        ("p256-nonsense", None),
        ("", None),
    ] {
        assert_eq!(read(name), expected, "{name}");
    }
    for &algorithm in Algorithm::ALL {
        assert_eq!(read(algorithm.name()), Some((algorithm, 1, ListFile::Whole)));
    }
}
