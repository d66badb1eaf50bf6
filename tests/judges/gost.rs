//! The GOST engine of OpenSSL and the Python package gostcrypto on signatures of 512 bits.
//!
//! Both have the numbers of the standard in other bytes than the national encoding: the engine has big-endian s and r,
//! which is our signature read from its end, and the OIDs of RFC 9215; `foreign/gost.py` turns gostcrypto's.

use std::ffi::{OsStr, OsString};

use certs::der::{self, OCTET_STRING, Reader, SEQUENCE};
use certs::{Algorithm, KeyPair, ObjectIdentifier, PublicKey, SignatureAlgorithm, oid};

use crate::fixtures::Folder;
use crate::tool::{Tool, missing, tool};

const MESSAGE: &[u8] = "Өтініш № 1".as_bytes();
/// RFC 9215, 4.1, and RFC 7836: the key, the curve and the digest as OpenSSL knows them.
const FOREIGN_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.1.2");
const FOREIGN_CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.2.1.2.1");
const FOREIGN_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.3");

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

fn pair() -> KeyPair {
    KeyPair::generate(Algorithm::Gost512).expect("a key")
}

/// The SubjectPublicKeyInfo of a point, an OCTET STRING, under the given OIDs.
fn spki(key: ObjectIdentifier, curve: ObjectIdentifier, digest: ObjectIdentifier, point: &[u8]) -> Vec<u8> {
    let parameters = der::sequence(&[&der::oid(curve), &der::oid(digest)]);
    der::sequence(&[&der::sequence(&[&der::oid(key), &parameters]), &der::bits(point)])
}

fn ours(point: &[u8]) -> PublicKey {
    let spki = spki(oid::GOST_512, oid::GOST_512_PARAMETERS, oid::GOST_DIGEST_512, point);
    PublicKey::from_spki_der(&spki).expect("a key of ours")
}

fn verifies(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    key.verify(&SignatureAlgorithm::of(Algorithm::Gost512), message, signature).is_ok()
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
    let folder = Folder::new();
    let pair = pair();
    let foreign = spki(FOREIGN_KEY, FOREIGN_CURVE, FOREIGN_DIGEST, pair.public_key().bits());
    let (key, message) = (folder.write("key.der", foreign), folder.write("message", MESSAGE));
    let mut signature = reversed(&pair.sign(MESSAGE).expect("a signature"));
    let verify = |signature: &OsStr| {
        let arguments = "dgst -engine gost -md_gost12_512 -keyform DER -verify {} -signature {} {}";
        openssl.run(arguments, &[&key, signature, &message])
    };
    verify(&folder.write("signature", &signature)).accepts(&["Verified OK"]);
    signature[100] ^= 1;
    verify(&folder.write("signature", &signature)).refuses(&["failure"]);
}

#[test]
fn we_verify_what_the_engine_signs() {
    let Some(openssl) = engine() else { return };
    let folder = Folder::new();
    let (private, public) = (folder.path("private.pem"), folder.path("public.der"));
    let (message, signature) = (folder.write("message", MESSAGE), folder.path("signature"));
    let generate = "genpkey -engine gost -algorithm gost2012_512 -pkeyopt paramset:A -out {}";
    openssl.run(generate, &[&private]).accepts(&[]);
    openssl.run("pkey -engine gost -in {} -pubout -outform DER -out {}", &[&private, &public]).accepts(&[]);
    let sign = "dgst -engine gost -md_gost12_512 -sign {} -out {} {}";
    openssl.run(sign, &[&private, &signature, &message]).accepts(&[]);
    let spki = folder.read("public.der");
    let mut fields = Reader::only(&spki, SEQUENCE).expect("an SPKI").reader();
    fields.sequence().expect("its algorithm");
    let key = ours(fields.bit_string().expect("its point"));
    let mut signature = reversed(&folder.read("signature"));
    assert!(verifies(&key, MESSAGE, &signature));
    signature[100] ^= 1;
    assert!(!verifies(&key, MESSAGE, &signature));
}

#[test]
fn gostcrypto_agrees_both_ways() {
    let Some((python, script)) = gostcrypto() else { return };
    let folder = Folder::new();
    let pair = pair();
    let pkcs8 = pair.to_pkcs8_der();
    let (_, number) = pkcs8.split_at(pkcs8.len() - 64);
    let point = octets(pair.public_key().bits());
    let (private, public) = (folder.write("private", number), folder.path("public"));
    let (message, signature) = (folder.write("message", MESSAGE), folder.path("signature"));
    python.run("{} public {} {}", &[&script, &private, &public]).accepts(&[]);
    assert_eq!(folder.read("public"), point);
    python.run("{} sign {} {} {}", &[&script, &private, &message, &signature]).accepts(&[]);
    assert!(verifies(pair.public_key(), MESSAGE, &folder.read("signature")));
    let mut ours = pair.sign(MESSAGE).expect("a signature");
    let verify =
        |signature: &OsStr| python.run("{} verify {} {} {}", &[&script, &public, &message, signature]);
    verify(&folder.write("ours", &ours)).accepts(&["good"]);
    ours[100] ^= 1;
    verify(&folder.write("ours", &ours)).accepts(&["bad"]);
}
