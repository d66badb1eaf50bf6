//! Further members of a hierarchy, each made when it is first needed: the odd centres that flaws need, and an issuer of
//! lists about the certificates of others.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};

use super::{Authority, AuthorityError, CENTRE_YEARS, Member, centre_name, years_after};
use crate::clock::whole_second;
use crate::issue::{Draft, extension, serial_of, sign};
use crate::subject::NameWriter;
use crate::{Algorithm, Certificate, Flaw, KeyPair, KeyUsage, oid};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What a branch is for; written as the name of the flaw, or `indirect`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BranchKind {
    /// A centre with this flaw, or one that is needed for it.
    Odd(Flaw),
    /// Signs lists and nothing else.
    ListIssuer,
}

/// A member of a hierarchy beside its root, issuing centre and responder.
#[derive(Clone, Debug)]
pub struct Branch {
    pub(super) kind: BranchKind,
    pub(super) member: Member,
}

impl BranchKind {
    /// Whether its certificate is to be had.
    pub fn is_published(self) -> bool {
        match self {
            Self::Odd(flaw) => flaw.publishes_odd_centre(),
            Self::ListIssuer => true,
        }
    }
}

impl fmt::Display for BranchKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Odd(flaw) => flaw.fmt(f),
            Self::ListIssuer => f.pad("indirect"),
        }
    }
}

impl FromStr for BranchKind {
    type Err = crate::UnknownFlaw;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        if s == "indirect" { Ok(Self::ListIssuer) } else { s.parse().map(Self::Odd) }
    }
}

impl Branch {
    /// What it is for.
    pub fn kind(&self) -> BranchKind {
        self.kind
    }

    /// Its certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.member.certificate
    }
}

impl Authority {
    /// A new branch.
    pub fn branch(&self, kind: BranchKind, now: Timestamp) -> Result<Branch, AuthorityError> {
        let now = whole_second(now);
        let member = match kind {
            BranchKind::Odd(flaw) => self.odd_centre(flaw, now)?,
            BranchKind::ListIssuer => self.list_issuer(now)?,
        };
        Ok(Branch { kind, member })
    }

    fn odd_centre(&self, flaw: Flaw, now: Timestamp) -> Result<Member, AuthorityError> {
        let key = match flaw {
            Flaw::Sha1Signature => KeyPair::generate(Algorithm::Rsa)?,
            Flaw::WeakIssuer => KeyPair::generate_weak_rsa()?,
            _ => KeyPair::generate(self.algorithm)?,
        };
        let name = match flaw {
            Flaw::UnknownIssuer => centre_name("БЕЛГІСІЗ ОРТАЛЫҚ", self.algorithm, "UNKNOWN"),
            flaw => centre_name(&format!("АҚАУЛЫ ОРТАЛЫҚ {flaw}"), self.algorithm, &self.marker),
        };
        let last = if flaw == Flaw::IssuerExpired { now.checked_sub(DAY).ok() } else { None };
        let not_before = last.map_or(Some(now), |last| years_after(last, -1));
        let not_after = last.or_else(|| years_after(now, CENTRE_YEARS));
        let (not_before, not_after) = not_before.zip(not_after).ok_or(AuthorityError::OutOfTime)?;
        let own = Member { certificate: self.root.certificate.clone(), key: key.clone() };
        // Whoever is below the issuing centre is one too many: it may have no centres below it.
        let (issuer, issuer_name) = match flaw {
            Flaw::UnknownIssuer => (&own, name.as_slice()),
            Flaw::PathTooLong => (&self.issuing, self.issuing().subject_der()),
            _ => (&self.root, self.root().subject_der()),
        };
        let urls = self.urls();
        let (issuer_url, list_url) = match flaw {
            Flaw::PathTooLong => (urls.certificate(), urls.crl()),
            _ => (urls.root_certificate(), urls.root_crl()),
        };
        let mut extensions = vec![
            match flaw {
                Flaw::IssuerNotCa => extension::no_centre(),
                _ => extension::basic_constraints(Some(0)),
            },
            extension::key_usage(match flaw {
                Flaw::IssuerWithoutCertSign => KeyUsage::LISTS,
                _ => KeyUsage::CENTRE,
            }),
            extension::subject_key_id(key.public_key()),
            extension::authority_key_id(issuer.key.public_key()),
            extension::policy(oid::POLICY, &urls.statement()),
            extension::information_access(None, &issuer_url),
            extension::crl_distribution_point(&list_url),
        ];
        match flaw {
            Flaw::NameNotPermitted => extensions.push(extension::permitted_names(&nowhere())),
            Flaw::PolicyNotValid => extensions.push(extension::policy_required()),
            _ => {}
        }
        let draft = Draft {
            serial: serial_of(key.public_key()),
            subject: name.clone(),
            public_key: key.public_key(),
            not_before,
            not_after,
            extensions,
        };
        Ok(Member { certificate: sign(&draft, issuer_name, &issuer.key)?, key: key.clone() })
    }

    fn list_issuer(&self, now: Timestamp) -> Result<Member, AuthorityError> {
        let key = KeyPair::generate(self.algorithm)?;
        let urls = self.urls();
        let draft = Draft {
            serial: serial_of(key.public_key()),
            subject: centre_name("КҚТ ҚЫЗМЕТІ", self.algorithm, &self.marker),
            public_key: key.public_key(),
            not_before: now,
            not_after: years_after(now, CENTRE_YEARS).ok_or(AuthorityError::OutOfTime)?,
            extensions: vec![
                extension::key_usage(KeyUsage::LISTS),
                extension::subject_key_id(key.public_key()),
                extension::authority_key_id(self.issuing.key.public_key()),
                extension::policy(oid::POLICY, &urls.statement()),
                extension::information_access(None, &urls.certificate()),
                extension::crl_distribution_point(&urls.crl()),
            ],
        };
        Ok(Member { certificate: sign(&draft, self.issuing().subject_der(), &self.issuing.key)?, key })
    }
}

/// The Name C=ZZ, in DER: of no country.
fn nowhere() -> Vec<u8> {
    let mut writer = NameWriter::default();
    writer.printable(oid::COUNTRY, "ZZ");
    writer.finish()
}
