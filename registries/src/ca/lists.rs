//! The lists of a hierarchy: the whole one, and what changed since yesterday's.

use std::sync::PoisonError;

use certs::{Algorithm, Authority, Reason, RevokedEntry, whole_second};
use jiff::{SignedDuration, Timestamp};
use signer::Problem;

use super::CertificationCentre;
use super::kept::{Base, Entry, KeptList, LIST};
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
        let base = Base { number: self.number, entries: self.entries.clone() };
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
        let revoked: Vec<RevokedEntry> = entries.iter().filter_map(Entry::revoked).collect();
        let der = authority.crl(&revoked, number, this_update).map_err(Problem::technical)?;
        let changed = changes(&base.entries, &entries, this_update);
        let delta = authority.delta_crl(&changed, number, base.number, this_update);
        let delta = delta.map_err(Problem::technical)?;
        Ok(Self { number, this_update, entries, der: der.into(), base, delta: delta.into() })
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        now.duration_since(self.this_update) < LIST_LASTS && !self.delta.0.is_empty()
    }
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
    /// The current list of a hierarchy in DER; made anew when it is a day old.
    pub async fn list(&self, algorithm: Algorithm) -> Result<Option<Vec<u8>>, Problem> {
        Ok(self.lists(algorithm).await?.map(|lists| lists.der.0))
    }

    /// What changed since the list of the day before, in DER.
    pub async fn delta_list(&self, algorithm: Algorithm) -> Result<Option<Vec<u8>>, Problem> {
        Ok(self.lists(algorithm).await?.map(|lists| lists.delta.0))
    }

    async fn lists(&self, algorithm: Algorithm) -> Result<Option<KeptList>, Problem> {
        let Some(authority) = self.known(algorithm) else { return Ok(None) };
        let Some(record) = self.store.get_as::<KeptList>(LIST, algorithm.name()).await? else {
            return Ok(None);
        };
        let now = self.clock.now();
        if record.value.is_fresh(now) {
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

    /// The root's list in DER: it has revoked nothing. Made anew when it is a day old.
    pub fn root_list(&self, algorithm: Algorithm) -> Result<Option<Vec<u8>>, Problem> {
        let Some(authority) = self.known(algorithm) else { return Ok(None) };
        let now = self.clock.now();
        let mut lists = self.root_lists.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((made, list)) = lists.get(&algorithm)
            && now.duration_since(*made) < LIST_LASTS
        {
            return Ok(Some(list.clone()));
        }
        let number = u64::try_from(now.as_second()).unwrap_or(1);
        let list = authority.root_crl(&[], number, now).map_err(Problem::technical)?;
        lists.insert(algorithm, (now, list.clone()));
        Ok(Some(list))
    }
}
