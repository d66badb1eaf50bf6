//! One life of a world: what tells it from an earlier or later world of the same name.

use uuid::Uuid;

/// A world's life, from its beginning to its deletion. A batch of an earlier life does not reach a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life(i64);

impl Life {
    /// A life that no other world has had.
    pub(super) fn new() -> Self {
        let (high, _) = Uuid::new_v4().as_u64_pair();
        // Positive: below are the numbers with a meaning of their own.
        Self(i64::try_from(high >> 1).unwrap_or(i64::MAX).max(1))
    }

    pub(super) fn from_sql(number: i64) -> Self {
        Self(number)
    }

    pub(super) fn sql(self) -> i64 {
        self.0
    }
}

/// The life of a world that came into being with a commit and was never begun.
pub(super) const UNBEGUN: i64 = 0;
/// The life of a world that is being deleted.
pub(super) const DELETED: i64 = -1;

/// Whether a batch of `batch`'s life may be committed to a world whose life is `found`.
pub(super) fn fits(batch: Option<Life>, found: i64) -> bool {
    found != DELETED && batch.is_none_or(|life| life.0 == found)
}
