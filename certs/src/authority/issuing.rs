//! Carrying out orders, flaws included.

use jiff::{SignedDuration, Timestamp};

use super::{Authority, centre_name, random_serial, serial_of, years_after};
use crate::clock::whole_second;
use crate::issue::{Draft, extension, sign};
use crate::order::OrderedAlgorithm;
use crate::{
    Bin, Flaw, Iin, IssueError, Issued, KeyPair, KeyUsage, Order, Profile, PublicKey, Purpose, Reason,
    RevocationBy, Subject,
};

const DAY: SignedDuration = SignedDuration::from_hours(24);

impl Authority {
    /// Issues one certificate at `now`, by default with a new key.
    ///
    /// The serial is the key identifier with its top bit cleared where the key is new, and random where the order
    /// brought the key: so two certificates of one key differ.
    pub fn issue(&self, order: &Order, now: Timestamp) -> Result<Issued, IssueError> {
        self.check(order)?;
        let has = |flaw| order.flaws.contains(&flaw);
        let (not_before, not_after) = validity(order, whole_second(now))?;
        let key = match order.public_key {
            None => Some(KeyPair::generate(self.algorithm)?),
            Some(_) => None,
        };
        let (public_key, serial) = match (&key, &order.public_key) {
            (Some(key), _) => (key.public_key(), serial_of(key.public_key())),
            (None, Some(public_key)) => (public_key, random_serial()?),
            (None, None) => return Err(IssueError::Key(crate::KeyError::Generation)),
        };
        let stranger = if has(Flaw::UnknownIssuer) { Some(KeyPair::generate(self.algorithm)?) } else { None };
        let signer = stranger.as_ref().unwrap_or(&self.issuing.key);
        let issuer = match stranger {
            Some(_) => centre_name("БЕЛГІСІЗ ОРТАЛЫҚ", self.algorithm, "UNKNOWN"),
            None => self.issuing.certificate.subject_der().to_vec(),
        };
        let draft = Draft {
            serial,
            subject: subject(order),
            public_key,
            not_before,
            not_after,
            extensions: self.extensions(order, public_key, signer.public_key()),
        };
        let certificate = sign(&draft, &issuer, signer, has(Flaw::BadSignature))?;
        let revocation = if has(Flaw::Revoked) {
            Some(Reason::KeyCompromise)
        } else {
            has(Flaw::Suspended).then_some(Reason::CertificateHold)
        };
        Ok(Issued { certificate, key, revocation })
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
        for (index, &flaw) in order.flaws.iter().enumerate() {
            if !flaw.applies_to(profile) {
                return Err(IssueError::FlawDoesNotApply { flaw, profile });
            }
            if flaw == Flaw::AuthKeyForSigning && order.purpose != Purpose::Signing {
                return Err(IssueError::FlawNeedsSigning { flaw });
            }
            if let Some(&other) = order.flaws.iter().skip(index + 1).find(|&&other| flaw.contradicts(other)) {
                return Err(IssueError::ContradictoryFlaws { one: flaw, other });
            }
        }
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

    /// The extensions of the national profile, in its order.
    fn extensions(&self, order: &Order, key: &PublicKey, issuer: &PublicKey) -> Vec<Vec<u8>> {
        let has = |flaw| order.flaws.contains(&flaw);
        let purpose = if has(Flaw::AuthKeyForSigning) { Purpose::Authentication } else { order.purpose };
        let usage = match order.profile.key_usage(purpose, self.algorithm) {
            _ if has(Flaw::WrongKeyUsage) => KeyUsage::ENCIPHERMENT,
            usage => usage,
        };
        let urls = self.urls();
        let crl = if has(Flaw::MissingCrl) { urls.missing_crl() } else { urls.crl() };
        let ocsp = (order.revocation_by == RevocationBy::CrlAndOcsp
            && !has(Flaw::MissingCrl)
            && order.profile != Profile::OcspResponder)
            .then(|| urls.ocsp());
        let mut extensions = vec![
            extension::key_usage(usage),
            // The only usage that RFC 3161, 2.3 wants critical.
            extension::extended_key_usage(
                &order.profile.extended_key_usage(purpose),
                order.profile == Profile::TimestampAuthority,
            ),
            extension::subject_key_id(key),
            extension::authority_key_id(issuer),
            extension::policy(order.profile.policy(purpose, self.algorithm), &urls.statement()),
            extension::information_access(ocsp.as_deref(), &urls.certificate()),
            extension::crl_distribution_point(&crl),
        ];
        if !has(Flaw::MissingCrl) && !order.profile.is_service() {
            extensions.push(extension::freshest_crl(&urls.delta_crl()));
        }
        if order.email.is_some() || !order.hosts.is_empty() {
            extensions.push(extension::alternative_names(order.email.as_deref(), &order.hosts));
        }
        match order.profile {
            Profile::OcspResponder => extensions.push(extension::ocsp_no_check()),
            Profile::TimestampAuthority | Profile::TlsServer => {}
            _ => extensions.push(extension::key_in_pkcs12()),
        }
        extensions
    }
}

fn validity(order: &Order, now: Timestamp) -> Result<(Timestamp, Timestamp), IssueError> {
    let years = order.profile.years();
    let lasting = |from| years_after(from, years).ok_or(IssueError::OutOfTime);
    let after =
        |moment: Timestamp, by: SignedDuration| moment.checked_add(by).map_err(|_| IssueError::OutOfTime);
    let (not_before, not_after) = match order.validity {
        Some((start, end)) => (whole_second(start), whole_second(end)),
        None => (now, lasting(now)?),
    };
    if not_after < not_before {
        return Err(IssueError::Validity { not_before, not_after });
    }
    if order.flaws.contains(&Flaw::Expired) {
        let end = after(now, -DAY)?;
        let start = years_after(end, -years).ok_or(IssueError::OutOfTime)?;
        return Ok((not_before.min(start), end));
    }
    if order.flaws.contains(&Flaw::NotYetValid) {
        let start = after(now, DAY)?;
        return Ok((start, not_after.max(lasting(start)?)));
    }
    Ok((not_before, not_after))
}

/// The subject's Name, with the number that the flaws want in it.
fn subject(order: &Order) -> Vec<u8> {
    let has = |flaw| order.flaws.contains(&flaw);
    let iin = order.subject.person().map(|person| person.iin).filter(|_| !has(Flaw::NoIin));
    let iin = iin.map(|iin| if has(Flaw::IinMismatch) { another_iin(iin) } else { iin });
    let bin = order.subject.organisation().map(|organisation| organisation.bin);
    let bin = bin.map(|bin| if has(Flaw::BinMismatch) { another_bin(bin) } else { bin });
    order.subject.to_der(iin, bin)
}

/// Another valid number of never-issued form, always the same for one number.
fn another_iin(iin: Iin) -> Iin {
    let n = iin.to_string().parse().unwrap_or(0);
    let other = Iin::never_issued(n);
    if other == iin { Iin::never_issued(n + 1) } else { other }
}

fn another_bin(bin: Bin) -> Bin {
    let n = bin.to_string().parse().unwrap_or(0);
    let other = Bin::generated(n);
    if other == bin { Bin::generated(n + 1) } else { other }
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
