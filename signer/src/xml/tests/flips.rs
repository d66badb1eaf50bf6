use certs::{Algorithm, PublicKey};
use proptest::prelude::*;

use super::{DOCUMENT, MESSAGE, signer};
use crate::cms::Signer;
use crate::testing::Centre;
use crate::xml::{sign, verify, wss};

/// What a verified document or message means: the canonical bytes, and whose keys signed.
type Meaning = (Vec<u8>, Vec<PublicKey>);

/// The certificate stands outside of what an XML signature covers, so it may be another one of the same key. But then
/// its issuer's signature has to be good, and nobody else can make that.
fn key_of(signer: &Signer) -> PublicKey {
    let certificate = &signer.certificate;
    let issuer = Centre::p256().authority.issuing().public_key().clone();
    let genuine = certificate.verify_signature(&issuer).is_ok();
    assert_eq!(genuine, *certificate == super::signer(Algorithm::P256).1);
    certificate.public_key().clone()
}

fn of_document(xml: &[u8]) -> Option<Meaning> {
    let verified = verify(xml, &[]).ok()?;
    Some((verified.canonical().to_vec(), verified.signers().iter().map(key_of).collect()))
}

fn of_message(xml: &[u8]) -> Option<Meaning> {
    let verified = wss::verify(xml, &[]).ok()?;
    Some((verified.canonical().to_vec(), vec![key_of(verified.signer())]))
}

/// Flips bits of every byte: each result is refused or means the same.
fn no_flip_changes(good: &str, masks: &[u8], meaning: fn(&[u8]) -> Option<Meaning>) {
    let expected = meaning(good.as_bytes());
    assert!(expected.is_some());
    let mut survived = 0;
    for at in 0..good.len() {
        for bits in masks {
            let mut bytes = good.as_bytes().to_vec();
            bytes[at] ^= bits;
            let found = meaning(&bytes);
            survived += usize::from(found.is_some());
            assert!(
                found.is_none() || found == expected,
                "{at} ^ {bits}: {}",
                String::from_utf8_lossy(&bytes)
            );
        }
    }
    // In comments, in white space, in parts of the certificate that are not its key.
    assert!(survived > 0);
}

#[test]
fn no_flipped_bit_of_a_document_changes_its_meaning() {
    let (key, certificate) = signer(Algorithm::P256);
    no_flip_changes(&sign(DOCUMENT.as_bytes(), key, certificate).unwrap(), &[0x01, 0x20], of_document);
}

#[test]
fn no_flipped_bit_of_a_second_signature_changes_the_meaning() {
    let (key, certificate) = signer(Algorithm::P256);
    let once = sign(b"<a>b</a>", key, certificate).unwrap();
    no_flip_changes(&sign(once.as_bytes(), key, certificate).unwrap(), &[0x01], of_document);
}

#[test]
fn no_flipped_bit_of_a_message_changes_its_body() {
    let (key, certificate) = signer(Algorithm::P256);
    no_flip_changes(&wss::sign(MESSAGE.as_bytes(), key, certificate).unwrap(), &[0x01, 0x20], of_message);
}

static GOOD: std::sync::LazyLock<(String, Option<Meaning>)> = std::sync::LazyLock::new(|| {
    let (key, certificate) = signer(Algorithm::P256);
    let good = wss::sign(MESSAGE.as_bytes(), key, certificate).unwrap();
    let meaning = of_message(good.as_bytes());
    (good, meaning)
});

proptest! {
    #[test]
    fn no_splice_of_a_message_changes_its_body(from in 0..4000_usize, length in 0..300_usize, to in 0..4000_usize) {
        // A piece of the message, put in at another place: what wrapping begins with.
        let (good, meaning) = &*GOOD;
        let cut = |at: usize| (0..=at.min(good.len())).rev().find(|at| good.is_char_boundary(*at)).unwrap_or(0);
        let (from, until, to) = (cut(from), cut(from + length), cut(to));
        let spliced = [&good[..to], &good[from..until], &good[to..]].concat();
        let found = of_message(spliced.as_bytes());
        prop_assert!(found.is_none() || found == *meaning, "{}", spliced);
    }
}
