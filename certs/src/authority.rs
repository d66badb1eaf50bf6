//! A certification centre: one hierarchy, root and issuing centre, for one algorithm.
//!
//! It decides and signs; it remembers nothing of what it issued. Persisting its keys ([`AuthorityState`]), its
//! certificates and their revocation is the work of the floor above.

mod issuing;
mod responding;
mod state;

use jiff::{SignedDuration, Timestamp};

use crate::clock::whole_second;
use crate::crl;
use crate::issue::{Draft, SigningError, extension, random_serial, serial_of, sign};
use crate::subject::NameWriter;
use crate::{Algorithm, Certificate, KeyPair, KeyUsage, Profile, Purpose, RevokedEntry, oid};

pub use state::{AuthorityError, AuthorityState};

const CENTRE_YEARS: i64 = 10;

/// A root, an issuing centre below it, and the centre's OCSP responder.
#[derive(Clone, Debug)]
pub struct Authority {
    algorithm: Algorithm,
    marker: String,
    base_url: String,
    root: Member,
    issuing: Member,
    responder: Member,
}

/// A key with its certificate.
#[derive(Clone, Debug)]
struct Member {
    key: KeyPair,
    certificate: Certificate,
}

impl Authority {
    /// Makes a centre: three keys (RSA of 4096 bits takes seconds) and their certificates, valid from `now` for ten
    /// years.
    ///
    /// `marker` goes into O of every centre's name, so that nobody takes one sandbox for another (`QAQPA SANDBOX
    /// default`). `base_url` is where the floor above serves `/ca/…`, without a slash at its end.
    pub fn create(
        algorithm: Algorithm,
        marker: &str,
        now: Timestamp,
        base_url: &str,
    ) -> Result<Self, AuthorityError> {
        let base_url = base_url.trim_end_matches('/');
        if base_url.is_empty() || !base_url.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(AuthorityError::BaseUrl { found: base_url.to_owned() });
        }
        if marker.trim().is_empty() {
            return Err(AuthorityError::NoMarker);
        }
        let now = whole_second(now);
        let end = years_after(now, CENTRE_YEARS).ok_or(AuthorityError::OutOfTime)?;
        let urls = Urls { base: base_url, algorithm };

        let root_key = KeyPair::generate_ca(algorithm)?;
        let root_name = centre_name("НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ", algorithm, marker);
        let root_draft = Draft {
            serial: serial_of(root_key.public_key()),
            subject: root_name.clone(),
            public_key: root_key.public_key(),
            not_before: now,
            not_after: end,
            extensions: vec![
                extension::basic_constraints(None),
                extension::key_usage(KeyUsage::CENTRE),
                extension::subject_key_id(root_key.public_key()),
            ],
        };
        let root = sign(&root_draft, &root_name, &root_key, false)?;

        let issuing_key = KeyPair::generate_ca(algorithm)?;
        let issuing_draft = Draft {
            serial: serial_of(issuing_key.public_key()),
            subject: centre_name("ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ", algorithm, marker),
            public_key: issuing_key.public_key(),
            not_before: now,
            not_after: end,
            extensions: vec![
                extension::basic_constraints(Some(0)),
                extension::key_usage(KeyUsage::CENTRE),
                extension::subject_key_id(issuing_key.public_key()),
                extension::authority_key_id(root_key.public_key()),
                extension::policy(oid::POLICY, &urls.statement()),
                extension::information_access(None, &urls.root_certificate()),
                extension::crl_distribution_point(&urls.root_crl()),
            ],
        };
        let issuing = sign(&issuing_draft, root.subject_der(), &root_key, false)?;

