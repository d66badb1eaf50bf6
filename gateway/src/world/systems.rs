//! A world with its systems running.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use registries::registers::Registers;
use registries::{notary, people};
use signer::service::SigningService;
use signer::{Code, Problem, System, Validator, http, service};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;
use tower::ServiceExt as _;

use super::directory::organisation;
use super::notes::note_refusals;
use super::{Centre, World, control, learn};
use crate::contracts;
use crate::exchange::{Node, in_soap, run_outbox, soap_channel};
use crate::faults::door;
use crate::site::Site;
use crate::systems::desk::{self, Desk};
use crate::systems::gateway::Gateway;
use crate::systems::register::{self, Register};
use crate::tls::required;
use crate::walk::forget_abandoned;

/// A world that answers requests. Dropping it stops its tasks.
pub struct Running {
    /// The world.
    pub world: Arc<World>,
    /// Its addresses, without the prefix of the world; laid out with the first request to it.
    router: OnceLock<Router>,
    /// How those of its systems are laid out.
    systems: Vec<(System, LayOut)>,
    tasks: JoinSet<()>,
    /// When somebody last needed it, in real time.
    used: Mutex<Instant>,
    /// Whether it was dropped.
    stopped: watch::Sender<bool>,
}

/// Lays out the addresses of a system.
type LayOut = Arc<dyn Fn() -> Router + Send + Sync>;

impl Running {
    /// Starts the systems that this process serves.
    pub async fn start(world: Arc<World>) -> Result<Self, Problem> {
        let mut running = Self {
            world: world.clone(),
            router: OnceLock::new(),
            systems: Vec::new(),
            tasks: JoinSet::new(),
            used: Mutex::new(Instant::now()),
            stopped: watch::Sender::new(false),
        };
        for system in System::ALL {
            if world.settings.plan.serves(*system) {
                running.start_system(*system).await?;
            }
        }
        running.tasks.spawn(keep_journal_short(world));
        Ok(running)
    }

    /// Its addresses. Those of each system are laid out when somebody first asks that system: tables of addresses are
    /// most of what a world costs.
    fn lay_out(&self) -> Router {
        let mut router = Router::new();
        for (system, lay_out) in &self.systems {
            let (world, system, lay_out) = (self.world.clone(), *system, lay_out.clone());
            let addresses = Arc::new(OnceLock::new());
            let answer = move |request: Request| {
                let (world, addresses, lay_out) = (world.clone(), addresses.clone(), lay_out.clone());
                async move {
                    let router: &Router = addresses.get_or_init(|| finished(lay_out(), &world, system));
                    router.clone().oneshot(request).await
                }
            };
            router = router.nest_service(&format!("/{system}"), tower::service_fn(answer));
        }
        let router = router.nest("/contracts", contracts::router(self.world.clone()));
        http::finish(router.nest("/control", control::router(self.world.clone())))
    }

    /// Answers a request, whose address is without the prefix of the world.
    pub async fn answer(&self, request: Request) -> Response {
        self.touch();
        let mut stopped = self.stopped.subscribe();
        let router = self.router.get_or_init(|| self.lay_out()).clone();
        let response = tokio::select! {
            response = router.oneshot(request) => response,
            _ = stopped.wait_for(|stopped| *stopped) => {
                let name = self.world.settings.id.to_string();
                Ok(Problem::new(Code::WorldGone).detail(name).into_response())
            }
        };
        self.touch();
        response.unwrap_or_else(|never| match never {})
    }

