//! Carrying out orders, flaws included.

use jiff::{SignedDuration, Timestamp};

use super::blueprint::{Blueprint, new_key};
use super::{Authority, Branch, BranchKind};
use crate::clock::whole_second;
use crate::issue::sign_in_manner;
use crate::order::OrderedAlgorithm;
use crate::{
    Certificate, Flaw, IssueError, Issued, Order, Profile, PublicKey, Reason, RevocationBy, RevokedEntry,
    Subject,
};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

impl Authority {
    /// Issues one certificate at `now`, by default with a new key.
    ///
    /// The serial is the key identifier with its top bit cleared where the key is new, and random where the order
    /// brought the key: so two certificates of one key differ.
    pub fn issue(&self, order: &Order, now: Timestamp) -> Result<Issued, IssueError> {
        self.check(order)?;
        let now = whole_second(now);
        if order.has(Flaw::ReissuedKey) {
            return self.reissue(order, now);
        }
        let key = match order.public_key {
            None => Some(new_key(self, order)?),
            Some(_) => None,
        };
        let public_key = match (&key, &order.public_key) {
            (Some(key), _) => key.public_key(),
            (None, Some(public_key)) => public_key,
            (None, None) => return Err(IssueError::Key(crate::KeyError::Generation)),
        };
        let branch = self.branch_for(order, now)?;
        let mut blueprint = Blueprint::flawless(self, order, public_key, branch.as_ref(), now)?;
        for &flaw in &order.flaws {
            blueprint.spoil(self, flaw, branch.as_ref(), now)?;
        }
        let signer = match &branch {
            Some(Branch { kind: BranchKind::Odd(_), member }) => member,
            _ => &self.issuing,
        };
        // An odd centre has the name of its certificate, and its certificate is its own.
        let issuer = signer.certificate.subject_der();
        let draft = blueprint.draft(self, order.profile);
        let certificate = sign_in_manner(&draft, issuer, &signer.key, blueprint.manner)?;
        let revocation = revocation(order, &certificate, now)?;
        Ok(Issued { certificate, key, revocation, branch, earlier: None })
    }

    /// A certificate for a key that another one was for before, which was replaced.
    fn reissue(&self, order: &Order, now: Timestamp) -> Result<Issued, IssueError> {
        let flaws = order.flaws.iter().copied().filter(|&flaw| flaw != Flaw::ReissuedKey).collect();
        let first = Order { flaws: Vec::new(), ..order.clone() };
        let earlier = self.issue(&first, now)?;
        let again =
            Order { flaws, public_key: Some(earlier.certificate.public_key().clone()), ..order.clone() };
        let issued = self.issue(&again, now)?;
        let serial = earlier.certificate.serial().to_vec();
        let entry = RevokedEntry { serial, at: now, reason: Reason::Superseded };
        Ok(Issued { key: earlier.key, earlier: Some((earlier.certificate, entry)), ..issued })
    }

    /// The branch that an order needs, if it needs one: the one that it brings, or a new one.
    fn branch_for(&self, order: &Order, now: Timestamp) -> Result<Option<Branch>, IssueError> {
        let Some(kind) = order.branch_needed() else { return Ok(None) };
        match &order.branch {
            Some(branch) if branch.kind == kind => Ok(Some(branch.clone())),
            _ => self.branch(kind, now).map(Some).map_err(IssueError::Branch),
        }
    }

