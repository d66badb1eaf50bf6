//! Issuing, revoking, and the current list.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use certs::ocsp::OcspRequest;
use certs::{
    Algorithm, Authority, AuthorityState, Branch, BranchKind, CertStatus, Certificate, Clock, Flaw,
    IssueError, Order, Reason, RevokedEntry, whole_second,
};
use jiff::Timestamp;
use signer::{Code, Problem};

use super::changes::Changes;
use super::kept::{AUTHORITY, CERTIFICATE, Entry, KeptCertificate, KeptList, LIST, Status};
use crate::store::{Expect, Page, WorldStore};

/// How often a change of a status is tried when others change the same list.
const ATTEMPTS: usize = 16;

/// The certification centre of a world: one hierarchy per algorithm, each made when it is first needed.
pub struct CertificationCentre {
    pub(super) store: WorldStore,
    pub(super) clock: Clock,
    base_url: String,
    default: Algorithm,
    hierarchies: RwLock<BTreeMap<Algorithm, Arc<Authority>>>,
    pub(super) branches: RwLock<BTreeMap<(Algorithm, BranchKind), Arc<Branch>>>,
    pub(super) changes: Changes,
    /// The roots' lists with the moment they were made: a root's key may be slow.
    pub(super) root_lists: Mutex<BTreeMap<Algorithm, (Timestamp, Vec<u8>)>>,
}

impl CertificationCentre {
    /// Takes up the world's centre, or founds it with the hierarchy of the default algorithm.
    pub async fn open(
        store: WorldStore,
        clock: Clock,
        base_url: &str,
        default: Algorithm,
    ) -> Result<Self, Problem> {
        let centre = Self {
            store,
            clock,
            base_url: base_url.trim_end_matches('/').to_owned(),
            default,
            hierarchies: RwLock::default(),
            branches: RwLock::default(),
            changes: Changes::default(),
            root_lists: Mutex::default(),
        };
        centre.look_again().await?;
        for list in centre.store.list_as::<KeptList>(LIST, Page::all()).await? {
            let to_come = list.value.entries.iter().filter(|entry| entry.at > centre.now());
            to_come.for_each(|entry| centre.changes.expect(entry.at));
        }
        centre.authority(default).await?;
        Ok(centre)
    }

    /// Takes up the hierarchies that other processes have founded, and what they have made of ours.
    pub async fn look_again(&self) -> Result<(), Problem> {
        for record in self.store.list_as::<AuthorityState>(AUTHORITY, Page::all()).await? {
            let Ok(algorithm) = record.key.parse() else { continue };
            let known = self.known(algorithm).map(|authority| authority.generation());
            if known.is_none_or(|generation| generation < record.value.generation()) {
                self.remember(Authority::from_state(&record.value).map_err(Problem::technical)?);
            }
        }
        self.look_for_branches().await
    }

    /// The algorithm of certificates for which none is asked.
    pub fn default_algorithm(&self) -> Algorithm {
        self.default
    }

    /// Where the centre's world is reached.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The hierarchies that exist by now.
    pub fn hierarchies(&self) -> Vec<Arc<Authority>> {
        let known = self.hierarchies.read().unwrap_or_else(PoisonError::into_inner);
        known.values().cloned().collect()
    }

    pub(super) fn store(&self) -> &WorldStore {
        &self.store
    }

