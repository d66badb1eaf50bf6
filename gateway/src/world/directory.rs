//! Which systems are served here, where the others are, and what is known of them.

use std::collections::BTreeSet;
use std::sync::PoisonError;
use std::time::Duration;

use registries::store::Expect;
use signer::{Code, Problem, System};

use super::World;
use super::identities::ORGANISATIONS;
use super::swap::{Swap, invalid};
use crate::exchange::{Origin, SYSTEM, SystemRecord, kept, records};

impl World {
    /// Where a system is reached.
    pub fn address(&self, system: System) -> String {
        let elsewhere = self.elsewhere.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(address) = elsewhere.get(&system) {
            return address.clone();
        }
        format!("{}/{system}", self.settings.ports.get(&system).unwrap_or(&self.settings.base_url))
    }

    /// Whether another system stands in the place of the built-in one.
    pub fn stands_elsewhere(&self, system: System) -> bool {
        self.elsewhere.read().unwrap_or_else(PoisonError::into_inner).contains_key(&system)
    }

    /// Whether this process serves the system.
    pub fn serves(&self, system: System) -> bool {
        self.settings.plan.serves(system) && !self.stands_elsewhere(system)
    }

    /// The systems that this process serves.
    pub fn served(&self) -> BTreeSet<System> {
        System::ALL.iter().copied().filter(|system| self.serves(*system)).collect()
    }

    /// Whether the record of a system is to be read at its own address.
    pub(crate) fn learns(&self, system: System) -> bool {
        let said = self.settings.plan.swapped.get(&system);
        said.is_some_and(|swap| swap.certificate.is_none()) && organisation(system).is_some()
    }

    /// How long one request to a system may take, in real time.
    pub(crate) async fn patience(&self, system: System) -> Duration {
        let known = kept(self, system).await.ok().flatten().and_then(|record| record.timeout);
        known.map_or(self.settings.plan.patience, Duration::from_secs)
    }

    fn moved(&self, system: System, address: Option<String>) {
        let mut elsewhere = self.elsewhere.write().unwrap_or_else(PoisonError::into_inner);
        match address {
            Some(address) => elsewhere.insert(system, address),
            None => elsewhere.remove(&system),
        };
    }

    /// Takes up what was said of other systems when the process was started, and what was put into the world
    /// before; forgets what was said for an earlier run.
    pub(super) async fn settle_records(&self) -> Result<(), Problem> {
        let swapped = &self.settings.plan.swapped;
        for record in records(self).await? {
            match (record.origin, swapped.get(&record.system), &record.address) {
                (Origin::Put, None, Some(address)) => self.moved(record.system, Some(address.clone())),
                (Origin::Learned, Some(swap), Some(address))
                    if swap.certificate.is_none() && swap.address() == address => {}
                (Origin::BuiltIn, None, _) => {}
                _ => {
                    let batch = self.store.batch().delete(SYSTEM, record.system.name(), Expect::Anything);
                    self.store.commit(batch).await?;
                }
            }
        }
        for (system, swap) in swapped {
            swap.check(*system)?;
            self.moved(*system, Some(swap.address().to_owned()));
            if let Some(record) = self.described(*system, swap, Origin::Given).await? {
                self.keep_record(&record).await?;
            }
        }
        Ok(())
    }

    /// Takes on who stands in whose place, as another process has put it.
    pub(super) async fn follow_records(&self) -> Result<(), Problem> {
        for record in records(self).await? {
            if self.settings.plan.serves(record.system) {
                self.moved(record.system, record.address.filter(|_| record.origin == Origin::Put));
            }
        }
        Ok(())
    }

    async fn described(
        &self,
        system: System,
        swap: &Swap,
        origin: Origin,
    ) -> Result<Option<SystemRecord>, Problem> {
        let Some((organisation, number)) = organisation(system) else { return Ok(None) };
        let Some(record) = swap.record(system, organisation, &self.bin(number), origin)? else {
            return Ok(None);
        };
        let name = record.sender_id.parse::<System>().ok().filter(|named| *named != system);
        let other = records(self)
            .await?
            .into_iter()
            .find(|known| known.system != system && known.sender_id == record.sender_id);
        if let Some(taken) = name.or(other.map(|other| other.system)) {
            return Err(invalid("sender_id", format!("{:?} is that of `{taken}`", record.sender_id)));
        }
        Ok(Some(record))
    }

    pub(super) async fn keep_record(&self, record: &SystemRecord) -> Result<(), Problem> {
        let batch = self.store.batch().put(SYSTEM, record.system.name(), record, Expect::Anything)?;
        self.store.commit(batch.tell()).await?;
        Ok(())
    }

    /// Puts another system in the place of a built-in one, from now on and over restarts.
    ///
    /// # Errors
    /// [`Code::InvalidValue`] for a system that cannot be swapped in a running world, and for what
    /// [`Swap::check`] finds; [`Code::SystemSwapped`] when the process was started without the system.
    pub async fn put_system(&self, system: System, swap: &Swap) -> Result<SystemRecord, Problem> {
        self.check_movable(system)?;
        swap.check(system)?;
        swap.is_subscribed_to(&self.settings.plan.regulations)?;
        let record = self.described(system, swap, Origin::Put).await?;
        let record = record.ok_or_else(|| invalid("certificate", "it is wanted, and so is `password`"))?;
        // First the address: whoever is told of the change by the store sees it.
        self.moved(system, record.address.clone());
        self.keep_record(&record).await?;
        Ok(record)
    }

    /// Brings the built-in system back.
    ///
    /// # Errors
    /// As [`put_system`](Self::put_system); [`Code::NotFound`] when it has its place.
    pub async fn restore_system(&self, system: System) -> Result<SystemRecord, Problem> {
        self.check_movable(system)?;
        if !self.stands_elsewhere(system) {
            let hint = "`qaqpa systems list` shows in `address` where each is; `systems add` puts yours in its place";
            let problem = Problem::new(Code::NotFound).detail(format!("`{system}` is the built-in one"));
            return Err(problem.hint(hint));
        }
        let record = self.own_record(system)?;
        self.moved(system, None);
        self.keep_record(&record).await?;
        Ok(record)
    }

    fn check_movable(&self, system: System) -> Result<(), Problem> {
        if organisation(system).is_none() {
            let why = format!("`{system}` exchanges no messages; `qaqpa up --swap {system}=URL` swaps it");
            return Err(invalid("system", why));
        }
        if self.settings.plan.serves(system) {
            return Ok(());
        }
        let detail = format!("this process was started without `{system}`: {}", self.address(system));
        Err(Problem::new(Code::SystemSwapped).detail(detail).fact("address", self.address(system)))
    }
}

/// The organisation that runs a system, and its number; `None` for systems that exchange no messages.
pub(super) fn organisation(system: System) -> Option<(&'static str, u64)> {
    let mut numbered = (1..).zip(ORGANISATIONS);
    numbered.find(|(_, (known, _))| *known == system).map(|(number, (_, name))| (*name, number))
}