        let responder_key = KeyPair::generate(algorithm)?;
        let responder =
            responder_certificate(&responder_key, &issuing, &issuing_key, marker, &urls, (now, end))?;
        Ok(Self {
            algorithm,
            marker: marker.to_owned(),
            base_url: base_url.to_owned(),
            root: Member { key: root_key, certificate: root },
            issuing: Member { key: issuing_key, certificate: issuing },
            responder: Member { key: responder_key, certificate: responder },
        })
    }

    /// The root's certificate: what to trust.
    pub fn root(&self) -> &Certificate {
        &self.root.certificate
    }

    /// The issuing centre's certificate.
    pub fn issuing(&self) -> &Certificate {
        &self.issuing.certificate
    }

    /// The OCSP responder's certificate.
    pub fn ocsp_responder(&self) -> &Certificate {
        &self.responder.certificate
    }

    /// The algorithm of all its keys.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The word in its name that tells this sandbox from others.
    pub fn marker(&self) -> &str {
        &self.marker
    }

    /// Where the floor above serves `/ca/…`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The issuing centre's revocation list in DER (RFC 5280, 5): version 2, CRLNumber `number`, due again 180 days
    /// after `this_update`.
    pub fn crl(
        &self,
        revoked: &[RevokedEntry],
        number: u64,
        this_update: Timestamp,
    ) -> Result<Vec<u8>, SigningError> {
        let (certificate, key) = (&self.issuing.certificate, &self.issuing.key);
        crl::write(certificate, key, revoked, number, None, whole_second(this_update))
    }

    /// What changed since list number `base`, up to list number `number`; due again after a day. Entries that are no
    /// longer on the list have the reason [`RemoveFromCrl`](crate::Reason::RemoveFromCrl).
    pub fn delta_crl(
        &self,
        changed: &[RevokedEntry],
        number: u64,
        base: u64,
        this_update: Timestamp,
    ) -> Result<Vec<u8>, SigningError> {
        let (certificate, key) = (&self.issuing.certificate, &self.issuing.key);
        crl::write(certificate, key, changed, number, Some(base), whole_second(this_update))
    }

    /// The root's revocation list, about issuing centres.
    pub fn root_crl(
        &self,
        revoked: &[RevokedEntry],
        number: u64,
        this_update: Timestamp,
    ) -> Result<Vec<u8>, SigningError> {
        let (certificate, key) = (&self.root.certificate, &self.root.key);
        crl::write(certificate, key, revoked, number, None, whole_second(this_update))
    }

    fn urls(&self) -> Urls<'_> {
        Urls { base: &self.base_url, algorithm: self.algorithm }
    }
}

/// The addresses written into certificates, all below the base URL.
struct Urls<'a> {
    base: &'a str,
    algorithm: Algorithm,
}

impl Urls<'_> {
    fn crl(&self) -> String {
        format!("{}/ca/crl/{}.crl", self.base, self.algorithm)
    }

    fn delta_crl(&self) -> String {
        format!("{}/ca/crl/{}-delta.crl", self.base, self.algorithm)
    }

    fn missing_crl(&self) -> String {
        format!("{}/ca/crl/missing.crl", self.base)
    }

    fn root_crl(&self) -> String {
        format!("{}/ca/crl/{}-root.crl", self.base, self.algorithm)
    }

    fn ocsp(&self) -> String {
        format!("{}/ca/ocsp", self.base)
    }

    fn certificate(&self) -> String {
        format!("{}/ca/certificates/{}.cer", self.base, self.algorithm)
    }

    fn root_certificate(&self) -> String {
        format!("{}/ca/certificates/{}-root.cer", self.base, self.algorithm)
    }

    fn statement(&self) -> String {
        format!("{}/ca/cps", self.base)
    }
}

fn responder_certificate(
    key: &KeyPair,
    issuing: &Certificate,
    issuing_key: &KeyPair,
    marker: &str,
    urls: &Urls<'_>,
    (not_before, not_after): (Timestamp, Timestamp),
) -> Result<Certificate, SigningError> {
    let (profile, purpose) = (Profile::OcspResponder, Purpose::Signing);
    let subject =
        crate::Subject::Service { common_name: "OCSP RESPONDER".to_owned(), organisation: marker.to_owned() };
    let draft = Draft {
        serial: serial_of(key.public_key()),
        subject: subject.to_der(None, None),
        public_key: key.public_key(),
        not_before,
        not_after,
        extensions: vec![
            extension::key_usage(profile.key_usage(purpose, urls.algorithm)),
            extension::extended_key_usage(&profile.extended_key_usage(purpose), false),
            extension::subject_key_id(key.public_key()),
            extension::authority_key_id(issuing_key.public_key()),
            extension::policy(profile.policy(purpose, urls.algorithm), &urls.statement()),
            extension::information_access(None, &urls.certificate()),
            extension::crl_distribution_point(&urls.crl()),
            extension::ocsp_no_check(),
        ],
    };
    sign(&draft, issuing.subject_der(), issuing_key, false)
}

/// CN=`… (P256) TEST QAQPA`, O=marker, C=KZ: after the national test centres' pattern, recognisably ours.
fn centre_name(name: &str, algorithm: Algorithm, marker: &str) -> Vec<u8> {
    let mut writer = NameWriter::default();
    writer.text(oid::COMMON_NAME, &format!("{name} ({}) TEST QAQPA", algorithm.label()));
    writer.text(oid::ORGANISATION, marker);
    writer.printable(oid::COUNTRY, "KZ");
    writer.finish()
}

fn years_after(moment: Timestamp, years: i64) -> Option<Timestamp> {
    moment.checked_add(SignedDuration::from_hours(years * 365 * 24)).ok()
}

#[cfg(test)]
mod tests;
