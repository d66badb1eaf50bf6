use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, IsCa, Issuer, KeyIdMethod,
    KeyUsagePurpose, RevocationReason, RevokedCertParams, SerialNumber,
};

use super::*;
use crate::{Certificate, Reason};

/// A list by an issuer that shares no code with ours.
fn foreign() -> (Vec<u8>, Certificate) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::CrlSign, KeyUsagePurpose::KeyCertSign];
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = Certificate::from_der(params.self_signed(&key).unwrap().der()).unwrap();
    let revoked = |serial: u64, reason_code| RevokedCertParams {
        serial_number: SerialNumber::from(serial),
        revocation_time: rcgen::date_time_ymd(2026, 11, 19),
        reason_code,
        invalidity_date: None,
    };
    let list = CertificateRevocationListParams {
        this_update: rcgen::date_time_ymd(2026, 11, 20),
        next_update: rcgen::date_time_ymd(2051, 1, 1),
        crl_number: SerialNumber::from(77),
        issuing_distribution_point: None,
        revoked_certs: vec![revoked(0x90, Some(RevocationReason::CertificateHold)), revoked(5, None)],
        key_identifier_method: KeyIdMethod::Sha256,
    };
    let der = list.signed_by(&Issuer::new(params, key)).unwrap().der().to_vec();
    (der, certificate)
}

#[test]
fn a_foreign_list_is_read_and_verifies() {
    let (der, issuer) = foreign();
    let crl = Crl::from_der(&der).unwrap();
    assert_eq!(crl.verify_signature(issuer.public_key()), Ok(()));
    assert_eq!((crl.number(), crl.len()), (Some(77), 2));
    assert_eq!(crl.this_update().to_string(), "2026-11-20T00:00:00Z");
    assert_eq!(crl.next_update().unwrap().to_string(), "2051-01-01T00:00:00Z");
    assert_eq!(crl.find(&[0, 0x90]).unwrap().reason, Reason::CertificateHold);
    assert_eq!(crl.find(&[5]).unwrap().reason, Reason::Unspecified);
    assert_eq!(crl.find(&[0x90]), None);
    assert_eq!(Crl::from_pem_or_der(pem::encode("X509 CRL", &der).as_bytes()).unwrap().der(), der);
}

#[test]
fn a_long_list_finds_every_serial() {
    let centre = crate::Authority::create(
        crate::Algorithm::P256,
        "QAQPA SANDBOX test",
        Timestamp::UNIX_EPOCH,
        "http://x",
    );
    let centre = centre.unwrap();
    let serial = |n: u32| [&[1], n.wrapping_mul(2_654_435_761).to_be_bytes().as_slice()].concat();
    let entries: Vec<RevokedEntry> = (0..20_000)
        .map(|n| RevokedEntry { serial: serial(n), at: Timestamp::UNIX_EPOCH, reason: Reason::Superseded })
        .collect();
    let crl = Crl::from_der(&centre.crl(&entries, 1, Timestamp::UNIX_EPOCH).unwrap()).unwrap();
    assert_eq!(crl.len(), entries.len());
    assert!(entries.iter().all(|entry| crl.find(&entry.serial).as_ref() == Some(entry)));
    assert_eq!(crl.find(&serial(20_000)), None);
}

#[test]
fn an_empty_file_is_a_typed_error() {
    assert_eq!(Crl::from_der(&[]).unwrap_err(), CrlError::Empty);
}

#[test]
fn no_flipped_bit_panics_or_verifies() {
    let (der, issuer) = foreign();
    for index in 0..der.len() * 8 {
        let mut flipped = der.clone();
        flipped[index / 8] ^= 1 << (index % 8);
        if let Ok(crl) = Crl::from_der(&flipped) {
            assert!(crl.find(&[5]).is_none() || crl.entries().count() == 2);
            assert!(crl.verify_signature(issuer.public_key()).is_err(), "bit {index}");
        }
    }
}

#[test]
fn a_delta_list_says_what_it_is_added_to() {
    let centre = crate::Authority::create(
        crate::Algorithm::P256,
        "QAQPA SANDBOX test",
        Timestamp::UNIX_EPOCH,
        "http://x",
    );
    let centre = centre.unwrap();
    let entry = RevokedEntry { serial: vec![7], at: Timestamp::UNIX_EPOCH, reason: Reason::RemoveFromCrl };
    let delta = centre.delta_crl(std::slice::from_ref(&entry), 9, 4, Timestamp::UNIX_EPOCH).unwrap();
    let delta = Crl::from_der(&delta).unwrap();
    assert_eq!(delta.verify_signature(centre.issuing().public_key()), Ok(()));
    assert_eq!((delta.is_delta(), delta.base_number(), delta.number()), (true, Some(4), Some(9)));
    assert_eq!((delta.find(&[7]), delta.unknown_critical_extensions()), (Some(entry), &[][..]));
    let full = Crl::from_der(&centre.crl(&[], 9, Timestamp::UNIX_EPOCH).unwrap()).unwrap();
    assert_eq!((full.is_delta(), full.base_number()), (false, None));
}

#[test]
fn entries_of_an_indirect_list_are_whose_the_last_one_named_says() {
    use crate::{der, oid};
    let name = |common: &str| {
        let pair = der::sequence(&[&der::oid(oid::COMMON_NAME), &der::element(0x0c, &[common.as_bytes()])]);
        der::sequence(&[&der::set_of(vec![pair])])
    };
    let entry = |serial: u8, issuer: Option<&str>| {
        let extensions = issuer.map(|issuer| {
            let names = der::sequence(&[&der::element(0xa4, &[&name(issuer)])]);
            der::sequence(&[&crate::issue::extension::write(oid::CERTIFICATE_ISSUER, true, &names)])
        });
        let time = der::time(Timestamp::UNIX_EPOCH);
        der::sequence(&[&[2, 1, serial], &time, &extensions.unwrap_or_default()])
    };
    let entries =
        [entry(9, None), entry(5, Some("B")), entry(3, None), entry(5, Some("C")), entry(5, Some("A"))];
    let algorithm = SignatureAlgorithm::of(crate::Algorithm::P256).to_der();
    let time = der::time(Timestamp::UNIX_EPOCH);
    let scope = der::sequence(&[&[0x84, 1, 0xff]]);
    let scope = crate::issue::extension::write(oid::ISSUING_DISTRIBUTION_POINT, true, &scope);
    let extensions = der::element(0xa0, &[&der::sequence(&[&scope])]);
    let rows = der::row(SEQUENCE, &entries);
    let tbs = der::sequence(&[&der::integer(1), &algorithm, &name("A"), &time, &rows, &extensions]);
    let crl = Crl::from_der(&der::sequence(&[&tbs, &algorithm, &der::bits(&[0])])).unwrap();
    assert!(crl.unknown_critical_extensions().is_empty() && crl.names_other_issuers());
    let listed =
        |issuer: &str, serial| crl.find_of(&Name::from_der(&name(issuer)).unwrap(), &[serial]).is_some();
    for (issuer, serials) in
        [("a", [false, true, true]), ("B", [true, true, false]), ("C", [false, true, false])]
    {
        assert_eq!([listed(issuer, 3), listed(issuer, 5), listed(issuer, 9)], serials, "{issuer}");
    }
    assert!(crl.find(&[9]).is_some() && crl.find(&[3]).is_none());
}
