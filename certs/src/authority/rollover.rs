//! A new key for the issuing centre (after RFC 4210, 4.4).
//!
//! The name stays. Certificates of the old key stay good, its list and its responder go on. Whoever knows one of the two
//! keys only comes to the other by a certificate that the centre issues to itself.

use jiff::Timestamp;

use super::{
    Authority, AuthorityError, CENTRE_YEARS, Member, Urls, issuing_centre, random_serial, responder,
    years_after,
};
use crate::clock::whole_second;
use crate::issue::{Draft, SigningError, extension, sign};
use crate::{Certificate, KeyUsage, oid};

/// A key that the issuing centre had, and what ties it to the one that came after.
#[derive(Clone, Debug)]
pub(super) struct Former {
    pub(super) issuing: Member,
    pub(super) responder: Member,
    /// The next key, certified with this one.
    pub(super) new_with_old: Certificate,
    /// This key, certified with the next one.
    pub(super) old_with_new: Certificate,
}

impl Authority {
    /// The same hierarchy with a new key of its issuing centre and a new responder, from `now` on for ten years.
    pub fn with_new_key(&self, now: Timestamp) -> Result<Self, AuthorityError> {
        let now = whole_second(now);
        let end = years_after(now, CENTRE_YEARS).ok_or(AuthorityError::OutOfTime)?;
        let urls = Urls { generation: self.generation() + 1, ..self.urls() };
        let old = &self.issuing;
        let new = issuing_centre(&self.root, old.certificate.subject_der().to_vec(), &urls, (now, end))?;
        let (old_begins, old_ends) = (old.certificate.not_before(), old.certificate.not_after());
        let former = Former {
            issuing: old.clone(),
            responder: self.responder.clone(),
            new_with_old: cross(&new, old, &self.urls(), (now, old_ends.max(now)))?,
            old_with_new: cross(old, &new, &urls, (old_begins, old_ends))?,
        };
        Ok(Self {
            responder: responder(&new, &self.marker, &urls, (now, end))?,
            issuing: new,
            former: [self.former.as_slice(), &[former]].concat(),
            ..self.clone()
        })
    }

    /// Which key of the issuing centre this is, counted from 1.
    pub fn generation(&self) -> usize {
        self.former.len() + 1
    }

    /// The hierarchy with each key that the issuing centre ever had, the oldest first, this one last.
    pub fn generations(&self) -> Vec<Self> {
        let former = self.former.iter().enumerate().map(|(before, former)| Self {
            issuing: former.issuing.clone(),
            responder: former.responder.clone(),
            former: self.former.iter().take(before).cloned().collect(),
            ..self.clone()
        });
        former.chain([self.clone()]).collect()
    }

    /// The certificates of the issuing centre: by the root for every key, the newest first, and those with which the
    /// centre certifies its keys with each other.
    pub fn authorities(&self) -> impl Iterator<Item = &Certificate> {
        let former = self.former.iter().rev();
        let crosses = former.clone().flat_map(|former| [&former.new_with_old, &former.old_with_new]);
        [self.issuing()].into_iter().chain(former.map(|former| &former.issuing.certificate)).chain(crosses)
    }
}

/// A certificate of one key of a centre by another of its keys; `urls` are those of the latter.
fn cross(
    of: &Member,
    by: &Member,
    urls: &Urls<'_>,
    (not_before, not_after): (Timestamp, Timestamp),
) -> Result<Certificate, SigningError> {
    let name = by.certificate.subject_der();
    let draft = Draft {
        serial: random_serial()?,
        subject: name.to_vec(),
        public_key: of.key.public_key(),
        not_before,
        not_after,
        extensions: vec![
            extension::basic_constraints(Some(0)),
            extension::key_usage(KeyUsage::CENTRE),
            extension::subject_key_id(of.key.public_key()),
            extension::authority_key_id(by.key.public_key()),
            extension::policy(oid::POLICY, &urls.statement()),
            extension::information_access(None, &urls.certificate()),
            extension::crl_distribution_point(&urls.crl()),
        ],
    };
    sign(&draft, name, &by.key)
}
