//! The GOST engine of OpenSSL, the Python package gostcrypto and rhash on the national algorithms.
//!
//! They have the numbers of the standards in other bytes than the national encoding: the engine has big-endian s and r,
//! which is our signature read from its end, and the OIDs of RFC 9215 and RFC 4491; `foreign/gost.py` turns gostcrypto's.
//! None of them has the old digest with the S-boxes of the national centre but rhash, so there it makes the digest, and
//! the others sign and verify it.

use std::ffi::{OsStr, OsString};

use certs::der::{self, OCTET_STRING, Reader, SEQUENCE};
use certs::{Algorithm, KeyPair, ObjectIdentifier, PublicKey, SignatureAlgorithm, oid};

use crate::fixtures::Folder;
use crate::tool::{Tool, missing, tool};

const MESSAGE: &[u8] = "Өтініш № 1".as_bytes();

const fn foreign(oid: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(oid)
}

/// An algorithm of ours, and what the engine calls it and its key, curve and digest.
struct Names {
    ours: Algorithm,
    /// The AlgorithmIdentifier of our keys.
    own: [ObjectIdentifier; 3],
    foreign: [ObjectIdentifier; 3],
    /// To make a key.
    key: &'static str,
    /// Signs and verifies a message; none where it does so with a digest of somebody else's.
    digest: Option<&'static str>,
}

/// RFC 9215, 4.1 and 2, with the curves of RFC 7836; RFC 4491, 2.3.2, with those of RFC 4357.
const NAMES: [Names; 3] = [
    Names {
        ours: Algorithm::Gost512,
        own: [oid::GOST_512, oid::GOST_512_PARAMETERS, oid::GOST_DIGEST_512],
        foreign: [foreign("1.2.643.7.1.1.1.2"), foreign("1.2.643.7.1.2.1.2.1"), foreign("1.2.643.7.1.1.2.3")],
        key: "gost2012_512 -pkeyopt paramset:A",
        digest: Some("md_gost12_512"),
    },
    Names {
        ours: Algorithm::Gost256,
        own: [oid::GOST_256, oid::GOST_256_PARAMETERS, oid::GOST_DIGEST_256],
        foreign: [foreign("1.2.643.7.1.1.1.1"), foreign("1.2.643.7.1.2.1.1.1"), foreign("1.2.643.7.1.1.2.2")],
        key: "gost2012_256 -pkeyopt paramset:TCA",
        digest: Some("md_gost12_256"),
    },
    Names {
        ours: Algorithm::Gost2004,
        own: [oid::GOST_2004, oid::GOST_2004_PARAMETERS, oid::GOST_DIGEST_95_PARAMETERS],
        foreign: [foreign("1.2.643.2.2.19"), foreign("1.2.643.2.2.35.1"), foreign("1.2.643.2.2.30.1")],
        key: "gost2001 -pkeyopt paramset:A",
        digest: None,
    },
];

impl Names {
    fn pair(&self) -> KeyPair {
        KeyPair::generate(self.ours).expect("a key")
    }

    /// A key of ours from a point, an OCTET STRING.
    fn key(&self, point: &[u8]) -> PublicKey {
        PublicKey::from_spki_der(&spki(self.own, point)).expect("a key of ours")
    }

    fn verifies(&self, key: &PublicKey, signature: &[u8]) -> bool {
        key.verify(&SignatureAlgorithm::of(self.ours), MESSAGE, signature).is_ok()
    }

    /// What the engine signs: the message, with the options that make a digest of it, or its digest.
    fn signed(&self, folder: &Folder) -> (OsString, Option<String>) {
        match self.digest {
            Some(name) => {
                (folder.write("message", MESSAGE), Some(format!("dgst -engine gost -{name} -keyform DER")))
            }
            None => (folder.write("digest", self.ours.digest(MESSAGE)), None),
        }
    }
}

fn engine() -> Option<Tool> {
    let openssl = tool("openssl")?;
    if openssl.run("engine -t gost", &[]).text.contains("[ available ]") {
        return Some(openssl);
    }
    missing("OpenSSL's GOST engine (package libengine-gost-openssl)");
    None
}

/// The Python that has gostcrypto: that of `scripts/test` or the machine's.
fn gostcrypto() -> Option<(Tool, OsString)> {
    let python = tool("python3")?;
    let script = OsString::from(concat!(env!("CARGO_MANIFEST_DIR"), "/foreign/gost.py"));
    if python.run("{} available", &[&script]).success {
        return Some((python, script));
    }
    missing("gostcrypto (PyPI)");
    None
}

/// The SubjectPublicKeyInfo of a point, an OCTET STRING, under the given OIDs.
fn spki([key, curve, digest]: [ObjectIdentifier; 3], point: &[u8]) -> Vec<u8> {
    let parameters = der::sequence(&[&der::oid(curve), &der::oid(digest)]);
    der::sequence(&[&der::sequence(&[&der::oid(key), &parameters]), &der::bits(point)])
}

fn reversed(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().rev().copied().collect()
}

fn octets(bytes: &[u8]) -> &[u8] {
    Reader::only(bytes, OCTET_STRING).expect("an OCTET STRING").value
}

