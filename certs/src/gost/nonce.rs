//! The secret number of a signature, made from key and digest as RFC 6979, 3.2 says, with HMAC over the digest that is
//! signed: the same message gives the same signature, and nothing depends on the machine's random numbers.

use hmac::{KeyInit, Mac, SimpleHmac};
use streebog::digest::Output;
use zeroize::{Zeroize, Zeroizing};

use super::limbs::Limbs;
use super::scalar::Order;
use super::suite::Hash;

/// As many bytes as 512 bits need. Shorter numbers and digests leave the rest alone.
type Bytes = Zeroizing<[u8; 64]>;

/// Candidates, one after the other; whoever takes them passes over those that are not between 0 and q.
pub(super) struct Nonces<H: Hash, const N: usize> {
    key: SimpleHmac<H>,
    value: Bytes,
    /// Bits that a number of N limbs has and q has not.
    excess: usize,
    fresh: bool,
}

impl<H: Hash, const N: usize> Nonces<H, N> {
    /// For the private key `d` and the number `e` that is signed.
    pub(super) fn new(order: &Order<N>, d: &Limbs<N>, e: &Limbs<N>) -> Self {
        let (d, e) = (big_endian(d), big_endian(e));
        let mut value = Zeroizing::new([1; 64]);
        let mut key = keyed(part::<N>(&Zeroizing::new([0; 64])));
        for round in 0..2 {
            let next = tag(&key, &[part::<N>(&value), &[round], part::<N>(&d), part::<N>(&e)]);
            key = keyed(part::<N>(&next));
            value = tag(&key, &[part::<N>(&value)]);
        }
        Self { key, value, excess: 64 * N - order.bits(), fresh: true }
    }
}

impl<H: Hash, const N: usize> Iterator for Nonces<H, N> {
    type Item = Zeroizing<Limbs<N>>;

    fn next(&mut self) -> Option<Self::Item> {
        if !self.fresh {
            self.key = keyed(part::<N>(&tag(&self.key, &[part::<N>(&self.value), &[0]])));
            self.value = tag(&self.key, &[part::<N>(&self.value)]);
        }
        self.fresh = false;
        self.value = tag(&self.key, &[part::<N>(&self.value)]);
        let mut number = Zeroizing::new([0; N]);
        let (chunks, _) = self.value.as_chunks::<8>();
        let mut over = 0;
        for (limb, chunk) in number.iter_mut().rev().zip(chunks) {
            let bits = u64::from_be_bytes(*chunk);
            *limb = (bits >> self.excess) | over;
            over = if self.excess == 0 { 0 } else { bits << (64 - self.excess) };
        }
        Some(number)
    }
}

/// The bytes of a number of N limbs, or of a digest as long.
fn part<const N: usize>(bytes: &Bytes) -> &[u8] {
    bytes.get(..8 * N).unwrap_or_default()
}

fn big_endian<const N: usize>(number: &Limbs<N>) -> Bytes {
    let mut bytes = Zeroizing::new([0; 64]);
    let (chunks, _) = bytes.as_chunks_mut::<8>();
    for (chunk, limb) in chunks.iter_mut().zip(number.iter().rev()) {
        *chunk = limb.to_be_bytes();
    }
    bytes
}

/// A key shorter than a block is one with zeros at its end, so no length is refused.
fn keyed<H: Hash>(key: &[u8]) -> SimpleHmac<H> {
    let mut block = hmac::digest::Key::<SimpleHmac<H>>::default();
    for (slot, byte) in block.iter_mut().zip(key) {
        *slot = *byte;
    }
    let keyed = SimpleHmac::new(&block);
    block.as_mut_slice().zeroize();
    keyed
}

fn tag<H: Hash>(key: &SimpleHmac<H>, parts: &[&[u8]]) -> Bytes {
    let mut hmac = key.clone();
    for part in parts {
        hmac.update(part);
    }
    let mut tag: Output<H> = hmac.finalize().into_bytes();
    let mut bytes = Zeroizing::new([0; 64]);
    for (slot, byte) in bytes.iter_mut().zip(&tag) {
        *slot = *byte;
    }
    tag.as_mut_slice().zeroize();
    bytes
}

#[cfg(test)]
mod tests {
    use streebog::{Streebog256, Streebog512};

    use super::*;

    /// HMAC_GOSTR3411_2012_256 and HMAC_GOSTR3411_2012_512 of RFC 7836, B.1.
    #[test]
    fn the_hmacs_are_those_of_the_standard() {
        let key: Vec<u8> = (0..32).collect();
        let data = hex::decode("0126bdb87800af214341456563780100").unwrap();
        let short = "a1aa5f7de402d7b3d323f2991c8d4534013137010a83754fd0af6d7cd4922ed9";
        let long = "a59bab22ecae19c65fbde6e5f4e9f5d8549d31f037f9df9b905500e171923a773d5f1530f2ed7e964cb2eedc29e9ad2f3afe93b2814f79f5000ffc0366c251e6";
        let of_256 = tag(&keyed::<Streebog256>(&key), &[&data]);
        assert_eq!(hex::encode(part::<4>(&of_256)), short);
        assert_eq!(hex::encode(tag(&keyed::<Streebog512>(&key), &[&data])), long);
    }
}
