//! The lists of a hierarchy: the whole one, what changed since yesterday's, and those that only some certificates name.

use std::sync::PoisonError;

use certs::{Algorithm, Authority, BranchKind, Flaw, ListFile, Reason, RevokedEntry, whole_second};
use jiff::{SignedDuration, Timestamp};
use signer::Problem;

use super::CertificationCentre;
use super::kept::{Base, Entry, KeptList, LIST, Signed};
use crate::store::Expect;

/// A list older than this is made anew when somebody asks for it.
const LIST_LASTS: SignedDuration = SignedDuration::from_hours(24);

impl KeptList {
    /// The first list of a hierarchy.
    pub(super) fn first(authority: &Authority, now: Timestamp) -> Result<Self, Problem> {
        Self::made(authority, 1, Vec::new(), Base { number: 1, entries: Vec::new() }, now)
    }

    /// The next one, with other entries.
    pub(super) fn changed(
        &self,
        authority: &Authority,
        entries: Vec<Entry>,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        Self::made(authority, self.number + 1, entries, self.base.clone(), now)
    }

    /// The next one, because this one is old: from now on changes are told since this one.
    fn renewed(&self, authority: &Authority, now: Timestamp) -> Result<Self, Problem> {
        let base = Base { number: self.number, entries: due(&self.entries, self.this_update) };
        Self::made(authority, self.number + 1, self.entries.clone(), base, now)
    }

    fn made(
        authority: &Authority,
        number: u64,
        entries: Vec<Entry>,
        base: Base,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let this_update = whole_second(now);
        let listed = due(&entries, this_update);
        let revoked: Vec<RevokedEntry> = listed.iter().filter_map(Entry::revoked).collect();
        let changed = changes(&base.entries, &listed, this_update);
        let sign = |authority: &Authority| {
            let der = authority.crl(&revoked, number, this_update).map_err(Problem::technical)?;
            let delta = authority.delta_crl(&changed, number, base.number, this_update);
            Ok::<_, Problem>(Signed { der: der.into(), delta: delta.map_err(Problem::technical)?.into() })
        };
        let (_, former) = authority
            .generations()
            .split_last()
            .map_or_else(Default::default, |(now, former)| (Some(now.clone()), former.to_vec()));
        let former = former.iter().map(sign).collect::<Result<_, _>>()?;
        Ok(Self { number, this_update, signed: sign(authority)?, former, entries, base })
    }

    /// Whether nothing has to be said anew: it is of today, nothing has become due since, and it is signed with every key
    /// that there is.
    fn is_fresh(&self, authority: &Authority, now: Timestamp) -> bool {
        let is_due = |entry: &Entry| entry.at > self.this_update && entry.at <= now;
        now.duration_since(self.this_update) < LIST_LASTS
            && !self.signed.delta.0.is_empty()
            && !self.entries.iter().any(is_due)
            && self.former.len() + 1 == authority.generation()
    }

    /// As signed with a key, counted from 1.
    fn signed_with(self, generation: usize) -> Option<Signed> {
        self.former.into_iter().chain([self.signed]).nth(generation.checked_sub(1)?)
    }

    /// What it says about the certificates of an odd centre; of the issuing centre's own without one.
    pub(super) fn revoked_by(&self, odd: Option<Flaw>, now: Timestamp) -> Vec<RevokedEntry> {
        let own = self.entries.iter().filter(|entry| entry.by == odd && entry.at <= now);
        own.filter_map(Entry::revoked).collect()
    }
}

/// The entries of the issuing centre itself that are not of a moment to come.
fn due(entries: &[Entry], moment: Timestamp) -> Vec<Entry> {
    entries.iter().filter(|entry| entry.by.is_none() && entry.at <= moment).cloned().collect()
}

/// What has to be done to the entries of one list to come to those of a later one.
fn changes(before: &[Entry], after: &[Entry], now: Timestamp) -> Vec<RevokedEntry> {
    let on = |list: &[Entry], serial: &str| list.iter().any(|entry| entry.serial == serial);
    let new = after.iter().filter(|entry| !before.contains(entry)).filter_map(Entry::revoked);
    let gone = before.iter().filter(|entry| !on(after, &entry.serial)).filter_map(Entry::revoked);
    let gone = gone.map(|entry| RevokedEntry { at: now, reason: Reason::RemoveFromCrl, ..entry });
    new.chain(gone).collect()
}

