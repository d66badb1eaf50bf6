//! Keys as the national tools write them.

use crate::der::{self, OCTET_STRING, Reader, SEQUENCE};
use crate::pkcs12::{self, Encoding};
use crate::{
    Algorithm, Authority, Flaw, Iin, KeyError, KeyPair, KeyUsage, Order, Person, Profile, PublicKey,
    PublicKeyError, SignatureAlgorithm, SignatureError, Subject, oid,
};

const IDENTIFIER: &str = "302306092a830e030a010102023016060a2a830e030a010102020106082a830e030a010303";

fn pair() -> KeyPair {
    KeyPair::generate(Algorithm::Gost512).unwrap()
}

#[test]
fn public_keys_begin_as_national_ones() {
    let begin = format!("3081ac{IDENTIFIER}03818400048180");
    let pair = pair();
    let spki = pair.public_key().spki_der();
    assert_eq!(hex::encode(&spki[..begin.len() / 2]), begin);
    assert_eq!(spki.len(), begin.len() / 2 + 128);
    assert_eq!(pair.public_key().bits().len(), 131);
}

#[test]
fn private_keys_are_octets_in_octets() {
    let pkcs8 = pair().to_pkcs8_der();
    let begin = format!("306c020100{IDENTIFIER}04420440");
    assert_eq!(hex::encode(&pkcs8[..begin.len() / 2]), begin);
    let mut outer = Reader::only(&pkcs8, SEQUENCE).unwrap().reader();
    outer.element().unwrap();
    outer.element().unwrap();
    let inner = outer.expect(OCTET_STRING).unwrap().value;
    assert_eq!(Reader::only(inner, OCTET_STRING).unwrap().value.len(), 64);
}

#[test]
fn signatures_say_so_with_null() {
    let der = SignatureAlgorithm::of(Algorithm::Gost512).to_der();
    assert_eq!(hex::encode(der), "300e060a2a830e030a01010203020500");
}

#[test]
fn damaged_keys_are_refused_with_a_reason() {
    let pair = pair();
    let spki = pair.public_key().spki_der();
    let mut off_curve = spki.to_vec();
    *off_curve.last_mut().unwrap() ^= 1;
    assert_eq!(PublicKey::from_spki_der(&off_curve), Err(PublicKeyError::NotOnCurve));
    for length in 0..spki.len() {
        assert!(PublicKey::from_spki_der(&spki[..length]).is_err());
    }
    let pkcs8 = pair.to_pkcs8_der();
    for length in 0..pkcs8.len() {
        assert!(KeyPair::from_pkcs8_der(&pkcs8[..length]).is_err());
    }
    let zero = [&pkcs8[..pkcs8.len() - 64], &[0; 64]].concat();
    assert!(matches!(KeyPair::from_pkcs8_der(&zero), Err(KeyError::Rejected { .. })));
}

#[test]
fn keys_of_other_curves_are_held_and_not_used() {
    let pair = pair();
    let point = pair.public_key().bits();
    let parameters = der::sequence(&[&der::oid(oid::POLICY), &der::oid(oid::GOST_DIGEST_512)]);
    let identifier = der::sequence(&[&der::oid(oid::GOST_512), &parameters]);
    let spki = der::sequence(&[&identifier, &der::bits(point)]);
    let key = PublicKey::from_spki_der(&spki).unwrap();
    assert_eq!(key.algorithm(), None);
    let signature = pair.sign(b"").unwrap();
    let refused = key.verify(&SignatureAlgorithm::of(Algorithm::Gost512), b"", &signature);
    assert_eq!(refused, Err(SignatureError::UnsupportedKey { oid: oid::POLICY }));
}

#[test]
fn algorithms_do_not_mix() {
    let (gost, p256) = (pair(), KeyPair::generate(Algorithm::P256).unwrap());
    for (pair, other) in [(&gost, &p256), (&p256, &gost)] {
        let algorithm = SignatureAlgorithm::of(other.algorithm());
        let refused = pair.public_key().verify(&algorithm, b"", &pair.sign(b"").unwrap());
        assert!(matches!(refused, Err(SignatureError::OtherKindOfKey { .. })));
    }
}

#[test]
fn a_national_centre_issues_and_its_files_are_read_back() {
    let now = jiff::Timestamp::UNIX_EPOCH;
    let centre = Authority::create(Algorithm::Gost512, "QAQPA UNIT TEST", now, "http://x").unwrap();
    assert!(centre.issuing().subject().starts_with("CN=ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) TEST"));
    let iin = Iin::never_issued(2);
    let person = Person { surname: "ТЕСТ".into(), name: "ТЕСТ".into(), patronymic: None, iin };
    let order = Order::new(Subject::Person(person), Profile::Individual, Algorithm::Gost512);
    let issued = centre.issue(&order, now).unwrap();
    let (certificate, key) = (issued.certificate, issued.key.unwrap());
    assert_eq!(certificate.verify_signature(centre.issuing().public_key()), Ok(()));
    assert_eq!(certificate.key_usage(), Some(KeyUsage::GOST_SIGNING));
    assert!(pkcs12::file_name(&certificate).starts_with("GOST512_"));
    for encoding in [Encoding::National, Encoding::Modern] {
        let file = pkcs12::write(encoding, "Qwerty12", &key, &certificate, &[]).unwrap();
        let [entry] = &pkcs12::read(&file, "Qwerty12").unwrap()[..] else { panic!("one key") };
        assert_eq!(entry.certificate, certificate);
        assert_eq!(entry.key.to_pkcs8_der(), key.to_pkcs8_der());
    }
    let flawed = centre.issue(&order.flawed(Flaw::BadSignature), now).unwrap().certificate;
    assert_eq!(flawed.verify_signature(centre.issuing().public_key()), Err(SignatureError::Invalid));
}
