//! What was found out about a certificate before, for as long as nothing can have changed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use certs::Certificate;
use certs::verdict::Answer;
use jiff::Timestamp;

use super::Looked;
use super::responder::LASTS;

/// How many certificates are remembered by one validator; a world has a dozen systems.
const MOST: usize = 64;

/// Certificates with what was found out about them. It holds no longer when the centre's revision is another one, when
/// an answer is due again, and when a centre on the path is no longer valid.
#[derive(Default)]
pub(super) struct Seen(Mutex<HashMap<Certificate, Before>>);

struct Before {
    looked: Arc<Looked>,
    revision: u64,
    until: Timestamp,
}

impl Seen {
    /// What was found out, if it still holds.
    pub(super) fn recall(
        &self,
        certificate: &Certificate,
        revision: u64,
        now: Timestamp,
    ) -> Option<Arc<Looked>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = known.get(certificate)?;
        let holds = before.revision == revision && now <= before.until;
        holds.then(|| before.looked.clone())
    }

    /// Remembers what was found out at a revision, if it leaves nothing open.
    pub(super) fn remember(&self, certificate: &Certificate, revision: u64, looked: &Arc<Looked>) {
        let Some(until) = holds_until(looked) else { return };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST && !known.contains_key(certificate) {
            known.clear();
        }
        known.insert(certificate.clone(), Before { looked: looked.clone(), revision, until });
    }
}

/// Until when a path to a root and clear answers hold; nothing where there are none.
fn holds_until(looked: &Looked) -> Option<Timestamp> {
    let (path, answers) = (looked.path.as_ref().ok()?, looked.answers.as_ref()?);
    let mut until = path.iter().skip(1).map(Certificate::not_after).min()?;
    for asked in answers.of_each() {
        if asked.is_empty() {
            return None;
        }
        for source in asked {
            let (Answer::Good | Answer::Revoked { .. }) = source.answer else { return None };
            if source.instead_of.is_some() {
                return None;
            }
            let lasts = || source.this_update?.checked_add(LASTS).ok();
            until = until.min(source.next_update.or_else(lasts)?);
        }
    }
    Some(until)
}
