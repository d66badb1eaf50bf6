//! What was fetched from a centre and verified before.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use certs::{AlgorithmPolicy, Crl, PublicKey};
use jiff::Timestamp;
use ring::digest;

use super::path::Known;
use crate::trust::{NoAnswer, Trust};

/// How many addresses of lists are remembered; a world has a handful.
const MOST: usize = 16;
/// A list of so many bytes takes long enough to be read and verified that others would notice.
const LARGE: usize = 1 << 20;

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A list as it was read from an address.
#[derive(Clone)]
pub(super) struct Read {
    pub(super) list: Arc<Crl>,
    address: String,
    sha256: Vec<u8>,
    /// The centre's revision when it was fetched last, where there is one.
    revision: Option<u64>,
    is_large: bool,
}

/// Lists by address, each with the digest of its bytes and the key that it verified with. A list is fetched every time
/// unless its centre has the revision that it had before, so a new one counts at once; reading and verifying the same
/// bytes again is saved, also by those who come while it is done.
#[derive(Default)]
pub(super) struct ListCache(Mutex<HashMap<String, Arc<Address>>>);

/// What is known of an address.
#[derive(Default)]
struct Address {
    /// Had by whoever reads or verifies a list; others find what came of it.
    turn: tokio::sync::Mutex<()>,
    lists: Mutex<Lists>,
}

#[derive(Default)]
struct Lists {
    verified: Option<Verified>,
    /// What was read last and may not have verified, for as long as somebody makes use of it.
    last: Option<(Vec<u8>, Weak<Crl>)>,
}

struct Verified {
    read: Read,
    with: Vec<u8>,
}

impl ListCache {
    /// The list that was at an address at this revision and verified, if it is not due again before `until`.
    pub(super) fn recall(&self, address: &str, revision: u64, until: Timestamp) -> Option<Read> {
        let is_fresh = |read: &Read| read.list.next_update().is_some_and(|next| next >= until);
        self.recall_given(address, revision).filter(is_fresh)
    }

    /// The same of a list that nobody makes anew when it is due.
    pub(super) fn recall_given(&self, address: &str, revision: u64) -> Option<Read> {
        self.last_good(address).filter(|read| read.revision == Some(revision))
    }

    /// The last list from an address that verified and was good then.
    pub(super) fn last_good(&self, address: &str) -> Option<Read> {
        let address = locked(&self.0).get(address)?.clone();
        let lists = locked(&address.lists);
        lists.verified.as_ref().map(|verified| verified.read.clone())
    }

    /// The list in these bytes, which come from an address.
    ///
    /// # Errors
    /// Why they are no list, in English.
    pub(super) async fn read(
        &self,
        address: &str,
        bytes: &Arc<[u8]>,
        revision: Option<u64>,
    ) -> Result<Read, String> {
        let known = self.at(address);
        let is_large = bytes.len() >= LARGE;
        let content = bytes.clone();
        let sha256 = move || digest::digest(&digest::SHA256, &content).as_ref().to_vec();
        let sha256 = aside(is_large, sha256).await?;
        let _turn = known.turn.lock().await;
        if let Some(read) = known.recognised(&sha256, revision) {
            return Ok(read);
        }
        let list = if let Some(list) = known.in_use(&sha256) {
            list
        } else {
            let content = bytes.clone();
            let list = aside(is_large, move || Crl::from_pem_or_der(&content)).await?;
            Arc::new(list.map_err(|error| error.to_string())?)
        };
        locked(&known.lists).last = Some((sha256.clone(), Arc::downgrade(&list)));
        Ok(Read { list, address: address.to_owned(), sha256, revision, is_large })
    }

    /// Whether the list's signature holds. One that is `stale` is not remembered in the place of another.
    ///
    /// # Errors
    /// Why it does not, in English.
    pub(super) async fn verify(
        &self,
        read: &Read,
        key: &PublicKey,
        algorithms: AlgorithmPolicy,
        stale: bool,
    ) -> Result<(), String> {
        let known = self.at(&read.address);
        if known.has_verified(read, key) {
            return Ok(());
        }
        let _turn = known.turn.lock().await;
        if known.has_verified(read, key) {
            return Ok(());
        }
        let (list, with) = (read.list.clone(), key.clone());
        let verified = aside(read.is_large, move || list.verify_signature_under(algorithms, &with)).await?;
        verified.map_err(|error| format!("the list's signature: {error}"))?;
        let mut lists = locked(&known.lists);
        if !stale || lists.verified.is_none() {
            lists.verified = Some(Verified { read: read.clone(), with: key.spki_der().to_vec() });
        }
        Ok(())
    }

    fn at(&self, address: &str) -> Arc<Address> {
        let mut known = locked(&self.0);
        if known.len() >= MOST && !known.contains_key(address) {
            known.retain(|_, address| Arc::strong_count(address) > 1 || address.has_good());
            if known.len() >= MOST {
                known.clear();
            }
        }
        known.entry(address.to_owned()).or_default().clone()
    }
}

impl Address {
    fn has_good(&self) -> bool {
        locked(&self.lists).verified.is_some()
    }

    /// The list with this digest, if it has verified; it is of this revision as well.
    fn recognised(&self, sha256: &[u8], revision: Option<u64>) -> Option<Read> {
        let mut lists = locked(&self.lists);
        let verified = lists.verified.as_mut().filter(|verified| verified.read.sha256 == sha256)?;
        verified.read.revision = revision;
        Some(verified.read.clone())
    }

    /// The list with this digest, if somebody makes use of it now.
    fn in_use(&self, sha256: &[u8]) -> Option<Arc<Crl>> {
        let lists = locked(&self.lists);
        lists.last.as_ref().filter(|(last, _)| last == sha256)?.1.upgrade()
    }

    /// Whether exactly this list has verified with this key.
    fn has_verified(&self, read: &Read, key: &PublicKey) -> bool {
        let lists = locked(&self.lists);
        let is_it =
            |verified: &Verified| verified.read.sha256 == read.sha256 && verified.with == key.spki_der();
        lists.verified.as_ref().is_some_and(is_it)
    }
}

/// Does what takes long where it holds up nobody.
async fn aside<T: Send + 'static>(
    takes_long: bool,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, String> {
    if !takes_long {
        return Ok(work());
    }
    tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string())
}

/// The certificates of a centre at its last revision.
#[derive(Default)]
pub(super) struct KnownCache(Mutex<Option<(u64, Arc<Known>)>>);

impl KnownCache {
    /// The certificates that paths are made of; asked for unless the revision is the one that they are of.
    pub(super) async fn of(&self, trust: &dyn Trust, revision: Option<u64>) -> Result<Arc<Known>, NoAnswer> {
        if let Some((of, known)) = &*locked(&self.0)
            && Some(*of) == revision
        {
            return Ok(known.clone());
        }
        let known = Arc::new(Known::of(trust).await?);
        *locked(&self.0) = revision.map(|revision| (revision, known.clone()));
        Ok(known)
    }
}

#[cfg(test)]
mod tests;