impl CertificationCentre {
    /// The list at a file name below `/ca/crl/`, in DER; `None` when there is no such file.
    pub(super) async fn list_file(&self, file: &str) -> Result<Option<Vec<u8>>, Problem> {
        let named = file.strip_suffix(".crl").and_then(ListFile::parse);
        let Some((algorithm, generation, list)) = named else { return Ok(None) };
        let signed =
            async || Ok::<_, Problem>(self.lists(algorithm).await?.and_then(|l| l.signed_with(generation)));
        match list {
            ListFile::Whole => Ok(signed().await?.map(|signed| signed.der.0)),
            ListFile::Delta => Ok(signed().await?.map(|signed| signed.delta.0)),
            ListFile::Root => self.root_list(algorithm),
            special => self.special_list(algorithm, generation, special).await,
        }
    }

    /// The current lists, made anew when they are a day old.
    async fn lists(&self, algorithm: Algorithm) -> Result<Option<KeptList>, Problem> {
        let Some(record) = self.store.get_as::<KeptList>(LIST, algorithm.name()).await? else {
            return Ok(None);
        };
        let Some(authority) = self.newest(algorithm, &record.value).await? else { return Ok(None) };
        let now = self.clock.now();
        if record.value.is_fresh(&authority, now) {
            return Ok(Some(record.value));
        }
        let fresh = record.value.renewed(&authority, now)?;
        let batch =
            self.store.batch().put(LIST, algorithm.name(), &fresh, Expect::Version(record.version))?;
        match self.store.commit(batch).await {
            Ok(_) => Ok(Some(fresh)),
            Err(error) if error.is_conflict() => {
                Ok(self.store.get_as::<KeptList>(LIST, algorithm.name()).await?.map(|record| record.value))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A list that only some certificates name: made when somebody asks for it.
    async fn special_list(
        &self,
        algorithm: Algorithm,
        generation: usize,
        list: ListFile,
    ) -> Result<Option<Vec<u8>>, Problem> {
        let Some(lists) = self.lists(algorithm).await? else { return Ok(None) };
        let generations = self.known(algorithm).map(|authority| authority.generations());
        let authority = generations.into_iter().flatten().nth(generation.saturating_sub(1));
        let Some(authority) = authority else { return Ok(None) };
        let (number, now) = (lists.number, self.clock.now());
        let revoked = lists.revoked_by(None, now);
        let made = match list {
            ListFile::Part(part) => authority.crl_part(part, &revoked, number, now).map(Some),
            ListFile::Indirect => match self.known_branch(algorithm, BranchKind::ListIssuer) {
                Some(issuer) => authority.branch_crl(&issuer, &revoked, number, now).map(Some),
                None => return Ok(None),
            },
            ListFile::Flawed(flaw) => match self.known_branch(algorithm, BranchKind::Odd(flaw)) {
                Some(centre) => {
                    let own = lists.revoked_by(Some(flaw), now);
                    authority.branch_crl(&centre, &own, number, now).map(Some)
                }
                None => authority.flawed_crl(flaw, &revoked, number, now),
            },
            ListFile::Whole | ListFile::Delta | ListFile::Root => return Ok(None),
        };
        made.map_err(Problem::technical)
    }

    /// The root's list in DER, with the odd centres that it revoked. Made anew when it is a day old.
    fn root_list(&self, algorithm: Algorithm) -> Result<Option<Vec<u8>>, Problem> {
        let Some(authority) = self.known(algorithm) else { return Ok(None) };
        let now = self.clock.now();
        let mut lists = self.root_lists.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((made, list)) = lists.get(&algorithm)
            && now.duration_since(*made) < LIST_LASTS
        {
            return Ok(Some(list.clone()));
        }
        let number = u64::try_from(now.as_second()).unwrap_or(1);
        let list =
            authority.root_crl(&self.revoked_centres(algorithm), number, now).map_err(Problem::technical)?;
        lists.insert(algorithm, (now, list.clone()));
        Ok(Some(list))
    }

    /// What the root has revoked.
    pub(super) fn revoked_centres(&self, algorithm: Algorithm) -> Vec<RevokedEntry> {
        let centre = self.known_branch(algorithm, BranchKind::Odd(Flaw::IssuerRevoked));
        let entry = |certificate: &certs::Certificate| RevokedEntry {
            serial: certificate.serial().to_vec(),
            at: certificate.not_before(),
            reason: Reason::CaCompromise,
        };
        centre.iter().map(|centre| entry(centre.certificate())).collect()
    }
}
