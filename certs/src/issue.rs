//! The one way in which certificates come into being: roots, centres, people, systems and responders alike.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;

use crate::der::SEQUENCE;
use crate::{
    Certificate, CertificateError, KeyError, KeyPair, KeyUsage, PublicKey, SignatureAlgorithm, der, oid,
};

/// What is signed, but for the issuer's part.
pub(crate) struct Draft<'a> {
    /// Content of the serial's INTEGER.
    pub(crate) serial: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) public_key: &'a PublicKey,
    pub(crate) not_before: Timestamp,
    pub(crate) not_after: Timestamp,
    /// Extensions in the order of writing, each in DER.
    pub(crate) extensions: Vec<Vec<u8>>,
}

/// How a draft is signed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    Well,
    /// One bit of the signature is wrong.
    Damaged,
    /// With SHA-1, by a key of RSA.
    WithSha1,
}

/// Why a draft did not become a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SigningError {
    /// The issuer's key did not sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// What was made cannot be read back.
    #[error("the certificate made cannot be read back: {0}")]
    Unreadable(#[from] CertificateError),
    /// The machine gave no random numbers.
    #[error("the machine gives no random numbers")]
    NoRandomness,
}

/// Signs `draft` in the name of `issuer` (DER of a Name).
pub(crate) fn sign(draft: &Draft<'_>, issuer: &[u8], key: &KeyPair) -> Result<Certificate, SigningError> {
    sign_in_manner(draft, issuer, key, Manner::Well)
}

/// The same, well or as a flaw wants it.
pub(crate) fn sign_in_manner(
    draft: &Draft<'_>,
    issuer: &[u8],
    key: &KeyPair,
    manner: Manner,
) -> Result<Certificate, SigningError> {
    let mut algorithm = SignatureAlgorithm::of(key.algorithm());
    if manner == Manner::WithSha1 {
        algorithm.oid = oid::SHA1_WITH_RSA;
    }
    let identifier = algorithm.to_der();
    let validity = der::sequence(&[&der::time(draft.not_before), &der::time(draft.not_after)]);
    let tbs = der::sequence(&[
        &der::element(0xa0, &[&der::integer(2)]),
        &der::integer_content(&draft.serial),
        &identifier,
        issuer,
        &validity,
        &draft.subject,
        draft.public_key.spki_der(),
        &der::element(0xa3, &[&der::row(SEQUENCE, &draft.extensions)]),
    ]);
    let mut signature = match manner {
        Manner::WithSha1 => key.sign_with_sha1(&tbs)?,
        Manner::Well | Manner::Damaged => key.sign(&tbs)?,
    };
    if let (Manner::Damaged, Some(last)) = (manner, signature.last_mut()) {
        *last ^= 1;
    }
    let der = der::sequence(&[&tbs, &identifier, &der::bits(&signature)]);
    Ok(Certificate::from_der(&der)?)
}

/// The serial of a key's first certificate: its key identifier with the top bit cleared, as the national centre does.
pub(crate) fn serial_of(key: &PublicKey) -> Vec<u8> {
    let mut serial = key.key_id();
    serial[0] &= 0x7f;
    der::positive(&serial)
}

/// Twenty random bytes with the top bit cleared: the serial of every further certificate of a key.
pub(crate) fn random_serial() -> Result<Vec<u8>, SigningError> {
    let mut serial = [0; 20];
    getrandom::fill(&mut serial).map_err(|_| SigningError::NoRandomness)?;
    // The second bit is set, so that it has 20 bytes and is never zero.
    serial[0] = serial[0] & 0x7f | 0x40;
    Ok(serial.to_vec())
}

/// The extensions of the profile, each in DER.
pub(crate) mod extension {
    use super::{KeyUsage, ObjectIdentifier, PublicKey, SEQUENCE, der, oid};

    pub(crate) fn write(id: ObjectIdentifier, critical: bool, value: &[u8]) -> Vec<u8> {
        let flag: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
        der::sequence(&[&der::oid(id), flag, &der::octets(value)])
    }

    pub(crate) fn basic_constraints(path_len: Option<u64>) -> Vec<u8> {
        let limit = path_len.map(der::integer).unwrap_or_default();
        write(oid::BASIC_CONSTRAINTS, true, &der::sequence(&[&[1, 1, 0xff], &limit]))
    }

    /// Those of somebody who is no centre.
    pub(crate) fn no_centre() -> Vec<u8> {
        write(oid::BASIC_CONSTRAINTS, true, &der::sequence(&[]))
    }

    /// A policy must hold from this certificate on.
    pub(crate) fn policy_required() -> Vec<u8> {
        write(oid::POLICY_CONSTRAINTS, true, &der::sequence(&[&[0x80, 1, 0]]))
    }

    /// Names below this Name (DER) only.
    pub(crate) fn permitted_names(name: &[u8]) -> Vec<u8> {
        let subtree = der::sequence(&[&der::element(0xa4, &[name])]);
        write(oid::NAME_CONSTRAINTS, true, &der::sequence(&[&der::element(0xa0, &[&subtree])]))
    }

