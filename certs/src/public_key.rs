//! Public keys: recognised, identified, and used to verify under one policy.

use std::hash::{Hash, Hasher};

use const_oid::ObjectIdentifier;
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use sha1::Digest;

use crate::der::{BIT_STRING, DerError, INTEGER, OCTET_STRING, Reader, SEQUENCE};
use crate::gost::{PublicPoint, Standard};
use crate::{Algorithm, SignatureAlgorithm, der, oid};

/// The smallest RSA modulus accepted, in bits.
const SMALLEST_RSA: usize = 2048;
/// The same for tests of what systems made of it once.
const SMALLEST_LEGACY_RSA: usize = 1024;

/// Which algorithms are good enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlgorithmPolicy {
    /// No SHA-1 and no RSA below 2048 bits.
    #[default]
    Strict,
    /// RSA from 1024 bits with SHA-1 as well, for tests of what systems made of it once.
    Legacy,
}

/// A SubjectPublicKeyInfo. Keys of algorithms that we do not know can be held and compared, only not verified with.
#[derive(Clone, Debug)]
pub struct PublicKey {
    spki: Vec<u8>,
    /// Content of the BIT STRING.
    bits: Vec<u8>,
    kind: Kind,
}

/// Keys are the same if their bytes are: all else is read from them.
impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki == other.spki
    }
}

impl Eq for PublicKey {}

impl Hash for PublicKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.spki.hash(state);
    }
}

#[derive(Clone, Debug)]
enum Kind {
    P256,
    Rsa { modulus_bits: usize },
    Gost(PublicPoint),
    Other { oid: ObjectIdentifier },
}

/// Why bytes are not a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PublicKeyError {
    /// The structure is not a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7).
    #[error("not a SubjectPublicKeyInfo: {0}")]
    Malformed(#[from] DerError),
    /// The coordinates of a GOST key are not those of a point of its curve, or of one that no private key makes.
    #[error("the key is not a point of its curve, or none of the base point's multiples")]
    NotOnCurve,
}

/// Why a signature is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// It does not belong to the message and the key.
    #[error("the signature does not belong to the data and the key")]
    Invalid,
    /// Its digest is broken (SHA-1, MD5).
    #[error("signatures with {algorithm} are not accepted: its digest is broken")]
    BrokenDigest {
        /// Name of the algorithm, such as `sha1WithRSAEncryption`.
        algorithm: &'static str,
    },
    /// The RSA key is too short.
    #[error("an RSA key of {bits} bits is too short; {SMALLEST_RSA} is the least")]
    WeakRsa {
        /// Length of the modulus.
        bits: usize,
    },
    /// What is signed was put into a temporary file, and could not be read back.
    #[error("what is signed cannot be read from its temporary file: {0}")]
    Unreadable(std::io::ErrorKind),
    /// We do not know the algorithm of the signature.
    #[error("the signature algorithm {oid} is not supported")]
    UnsupportedAlgorithm {
        /// Its OID.
        oid: ObjectIdentifier,
    },
    /// We do not know the algorithm of the key.
    #[error("the key algorithm {oid} is not supported")]
    UnsupportedKey {
        /// Its OID.
        oid: ObjectIdentifier,
    },
    /// The signature's algorithm is for another kind of key.
    #[error("a signature with {signature} cannot be by a key of {key}")]
    OtherKindOfKey {
        /// OID of the signature algorithm.
        signature: ObjectIdentifier,
        /// Name of the key's algorithm.
        key: Algorithm,
    },
}

impl SignatureError {
    /// Whether the algorithm or key was refused before anything was computed.
    pub const fn is_refusal(&self) -> bool {
        !matches!(self, Self::Invalid | Self::Unreadable(_))
    }

    /// The name or OID of what was refused: `sha1WithRSAEncryption`, `RSA-1024`.
    pub fn refused(&self) -> Option<String> {
        match self {
            Self::Invalid | Self::Unreadable(_) => None,
            Self::BrokenDigest { algorithm } => Some((*algorithm).to_owned()),
            Self::WeakRsa { bits } => Some(format!("RSA-{bits}")),
            Self::UnsupportedAlgorithm { oid }
            | Self::UnsupportedKey { oid }
            | Self::OtherKindOfKey { signature: oid, .. } => Some(oid.to_string()),
        }
    }
}

