//! The rules of a world: durable in its store, counted, and the same for the same seed.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use certs::Clock;
use jiff::Timestamp;
use registries::store::{Batch, EntryKind, Expect, NewEntry, Page, StoreError, WorldStore};
use serde::{Deserialize, Serialize};
use serde_json::json;
use signer::{Code, Problem, System};
use tokio::sync::watch;
use tokio::time::Instant;

use super::facts::Facts;
use super::fault::Fault;
use super::name::{Name, Place};
use super::rule::{Often, Rule, Side};
use crate::exchange::sha256_hex;

/// The record kind of rules; keys are their numbers with leading zeros.
const FAULT: &str = "fault";
/// The record kind of what a rule met in one case, where that matters; keys are `{rule}/{case}`.
const MET: &str = "fault-met";
/// How often counting is tried again when others count at the same moment.
const ATTEMPTS: usize = 64;
/// How old the rules of a store may be that other processes write into too, in real time.
const READ_AGAIN: Duration = Duration::from_secs(1);
/// The most rules of a world.
const MOST_RULES: u64 = 1_000;

/// A rule with its counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptRule {
    /// Its number.
    pub id: u64,
    /// What happens, where, how often.
    #[serde(flatten)]
    pub rule: Rule,
    /// How often it applied.
    pub matched: u64,
    /// How often the fault was done.
    pub done: u64,
}

/// What a rule met in one case.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Met {
    /// The how manyth case of the rule it is, from 1; 0 for what belongs to none.
    case: u64,
    /// How often the rule applied in it.
    times: u64,
}

/// The faults of a world.
pub struct Faults {
    store: WorldStore,
    clock: Clock,
    seed: u64,
    known: RwLock<Known>,
    /// Counts what each system sent: who waits for a later message sees it.
    pub(super) sent: watch::Sender<BTreeMap<System, u64>>,
}

struct Known {
    rules: Arc<[KeptRule]>,
    /// The state of the store that they were read at, and when.
    version: u64,
    read_at: Instant,
}

