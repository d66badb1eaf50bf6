//! Certificates that nobody should have issued: each is read as it is, or refused with the reason.

#![expect(clippy::unwrap_used, reason = "a certificate that cannot be made is a failed test")]

use certs::{
    Algorithm, Certificate, CertificateError, DerError, KeyPair, ObjectIdentifier, SignatureAlgorithm,
    SignatureError, der,
};
use jiff::Timestamp;

/// The parts of a certificate that are played with, each in DER.
struct Parts {
    serial: Vec<u8>,
    issuer: Vec<u8>,
    validity: [Vec<u8>; 2],
    subject: Vec<u8>,
    extensions: Vec<Vec<u8>>,
    key: KeyPair,
}

impl Parts {
    fn good() -> Self {
        let name = || {
            let attribute = der::sequence(&[
                &der::oid(ObjectIdentifier::new_unwrap("2.5.4.3")),
                &der::element(0x0c, &["СЫНАҚ TEST".as_bytes()]),
            ]);
            der::sequence(&[&der::set_of(vec![attribute])])
        };
        Self {
            serial: der::integer(7),
            issuer: name(),
            validity: [utc("261120090000Z"), utc("271120090000Z")],
            subject: name(),
            extensions: Vec::new(),
            key: KeyPair::generate(Algorithm::P256).unwrap(),
        }
    }

    fn der(&self) -> Vec<u8> {
        let algorithm = SignatureAlgorithm::of(Algorithm::P256).to_der();
        let extensions = match &self.extensions[..] {
            [] => Vec::new(),
            some => der::element(0xa3, &[&der::row(der::SEQUENCE, some)]),
        };
        let tbs = der::sequence(&[
            &der::element(0xa0, &[&der::integer(2)]),
            &self.serial,
            &algorithm,
            &self.issuer,
            &der::sequence(&[&self.validity[0], &self.validity[1]]),
            &self.subject,
            self.key.public_key().spki_der(),
            &extensions,
        ]);
        der::sequence(&[&tbs, &algorithm, &der::bits(&self.key.sign(&tbs).unwrap())])
    }

    fn read(&self) -> Result<Certificate, CertificateError> {
        Certificate::from_der(&self.der())
    }
}

fn utc(text: &str) -> Vec<u8> {
    der::element(0x17, &[text.as_bytes()])
}

fn generalized(text: &str) -> Vec<u8> {
    der::element(0x18, &[text.as_bytes()])
}

fn extension(id: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let flag: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    der::sequence(&[&der::oid(ObjectIdentifier::new_unwrap(id)), flag, &der::octets(value)])
}

#[test]
fn one_without_usages_key_identifiers_and_names_is_read_and_says_so() {
    let mut parts = Parts::good();
    let nobody = der::sequence(&[]);
    (parts.issuer, parts.subject) = (nobody.clone(), nobody);
    let read = parts.read().unwrap();
    assert_eq!((read.key_usage(), read.skid(), read.akid()), (None, None, None));
    assert!(read.extended_key_usage().is_empty() && read.roles().is_empty() && !read.is_ca());
    assert!(read.subject_name().is_empty() && read.issuer_name().is_empty());
    assert_eq!((read.subject(), read.common_name(), read.iin_text()), (String::new(), None, None));
    assert_eq!(read.verify_signature(read.public_key()), Ok(()));
}

#[test]
fn serial_numbers_are_kept_whatever_their_size_and_sign() {
    let mut parts = Parts::good();
    for serial in [vec![0], vec![0xff], vec![0x80, 0, 0], vec![0, 0x80], vec![0x7f; 21], vec![0x80; 5_000]] {
        parts.serial = der::integer_content(&serial);
        assert_eq!(parts.read().unwrap().serial(), serial);
    }
}

#[test]
fn moments_before_1970_and_after_2049_are_read_to_the_second() {
    let mut parts = Parts::good();
    for (from, to, expected) in [
        (utc("500101000000Z"), utc("491231235959Z"), ["1950-01-01T00:00:00Z", "2049-12-31T23:59:59Z"]),
        (utc("691231235959Z"), utc("700101000000Z"), ["1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z"]),
        (
            generalized("00010101000000Z"),
            generalized("20500101000000Z"),
            ["0001-01-01T00:00:00Z", "2050-01-01T00:00:00Z"],
        ),
    ] {
        parts.validity = [from, to];
        let read = parts.read().unwrap();
        assert_eq!([read.not_before(), read.not_after()].map(|moment| moment.to_string()), expected);
    }
}

