//! A process with its worlds: opening them, dispatching requests, serving.

mod control;
mod dispatch;
mod worlds;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use registries::store::{Durability, PostgresStore, SqliteStore, Store, WorldId};
use signer::{Code, Problem};
use tokio::net::TcpListener;

use crate::world::{Kept, Plan};
use worlds::Worlds;

pub use worlds::{Beginning, ShownWorld};

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
    /// How long nobody has to need a world before it is put to sleep, in real time.
    pub sleep_after: Duration,
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
            sleep_after: SLEEP_AFTER,
            control_token: None,
        }
    }
}

/// How long requests may take after the signal to stop, in real time.
const LAST_ANSWERS: Duration = Duration::from_millis(500);

/// After what time worlds sleep when nothing is said.
pub const SLEEP_AFTER: Duration = Duration::from_mins(1);

/// A running process with its worlds.
pub struct Sandbox {
    options: Options,
    base_url: String,
    store: Arc<dyn Store>,
    http: reqwest::Client,
    worlds: Worlds,
    /// Held while a world is opened or dropped, so that there is never a second one of its id.
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
            base_url = Kept::of(&WorldId::default(), &store).await?.map_or(base_url, |kept| kept.base_url);
        }
        let sandbox = Arc::new(Self {
            base_url: base_url.trim_end_matches('/').to_owned(),
            store,
            http: client()?,
            worlds: Worlds::default(),
            opening: tokio::sync::Mutex::default(),
            options,
        });
        sandbox.take_up().await?;
        Ok(Bound { sandbox, listener })
    }

    /// The base URL of the default world.
    pub fn base_url(&self) -> &str {
        &self.base_url
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
            () = self.sandbox.clone().keep_following() => {}
            () = self.sandbox.clone().keep_resting() => {}
        }
        for running in self.sandbox.open_worlds() {
            match running.world.keep().await {
                // Another process has just dropped it.
                Err(problem) if problem.code == Code::WorldGone => {}
                kept => kept?,
            }
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
