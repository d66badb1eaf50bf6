//! Key pairs: made, read, written, signed with.

use std::fmt;
use std::sync::Arc;

use ::rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256};
use sha2::Digest as _;
use zeroize::{Zeroize, Zeroizing};

use crate::der;
use crate::der::{BIT_STRING, DerError, INTEGER, OCTET_STRING, Reader, SEQUENCE};
use crate::{Algorithm, AlgorithmPolicy, PublicKey, PublicKeyError, gost, oid};

const USER_RSA_BITS: usize = 2048;
const CENTRE_RSA_BITS: usize = 4096;
const WEAK_RSA_BITS: usize = 1024;

/// A private key with its public half. Clones share it; the PKCS#8 bytes are wiped when the last one goes.
#[derive(Clone)]
pub struct KeyPair(Arc<Inner>);

struct Inner {
    pkcs8: Zeroizing<Vec<u8>>,
    public: PublicKey,
    signer: Signer,
}

enum Signer {
    P256(Box<EcdsaKeyPair>),
    Rsa(Box<rsa::KeyPair>),
    /// Too short for ring.
    WeakRsa(Box<::rsa::RsaPrivateKey>),
    Gost(gost::PrivateKey),
}

/// What can go wrong with a private key. No variant carries secret bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The bytes are not PKCS#8.
    #[error("not a PKCS#8 private key: {0}")]
    Malformed(#[from] DerError),
    /// The key is of an algorithm that we do not sign with.
    #[error("keys of algorithm {oid} are not supported")]
    Unsupported {
        /// OID of the key's algorithm or, for an elliptic curve, of the curve.
        oid: const_oid::ObjectIdentifier,
    },
    /// An elliptic curve key was stored without its public half, and none was given beside it.
    #[error("the key was stored without its public half; read it together with its certificate")]
    NoPublicHalf,
    /// The numbers in it do not make a key that we accept.
    #[error("the key is not accepted: {reason}")]
    Rejected {
        /// What is wrong, such as `TooSmall` or `InconsistentComponents`.
        reason: String,
    },
    /// The public half is malformed.
    #[error(transparent)]
    Public(#[from] PublicKeyError),
    /// The machine gave no random numbers, or could not make a key from them.
    #[error("no key could be made on this machine")]
    Generation,
    /// The signature could not be computed.
    #[error("signing failed")]
    Signing,
}

impl KeyPair {
    /// Makes a user's key: P-256, GOST, or RSA of 2048 bits (some 50 ms).
    pub fn generate(algorithm: Algorithm) -> Result<Self, KeyError> {
        Self::generate_with(algorithm, USER_RSA_BITS)
    }

    /// Makes a certification centre's key: P-256, GOST, or RSA of 4096 bits (a second or so).
    pub fn generate_ca(algorithm: Algorithm) -> Result<Self, KeyError> {
        Self::generate_with(algorithm, CENTRE_RSA_BITS)
    }

    /// Makes a key that no verifier should accept: RSA of 1024 bits.
    pub fn generate_weak_rsa() -> Result<Self, KeyError> {
        Self::weak_rsa(random_rsa(WEAK_RSA_BITS)?)
    }

    /// Reads PKCS#8 (RFC 5958), unencrypted; the algorithm is recognised from the key.
    pub fn from_pkcs8_der(pkcs8: &[u8]) -> Result<Self, KeyError> {
        Self::read(pkcs8, None)
    }

    /// The same under another policy: with the legacy one, RSA keys that are too short are read as well.
    pub fn from_pkcs8_der_under(policy: AlgorithmPolicy, pkcs8: &[u8]) -> Result<Self, KeyError> {
        match (policy, Self::read(pkcs8, None)) {
            (AlgorithmPolicy::Legacy, Err(refused @ KeyError::Rejected { .. })) => {
                let key = ::rsa::RsaPrivateKey::from_pkcs8_der(pkcs8).map_err(|_| refused)?;
                Self::weak_rsa(key)
            }
            (_, read) => read,
        }
    }

    /// The same with the public key from a certificate at hand, which Java's elliptic curve keys need: they are
    /// stored without their public half.
    pub fn from_pkcs8_der_with(pkcs8: &[u8], public: &PublicKey) -> Result<Self, KeyError> {
        Self::read(pkcs8, Some(public))
    }

    /// The same from PEM (`PRIVATE KEY`).
    pub fn from_pkcs8_pem_under(policy: AlgorithmPolicy, text: &str) -> Result<Self, KeyError> {
        let pkcs8 = crate::pem::decode(text, &["PRIVATE KEY"]).map(Zeroizing::new);
        Self::from_pkcs8_der_under(
            policy,
            &pkcs8.ok_or(DerError::Value { what: "PEM with a PRIVATE KEY block" })?,
        )
    }

    /// The key as PKCS#8, always with its public half.
    pub fn to_pkcs8_der(&self) -> Zeroizing<Vec<u8>> {
        self.0.pkcs8.clone()
    }

    /// The key as PKCS#8 in PEM (`PRIVATE KEY`).
    pub fn to_pkcs8_pem(&self) -> Zeroizing<String> {
        Zeroizing::new(crate::pem::encode("PRIVATE KEY", &self.0.pkcs8))
    }

    /// The algorithm it signs with.
    pub fn algorithm(&self) -> Algorithm {
        match &self.0.signer {
            Signer::P256(_) => Algorithm::P256,
            Signer::Rsa(_) | Signer::WeakRsa(_) => Algorithm::Rsa,
            Signer::Gost(key) => key.standard().into(),
        }
    }

    /// The public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.0.public
    }

    /// Signs `message` as [`SignatureAlgorithm::of`](crate::SignatureAlgorithm::of) says: ECDSA gives the DER of r and s (RFC 3279, 2.2.3),
    /// RSA as many bytes as the modulus has, GOST r and s of 64 bytes each or of 32, little-endian.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let random = SystemRandom::new();
        match &self.0.signer {
            Signer::P256(pair) => {
                let signature = pair.sign(&random, message).map_err(|_| KeyError::Signing)?;
                Ok(signature.as_ref().to_vec())
            }
            Signer::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .map_err(|_| KeyError::Signing)?;
                Ok(signature)
            }
            Signer::WeakRsa(key) => sign_digest(key, oid::SHA256, &sha2::Sha256::digest(message)),
            Signer::Gost(key) => key.sign(message).ok_or(KeyError::Signing),
        }
    }

    fn generate_with(algorithm: Algorithm, rsa_bits: usize) -> Result<Self, KeyError> {
        match (algorithm, algorithm.gost()) {
            (_, Some(standard)) => {
                Self::gost(gost::PrivateKey::generate(standard).ok_or(KeyError::Generation)?)
            }
            (Algorithm::Rsa, None) => Self::generate_rsa(rsa_bits),
            (_, None) => Self::generate_p256(),
        }
    }

    /// Signs `message` with SHA-1, as [`oid::SHA1_WITH_RSA`] says: nobody should accept it.
    ///
    /// # Errors
    /// [`KeyError::Signing`] for any key but one of RSA.
    pub(crate) fn sign_with_sha1(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let key = ::rsa::RsaPrivateKey::from_pkcs8_der(&self.0.pkcs8).map_err(|_| KeyError::Signing)?;
        sign_digest(&key, oid::SHA1, &sha1::Sha1::digest(message))
    }

    fn generate_p256() -> Result<Self, KeyError> {
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new())
            .map_err(|_| KeyError::Generation)?;
        Self::from_pkcs8_der(pkcs8.as_ref())
    }

    fn generate_rsa(bits: usize) -> Result<Self, KeyError> {
        let pkcs8 = random_rsa(bits)?.to_pkcs8_der().map_err(|_| KeyError::Generation)?;
        Self::from_pkcs8_der(pkcs8.as_bytes())
    }

    fn weak_rsa(key: ::rsa::RsaPrivateKey) -> Result<Self, KeyError> {
        let document = key.to_pkcs8_der().map_err(|_| KeyError::Generation)?;
        let pkcs8 = Zeroizing::new(document.as_bytes().to_vec());
        let spki = ::rsa::pkcs8::EncodePublicKey::to_public_key_der(&key.to_public_key())
            .map_err(|_| KeyError::Generation)?;
        let public = PublicKey::from_spki_der(spki.as_bytes())?;
        Ok(Self(Arc::new(Inner { pkcs8, public, signer: Signer::WeakRsa(Box::new(key)) })))
    }

    fn read(pkcs8: &[u8], beside: Option<&PublicKey>) -> Result<Self, KeyError> {
        let mut outer = Reader::only(pkcs8, SEQUENCE)?.reader();
        outer.expect(INTEGER)?;
        let mut identifier = outer.sequence()?;
        let algorithm = identifier.oid()?;
        let inner = outer.expect(OCTET_STRING)?.value;
        match algorithm {
            oid::RSA_ENCRYPTION => Self::read_rsa(inner),
            oid::EC_PUBLIC_KEY => match identifier.oid()? {
                oid::PRIME256V1 => Self::read_p256(inner, beside),
                curve => Err(KeyError::Unsupported { oid: curve }),
            },
            oid => {
                let standard = gost::Standard::of_key(oid).ok_or(KeyError::Unsupported { oid })?;
                let curve = identifier.sequence()?.oid()?;
                if curve != standard.curve() {
                    return Err(KeyError::Unsupported { oid: curve });
                }
                Self::read_gost(standard, inner)
            }
        }
    }

    /// An OCTET STRING with the number, little-endian.
    fn read_gost(standard: gost::Standard, key: &[u8]) -> Result<Self, KeyError> {
        let number = Reader::only(key, OCTET_STRING)?.value;
        let out_of_range = || KeyError::Rejected { reason: "the number is not between 0 and q".to_owned() };
        Self::gost(gost::PrivateKey::from_le(standard, number).ok_or_else(out_of_range)?)
    }

    fn gost(key: gost::PrivateKey) -> Result<Self, KeyError> {
        let public = PublicKey::gost(key.standard(), &key.public())?;
        let number = Zeroizing::new(der::octets(&key.to_le()));
        let pkcs8 = wrap(&key.standard().identifier(), &number);
        Ok(Self(Arc::new(Inner { pkcs8, public, signer: Signer::Gost(key) })))
    }

    fn read_rsa(key: &[u8]) -> Result<Self, KeyError> {
        let pair = rsa::KeyPair::from_der(key).map_err(rejected)?;
        let public = PublicKey::rsa(pair.public_key().as_ref())?;
        let identifier = der::element(SEQUENCE, &[&der::oid(oid::RSA_ENCRYPTION), &[5, 0]]);
        let pkcs8 = wrap(&identifier, key);
        Ok(Self(Arc::new(Inner { pkcs8, public, signer: Signer::Rsa(Box::new(pair)) })))
    }

    /// An ECPrivateKey (RFC 5915): version, scalar, [0] curve, [1] public key; the last two may be absent.
    fn read_p256(key: &[u8], beside: Option<&PublicKey>) -> Result<Self, KeyError> {
        let mut reader = Reader::only(key, SEQUENCE)?.reader();
        reader.expect(INTEGER)?;
        let scalar = padded_scalar(reader.expect(OCTET_STRING)?.value)?;
        reader.optional(0xa0)?;
        let point = match reader.optional(0xa1)? {
            Some(stored) => stored.reader().bit_string()?,
            None => beside.map(PublicKey::bits).ok_or(KeyError::NoPublicHalf)?,
        };
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_private_key_and_public_key(
            &ECDSA_P256_SHA256_ASN1_SIGNING,
            scalar.as_slice(),
            point,
            &random,
        )
        .map_err(rejected)?;
        let curve = der::element(SEQUENCE, &[&der::oid(oid::EC_PUBLIC_KEY), &der::oid(oid::PRIME256V1)]);
        let point_bits = der::element(0xa1, &[&der::element(BIT_STRING, &[&[0], point])]);
        let scalar_octets = Zeroizing::new(der::element(OCTET_STRING, &[scalar.as_slice()]));
        let inner = Zeroizing::new(der::element(SEQUENCE, &[&[INTEGER, 1, 1], &scalar_octets, &point_bits]));
        let pkcs8 = wrap(&curve, &inner);
        Ok(Self(Arc::new(Inner {
            pkcs8,
            public: PublicKey::p256(point),
            signer: Signer::P256(Box::new(pair)),
        })))
    }
}

