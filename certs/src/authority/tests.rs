mod flaws;
mod rollover;

use std::sync::LazyLock;

use super::*;
use crate::ocsp::{BasicResponse, CertId, CertIdHash, Response, ResponseStatus, request};
use crate::{
    Bin, CertStatus, Crl, Flaw, Iin, IssueError, KeyUsage, Order, Organisation, Person, Profile, Purpose,
    Reason, RevocationBy, RevokedEntry, Role, SignatureError, Subject, SystemName,
};

static P256: LazyLock<Authority> = LazyLock::new(|| authority(Algorithm::P256));

fn authority(algorithm: Algorithm) -> Authority {
    Authority::create(algorithm, "QAQPA SANDBOX test", now(), "http://127.0.0.1:8710").unwrap()
}

fn now() -> Timestamp {
    "2026-11-20T10:00:00.5Z".parse().unwrap()
}

fn person() -> Person {
    Person {
        surname: "ӘБДІҒАЛИ".into(),
        name: "ҰЛЖАН".into(),
        patronymic: Some("СЕРІКҚЫЗЫ".into()),
        iin: Iin::never_issued(1),
    }
}

fn organisation() -> Organisation {
    Organisation { name: "№ 1 МЕКТЕП".into(), bin: Bin::generated(1) }
}

fn employee() -> Subject {
    Subject::Employee { person: person(), organisation: organisation() }
}

fn individual() -> Order {
    Order::new(Subject::Person(person()), Profile::Individual, Algorithm::P256)
}

fn head() -> Order {
    Order::new(employee(), Profile::Head, Algorithm::P256)
}

fn issue(order: &Order) -> Certificate {
    P256.issue(order, now()).unwrap().certificate
}

#[test]
fn the_hierarchy_holds_for_every_algorithm() {
    for &algorithm in Algorithm::ALL {
        let centre = authority(algorithm);
        let (root, issuing) = (centre.root(), centre.issuing());
        assert!(root.is_ca() && issuing.is_ca() && root.is_self_issued());
        assert_eq!(root.verify_signature(root.public_key()), Ok(()));
        assert_eq!(issuing.verify_signature(root.public_key()), Ok(()));
        assert_eq!((root.path_len(), issuing.path_len()), (None, Some(0)));
        assert_eq!(issuing.akid(), root.skid());
        assert_eq!(issuing.key_usage(), Some(KeyUsage::CENTRE));
        let name = format!("({}) TEST QAQPA", algorithm.label());
        for certificate in [root, issuing] {
            assert!(certificate.common_name().unwrap().ends_with(&name));
            assert_eq!(certificate.subject_attribute(oid::ORGANISATION), Some("QAQPA SANDBOX test"));
        }
        assert_eq!(issuing.crl_urls(), [format!("http://127.0.0.1:8710/ca/crl/{algorithm}-root.crl")]);
        let issued = centre.issue(&Order { algorithm, ..individual() }, now()).unwrap();
        assert_eq!(issued.certificate.verify_signature(issuing.public_key()), Ok(()));
        assert_eq!(issued.key.unwrap().public_key(), issued.certificate.public_key());
        let responder = centre.ocsp_responder();
        assert!(responder.has_ocsp_no_check());
        assert_eq!(responder.extended_key_usage(), [oid::OCSP_SIGNING]);
        assert!(responder.subject().contains("TEST"));
    }
}

