//! Certificates and lists that no decent centre makes.

use certs::der::{self, SEQUENCE};
use certs::{Certificate, KeyPair, KeyUsage, ObjectIdentifier, PublicKey, SignatureAlgorithm, oid};
use jiff::Timestamp;

use super::{at, later};

/// A certificate to be; without changes that of a centre without limits.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) subject: &'static str,
    pub(crate) key: PublicKey,
    pub(crate) validity: (Timestamp, Timestamp),
    pub(crate) ca: bool,
    pub(crate) path_len: Option<u64>,
    pub(crate) usage: Option<KeyUsage>,
    /// Further extensions, each in DER.
    pub(crate) more: Vec<Vec<u8>>,
    /// What the certificate says it was signed with, whatever it was.
    pub(crate) algorithm: Option<ObjectIdentifier>,
}

/// An extension in DER.
pub(crate) fn extension(id: ObjectIdentifier, critical: bool, value: &[u8]) -> Vec<u8> {
    let flag: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    der::sequence(&[&der::oid(id), flag, &der::octets(value)])
}

impl Draft {
    pub(crate) fn new(subject: &'static str, key: &KeyPair) -> Self {
        Self {
            subject,
            key: key.public_key().clone(),
            validity: (at(), later(3600)),
            ca: true,
            path_len: None,
            usage: Some(KeyUsage::CENTRE),
            more: Vec::new(),
            algorithm: None,
        }
    }

    fn name(common_name: &str) -> Vec<u8> {
        let pair =
            der::sequence(&[&der::oid(oid::COMMON_NAME), &der::element(0x0c, &[common_name.as_bytes()])]);
        der::sequence(&[&der::set_of(vec![pair])])
    }

    fn extensions(&self) -> Vec<Vec<u8>> {
        let mut extensions = self.more.clone();
        if self.ca {
            let limit = self.path_len.map(der::integer).unwrap_or_default();
            let constraints = der::sequence(&[&[1, 1, 0xff], &limit]);
            extensions.push(extension(oid::BASIC_CONSTRAINTS, true, &constraints));
        }
        if let Some(usage) = self.usage {
            let bits = usage.names().iter().fold(0_u8, |bits, name| {
                bits | match *name {
                    "digitalSignature" => 0x80,
                    "nonRepudiation" => 0x40,
                    "keyCertSign" => 0x04,
                    "cRLSign" => 0x02,
                    other => panic!("{other}"),
                }
            });
            extensions.push(extension(oid::KEY_USAGE, true, &der::element(3, &[&[1, bits]])));
        }
        extensions
    }

    /// Signed by itself.
    pub(crate) fn self_signed(&self, key: &KeyPair) -> Certificate {
        self.signed(&Self::name(self.subject), key)
    }

    pub(crate) fn by(&self, issuer: &Certificate, key: &KeyPair) -> Certificate {
        self.signed(issuer.subject_der(), key)
    }

    fn signed(&self, issuer: &[u8], key: &KeyPair) -> Certificate {
        let mut algorithm = SignatureAlgorithm::of(key.algorithm());
        algorithm.oid = self.algorithm.unwrap_or(algorithm.oid);
        let tbs = der::sequence(&[
            &der::element(0xa0, &[&der::integer(2)]),
            &der::integer(7),
            &algorithm.to_der(),
            issuer,
            &der::sequence(&[&der::time(self.validity.0), &der::time(self.validity.1)]),
            &Self::name(self.subject),
            self.key.spki_der(),
            &der::element(0xa3, &[&der::row(SEQUENCE, &self.extensions())]),
        ]);
        let signature = key.sign(&tbs).unwrap();
        let der = der::sequence(&[&tbs, &algorithm.to_der(), &der::bits(&signature)]);
        Certificate::from_der(&der).unwrap()
    }
}

/// A list without entries.
pub(crate) fn crl(
    issuer: &Certificate,
    key: &KeyPair,
    next_update: Option<Timestamp>,
    extensions: &[Vec<u8>],
) -> Vec<u8> {
    let algorithm = SignatureAlgorithm::of(key.algorithm()).to_der();
    let tbs = der::sequence(&[
        &der::integer(1),
        &algorithm,
        issuer.subject_der(),
        &der::time(at()),
        &next_update.map(der::time).unwrap_or_default(),
        &der::element(0xa0, &[&der::row(SEQUENCE, extensions)]),
    ]);
    let signature = key.sign(&tbs).unwrap();
    der::sequence(&[&tbs, &algorithm, &der::bits(&signature)])
}
