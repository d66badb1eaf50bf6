//! What was fetched from a centre and verified before.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use certs::{Crl, CrlError};
use jiff::Timestamp;
use ring::digest;

use super::path::Known;
use crate::trust::{NoAnswer, Trust};

/// How many lists are remembered; a world has a handful.
const MOST: usize = 16;

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
}

/// Lists by address, each with the digest of its bytes and the key that it verified with. A list is fetched every time
/// unless its centre has the revision that it had before, so a new one counts at once; reading and verifying the same
/// bytes again is saved.
#[derive(Default)]
pub(super) struct ListCache(Mutex<HashMap<String, Verified>>);

struct Verified {
    read: Read,
    with: Vec<u8>,
}

impl ListCache {
    /// The list that was at an address at this revision, if it is not due again before `until`.
    pub(super) fn recall(&self, address: &str, revision: u64, until: Timestamp) -> Option<Read> {
        let known = locked(&self.0);
        let read = &known.get(address)?.read;
        let holds =
            read.revision == Some(revision) && read.list.next_update().is_some_and(|next| next >= until);
        holds.then(|| read.clone())
    }

    /// The list in these bytes, which come from an address.
    pub(super) fn read(&self, address: &str, bytes: &[u8], revision: Option<u64>) -> Result<Read, CrlError> {
        let sha256 = digest::digest(&digest::SHA256, bytes).as_ref().to_vec();
        let mut known = locked(&self.0);
        if let Some(known) = known.get_mut(address).filter(|known| known.read.sha256 == sha256) {
            known.read.revision = revision;
            return Ok(known.read.clone());
        }
        drop(known);
        let list = Arc::new(Crl::from_pem_or_der(bytes)?);
        Ok(Read { list, address: address.to_owned(), sha256, revision })
    }

    /// Whether exactly this list has verified with this key.
    pub(super) fn has_verified(&self, read: &Read, key: &[u8]) -> bool {
        let known = locked(&self.0);
        known.get(&read.address).is_some_and(|known| known.read.sha256 == read.sha256 && known.with == key)
    }

    /// Remembers a verified list.
    pub(super) fn remember(&self, read: &Read, key: &[u8]) {
        let mut known = locked(&self.0);
        if known.len() >= MOST && !known.contains_key(&read.address) {
            known.clear();
        }
        known.insert(read.address.clone(), Verified { read: read.clone(), with: key.to_vec() });
    }
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
