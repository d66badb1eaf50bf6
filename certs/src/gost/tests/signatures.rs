//! Vectors, and what must not verify.

use num_bigint::BigUint;

use super::model::{Model, big, limbs};
use crate::gost::curve::{GOST_512, WIDE};
use crate::gost::limbs::Limbs;
use crate::gost::nonce::Nonces;
use crate::gost::{PrivateKey, PublicPoint, digest, number, pair_from_le, pair_to_le, signature};

fn bytes(digits: &str) -> Vec<u8> {
    hex::decode(digits).unwrap()
}

fn reversed(digits: &str) -> Vec<u8> {
    bytes(digits).into_iter().rev().collect()
}

/// Made by a national tool, and recomputed independently.
mod vector {
    pub(super) const X: &str = "28c9f1ffdf601800c890cc078f948fb9af056935c1d1bf8a844cba3719ec953bc4d14951e405671af34e72f2027a391238b13ab048088480fcf95989f12a92fa";
    pub(super) const Y: &str = "45e5b51e170a01cbe33a5f0abcc9d9099429650bf9dd5101d9c706a85e5707c6a67b10ba114d4bc7f887e21fdea0c2ca615784ac1303711592ea6808ad321204";
    pub(super) const MESSAGE: &[u8] = b"ncalayer-rs test message";
    pub(super) const DIGEST: &str = "7d2b8e1c32c116aba0e4c14a021d459206b6174d201cddfed0b256da91729cf169199a9ff12d6026c29e6acabe19c4d191954823f54fb7b2661b3b4b5cfe2179";
    pub(super) const SIGNATURE: &str = "8d6c6a698664478e092159fb3570b0e93641b8eeb52e1735581099c8221c0d144415b08e27ebc77579ee65f70bd53f7932a7e9b885debd71e6be0e8018600364d47013472a66eebceeb1efc9d2309981b4fc1f5d45d7d8b0ab1490574cee5e38b975491336c312db35b6cf666e695f6bba90806d1dda19726218554cad2f1666";
}

fn vector_key() -> Vec<u8> {
    [reversed(vector::X), reversed(vector::Y)].concat()
}

fn verifies(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    PublicPoint::from_le(key).is_some_and(|key| key.verifies(message, signature))
}

fn key_of_seven() -> PrivateKey {
    PrivateKey::from_le(&[7; 64]).unwrap()
}

#[test]
fn a_signature_in_the_national_encoding_verifies() {
    assert_eq!(digest(vector::MESSAGE).as_slice(), bytes(vector::DIGEST));
    assert!(verifies(&vector_key(), vector::MESSAGE, &bytes(vector::SIGNATURE)));
}

#[test]
fn no_flipped_bit_is_overlooked() {
    let (key, message, signature) = (vector_key(), vector::MESSAGE.to_vec(), bytes(vector::SIGNATURE));
    let flipped = |bytes: &[u8], bit: usize| {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    };
    for bit in 0..8 * message.len() {
        assert!(!verifies(&key, &flipped(&message, bit), &signature), "bit {bit} of the message");
    }
    for bit in 0..8 * signature.len() {
        assert!(!verifies(&key, &message, &flipped(&signature, bit)), "bit {bit} of the signature");
    }
    for bit in 0..8 * key.len() {
        assert!(PublicPoint::from_le(&flipped(&key, bit)).is_none(), "bit {bit} of the key");
    }
}

#[test]
fn r_and_s_must_lie_between_zero_and_q() {
    let (key, signature) = (vector_key(), bytes(vector::SIGNATURE));
    let (r, s) = pair_from_le(&signature).unwrap();
    let q = *GOST_512.order.q();
    let above: Limbs<WIDE> = limbs(&(big(&q) + 1_u8));
    for wrong in [[0; WIDE], q, above, [u64::MAX; WIDE]] {
        assert!(!verifies(&key, vector::MESSAGE, &pair_to_le(&wrong, &s)));
        assert!(!verifies(&key, vector::MESSAGE, &pair_to_le(&r, &wrong)));
    }
    for length in [0, 1, 64, 127] {
        assert!(!verifies(&key, vector::MESSAGE, &signature[..length]));
    }
    assert!(!verifies(&key, vector::MESSAGE, &[signature.as_slice(), &[0]].concat()));
    let big_endian = [reversed(&vector::SIGNATURE[128..]), reversed(&vector::SIGNATURE[..128])].concat();
    assert!(!verifies(&key, vector::MESSAGE, &big_endian));
}

