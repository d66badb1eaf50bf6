//! A curve with the digest that is signed on it, and the bytes of both: numbers are little-endian throughout.

use std::marker::PhantomData;

use gost94::Gost94Test;
use streebog::digest::common::BlockSizeUser;
use streebog::{Digest, Streebog256, Streebog512};
use zeroize::Zeroizing;

use super::curve::Curve;
use super::limbs::{self, Limbs, Product};
use super::nonce::Nonces;
use super::point::Affine;
use super::signature::{self, Pair};

/// GOST 34.311-95 with the S-boxes of the example in its standard (RFC 4357, 11.2: id-GostR3411-94-TestParamSet), which
/// the national centre used.
pub(super) type Old = Gost94Test;

/// A digest as long as the numbers of its curve.
pub(super) trait Hash: Digest + BlockSizeUser + Clone {}
impl Hash for Streebog512 {}
impl Hash for Streebog256 {}
impl Hash for Old {}

pub(super) struct Suite<H, const N: usize, const C: u64, const A: i64> {
    pub(super) curve: Curve<N, C, A>,
    hash: PhantomData<fn() -> H>,
}

impl<H: Hash, const N: usize, const C: u64, const A: i64> Suite<H, N, C, A>
where
    Limbs<N>: Product,
{
    pub(super) const fn new(curve: Curve<N, C, A>) -> Self {
        Self { curve, hash: PhantomData }
    }

    /// A private key from its bytes; it must lie between 0 and the order of the curve.
    pub(super) fn private(&self, bytes: &[u8]) -> Option<Zeroizing<Limbs<N>>> {
        let d = Zeroizing::new(limbs::from_le(bytes)?);
        self.curve.order.holds(&d).then_some(d)
    }

    /// A private key from the machine's random numbers, if it gives any.
    pub(super) fn generate(&self) -> Option<Zeroizing<Limbs<N>>> {
        // The bits that q has not are cut off, so half of the numbers serve at least; the bound is for a machine that
        // gives only ones.
        (0..64).find_map(|_| {
            let mut bytes = Zeroizing::new([0; 64]);
            let bytes = bytes.get_mut(..8 * N)?;
            getrandom::fill(bytes).ok()?;
            if let Some(top) = bytes.last_mut() {
                *top >>= 64 * N - self.curve.order.bits();
            }
            self.private(bytes)
        })
    }

    /// x and y of the public key.
    pub(super) fn public(&self, d: &Limbs<N>) -> Vec<u8> {
        let (x, y) = self.curve.coordinates(&self.curve.base_times(d).affine());
        pair_to_le(&(x, y))
    }

    /// A public key from its x and y.
    pub(super) fn point(&self, bytes: &[u8]) -> Option<Affine<N, C, A>> {
        let (x, y) = pair_from_le(bytes)?;
        self.curve.point(&x, &y)
    }

    /// r and s for a message.
    pub(super) fn sign(&self, d: &Limbs<N>, message: &[u8]) -> Option<Vec<u8>> {
        let e = self.number(&H::digest(message));
        let pair = signature::sign(&self.curve, d, &e, Nonces::<H, N>::new(&self.curve.order, d, &e))?;
        Some(pair_to_le(&pair))
    }

    pub(super) fn verifies(&self, point: &Affine<N, C, A>, message: &[u8], signature: &[u8]) -> bool {
        let e = self.number(&H::digest(message));
        pair_from_le(signature).is_some_and(|pair| signature::verifies(&self.curve, point, &e, &pair))
    }

    /// What is signed for a digest: the number modulo q, and 1 instead of 0.
    pub(super) fn number(&self, digest: &[u8]) -> Limbs<N> {
        let mut e = self.curve.order.reduce(&limbs::from_le(digest).unwrap_or([0; N]));
        e[0] |= u64::from(limbs::is_zero(&e));
        e
    }
}

pub(super) fn pair_from_le<const N: usize>(bytes: &[u8]) -> Option<Pair<N>> {
    let (first, second) = bytes.split_at_checked(8 * N)?;
    Some((limbs::from_le(first)?, limbs::from_le(second)?))
}

pub(super) fn pair_to_le<const N: usize>((first, second): &Pair<N>) -> Vec<u8> {
    limbs::to_le(first).chain(limbs::to_le(second)).collect()
}
