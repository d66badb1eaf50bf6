//! A certification centre: one hierarchy, root and issuing centre, for one algorithm.
//!
//! It decides and signs; it remembers nothing of what it issued. Persisting its keys ([`AuthorityState`]), its
//! certificates and their revocation is the work of the floor above.

mod blueprint;
mod branch;
mod issuing;
mod lists;
mod responding;
mod rollover;
mod state;
mod urls;

use jiff::{SignedDuration, Timestamp};

use crate::clock::whole_second;
use crate::issue::{Draft, extension, random_serial, serial_of, sign};
use crate::subject::NameWriter;
use crate::{Algorithm, Certificate, KeyPair, KeyUsage, Profile, Purpose, oid};

pub use branch::{Branch, BranchKind};
pub use lists::ListFile;
use rollover::Former;
pub use state::{AuthorityError, AuthorityState, BranchState};
use urls::Urls;

const CENTRE_YEARS: i64 = 10;

/// A root, an issuing centre below it, and the centre's OCSP responder; with the keys that the issuing centre had
/// before, if it was given a new one.
#[derive(Clone, Debug)]
pub struct Authority {
    algorithm: Algorithm,
    marker: String,
    base_url: String,
    root: Member,
    issuing: Member,
    responder: Member,
    /// The oldest first.
    former: Vec<Former>,
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
        let root = Member { certificate: sign(&root_draft, &root_name, &root_key)?, key: root_key };
        let subject = centre_name("ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ", algorithm, marker);
        let urls = Urls { base: base_url, algorithm, generation: 1 };
        let issuing = issuing_centre(&root, subject, &urls, (now, end))?;
        let responder = responder(&issuing, marker, &urls, (now, end))?;
        Ok(Self {
            algorithm,
            marker: marker.to_owned(),
            base_url: base_url.to_owned(),
            root,
            issuing,
            responder,
            former: Vec::new(),
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

    fn urls(&self) -> Urls<'_> {
        Urls { base: &self.base_url, algorithm: self.algorithm, generation: self.generation() }
    }
}

/// An issuing centre with a new key, certified by the root.
fn issuing_centre(
    root: &Member,
    subject: Vec<u8>,
    urls: &Urls<'_>,
    (not_before, not_after): (Timestamp, Timestamp),
) -> Result<Member, AuthorityError> {
    let key = KeyPair::generate_ca(urls.algorithm)?;
    let draft = Draft {
        serial: serial_of(key.public_key()),
        subject,
        public_key: key.public_key(),
        not_before,
        not_after,
        extensions: vec![
            extension::basic_constraints(Some(0)),
            extension::key_usage(KeyUsage::CENTRE),
            extension::subject_key_id(key.public_key()),
            extension::authority_key_id(root.key.public_key()),
            extension::policy(oid::POLICY, &urls.statement()),
            extension::information_access(None, &urls.root_certificate()),
            extension::crl_distribution_point(&urls.root_crl()),
        ],
    };
    let certificate = sign(&draft, root.certificate.subject_der(), &root.key)?;
    Ok(Member { key, certificate })
}

/// The responder of an issuing centre, with a new key.
fn responder(
    issuing: &Member,
    marker: &str,
    urls: &Urls<'_>,
    (not_before, not_after): (Timestamp, Timestamp),
) -> Result<Member, AuthorityError> {
    let key = KeyPair::generate(urls.algorithm)?;
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
            extension::authority_key_id(issuing.key.public_key()),
            extension::policy(profile.policy(purpose, urls.algorithm), &urls.statement()),
            extension::information_access(None, &urls.certificate()),
            extension::crl_distribution_point(&urls.crl()),
            extension::ocsp_no_check(),
        ],
    };
    let certificate = sign(&draft, issuing.certificate.subject_der(), &issuing.key)?;
    Ok(Member { key, certificate })
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
