//! One sandbox: a clock, a store, a certification centre, regulations, and the systems that live by them.

mod alarm;
mod centre;
mod control;
mod control_faults;
mod control_systems;
mod directory;
mod identities;
mod kept;
mod learn;
mod notes;
mod spoiled;
mod swap;
mod systems;
mod tls;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use certs::{Algorithm, CheckDigit, Clock, ClockState};
use jiff::Timestamp;
use registries::ca::CertificationCentre;
use registries::store::{Store, WorldId, WorldStore};
use signer::{Problem, RevocationPolicy, System, SystemIdentity, Trust};

use crate::calendar::Calendar;
use crate::exchange::Wire;
use crate::faults::{Faults, Faulty, Rule};
use crate::regulation::Regulations;
use crate::tls::{Shown, Tls};
use alarm::Alarm;

pub use centre::{Centre, Outside};
pub(crate) use control_faults::vocabulary;
pub use control_systems::ShownSystem;
pub use identities::ORGANISATIONS;
pub use kept::{Kept, Wanted};
pub use swap::Swap;
pub use systems::Running;

/// How long a system answers at most: the rule of the national platform.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a world that is opened waits for a centre in another process, in real time.
const CENTRE_COMES: Duration = Duration::from_mins(1);

/// What a world is made of.
#[derive(Clone)]
pub struct Settings {
    /// Its name.
    pub id: WorldId,
    /// Where this process serves it, with `/w/{id}` unless it is the default world. Certificates name the address at
    /// which the world was begun.
    pub base_url: String,
    /// Where systems are reached that have a port of their own.
    pub ports: BTreeMap<System, String>,
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
    /// A centre of somebody else's beside the world's own.
    pub outside: Option<Outside>,
    /// The only systems that are served; all that are not swapped when it is empty.
    pub only: BTreeSet<System>,
    /// How a system asks whether a certificate is revoked, where it is not the default.
    pub revocation: BTreeMap<System, RevocationPolicy>,
    /// How long one request to another system may take, in real time.
    pub patience: Duration,
    /// Where a new world's clock stands; the machine's time without it.
    pub clock: Option<ClockState>,
    /// How its connections are protected.
    pub tls: Tls,
    /// What goes wrong from the start.
    pub faults: Vec<Rule>,
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
            outside: None,
            only: BTreeSet::new(),
            revocation: BTreeMap::new(),
            patience: PATIENCE,
            clock: None,
            tls: Tls::default(),
            faults: Vec::new(),
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
    /// What goes wrong in it, on purpose.
    pub faults: Arc<Faults>,
    /// Which days are worked.
    pub calendar: Calendar,
    /// For requests in nobody's name.
    pub http: reqwest::Client,
    /// For requests of systems that show a certificate.
    clients: RwLock<BTreeMap<System, reqwest::Client>>,
    /// The roots of servers that it believes, where TLS is its affair.
    pub(crate) believed: Vec<certs::Certificate>,
    /// What the process shows to whoever connects.
    pub(crate) shown: Arc<Shown>,
    alarm: Alarm,
    /// The version of what is kept of it that this process knows; held while the clock is turned.
    version: tokio::sync::Mutex<u64>,
    /// What its systems sign with; renewed with the clock.
    identities: RwLock<BTreeMap<System, SystemIdentity>>,
    /// What they sign with when a fault wants it so; the key is the serial of the good certificate, and what is wrong.
    spoiled: tokio::sync::Mutex<BTreeMap<(String, &'static str), SystemIdentity>>,
    /// Where systems are that another one stands in the place of.
    elsewhere: RwLock<BTreeMap<System, String>>,
}

impl World {
    /// Takes up a world from the store, or creates it there.
    ///
    /// What the store holds wins over `settings` for the seed, the algorithm and the clock.
    ///
    /// # Errors
    /// [`signer::Code::UnknownWorld`] and [`signer::Code::WorldExists`] when it is not as it is wanted.
    pub async fn open(
        mut settings: Settings,
        store: Arc<dyn Store>,
        http: reqwest::Client,
        wanted: Wanted,
    ) -> Result<Arc<Self>, Problem> {
        let (store, kept) = kept::take_up(&mut settings, store, wanted).await?;
        let clock = kept.value.clock();
        let centre = match settings.plan.swapped.get(&System::Ca) {
            Some(swap) => Centre::At(swap.address().to_owned()),
            None => Centre::Here(Arc::new(
                CertificationCentre::open(
                    store.clone(),
                    clock.clone(),
                    &kept.value.base_url,
                    settings.plan.algorithm,
                )
                .await?,
            )),
        };
        let believed = tls::believed(&settings, &centre).await?;
        let http = tls::http(&settings, &believed, &clock, http)?;
        let plan = &settings.plan;
        let faults = Faults::open(store.clone(), clock.clone(), plan.seed, &plan.faults).await?;
        let faults = Arc::new(faults);
        let trust = centre.trust(&http, plan.outside.as_ref());
        let trust = Arc::new(Faulty { trust, centre: centre.clone(), faults: faults.clone() });
        let alarm = Alarm::new(clock.clone());
        let world = Arc::new(Self {
            settings,
            clock,
            store,
            trust,
            centre,
            faults,
            calendar: Calendar::kazakhstan().map_err(Problem::technical)?,
            http,
            clients: RwLock::default(),
            believed,
            shown: Arc::default(),
            alarm,
            version: tokio::sync::Mutex::new(kept.version),
            identities: RwLock::default(),
            spoiled: tokio::sync::Mutex::default(),
            elsewhere: RwLock::default(),
        });
        world.settle_records().await?;
        world.prepare_identities(CENTRE_COMES).await?;
        world.prepare_tls(CENTRE_COMES).await?;
        Ok(world)
    }

    /// Sleeps until a moment of the world's clock; for ever without one.
    pub async fn sleep_until(&self, moment: Option<Timestamp>) {
        self.alarm.sleep_until(moment).await;
    }
}