impl Faults {
    /// Takes up a world's rules, and adds those of `given` that are not there yet.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn open(store: WorldStore, clock: Clock, seed: u64, given: &[Rule]) -> Result<Self, Problem> {
        let known = Known { rules: Arc::new([]), version: 0, read_at: Instant::now() };
        let faults = Self { store, clock, seed, known: RwLock::new(known), sent: watch::Sender::default() };
        let kept = faults.list().await?;
        for rule in given {
            if !kept.iter().any(|kept| kept.rule == *rule) {
                faults.add(rule.clone()).await?;
            }
        }
        Ok(faults)
    }

    /// Every rule with its counts.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(&self) -> Result<Vec<KeptRule>, Problem> {
        let version = *self.store.subscribe().borrow();
        let all = self.store.list_as::<KeptRule>(FAULT, Page::all()).await?;
        let rules: Vec<KeptRule> = all.into_iter().map(|record| record.value).collect();
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        *known = Known { rules: rules.clone().into(), version, read_at: Instant::now() };
        Ok(rules)
    }

    /// Adds a rule.
    ///
    /// # Errors
    /// [`Code::InvalidValue`] when there are too many; when the store fails.
    pub async fn add(&self, rule: Rule) -> Result<KeptRule, Problem> {
        for _ in 0..ATTEMPTS {
            let id = self.list().await?.last().map_or(1, |last| last.id + 1);
            if id > MOST_RULES {
                let detail = format!("a world has at most {MOST_RULES} faults; clear them first");
                return Err(Problem::new(Code::InvalidValue).detail(detail));
            }
            let kept = KeptRule { id, rule: rule.clone(), matched: 0, done: 0 };
            let batch = self.store.batch().put(FAULT, &key(id), &kept, Expect::Absent)?;
            match self.store.commit(batch).await {
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error.into()),
                Ok(_) => {
                    self.list().await?;
                    return Ok(kept);
                }
            }
        }
        Err(Problem::new(Code::Busy))
    }

    /// Takes a rule away; what it was comes back.
    ///
    /// # Errors
    /// [`Code::NotFound`]; when the store fails.
    pub async fn remove(&self, id: u64) -> Result<KeptRule, Problem> {
        let kept = self.list().await?.into_iter().find(|kept| kept.id == id);
        let kept = kept.ok_or_else(|| Problem::new(Code::NotFound).detail(format!("no fault {id}")))?;
        self.forget(std::slice::from_ref(&kept)).await?;
        Ok(kept)
    }

    /// Takes every rule away; what they were comes back.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn clear(&self) -> Result<Vec<KeptRule>, Problem> {
        let all = self.list().await?;
        self.forget(&all).await?;
        Ok(all)
    }

    async fn forget(&self, rules: &[KeptRule]) -> Result<(), Problem> {
        let mut batch = self.store.batch();
        for kept in rules {
            batch = batch.delete(FAULT, &key(kept.id), Expect::Anything);
            for met in self.store.list(MET, Page::all().prefix(format!("{}/", key(kept.id)))).await? {
                batch = batch.delete(MET, &met.key, Expect::Anything);
            }
        }
        self.store.commit(batch).await?;
        self.list().await.map(drop)
    }

    /// The rules as they were read last; read again now and then, for others may write into the same store.
    async fn rules(&self) -> Result<Arc<[KeptRule]>, Problem> {
        let now = *self.store.subscribe().borrow();
        {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            if known.version == now || known.read_at.elapsed() < READ_AGAIN {
                return Ok(known.rules.clone());
            }
        }
        Ok(self.list().await?.into())
    }

    /// Whether anything may apply at a place.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn any(&self, place: Place) -> Result<bool, Problem> {
        Ok(self.rules().await?.iter().any(|kept| kept.rule.place() == place))
    }

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
                if kept.rule.fault.name.ends_a_request() {
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

    /// A message of a system has left.
    pub(crate) fn one_left(&self, system: System) {
        self.sent.send_modify(|sent| *sent.entry(system).or_default() += 1);
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
        let at: Timestamp = self.clock.now();
        let entry = NewEntry { kind: EntryKind::Fault, ..NewEntry::step(at, system.name(), body) };
        match facts.case {
            Some(case) => entry.case(case.to_string()),
            None => entry,
        }
    }
}

fn key(id: u64) -> String {
    format!("{id:06}")
}

/// A number from 0 up to 1: a function of the seed, the fault, the case (the how manyth the rule met) and the ordinal.
fn chance(seed: u64, fault: &Fault, case: u64, ordinal: u64) -> f64 {
    let digest = sha256_hex(format!("{seed}/{fault}/{case}/{ordinal}").as_bytes());
    let number = digest.get(..8).and_then(|head| u32::from_str_radix(head, 16).ok()).unwrap_or_default();
    f64::from(number) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use registries::store::{JournalQuery, SqliteStore, WorldId};
    use uuid::Uuid;

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

    #[tokio::test]
    async fn rules_are_kept_taken_away_and_not_given_twice() {
        let store = WorldStore::new(SqliteStore::ephemeral().unwrap(), WorldId::default());
        let given: Vec<Rule> =
            vec!["delay:1s".parse().unwrap(), "duplicate,often=share:0.5".parse().unwrap()];
        let faults = Faults::open(store.clone(), clock(), 0, &given).await.unwrap();
        struck(&faults, 1, 3).await;
        let again = Faults::open(store.clone(), clock(), 0, &given).await.unwrap();
        let kept = again.list().await.unwrap();
        assert_eq!(kept.iter().map(|kept| (kept.id, kept.matched)).collect::<Vec<_>>(), [(1, 0), (2, 3)]);
        assert_eq!(again.remove(1).await.unwrap().rule, given[0]);
        assert_eq!(again.remove(1).await.unwrap_err().code, Code::NotFound);
        assert_eq!(again.clear().await.unwrap().len(), 1);
        assert!(again.list().await.unwrap().is_empty());
        assert!(store.list(MET, Page::all()).await.unwrap().is_empty());
        assert!(!again.any(Place::Sending).await.unwrap());
    }
}
