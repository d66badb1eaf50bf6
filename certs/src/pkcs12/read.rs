//! Reading files by anybody.

use ::pkcs12::kdf::{Pkcs12KeyType, derive_key_utf8};
use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error;
use ring::hmac;
use zeroize::Zeroizing;

use super::Pkcs12Error;
use crate::der::{DerError, INTEGER, OCTET_STRING, Reader, SEQUENCE};
use crate::{Certificate, KeyError, KeyPair, der, oid};

/// More rounds of key derivation than this are refused, for the sake of whoever waits.
pub(super) const MOST_ROUNDS: u64 = 1_000_000;

/// A key in a file.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: KeyPair,
    /// Its certificate.
    pub certificate: Certificate,
    /// The issuers that came along, each that of the one before, beginning with the certificate's.
    pub chain: Vec<Certificate>,
    /// friendlyName, by which other tools call the entry.
    pub alias: Option<String>,
}

/// Reads all keys that have their certificate in the file. Certificate and key are brought together by the key itself,
/// not by the names and ids in the file.
pub fn read(bytes: &[u8], password: &str) -> Result<Vec<Entry>, Pkcs12Error> {
    let der = if Reader::only(bytes, SEQUENCE).is_ok() && !has_indefinite(bytes) {
        bytes.to_vec()
    } else {
        from_ber(bytes, password)?
    };
    let archive = Pkcs12Archive::from_pkcs12(&der, password).map_err(translated)?;
    let certificates: Vec<Certificate> =
        archive.certs.iter().map(|bag| Certificate::from_der(bag.cert.as_der())).collect::<Result<_, _>>()?;
    let mut entries = Vec::new();
    for bag in &archive.keys {
        let found = certificates.iter().find_map(|certificate| {
            let key = KeyPair::from_pkcs8_der_with(bag.key.as_der(), certificate.public_key()).ok()?;
            (key.public_key() == certificate.public_key()).then_some((key, certificate))
        });
        let Some((key, certificate)) = found else {
            // A key of which nothing can be made is worth saying; one without a certificate is left out.
            match KeyPair::from_pkcs8_der(bag.key.as_der()) {
                Ok(_) | Err(KeyError::NoPublicHalf) => continue,
                Err(error) => return Err(error.into()),
            }
        };
        entries.push(Entry {
            key,
            certificate: certificate.clone(),
            chain: chain(certificate, &certificates),
            alias: bag.friendly_name.clone(),
        });
    }
    if entries.is_empty() { Err(Pkcs12Error::NoKey) } else { Ok(entries) }
}

fn chain(leaf: &Certificate, certificates: &[Certificate]) -> Vec<Certificate> {
    let mut chain: Vec<Certificate> = Vec::new();
    loop {
        let last = chain.last().unwrap_or(leaf);
        let issuer = certificates.iter().find(|candidate| {
            candidate.subject_der() == last.issuer_der()
                && *candidate != leaf
                && !chain.contains(candidate)
                && last.verify_signature(candidate.public_key()).is_ok()
        });
        match issuer {
            Some(issuer) => chain.push(issuer.clone()),
            None => return chain,
        }
    }
}

fn translated(error: Error) -> Pkcs12Error {
    match error {
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) => Pkcs12Error::Password,
        Error::UnsupportedEncryptionScheme
        | Error::UnsupportedContentType
        | Error::UnsupportedCertificateType => Pkcs12Error::Unsupported,
        other => Pkcs12Error::Malformed { reason: other.to_string() },
    }
}

/// Whether a length somewhere near the top is indefinite: the outer structure, its content or the octets in it.
fn has_indefinite(bytes: &[u8]) -> bool {
    let strict = |bytes| -> Result<(), DerError> {
        let mut pfx = Reader::only(bytes, SEQUENCE)?.reader();
        pfx.expect(INTEGER)?;
        let mut contents = pfx.sequence()?;
        contents.oid()?;
        let octets = contents.expect(0xa0)?.reader().expect(OCTET_STRING)?;
        let mut safes = Reader::only(octets.value, SEQUENCE)?.reader();
        while !safes.is_empty() {
            let mut safe = safes.sequence()?;
            safe.oid()?;
            let content = safe.expect(0xa0)?.reader().element()?;
            if content.tag == SEQUENCE {
                let mut encrypted = content.reader();
                encrypted.expect(INTEGER)?;
                let mut info = encrypted.sequence()?;
                info.oid()?;
                info.sequence()?;
                info.expect(0x80)?;
            } else if content.tag == OCTET_STRING {
                Reader::only(content.value, SEQUENCE)?;
            }
        }
        Ok(())
    };
    strict(bytes).is_err()
}

