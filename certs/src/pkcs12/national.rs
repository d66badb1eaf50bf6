//! The encoding of the national tools, written by hand: libraries protect key and certificate alike, the national
//! tools do not.

use ::pkcs12::kdf::{Pkcs12KeyType, derive_key_utf8};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeEncrypt as _, KeyIvInit as _};
use const_oid::ObjectIdentifier;
use ring::hmac;
use zeroize::Zeroizing;

use super::Pkcs12Error;
use crate::{Certificate, KeyPair, der, oid};

const ROUNDS: i32 = 1024;
const SHROUDED_KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
const CERTIFICATE_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
const X509_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");
const FRIENDLY_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.20");
const LOCAL_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.21");
const PBE_3DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");
const PBE_RC2_40: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.6");

pub(super) fn write(
    password: &str,
    key: &KeyPair,
    certificate: &Certificate,
) -> Result<Vec<u8>, Pkcs12Error> {
    let attributes = attributes(&key.public_key().key_id());

    let (scheme, shrouded) = encrypt(PBE_3DES, password, &key.to_pkcs8_der())?;
    let shrouded = der::sequence(&[&scheme, &der::octets(&shrouded)]);
    let key_bag = bag(SHROUDED_KEY_BAG, &shrouded, &attributes);
    let key_safe = content_info(oid::DATA, &der::octets(&der::sequence(&[&key_bag])));

    let x509 = der::element(0xa0, &[&der::octets(certificate.der())]);
    let x509 = der::sequence(&[&der::oid(X509_CERTIFICATE), &x509]);
    let certificate_bag = bag(CERTIFICATE_BAG, &x509, &attributes);
    let (scheme, encrypted) = encrypt(PBE_RC2_40, password, &der::sequence(&[&certificate_bag]))?;
    let content = der::element(0x80, &[&encrypted]);
    let content = der::sequence(&[&der::oid(oid::DATA), &scheme, &content]);
    let encrypted_data = der::sequence(&[&der::integer(0), &content]);
    let certificate_safe = content_info(oid::ENCRYPTED_DATA, &encrypted_data);

    let safes = der::sequence(&[&key_safe, &certificate_safe]);
    let mac = mac(password, &safes)?;
    let contents = content_info(oid::DATA, &der::octets(&safes));
    Ok(der::sequence(&[&der::integer(3), &contents, &mac]))
}

fn content_info(kind: ObjectIdentifier, content: &[u8]) -> Vec<u8> {
    der::sequence(&[&der::oid(kind), &der::element(0xa0, &[content])])
}

fn bag(kind: ObjectIdentifier, value: &[u8], attributes: &[u8]) -> Vec<u8> {
    der::sequence(&[&der::oid(kind), &der::element(0xa0, &[value]), attributes])
}

/// friendlyName, a BMPString of lowercase hex, and localKeyID.
fn attributes(id: &[u8]) -> Vec<u8> {
    let attribute = |kind, value: &[u8]| der::sequence(&[&der::oid(kind), &der::element(0x31, &[value])]);
    let name: Vec<u8> = hex::encode(id).encode_utf16().flat_map(u16::to_be_bytes).collect();
    let name = attribute(FRIENDLY_NAME, &der::element(0x1e, &[&name]));
    let id = attribute(LOCAL_KEY_ID, &der::octets(id));
    der::set_of(vec![name, id])
}

/// The AlgorithmIdentifier of a password-based encryption and what it makes of `plain` (RFC 7292, appendix C).
fn encrypt(
    scheme: ObjectIdentifier,
    password: &str,
    plain: &[u8],
) -> Result<(Vec<u8>, Vec<u8>), Pkcs12Error> {
    let salt = salt()?;
    let length = if scheme == PBE_3DES { 24 } else { 5 };
    let key = derive(password, &salt, Pkcs12KeyType::EncryptionKey, length)?;
    let iv = derive(password, &salt, Pkcs12KeyType::Iv, 8)?;
    let failed = |_| Pkcs12Error::Write { reason: "the cipher does not take its key".to_owned() };
    let encrypted = if scheme == PBE_3DES {
        cbc::Encryptor::<des::TdesEde3>::new_from_slices(&key, &iv)
            .map_err(failed)?
            .encrypt_padded_vec::<Pkcs7>(plain)
    } else {
        cbc::Encryptor::<rc2::Rc2>::new_from_slices(&key, &iv)
            .map_err(failed)?
            .encrypt_padded_vec::<Pkcs7>(plain)
    };
    let rounds = der::integer(u64::from(ROUNDS.unsigned_abs()));
    let parameters = der::sequence(&[&der::octets(&salt), &rounds]);
    Ok((der::sequence(&[&der::oid(scheme), &parameters]), encrypted))
}

fn mac(password: &str, content: &[u8]) -> Result<Vec<u8>, Pkcs12Error> {
    let salt = salt()?;
    let key = derive(password, &salt, Pkcs12KeyType::Mac, 20)?;
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key), content);
    let digest = der::sequence(&[&der::identifier_with_null(oid::SHA1), &der::octets(tag.as_ref())]);
    let rounds = der::integer(u64::from(ROUNDS.unsigned_abs()));
    Ok(der::sequence(&[&digest, &der::octets(&salt), &rounds]))
}

fn derive(
    password: &str,
    salt: &[u8],
    id: Pkcs12KeyType,
    length: usize,
) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
    derive_key_utf8::<sha1::Sha1>(password, salt, id, ROUNDS, length)
        .map(Zeroizing::new)
        .map_err(|_| Pkcs12Error::Write { reason: "the password has a character outside the BMP".to_owned() })
}

fn salt() -> Result<[u8; 20], Pkcs12Error> {
    let mut salt = [0; 20];
    getrandom::fill(&mut salt).map_err(|_| Pkcs12Error::Write { reason: "no random numbers".to_owned() })?;
    Ok(salt)
}
