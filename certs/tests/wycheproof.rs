//! Project Wycheproof as a judge of signatures with P-256 and RSA: what must verify does, what must not does not.

#![expect(clippy::unwrap_used, reason = "vectors that cannot be read are a failed test")]

use certs::{ObjectIdentifier, PublicKey, SignatureAlgorithm, oid};
use wycheproof::{TestResult, ecdsa, rsa_pkcs1_verify};

/// What is not as it should be about one signature, if anything.
fn wrong(
    key: &[u8],
    oid: ObjectIdentifier,
    message: &[u8],
    signature: &[u8],
    expected: TestResult,
) -> Option<&'static str> {
    let parameters = (oid != oid::ECDSA_WITH_SHA256).then(|| vec![5, 0]);
    let key = PublicKey::from_spki_der(key).unwrap();
    let verified = key.verify(&SignatureAlgorithm { oid, parameters }, message, signature).is_ok();
    match (expected, verified) {
        (TestResult::Valid, false) => Some("is refused"),
        (TestResult::Invalid, true) => Some("is accepted"),
        _ => None,
    }
}

#[test]
fn ecdsa_on_p256() {
    let set = ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256).unwrap();
    let mut wrongs = Vec::new();
    for group in &set.test_groups {
        for test in &group.tests {
            let found = wrong(&group.der, oid::ECDSA_WITH_SHA256, &test.msg, &test.sig, test.result);
            wrongs.extend(found.map(|wrong| format!("{} {wrong}: {}", test.tc_id, test.comment)));
        }
    }
    assert!(set.number_of_tests > 400 && wrongs.is_empty(), "{wrongs:#?}");
}

#[test]
fn rsa_with_pkcs1_padding() {
    use rsa_pkcs1_verify::TestName as Name;
    let sets = [
        (Name::Rsa2048Sha256, oid::SHA256_WITH_RSA),
        (Name::Rsa2048Sha384, oid::SHA384_WITH_RSA),
        (Name::Rsa2048Sha512, oid::SHA512_WITH_RSA),
        (Name::Rsa3072Sha256, oid::SHA256_WITH_RSA),
        (Name::Rsa3072Sha384, oid::SHA384_WITH_RSA),
        (Name::Rsa3072Sha512, oid::SHA512_WITH_RSA),
        (Name::Rsa4096Sha256, oid::SHA256_WITH_RSA),
        (Name::Rsa4096Sha384, oid::SHA384_WITH_RSA),
        (Name::Rsa4096Sha512, oid::SHA512_WITH_RSA),
        (Name::Rsa8192Sha256, oid::SHA256_WITH_RSA),
    ];
    let mut wrongs = Vec::new();
    for (name, oid) in sets {
        let set = rsa_pkcs1_verify::TestSet::load(name).unwrap();
        assert!(set.number_of_tests > 200, "{name:?}");
        for group in &set.test_groups {
            for test in &group.tests {
                let found = wrong(&group.der, oid, &test.msg, &test.sig, test.result);
                wrongs
                    .extend(found.map(|wrong| format!("{name:?} {} {wrong}: {}", test.tc_id, test.comment)));
            }
        }
    }
    assert!(wrongs.is_empty(), "{wrongs:#?}");
}
