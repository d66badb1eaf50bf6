//! GOST 34.10-2015 with 512 bits and GOST 34.11-2015, in the national encoding.
//!
//! The numbers are those of the Russian standards of 2012 (RFC 7091, RFC 6986, curve id-tc26-gost-3410-12-512-paramSetA
//! of RFC 7836); the bytes are not: a digest is read as a little-endian number, and a signature is little-endian r
//! followed by little-endian s, where RFC 9215 has big-endian s and r.
//!
//! Written for a sandbox, for test keys. Signing takes the same steps for every key and nonce and wipes what it leaves;
//! nobody has audited it.

mod comb;
mod curve;
mod field;
mod inverse;
mod limbs;
mod nonce;
mod point;
mod scalar;
mod signature;

use streebog::{Digest as _, Streebog512};
use zeroize::Zeroizing;

use curve::{GOST_512, WIDE};
use limbs::Limbs;
use nonce::Nonces;
use point::Affine;

/// Bytes of a private key, and of a digest.
const PRIVATE: usize = 64;

/// The digest of GOST 34.11-2015, 512 bits (Streebog).
pub(crate) fn digest(message: &[u8]) -> [u8; PRIVATE] {
    Streebog512::digest(message).into()
}

/// A private key. Wiped when it goes.
pub(crate) struct PrivateKey(Zeroizing<Limbs<WIDE>>);

impl PrivateKey {
    /// Makes a key from the machine's random numbers, if it gives any.
    pub(crate) fn generate() -> Option<Self> {
        // q is so close to 2^512 that a second round is never seen; the bound is for a machine that gives only ones.
        (0..8).find_map(|_| {
            let mut bytes = Zeroizing::new([0; PRIVATE]);
            getrandom::fill(bytes.as_mut_slice()).ok()?;
            Self::from_le(bytes.as_slice())
        })
    }

    /// Reads a number in little-endian bytes; it must lie between 0 and the order of the curve.
    pub(crate) fn from_le(bytes: &[u8]) -> Option<Self> {
        let d = Zeroizing::new(limbs::from_le(bytes)?);
        GOST_512.order.holds(&d).then_some(Self(d))
    }

    /// The number in little-endian bytes.
    pub(crate) fn to_le(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(limbs::to_le(&self.0).collect())
    }

    /// The public key: little-endian x and y.
    pub(crate) fn public(&self) -> Vec<u8> {
        let point = GOST_512.base_times(&self.0).affine();
        pair_to_le(&point.x.canonical(), &point.y.canonical())
    }

    /// Signs: little-endian r and s.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let e = number(&digest(message));
        let (r, s) = signature::sign(&GOST_512, &self.0, &e, Nonces::new(&self.0, &e))?;
        Some(pair_to_le(&r, &s))
    }
}

/// A point of the curve to verify with.
#[derive(Clone)]
pub(crate) struct PublicPoint(Affine<WIDE, 569>);

impl PublicPoint {
    /// Reads little-endian x and y, if they are a point of the curve.
    pub(crate) fn from_le(bytes: &[u8]) -> Option<Self> {
        let (x, y) = pair_from_le(bytes)?;
        GOST_512.point(x, y).map(Self)
    }

    /// Whether `signature`, little-endian r and s, is one of `message`.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        pair_from_le(signature)
            .is_some_and(|pair| signature::verifies(&GOST_512, &self.0, &number(&digest(message)), &pair))
    }
}

/// What is signed for a digest: the number modulo q, and 1 instead of 0.
fn number(digest: &[u8; PRIVATE]) -> Limbs<WIDE> {
    let mut e = GOST_512.order.reduce(&limbs::from_le(digest).unwrap_or_default());
    e[0] |= u64::from(limbs::is_zero(&e));
    e
}

fn pair_from_le(bytes: &[u8]) -> Option<signature::Pair<WIDE>> {
    let (first, second) = bytes.split_at_checked(PRIVATE)?;
    Some((limbs::from_le(first)?, limbs::from_le(second)?))
}

fn pair_to_le(first: &Limbs<WIDE>, second: &Limbs<WIDE>) -> Vec<u8> {
    limbs::to_le(first).chain(limbs::to_le(second)).collect()
}

#[cfg(test)]
mod tests;