#[test]
fn an_individual_certificate_has_the_national_shape() {
    let certificate = issue(&Order { email: Some("a@example.kz".into()), ..individual() });
    let iin = Iin::never_issued(1);
    assert_eq!(
        certificate.subject(),
        format!("CN=ӘБДІҒАЛИ ҰЛЖАН TEST,SURNAME=ӘБДІҒАЛИ,SERIALNUMBER=IIN{iin},C=KZ,G=СЕРІКҚЫЗЫ")
    );
    assert_eq!((certificate.iin(), certificate.bin()), (Some(iin), None));
    assert_eq!(certificate.key_usage(), Some(KeyUsage::SIGNING));
    assert_eq!(certificate.extended_key_usage(), [oid::EMAIL_PROTECTION, Role::Individual.oid()]);
    assert_eq!(certificate.policies(), [oid::POLICY_INDIVIDUAL_SIGNING]);
    assert_eq!(certificate.ocsp_urls(), ["http://127.0.0.1:8710/ca/ocsp"]);
    assert_eq!(certificate.crl_urls(), ["http://127.0.0.1:8710/ca/crl/p256.crl"]);
    assert_eq!(certificate.delta_crl_urls(), ["http://127.0.0.1:8710/ca/crl/p256-delta.crl"]);
    assert_eq!(certificate.ca_issuer_urls(), ["http://127.0.0.1:8710/ca/certificates/p256.cer"]);
    assert_eq!(certificate.emails(), ["a@example.kz"]);
    assert_eq!(certificate.skid(), Some(certificate.public_key().key_id().as_slice()));
    assert_eq!(certificate.akid(), P256.issuing().skid());
    assert_eq!(certificate.not_before(), whole_second(now()));
    assert_eq!(certificate.not_after(), years_after(whole_second(now()), 1).unwrap());
    assert!(certificate.unknown_critical_extensions().is_empty());
    let mut serial = certificate.public_key().key_id();
    serial[0] &= 0x7f;
    assert_eq!(certificate.serial(), crate::der::positive(&serial));
}

#[test]
fn extensions_stand_in_the_national_order() {
    let certificate = issue(&Order { email: Some("a@example.kz".into()), ..head() });
    let (_, parsed) = x509_parser::parse_x509_certificate(certificate.der()).unwrap();
    let found: Vec<String> = parsed.extensions().iter().map(|e| e.oid.to_id_string()).collect();
    let expected = [
        oid::KEY_USAGE,
        oid::EXTENDED_KEY_USAGE,
        oid::SUBJECT_KEY_ID,
        oid::AUTHORITY_KEY_ID,
        oid::CERTIFICATE_POLICIES,
        oid::AUTHORITY_INFO_ACCESS,
        oid::CRL_DISTRIBUTION_POINTS,
        oid::FRESHEST_CRL,
        oid::SUBJECT_ALT_NAME,
        oid::KEY_STORAGE,
    ];
    assert_eq!(found, expected.map(|oid| oid.to_string()));
}

#[test]
fn employees_and_systems_carry_their_organisation() {
    let bin = Bin::generated(1);
    let certificate = issue(&head());
    let expected = "CN=ӘБДІҒАЛИ ҰЛЖАН,SURNAME=ӘБДІҒАЛИ,SERIALNUMBER=IIN";
    assert!(certificate.subject().starts_with(expected));
    assert!(certificate.subject().ends_with(&format!(",C=KZ,O=№ 1 МЕКТЕП TEST,OU=BIN{bin},G=СЕРІКҚЫЗЫ")));
    assert_eq!(certificate.roles(), [Role::LegalEntity, Role::FirstHead]);
    assert_eq!(certificate.policies(), [oid::POLICY_ENTITY_SIGNING]);

    let system = SystemName {
        common_name: "ПОРТАЛ".into(),
        oid: "1.2.398.3.99.1".into(),
        organisation: organisation(),
    };
    let order = Order::new(Subject::System(system), Profile::InformationSystem, Algorithm::P256);
    let certificate = issue(&order);
    assert_eq!(
        certificate.subject(),
        format!("UID=1.2.398.3.99.1,CN=ПОРТАЛ,C=KZ,O=№ 1 МЕКТЕП TEST,OU=BIN{bin}")
    );
    assert_eq!(certificate.extended_key_usage(), [Role::LegalEntity.oid(), Role::InformationSystem.oid()]);
    assert_eq!((certificate.iin(), certificate.bin()), (None, Some(bin)));
}

