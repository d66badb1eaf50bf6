//! Which faults are done when a rule applies: counted, journaled, and the same for the same seed.

use registries::store::{Batch, EntryKind, Expect, NewEntry, Page, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::json;
use signer::{Code, Problem, System};

use super::facts::Facts;
use super::fault::Fault;
use super::kept::{ATTEMPTS, FAULT, Faults, KeptRule, MET, key};
use super::name::{Name, Place};
use super::rule::{Often, Side};
use crate::exchange::sha256_hex;

/// What a rule met in one case.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Met {
    /// The how manyth case of the rule it is, from 1; 0 for what belongs to none.
    case: u64,
    /// How often the rule applied in it.
    times: u64,
}

impl Faults {
    /// Counts what applies, and says what is to be done. It stands in the journal then.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn strike(
        &self,
        place: Place,
        system: System,
        side: Side,
        facts: &Facts,
    ) -> Result<Vec<Fault>, Problem> {
        self.strike_where(place, system, side, facts, |_| true).await
    }

    /// The same among the faults of some names.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn strike_where(
        &self,
        place: Place,
        system: System,
        side: Side,
        facts: &Facts,
        of: impl Fn(Name) -> bool,
    ) -> Result<Vec<Fault>, Problem> {
        let mut done = Vec::new();
        for kept in self.rules().await?.iter() {
            if kept.rule.place() == place
                && of(kept.rule.fault.name)
                && facts.fit(&kept.rule, system, side)
                && self.count(kept.id, system, facts).await?
            {
                done.push(kept.rule.fault.clone());
                // What follows would count as done, and would not be.
                if kept.rule.fault.name.ends_a_request() || place == Place::Centre {
                    break;
                }
            }
        }
        Ok(done)
    }

    /// Counts one time that a rule applies; whether the fault is done.
    async fn count(&self, id: u64, system: System, facts: &Facts) -> Result<bool, Problem> {
        for _ in 0..ATTEMPTS {
            let Some(record) = self.store.get_as::<KeptRule>(FAULT, &key(id)).await? else {
                return Ok(false); // taken away at this moment
            };
            let mut kept = record.value;
            kept.matched += 1;
            let (done, mut batch) = self.decide(&kept, facts).await?;
            if done {
                kept.done += 1;
                batch = batch.entry(self.entry(&kept.rule.fault, Some(id), system, facts));
            }
            let batch = batch.put(FAULT, &key(id), &kept, Expect::Version(record.version))?;
            match self.store.commit(batch).await {
                Ok(_) => return Ok(done),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Problem::new(Code::Busy))
    }

    /// Whether a fault is done the time that it was counted last, with what is to be remembered of it.
    async fn decide(&self, kept: &KeptRule, facts: &Facts) -> Result<(bool, Batch), StoreError> {
        let batch = self.store.batch();
        let share = match kept.rule.often {
            Often::Always => return Ok((true, batch)),
            Often::First(most) => return Ok((kept.matched <= most, batch)),
            Often::Every(each) => return Ok((kept.matched.is_multiple_of(each), batch)),
            Often::Share(share) => share,
        };
        let prefix = format!("{}/", key(kept.id));
        let case = facts.case.map_or_else(|| "-".to_owned(), |case| case.to_string());
        let place = format!("{prefix}{case}");
        let record = self.store.get_as::<Met>(MET, &place).await?;
        let (met, expect) = match record {
            Some(record) => (record.value, Expect::Version(record.version)),
            None if facts.case.is_none() => (Met { case: 0, times: 0 }, Expect::Absent),
            None => {
                let met = self.store.list_as::<Met>(MET, Page::all().prefix(prefix)).await?;
                let last = met.iter().map(|met| met.value.case).max().unwrap_or_default();
                (Met { case: last + 1, times: 0 }, Expect::Absent)
            }
        };
        let met = Met { times: met.times + 1, ..met };
        let done = chance(self.seed, &kept.rule.fault, met.case, met.times) < share;
        Ok((done, batch.put(MET, &place, &met, expect)?))
    }

    /// Writes into the journal that a fault was done for one request alone.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn note(&self, fault: &Fault, system: System, facts: &Facts) -> Result<(), Problem> {
        let batch = self.store.batch().entry(self.entry(fault, None, system, facts));
        self.store.commit(batch).await?;
        Ok(())
    }

    fn entry(&self, fault: &Fault, rule: Option<u64>, system: System, facts: &Facts) -> NewEntry {
        let body = json!({
            "fault": fault,
            "rule": rule,
            "place": fault.place().word(),
            "message": facts.message,
            "message_id": facts.message_id,
            "address": facts.path,
        });
        let entry =
            NewEntry { kind: EntryKind::Fault, ..NewEntry::step(self.clock.now(), system.name(), body) };
        match facts.case {
            Some(case) => entry.case(case.to_string()),
            None => entry,
        }
    }
}

