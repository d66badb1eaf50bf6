//! GOST 34.10-2015 with 512 and with 256 bits, and GOST 34.310-2004 before it, each with its digest, in the national
//! encoding.
//!
//! The numbers are those of the Russian standards (RFC 7091 with RFC 6986; RFC 5832 with RFC 5831) and of curves that
//! are known there; the bytes are not: a digest is read as a little-endian number, and a signature is little-endian r
//! followed by little-endian s, where RFC 9215 has big-endian s and r. What was seen on national test material and what
//! was only read about stands in `docs/certificates.md`.
//!
//! Written for a sandbox, for test keys. Signing takes the same steps for every key and nonce and wipes what it leaves;
//! nobody has audited it.

mod comb;
mod curve;
mod field;
mod identifier;
mod inverse;
mod limbs;
mod nonce;
mod parameters;
mod point;
mod scalar;
mod signature;
mod suite;

use std::fmt;

use streebog::{Digest as _, Streebog256, Streebog512};
use zeroize::Zeroizing;

use limbs::Limbs;
use parameters::{GOST_256, GOST_512, GOST_2004, NARROW, WIDE};
use point::Affine;
use suite::Old;

/// Which of the standards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standard {
    /// GOST 34.10-2015, 512 bits, with GOST 34.11-2015 (Streebog) of 512 bits.
    Gost512,
    /// The same with 256 bits each.
    Gost256,
    /// GOST 34.310-2004 with GOST 34.311-95.
    Gost2004,
}

impl Standard {
    /// The digest that is signed.
    pub(crate) fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Gost512 => Streebog512::digest(message).to_vec(),
            Self::Gost256 => Streebog256::digest(message).to_vec(),
            Self::Gost2004 => Old::digest(message).to_vec(),
        }
    }
}

/// A private key. Wiped when it goes.
pub(crate) enum PrivateKey {
    Gost512(Zeroizing<Limbs<WIDE>>),
    Gost256(Zeroizing<Limbs<NARROW>>),
    Gost2004(Zeroizing<Limbs<NARROW>>),
}

impl PrivateKey {
    /// Makes a key from the machine's random numbers, if it gives any.
    pub(crate) fn generate(standard: Standard) -> Option<Self> {
        Some(match standard {
            Standard::Gost512 => Self::Gost512(GOST_512.generate()?),
            Standard::Gost256 => Self::Gost256(GOST_256.generate()?),
            Standard::Gost2004 => Self::Gost2004(GOST_2004.generate()?),
        })
    }

    /// Reads a number in little-endian bytes; it must lie between 0 and the order of the curve.
    pub(crate) fn from_le(standard: Standard, bytes: &[u8]) -> Option<Self> {
        Some(match standard {
            Standard::Gost512 => Self::Gost512(GOST_512.private(bytes)?),
            Standard::Gost256 => Self::Gost256(GOST_256.private(bytes)?),
            Standard::Gost2004 => Self::Gost2004(GOST_2004.private(bytes)?),
        })
    }

    pub(crate) const fn standard(&self) -> Standard {
        match self {
            Self::Gost512(_) => Standard::Gost512,
            Self::Gost256(_) => Standard::Gost256,
            Self::Gost2004(_) => Standard::Gost2004,
        }
    }

    /// The number in little-endian bytes.
    pub(crate) fn to_le(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(match self {
            Self::Gost512(d) => limbs::to_le(d).collect(),
            Self::Gost256(d) | Self::Gost2004(d) => limbs::to_le(d).collect(),
        })
    }

    /// The public key: little-endian x and y.
    pub(crate) fn public(&self) -> Vec<u8> {
        match self {
            Self::Gost512(d) => GOST_512.public(d),
            Self::Gost256(d) => GOST_256.public(d),
            Self::Gost2004(d) => GOST_2004.public(d),
        }
    }

    /// Signs: little-endian r and s.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Gost512(d) => GOST_512.sign(d, message),
            Self::Gost256(d) => GOST_256.sign(d, message),
            Self::Gost2004(d) => GOST_2004.sign(d, message),
        }
    }
}

/// A public key, to verify with.
#[derive(Clone)]
pub(crate) struct PublicPoint(OnCurve);

#[derive(Clone)]
enum OnCurve {
    Gost512(Affine<WIDE, 569, -3>),
    Gost256(Affine<NARROW, 617, 3>),
    Gost2004(Affine<NARROW, 617, -3>),
}

impl PublicPoint {
    /// Reads little-endian x and y, if they are a multiple of the curve's base point.
    pub(crate) fn from_le(standard: Standard, bytes: &[u8]) -> Option<Self> {
        Some(Self(match standard {
            Standard::Gost512 => OnCurve::Gost512(GOST_512.point(bytes)?),
            Standard::Gost256 => OnCurve::Gost256(GOST_256.point(bytes)?),
            Standard::Gost2004 => OnCurve::Gost2004(GOST_2004.point(bytes)?),
        }))
    }

    pub(crate) const fn standard(&self) -> Standard {
        match self.0 {
            OnCurve::Gost512(_) => Standard::Gost512,
            OnCurve::Gost256(_) => Standard::Gost256,
            OnCurve::Gost2004(_) => Standard::Gost2004,
        }
    }

    /// Whether `signature`, little-endian r and s, is one of `message`.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.0 {
            OnCurve::Gost512(point) => GOST_512.verifies(point, message, signature),
            OnCurve::Gost256(point) => GOST_256.verifies(point, message, signature),
            OnCurve::Gost2004(point) => GOST_2004.verifies(point, message, signature),
        }
    }
}

impl fmt::Debug for PublicPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicPoint({:?})", self.standard())
    }
}

#[cfg(test)]
mod tests;