#[test]
fn authentication_certificates_are_for_logging_in() {
    let certificate = issue(&Order { purpose: Purpose::Authentication, ..individual() });
    assert_eq!(certificate.key_usage(), Some(KeyUsage::AUTHENTICATION));
    assert_eq!(certificate.extended_key_usage().first(), Some(&oid::CLIENT_AUTH));
    assert_eq!(certificate.policies(), [oid::POLICY_INDIVIDUAL_AUTHENTICATION]);
}

#[test]
fn two_certificates_of_one_key_differ() {
    let first = P256.issue(&individual(), now()).unwrap();
    let again = Order { public_key: Some(first.certificate.public_key().clone()), ..individual() };
    let [second, third] = [0, 1].map(|_| P256.issue(&again, now()).unwrap());
    assert!(second.key.is_none());
    assert_ne!(second.certificate.serial(), first.certificate.serial());
    assert_ne!(second.certificate.serial(), third.certificate.serial());
    assert_eq!(second.certificate.skid(), first.certificate.skid());
}

#[test]
fn flaws_of_time() {
    let day = SignedDuration::from_hours(24);
    let at = whole_second(now());
    assert_eq!(issue(&head().flawed(Flaw::Expired)).not_after(), at.checked_sub(day).unwrap());
    assert_eq!(issue(&head().flawed(Flaw::NotYetValid)).not_before(), at.checked_add(day).unwrap());
}

#[test]
fn flaws_of_identity() {
    let (iin, bin) = (Iin::never_issued(1), Bin::generated(1));
    let other = issue(&head().flawed(Flaw::IinMismatch)).iin().unwrap();
    assert!(other != iin && other.is_never_issued_form());
    assert_ne!(issue(&head().flawed(Flaw::BinMismatch)).bin(), Some(bin));
    assert_eq!(issue(&head().flawed(Flaw::NoIin)).iin_text(), None);
}

#[test]
fn flaws_of_the_signature() {
    let issuer = P256.issuing();
    let stranger = issue(&head().flawed(Flaw::UnknownIssuer));
    assert_ne!(stranger.issuer_der(), issuer.subject_der());
    assert_ne!(stranger.akid(), issuer.skid());
    assert!(stranger.issuer().contains("TEST"));
    assert_eq!(stranger.verify_signature(issuer.public_key()), Err(SignatureError::Invalid));
    let damaged = issue(&head().flawed(Flaw::BadSignature));
    assert_eq!(damaged.issuer_der(), issuer.subject_der());
    assert_eq!(damaged.verify_signature(issuer.public_key()), Err(SignatureError::Invalid));
}

#[test]
fn flaws_of_use_and_of_revocation() {
    assert_eq!(issue(&head().flawed(Flaw::WrongKeyUsage)).key_usage(), Some(KeyUsage::ENCIPHERMENT));
    let login = issue(&head().flawed(Flaw::AuthKeyForSigning));
    assert_eq!(login.key_usage(), Some(KeyUsage::AUTHENTICATION));
    let lost = issue(&head().flawed(Flaw::MissingCrl));
    assert_eq!(lost.crl_urls(), ["http://127.0.0.1:8710/ca/crl/missing.crl"]);
    assert!(lost.ocsp_urls().is_empty());
    let revocation =
        |flaw| P256.issue(&head().flawed(flaw), now()).unwrap().revocation.map(|entry| entry.reason);
    assert_eq!(revocation(Flaw::Revoked), Some(Reason::KeyCompromise));
    assert_eq!(revocation(Flaw::Suspended), Some(Reason::CertificateHold));
    assert_eq!(revocation(Flaw::Expired), None);
    let list_only = issue(&Order { revocation_by: RevocationBy::CrlOnly, ..head() });
    assert!(list_only.ocsp_urls().is_empty() && list_only.crl_urls().len() == 1);
}

