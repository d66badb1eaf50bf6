//! What becomes of a group of batches: decided here, in memory, before anything is written.
//!
//! Whoever writes to a world holds its lock, so what was read under the lock stays true until the end of the
//! transaction. Each batch sees what those before it in the group did; one that fails leaves no trace.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::store::life;
use crate::store::sql::from_sql_number;
use crate::store::{Batch, Committed, NewEntry, Outgoing, OutgoingChange, StoreError, Write};

/// World, kind and key of a record; world, system and id of a message.
pub(super) type Key<'a> = (&'a str, &'a str, &'a str);

/// What has to be known of the database to decide.
#[derive(Debug, Default)]
pub(super) struct Asked<'a> {
    pub(super) worlds: BTreeSet<&'a str>,
    pub(super) records: HashSet<Key<'a>>,
    pub(super) messages: HashSet<Key<'a>>,
}

/// The numbers a world has given out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counters {
    pub(super) version: i64,
    pub(super) last_seq: i64,
    pub(super) last_position: i64,
    /// See [`life`].
    pub(super) life: i64,
    /// Whether a batch of the group took numbers.
    pub(super) moved: bool,
    /// Whether one of them tells something.
    pub(super) tells: bool,
}

/// A record, as far as the group is concerned with it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot<'a> {
    /// Its version now. What nobody expects anything of is not known; then it is of no matter.
    pub(super) version: Option<i64>,
    pub(super) change: Option<Change<'a>>,
}

/// What is to be written of a record.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change<'a> {
    Put(&'a str),
    Delete,
}

/// A message, as far as the group is concerned with it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Queued<'a> {
    /// As it was, with its count of attempts.
    Waits(i64),
    /// Waits since this group, at a position.
    New { message: &'a Outgoing, position: i64, due: i64, attempts: i64 },
    /// Waited before, and has another time now.
    Postponed { due: i64, attempts: i64 },
    /// It is gone.
    Removed,
}

impl Queued<'_> {
    fn attempts(self) -> Option<i64> {
        match self {
            Self::Waits(attempts) | Self::New { attempts, .. } | Self::Postponed { attempts, .. } => {
                Some(attempts)
            }
            Self::Removed => None,
        }
    }
}

/// The state after the batches so far.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    pub(super) worlds: BTreeMap<&'a str, Counters>,
    pub(super) records: HashMap<Key<'a>, Slot<'a>>,
    pub(super) messages: HashMap<Key<'a>, Queued<'a>>,
    pub(super) entries: Vec<(&'a str, i64, &'a NewEntry)>,
}

/// What to put back when a batch fails.
#[derive(Default)]
struct Undo<'a> {
    records: Vec<(Key<'a>, Option<Slot<'a>>)>,
    messages: Vec<(Key<'a>, Option<Queued<'a>>)>,
}

impl<'a> Asked<'a> {
    pub(super) fn by(batches: &'a [Batch]) -> Self {
        let mut asked = Self::default();
        for batch in batches {
            let world = batch.world.as_str();
            asked.worlds.insert(world);
            asked.records.extend(batch.writes.iter().map(|write| record_key(world, write)));
            asked.messages.extend(batch.outgoing.iter().map(|message| message_key(world, message)));
            asked.messages.extend(batch.outgoing_changes.iter().map(|change| change_key(world, change)));
        }
        asked
    }
}

impl<'a> Plan<'a> {
    /// Adds a batch, or leaves everything as it was.
    pub(super) fn add(&mut self, batch: &'a Batch) -> Result<Committed, StoreError> {
        let world = batch.world.as_str();
        let mut counters = self.worlds.get(world).copied().unwrap_or_default();
        if !life::fits(batch.life, counters.life) {
            return Err(StoreError::WorldGone { world: batch.world.clone() });
        }
        counters.version += 1;
        counters.moved = true;
        counters.tells |= batch.tells;
        let mut undo = Undo::default();
        if let Err(error) = self.apply(batch, &mut counters, &mut undo) {
            self.take_back(undo);
            return Err(error);
        }
        for entry in &batch.entries {
            counters.last_seq += 1;
            self.entries.push((world, counters.last_seq, entry));
        }
        self.worlds.insert(world, counters);
        let (version, last_seq) = (from_sql_number(counters.version), from_sql_number(counters.last_seq));
        Ok(Committed { version, last_seq })
    }

    /// Whether there is anything to write.
    pub(super) fn moves(&self) -> bool {
        self.worlds.values().any(|counters| counters.moved)
    }

    fn apply(
        &mut self,
        batch: &'a Batch,
        counters: &mut Counters,
        undo: &mut Undo<'a>,
    ) -> Result<(), StoreError> {
        let world = batch.world.as_str();
        for write in &batch.writes {
            self.write(record_key(world, write), write, counters.version, undo)?;
        }
        for message in &batch.outgoing {
            let key = message_key(world, message);
            if self.waits(&key).is_some() {
                let (system, id) = (message.system.clone(), message.id.clone());
                return Err(StoreError::OutgoingExists { system, id });
            }
            counters.last_position += 1;
            let (due, attempts) = (message.due.as_microsecond(), i64::from(message.attempts));
            let new = Queued::New { message, position: counters.last_position, due, attempts };
            undo.messages.push((key, self.messages.insert(key, new)));
        }
        for change in &batch.outgoing_changes {
            self.change(change_key(world, change), change, undo)?;
        }
        Ok(())
    }

