//! A process with its worlds: opening them, dispatching requests, serving.

mod dispatch;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, RwLock};

use certs::Clock;
use jiff::Timestamp;
use registries::store::{Durability, PostgresStore, SqliteStore, Store, WorldId};
use signer::{Code, Problem};
use tokio::net::TcpListener;

use crate::world::{Plan, Running, Settings, World};

/// How a sandbox is set up.
#[derive(Clone)]
pub struct Options {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where it is reached from outside; the listening address without it. It goes into certificates.
    pub base_url: Option<String>,
    /// Go by the base URL that the folder's world is known by, where there is one, instead of `base_url`.
    pub keep_base_url: bool,
    /// The folder of its database; ephemeral without it and without `database`.
    pub data: Option<PathBuf>,
    /// The address of a PostgreSQL database to keep everything in, instead of a folder.
    pub database: Option<String>,
    /// What an acknowledgement survives.
    pub durability: Durability,
    /// What its worlds are made by.
    pub worlds: Plan,
    /// What `/control` asks for; nothing without it.
    pub control_token: Option<String>,
}

impl Options {
    /// An ephemeral sandbox with worlds of this plan on a free port of the loopback.
    pub fn ephemeral(worlds: Plan) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            base_url: None,
            keep_base_url: false,
            data: None,
            database: None,
            durability: Durability::Process,
            worlds,
            control_token: None,
        }
    }
}

/// How long requests may take after the signal to stop, in real time.
const LAST_ANSWERS: std::time::Duration = std::time::Duration::from_millis(500);

/// A running process with its worlds.
pub struct Sandbox {
    options: Options,
    base_url: String,
    store: Arc<dyn Store>,
    http: reqwest::Client,
    worlds: RwLock<BTreeMap<WorldId, Arc<Running>>>,
    /// Held while a world is opened, so that there is never a second one of its id.
    opening: tokio::sync::Mutex<()>,
}

/// A sandbox that is bound to its address but does not answer yet.
pub struct Bound {
    /// The sandbox.
    pub sandbox: Arc<Sandbox>,
    listener: TcpListener,
}

impl Sandbox {
    /// Opens the store and the worlds in it, and binds the address.
    ///
    /// # Errors
    /// A problem in words for whoever started it.
    pub async fn bind(options: Options) -> Result<Bound, Problem> {
        let listener = TcpListener::bind(options.listen).await.map_err(|error| {
            Problem::new(Code::CannotListen).detail(format!("{}: {error}", options.listen))
        })?;
        let address = listener.local_addr().map_err(Problem::technical)?;
        let store = open_store(&options).await?;
        let mut base_url = options.base_url.clone().unwrap_or_else(|| format!("http://{address}"));
        if options.keep_base_url {
            base_url = World::kept_base_url(WorldId::default(), store.clone()).await?.unwrap_or(base_url);
        }
        let sandbox = Arc::new(Self {
            base_url: base_url.trim_end_matches('/').to_owned(),
            store,
            http: client()?,
            worlds: RwLock::default(),
            opening: tokio::sync::Mutex::default(),
            options,
        });
        let mut ids = sandbox.store.worlds().await?;
        ids.retain(|id| *id != WorldId::default());
        if !ids.is_empty() && !sandbox.options.worlds.is_whole() {
            let detail = format!("the folder has {} other worlds", ids.len());
            return Err(Problem::new(Code::WorldNotWhole).detail(detail));
        }
        ids.insert(0, WorldId::default());
        for id in ids {
            sandbox.open(id, None).await?;
        }
        Ok(Bound { sandbox, listener })
    }

    /// The base URL of the default world.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// A world that is open.
    pub fn world(&self, id: &WorldId) -> Option<Arc<Running>> {
        let worlds = self.worlds.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        worlds.get(id).cloned()
    }

    /// The open worlds.
    pub fn worlds(&self) -> Vec<Arc<Running>> {
        let worlds = self.worlds.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        worlds.values().cloned().collect()
    }

    /// Opens a world that is not open, creating it if need be.
    async fn open(&self, id: WorldId, now: Option<Timestamp>) -> Result<Arc<Running>, Problem> {
        let prefix = if id == WorldId::default() { String::new() } else { format!("/w/{id}") };
        let base_url = format!("{}{prefix}", self.base_url);
        let mut plan = self.options.worlds.clone();
        plan.clock = now.map(Clock::running_from).or(plan.clock);
        let settings = Settings { id: id.clone(), base_url, plan };
        let world = World::open(settings, self.store.clone(), self.http.clone()).await?;
        let running = Arc::new(Running::start(world).await?);
        let mut worlds = self.worlds.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        worlds.insert(id, running.clone());
        Ok(running)
    }

    /// Creates a world; its clock begins at `now`, or with the machine's time.
    ///
    /// # Errors
    /// [`Code::WorldExists`]; [`Code::WorldNotWhole`] when systems of the process stand elsewhere.
    pub async fn create_world(&self, id: WorldId, now: Option<Timestamp>) -> Result<Arc<Running>, Problem> {
        if !self.options.worlds.is_whole() {
            return Err(Problem::new(Code::WorldNotWhole).detail(id.to_string()));
        }
        let _opening = self.opening.lock().await;
        if self.world(&id).is_some() {
            return Err(Problem::new(Code::WorldExists).detail(id.to_string()));
        }
        self.open(id, now).await
    }
}

/// The store that the options name.
async fn open_store(options: &Options) -> Result<Arc<dyn Store>, Problem> {
    if let Some(address) = &options.database {
        return Ok(Arc::new(PostgresStore::open(address, options.durability).await?));
    }
    let Some(folder) = &options.data else { return Ok(Arc::new(SqliteStore::ephemeral()?)) };
    std::fs::create_dir_all(folder).map_err(|e| Problem::technical(format!("{}: {e}", folder.display())))?;
    Ok(Arc::new(SqliteStore::open(folder.join("qaqpa.sqlite"), options.durability)?))
}

impl Bound {
    /// The address it listens on, as a URL.
    pub fn local_url(&self) -> Result<String, Problem> {
        self.listener.local_addr().map(|address| format!("http://{address}")).map_err(Problem::technical)
    }

    /// Answers requests until `stop` is done.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), Problem> {
        let router = dispatch::router(self.sandbox.clone());
        let (stopping, mut stopped) = tokio::sync::watch::channel(false);
        let signalled = async move {
            stop.await;
            stopping.send_replace(true);
        };
        let server = axum::serve(self.listener, router).with_graceful_shutdown(signalled);
        // Long polls would hold the process up: what is still open shortly after the signal is cut off.
        let cut_off = async {
            if stopped.wait_for(|stopping| *stopping).await.is_ok() {
                tokio::time::sleep(LAST_ANSWERS).await;
            } else {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            result = server.into_future() => result.map_err(Problem::technical)?,
            () = cut_off => {}
        }
        for running in self.sandbox.worlds() {
            running.world.keep().await?;
        }
        Ok(())
    }
}

/// The client for requests between systems: rustls with ring, no proxy, no redirects.
pub fn client() -> Result<reqwest::Client, Problem> {
    // A second installation answers with the first one: that is what we want.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("qaqpa/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(Problem::technical)
}