    fn check(&self, order: &Order) -> Result<(), IssueError> {
        let profile = order.profile;
        let fits = match order.subject {
            Subject::Person(_) => profile == Profile::Individual,
            Subject::Employee { .. } => profile.has_person() && profile.has_organisation(),
            Subject::System(_) => profile == Profile::InformationSystem,
            Subject::Service { .. } => profile.is_service() || profile == Profile::TlsServer,
        };
        if !fits {
            return Err(IssueError::SubjectDoesNotFit { profile });
        }
        if let Some(field) = empty_name(&order.subject) {
            return Err(IssueError::EmptyName { field });
        }
        check_flaws(order)?;
        let brought = order.public_key.as_ref().map(PublicKey::algorithm);
        for algorithm in [Some(order.algorithm)].into_iter().chain(brought) {
            if algorithm != Some(self.algorithm) {
                let ordered = algorithm.map_or(OrderedAlgorithm::Foreign, OrderedAlgorithm::Known);
                return Err(IssueError::OtherAlgorithm { centre: self.algorithm, ordered });
            }
        }
        if profile == Profile::TlsServer && order.hosts.is_empty() {
            return Err(IssueError::Host { host: String::new() });
        }
        if let Some(host) = order.hosts.iter().find(|host| !is_host(host)) {
            return Err(IssueError::Host { host: host.clone() });
        }
        match &order.email {
            Some(address) if !address.contains('@') || !address.bytes().all(|b| b.is_ascii_graphic()) => {
                Err(IssueError::Email { address: address.clone() })
            }
            _ => Ok(()),
        }
    }
}

fn check_flaws(order: &Order) -> Result<(), IssueError> {
    let profile = order.profile;
    for (index, &flaw) in order.flaws.iter().enumerate() {
        if !flaw.applies_to(profile) {
            return Err(IssueError::FlawDoesNotApply { flaw, profile });
        }
        if !flaw.fits(order.purpose) {
            return Err(IssueError::FlawNeedsSigning { flaw });
        }
        if matches!(flaw, Flaw::WeakRsa | Flaw::ReissuedKey) && order.public_key.is_some() {
            return Err(IssueError::FlawNeedsNewKey { flaw });
        }
        let is_listed_otherwise =
            matches!(order.revocation_by, RevocationBy::PartitionedCrl | RevocationBy::IndirectCrl);
        if is_listed_otherwise && flaw.needs_usual_lists() {
            return Err(IssueError::FlawNeedsUsualLists { flaw });
        }
        if let Some(&other) = order.flaws.iter().skip(index + 1).find(|&&other| flaw.contradicts(other)) {
            return Err(IssueError::ContradictoryFlaws { one: flaw, other });
        }
    }
    Ok(())
}

/// What is to be recorded of a certificate at once, as its flaws want it.
fn revocation(
    order: &Order,
    certificate: &Certificate,
    now: Timestamp,
) -> Result<Option<RevokedEntry>, IssueError> {
    let wanted = order.flaws.iter().find_map(|flaw| match flaw {
        Flaw::Revoked | Flaw::OcspGoodCrlRevoked | Flaw::OcspRevokedCrlGood => {
            Some((SignedDuration::ZERO, Reason::KeyCompromise))
        }
        Flaw::Suspended => Some((SignedDuration::ZERO, Reason::CertificateHold)),
        Flaw::RevokedAfterSigning => Some((HOUR, Reason::KeyCompromise)),
        _ => None,
    });
    let Some((after, reason)) = wanted else { return Ok(None) };
    let at = now.checked_add(after).map_err(|_| IssueError::OutOfTime)?;
    Ok(Some(RevokedEntry { serial: certificate.serial().to_vec(), at, reason }))
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let name = host.strip_prefix("*.").unwrap_or(host);
    host.parse::<std::net::IpAddr>().is_ok() || (name.len() <= 253 && name.split('.').all(is_label))
}

fn empty_name(subject: &Subject) -> Option<&'static str> {
    let person = subject.person().into_iter().flat_map(|p| [("surname", &p.surname), ("name", &p.name)]);
    let organisation = subject.organisation().into_iter().map(|o| ("organisation", &o.name));
    let own: &[(&'static str, &String)] = match subject {
        Subject::System(system) => &[("name", &system.common_name), ("OID", &system.oid)],
        Subject::Service { common_name, organisation } => {
            &[("name", common_name), ("organisation", organisation)]
        }
        Subject::Person(_) | Subject::Employee { .. } => &[],
    };
    let mut all = person.chain(organisation).chain(own.iter().copied());
    all.find(|(_, value)| value.trim().is_empty()).map(|(field, _)| field)
}