impl PublicKey {
    /// Reads a DER SubjectPublicKeyInfo.
    pub fn from_spki_der(spki: &[u8]) -> Result<Self, PublicKeyError> {
        let mut outer = Reader::only(spki, SEQUENCE)?.reader();
        let mut identifier = outer.sequence()?;
        let bits = outer.expect(BIT_STRING)?.value.get(1..).unwrap_or_default();
        outer.end()?;
        let algorithm = identifier.oid()?;
        let kind = match algorithm {
            oid::RSA_ENCRYPTION => Kind::Rsa { modulus_bits: modulus_bits(bits)? },
            oid::EC_PUBLIC_KEY if identifier.oid().ok() == Some(oid::PRIME256V1) => Kind::P256,
            other => match Standard::of_key(other) {
                Some(standard) => match gost_curve(identifier)? {
                    curve if curve == standard.curve() => Kind::Gost(gost_point(standard, bits)?),
                    curve => Kind::Other { oid: curve },
                },
                None => Kind::Other { oid: other },
            },
        };
        Ok(Self { spki: spki.to_vec(), bits: bits.to_vec(), kind })
    }

    pub(crate) fn p256(point: &[u8]) -> Self {
        let curve = der::oid(oid::PRIME256V1);
        let spki = spki_der(oid::EC_PUBLIC_KEY, &curve, point);
        Self { spki, bits: point.to_vec(), kind: Kind::P256 }
    }

    /// From the DER of an RSAPublicKey.
    pub(crate) fn rsa(key: &[u8]) -> Result<Self, PublicKeyError> {
        let spki = spki_der(oid::RSA_ENCRYPTION, &[5, 0], key);
        Ok(Self { spki, bits: key.to_vec(), kind: Kind::Rsa { modulus_bits: modulus_bits(key)? } })
    }

    /// From little-endian x and y.
    pub(crate) fn gost(standard: Standard, point: &[u8]) -> Result<Self, PublicKeyError> {
        let bits = der::octets(point);
        let kind = Kind::Gost(gost_point(standard, &bits)?);
        let spki = der::sequence(&[&standard.identifier(), &der::bits(&bits)]);
        Ok(Self { spki, bits, kind })
    }

    /// The DER of the SubjectPublicKeyInfo, as read.
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// The content of the BIT STRING without its count of unused bits: what OCSP hashes (RFC 6960, 4.1.1).
    pub fn bits(&self) -> &[u8] {
        &self.bits
    }

    /// The algorithm, if it is one of ours.
    pub fn algorithm(&self) -> Option<Algorithm> {
        match &self.kind {
            Kind::P256 => Some(Algorithm::P256),
            Kind::Rsa { .. } => Some(Algorithm::Rsa),
            Kind::Gost(point) => Some(point.standard().into()),
            Kind::Other { .. } => None,
        }
    }

    /// Why a policy refuses whatever is signed with it, if it is a key that is too short.
    pub const fn weakness(&self, policy: AlgorithmPolicy) -> Option<SignatureError> {
        let least = match policy {
            AlgorithmPolicy::Strict => SMALLEST_RSA,
            AlgorithmPolicy::Legacy => SMALLEST_LEGACY_RSA,
        };
        match self.kind {
            Kind::Rsa { modulus_bits: bits } if bits < least => Some(SignatureError::WeakRsa { bits }),
            _ => None,
        }
    }

    /// SHA-1 of the BIT STRING's content, the key identifier of RFC 5280, 4.2.1.2, method 1. It names the key and
    /// protects nothing.
    pub fn key_id(&self) -> [u8; 20] {
        sha1::Sha1::digest(&self.bits).into()
    }

    /// Verifies `signature` over `message`, made with `algorithm`.
    ///
    /// Broken digests, RSA under 2048 bits and unknown algorithms are refused before anything is computed.
    pub fn verify(
        &self,
        algorithm: &SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        self.verify_under(AlgorithmPolicy::Strict, algorithm, message, signature)
    }

    /// The same under another policy.
    pub fn verify_under(
        &self,
        policy: AlgorithmPolicy,
        algorithm: &SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        let legacy = match policy {
            AlgorithmPolicy::Strict => None,
            AlgorithmPolicy::Legacy => self.legacy_verification(algorithm.oid),
        };
        let verification = legacy.map_or_else(|| self.verification(algorithm.oid), Ok)?;
        let verified = match verification {
            Verification::Ring(verification) => {
                UnparsedPublicKey::new(verification, &self.bits).verify(message, signature).is_ok()
            }
            Verification::Gost(point) => point.verifies(message, signature),
        };
        if verified { Ok(()) } else { Err(SignatureError::Invalid) }
    }