    pub(crate) fn key_usage(usage: KeyUsage) -> Vec<u8> {
        write(oid::KEY_USAGE, true, &usage.to_der())
    }

    pub(crate) fn extended_key_usage(usages: &[ObjectIdentifier], critical: bool) -> Vec<u8> {
        let oids: Vec<Vec<u8>> = usages.iter().map(|&usage| der::oid(usage)).collect();
        write(oid::EXTENDED_KEY_USAGE, critical, &der::row(SEQUENCE, &oids))
    }

    pub(crate) fn subject_key_id(key: &PublicKey) -> Vec<u8> {
        write(oid::SUBJECT_KEY_ID, false, &der::octets(&key.key_id()))
    }

    pub(crate) fn authority_key_id(key: &PublicKey) -> Vec<u8> {
        authority_key_of(&key.key_id())
    }

    pub(crate) fn authority_key_of(key_id: &[u8]) -> Vec<u8> {
        let id = der::element(0x80, &[key_id]);
        write(oid::AUTHORITY_KEY_ID, false, &der::sequence(&[&id]))
    }

    pub(crate) fn policy(policy: ObjectIdentifier, statement_url: &str) -> Vec<u8> {
        let statement = der::element(0x16, &[statement_url.as_bytes()]);
        let qualifier = der::sequence(&[&der::oid(oid::CPS), &statement]);
        let information = der::sequence(&[&der::oid(policy), &der::sequence(&[&qualifier])]);
        write(oid::CERTIFICATE_POLICIES, false, &der::sequence(&[&information]))
    }

    pub(crate) fn information_access(ocsp_url: Option<&str>, issuer_url: &str) -> Vec<u8> {
        let entry = |method, url: &str| der::sequence(&[&der::oid(method), &uri(url)]);
        let ocsp = ocsp_url.map(|url| entry(oid::AD_OCSP, url));
        let entries: Vec<Vec<u8>> = ocsp.into_iter().chain([entry(oid::AD_CA_ISSUERS, issuer_url)]).collect();
        write(oid::AUTHORITY_INFO_ACCESS, false, &der::row(SEQUENCE, &entries))
    }

    pub(crate) fn crl_distribution_point(url: &str) -> Vec<u8> {
        write(oid::CRL_DISTRIBUTION_POINTS, false, &distribution_point(url))
    }

    /// A point whose list somebody else issues, of that Name (DER).
    pub(crate) fn indirect_distribution_point(url: &str, issuer: &[u8]) -> Vec<u8> {
        let issuer = der::element(0xa2, &[&der::element(0xa4, &[issuer])]);
        let point = der::sequence(&[&point_name(url), &issuer]);
        write(oid::CRL_DISTRIBUTION_POINTS, false, &der::sequence(&[&point]))
    }

    /// What a list speaks of: the certificates of one point, those of other issuers among them if it is indirect.
    pub(crate) fn issuing_distribution_point(url: &str, indirect: bool) -> Vec<u8> {
        let indirect: &[u8] = if indirect { &[0x84, 1, 0xff] } else { &[] };
        write(oid::ISSUING_DISTRIBUTION_POINT, true, &der::sequence(&[&point_name(url), indirect]))
    }

    /// In a certificate, or in a list itself (RFC 5280, 5.2.6).
    pub(crate) fn freshest_crl(url: &str) -> Vec<u8> {
        write(oid::FRESHEST_CRL, false, &distribution_point(url))
    }

    fn distribution_point(url: &str) -> Vec<u8> {
        der::sequence(&[&der::sequence(&[&point_name(url)])])
    }

    fn point_name(url: &str) -> Vec<u8> {
        let full_name = der::element(0xa0, &[&uri(url)]);
        der::element(0xa0, &[&full_name])
    }

    /// An e-mail address and hosts: IP addresses as such, the rest as DNS names.
    pub(crate) fn alternative_names(email: Option<&str>, hosts: &[String]) -> Vec<u8> {
        let host = |host: &String| match host.parse::<std::net::IpAddr>() {
            Ok(std::net::IpAddr::V4(address)) => der::element(0x87, &[&address.octets()]),
            Ok(std::net::IpAddr::V6(address)) => der::element(0x87, &[&address.octets()]),
            Err(_) => der::element(0x82, &[host.as_bytes()]),
        };
        let email = email.map(|address| der::element(0x81, &[address.as_bytes()]));
        let names: Vec<Vec<u8>> = email.into_iter().chain(hosts.iter().map(host)).collect();
        write(oid::SUBJECT_ALT_NAME, false, &der::row(SEQUENCE, &names))
    }

    pub(crate) fn key_in_pkcs12() -> Vec<u8> {
        write(oid::KEY_STORAGE, false, &der::sequence(&[&der::oid(oid::KEY_STORAGE_PKCS12)]))
    }

    pub(crate) fn ocsp_no_check() -> Vec<u8> {
        write(oid::OCSP_NO_CHECK, false, &[5, 0])
    }

    fn uri(url: &str) -> Vec<u8> {
        der::element(0x86, &[url.as_bytes()])
    }
}
