//! What is kept of a world over a restart, and shared with other processes that have it open.

use std::sync::Arc;
use std::time::Duration;

use certs::{Algorithm, Clock, ClockError, ClockState};
use jiff::Timestamp;
use registries::store::{Expect, Store, StoreError, Versioned, WorldId, WorldStore};
use serde::{Deserialize, Serialize};
use signer::{Code, Problem};

use super::{Centre, Plan, Settings, World};

/// The record kind of what a world is made of; its one key is `world`.
const WORLD: &str = "world";

/// How often turning the clock is tried when other processes turn it too.
const ATTEMPTS: usize = 16;

/// What is kept of a world.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    /// It stands in every certificate, so it does not change in the life of a world.
    pub base_url: String,
    /// Generated numbers follow from it.
    pub seed: u64,
    /// The algorithm of the systems' keys.
    pub algorithm: Algorithm,
    clock: ClockState,
    /// The clock never goes back behind this.
    seen: Timestamp,
}

/// Which world is to be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// One that is in the store.
    Known,
    /// One that is not.
    New,
    /// Either.
    Any,
}

impl Kept {
    /// What the store holds of a world; `None` when there is no such world.
    pub async fn of(id: &WorldId, store: &Arc<dyn Store>) -> Result<Option<Self>, Problem> {
        let kept = read(&WorldStore::shared(store.clone(), id.clone())).await?;
        Ok(kept.map(|kept| kept.value))
    }

    /// What the world's clock shows.
    pub fn now(&self) -> Timestamp {
        self.clock().now()
    }

    pub(super) fn clock(&self) -> Clock {
        let clock = Clock::from_state(self.clock);
        clock.never_before(self.seen);
        clock
    }

    fn planned(base_url: &str, plan: &Plan) -> Self {
        let clock = plan.clock.map_or_else(Clock::system, Clock::from_state);
        let (base_url, seed, algorithm) = (base_url.to_owned(), plan.seed, plan.algorithm);
        Self { base_url, seed, algorithm, clock: clock.state(), seen: clock.now() }
    }
}

async fn read(store: &WorldStore) -> Result<Option<Versioned<Kept>>, StoreError> {
    store.get_as::<Kept>(WORLD, WORLD).await
}

/// Takes up a world in the store, or begins it there; of two who begin it at once, the later one finds the other's.
///
/// # Errors
/// [`Code::UnknownWorld`], [`Code::WorldExists`]; [`Code::OtherBaseUrl`] when a store of one process holds a world that
/// is known by another address.
pub(super) async fn take_up(
    settings: &mut Settings,
    store: Arc<dyn Store>,
    wanted: Wanted,
) -> Result<(WorldStore, Versioned<Kept>), Problem> {
    let id = settings.id.clone();
    let there = read(&WorldStore::shared(store.clone(), id.clone())).await?.is_some();
    match wanted {
        Wanted::Known if !there => return Err(Problem::new(Code::UnknownWorld).detail(id.to_string())),
        Wanted::New if there => return Err(Problem::new(Code::WorldExists).detail(id.to_string())),
        _ => {}
    }
    let store = WorldStore::begin(store, id.clone()).await?;
    let kept = match read(&store).await? {
        Some(_) if wanted == Wanted::New => {
            return Err(Problem::new(Code::WorldExists).detail(id.to_string()));
        }
        Some(kept) => kept,
        None if wanted == Wanted::Known => {
            return Err(Problem::new(Code::UnknownWorld).detail(id.to_string()));
        }
        None => {
            let own = Kept::planned(&settings.base_url, &settings.plan);
            let batch = store.batch().put(WORLD, WORLD, &own, Expect::Absent)?.tell();
            match store.commit(batch).await {
                Err(error) if error.is_conflict() && wanted == Wanted::New => {
                    return Err(Problem::new(Code::WorldExists).detail(id.to_string()));
                }
                Err(error) if !error.is_conflict() => return Err(error.into()),
                _ => {}
            }
            let gone = || StoreError::WorldGone { world: id };
            read(&store).await?.ok_or_else(gone)?
        }
    };
    if kept.value.base_url != settings.base_url && !store.store().is_shared() {
        let (kept, asked) = (&kept.value.base_url, &settings.base_url);
        let detail = format!("the world is known as {kept}, not as {asked}");
        return Err(Problem::new(Code::OtherBaseUrl).detail(detail));
    }
    settings.plan.seed = kept.value.seed;
    settings.plan.algorithm = kept.value.algorithm;
    Ok((store, kept))
}

impl World {
    /// What is kept of it.
    ///
    /// # Errors
    /// [`Code::WorldGone`] when nothing is: the world was dropped.
    async fn kept(&self) -> Result<Versioned<Kept>, Problem> {
        let gone = || StoreError::WorldGone { world: self.settings.id.clone() };
        Ok(read(&self.store).await?.ok_or_else(gone)?)
    }

    /// Takes on the clock of another process, if one has written since `version`.
    fn catch_up(&self, kept: &Versioned<Kept>, version: u64) -> bool {
        let theirs = kept.version != version;
        if theirs {
            self.clock.adopt(kept.value.clock);
        }
        theirs
    }

    /// Writes down up to when the clock was seen.
    pub async fn keep(&self) -> Result<(), Problem> {
        let mut version = self.version.lock().await;
        let kept = self.kept().await?;
        self.catch_up(&kept, *version);
        let seen = Kept { clock: self.clock.state(), seen: self.clock.now(), ..kept.value };
        let batch = self.store.batch().put(WORLD, WORLD, &seen, Expect::Version(kept.version))?;
        match self.store.commit(batch).await {
            Ok(committed) => *version = committed.version,
            // Another process has just written more.
            Err(error) if error.is_conflict() => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Turns the clock, here and in every process that has the world open, and renews what ends soon after.
    ///
    /// # Errors
    /// [`Code::ClockBackwards`]; [`Code::Busy`] when others turn it all the time.
    pub async fn turn(&self, how: impl Fn(&Clock) -> Result<(), ClockError>) -> Result<(), Problem> {
        let mut version = self.version.lock().await;
        let mut attempts = 0;
        loop {
            let kept = self.kept().await?;
            self.catch_up(&kept, *version);
            let clock = Clock::from_state(self.clock.state());
            clock.never_before(self.clock.now());
            how(&clock).map_err(|error| Problem::new(Code::ClockBackwards).detail(error.to_string()))?;
            let turned = Kept { clock: clock.state(), seen: clock.now(), ..kept.value };
            let batch = self.store.batch().put(WORLD, WORLD, &turned, Expect::Version(kept.version))?.tell();
            match self.store.commit(batch).await {
                Err(error) if error.is_conflict() && attempts < ATTEMPTS => attempts += 1,
                committed => {
                    *version = committed?.version;
                    self.clock.adopt(turned.clock);
                    break;
                }
            }
        }
        self.prepare_identities(Duration::ZERO).await?;
        self.prepare_tls(Duration::ZERO).await
    }

    /// Takes on what another process has done to the world: its clock, who stands in whose place, hierarchies.
    ///
    /// # Errors
    /// [`Code::WorldGone`] when it has dropped it.
    pub(crate) async fn follow(&self) -> Result<(), Problem> {
        let mut version = self.version.lock().await;
        let kept = self.kept().await?;
        self.follow_records().await?;
        if let Centre::Here(centre) = &self.centre {
            centre.look_again().await?;
        }
        if self.catch_up(&kept, *version) {
            *version = kept.version;
            self.prepare_identities(Duration::ZERO).await?;
            self.prepare_tls(Duration::ZERO).await?;
        }
        Ok(())
    }
}