/// The scalar as 32 bytes: some writers drop leading zeros, some add one.
fn padded_scalar(scalar: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let zeros = scalar.iter().take_while(|&&b| b == 0).count();
    let significant = scalar.get(zeros..).unwrap_or_default();
    let mut padded = Zeroizing::new([0; 32]);
    let start = 32_usize
        .checked_sub(significant.len())
        .ok_or_else(|| KeyError::Rejected { reason: "the scalar is too long".to_owned() })?;
    for (slot, byte) in padded.iter_mut().skip(start).zip(significant) {
        *slot = *byte;
    }
    Ok(padded)
}

/// PKCS#8 version 1 around a private key.
fn wrap(identifier: &[u8], key: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut octets = der::element(OCTET_STRING, &[key]);
    let pkcs8 = der::element(SEQUENCE, &[&[INTEGER, 1, 0], identifier, &octets]);
    octets.zeroize();
    Zeroizing::new(pkcs8)
}

fn rejected(error: ring::error::KeyRejected) -> KeyError {
    KeyError::Rejected { reason: error.to_string() }
}

/// A new RSA key of so many bits.
fn random_rsa(bits: usize) -> Result<::rsa::RsaPrivateKey, KeyError> {
    // The generator below panics if the machine has no randomness: ask once before.
    getrandom::fill(&mut [0; 32]).map_err(|_| KeyError::Generation)?;
    let mut random = ::rsa::rand_core::UnwrapErr(getrandom::SysRng);
    ::rsa::RsaPrivateKey::new(&mut random, bits).map_err(|_| KeyError::Generation)
}