/// A number from 0 up to 1: a function of the seed, the fault, the case (the how manyth the rule met) and the ordinal.
fn chance(seed: u64, fault: &Fault, case: u64, ordinal: u64) -> f64 {
    let digest = sha256_hex(format!("{seed}/{fault}/{case}/{ordinal}").as_bytes());
    let number = digest.get(..8).and_then(|head| u32::from_str_radix(head, 16).ok()).unwrap_or_default();
    f64::from(number) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use certs::Clock;
    use registries::store::{JournalQuery, SqliteStore, WorldId, WorldStore};
    use uuid::Uuid;

    use super::super::rule::Rule;
    use super::*;

    fn clock() -> Clock {
        Clock::frozen_at("2026-11-20T09:00:00Z".parse().unwrap())
    }

    async fn faults(seed: u64, given: &[&str]) -> Faults {
        let store = WorldStore::new(SqliteStore::ephemeral().unwrap(), WorldId::default());
        let given: Vec<Rule> = given.iter().map(|rule| rule.parse().unwrap()).collect();
        Faults::open(store, clock(), seed, &given).await.unwrap()
    }

    /// Which of so many messages of a case are struck.
    async fn struck(faults: &Faults, case: u128, times: usize) -> Vec<bool> {
        let facts =
            Facts { message_id: Some("m".to_owned()), case: Some(Uuid::from_u128(case)), ..Facts::default() };
        let mut struck = Vec::new();
        for _ in 0..times {
            let done = faults.strike(Place::Sending, System::Portal, Side::Request, &facts).await.unwrap();
            struck.push(!done.is_empty());
        }
        struck
    }

    #[tokio::test]
    async fn a_fault_is_done_as_often_as_is_said_and_counted() {
        for (often, wanted) in [
            ("always", [true, true, true, true]),
            ("once", [true, false, false, false]),
            ("first:2", [true, true, false, false]),
            ("every:2", [false, true, false, true]),
            ("share:0", [false; 4]),
            ("share:1", [true; 4]),
        ] {
            let faults = faults(0, &[&format!("duplicate,often={often}")]).await;
            assert_eq!(struck(&faults, 1, 4).await, wanted, "{often}");
            let kept = faults.list().await.unwrap().remove(0);
            let done = wanted.iter().filter(|done| **done).count();
            assert_eq!((kept.matched, kept.done), (4, done as u64), "{often}");
            let journal = faults.store.journal(JournalQuery::all().kind(EntryKind::Fault)).await.unwrap();
            assert_eq!(journal.len(), done, "{often}");
            assert!(journal.iter().all(|entry| entry.body["fault"] == "duplicate"));
        }
    }

    #[tokio::test]
    async fn the_same_seed_strikes_the_same_whatever_the_cases_are_called() {
        let rule = ["duplicate,often=share:0.5"];
        let mut seen = Vec::new();
        for (seed, names) in [(1, [1, 2]), (1, [77, 5]), (2, [1, 2])] {
            let faults = faults(seed, &rule).await;
            let mut all = struck(&faults, names[0], 20).await;
            all.extend(struck(&faults, names[1], 20).await);
            seen.push(all);
        }
        assert_eq!(seen[0], seen[1]);
        assert_ne!(seen[0], seen[2]);
        assert_ne!(seen[0][..20], seen[0][20..]);
        let share = seen[0].iter().filter(|done| **done).count();
        assert!((10..=30).contains(&share), "{share} of 40");
    }
}