/// What stands for no end at all (RFC 5280, 4.1.2.5).
#[test]
fn the_last_second_of_9999_is_the_end_of_time() {
    let mut parts = Parts::good();
    parts.validity[1] = generalized("99991231235959Z");
    assert_eq!(parts.read().unwrap().not_after(), certs::whole_second(Timestamp::MAX));
    let whole = generalized("99991231235959Z");
    assert_eq!(der::Reader::new(&whole).time(), Ok(certs::whole_second(Timestamp::MAX)));
}

#[test]
fn moments_that_never_were_are_refused() {
    let mut parts = Parts::good();
    for wrong in [
        utc(""),
        utc("Z"),
        utc("260230000000Z"),
        utc("261120250000Z"),
        utc("２６1120090000Z"),
        generalized("00000000000000Z"),
        generalized("20261120"),
        der::integer(7),
    ] {
        parts.validity[0].clone_from(&wrong);
        let error = parts.read().unwrap_err();
        assert!(matches!(error, CertificateError::Structure { .. }), "{wrong:?}: {error:?}");
    }
}

#[test]
fn indefinite_lengths_are_refused_at_every_depth() {
    let whole = Parts::good().der();
    let (content, header) = (&whole[4..], &whole[..1]);
    let indefinite = [header, &[0x80], content, &[0, 0]].concat();
    assert_eq!(Certificate::from_der(&indefinite), Err(CertificateError::Der(DerError::Length)));
    let mut parts = Parts::good();
    parts.subject = [&[0x30, 0x80], &parts.subject[2..], &[0, 0]].concat();
    assert!(matches!(parts.read(), Err(CertificateError::Structure { .. } | CertificateError::Der(_))));
    let mut parts = Parts::good();
    let usages = [0x30, 0x80, 0, 0];
    parts.extensions = vec![extension("2.5.29.37", false, &usages)];
    assert_eq!(parts.read().unwrap_err(), CertificateError::Extension { oid: "2.5.29.37".to_owned() });
}

#[test]
fn a_critical_extension_that_nobody_knows_is_named() {
    let mut parts = Parts::good();
    parts.extensions = vec![extension("1.2.3.4", true, &[5, 0]), extension("1.2.3.5", false, &[])];
    assert_eq!(parts.read().unwrap().unknown_critical_extensions(), ["1.2.3.4"]);
}

#[test]
fn huge_and_negative_numbers_in_extensions_are_no_limits() {
    let constraints = |limit: &[u8]| {
        let mut parts = Parts::good();
        let value = der::sequence(&[&[1, 1, 0xff], &der::integer_content(limit)]);
        parts.extensions = vec![extension("2.5.29.19", true, &value)];
        parts.read()
    };
    assert_eq!(constraints(&[3]).unwrap().path_len(), Some(3));
    for wrong in [&[0xff][..], &[0x7f; 9], &[0x7f; 5_000]] {
        // A limit that cannot be read must not be taken for none.
        let refused = constraints(wrong).unwrap_err();
        assert_eq!(refused, CertificateError::Extension { oid: "2.5.29.19".to_owned() });
    }
}

#[test]
fn without_a_signature_nothing_verifies() {
    let parts = Parts::good();
    let read = parts.read().unwrap();
    let algorithm = read.signature_algorithm().to_der();
    for signature in [&[][..], &[0], &[0x30, 0], &[0x30, 6, 2, 1, 0, 2, 1, 0]] {
        let bare = der::sequence(&[read.tbs_der(), &algorithm, &der::bits(signature)]);
        let bare = Certificate::from_der(&bare).unwrap();
        assert_eq!(bare.verify_signature(read.public_key()), Err(SignatureError::Invalid));
    }
}

#[test]
fn names_nested_in_names_are_refused() {
    let mut parts = Parts::good();
    for _ in 0..1_000 {
        parts.subject = der::sequence(&[&parts.subject]);
    }
    let error = parts.read().unwrap_err();
    assert!(matches!(error, CertificateError::Structure { .. } | CertificateError::Der(_)), "{error:?}");
}