    fn write(
        &mut self,
        key: Key<'a>,
        write: &'a Write,
        version: i64,
        undo: &mut Undo<'a>,
    ) -> Result<(), StoreError> {
        let (Write::Put { expect, .. } | Write::Delete { expect, .. } | Write::Check { expect, .. }) = write;
        let found = self.records.get(&key).and_then(|slot| slot.version).map(from_sql_number);
        if !expect.holds(found) {
            let (kind, key) = (key.1.to_owned(), key.2.to_owned());
            return Err(StoreError::Conflict { kind, key, expected: *expect, found });
        }
        let slot = match write {
            Write::Put { body, .. } => Slot { version: Some(version), change: Some(Change::Put(body)) },
            Write::Delete { .. } => Slot { version: None, change: Some(Change::Delete) },
            Write::Check { .. } => return Ok(()),
        };
        undo.records.push((key, self.records.insert(key, slot)));
        Ok(())
    }

    fn change(
        &mut self,
        key: Key<'a>,
        change: &'a OutgoingChange,
        undo: &mut Undo<'a>,
    ) -> Result<(), StoreError> {
        let found = self.waits(&key);
        let conflict = |expected| {
            let found = found.map(|found| u32::try_from(found).unwrap_or(u32::MAX));
            Err(StoreError::OutgoingConflict {
                system: key.1.to_owned(),
                id: key.2.to_owned(),
                expected,
                found,
            })
        };
        let changed = match (change, self.messages.get(&key).copied()) {
            (OutgoingChange::Cancel { .. }, _) => Queued::Removed,
            (OutgoingChange::Done { .. }, _) if found.is_some() => Queued::Removed,
            (OutgoingChange::Done { .. }, _) => return conflict(None),
            (OutgoingChange::Postpone { due, seen, attempts, .. }, Some(queued))
                if found == Some(i64::from(*seen)) =>
            {
                let (due, attempts) = (due.as_microsecond(), i64::from(*attempts));
                match queued {
                    Queued::New { message, position, .. } => Queued::New { message, position, due, attempts },
                    _ => Queued::Postponed { due, attempts },
                }
            }
            (OutgoingChange::Postpone { seen, .. }, _) => return conflict(Some(*seen)),
        };
        undo.messages.push((key, self.messages.insert(key, changed)));
        Ok(())
    }

    fn waits(&self, key: &Key<'a>) -> Option<i64> {
        self.messages.get(key).and_then(|queued| queued.attempts())
    }

    fn take_back(&mut self, undo: Undo<'a>) {
        for (key, before) in undo.records.into_iter().rev() {
            put_back(&mut self.records, key, before);
        }
        for (key, before) in undo.messages.into_iter().rev() {
            put_back(&mut self.messages, key, before);
        }
    }
}

fn put_back<'a, T>(map: &mut HashMap<Key<'a>, T>, key: Key<'a>, before: Option<T>) {
    match before {
        Some(before) => drop(map.insert(key, before)),
        None => drop(map.remove(&key)),
    }
}

fn record_key<'a>(world: &'a str, write: &'a Write) -> Key<'a> {
    let (Write::Put { kind, key, .. } | Write::Delete { kind, key, .. } | Write::Check { kind, key, .. }) =
        write;
    (world, kind, key)
}

fn message_key<'a>(world: &'a str, message: &'a Outgoing) -> Key<'a> {
    (world, &message.system, &message.id)
}

fn change_key<'a>(world: &'a str, change: &'a OutgoingChange) -> Key<'a> {
    let (system, id) = change.names();
    (world, system, id)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::store::{Expect, WorldId};

    fn batch() -> Batch {
        Batch::new(WorldId::default())
    }

    #[test]
    fn a_failed_batch_leaves_no_trace_among_the_others() {
        let message = Outgoing::new("portal", "m", Timestamp::UNIX_EPOCH, "");
        let batches = [
            batch().put_json("thing", "a", "1", Expect::Absent).send(message.clone()),
            batch()
                .put_json("thing", "a", "2", Expect::Anything)
                .put_json("thing", "b", "2", Expect::Absent)
                .change(message.done())
                .check("thing", "c", Expect::Version(9)),
            batch().put_json("thing", "a", "3", Expect::Version(1)).change(message.postpone(message.due)),
        ];
        let mut plan = Plan::default();
        let done: Vec<_> = batches.iter().map(|batch| plan.add(batch).map(|done| done.version)).collect();
        // The order within a batch: its third write fails it before its messages are looked at.
        assert!(matches!(done.as_slice(), [Ok(1), Err(StoreError::Conflict { .. }), Ok(2)]), "{done:?}");
        assert_eq!(plan.records.len(), 1);
        assert!(matches!(
            plan.records[&("default", "thing", "a")],
            Slot { version: Some(2), change: Some(Change::Put("3")) }
        ));
        let queued = plan.messages[&("default", "portal", "m")];
        assert!(matches!(queued, Queued::New { attempts: 1, position: 1, .. }), "{queued:?}");
    }

    #[test]
    fn a_group_of_failures_writes_nothing() {
        let failing = batch().check("thing", "a", Expect::Version(1));
        let mut plan = Plan::default();
        assert!(plan.add(&failing).is_err());
        assert!(!plan.moves());
        assert!(plan.worlds.is_empty());
    }
}
