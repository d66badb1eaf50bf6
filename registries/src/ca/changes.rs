//! Since when the centre says something else of certificates than before.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

/// Counts the changes of what a centre says: those that were made, and those that come by themselves with time.
#[derive(Debug, Default)]
pub(super) struct Changes {
    made: AtomicU64,
    /// When certificates come to be revoked that were ordered so.
    to_come: Mutex<BTreeSet<Timestamp>>,
}

impl Changes {
    /// What was said before does not hold from now on.
    pub(super) fn make(&self) {
        self.made.fetch_add(1, Ordering::SeqCst);
    }

    /// It will not hold from a moment on.
    pub(super) fn expect(&self, at: Timestamp) {
        self.moments().insert(at);
    }

    /// How many there have been by now.
    pub(super) fn by(&self, now: Timestamp) -> u64 {
        let come = self.moments().range(..=now).count();
        self.made.load(Ordering::SeqCst) + u64::try_from(come).unwrap_or(u64::MAX)
    }

    fn moments(&self) -> MutexGuard<'_, BTreeSet<Timestamp>> {
        self.to_come.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_and_what_has_come_counts() {
        let changes = Changes::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        let before = changes.by(at(10));
        changes.make();
        changes.expect(at(20));
        assert_eq!((changes.by(at(10)), changes.by(at(19))), (before + 1, before + 1));
        assert_eq!((changes.by(at(20)), changes.by(at(99))), (before + 2, before + 2));
    }
}