#[test]
fn several_flaws_at_once() {
    let order = head().flawed(Flaw::Expired).flawed(Flaw::Revoked).flawed(Flaw::IinMismatch);
    let issued = P256.issue(&order, now()).unwrap();
    assert!(issued.certificate.not_after() < now());
    assert_ne!(issued.certificate.iin(), Some(Iin::never_issued(1)));
    assert_eq!(issued.revocation.map(|entry| entry.reason), Some(Reason::KeyCompromise));
}

#[test]
fn orders_that_make_no_sense_are_refused_by_type() {
    let error = |order: Order| P256.issue(&order, now()).unwrap_err();
    assert_eq!(
        error(head().flawed(Flaw::Expired).flawed(Flaw::NotYetValid)),
        IssueError::ContradictoryFlaws { one: Flaw::Expired, other: Flaw::NotYetValid }
    );
    assert_eq!(
        error(individual().flawed(Flaw::BinMismatch)),
        IssueError::FlawDoesNotApply { flaw: Flaw::BinMismatch, profile: Profile::Individual }
    );
    let fits = IssueError::SubjectDoesNotFit { profile: Profile::Individual };
    assert_eq!(error(Order { profile: Profile::Individual, ..head() }), fits);
    assert!(matches!(
        error(Order { algorithm: Algorithm::Rsa, ..head() }),
        IssueError::OtherAlgorithm { .. }
    ));
    let key = Some(KeyPair::generate(Algorithm::P256).unwrap().public_key().clone());
    let brought = Order { public_key: key, ..head() };
    let needs = IssueError::FlawNeedsNewKey { flaw: Flaw::WeakRsa };
    assert_eq!(error(brought.flawed(Flaw::WeakRsa)), needs);
    let partitioned = Order { revocation_by: RevocationBy::PartitionedCrl, ..head() };
    let needs = IssueError::FlawNeedsUsualLists { flaw: Flaw::IssuerRevoked };
    assert_eq!(error(partitioned.flawed(Flaw::IssuerRevoked)), needs);
    let login = Order { purpose: Purpose::Authentication, ..head() };
    assert!(matches!(error(login.flawed(Flaw::AuthKeyForSigning)), IssueError::FlawNeedsSigning { .. }));
    let backwards = Order { validity: Some((now(), Timestamp::UNIX_EPOCH)), ..head() };
    assert!(matches!(error(backwards), IssueError::Validity { .. }));
    let nameless = Subject::Person(Person { name: " ".into(), ..person() });
    assert_eq!(error(Order { subject: nameless, ..individual() }), IssueError::EmptyName { field: "name" });
}

#[test]
fn a_persisted_centre_goes_on() {
    let json = serde_json::to_string(&P256.state()).unwrap();
    let again = Authority::from_state(&serde_json::from_str(&json).unwrap()).unwrap();
    assert_eq!(again.root(), P256.root());
    let certificate = again.issue(&individual(), now()).unwrap().certificate;
    assert_eq!(certificate.verify_signature(P256.issuing().public_key()), Ok(()));
    assert!(!format!("{again:?} {:?}", again.state()).contains("MIG"));
}

#[test]
fn a_list_finds_what_is_in_it() {
    let entries: Vec<RevokedEntry> = Reason::ALL
        .iter()
        .enumerate()
        .map(|(i, &reason)| RevokedEntry {
            serial: vec![0x7f, 200 - u8::try_from(i).unwrap() * 7],
            at: whole_second(now()),
            reason,
        })
        .collect();
    let crl = Crl::from_der(&P256.crl(&entries, 12, now()).unwrap()).unwrap();
    assert_eq!(crl.verify_signature(P256.issuing().public_key()), Ok(()));
    assert_eq!(crl.verify_signature(P256.root().public_key()), Err(SignatureError::Invalid));
    assert_eq!((crl.number(), crl.len()), (Some(12), 10));
    assert_eq!(crl.issuer_der(), P256.issuing().subject_der());
    assert_eq!(
        crl.next_update().unwrap().duration_since(crl.this_update()),
        SignedDuration::from_hours(180 * 24)
    );
    for entry in &entries {
        assert_eq!(crl.find(&entry.serial).unwrap().as_ref(), Some(entry));
    }
    assert_eq!(crl.find(&[0x7f]), Ok(None));
    assert_eq!(crl.find(&[0, 0x7f, 200]), Ok(None));
    let empty = Crl::from_der(&P256.root_crl(&[], 1, now()).unwrap()).unwrap();
    assert!(empty.is_empty());
    assert_eq!(empty.verify_signature(P256.root().public_key()), Ok(()));
}