/// Turns a file in BER into one in DER without a MAC: the MAC is over the bytes as they were, so it is verified here.
fn from_ber(bytes: &[u8], password: &str) -> Result<Vec<u8>, Pkcs12Error> {
    let broken = |error: DerError| Pkcs12Error::Malformed { reason: error.to_string() };
    let pfx = der::from_ber_with_encrypted(bytes).map_err(broken)?;
    let mut fields = Reader::only(&pfx, SEQUENCE).map_err(broken)?.reader();
    let version = fields.expect(INTEGER).map_err(broken)?.whole;
    let mut contents = fields.sequence().map_err(broken)?;
    let kind = contents.oid().map_err(broken)?;
    let octets = contents
        .expect(0xa0)
        .and_then(|wrapper| wrapper.reader().expect(OCTET_STRING))
        .map_err(broken)?
        .value;
    if !fields.is_empty() {
        verify_mac(fields.sequence().map_err(broken)?, password, octets)?;
    }
    let safes = der::from_ber_with_encrypted(octets).map_err(broken)?;
    let mut row = Reader::only(&safes, SEQUENCE).map_err(broken)?.reader();
    let mut written = Vec::new();
    while !row.is_empty() {
        written.push(inner_to_der(row.expect(SEQUENCE).map_err(broken)?.whole).map_err(broken)?);
    }
    let safes = der::octets(&der::row(SEQUENCE, &written));
    let contents = der::sequence(&[&der::oid(kind), &der::element(0xa0, &[&safes])]);
    Ok(der::sequence(&[version, &contents]))
}

/// A ContentInfo whose plain octets hold BER, with DER in them.
fn inner_to_der(info: &[u8]) -> Result<Vec<u8>, DerError> {
    let mut fields = Reader::only(info, SEQUENCE)?.reader();
    let kind = fields.oid()?;
    let content = fields.expect(0xa0)?.reader().element()?;
    if content.tag != OCTET_STRING {
        return Ok(info.to_vec());
    }
    let Ok(bags) = der::from_ber_with_encrypted(content.value) else { return Ok(info.to_vec()) };
    let wrapper = der::element(0xa0, &[&der::octets(&bags)]);
    Ok(der::sequence(&[&der::oid(kind), &wrapper]))
}

/// MacData (RFC 7292, 4) over `content`.
fn verify_mac(mut fields: Reader<'_>, password: &str, content: &[u8]) -> Result<(), Pkcs12Error> {
    let broken = |error: DerError| Pkcs12Error::Malformed { reason: error.to_string() };
    let mut digest = fields.sequence().map_err(broken)?;
    let algorithm = digest.sequence().and_then(|mut identifier| identifier.oid()).map_err(broken)?;
    let expected = digest.expect(OCTET_STRING).map_err(broken)?.value;
    let salt = fields.expect(OCTET_STRING).map_err(broken)?.value;
    let rounds = match fields.optional(INTEGER).map_err(broken)? {
        None => 1,
        Some(rounds) => {
            rounds.value.iter().fold(0_u64, |sum, &b| sum.saturating_mul(256).saturating_add(b.into()))
        }
    };
    let few = i32::try_from(rounds).ok().filter(|_| rounds <= MOST_ROUNDS);
    let rounds = few.ok_or(Pkcs12Error::TooManyRounds { rounds })?;
    let (mac, key) = match algorithm {
        oid::SHA1 => (
            hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            derive_key_utf8::<sha1::Sha1>(password, salt, Pkcs12KeyType::Mac, rounds, 20),
        ),
        oid::SHA256 => (
            hmac::HMAC_SHA256,
            derive_key_utf8::<sha2::Sha256>(password, salt, Pkcs12KeyType::Mac, rounds, 32),
        ),
        oid::SHA512 => (
            hmac::HMAC_SHA512,
            derive_key_utf8::<sha2::Sha512>(password, salt, Pkcs12KeyType::Mac, rounds, 64),
        ),
        _ => return Err(Pkcs12Error::Unsupported),
    };
    let key = Zeroizing::new(key.map_err(|_| Pkcs12Error::Password)?);
    hmac::verify(&hmac::Key::new(mac, &key), content, expected).map_err(|_| Pkcs12Error::Password)
}