/// A signature over a DigestInfo (RFC 8017, 9.2), for what ring does not do.
fn sign_digest(
    key: &::rsa::RsaPrivateKey,
    digest: const_oid::ObjectIdentifier,
    value: &[u8],
) -> Result<Vec<u8>, KeyError> {
    let info = der::sequence(&[&der::identifier_with_null(digest), &der::octets(value)]);
    key.sign(::rsa::Pkcs1v15Sign::new_unprefixed(), &info).map_err(|_| KeyError::Signing)
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyPair({}, key id {})", self.algorithm(), hex::encode(self.public_key().key_id()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SignatureAlgorithm, SignatureError};

    fn pairs() -> Vec<KeyPair> {
        Algorithm::ALL.iter().map(|&a| KeyPair::generate(a).unwrap()).collect()
    }

    #[test]
    fn what_is_signed_verifies_and_nothing_else_does() {
        for pair in pairs() {
            let algorithm = SignatureAlgorithm::of(pair.algorithm());
            let mut signature = pair.sign(b"message").unwrap();
            let public = PublicKey::from_spki_der(pair.public_key().spki_der()).unwrap();
            assert_eq!(&public, pair.public_key());
            assert_eq!(public.verify(&algorithm, b"message", &signature), Ok(()));
            assert_eq!(public.verify(&algorithm, b"massage", &signature), Err(SignatureError::Invalid));
            *signature.last_mut().unwrap() ^= 1;
            assert_eq!(public.verify(&algorithm, b"message", &signature), Err(SignatureError::Invalid));
        }
    }

    #[test]
    fn pkcs8_is_read_back_and_kept() {
        for pair in pairs() {
            let again = KeyPair::from_pkcs8_der(&pair.to_pkcs8_der()).unwrap();
            assert_eq!(again.public_key(), pair.public_key());
            assert_eq!(again.to_pkcs8_der(), pair.to_pkcs8_der());
            assert!(pair.to_pkcs8_pem().starts_with("-----BEGIN PRIVATE KEY-----\n"));
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let pair = KeyPair::generate(Algorithm::P256).unwrap();
        let shown = format!("{pair:?}");
        assert!(shown.len() < 80, "{shown}");
    }

    #[test]
    fn weak_and_foreign_algorithms_are_refused_by_type() {
        let [p256, rsa, ..] = <[KeyPair; 5]>::try_from(pairs()).unwrap();
        let with = |oid| SignatureAlgorithm { oid, parameters: None };
        let verify = |pair: &KeyPair, oid| pair.public_key().verify(&with(oid), b"", b"").unwrap_err();
        assert_eq!(
            verify(&rsa, oid::SHA1_WITH_RSA),
            SignatureError::BrokenDigest { algorithm: "sha1WithRSAEncryption" }
        );
        assert!(matches!(verify(&p256, oid::SHA256_WITH_RSA), SignatureError::OtherKindOfKey { .. }));
        assert!(matches!(verify(&rsa, oid::ECDSA_WITH_SHA256), SignatureError::OtherKindOfKey { .. }));
        assert!(matches!(verify(&p256, oid::SHA1), SignatureError::UnsupportedAlgorithm { .. }));
        let mut random = ::rsa::rand_core::UnwrapErr(getrandom::SysRng);
        let weak = ::rsa::RsaPrivateKey::new(&mut random, 1024).unwrap();
        let der = weak.to_pkcs8_der().unwrap();
        assert!(matches!(KeyPair::from_pkcs8_der(der.as_bytes()), Err(KeyError::Rejected { .. })));
        let strict = KeyPair::from_pkcs8_der_under(AlgorithmPolicy::Strict, der.as_bytes());
        assert!(matches!(strict, Err(KeyError::Rejected { .. })));
        let public = ::rsa::pkcs8::EncodePublicKey::to_public_key_der(&weak.to_public_key()).unwrap();
        let public = PublicKey::from_spki_der(public.as_bytes()).unwrap();
        let refusal = public.verify(&with(oid::SHA256_WITH_RSA), b"", b"").unwrap_err();
        assert_eq!(refusal, SignatureError::WeakRsa { bits: 1024 });
    }

    #[test]
    fn a_weak_key_signs_for_those_who_want_it() {
        let weak = KeyPair::generate_weak_rsa().unwrap();
        let read = KeyPair::from_pkcs8_der_under(AlgorithmPolicy::Legacy, &weak.to_pkcs8_der()).unwrap();
        assert_eq!((read.public_key(), read.algorithm()), (weak.public_key(), Algorithm::Rsa));
        let sha256 = SignatureAlgorithm::of(Algorithm::Rsa);
        let sha1 = SignatureAlgorithm { oid: oid::SHA1_WITH_RSA, ..sha256.clone() };
        for (algorithm, signature) in
            [(sha256, read.sign(b"message").unwrap()), (sha1, read.sign_with_sha1(b"message").unwrap())]
        {
            let under = |policy| weak.public_key().verify_under(policy, &algorithm, b"message", &signature);
            assert_eq!(under(AlgorithmPolicy::Legacy), Ok(()));
            assert!(under(AlgorithmPolicy::Strict).is_err_and(|error| error.is_refusal()));
        }
        let p256 = KeyPair::generate(Algorithm::P256).unwrap();
        assert_eq!(p256.sign_with_sha1(b"message"), Err(KeyError::Signing));
    }

    #[test]
    fn a_key_without_its_public_half_needs_the_certificate() {
        let pair = KeyPair::generate(Algorithm::P256).unwrap();
        let pkcs8 = pair.to_pkcs8_der();
        let scalar = Reader::only(&pkcs8, SEQUENCE).unwrap().reader();
        let mut outer = scalar;
        outer.expect(INTEGER).unwrap();
        let identifier = outer.expect(SEQUENCE).unwrap().whole;
        let mut inner = Reader::only(outer.expect(OCTET_STRING).unwrap().value, SEQUENCE).unwrap().reader();
        let (version, scalar) = (inner.element().unwrap().whole, inner.element().unwrap().whole);
        let bare = wrap(identifier, &der::element(SEQUENCE, &[version, scalar]));
        assert_eq!(KeyPair::from_pkcs8_der(&bare).unwrap_err(), KeyError::NoPublicHalf);
        let read = KeyPair::from_pkcs8_der_with(&bare, pair.public_key()).unwrap();
        assert_eq!(read.to_pkcs8_der(), pkcs8);
        let other = KeyPair::generate(Algorithm::P256).unwrap();
        assert!(matches!(
            KeyPair::from_pkcs8_der_with(&bare, other.public_key()),
            Err(KeyError::Rejected { .. })
        ));
    }
}
