//! A certificate before it is signed, and what each flaw changes in it.

use jiff::{SignedDuration, Timestamp};

use super::{Authority, Branch, BranchKind, lists::part_of, random_serial, serial_of, years_after};
use crate::clock::whole_second;
use crate::issue::{Draft, Manner, extension};
use crate::{
    Bin, Flaw, Iin, IssueError, KeyPair, KeyUsage, ObjectIdentifier, Order, Organisation, Profile, PublicKey,
    Purpose, RevocationBy, Subject, oid,
};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// An extension that nobody knows: an OID of the kind that this sandbox gives to systems.
const UNKNOWN_EXTENSION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.398.3.999.1");

/// Everything in a certificate that an order or a flaw decides: as the national profile has it, until a flaw changes
/// it.
pub(super) struct Blueprint {
    serial: Vec<u8>,
    subject: Subject,
    /// What stands for the person's and the organisation's number.
    iin: Option<String>,
    bin: Option<String>,
    public_key: PublicKey,
    not_before: Timestamp,
    not_after: Timestamp,
    usage: KeyUsage,
    extended_usage: Vec<ObjectIdentifier>,
    policy: ObjectIdentifier,
    /// The key identifier of who signs.
    authority_key: [u8; 20],
    issuer_url: String,
    /// The point of its list, an extension in DER.
    list: Option<Vec<u8>>,
    delta: Option<String>,
    ocsp: Option<String>,
    /// Further extensions, in DER.
    more: Vec<Vec<u8>>,
    pub(super) manner: Manner,
}

impl Blueprint {
    /// What is to be certified, without any flaw.
    pub(super) fn flawless(
        authority: &Authority,
        order: &Order,
        key: &PublicKey,
        branch: Option<&Branch>,
        now: Timestamp,
    ) -> Result<Self, IssueError> {
        let (not_before, not_after) = validity(order, now)?;
        let serial = match order.public_key {
            None => serial_of(key),
            Some(_) => random_serial()?,
        };
        let profile = order.profile;
        let purpose =
            if order.has(Flaw::AuthKeyForSigning) { Purpose::Authentication } else { order.purpose };
        let urls = authority.urls();
        let is_service = profile.is_service();
        let names_ocsp = order.revocation_by == RevocationBy::CrlAndOcsp && profile != Profile::OcspResponder;
        let names_delta =
            matches!(order.revocation_by, RevocationBy::CrlAndOcsp | RevocationBy::CrlOnly) && !is_service;
        let list = match (order.revocation_by, branch) {
            (RevocationBy::PartitionedCrl, _) => {
                extension::crl_distribution_point(&urls.crl_part(part_of(&serial)))
            }
            (RevocationBy::IndirectCrl, Some(branch)) => extension::indirect_distribution_point(
                &urls.indirect_crl(),
                branch.certificate().subject_der(),
            ),
            _ => extension::crl_distribution_point(&urls.crl()),
        };
        let mut more = Vec::new();
        if order.email.is_some() || !order.hosts.is_empty() {
            more.push(extension::alternative_names(order.email.as_deref(), &order.hosts));
        }
        match profile {
            Profile::OcspResponder => more.push(extension::ocsp_no_check()),
            Profile::TimestampAuthority | Profile::TlsServer => {}
            _ => more.push(extension::key_in_pkcs12()),
        }
        Ok(Self {
            serial,
            subject: order.subject.clone(),
            iin: order.subject.person().map(|person| format!("IIN{}", person.iin)),
            bin: order.subject.organisation().map(|organisation| format!("BIN{}", organisation.bin)),
            public_key: key.clone(),
            not_before,
            not_after,
            usage: profile.key_usage(purpose, authority.algorithm),
            extended_usage: profile.extended_key_usage(purpose),
            policy: profile.policy(purpose, authority.algorithm),
            authority_key: authority.issuing.key.public_key().key_id(),
            issuer_url: urls.certificate(),
            list: Some(list),
            delta: names_delta.then(|| urls.delta_crl()),
            ocsp: names_ocsp.then(|| urls.ocsp()),
            more,
            manner: Manner::Well,
        })
    }