fn ask(id: &CertId, nonce: Option<[u8; 8]>, status: CertStatus) -> BasicResponse {
    let answer = P256.ocsp_respond(&request(id, nonce), &|_| status, now());
    match Response::from_der(&answer).unwrap() {
        Response::Successful(basic) => *basic,
        Response::Failed(status) => panic!("{status}"),
    }
}

#[test]
fn ocsp_says_what_the_lookup_says() {
    let certificate = issue(&individual());
    let at = whole_second(now());
    let revoked = CertStatus::Revoked { at, reason: Reason::CertificateHold };
    for hash in [CertIdHash::Sha1, CertIdHash::Sha256] {
        let id = CertId::new(hash, P256.issuing(), certificate.serial());
        for status in [CertStatus::Good, CertStatus::Unknown, revoked] {
            let basic = ask(&id, Some(*b"12345678"), status);
            assert_eq!(basic.nonce.as_deref(), Some(b"12345678".as_slice()));
            assert_eq!(basic.produced_at, at);
            let [single] = &basic.answers[..] else { panic!("one answer") };
            assert_eq!((single.status, single.this_update), (status, at));
            assert!(single.certificate.names(P256.issuing(), certificate.serial()));
            let responder = basic.responder_certificate().unwrap();
            assert_eq!(responder, P256.ocsp_responder());
            assert_eq!(basic.verify_signature(responder.public_key()), Ok(()));
            assert_eq!(responder.verify_signature(P256.issuing().public_key()), Ok(()));
        }
    }
}

#[test]
fn ocsp_does_not_speak_for_others() {
    let id = CertId::new(CertIdHash::Sha256, P256.root(), &[1]);
    let basic = ask(&id, None, CertStatus::Good);
    assert_eq!(basic.answers[0].status, CertStatus::Unknown);
    assert_eq!(basic.nonce, None);
    let answer = P256.ocsp_respond(b"what?", &|_| CertStatus::Good, now());
    assert!(matches!(Response::from_der(&answer), Ok(Response::Failed(ResponseStatus::MalformedRequest))));
}

#[test]
fn a_tls_server_names_its_hosts() {
    let subject = Subject::Service { common_name: "localhost".into(), organisation: "QAQPA".into() };
    let order = Order::new(subject, Profile::TlsServer, Algorithm::P256);
    let hosts = ["localhost", "127.0.0.1", "::1", "gate.example.test"].map(str::to_owned).to_vec();
    let certificate = issue(&Order { hosts, ..order.clone() });
    let (_, parsed) = x509_parser::parse_x509_certificate(certificate.der()).unwrap();
    let names = parsed.subject_alternative_name().unwrap().unwrap().value.general_names.len();
    assert_eq!((names, certificate.policies()), (4, &[oid::POLICY_TLS][..]));
    assert_eq!(certificate.extended_key_usage(), [oid::SERVER_AUTH]);
    for wrong in [&[][..], &["two words"], &["қақпа"], &["a..b"], &["https://localhost"]] {
        let hosts = wrong.iter().map(|host| (*host).to_owned()).collect();
        let refused = P256.issue(&Order { hosts, ..order.clone() }, now());
        assert!(matches!(refused, Err(IssueError::Host { .. })), "{wrong:?}");
    }
}
