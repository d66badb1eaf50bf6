//! A centre whose answers a test can bend.

use std::sync::{Arc, LazyLock, Mutex};

use async_trait::async_trait;
use certs::ocsp::OcspRequest;
use certs::tsp::{TimestampRequest, granted};
use certs::{
    Algorithm, Authority, Branch, BranchKind, CertStatus, Certificate, Flaw, Issued, KeyPair, ListFile,
    Order, Profile, Reason, RevokedEntry, Subject,
};
use jiff::Timestamp;

use super::{at, later};
use crate::tsp::stamp;
use crate::{Bytes, NoAnswer, Trust};

/// What a list's address gives.
pub(crate) type List = Box<dyn Fn(&Centre) -> Result<Vec<u8>, NoAnswer> + Send + Sync>;
type Responder = Box<dyn Fn(&Centre, &[u8]) -> Result<Vec<u8>, NoAnswer> + Send + Sync>;

/// A centre as validators see it. Its answers are those of its [`Authority`] unless a test puts others in their place.
pub(crate) struct Centre {
    pub(crate) authority: Authority,
    pub(crate) roots: Result<Vec<Certificate>, NoAnswer>,
    pub(crate) authorities: Result<Vec<Certificate>, NoAnswer>,
    pub(crate) list: List,
    /// The root's list; empty but for odd centres that are revoked, unless a test says otherwise.
    pub(crate) root_list: List,
    /// The delta list; without changes, and fitting every list, unless a test says otherwise.
    pub(crate) delta: List,
    /// A list given for its issuing centre.
    pub(crate) given: Option<Vec<u8>>,
    /// How often that was asked for.
    pub(crate) given_asked: Mutex<usize>,
    pub(crate) responder: Responder,
    /// The time-stamping authority.
    pub(crate) stamper: Issued,
    /// What it says of its revision.
    pub(crate) revision: Mutex<Option<u64>>,
    revoked: Mutex<Vec<RevokedEntry>>,
    /// Of all certificates issued.
    flaws: Mutex<Vec<Flaw>>,
    branches: Mutex<Vec<Branch>>,
    /// What was asked, as `crl URL` and `ocsp URL`.
    asked: Mutex<Vec<String>>,
}

static AUTHORITIES: LazyLock<Vec<(Authority, Issued)>> = LazyLock::new(|| {
    let create =
        |&algorithm| Authority::create(algorithm, "QAQPA UNIT TEST", at(), "http://127.0.0.1:1").unwrap();
    let with_stamper = |authority: Authority| (authority.clone(), stamper(&authority));
    Algorithm::ALL.iter().map(create).map(with_stamper).collect()
});

impl Centre {
    /// The centre of unit tests for an algorithm.
    pub(crate) fn known(algorithm: Algorithm) -> Self {
        let (authority, stamper) = AUTHORITIES.iter().find(|(a, _)| a.algorithm() == algorithm).unwrap();
        Self { stamper: stamper.clone(), ..Self::of(authority.clone()) }
    }

    pub(crate) fn p256() -> Self {
        Self::known(Algorithm::P256)
    }

    /// A centre that nobody has heard of, of the same name as the known one.
    pub(crate) fn stranger() -> Self {
        Self::of(Authority::create(Algorithm::P256, "QAQPA UNIT TEST", at(), "http://127.0.0.1:1").unwrap())
    }

    pub(crate) fn of(authority: Authority) -> Self {
        Self {
            stamper: stamper(&authority),
            roots: Ok(vec![authority.root().clone()]),
            authorities: Ok(vec![authority.issuing().clone()]),
            authority,
            list: Box::new(|centre| Ok(centre.list_of(12, at()))),
            root_list: Box::new(|centre| {
                Ok(centre.authority.root_crl(&centre.revoked_centres(), 3, at()).unwrap())
            }),
            delta: Box::new(|centre| Ok(centre.delta_of(&[], 12, 0))),
            given: None,
            given_asked: Mutex::default(),
            responder: Box::new(|centre, request| Ok(centre.response(request, at()))),
            revision: Mutex::default(),
            revoked: Mutex::default(),
            flaws: Mutex::default(),
            branches: Mutex::default(),
            asked: Mutex::default(),
        }
    }

