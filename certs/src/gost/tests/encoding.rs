//! Keys as the national tools write them.

use crate::der::{self, OCTET_STRING, Reader, SEQUENCE};
use crate::pkcs12::{self, Encoding};
use crate::{
    Algorithm, Authority, Flaw, Iin, KeyError, KeyPair, KeyUsage, Order, Person, Profile, PublicKey,
    PublicKeyError, SignatureAlgorithm, SignatureError, Subject, oid,
};

/// How the AlgorithmIdentifier of each key begins an SPKI, and a PKCS#8, and how that of its signatures looks. The first
/// is as national certificates have it, for 2004 too; that of 256 bits follows the first.
const SHAPES: [(Algorithm, &str, &str, &str, &str); 3] = [
    (
        Algorithm::Gost512,
        "302306092a830e030a010102023016060a2a830e030a010102020106082a830e030a010303",
        "3081ac",
        "306c020100",
        "300e060a2a830e030a01010203020500",
    ),
    (
        Algorithm::Gost256,
        "302306092a830e030a010102013016060a2a830e030a010102010106082a830e030a010302",
        "306a",
        "304c020100",
        "300e060a2a830e030a01010203010500",
    ),
    (
        Algorithm::Gost2004,
        "302506092a830e030a010101013018060a2a830e030a0101010101060a2a830e030a0103010100",
        "306c",
        "304e020100",
        "300d06092a830e030a010101020500",
    ),
];

fn pair() -> KeyPair {
    KeyPair::generate(Algorithm::Gost512).unwrap()
}

/// Bytes of a number.
fn length(algorithm: Algorithm) -> usize {
    if algorithm == Algorithm::Gost512 { 64 } else { 32 }
}

#[test]
fn public_keys_begin_as_national_ones() {
    for (algorithm, identifier, outer, _, _) in SHAPES {
        let pair = KeyPair::generate(algorithm).unwrap();
        let (spki, numbers) = (pair.public_key().spki_der(), 2 * length(algorithm));
        let lengths = if numbers == 128 { "03818400048180" } else { "0343000440" };
        let begin = format!("{outer}{identifier}{lengths}");
        assert_eq!(hex::encode(&spki[..begin.len() / 2]), begin);
        assert_eq!(spki.len(), begin.len() / 2 + numbers);
        assert_eq!(Reader::only(pair.public_key().bits(), OCTET_STRING).unwrap().value.len(), numbers);
    }
}

#[test]
fn private_keys_are_octets_in_octets() {
    for (algorithm, identifier, _, outer, _) in SHAPES {
        let pkcs8 = KeyPair::generate(algorithm).unwrap().to_pkcs8_der();
        let lengths = if length(algorithm) == 64 { "04420440" } else { "04220420" };
        let begin = format!("{outer}{identifier}{lengths}");
        assert_eq!(hex::encode(&pkcs8[..begin.len() / 2]), begin);
        assert_eq!(pkcs8.len(), begin.len() / 2 + length(algorithm));
    }
}

#[test]
fn signatures_say_so_with_null() {
    for (algorithm, _, _, _, identifier) in SHAPES {
        assert_eq!(hex::encode(SignatureAlgorithm::of(algorithm).to_der()), identifier);
        let signature = KeyPair::generate(algorithm).unwrap().sign(b"").unwrap();
        assert_eq!(signature.len(), 2 * length(algorithm));
    }
}

#[test]
fn damaged_keys_are_refused_with_a_reason() {
    for (algorithm, ..) in SHAPES {
        damaged_keys_are_refused(&KeyPair::generate(algorithm).unwrap(), length(algorithm));
    }
}

