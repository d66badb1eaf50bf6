//! The worlds of a process: begun, opened when somebody needs them, put to sleep, dropped.
//!
//! A world that sleeps is a name here and rows in the store. It is opened by the first request to it, and at the start
//! of the process when it has messages to send.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use certs::{Algorithm, Clock};
use jiff::Timestamp;
use registries::store::WorldId;
use serde::{Deserialize, Serialize};
use signer::{Code, Problem};

use super::Sandbox;
use crate::world::{Kept, Running, Settings, Wanted, World};

/// The worlds by name; without a value while they sleep.
pub(super) type Worlds = RwLock<BTreeMap<WorldId, Option<Arc<Running>>>>;

/// What a world is begun with, where it is not as its sandbox has it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beginning {
    /// What its clock begins with; the machine's time without it.
    pub now: Option<Timestamp>,
    /// Generated numbers follow from it.
    pub seed: Option<u64>,
    /// The algorithm of its systems' keys, and of certificates when none is asked for.
    pub algorithm: Option<Algorithm>,
}

/// A world as `/control/worlds` shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShownWorld {
    /// Its name.
    pub id: WorldId,
    /// Where this process serves it.
    pub base_url: String,
    /// What its clock shows.
    pub now: Timestamp,
    /// Generated numbers follow from it.
    pub seed: u64,
    /// The algorithm of its systems' keys.
    pub algorithm: Algorithm,
    /// Whether it is open in this process; a world that sleeps opens with the first request to it.
    pub open: bool,
}

impl Sandbox {
    /// A world that is open.
    pub fn world(&self, id: &WorldId) -> Option<Arc<Running>> {
        let worlds = self.worlds.read().unwrap_or_else(PoisonError::into_inner);
        worlds.get(id).cloned().flatten()
    }

    /// The worlds that are open.
    pub fn open_worlds(&self) -> Vec<Arc<Running>> {
        let worlds = self.worlds.read().unwrap_or_else(PoisonError::into_inner);
        worlds.values().flatten().cloned().collect()
    }

