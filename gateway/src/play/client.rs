//! The human's browser: JSON over HTTP to the addresses of a sandbox.
//!
//! Paths begin with a system's name, or with `control`. Where a system stands elsewhere, the request goes there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use registries::store::Entry;
use reqwest::{Method, RequestBuilder};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use signer::{Code, Problem, System};
use tokio::sync::OnceCell;

use crate::exchange::POLLED;

/// How long an answer may take; long polls answer after thirty seconds at the latest.
const PATIENCE: Duration = Duration::from_secs(40);

/// How often the journals of several processes are read again at most, until nothing is new.
const ROUNDS: usize = 16;

/// Talks to one world of a sandbox.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    control_token: Option<String>,
    neighbours: Arc<OnceCell<Neighbours>>,
}

/// Where the systems of a world stand that another process serves.
#[derive(Debug, Default)]
struct Neighbours {
    /// Their addresses.
    addresses: BTreeMap<System, String>,
    /// The base URLs of other processes of ours.
    processes: BTreeSet<String>,
    /// The systems of somebody else: what they do inside cannot be observed.
    foreign: BTreeSet<System>,
}

/// What `/control/health` says of that.
#[derive(Deserialize)]
struct Health {
    systems: BTreeMap<System, String>,
    serves: BTreeSet<System>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Client({})", self.base)
    }
}

