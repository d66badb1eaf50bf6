//! Issuing, revoking, and the current list.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use certs::ocsp::OcspRequest;
use certs::{
    Algorithm, Authority, AuthorityState, CertStatus, Certificate, Clock, IssueError, Order, Reason,
    whole_second,
};
use jiff::Timestamp;
use signer::{Code, Problem};

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
    /// Counts the changes of what it says of certificates.
    pub(super) changes: AtomicU64,
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
            changes: AtomicU64::new(0),
            root_lists: Mutex::default(),
        };
        centre.look_again().await?;
        centre.authority(default).await?;
        Ok(centre)
    }

    /// Takes up the hierarchies that other processes have founded.
    pub async fn look_again(&self) -> Result<(), Problem> {
        for record in self.store.list_as::<AuthorityState>(AUTHORITY, Page::all()).await? {
            if record.key.parse().is_ok_and(|algorithm| self.known(algorithm).is_none()) {
                self.remember(Authority::from_state(&record.value).map_err(Problem::technical)?);
            }
        }
        Ok(())
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

    /// What was said of certificates before does not hold from now on.
    pub(super) fn says_otherwise(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
    }

    fn remember(&self, authority: Authority) -> Arc<Authority> {
        let authority = Arc::new(authority);
        let mut known = self.hierarchies.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(authority.algorithm(), authority.clone());
        self.says_otherwise();
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
        let now = self.clock.now();
        let (profile, algorithm, flaws) = (order.profile, order.algorithm, order.flaws.clone());
        let issued = if order.algorithm.slow_keys() {
            blocking(move || authority.issue(&order, now)).await?
        } else {
            authority.issue(&order, now)
        };
        let issued = issued.map_err(refused)?;
        let certificate = &issued.certificate;
        let kept = KeptCertificate {
            serial: certificate.serial_hex(),
            subject: certificate.subject(),
            profile,
            algorithm,
            flaws,
            issued_at: now,
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            status: Status::Good,
            certificate: certificate.pem(),
        };
        let batch = self.store.batch().put(CERTIFICATE, &kept.serial, &kept, Expect::Absent)?;
        self.store.commit(batch).await?;
        if let Some(reason) = issued.revocation {
            self.revoke(&kept.serial, reason).await?;
        }
        Ok(issued)
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
        self.change(serial, |status| match status {
            Status::Revoked { reason: before, .. } if before != Reason::CertificateHold => status,
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
        if let Status::Revoked { at, reason } = status {
            entries.push(Entry { serial: serial.to_owned(), at, reason });
        }
        let authority = self.authority(kept.algorithm).await?;
        let list = before.value.changed(&authority, entries, self.clock.now())?;
        let batch = self
            .store
            .batch()
            .put(CERTIFICATE, serial, &kept, Expect::Version(record.version))?
            .put(LIST, name, &list, Expect::Version(before.version))?;
        self.store.commit(batch).await?;
        self.says_otherwise();
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
        for id in asked.iter().flat_map(|asked| &asked.certificates) {
            let status = match self.certificate(&hex::encode(&id.serial)).await {
                Ok(kept) => match kept.status {
                    Status::Good => CertStatus::Good,
                    Status::Revoked { at, reason } => CertStatus::Revoked { at, reason },
                },
                Err(problem) if problem.code == Code::NotFound => CertStatus::Unknown,
                Err(problem) => return Err(problem),
            };
            statuses.insert(id.serial.clone(), status);
        }
        let lookup = |serial: &[u8]| statuses.get(serial).copied().unwrap_or(CertStatus::Unknown);
        Ok(self.speaks_for(request)?.ocsp_respond(request, &lookup, at))
    }

    /// The hierarchy whose responder answers a request: that of the certificates it asks about.
    pub(super) fn speaks_for(&self, request: &[u8]) -> Result<Arc<Authority>, Problem> {
        let asked = OcspRequest::from_der(request).ok();
        let ids = || asked.iter().flat_map(|asked| &asked.certificates);
        let hierarchies = self.hierarchies();
        let ours = |authority: &&Arc<Authority>| ids().any(|id| id.is_issued_by(authority.issuing()));
        let authority = hierarchies.iter().find(ours).or(hierarchies.first());
        authority.cloned().ok_or_else(|| Problem::technical("the centre has no hierarchy"))
    }

    /// The certificate of a hierarchy's root or issuing authority.
    pub fn authority_certificate(&self, algorithm: Algorithm, root: bool) -> Option<Certificate> {
        let authority = self.known(algorithm)?;
        Some(if root { authority.root() } else { authority.issuing() }.clone())
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
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(Problem::technical)
}