    fn touch(&self) {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// How long nobody has needed it, in real time.
    pub(crate) fn idle(&self) -> Duration {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }

    /// Ends the requests under way: the world is dropped.
    pub(crate) fn stop(&self) {
        self.stopped.send_replace(true);
    }

    async fn start_system(&mut self, system: System) -> Result<(), Problem> {
        let lay_out: LayOut = match system {
            System::Gateway | System::RegionalGateway => {
                let gateway = Arc::new(Gateway { site: self.site(system)? });
                self.send_for(gateway.clone());
                Arc::new(move || crate::exchange::messages_router(gateway.clone()))
            }
            System::People => self.people().await?,
            System::Notary => self.notary().await?,
            System::Registers => self.registers().await?,
            System::Ca => {
                let world = self.world.clone();
                Arc::new(move || match &world.centre {
                    Centre::Here(centre) => registries::ca::router(centre.clone()),
                    Centre::At(_) => Router::new(),
                })
            }
            System::Signer => {
                let world = self.world.clone();
                let validator = Arc::new(validator(&world, system));
                Arc::new(move || {
                    let (validator, clock) = (validator.clone(), world.clock.clone());
                    service::router(SigningService { validator, clock })
                })
            }
            System::Portal
            | System::Workstation
            | System::RegionalWorkstation
            | System::Queue
            | System::QueueRegistry
            | System::Provider
            | System::School
            | System::QualityControl
            | System::ContactCentre => {
                let desk = Arc::new(Desk { site: self.site(system)? });
                self.send_for(desk.clone());
                Arc::new(move || desk::router(desk.clone()))
            }
        };
        self.systems.push((system, lay_out));
        Ok(())
    }

    /// The people database, with the personas in it from the start.
    async fn people(&self) -> Result<LayOut, Problem> {
        let world = &self.world;
        let people = people::People::new(world.store.clone());
        if let Some(plan) = personas(world) {
            people.prepare(plan).await?;
        }
        let register = Arc::new(Register { site: self.site(System::People)?, records: people.clone() });
        let (clock, seed) = (world.clock.clone(), world.settings.plan.seed);
        let desk = Arc::new(people::Desk { people, clock, seed });
        Ok(Arc::new(move || {
            let tokens = register::tokens(register.clone());
            people::router(desk.clone()).merge(tokens).merge(register::router(register.clone()))
        }))
    }

    /// The other registers, over people of their own: the same as in the people database, from the same seed.
    async fn registers(&self) -> Result<LayOut, Problem> {
        let people = people::People::new(self.world.store.clone());
        if let Some(plan) = personas(&self.world) {
            people.prepare(plan).await?;
        }
        let records = Registers::new(people.clone());
        let register = Arc::new(Register { site: self.site(System::Registers)?, records });
        let (clock, seed) = (self.world.clock.clone(), self.world.settings.plan.seed);
        let desk = Arc::new(people::Desk { people, clock, seed });
        Ok(Arc::new(move || people::personas_router(desk.clone()).merge(register::router(register.clone()))))
    }

    /// The notary registry, with the personas' powers of attorney in it from the start.
    async fn notary(&self) -> Result<LayOut, Problem> {
        let world = &self.world;
        let notary = notary::Notary::new(world.store.clone());
        if let Some(plan) = personas(world) {
            notary.prepare(plan).await?;
        }
        let register = Arc::new(Register { site: self.site(System::Notary)?, records: notary.clone() });
        let (clock, seed) = (world.clock.clone(), world.settings.plan.seed);
        let desk = Arc::new(notary::Desk { notary, clock, seed });
        Ok(Arc::new(move || notary::router(desk.clone()).merge(register::router(register.clone()))))
    }

    /// Keeps sending what the system has queued.
    fn send_for<N: Node>(&mut self, node: Arc<N>) -> AbortHandle {
        self.tasks.spawn(run_outbox(node))
    }

    fn site(&self, system: System) -> Result<Site, Problem> {
        self.world.identity(system)?;
        Ok(Site { world: self.world.clone(), system, validator: Arc::new(validator(&self.world, system)) })
    }
}

/// A system's own judgement of certificates.
fn validator(world: &World, system: System) -> Validator {
    let policy = world.settings.plan.revocation.get(&system).cloned().unwrap_or_default();
    world.validator(policy)
}

/// The addresses of a system with what all systems have.
fn finished(router: Router, world: &Arc<World>, system: System) -> Router {
    let router = match organisation(system) {
        Some(_) => router.merge(learn::router(world.clone(), system)),
        None => router,
    };
    let known = (world.clone(), system, Arc::new(validator(world, system)));
    let note = from_fn_with_state((world.clone(), system), note_refusals);
    let place = from_fn_with_state((world.clone(), system), has_its_place);
    let door = from_fn_with_state((world.clone(), system), door);
    let required = from_fn_with_state(known, required);
    let told = from_fn_with_state(world.clone(), told_in_soap);
    http::finish(router).layer(required).layer(told).layer(note).layer(door).layer(place)
}

/// Tells who speaks SOAP in SOAP what stands in the way before a channel.
async fn told_in_soap(State(world): State<Arc<World>>, request: Request, next: Next) -> Response {
    let posted = request.method() == Method::POST;
    let channel = if posted { soap_channel(request.uri().path()) } else { None };
    in_soap(next.run(request).await, channel, Some(world.clock.now()))
}

/// Answers nothing while another system stands in the place of this one.
async fn has_its_place(
    State((world, system)): State<(Arc<World>, System)>,
    request: Request,
    next: Next,
) -> Response {
    if world.stands_elsewhere(system) {
        let address = world.address(system);
        let problem = Problem::new(Code::SystemSwapped).detail(format!("`{system}` is now at {address}"));
        return problem.fact("address", address).by(system).into_response();
    }
    next.run(request).await
}

/// The population of a new world: the personas alone. On a day for which none can be made, the registers are empty.
fn personas(world: &World) -> Option<people::PopulationPlan> {
    let plan = people::PopulationPlan::new(world.settings.plan.seed, 0, people::today(&world.clock));
    plan.inspect_err(|error| tracing::warn!(%error, "the registers start empty")).ok()
}

/// How many changes of the store pass between two looks at the journal's length.
const CHANGES_BETWEEN: u64 = 1_000;

/// Forgets abandoned cases and shortens the journal now and then, so that it stays bounded.
async fn keep_journal_short(world: Arc<World>) {
    let mut changes = world.store.subscribe();
    loop {
        let looked_at = *changes.borrow_and_update();
        let next = match forget_abandoned(&world).await {
            Ok(next) => Some(next),
            Err(error) => {
                tracing::error!(%error, "abandoned cases could not be forgotten");
                None
            }
        };
        if let Err(error) = world.store.prune_journal(world.settings.plan.keep_entries).await {
            tracing::error!(%error, "the journal could not be shortened");
        }
        let many = changes.wait_for(|now| now.abs_diff(looked_at) >= CHANGES_BETWEEN);
        tokio::select! {
            result = many => if result.is_err() { return },
            () = world.sleep_until(next) => {}
        }
    }
}