fn damaged_keys_are_refused(pair: &KeyPair, length: usize) {
    let spki = pair.public_key().spki_der();
    let mut off_curve = spki.to_vec();
    *off_curve.last_mut().unwrap() ^= 1;
    assert_eq!(PublicKey::from_spki_der(&off_curve), Err(PublicKeyError::NotOnCurve));
    for end in 0..spki.len() {
        assert!(PublicKey::from_spki_der(&spki[..end]).is_err());
    }
    let pkcs8 = pair.to_pkcs8_der();
    for end in 0..pkcs8.len() {
        assert!(KeyPair::from_pkcs8_der(&pkcs8[..end]).is_err());
    }
    let zero = [&pkcs8[..pkcs8.len() - length], &vec![0; length]].concat();
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
    let pairs: Vec<_> =
        Algorithm::ALL.iter().map(|&algorithm| KeyPair::generate(algorithm).unwrap()).collect();
    for pair in &pairs {
        for other in &pairs {
            let algorithm = SignatureAlgorithm::of(other.algorithm());
            let verified = pair.public_key().verify(&algorithm, b"", &pair.sign(b"").unwrap());
            if pair.algorithm() == other.algorithm() {
                assert_eq!(verified, Ok(()));
            } else {
                assert!(matches!(verified, Err(SignatureError::OtherKindOfKey { .. })));
            }
        }
    }
}

/// A key of one standard under the name of the other, whose numbers are as long.
#[test]
fn points_of_another_curve_are_no_keys() {
    for (own, other) in [(Algorithm::Gost256, Algorithm::Gost2004), (Algorithm::Gost2004, Algorithm::Gost256)]
    {
        let [own, other] = [own, other].map(|algorithm| KeyPair::generate(algorithm).unwrap());
        let identifier =
            Reader::only(own.public_key().spki_der(), SEQUENCE).unwrap().reader().element().unwrap();
        let spki = der::sequence(&[identifier.whole, &der::bits(other.public_key().bits())]);
        assert_eq!(PublicKey::from_spki_der(&spki), Err(PublicKeyError::NotOnCurve));
    }
}

#[test]
fn national_centres_issue_and_their_files_are_read_back() {
    let rows = [
        (Algorithm::Gost512, "(GOST) TEST", "GOST512_", KeyUsage::GOST_SIGNING),
        (Algorithm::Gost256, "(GOST-256) TEST", "GOST256_", KeyUsage::GOST_SIGNING),
        (Algorithm::Gost2004, "(GOST-2004) TEST", "GOSTKNCA_", KeyUsage::SIGNING),
    ];
    for (algorithm, name, file, usage) in rows {
        let now = jiff::Timestamp::UNIX_EPOCH;
        let centre = Authority::create(algorithm, "QAQPA UNIT TEST", now, "http://x").unwrap();
        assert!(centre.issuing().subject().starts_with(&format!("CN=ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ {name}")));
        let iin = Iin::never_issued(2);
        let person = Person { surname: "ТЕСТ".into(), name: "ТЕСТ".into(), patronymic: None, iin };
        let order = Order::new(Subject::Person(person), Profile::Individual, algorithm);
        let issued = centre.issue(&order, now).unwrap();
        let (certificate, key) = (issued.certificate, issued.key.unwrap());
        assert_eq!(certificate.verify_signature(centre.issuing().public_key()), Ok(()));
        assert_eq!(certificate.key_usage(), Some(usage));
        assert!(pkcs12::file_name(&certificate).starts_with(file));
        for encoding in [Encoding::National, Encoding::Modern] {
            let file = pkcs12::write(encoding, "Qwerty12", &key, &certificate, &[]).unwrap();
            let [entry] = &pkcs12::read(&file, "Qwerty12").unwrap()[..] else { panic!("one key") };
            assert_eq!(entry.certificate, certificate);
            assert_eq!(entry.key.to_pkcs8_der(), key.to_pkcs8_der());
        }
        let flawed = centre.issue(&order.flawed(Flaw::BadSignature), now).unwrap().certificate;
        assert_eq!(flawed.verify_signature(centre.issuing().public_key()), Err(SignatureError::Invalid));
    }
}