/// With s = 0 and a point of order two or at infinity a verifier without these checks could be made to say yes.
#[test]
fn only_points_of_the_curve_are_keys() {
    let p = Model::ours().p;
    let key = vector_key();
    let (x, y) = pair_from_le(&key).unwrap();
    assert!(PublicPoint::from_le(&key).is_some());
    assert!(PublicPoint::from_le(&[0; 128]).is_none());
    assert!(PublicPoint::from_le(&pair_to_le(&y, &x)).is_none());
    assert!(PublicPoint::from_le(&key[1..]).is_none());
    // Three and p + 3 are the same coordinate, but only the first is written so.
    let base = GOST_512.base_times(&limbs(&BigUint::from(1_u8))).affine();
    let (x, y): (Limbs<WIDE>, Limbs<WIDE>) = (limbs(&(p + 3_u8)), base.y.canonical());
    assert!(PublicPoint::from_le(&pair_to_le(&base.x.canonical(), &y)).is_some());
    assert!(PublicPoint::from_le(&pair_to_le(&x, &y)).is_none());
}

#[test]
fn private_keys_lie_between_zero_and_q() {
    let q = big(GOST_512.order.q());
    let le = |number: &BigUint| {
        limbs::<WIDE>(number).iter().flat_map(|limb| limb.to_le_bytes()).collect::<Vec<_>>()
    };
    for refused in [BigUint::ZERO, q.clone(), &q + 1_u8] {
        assert!(PrivateKey::from_le(&le(&refused)).is_none());
    }
    for accepted in [BigUint::from(1_u8), &q - 1_u8] {
        let key = PrivateKey::from_le(&le(&accepted)).unwrap();
        assert_eq!(key.to_le().as_slice(), le(&accepted));
        assert!(verifies(&key.public(), b"", &key.sign(b"").unwrap()));
    }
}

#[test]
fn signatures_are_those_of_the_model() {
    let (model, key) = (Model::ours(), key_of_seven());
    for message in [&b""[..], b"message", &[0xff; 300]] {
        let e = number(&digest(message));
        let k = Nonces::new(&key.0, &e).next().unwrap();
        let (r, s) = model.sign(&big(&key.0), &big(&e), &big(&k));
        let signature = key.sign(message).unwrap();
        assert_eq!(signature, pair_to_le(&limbs(&r), &limbs(&s)));
        assert!(verifies(&key.public(), message, &signature));
    }
}

#[test]
fn nonces_that_do_not_serve_are_passed_over() {
    let (d, e) = (limbs(&BigUint::from(5_u8)), limbs(&BigUint::from(9_u8)));
    let (q, good) = (*GOST_512.order.q(), limbs(&BigUint::from(12_345_u16)));
    let sign = |nonces: &[Limbs<WIDE>]| signature::sign(&GOST_512, &d, &e, nonces.iter().map(|&k| k.into()));
    assert_eq!(sign(&[[0; WIDE], q, [u64::MAX; WIDE], good]), sign(&[good]));
    assert_eq!(sign(&[[0; WIDE]]), None);
}

/// One key and message, one nonce; and no two of the same.
#[test]
fn nonces_follow_from_key_and_message() {
    let key = key_of_seven();
    assert_eq!(key.sign(b"message"), key.sign(b"message"));
    let (d, e) = ([7; WIDE], [9; WIDE]);
    let first: Vec<_> = Nonces::new(&d, &e).take(3).collect();
    assert_ne!(first[0], first[1]);
    assert_ne!(first[1], first[2]);
    assert_eq!(Nonces::new(&d, &e).take(3).collect::<Vec<_>>(), first);
    assert_ne!(Nonces::new(&d, &[8; WIDE]).next().unwrap(), first[0]);
    assert_ne!(Nonces::new(&e, &d).next().unwrap(), first[0]);
}

/// A digest that is a multiple of q is signed as 1 (RFC 7091, 6.1, step 2).
#[test]
fn zero_is_signed_as_one() {
    let one: Limbs<WIDE> = limbs(&BigUint::from(1_u8));
    let q: Vec<u8> = GOST_512.order.q().iter().flat_map(|limb| limb.to_le_bytes()).collect();
    assert_eq!(number(&[0; 64]), one);
    assert_eq!(number(&q.try_into().unwrap()), one);
    let [mut two, mut three] = [[0; 64]; 2];
    (two[0], three[0]) = (2, 3);
    assert_eq!(number(&two), limbs(&BigUint::from(2_u8)));
    assert_eq!(number(&three), limbs(&BigUint::from(3_u8)));
}