    /// What [`AlgorithmPolicy::Legacy`] has beyond the other.
    fn legacy_verification(&self, oid: ObjectIdentifier) -> Option<Verification<'_>> {
        let Kind::Rsa { modulus_bits: SMALLEST_LEGACY_RSA.. } = self.kind else { return None };
        let verification = match oid {
            oid::SHA1_WITH_RSA => &signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
            oid::SHA256_WITH_RSA => &signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
            oid::SHA512_WITH_RSA => &signature::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
            _ => return None,
        };
        Some(Verification::Ring(verification))
    }

    fn verification(&self, oid: ObjectIdentifier) -> Result<Verification<'_>, SignatureError> {
        let ring = |key, verification: &'static dyn VerificationAlgorithm| (key, Some(verification));
        let (key, verification) = match oid {
            oid::ECDSA_WITH_SHA256 => ring(Algorithm::P256, &signature::ECDSA_P256_SHA256_ASN1),
            oid::ECDSA_WITH_SHA384 => ring(Algorithm::P256, &signature::ECDSA_P256_SHA384_ASN1),
            oid::SHA256_WITH_RSA => ring(Algorithm::Rsa, &signature::RSA_PKCS1_2048_8192_SHA256),
            oid::SHA384_WITH_RSA => ring(Algorithm::Rsa, &signature::RSA_PKCS1_2048_8192_SHA384),
            oid::SHA512_WITH_RSA => ring(Algorithm::Rsa, &signature::RSA_PKCS1_2048_8192_SHA512),
            oid::GOST_512_SIGNATURE => (Algorithm::Gost512, None),
            oid::GOST_256_SIGNATURE => (Algorithm::Gost256, None),
            oid::GOST_2004_SIGNATURE => (Algorithm::Gost2004, None),
            oid::ECDSA_WITH_SHA1 => {
                return Err(SignatureError::BrokenDigest { algorithm: "ecdsa-with-SHA1" });
            }
            oid::SHA1_WITH_RSA => {
                return Err(SignatureError::BrokenDigest { algorithm: "sha1WithRSAEncryption" });
            }
            oid::MD5_WITH_RSA => {
                return Err(SignatureError::BrokenDigest { algorithm: "md5WithRSAEncryption" });
            }
            oid => return Err(SignatureError::UnsupportedAlgorithm { oid }),
        };
        let fits = |own| {
            if key == own {
                return Ok(());
            }
            Err(SignatureError::OtherKindOfKey { signature: oid, key: own })
        };
        match &self.kind {
            Kind::Other { oid } => return Err(SignatureError::UnsupportedKey { oid: *oid }),
            Kind::P256 => fits(Algorithm::P256)?,
            Kind::Gost(point) => fits(point.standard().into())?,
            Kind::Rsa { modulus_bits } => {
                fits(Algorithm::Rsa)?;
                if *modulus_bits < SMALLEST_RSA {
                    return Err(SignatureError::WeakRsa { bits: *modulus_bits });
                }
            }
        }
        match (verification, &self.kind) {
            (Some(verification), _) => Ok(Verification::Ring(verification)),
            (None, Kind::Gost(point)) => Ok(Verification::Gost(point)),
            (None, _) => Err(SignatureError::UnsupportedAlgorithm { oid }),
        }
    }
}

/// Who verifies.
enum Verification<'a> {
    Ring(&'static dyn VerificationAlgorithm),
    Gost(&'a PublicPoint),
}

/// The OID of the curve; the digest beside it is what the signature says anyway.
fn gost_curve(mut identifier: Reader<'_>) -> Result<ObjectIdentifier, DerError> {
    identifier.sequence()?.oid()
}

/// The point in a BIT STRING: an OCTET STRING of little-endian x and y.
fn gost_point(standard: Standard, bits: &[u8]) -> Result<PublicPoint, PublicKeyError> {
    let pair = Reader::only(bits, OCTET_STRING)?.value;
    PublicPoint::from_le(standard, pair).ok_or(PublicKeyError::NotOnCurve)
}

/// Length of the modulus in an RSAPublicKey (RFC 8017, A.1.1).
fn modulus_bits(key: &[u8]) -> Result<usize, DerError> {
    let modulus = Reader::only(key, SEQUENCE)?.reader().expect(INTEGER)?.value;
    let zeros = modulus.iter().take_while(|&&b| b == 0).count();
    let Some(top) = modulus.get(zeros) else { return Ok(0) };
    Ok((modulus.len() - zeros) * 8 - usize::try_from(top.leading_zeros()).unwrap_or(0))
}

fn spki_der(algorithm: ObjectIdentifier, parameters: &[u8], key: &[u8]) -> Vec<u8> {
    let identifier = der::sequence(&[&der::oid(algorithm), parameters]);
    der::sequence(&[&identifier, &der::bits(key)])
}