    /// Carries an order out. What its flaws want around the certificate is made as well: an odd centre that is known or
    /// not, odd lists, odd answers.
    pub(crate) fn issue(&self, order: &Order) -> Certificate {
        let issued = self.authority.issue(order, at()).unwrap();
        self.flaws.lock().unwrap().extend(order.flaws.iter().copied());
        if let Some(entry) = issued.revocation.filter(|entry| entry.at <= at()) {
            let entry = RevokedEntry { at: later(-60), ..entry };
            self.revoked.lock().unwrap().push(entry);
        }
        self.branches.lock().unwrap().extend(issued.branch);
        issued.certificate
    }

    /// The list in a file that only a flaw or a way of listing needs.
    fn special_list(&self, url: &str) -> Option<Vec<u8>> {
        let name = url.rsplit_once('/')?.1.strip_suffix(".crl")?;
        let (_, _, file) = ListFile::parse(name)?;
        let revoked = self.revoked.lock().unwrap();
        let branches = self.branches.lock().unwrap();
        let branch = |kind| branches.iter().find(|branch| branch.kind() == kind);
        match file {
            ListFile::Part(part) => self.authority.crl_part(part, &revoked, 12, at()).ok(),
            ListFile::Indirect => {
                self.authority.branch_crl(branch(BranchKind::ListIssuer)?, &revoked, 12, at()).ok()
            }
            ListFile::Flawed(flaw) => match branch(BranchKind::Odd(flaw)) {
                Some(branch) => self.authority.branch_crl(branch, &[], 12, at()).ok(),
                None => self.authority.flawed_crl(flaw, &revoked, 12, at()).ok()?,
            },
            ListFile::Whole | ListFile::Delta | ListFile::Root => None,
        }
    }

    /// What the root has revoked of the odd centres.
    fn revoked_centres(&self) -> Vec<RevokedEntry> {
        let branches = self.branches.lock().unwrap();
        let revoked = branches.iter().filter(|branch| branch.kind() == BranchKind::Odd(Flaw::IssuerRevoked));
        let entry = |branch: &Branch| RevokedEntry {
            serial: branch.certificate().serial().to_vec(),
            at: later(-60),
            reason: Reason::CaCompromise,
        };
        revoked.map(entry).collect()
    }

    pub(crate) fn revoke(&self, certificate: &Certificate, reason: Reason) {
        self.revoke_at(certificate, reason, later(-60));
    }

    /// Since another moment.
    pub(crate) fn revoke_at(&self, certificate: &Certificate, reason: Reason, at: Timestamp) {
        let entry = RevokedEntry { serial: certificate.serial().to_vec(), at, reason };
        self.revoked.lock().unwrap().push(entry);
    }

    /// The list of what is revoked by now, as made at a moment.
    pub(crate) fn list_of(&self, number: u64, this_update: Timestamp) -> Vec<u8> {
        let left_out = self.flaws.lock().unwrap().iter().any(|flaw| flaw.is_left_out_of_lists());
        let revoked = self.revoked.lock().unwrap();
        let listed = if left_out { &[] } else { revoked.as_slice() };
        self.authority.crl(listed, number, this_update).unwrap()
    }

    /// A delta list of now.
    pub(crate) fn delta_of(&self, changed: &[RevokedEntry], number: u64, base: u64) -> Vec<u8> {
        self.authority.delta_crl(changed, number, base, at()).unwrap()
    }

    /// The responder's answer on what is revoked by now, as made at a moment.
    pub(crate) fn response(&self, request: &[u8], this_update: Timestamp) -> Vec<u8> {
        let revoked = self.revoked.lock().unwrap();
        let status = |serial: &[u8]| match revoked.iter().find(|entry| entry.serial == serial) {
            Some(entry) => CertStatus::Revoked { at: entry.at, reason: entry.reason },
            None => CertStatus::Good,
        };
        let flaws = self.flaws.lock().unwrap();
        let status = |serial: &[u8]| flaws.iter().fold(status(serial), |said, flaw| flaw.ocsp_says(said));
        if flaws.contains(&Flaw::OcspByAnotherKey) {
            return self.authority.ocsp_respond_with_another_key(request, &status, this_update);
        }
        self.authority.ocsp_respond(request, &status, this_update)
    }

