use rcgen::{CertificateParams, DnType, DnValue, ExtendedKeyUsagePurpose, KeyUsagePurpose};

use super::*;

/// A certificate by an issuer that shares no code with ours.
fn foreign() -> rcgen::Certificate {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, "СЫНАҚ ТЕСТ");
    params.distinguished_name.push(
        DnType::CustomDnType(vec![2, 5, 4, 5]),
        DnValue::PrintableString("IIN123456789011".try_into().unwrap()),
    );
    params.distinguished_name.push(DnType::OrganizationalUnitName, "BIN100140000003");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
    params.extended_key_usages = vec![
        ExtendedKeyUsagePurpose::EmailProtection,
        ExtendedKeyUsagePurpose::Other(vec![1, 2, 398, 3, 3, 4, 1, 1]),
    ];
    let key = rcgen::KeyPair::generate().unwrap();
    params.self_signed(&key).unwrap()
}

#[test]
fn a_foreign_certificate_is_read_and_verifies() {
    let certificate = Certificate::from_der(foreign().der()).unwrap();
    assert_eq!(certificate.common_name(), Some("СЫНАҚ ТЕСТ"));
    assert_eq!(certificate.iin_text(), Some("123456789011"));
    assert_eq!(certificate.iin().unwrap().to_string(), "123456789011");
    assert_eq!(certificate.bin(), Bin::parse("100140000003", CheckDigit::Strict).ok());
    assert_eq!(certificate.key_usage(), Some(KeyUsage::SIGNING));
    assert_eq!(certificate.key_usage().unwrap().to_string(), "digitalSignature, nonRepudiation");
    assert_eq!(certificate.roles(), [Role::Individual]);
    assert_eq!(certificate.extended_key_usage().len(), 2);
    assert!(certificate.is_self_issued() && !certificate.is_ca());
    assert_eq!(certificate.verify_signature(certificate.public_key()), Ok(()));
}

#[test]
fn pem_and_der_are_told_apart() {
    let certificate = Certificate::from_der(foreign().der()).unwrap();
    let pem = format!("Bag Attributes\n    friendlyName: x\n{}", certificate.pem());
    assert_eq!(Certificate::from_pem_or_der(pem.as_bytes()).unwrap(), certificate);
    assert_eq!(Certificate::from_pem_or_der(certificate.der()).unwrap(), certificate);
    assert_eq!(Certificate::from_pem("nothing"), Err(CertificateError::NotPem));
    let longer = [certificate.der(), &[0]].concat();
    assert_eq!(Certificate::from_der(&longer), Err(CertificateError::Der(DerError::Trailing)));
}

#[test]
fn no_flipped_bit_panics_or_verifies() {
    let der = foreign().der().to_vec();
    let key = Certificate::from_der(&der).unwrap().public_key().clone();
    for index in 0..der.len() * 8 {
        let mut flipped = der.clone();
        flipped[index / 8] ^= 1 << (index % 8);
        if let Ok(certificate) = Certificate::from_der(&flipped) {
            let _ = (format!("{certificate:?}"), certificate.roles(), certificate.iin());
            assert!(certificate.verify_signature(&key).is_err(), "bit {index}");
        }
    }
}

#[test]
fn centres_in_production_are_told_from_those_of_test_environments() {
    let named = |name: &str, organisation: &str| {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.distinguished_name.push(DnType::OrganizationName, organisation);
        let key = rcgen::KeyPair::generate().unwrap();
        Certificate::from_der(params.self_signed(&key).unwrap().der()).unwrap().is_of_production()
    };
    for production in [
        "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) 2022",
        "НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA) 2022",
        "Ұлттық куәландырушы орталық",
        "НАЦИОНАЛЬНЫЙ УДОСТОВЕРЯЮЩИЙ ЦЕНТР РК (RSA)",
        "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (CONTEST) 2022",
    ] {
        assert!(named(production, "KZ"), "{production}");
    }
    for test in ["ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) TEST 2022", "Somebody else's root"]
    {
        assert!(!named(test, "KZ"), "{test}");
    }
    assert!(!named("НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ", "QAQPA SANDBOX TEST"));
}
