//! One sandbox: a clock, a store, a certification centre, regulations, and the systems that live by them.

mod alarm;
mod centre;
mod control;
mod control_systems;
mod directory;
mod identities;
mod learn;
mod notes;
mod swap;
mod systems;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use certs::{Algorithm, CheckDigit, Clock, ClockState};
use jiff::Timestamp;
use registries::ca::CertificationCentre;
use registries::store::{Expect, Store, WorldId, WorldStore};
use serde::{Deserialize, Serialize};
use signer::{Code, Problem, RevocationPolicy, System, SystemIdentity, Trust};

use crate::calendar::Calendar;
use crate::exchange::Wire;
use crate::regulation::Regulations;
use alarm::Alarm;

pub use centre::Centre;
pub use control_systems::ShownSystem;
pub use identities::ORGANISATIONS;
pub use swap::Swap;
pub use systems::Running;

/// The record kind of what a world is made of; its one key is `world`.
const WORLD: &str = "world";

/// How long a system answers at most: the rule of the national platform.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a world that is opened waits for a centre in another process, in real time.
const CENTRE_COMES: Duration = Duration::from_mins(1);

/// What a world is made of.
#[derive(Clone)]
pub struct Settings {
    /// Its name.
    pub id: WorldId,
    /// Where it is reached, with `/w/{id}` unless it is the default world.
    pub base_url: String,
    /// What it has in common with the other worlds of its sandbox.
    pub plan: Plan,
}

/// What all worlds of a sandbox are made by.
#[derive(Clone)]
pub struct Plan {
    /// What the systems follow.
    pub regulations: Regulations,
    /// What a system follows instead, to plant a deviation in it alone.
    pub deviating: BTreeMap<System, Regulations>,
    /// The algorithm of the systems' keys and of certificates when none is asked for.
    pub algorithm: Algorithm,
    /// How the systems of this process are written to.
    pub wire: Wire,
    /// Whether numbers with a wrong check digit are taken.
    pub check_digit: CheckDigit,
    /// Generated numbers follow from it.
    pub seed: u64,
    /// How many entries the journal keeps; those of open cases are kept beyond it.
    pub keep_entries: usize,
    /// Systems that stand elsewhere.
    pub swapped: BTreeMap<System, Swap>,
    /// The only systems that are served; all that are not swapped when it is empty.
    pub only: BTreeSet<System>,
    /// How a system asks whether a certificate is revoked, where it is not the default.
    pub revocation: BTreeMap<System, RevocationPolicy>,
    /// How long one request to another system may take, in real time.
    pub patience: Duration,
    /// Where a new world's clock stands; the machine's time without it.
    pub clock: Option<ClockState>,
}

impl Plan {
    /// Following these regulations, and for the rest what is usual.
    pub fn following(regulations: Regulations) -> Self {
        Self {
            regulations,
            deviating: BTreeMap::new(),
            algorithm: Algorithm::P256,
            wire: Wire::Json,
            check_digit: CheckDigit::Strict,
            seed: 0,
            keep_entries: 100_000,
            swapped: BTreeMap::new(),
            only: BTreeSet::new(),
            revocation: BTreeMap::new(),
            patience: PATIENCE,
            clock: None,
        }
    }

    /// Whether the process is to serve a system.
    pub fn serves(&self, system: System) -> bool {
        !self.swapped.contains_key(&system) && (self.only.is_empty() || self.only.contains(&system))
    }

    /// Whether all systems are in the process.
    pub fn is_whole(&self) -> bool {
        self.swapped.is_empty() && self.only.is_empty()
    }
}

/// A world, shared by its systems.
pub struct World {
    /// What it is made of.
    pub settings: Settings,
    /// Its clock.
    pub clock: Clock,
    /// Its part of the store.
    pub store: WorldStore,
    /// Its certification centre.
    pub centre: Centre,
    /// The centre as validators see it.
    pub trust: Arc<dyn Trust>,
    /// Which days are worked.
    pub calendar: Calendar,
    /// For requests between systems.
    pub http: reqwest::Client,
    alarm: Alarm,
    /// What its systems sign with; renewed with the clock.
    identities: RwLock<BTreeMap<System, SystemIdentity>>,
    /// Where systems are that another one stands in the place of.
    elsewhere: RwLock<BTreeMap<System, String>>,
}

/// What is kept of a world over a restart.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    /// It stands in every certificate, so it does not change in the life of a world.
    base_url: String,
    seed: u64,
    algorithm: Algorithm,
    clock: ClockState,
    /// The clock never goes back behind this.
    seen: Timestamp,
}

impl World {
    /// Takes up a world from the store, or creates it there.
    ///
    /// What the store holds wins over `settings` for the seed, the algorithm and the clock.
    pub async fn open(
        mut settings: Settings,
        store: Arc<dyn Store>,
        http: reqwest::Client,
    ) -> Result<Arc<Self>, Problem> {
        let store = WorldStore::shared(store, settings.id.clone());
        let kept = store.get_as::<Kept>(WORLD, WORLD).await?;
        let clock = match &kept {
            Some(kept) => {
                if kept.value.base_url != settings.base_url {
                    let (kept, asked) = (&kept.value.base_url, &settings.base_url);
                    let detail = format!("the world is known as {kept}, not as {asked}");
                    return Err(Problem::new(Code::OtherBaseUrl).detail(detail));
                }
                settings.plan.seed = kept.value.seed;
                settings.plan.algorithm = kept.value.algorithm;
                let clock = Clock::from_state(kept.value.clock);
                clock.never_before(kept.value.seen);
                clock
            }
            None => settings.plan.clock.map_or_else(Clock::system, Clock::from_state),
        };
        let centre = match settings.plan.swapped.get(&System::Ca) {
            Some(swap) => Centre::At(swap.address().to_owned()),
            None => Centre::Here(Arc::new(
                CertificationCentre::open(
                    store.clone(),
                    clock.clone(),
                    &settings.base_url,
                    settings.plan.algorithm,
                )
                .await?,
            )),
        };
        let alarm = Alarm::new(clock.clone());
        let world = Arc::new(Self {
            settings,
            clock,
            store,
            trust: centre.trust(&http),
            centre,
            calendar: Calendar::kazakhstan().map_err(Problem::technical)?,
            http,
            alarm,
            identities: RwLock::default(),
            elsewhere: RwLock::default(),
        });
        if kept.is_none() {
            world.keep().await?;
        }
        world.settle_records().await?;
        world.prepare_identities(CENTRE_COMES).await?;
        Ok(world)
    }

    /// The base URL that a world in the store is known by; `None` when there is no such world.
    pub async fn kept_base_url(id: WorldId, store: Arc<dyn Store>) -> Result<Option<String>, Problem> {
        let kept = WorldStore::shared(store, id).get_as::<Kept>(WORLD, WORLD).await?;
        Ok(kept.map(|kept| kept.value.base_url))
    }

    /// Writes down where the clock stands.
    pub async fn keep(&self) -> Result<(), Problem> {
        let kept = Kept {
            base_url: self.settings.base_url.clone(),
            seed: self.settings.plan.seed,
            algorithm: self.settings.plan.algorithm,
            clock: self.clock.state(),
            seen: self.clock.now(),
        };
        self.store.commit(self.store.batch().put(WORLD, WORLD, &kept, Expect::Anything)?).await?;
        Ok(())
    }

    /// Sleeps until a moment of the world's clock; for ever without one.
    pub async fn sleep_until(&self, moment: Option<Timestamp>) {
        self.alarm.sleep_until(moment).await;
    }
}
