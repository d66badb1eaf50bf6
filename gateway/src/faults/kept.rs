//! The rules of a world, durable in its store.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use certs::Clock;
use registries::store::{Expect, Page, WorldStore};
use serde::{Deserialize, Serialize};
use signer::{Code, Problem, System};
use tokio::sync::watch;
use tokio::time::Instant;

use super::name::Place;
use super::rule::Rule;

/// The record kind of rules; keys are their numbers with leading zeros.
pub(super) const FAULT: &str = "fault";
/// The record kind of what a rule met in one case, where that matters; keys are `{rule}/{case}`.
pub(super) const MET: &str = "fault-met";
/// How often counting is tried again when others count at the same moment.
pub(super) const ATTEMPTS: usize = 64;
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

/// The faults of a world.
pub struct Faults {
    pub(super) store: WorldStore,
    pub(super) clock: Clock,
    pub(super) seed: u64,
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

    /// One rule with its counts.
    ///
    /// # Errors
    /// [`Code::NotFound`]; when the store fails.
    pub async fn rule(&self, id: u64) -> Result<KeptRule, Problem> {
        self.list().await?.into_iter().find(|kept| kept.id == id).ok_or_else(|| Self::missing(id))
    }

    fn missing(id: u64) -> Problem {
        let hint = "`qaqpa faults list`, or GET /control/faults, shows them with their numbers";
        Problem::new(Code::NotFound).detail(format!("no fault {id}")).hint(hint)
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
        let kept = self.rule(id).await?;
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
    pub(super) async fn rules(&self) -> Result<Arc<[KeptRule]>, Problem> {
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

    /// A message of a system has left.
    pub(crate) fn one_left(&self, system: System) {
        self.sent.send_modify(|sent| *sent.entry(system).or_default() += 1);
    }
}

pub(super) fn key(id: u64) -> String {
    format!("{id:06}")
}

#[cfg(test)]
mod tests {
    use registries::store::{SqliteStore, WorldId};

    use super::super::facts::Facts;
    use super::super::rule::Side;
    use super::*;

    #[tokio::test]
    async fn rules_are_kept_taken_away_and_not_given_twice() {
        let clock = Clock::frozen_at("2026-11-20T09:00:00Z".parse().unwrap());
        let store = WorldStore::new(SqliteStore::ephemeral().unwrap(), WorldId::default());
        let given: Vec<Rule> =
            vec!["delay:1s".parse().unwrap(), "duplicate,often=share:0.5".parse().unwrap()];
        let faults = Faults::open(store.clone(), clock.clone(), 0, &given).await.unwrap();
        for _ in 0..3 {
            let facts = Facts { message_id: Some("m".to_owned()), ..Facts::default() };
            faults.strike(Place::Sending, System::Portal, Side::Request, &facts).await.unwrap();
        }
        let again = Faults::open(store.clone(), clock.clone(), 0, &given).await.unwrap();
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