#[test]
fn the_engine_verifies_what_we_sign() {
    let Some(openssl) = engine() else { return };
    for names in NAMES {
        let folder = Folder::new();
        let pair = names.pair();
        let key = folder.write("key.der", spki(names.foreign, pair.public_key().bits()));
        let mut signature = reversed(&pair.sign(MESSAGE).expect("a signature"));
        let (signed, digests) = names.signed(&folder);
        let verify = |signature: &OsStr| match &digests {
            Some(digests) => openssl
                .run(&format!("{digests} -verify {{}} -signature {{}} {{}}"), &[&key, signature, &signed]),
            None => openssl.run(
                "pkeyutl -engine gost -verify -pubin -keyform DER -inkey {} -sigfile {} -in {}",
                &[&key, signature, &signed],
            ),
        };
        let good = verify(&folder.write("signature", &signature));
        assert!(good.success, "{}: {}", names.ours, good.text);
        signature[20] ^= 1;
        let bad = verify(&folder.write("signature", &signature));
        assert!(!bad.success, "{}: {}", names.ours, bad.text);
    }
}

#[test]
fn we_verify_what_the_engine_signs() {
    let Some(openssl) = engine() else { return };
    for names in NAMES {
        let folder = Folder::new();
        let (private, public) = (folder.path("private.der"), folder.path("public.der"));
        let signature = folder.path("signature");
        let generate = format!("genpkey -engine gost -algorithm {} -outform DER -out {{}}", names.key);
        openssl.run(&generate, &[&private]).accepts(&[]);
        let publish = "pkey -engine gost -inform DER -in {} -pubout -outform DER -out {}";
        openssl.run(publish, &[&private, &public]).accepts(&[]);
        let (signed, digests) = names.signed(&folder);
        let sign = digests.map_or_else(
            || "pkeyutl -engine gost -sign -keyform DER -inkey {} -out {} -in {}".to_owned(),
            |digests| format!("{digests} -sign {{}} -out {{}} {{}}"),
        );
        openssl.run(&sign, &[&private, &signature, &signed]).accepts(&[]);
        let spki = folder.read("public.der");
        let mut fields = Reader::only(&spki, SEQUENCE).expect("an SPKI").reader();
        fields.sequence().expect("its algorithm");
        let key = names.key(fields.bit_string().expect("its point"));
        let mut signature = reversed(&folder.read("signature"));
        assert!(names.verifies(&key, &signature), "{}", names.ours);
        signature[20] ^= 1;
        assert!(!names.verifies(&key, &signature), "{}", names.ours);
    }
}

#[test]
fn gostcrypto_agrees_both_ways() {
    let Some((python, script)) = gostcrypto() else { return };
    for names in NAMES {
        let (name, length) = (names.ours.name(), if names.ours == Algorithm::Gost512 { 64 } else { 32 });
        let run = |verb: &str, files: &[&OsStr]| {
            let files = [&[script.as_os_str()], files].concat();
            python.run(&format!("{{}} {name} {verb}{}", " {}".repeat(files.len() - 1)), &files)
        };
        let folder = Folder::new();
        let pair = names.pair();
        let pkcs8 = pair.to_pkcs8_der();
        let (_, number) = pkcs8.split_at(pkcs8.len() - length);
        let (private, public) = (folder.write("private", number), folder.path("public"));
        let signature = folder.path("signature");
        run("public", &[&private, &public]).accepts(&[]);
        assert_eq!(folder.read("public"), octets(pair.public_key().bits()), "{name}");
        let digest = folder.path("digest");
        match names.digest {
            Some(_) => run("digest", &[&folder.write("message", MESSAGE), &digest]).accepts(&[]),
            None => drop(folder.write("digest", names.ours.digest(MESSAGE))),
        }
        assert_eq!(folder.read("digest"), names.ours.digest(MESSAGE), "{name}");
        run("sign", &[&private, &digest, &signature]).accepts(&[]);
        assert!(names.verifies(pair.public_key(), &folder.read("signature")), "{name}");
        let mut ours = pair.sign(MESSAGE).expect("a signature");
        let verify = |signature: &OsStr| run("verify", &[&public, &digest, signature]);
        verify(&folder.write("ours", &ours)).accepts(&["good"]);
        ours[20] ^= 1;
        verify(&folder.write("ours", &ours)).accepts(&["bad"]);
    }
}

/// Around the lengths at which a block of 32 bytes ends, and one that is longer than its count in a byte.
#[test]
fn rhash_makes_the_old_digest() {
    let Some(rhash) = tool("rhash") else { return };
    let folder = Folder::new();
    for length in [0, 1, 31, 32, 33, 63, 64, 65, 255, 256, 257, 5000] {
        let message: Vec<u8> = (0..=u8::MAX).cycle().take(length).map(|byte| byte.wrapping_mul(7)).collect();
        let file = folder.write("message", &message);
        let digest = Algorithm::Gost2004.digest(&message);
        let hex = digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        rhash.run("--gost94 {}", &[&file]).accepts(&[&hex]);
    }
}
