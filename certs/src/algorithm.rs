//! Signature algorithms in use.

use std::fmt;
use std::str::FromStr;

use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};

use crate::gost::Standard;
use crate::oid;

/// A kind of key with the one signature made with it. More will join, so a match needs an arm for the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256: keys in no time, for sandboxes that come and go. Not a national algorithm.
    P256,
    /// RSA PKCS#1 v1.5 with SHA-256: 2048 bits for users, 4096 for certification centres.
    Rsa,
    /// GOST 34.10-2015 of 512 bits with GOST 34.11-2015: the national algorithm, in its national encoding.
    Gost512,
    /// The same with 256 bits. The national centre has the identifiers and issues no such keys.
    Gost256,
    /// GOST 34.310-2004 with GOST 34.311-95, of 256 bits: the national algorithm until 2024, still met in older keys.
    Gost2004,
}

impl Algorithm {
    /// The algorithms known, in the order of the command line's help.
    pub const ALL: &[Self] = &[Self::P256, Self::Rsa, Self::Gost512, Self::Gost256, Self::Gost2004];

    /// The name on the command line, in URLs and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "p256",
            Self::Rsa => "rsa",
            Self::Gost512 => "gost512",
            Self::Gost256 => "gost256",
            Self::Gost2004 => "gost2004",
        }
    }

    /// The name in the names of certification centres: `P256`, `RSA`, `GOST`, `GOST-256`, `GOST-2004`. A bare `GOST` is
    /// the one in force.
    pub const fn label(self) -> &'static str {
        match self {
            Self::P256 => "P256",
            Self::Rsa => "RSA",
            Self::Gost512 => "GOST",
            Self::Gost256 => "GOST-256",
            Self::Gost2004 => "GOST-2004",
        }
    }

    /// The prefix of key file names: `P256`, `RSA256`, `GOST512`, `GOST256`, and `GOSTKNCA` for the old algorithm.
    pub const fn file_label(self) -> &'static str {
        match self {
            Self::P256 => "P256",
            Self::Rsa => "RSA256",
            Self::Gost512 => "GOST512",
            Self::Gost256 => "GOST256",
            Self::Gost2004 => "GOSTKNCA",
        }
    }

    /// The OID of signatures made with it.
    pub const fn signature_oid(self) -> ObjectIdentifier {
        match self {
            Self::P256 => oid::ECDSA_WITH_SHA256,
            Self::Rsa => oid::SHA256_WITH_RSA,
            Self::Gost512 => oid::GOST_512_SIGNATURE,
            Self::Gost256 => oid::GOST_256_SIGNATURE,
            Self::Gost2004 => oid::GOST_2004_SIGNATURE,
        }
    }

    /// The OID of the digest that its signatures use.
    pub const fn digest_oid(self) -> ObjectIdentifier {
        match self {
            Self::P256 | Self::Rsa => oid::SHA256,
            Self::Gost512 => oid::GOST_DIGEST_512,
            Self::Gost256 => oid::GOST_DIGEST_256,
            Self::Gost2004 => oid::GOST_DIGEST_95,
        }
    }

    /// An algorithm whose signatures use the digest with this OID.
    pub fn with_digest(oid: ObjectIdentifier) -> Option<Self> {
        Self::ALL.iter().copied().find(|algorithm| algorithm.digest_oid() == oid)
    }

    /// That digest of `message`.
    pub fn digest(self, message: &[u8]) -> Vec<u8> {
        use sha2::Digest;
        match self.gost() {
            None => sha2::Sha256::digest(message).to_vec(),
            Some(standard) => standard.digest(message),
        }
    }

    /// Whether it is one of the national algorithms, which other programs do not know.
    pub const fn is_gost(self) -> bool {
        self.gost().is_some()
    }

    pub(crate) const fn gost(self) -> Option<Standard> {
        match self {
            Self::P256 | Self::Rsa => None,
            Self::Gost512 => Some(Standard::Gost512),
            Self::Gost256 => Some(Standard::Gost256),
            Self::Gost2004 => Some(Standard::Gost2004),
        }
    }

    /// Whether a key takes so long to make (tens of milliseconds and more) that it should be made in the background.
    pub const fn slow_keys(self) -> bool {
        matches!(self, Self::Rsa)
    }
}

impl From<Standard> for Algorithm {
    fn from(standard: Standard) -> Self {
        match standard {
            Standard::Gost512 => Self::Gost512,
            Standard::Gost256 => Self::Gost256,
            Standard::Gost2004 => Self::Gost2004,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    fn from_str(s: &str) -> Result<Self, UnknownAlgorithm> {
        Self::ALL
            .iter()
            .copied()
            .find(|a| a.name() == s)
            .ok_or_else(|| UnknownAlgorithm { found: s.to_owned() })
    }
}

/// A word that names no algorithm.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no algorithm `{found}`; known: {}", Algorithm::ALL.iter().map(|a| a.name()).collect::<Vec<_>>().join(", "))]
pub struct UnknownAlgorithm {
    /// The word as it was given.
    pub found: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for &algorithm in Algorithm::ALL {
            assert_eq!(algorithm.name().parse(), Ok(algorithm));
        }
        let error = "dsa".parse::<Algorithm>().unwrap_err();
        assert_eq!(error.to_string(), "no algorithm `dsa`; known: p256, rsa, gost512, gost256, gost2004");
    }
}
