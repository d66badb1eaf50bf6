//! What hierarchies have beside their root, issuing centre and responder: keys that the issuing centre had before, odd
//! centres that flaws need, and issuers of lists about others.

use std::sync::{Arc, PoisonError};

use certs::{
    Algorithm, Authority, AuthorityState, Branch, BranchKind, BranchState, Certificate, Flaw, Issued,
    ListFile,
};
use serde::{Deserialize, Serialize};
use signer::{Code, Problem};

use super::centre::blocking;
use super::kept::{AUTHORITY, BRANCH, KeptList, LIST};
use super::{CertificationCentre, NewKey};
use crate::store::{Expect, Page};

/// A branch at rest.
#[derive(Serialize, Deserialize)]
struct KeptBranch {
    algorithm: Algorithm,
    #[serde(flatten)]
    state: BranchState,
}

impl CertificationCentre {
    pub(super) fn known_branch(&self, algorithm: Algorithm, kind: BranchKind) -> Option<Arc<Branch>> {
        let known = self.branches.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&(algorithm, kind)).cloned()
    }

    fn remember_branch(&self, algorithm: Algorithm, branch: Branch) -> Arc<Branch> {
        let branch = Arc::new(branch);
        let mut known = self.branches.write().unwrap_or_else(PoisonError::into_inner);
        known.insert((algorithm, branch.kind()), branch.clone());
        // One of them may be revoked by the root.
        self.root_lists.lock().unwrap_or_else(PoisonError::into_inner).remove(&algorithm);
        self.changes.make();
        branch
    }

    /// Takes up the branches that other processes have made.
    pub(super) async fn look_for_branches(&self) -> Result<(), Problem> {
        for record in self.store.list_as::<KeptBranch>(BRANCH, Page::all()).await? {
            let KeptBranch { algorithm, state } = record.value;
            let branch = Branch::from_state(&state).map_err(Problem::technical)?;
            if self.known_branch(algorithm, branch.kind()).is_none() {
                self.remember_branch(algorithm, branch);
            }
        }
        Ok(())
    }

    /// A branch of a hierarchy, made if need be.
    pub(super) async fn branch(
        &self,
        authority: &Arc<Authority>,
        kind: BranchKind,
    ) -> Result<Arc<Branch>, Problem> {
        let algorithm = authority.algorithm();
        if let Some(known) = self.known_branch(algorithm, kind) {
            return Ok(known);
        }
        let (maker, now) = (authority.clone(), self.now());
        let made = blocking(move || maker.branch(kind, now)).await?.map_err(Problem::technical)?;
        let (key, kept) = (format!("{algorithm}-{kind}"), KeptBranch { algorithm, state: made.state() });
        let batch = self.store.batch().put(BRANCH, &key, &kept, Expect::Absent)?;
        match self.store.commit(batch.tell()).await {
            Ok(_) => Ok(self.remember_branch(algorithm, made)),
            // Somebody else made it meanwhile: theirs counts.
            Err(error) if error.is_conflict() => {
                self.look_for_branches().await?;
                self.known_branch(algorithm, kind).ok_or_else(|| Problem::technical("the branch is gone"))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The certificates of all centres below the roots, of all keys that they had, and of issuers of lists, as far as
    /// they are to be had.
    pub fn authority_certificates(&self) -> Vec<Certificate> {
        let mut all = Vec::new();
        for authority in self.hierarchies() {
            all.extend(authority.authorities().cloned());
        }
        let branches = self.branches.read().unwrap_or_else(PoisonError::into_inner);
        let published = branches.values().filter(|branch| branch.kind().is_published());
        all.extend(published.map(|branch| branch.certificate().clone()));
        all
    }

    /// The certificate at a file name below `/ca/certificates/`, its ending left out: `p256`, `p256-root`, `p256-2` for
    /// the second key of the issuing centre, and an odd centre's by its flaw.
    pub(super) fn certificate_file(&self, name: &str) -> Option<Certificate> {
        let (algorithm, generation, file) = ListFile::parse(name)?;
        let authority = self.known(algorithm)?;
        match file {
            ListFile::Root => Some(authority.root().clone()),
            ListFile::Whole => {
                Some(authority.generations().get(generation.checked_sub(1)?)?.issuing().clone())
            }
            ListFile::Flawed(flaw) if flaw.publishes_odd_centre() => {
                Some(self.known_branch(algorithm, BranchKind::Odd(flaw))?.certificate().clone())
            }
            _ => None,
        }
    }

    /// Gives the issuing centre of a hierarchy a new key (after RFC 4210, 4.4); what its old keys signed stays good.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a hierarchy that there is not; [`Code::Busy`] when others change it all the time.
    pub async fn roll_over(&self, algorithm: Algorithm) -> Result<NewKey, Problem> {
        let missing = || Problem::new(Code::NotFound).detail(format!("no hierarchy of {algorithm} yet"));
        let name = algorithm.name();
        let record = self.store.get_as::<AuthorityState>(AUTHORITY, name).await?.ok_or_else(missing)?;
        let list = self.store.get_as::<KeptList>(LIST, name).await?.ok_or_else(missing)?;
        let now = self.now();
        let made = blocking(move || {
            Authority::from_state(&record.value).and_then(|authority| authority.with_new_key(now))
        });
        let made = made.await?.map_err(Problem::technical)?;
        let lists = list.value.changed(&made, list.value.entries.clone(), now)?;
        let batch = self
            .store
            .batch()
            .put(AUTHORITY, name, &made.state(), Expect::Version(record.version))?
            .put(LIST, name, &lists, Expect::Version(list.version))?;
        match self.store.commit(batch.tell()).await {
            Ok(_) => Ok(NewKey::of(&self.remember(made))),
            Err(error) if error.is_conflict() => Err(Problem::new(Code::Busy)),
            Err(error) => Err(error.into()),
        }
    }

    /// The hierarchy as it is by the lists that are kept: another process may have given it a new key.
    pub(super) async fn newest(
        &self,
        algorithm: Algorithm,
        lists: &KeptList,
    ) -> Result<Option<Arc<Authority>>, Problem> {
        let is_behind = |known: &Arc<Authority>| known.generation() <= lists.former.len();
        if self.known(algorithm).as_ref().is_some_and(is_behind) {
            self.look_again().await?;
        }
        Ok(self.known(algorithm))
    }
}

/// The certificates between what was issued and the root, the root as the last one: as far as they are to be had, and
/// in the order that its flaws want.
pub(super) fn chain_of(authority: &Authority, issued: &Issued, reversed: bool) -> Vec<Certificate> {
    let mut chain = Vec::new();
    let odd = issued.branch.as_ref().filter(|branch| matches!(branch.kind(), BranchKind::Odd(_)));
    let is_missing = |odd: &&Branch| odd.kind() == BranchKind::Odd(Flaw::MissingIntermediate);
    chain.extend(odd.filter(|odd| !is_missing(odd)).map(|odd| odd.certificate().clone()));
    let above = odd.map_or(authority.root().subject_name(), |odd| odd.certificate().issuer_name());
    if odd.is_none() || above == authority.issuing().subject_name() {
        chain.push(authority.issuing().clone());
    }
    if odd.is_none_or(|odd| odd.certificate().verify_signature(odd.certificate().public_key()).is_err()) {
        chain.push(authority.root().clone());
    }
    if reversed {
        chain.reverse();
    }
    chain
}