    /// The same with one thing wrong. Flaws that are not in the certificate itself change nothing here.
    pub(super) fn spoil(
        &mut self,
        authority: &Authority,
        flaw: Flaw,
        branch: Option<&Branch>,
        now: Timestamp,
    ) -> Result<(), IssueError> {
        let years = |from, years| years_after(from, years).ok_or(IssueError::OutOfTime);
        let after = |by: SignedDuration| now.checked_add(by).map_err(|_| IssueError::OutOfTime);
        let lasts = self.not_after.duration_since(self.not_before);
        let urls = authority.urls();
        let point = |url: &str| Some(extension::crl_distribution_point(url));
        match flaw {
            Flaw::Expired => {
                self.not_after = after(-DAY)?;
                self.not_before = self.not_before.min(years(self.not_after, -1)?);
            }
            Flaw::NotYetValid => {
                self.not_before = after(DAY)?;
                let end = self.not_before.checked_add(lasts).map_err(|_| IssueError::OutOfTime)?;
                self.not_after = self.not_after.max(end);
            }
            Flaw::ExpiredInQueue => {
                self.not_after = after(HOUR)?;
                self.not_before = self.not_before.min(now);
            }
            Flaw::MissingCrl => self.list_alone(point(&urls.missing_crl())),
            Flaw::StaleCrl | Flaw::EmptyCrl | Flaw::CrlByAnotherKey => {
                self.list_alone(point(&urls.flawed_crl(flaw)));
            }
            Flaw::NoRevocationSource => self.list_alone(None),
            Flaw::IinMismatch => {
                self.iin = self.subject.person().map(|person| format!("IIN{}", another_iin(person.iin)));
            }
            Flaw::NoIin => self.iin = None,
            Flaw::BinInsteadOfIin => self.iin = Some(format!("BIN{}", Bin::generated(0))),
            Flaw::WrongCheckDigit => {
                self.iin =
                    self.subject.person().map(|person| format!("IIN{}", wrong_check_digit(person.iin)));
            }
            Flaw::IinWithoutPrefix => self.iin = self.subject.person().map(|person| person.iin.to_string()),
            Flaw::NoPatronymic => {
                if let Some(person) = self.subject.person_mut() {
                    person.patronymic = None;
                }
            }
            Flaw::BinMismatch => self.bin = self.subject.organisation().map(|own| bin_text(another(own))),
            Flaw::OtherOrganisation => {
                if let Some(organisation) = self.subject.organisation_mut() {
                    organisation.bin = another(organisation);
                    "БАСҚА ҰЙЫМ".clone_into(&mut organisation.name);
                    self.bin = Some(bin_text(organisation.bin));
                }
            }
            Flaw::WrongKeyUsage => self.usage = KeyUsage::ENCIPHERMENT,
            Flaw::WrongExtendedKeyUsage => self.extended_usage = vec![oid::SERVER_AUTH],
            Flaw::NoRole => {
                self.extended_usage.retain(|usage| crate::Role::from_oid(usage).is_none());
                if self.extended_usage.is_empty() {
                    self.extended_usage.push(oid::EMAIL_PROTECTION);
                }
            }
            Flaw::WrongPolicy => self.policy = oid::POLICY_TLS,
            Flaw::CriticalExtension => self.more.push(extension::write(UNKNOWN_EXTENSION, true, &[5, 0])),
            Flaw::DuplicateSerial => self.serial = authority.responder.certificate.serial().to_vec(),
            Flaw::BadSignature => self.manner = Manner::Damaged,
            Flaw::WrongAuthorityKey => self.authority_key = authority.root.key.public_key().key_id(),
            _ => {}
        }
        if let Some(branch) = branch
            && branch.kind == BranchKind::Odd(flaw)
        {
            self.authority_key = branch.member.key.public_key().key_id();
            if flaw != Flaw::UnknownIssuer {
                self.list_alone(point(&urls.flawed_crl(flaw)));
                self.issuer_url = urls.certificate_of(flaw);
            }
            if flaw == Flaw::Sha1Signature {
                self.manner = Manner::WithSha1;
            }
        }
        Ok(())
    }

    /// That list and no other source.
    fn list_alone(&mut self, list: Option<Vec<u8>>) {
        self.list = list;
        (self.ocsp, self.delta) = (None, None);
    }

    /// The extensions in the order of the national profile.
    fn extensions(&self, profile: Profile, statement: &str) -> Vec<Vec<u8>> {
        let mut extensions = vec![
            extension::key_usage(self.usage),
            // The only usage that RFC 3161, 2.3 wants critical.
            extension::extended_key_usage(&self.extended_usage, profile == Profile::TimestampAuthority),
            extension::subject_key_id(&self.public_key),
            extension::authority_key_of(&self.authority_key),
            extension::policy(self.policy, statement),
            extension::information_access(self.ocsp.as_deref(), &self.issuer_url),
        ];
        extensions.extend(self.list.clone());
        extensions.extend(self.delta.as_deref().map(extension::freshest_crl));
        extensions.extend(self.more.iter().cloned());
        extensions
    }

    /// What is signed.
    pub(super) fn draft(&self, authority: &Authority, profile: Profile) -> Draft<'_> {
        Draft {
            serial: self.serial.clone(),
            subject: self.subject.to_der(self.iin.as_deref(), self.bin.as_deref()),
            public_key: &self.public_key,
            not_before: self.not_before,
            not_after: self.not_after,
            extensions: self.extensions(profile, &authority.urls().statement()),
        }
    }
}

fn validity(order: &Order, now: Timestamp) -> Result<(Timestamp, Timestamp), IssueError> {
    let (not_before, not_after) = match order.validity {
        Some((start, end)) => (whole_second(start), whole_second(end)),
        None => (now, years_after(now, order.profile.years()).ok_or(IssueError::OutOfTime)?),
    };
    if not_after < not_before {
        return Err(IssueError::Validity { not_before, not_after });
    }
    Ok((not_before, not_after))
}

/// Another valid number of never-issued form, always the same for one number.
fn another_iin(iin: Iin) -> Iin {
    let n = iin.to_string().parse().unwrap_or(0);
    let other = Iin::never_issued(n);
    if other == iin { Iin::never_issued(n + 1) } else { other }
}

/// The same number with another last digit.
fn wrong_check_digit(iin: Iin) -> String {
    let mut digits = iin.to_string();
    let last = digits.pop().and_then(|last| last.to_digit(10)).unwrap_or(0);
    format!("{digits}{}", (last + 1) % 10)
}

fn another(organisation: &Organisation) -> Bin {
    let n = organisation.bin.to_string().parse().unwrap_or(0);
    let other = Bin::generated(n);
    if other == organisation.bin { Bin::generated(n + 1) } else { other }
}

fn bin_text(bin: Bin) -> String {
    format!("BIN{bin}")
}

/// A key for an order that brings none: the one that its flaws want.
pub(super) fn new_key(authority: &Authority, order: &Order) -> Result<KeyPair, IssueError> {
    Ok(if order.has(Flaw::WeakRsa) {
        KeyPair::generate_weak_rsa()?
    } else {
        KeyPair::generate(authority.algorithm)?
    })
}
