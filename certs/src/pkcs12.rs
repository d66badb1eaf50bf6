//! PKCS#12 files (RFC 7292): keys as people carry them.
//!
//! Written in one of two encodings, read in nearly any: DER by OpenSSL and Java, BER with indefinite lengths by
//! national tools.

mod national;
mod read;

use p12_keystore::{EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey, PrivateKeyChain};
use serde::{Deserialize, Serialize};

use crate::{Certificate, KeyError, KeyPair, KeyUsage};

pub use read::{Entry, read};

/// How a file is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// As the national tools have it: 3DES for the key, RC2 of 40 bits for the certificate, SHA-1 for the MAC with
    /// 1024 rounds and 20 bytes of salt; one certificate, no chain. Weak, and what everything in the country reads.
    #[default]
    National,
    /// AES of 256 bits and SHA-256, with the chain.
    Modern,
}

/// What can go wrong with a file. No variant tells anything of the password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Pkcs12Error {
    /// The password is wrong, or the file was changed.
    #[error("the password is wrong or the file is damaged")]
    Password,
    /// The structure is broken.
    #[error("not a PKCS#12 file: {reason}")]
    Malformed {
        /// What the parser says.
        reason: String,
    },
    /// The file is protected in a way that we do not know.
    #[error("the file's protection is not supported")]
    Unsupported,
    /// The file wants more rounds of key derivation than anybody needs.
    #[error("the file asks for {rounds} rounds of key derivation; {} are the most", read::MOST_ROUNDS)]
    TooManyRounds {
        /// How many.
        rounds: u64,
    },
    /// There is no key with a certificate in it.
    #[error("there is no private key with its certificate in the file")]
    NoKey,
    /// A key in it cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A certificate in it cannot be read.
    #[error(transparent)]
    Certificate(#[from] crate::CertificateError),
    /// The key to be written is not that of the certificate.
    #[error("the key does not belong to the certificate")]
    KeyOfAnother,
    /// The file could not be written.
    #[error("the file could not be written: {reason}")]
    Write {
        /// What went wrong.
        reason: String,
    },
}

/// Writes a file with one key and its certificate; `chain` (issuing centre first) only in the modern encoding.
pub fn write(
    encoding: Encoding,
    password: &str,
    key: &KeyPair,
    certificate: &Certificate,
    chain: &[Certificate],
) -> Result<Vec<u8>, Pkcs12Error> {
    if key.public_key() != certificate.public_key() {
        return Err(Pkcs12Error::KeyOfAnother);
    }
    match encoding {
        Encoding::National => national::write(password, key, certificate),
        Encoding::Modern => write_modern(password, key, certificate, chain),
    }
}

/// The name of a file as national tools give it: `AUTH_RSA256_<40 hex>.p12` for authentication, `RSA256_<40 hex>.p12`
/// otherwise, with the key identifier in lowercase hex.
pub fn file_name(certificate: &Certificate) -> String {
    let key = certificate.public_key();
    let prefix = if certificate.key_usage() == Some(KeyUsage::AUTHENTICATION) { "AUTH_" } else { "" };
    let label = key.algorithm().map_or("KEY", crate::Algorithm::file_label);
    format!("{prefix}{label}_{}.p12", hex::encode(key.key_id()))
}

/// What the password rule of the national tools finds missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than 6 or more than 32 characters.
    #[error("a password has 6 to 32 characters, this has {found}")]
    Length {
        /// How many it has.
        found: usize,
    },
    /// No capital A to Z.
    #[error("a password needs a capital letter A to Z")]
    NoCapital,
    /// No small a to z.
    #[error("a password needs a small letter a to z")]
    NoSmall,
    /// No 0 to 9.
    #[error("a password needs a digit")]
    NoDigit,
}

/// The rule for new passwords: 6 to 32 characters, among them a capital and a small Latin letter and a digit. Files
/// with other passwords are read all the same.
pub fn password_rule(password: &str) -> Result<(), PasswordError> {
    let found = password.chars().count();
    if !(6..=32).contains(&found) {
        return Err(PasswordError::Length { found });
    }
    let has =
        |kind: fn(&u8) -> bool, error| if password.as_bytes().iter().any(kind) { Ok(()) } else { Err(error) };
    has(u8::is_ascii_uppercase, PasswordError::NoCapital)?;
    has(u8::is_ascii_lowercase, PasswordError::NoSmall)?;
    has(u8::is_ascii_digit, PasswordError::NoDigit)
}

fn write_modern(
    password: &str,
    key: &KeyPair,
    certificate: &Certificate,
    chain: &[Certificate],
) -> Result<Vec<u8>, Pkcs12Error> {
    let failed = |error: p12_keystore::error::Error| Pkcs12Error::Write { reason: error.to_string() };
    let id = key.public_key().key_id();
    let private = PrivateKey::from_der(&key.to_pkcs8_der()).map_err(failed)?;
    let certificates = [certificate].into_iter().chain(chain);
    let certificates: Result<Vec<_>, _> =
        certificates.map(|c| p12_keystore::Certificate::from_der(c.der())).collect();
    let entry = PrivateKeyChain::new(id.as_slice(), private, certificates.map_err(failed)?);
    let mut store = KeyStore::new();
    store.add_entry(&hex::encode(id), KeyStoreEntry::PrivateKeyChain(entry));
    store
        .writer(password)
        .encryption_algorithm(EncryptionAlgorithm::PbeWithHmacSha256AndAes256)
        .mac_algorithm(MacAlgorithm::HmacSha256)
        .write()
        .map_err(failed)
}

#[cfg(test)]
mod tests;