impl Client {
    /// For the world at a base URL.
    pub fn new(http: reqwest::Client, base: &str, control_token: Option<String>) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        Self { http, base, control_token, neighbours: Arc::default() }
    }

    /// For the default world of the same sandbox.
    pub fn root(&self) -> Self {
        let root = self.base.split("/w/").next().unwrap_or(&self.base).to_owned();
        self.at(&root)
    }

    /// For another world of the same sandbox.
    pub fn at(&self, base: &str) -> Self {
        Self::new(self.http.clone(), base, self.control_token.clone())
    }

    /// The base URL.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The HTTP client below.
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    fn request_at(&self, method: Method, base: &str, path: &str, token: Option<&str>) -> RequestBuilder {
        let request = self.http.request(method, format!("{base}{path}")).timeout(PATIENCE);
        let control = self.control_token.as_deref().filter(|_| path.starts_with("/control"));
        match token.or(control) {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn request(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
    ) -> Result<RequestBuilder, Problem> {
        let inner = path.trim_start_matches('/');
        let (name, rest) = inner.split_at(inner.find(['/', '?']).unwrap_or(inner.len()));
        let elsewhere = match name.parse::<System>() {
            Ok(system) => self.neighbours().await.addresses.get(&system),
            Err(_) => None,
        };
        match elsewhere {
            Some(address) if address == POLLED => {
                let detail = format!("`{name}` fetches its messages: nobody can go there");
                Err(Problem::new(Code::SystemSwapped).detail(detail).hint("act at that system itself"))
            }
            Some(address) => Ok(self.request_at(method, address, rest, token)),
            None => Ok(self.request_at(method, &self.base, path, token)),
        }
    }

    /// Where a system of the world is reached.
    pub async fn address(&self, system: System) -> String {
        match self.neighbours().await.addresses.get(&system) {
            Some(address) => address.clone(),
            None => format!("{}/{system}", self.base),
        }
    }

    async fn neighbours(&self) -> &Neighbours {
        self.neighbours.get_or_init(|| self.look_around()).await
    }

    /// Asks the sandbox where its systems are, and those places whether they are sandboxes too. A sandbox that does
    /// not say is taken to serve them all.
    async fn look_around(&self) -> Neighbours {
        let Ok(health) = self.health(&self.base).await else { return Neighbours::default() };
        let mut found = Neighbours::default();
        for (system, address) in health.systems {
            if health.serves.contains(&system) {
                continue;
            }
            let process = address.strip_suffix(&format!("/{system}"));
            let ours = match process {
                Some(process) => {
                    found.processes.contains(process)
                        || self.health(process).await.is_ok_and(|there| there.serves.contains(&system))
                }
                None => false,
            };
            match process.filter(|_| ours) {
                Some(process) => {
                    found.processes.insert(process.to_owned());
                }
                None => {
                    found.foreign.insert(system);
                }
            }
            found.addresses.insert(system, address);
        }
        found
    }

    async fn health(&self, base: &str) -> Result<Health, Problem> {
        read(self.request_at(Method::GET, base, "/control/health", None)).await
    }

    /// The systems of somebody else: what they do inside cannot be observed.
    pub async fn foreign(&self) -> BTreeSet<System> {
        self.neighbours().await.foreign.clone()
    }

    /// The same world in each process of the sandbox: this one, and those that serve its other systems.
    pub async fn processes(&self) -> Vec<Self> {
        let others = self.neighbours().await.processes.iter().map(|base| self.at(base));
        std::iter::once(self.clone()).chain(others).collect()
    }

    /// What every process of the sandbox answers at an address of `/control`, one after the other.
    pub async fn everywhere<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, Problem> {
        let mut all: Vec<T> = self.get(path, None).await?;
        for process in &self.neighbours().await.processes {
            let there: Vec<T> = read(self.request_at(Method::GET, process, path, None)).await?;
            all.extend(there);
        }
        Ok(all)
    }

    /// The journal of a case from every process in the order of time; when it is to be settled, once none of its
    /// messages is under way.
    pub async fn journal(&self, case: uuid::Uuid, settled: bool) -> Result<Vec<Entry>, Problem> {
        let path = format!("/control/journal?case={case}&limit=1000&settled={settled}");
        let mut entries: Vec<Entry> = self.everywhere(&path).await?;
        // What settled in one process may have gone on in another that was read before it.
        for _ in 0..ROUNDS {
            if self.neighbours().await.processes.is_empty() {
                break;
            }
            let before = std::mem::replace(&mut entries, self.everywhere(&path).await?);
            if before.len() == entries.len() {
                break;
            }
        }
        entries.sort_by_key(|entry| entry.at);
        Ok(entries)
    }

    /// Reads something.
    pub async fn get<T: DeserializeOwned>(&self, path: &str, token: Option<&str>) -> Result<T, Problem> {
        read(self.request(Method::GET, path, token).await?).await
    }

    /// Does something.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        token: Option<&str>,
        body: &impl Serialize,
    ) -> Result<T, Problem> {
        read(self.request(Method::POST, path, token).await?.json(body)).await
    }

    /// Does something that answers nothing.
    pub async fn send(&self, path: &str, body: &impl Serialize) -> Result<(), Problem> {
        let response = self.request(Method::POST, path, None).await?.json(body).send().await;
        let response = response.map_err(|error| unreachable(&error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        let body = response.bytes().await.map_err(Problem::technical)?;
        Err(serde_json::from_slice(&body)
            .unwrap_or_else(|_| Problem::technical(format!("{path} answered {status}"))))
    }

    /// Puts something in its place.
    pub async fn put<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Problem> {
        read(self.request(Method::PUT, path, None).await?.json(body)).await
    }

    /// Reads a file as it is.
    pub async fn bytes(&self, path: &str) -> Result<Vec<u8>, Problem> {
        let request = self.request(Method::GET, path, None).await?;
        let response = request.send().await.map_err(|error| unreachable(&error))?;
        let status = response.status();
        let bytes = response.bytes().await.map_err(Problem::technical)?.to_vec();
        if status.is_success() {
            return Ok(bytes);
        }
        Err(serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Problem::technical(format!("{path} answered {status}"))))
    }

    /// Takes something away.
    pub async fn delete<T: DeserializeOwned>(&self, path: &str) -> Result<T, Problem> {
        read(self.request(Method::DELETE, path, None).await?).await
    }
}

/// The answer, or the problem it holds; anything else is a technical failure.
async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Problem> {
    let response = request.send().await.map_err(|error| unreachable(&error))?;
    let (url, status) = (response.url().clone(), response.status());
    let body = response.bytes().await.map_err(Problem::technical)?;
    if status.is_success() {
        return serde_json::from_slice(&body)
            .map_err(|error| Problem::technical(format!("{url} answered something unexpected: {error}")));
    }
    Err(serde_json::from_slice::<Problem>(&body).unwrap_or_else(|_| {
        let shown: String = String::from_utf8_lossy(&body).chars().take(200).collect();
        Problem::technical(format!("{url} answered {status} without a problem document: {shown}"))
    }))
}

/// The client's error with its causes: the outermost alone says little.
fn unreachable(error: &reqwest::Error) -> Problem {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    Problem::new(Code::Unreachable).detail(text)
}
