//! A process with its worlds: opening them, dispatching requests, serving.

mod control;
mod dispatch;
mod serve;
mod worlds;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use registries::store::{Durability, PostgresStore, SqliteStore, Store, WorldId};
use signer::{Code, Problem, System};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::tls::{Listener, acceptor, client_with};
use crate::world::{Kept, Plan};
use serve::serve;
use worlds::Worlds;

pub use worlds::{Beginning, ShownWorld};

pub use crate::tls::client;

/// How a sandbox is set up.
#[derive(Clone)]
pub struct Options {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where systems listen that have a port of their own.
    pub ports: BTreeMap<System, SocketAddr>,
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
            ports: BTreeMap::new(),
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
    /// Where systems are reached that have a port of their own, without the prefix of a world.
    ports: BTreeMap<System, String>,
    /// For worlds for which TLS is no affair.
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
    /// Those of systems that have a port of their own.
    ports: Vec<(System, TcpListener)>,
}

impl Sandbox {
    /// Opens the store and the worlds in it, and binds the address.
    ///
    /// # Errors
    /// A problem in words for whoever started it.
    pub async fn bind(options: Options) -> Result<Bound, Problem> {
        let (listener, address) = listen(options.listen).await?;
        let scheme = options.worlds.tls.scheme();
        let (mut ports, mut addresses) = (Vec::new(), BTreeMap::new());
        for (system, address) in &options.ports {
            let (listener, address) = listen(*address).await?;
            ports.push((*system, listener));
            addresses.insert(*system, format!("{scheme}://{address}"));
        }
        let store = open_store(&options).await?;
        let mut base_url = options.base_url.clone().unwrap_or_else(|| format!("{scheme}://{address}"));
        if options.keep_base_url {
            base_url = Kept::of(&WorldId::default(), &store).await?.map_or(base_url, |kept| kept.base_url);
        }
        let base_url = base_url.trim_end_matches('/').to_owned();
        if options.worlds.tls.is_on() && !base_url.starts_with("https://") {
            let detail = format!("{base_url} is no https:// URL, and the sandbox listens with TLS");
            return Err(Problem::new(Code::InvalidValue).detail(detail));
        }
        let mut options = options;
        options.worlds.tls.hosts =
            hosts(&base_url, std::iter::once(&options.listen).chain(options.ports.values()));
        let sandbox = Arc::new(Self {
            base_url,
            store,
            ports: addresses,
            http: client()?,
            worlds: Worlds::default(),
            opening: tokio::sync::Mutex::default(),
            options,
        });
        sandbox.take_up().await?;
        Ok(Bound { sandbox, listener, ports })
    }

    /// The base URL of the default world.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// A client that believes this sandbox, for somebody who is no system of it.
    ///
    /// # Errors
    /// When there is no such client on this machine.
    pub fn client(&self) -> Result<reqwest::Client, Problem> {
        match self.world(&WorldId::default()) {
            Some(first) if !first.world.believed.is_empty() => {
                client_with(&first.world.believed, first.world.clock.clone(), None)
            }
            _ => client(),
        }
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

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Problem> {
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| Problem::new(Code::CannotListen).detail(format!("{address}: {error}")))?;
    let bound = listener.local_addr().map_err(Problem::technical)?;
    Ok((listener, bound))
}

/// The names and addresses of a sandbox: those of the loopback, that of its base URL, and where else it listens.
fn hosts<'a>(base_url: &str, listens: impl Iterator<Item = &'a SocketAddr>) -> Vec<String> {
    let mut hosts: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into();
    let named = reqwest::Url::parse(base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let named = named.map(|host| host.trim_matches(['[', ']']).to_owned());
    let listens = listens.map(SocketAddr::ip).filter(|ip| !ip.is_unspecified()).map(|ip| ip.to_string());
    for host in named.into_iter().chain(listens) {
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    hosts
}

impl Bound {
    /// The address it listens on, as a URL.
    pub fn local_url(&self) -> Result<String, Problem> {
        let scheme = self.sandbox.options.worlds.tls.scheme();
        self.listener.local_addr().map(|address| format!("{scheme}://{address}")).map_err(Problem::technical)
    }

    /// Answers requests until `stop` is done.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), Problem> {
        let (stopping, mut stopped) = tokio::sync::watch::channel(false);
        tokio::spawn(async move {
            stop.await;
            stopping.send_replace(true);
        });
        let acceptor = self.sandbox.acceptor()?;
        let main = (dispatch::router(self.sandbox.clone()), self.listener);
        let own = self
            .ports
            .into_iter()
            .map(|(system, listener)| (dispatch::router_of(self.sandbox.clone(), system), listener));
        let mut servers = JoinSet::new();
        for (router, listener) in std::iter::once(main).chain(own) {
            servers.spawn(serve(Listener::new(listener, acceptor.clone()), router, stopped.clone()));
        }
        // Long polls would hold the process up: what is still open shortly after the signal is cut off.
        let cut_off = async {
            let _ = stopped.wait_for(|stopping| *stopping).await;
            tokio::time::sleep(LAST_ANSWERS).await;
        };
        let all_done = async {
            while let Some(done) = servers.join_next().await {
                done.map_err(Problem::technical)?;
            }
            Ok::<(), Problem>(())
        };
        tokio::select! {
            result = all_done => result?,
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

impl Sandbox {
    /// What agrees on TLS with whoever connects; nothing without TLS.
    fn acceptor(&self) -> Result<Option<TlsAcceptor>, Problem> {
        let tls = &self.options.worlds.tls;
        let Some(first) = self.world(&WorldId::default()).filter(|_| tls.is_on()) else { return Ok(None) };
        acceptor(first.world.shown.clone(), first.world.clock.clone(), tls.mutual).map(Some)
    }
}