    fn names(&self) -> Vec<WorldId> {
        self.worlds.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    fn is_known(&self, id: &WorldId) -> bool {
        self.worlds.read().unwrap_or_else(PoisonError::into_inner).contains_key(id)
    }

    fn set(&self, id: WorldId, place: Option<Arc<Running>>) {
        self.worlds.write().unwrap_or_else(PoisonError::into_inner).insert(id, place);
    }

    /// Where this process serves a world.
    fn url_of(&self, id: &WorldId) -> String {
        format!("{}{}", self.base_url(), prefix(id))
    }

    /// A world, opened if it sleeps.
    ///
    /// # Errors
    /// [`Code::UnknownWorld`].
    pub async fn reach(&self, id: &WorldId) -> Result<Arc<Running>, Problem> {
        if let Some(running) = self.world(id) {
            return Ok(running);
        }
        let unknown = || Problem::new(Code::UnknownWorld).detail(id.to_string());
        // Another process may have made it a moment ago.
        let looked_for = self.store.is_shared() && self.options.worlds.is_whole();
        if !looked_for && !self.is_known(id) {
            return Err(unknown());
        }
        let _opening = self.opening.lock().await;
        match self.world(id) {
            Some(running) => Ok(running),
            None => self.open(id, Wanted::Known, Beginning::default()).await,
        }
    }

    /// Opens a world that is not open; to be called by who holds `opening`.
    async fn open(
        &self,
        id: &WorldId,
        wanted: Wanted,
        beginning: Beginning,
    ) -> Result<Arc<Running>, Problem> {
        let mut plan = self.options.worlds.clone();
        plan.clock = beginning.now.map(Clock::running_from).or(plan.clock);
        plan.seed = beginning.seed.unwrap_or(plan.seed);
        plan.algorithm = beginning.algorithm.unwrap_or(plan.algorithm);
        if let Some(first) = self.world(&WorldId::default()) {
            // All worlds are reached through one listener: that of the first.
            plan.tls.anchors.clone_from(&first.world.believed);
            plan.tls.clock = Some(first.world.clock.clone());
        }
        let ports =
            self.ports.iter().map(|(system, base)| (*system, format!("{base}{}", prefix(id)))).collect();
        let settings = Settings { id: id.clone(), base_url: self.url_of(id), ports, plan };
        let world = World::open(settings, self.store.clone(), self.http.clone(), wanted).await?;
        let running = Arc::new(Running::start(world).await?);
        self.set(id.clone(), Some(running.clone()));
        Ok(running)
    }

    /// Takes up what the store holds: the default world at once, and worlds with messages to send; the others sleep.
    pub(super) async fn take_up(&self) -> Result<(), Problem> {
        self.store.end_deletions().await?;
        let others: Vec<WorldId> =
            self.store.worlds().await?.into_iter().filter(|id| *id != WorldId::default()).collect();
        if !others.is_empty() && !self.options.worlds.is_whole() {
            let detail = format!("the folder has {} other worlds", others.len());
            return Err(Problem::new(Code::WorldNotWhole).detail(detail));
        }
        self.open(&WorldId::default(), Wanted::Any, Beginning::default()).await?;
        for id in others {
            self.set(id, None);
        }
        self.open_waiting().await
    }

    /// Opens worlds that sleep and have messages to send.
    async fn open_waiting(&self) -> Result<(), Problem> {
        for id in self.store.waiting().await?.iter().filter(|id| self.is_known(id)) {
            match self.reach(id).await {
                Err(problem) if problem.code != Code::UnknownWorld => return Err(problem),
                _ => {}
            }
        }
        Ok(())
    }

    /// Creates a world.
    ///
    /// # Errors
    /// [`Code::WorldExists`]; [`Code::WorldNotWhole`] when systems of the process stand elsewhere.
    pub async fn create_world(&self, id: WorldId, beginning: Beginning) -> Result<ShownWorld, Problem> {
        if !self.options.worlds.is_whole() {
            return Err(Problem::new(Code::WorldNotWhole).detail(id.to_string()));
        }
        let _opening = self.opening.lock().await;
        if self.is_known(&id) {
            return Err(Problem::new(Code::WorldExists).detail(id.to_string()));
        }
        let opened = self.open(&id, Wanted::New, beginning).await;
        if opened.is_err() && Kept::of(&id, &self.store).await.is_ok_and(|kept| kept.is_some()) {
            // Another process has made it, or it was begun here and opens with the first request.
            self.set(id.clone(), None);
        }
        opened?;
        self.show_world(&id).await
    }

    /// Drops a world with everything in it. Requests under way hear that it is gone.
    ///
    /// # Errors
    /// [`Code::UnknownWorld`]; [`Code::WorldNeeded`] for the default world.
    pub async fn drop_world(self: &Arc<Self>, id: WorldId) -> Result<(), Problem> {
        if id == WorldId::default() {
            return Err(Problem::new(Code::WorldNeeded));
        }
        let sandbox = self.clone();
        // In a task of its own: who asked for it may go before it is done.
        let dropping = tokio::spawn(async move {
            let _opening = sandbox.opening.lock().await;
            let known = sandbox.forget(&id);
            let deleted = sandbox.store.delete_world(&id).await?;
            if known || deleted {
                Ok(())
            } else {
                Err(Problem::new(Code::UnknownWorld).detail(id.to_string()))
            }
        });
        dropping.await.map_err(Problem::technical)?
    }

    /// Takes a world out, and stops it if it is open; false when it was not known.
    fn forget(&self, id: &WorldId) -> bool {
        let place = self.worlds.write().unwrap_or_else(PoisonError::into_inner).remove(id);
        if let Some(Some(running)) = &place {
            running.stop();
        }
        place.is_some()
    }

    /// A world with where its clock stands, without opening it.
    ///
    /// # Errors
    /// [`Code::UnknownWorld`].
    pub async fn show_world(&self, id: &WorldId) -> Result<ShownWorld, Problem> {
        let kept = Kept::of(id, &self.store).await?;
        let kept = kept.ok_or_else(|| Problem::new(Code::UnknownWorld).detail(id.to_string()))?;
        let running = self.world(id);
        Ok(ShownWorld {
            id: id.clone(),
            base_url: self.url_of(id),
            now: running.as_ref().map_or_else(|| kept.now(), |running| running.world.clock.now()),
            seed: kept.seed,
            algorithm: kept.algorithm,
            open: running.is_some(),
        })
    }

    /// All worlds.
    pub async fn show_worlds(&self) -> Result<Vec<ShownWorld>, Problem> {
        let mut all = Vec::new();
        for id in self.names() {
            match self.show_world(&id).await {
                Ok(world) => all.push(world),
                // Another process has just dropped it, or is just making it.
                Err(problem) if problem.code == Code::UnknownWorld => {}
                Err(problem) => return Err(problem),
            }
        }
        Ok(all)
    }

    /// Puts worlds to sleep that nobody has needed for as long as `idle`, in real time, and that have nothing to send.
    pub async fn rest(&self, idle: Duration) -> Result<(), Problem> {
        let rests = |running: &Arc<Running>| {
            running.world.settings.id != WorldId::default() && running.idle() >= idle
        };
        let resting: Vec<WorldId> =
            self.open_worlds().iter().filter(|running| rests(running)).map(id_of).collect();
        if resting.is_empty() {
            return Ok(());
        }
        let _opening = self.opening.lock().await;
        let waiting = self.store.waiting().await?;
        for id in resting.into_iter().filter(|id| !waiting.contains(id)) {
            let Some(running) = self.world(&id) else { continue };
            match running.world.keep().await {
                // Its rows are being removed; whoever does it says so.
                Err(problem) if problem.code == Code::WorldGone => continue,
                kept => kept?,
            }
            drop(running);
            let mut worlds = self.worlds.write().unwrap_or_else(PoisonError::into_inner);
            if let Some(place) = worlds.get_mut(&id)
                // Nobody else has it in hand.
                && place.as_ref().is_some_and(|running| Arc::strong_count(running) == 1 && rests(running))
            {
                *place = None;
            }
        }
        Ok(())
    }

    /// Takes on what other processes on the same database have done to worlds.
    async fn follow(&self) -> Result<(), Problem> {
        if self.options.worlds.is_whole() {
            let _opening = self.opening.lock().await;
            let there = self.store.worlds().await?;
            for id in self.names().iter().filter(|id| !there.contains(id)) {
                self.forget(id);
            }
            for id in there.into_iter().filter(|id| !self.is_known(id)) {
                self.set(id, None);
            }
        }
        for running in self.open_worlds() {
            match running.world.follow().await {
                // The next news says that it is dropped.
                Err(problem) if problem.code == Code::WorldGone => {}
                followed => followed?,
            }
        }
        self.open_waiting().await
    }

    /// Follows other processes for as long as it is polled.
    pub(super) async fn keep_following(self: Arc<Self>) {
        let mut news = self.store.news();
        while news.changed().await.is_ok() {
            news.borrow_and_update();
            if let Err(problem) = self.follow().await {
                tracing::error!(%problem, "what other processes did is not known");
            }
        }
    }

    /// Puts worlds to sleep for as long as it is polled.
    pub(super) async fn keep_resting(self: Arc<Self>) {
        let idle = self.options.sleep_after;
        let mut looks = tokio::time::interval((idle / 2).max(Duration::from_secs(1)));
        loop {
            looks.tick().await;
            if let Err(problem) = self.rest(idle).await {
                tracing::error!(%problem, "no world is put to sleep");
            }
        }
    }
}

/// What stands before the addresses of a world.
fn prefix(id: &WorldId) -> String {
    if *id == WorldId::default() { String::new() } else { format!("/w/{id}") }
}

fn id_of(running: &Arc<Running>) -> WorldId {
    running.world.settings.id.clone()
}