    /// The same centre with another responder's key and certificate.
    pub(crate) fn with_responder(mut self, key: &KeyPair, certificate: &Certificate) -> Self {
        let mut state = serde_json::to_value(self.authority.state()).unwrap();
        state["responder"]["key"] = Bytes(key.to_pkcs8_der().to_vec()).to_base64().into();
        state["responder"]["certificate"] = Bytes(certificate.der().to_vec()).to_base64().into();
        self.authority = Authority::from_state(&serde_json::from_value(state).unwrap()).unwrap();
        self
    }

    /// The key of `root` or `issuing`.
    pub(crate) fn key(&self, of: &str) -> KeyPair {
        let state = serde_json::to_value(self.authority.state()).unwrap();
        KeyPair::from_pkcs8_der(&Bytes::from_base64(state[of]["key"].as_str().unwrap()).unwrap().0).unwrap()
    }

    /// The list comes to nothing.
    pub(crate) fn without_list(mut self) -> Self {
        self.list = Box::new(|_| Err(NoAnswer::new("connection refused")));
        self
    }

    /// The responder comes to nothing.
    pub(crate) fn without_responder(mut self) -> Self {
        self.responder = Box::new(|_, _| Err(NoAnswer::new("connection refused")));
        self
    }

    /// Lists as `list` makes them.
    pub(crate) fn listing(mut self, list: impl Fn(&Self) -> Vec<u8> + Send + Sync + 'static) -> Self {
        self.list = Box::new(move |centre| Ok(list(centre)));
        self
    }

    /// Answers as `respond` makes them from the centre, the question and its nonce.
    pub(crate) fn responding(
        mut self,
        respond: impl Fn(&Self, &[u8], [u8; 8]) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        self.responder = Box::new(move |centre, request| {
            let read = OcspRequest::from_der(request).unwrap();
            let nonce = read.nonce_bytes().unwrap().try_into().unwrap();
            Ok(respond(centre, request, nonce))
        });
        self
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// The time-stamping authority that a centre has certified.
fn stamper(authority: &Authority) -> Issued {
    let (common_name, organisation) = ("TIME-STAMPING AUTHORITY".to_owned(), "QAQPA UNIT TEST".to_owned());
    let subject = Subject::Service { common_name, organisation };
    let order = Order::new(subject, Profile::TimestampAuthority, authority.algorithm());
    authority.issue(&order, at()).unwrap()
}

#[async_trait]
impl Trust for Centre {
    async fn roots(&self) -> Result<Vec<Certificate>, NoAnswer> {
        self.roots.clone()
    }

    async fn authorities(&self) -> Result<Vec<Certificate>, NoAnswer> {
        let branches = self.branches.lock().unwrap();
        let published = branches.iter().filter(|branch| branch.kind().is_published());
        let published = published.map(|branch| branch.certificate().clone());
        self.authorities.clone().map(|own| own.into_iter().chain(published).collect())
    }

    async fn crl(&self, url: &str) -> Result<Arc<[u8]>, NoAnswer> {
        if url.ends_with("-delta.crl") {
            self.asked.lock().unwrap().push(format!("delta {url}"));
            return (self.delta)(self).map(Arc::from);
        }
        self.asked.lock().unwrap().push(format!("crl {url}"));
        if url.ends_with("-root.crl") {
            return (self.root_list)(self).map(Arc::from);
        }
        if let Some(list) = self.special_list(url) {
            return Ok(Arc::from(list));
        }
        if url.ends_with("missing.crl") {
            return Err(NoAnswer::new("answered 404 Not Found"));
        }
        (self.list)(self).map(Arc::from)
    }

    async fn ocsp(&self, url: &str, request: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        self.asked.lock().unwrap().push(format!("ocsp {url}"));
        (self.responder)(self, request)
    }

    async fn given_list(&self, issuer: &Certificate) -> Result<Option<Arc<[u8]>>, NoAnswer> {
        let given = self.given.clone().filter(|_| issuer == self.authority.issuing());
        *self.given_asked.lock().unwrap() += usize::from(given.is_some());
        Ok(given.map(Arc::from))
    }

    async fn revision(&self) -> Option<u64> {
        *self.revision.lock().unwrap()
    }

    async fn timestamp(&self, request: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        let request = TimestampRequest::from_der(request).unwrap();
        let token = stamp(&request, self.stamper.key.as_ref().unwrap(), &self.stamper.certificate, at());
        Ok(granted(&token.unwrap()))
    }
}
