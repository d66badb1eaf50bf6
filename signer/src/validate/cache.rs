//! Lists that were read and verified before.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use certs::{Crl, CrlError};
use ring::digest;

/// How many lists are remembered; a world has a handful.
const MOST: usize = 16;

/// A list as it was read from an address.
#[derive(Clone)]
pub(super) struct Read {
    pub(super) list: Arc<Crl>,
    address: String,
    sha256: Vec<u8>,
}

/// Lists by address, each with the digest of its bytes and the key that it verified with. A list is fetched every time,
/// so a new one counts at once; only reading and verifying the same bytes again is saved.
#[derive(Default)]
pub(super) struct ListCache(Mutex<HashMap<String, Known>>);

struct Known {
    read: Read,
    verified_with: Vec<u8>,
}

impl ListCache {
    /// The list in these bytes, which come from an address.
    pub(super) fn read(&self, address: &str, bytes: &[u8]) -> Result<Read, CrlError> {
        let sha256 = digest::digest(&digest::SHA256, bytes).as_ref().to_vec();
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(address).filter(|known| known.read.sha256 == sha256) {
            return Ok(known.read.clone());
        }
        drop(known);
        let list = Arc::new(Crl::from_pem_or_der(bytes)?);
        Ok(Read { list, address: address.to_owned(), sha256 })
    }

    /// Whether exactly this list has verified with this key.
    pub(super) fn has_verified(&self, read: &Read, key: &[u8]) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .get(&read.address)
            .is_some_and(|known| known.read.sha256 == read.sha256 && known.verified_with == key)
    }

    /// Remembers a verified list.
    pub(super) fn remember(&self, read: &Read, key: &[u8]) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST && !known.contains_key(&read.address) {
            known.clear();
        }
        known.insert(read.address.clone(), Known { read: read.clone(), verified_with: key.to_vec() });
    }
}
