//! The secret number of a signature, made from key and digest as RFC 6979, 3.2 says, with HMAC over Streebog of 512
//! bits: the same message gives the same signature, and nothing depends on the machine's random numbers.

use hmac::{KeyInit, Mac, SimpleHmac};
use streebog::Streebog512;
use zeroize::{Zeroize, Zeroizing};

use super::curve::WIDE;
use super::limbs::Limbs;

type Bytes = Zeroizing<[u8; 64]>;

/// Candidates, one after the other; whoever takes them passes over those that are not between 0 and q.
pub(super) struct Nonces {
    key: SimpleHmac<Streebog512>,
    value: Bytes,
    fresh: bool,
}

impl Nonces {
    /// For the private key `d` and the number `e` that is signed.
    pub(super) fn new(d: &Limbs<WIDE>, e: &Limbs<WIDE>) -> Self {
        let (d, e) = (big_endian(d), big_endian(e));
        let mut value = Zeroizing::new([1; 64]);
        let mut key = keyed(&[0; 64]);
        for round in 0..2 {
            let next = tag(&key, &[value.as_slice(), &[round], d.as_slice(), e.as_slice()]);
            key = keyed(&next);
            value = tag(&key, &[value.as_slice()]);
        }
        Self { key, value, fresh: true }
    }
}

impl Iterator for Nonces {
    type Item = Zeroizing<Limbs<WIDE>>;

    fn next(&mut self) -> Option<Self::Item> {
        if !self.fresh {
            self.key = keyed(&tag(&self.key, &[self.value.as_slice(), &[0]]));
            self.value = tag(&self.key, &[self.value.as_slice()]);
        }
        self.fresh = false;
        self.value = tag(&self.key, &[self.value.as_slice()]);
        let mut number = Zeroizing::new([0; WIDE]);
        let (chunks, _) = self.value.as_chunks::<8>();
        for (limb, chunk) in number.iter_mut().rev().zip(chunks) {
            *limb = u64::from_be_bytes(*chunk);
        }
        Some(number)
    }
}

fn big_endian(number: &Limbs<WIDE>) -> Bytes {
    let mut bytes = Zeroizing::new([0; 64]);
    let (chunks, _) = bytes.as_chunks_mut::<8>();
    for (chunk, limb) in chunks.iter_mut().zip(number.iter().rev()) {
        *chunk = limb.to_be_bytes();
    }
    bytes
}

fn keyed(key: &[u8; 64]) -> SimpleHmac<Streebog512> {
    SimpleHmac::new(key.into())
}

fn tag(key: &SimpleHmac<Streebog512>, parts: &[&[u8]]) -> Bytes {
    let mut hmac = key.clone();
    for part in parts {
        hmac.update(part);
    }
    let mut tag = hmac.finalize().into_bytes();
    let mut bytes = Zeroizing::new([0; 64]);
    bytes.copy_from_slice(&tag);
    tag.as_mut_slice().zeroize();
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// HMAC_GOSTR3411_2012_512 of RFC 7836, B.1.2. A short key is one with zeros at its end.
    #[test]
    fn the_hmac_is_that_of_the_standard() {
        let mut key = [0; 64];
        for (index, byte) in (0..32).zip(&mut key) {
            *byte = index;
        }
        let data = hex::decode("0126bdb87800af214341456563780100").unwrap();
        let expected = "a59bab22ecae19c65fbde6e5f4e9f5d8549d31f037f9df9b905500e171923a773d5f1530f2ed7e964cb2eedc29e9ad2f3afe93b2814f79f5000ffc0366c251e6";
        assert_eq!(hex::encode(tag(&keyed(&key), &[&data])), expected);
    }
}
