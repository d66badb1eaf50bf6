//! Lists that were read and verified before.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use certs::Crl;

/// How many lists are remembered; a world has a handful.
const MOST: usize = 16;

/// Lists by URL, each with the digest of its bytes and the key that it verified with. A list is fetched
/// every time, so a new one counts at once; only reading and verifying the same bytes again is saved.
#[derive(Default)]
pub(super) struct ListCache(Mutex<HashMap<String, Known>>);

struct Known {
    sha256: Vec<u8>,
    verified_with: Vec<u8>,
    list: Arc<Crl>,
}

impl ListCache {
    /// The list read from these bytes, if it verified with this key.
    pub(super) fn known(&self, url: &str, sha256: &[u8], key: &[u8]) -> Option<Arc<Crl>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.get(url)?;
        (found.sha256 == sha256 && found.verified_with == key).then(|| found.list.clone())
    }

    /// Remembers a verified list.
    pub(super) fn remember(&self, url: &str, sha256: &[u8], key: &[u8], list: &Arc<Crl>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST && !known.contains_key(url) {
            known.clear();
        }
        let entry = Known { sha256: sha256.to_vec(), verified_with: key.to_vec(), list: list.clone() };
        known.insert(url.to_owned(), entry);
    }
}