    /// What the world's clock shows.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn known(&self, algorithm: Algorithm) -> Option<Arc<Authority>> {
        let known = self.hierarchies.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&algorithm).cloned()
    }

    pub(super) fn remember(&self, authority: Authority) -> Arc<Authority> {
        let authority = Arc::new(authority);
        let mut known = self.hierarchies.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(authority.algorithm(), authority.clone());
        self.changes.make();
        authority
    }

    /// The hierarchy of an algorithm, founded if need be.
    pub async fn authority(&self, algorithm: Algorithm) -> Result<Arc<Authority>, Problem> {
        if let Some(known) = self.known(algorithm) {
            return Ok(known);
        }
        let marker = format!("QAQPA SANDBOX {} TEST", self.store.world());
        let (now, base_url) = (self.clock.now(), self.base_url.clone());
        let made = blocking(move || Authority::create(algorithm, &marker, now, &base_url))
            .await?
            .map_err(Problem::technical)?;
        let list = KeptList::first(&made, now)?;
        let batch = self.store.batch().put(AUTHORITY, algorithm.name(), &made.state(), Expect::Absent)?.put(
            LIST,
            algorithm.name(),
            &list,
            Expect::Absent,
        )?;
        match self.store.commit(batch.tell()).await {
            Ok(_) => Ok(self.remember(made)),
            // Somebody else founded it meanwhile: theirs counts.
            Err(error) if error.is_conflict() => {
                let theirs = self.store.get_as::<AuthorityState>(AUTHORITY, algorithm.name()).await?;
                let theirs = theirs.ok_or_else(|| Problem::technical("the hierarchy is gone"))?.value;
                Ok(self.remember(Authority::from_state(&theirs).map_err(Problem::technical)?))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Issues a certificate and enters it into the registry; a flaw of revocation is carried out at once.
    pub async fn order(&self, order: Order) -> Result<certs::Issued, Problem> {
        let authority = self.authority(order.algorithm).await?;
        let branch = match order.branch_needed() {
            Some(kind) => Some((*self.branch(&authority, kind).await?).clone()),
            None => None,
        };
        let order = Order { branch, ..order };
        let now = self.clock.now();
        let is_slow = order.algorithm.slow_keys() || order.has(Flaw::WeakRsa);
        let ordered = order.clone();
        let issued = if is_slow {
            blocking(move || authority.issue(&ordered, now)).await?
        } else {
            authority.issue(&ordered, now)
        };
        let issued = issued.map_err(refused)?;
        if let Some((earlier, replaced)) = &issued.earlier {
            self.enter(earlier, &order, Vec::new(), now).await?;
            self.revoke_from(&earlier.serial_hex(), replaced).await?;
        }
        self.enter(&issued.certificate, &order, order.flaws.clone(), now).await?;
        if let Some(entry) = &issued.revocation {
            self.revoke_from(&issued.certificate.serial_hex(), entry).await?;
        }
        Ok(issued)
    }

    async fn enter(
        &self,
        certificate: &Certificate,
        order: &Order,
        flaws: Vec<Flaw>,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let kept = KeptCertificate {
            serial: certificate.serial_hex(),
            subject: certificate.subject(),
            profile: order.profile,
            algorithm: order.algorithm,
            flaws,
            issued_at: now,
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            status: Status::Good,
            certificate: certificate.pem(),
        };
        // Of several with one number the registry knows the last.
        let is_twin = kept.flaws.contains(&Flaw::DuplicateSerial);
        let expect = if is_twin { Expect::Anything } else { Expect::Absent };
        let batch = self.store.batch().put(CERTIFICATE, &kept.serial, &kept, expect)?;
        self.store.commit(batch).await?;
        if is_twin {
            self.changes.make();
        }
        Ok(())
    }

    /// A certificate of the registry, by serial number in hexadecimal.
    pub async fn certificate(&self, serial: &str) -> Result<KeptCertificate, Problem> {
        // As OpenSSL prints it, too: in capitals, with colons.
        let serial = serial.replace(':', "").to_ascii_lowercase();
        let serial = serial.as_str();
        let missing = || {
            Problem::new(Code::NotFound)
                .detail(format!("no certificate {serial}"))
                .hint("`qaqpa cert list` shows those that this centre has issued")
        };
        if serial.is_empty() || serial.len() > 64 || !serial.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(missing());
        }
        let record = self.store.get_as::<KeptCertificate>(CERTIFICATE, serial).await?;
        record.map(|record| record.value).ok_or_else(missing)
    }

    /// The registry, by ascending serial number.
    pub async fn certificates(&self) -> Result<Vec<KeptCertificate>, Problem> {
        let all = self.store.list_as::<KeptCertificate>(CERTIFICATE, Page::all()).await?;
        Ok(all.into_iter().map(|record| record.value).collect())
    }

    /// Puts a certificate on the list from now on. One that is on it for good stays as it is.
    pub async fn revoke(&self, serial: &str, reason: Reason) -> Result<KeptCertificate, Problem> {
        let at = whole_second(self.clock.now());
        self.revoke_from(serial, &RevokedEntry { serial: Vec::new(), at, reason }).await
    }

    /// The same from the moment of an entry on, with its reason.
    async fn revoke_from(&self, serial: &str, entry: &RevokedEntry) -> Result<KeptCertificate, Problem> {
        let &RevokedEntry { at, reason, .. } = entry;
        self.change(serial, |status| match status {
            Status::Revoked { at: since, reason: before }
                if before != Reason::CertificateHold && since <= at =>
            {
                status
            }
            _ => Status::Revoked { at, reason },
        })
        .await
    }

    /// Lifts a hold. A certificate that is good stays good; one that is revoked for good cannot come back.
    pub async fn release(&self, serial: &str) -> Result<KeptCertificate, Problem> {
        let kept = self
            .change(serial, |status| match status {
                Status::Revoked { reason: Reason::CertificateHold, .. } => Status::Good,
                other => other,
            })
            .await?;
        match kept.status {
            Status::Good => Ok(kept),
            Status::Revoked { reason, .. } => {
                let detail = format!("{serial} is revoked for good ({reason}); only a hold can be lifted");
                Err(Problem::new(Code::InvalidValue).detail(detail))
            }
        }
    }

    async fn change(
        &self,
        serial: &str,
        change: impl Fn(Status) -> Status,
    ) -> Result<KeptCertificate, Problem> {
        let mut last = Problem::new(Code::Busy);
        for _ in 0..ATTEMPTS {
            match self.try_change(serial, &change).await {
                Err(problem) if problem.code == Code::Busy => last = problem,
                settled => return settled,
            }
        }
        Err(last)
    }

    async fn try_change(
        &self,
        serial: &str,
        change: impl Fn(Status) -> Status,
    ) -> Result<KeptCertificate, Problem> {
        let serial = self.certificate(serial).await?.serial;
        let serial = serial.as_str();
        let missing = || Problem::new(Code::Busy);
        let record = self.store.get_as::<KeptCertificate>(CERTIFICATE, serial).await?.ok_or_else(missing)?;
        let mut kept = record.value;
        let status = change(kept.status);
        if status == kept.status {
            return Ok(kept);
        }
        kept.status = status;
        let name = kept.algorithm.name();
        let before = self.store.get_as::<KeptList>(LIST, name).await?.ok_or_else(missing)?;
        let mut entries = before.value.entries.clone();
        entries.retain(|entry| entry.serial != serial);
        if let Status::Revoked { at, reason } = status
            && !kept.flaws.iter().any(|flaw| flaw.is_left_out_of_lists())
        {
            let by = kept.flaws.iter().copied().find(|flaw| flaw.has_odd_centre());
            entries.push(Entry { serial: serial.to_owned(), at, reason, by });
        }
        let authority = self.newest(kept.algorithm, &before.value).await?.ok_or_else(missing)?;
        let list = before.value.changed(&authority, entries, self.clock.now())?;
        let batch = self
            .store
            .batch()
            .put(CERTIFICATE, serial, &kept, Expect::Version(record.version))?
            .put(LIST, name, &list, Expect::Version(before.version))?;
        self.store.commit(batch).await?;
        self.changes.make();
        if let Status::Revoked { at, .. } = status
            && at > self.now()
        {
            self.changes.expect(at);
        }
        Ok(kept)
    }

    /// Answers an OCSP request from the registry.
    pub async fn respond(&self, request: &[u8]) -> Result<Vec<u8>, Problem> {
        self.respond_at(request, self.clock.now()).await
    }

    /// Answers an OCSP request from the registry as it is, dated at a moment.
    pub(super) async fn respond_at(&self, request: &[u8], at: Timestamp) -> Result<Vec<u8>, Problem> {
        let asked = OcspRequest::from_der(request).ok();
        let mut statuses = BTreeMap::new();
        let mut by_another_key = false;
        for id in asked.iter().flat_map(|asked| &asked.certificates) {
            let status = match self.certificate(&hex::encode(&id.serial)).await {
                Ok(kept) => {
                    by_another_key |= kept.flaws.contains(&Flaw::OcspByAnotherKey);
                    let truth = kept.status.said_at(self.clock.now());
                    kept.flaws.iter().fold(truth, |said, flaw| flaw.ocsp_says(said))
                }
                Err(problem) if problem.code == Code::NotFound => CertStatus::Unknown,
                Err(problem) => return Err(problem),
            };
            statuses.insert(id.serial.clone(), status);
        }
        let lookup = |serial: &[u8]| statuses.get(serial).copied().unwrap_or(CertStatus::Unknown);
        let authority = self.speaks_for(request)?;
        if by_another_key {
            return Ok(authority.ocsp_respond_with_another_key(request, &lookup, at));
        }
        Ok(authority.ocsp_respond(request, &lookup, at))
    }

    /// The hierarchy whose responder answers a request: that of the certificates it asks about, with the key of the
    /// issuing centre that signed them.
    pub(super) fn speaks_for(&self, request: &[u8]) -> Result<Arc<Authority>, Problem> {
        let asked = OcspRequest::from_der(request).ok();
        let ids = || asked.iter().flat_map(|asked| &asked.certificates);
        let hierarchies = self.hierarchies();
        let ours = |authority: &Authority| ids().any(|id| id.is_issued_by(authority.issuing()));
        if let Some(authority) = hierarchies.iter().find(|authority| ours(authority)) {
            return Ok(authority.clone());
        }
        let mut former = hierarchies.iter().flat_map(|authority| authority.generations());
        let former = former.find(ours).map(Arc::new);
        former
            .or_else(|| hierarchies.first().cloned())
            .ok_or_else(|| Problem::technical("the centre has no hierarchy"))
    }
}

fn refused(error: IssueError) -> Problem {
    match error {
        IssueError::Key(error) => Problem::technical(error),
        IssueError::Signing(error) => Problem::technical(error),
        error => Problem::new(Code::InvalidValue).detail(error.to_string()),
    }
}

/// Runs something slow beside the tasks that serve requests.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(Problem::technical)
}
