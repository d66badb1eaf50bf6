//! Where a command works: a running sandbox, or a data folder.

use std::path::{Path, PathBuf};

use certs::{Certificate, Clock};
use clap::Args;
use registries::store::Durability;

use super::Failure;
use crate::play::Client;
use crate::regulation::Regulations;
use crate::sandbox::{Bound, Options, Sandbox, client};
use crate::tls::client_with;
use crate::world::Plan;

/// Where a running sandbox is looked for when nothing is said.
pub(super) const DEFAULT_SANDBOX: &str = "http://127.0.0.1:8710";
/// The data folder when nothing is said.
const DEFAULT_DATA: &str = ".qaqpa";

/// Which servers a command believes.
#[derive(Args, Clone)]
pub(super) struct Believes {
    /// Root certificates (PEM) of a sandbox that is reached by https://, in the place of those of this machine.
    #[arg(long, value_name = "FILE", env = "QAQPA_CACERT", global = true)]
    cacert: Option<PathBuf>,
}

impl Believes {
    /// A client that does.
    pub(super) fn client(&self) -> Result<reqwest::Client, Failure> {
        let Some(file) = &self.cacert else { return Ok(client()?) };
        // Connections go by the machine's clock, as those of every other program do.
        Ok(client_with(&roots(file)?, Clock::system(), None)?)
    }
}

/// The certificates in a file of PEM blocks.
pub(super) fn roots(file: &Path) -> Result<Vec<Certificate>, Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| Failure::file(file, error))?;
    let roots: Result<Vec<Certificate>, _> = text
        .split_inclusive("-----END CERTIFICATE-----")
        .filter(|block| block.contains("-----BEGIN CERTIFICATE-----"))
        .map(Certificate::from_pem)
        .collect();
    match roots.map_err(|error| Failure::file(file, error))? {
        roots if roots.is_empty() => Err(Failure::file(file, "there is no CERTIFICATE block in it")),
        roots => Ok(roots),
    }
}

/// A running sandbox.
#[derive(Args, Clone)]
pub(super) struct Against {
    /// Base URL of a running sandbox, or of a world in it (…/w/ID).
    #[arg(id = "against", long, value_name = "URL", env = "QAQPA_URL", default_value = DEFAULT_SANDBOX)]
    #[arg(global = true)]
    url: String,
    /// The token of a sandbox that asks for one.
    #[arg(long, value_name = "TOKEN", env = "QAQPA_CONTROL_TOKEN", hide_env_values = true, global = true)]
    control_token: Option<String>,
    #[command(flatten)]
    believes: Believes,
}

impl Against {
    pub(super) fn client(&self) -> Result<Client, Failure> {
        Ok(Client::new(self.believes.client()?, &self.url, self.control_token.clone()))
    }

    /// The roots that it is believed by, where they are not those of this machine.
    pub(super) fn cacert(&self) -> Option<&Path> {
        self.believes.cacert.as_deref()
    }
}

/// A running sandbox or a data folder.
#[derive(Args, Clone)]
pub(super) struct Target {
    /// Folder of the sandbox's data, in the place of a running sandbox; it must not be in use by one. The default is
    /// `.qaqpa`.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Base URL of a running sandbox, or of a world in it (…/w/ID).
    #[arg(long, value_name = "URL", env = "QAQPA_URL")]
    against: Option<String>,
    /// The token of a sandbox that asks for one.
    #[arg(long, value_name = "TOKEN", env = "QAQPA_CONTROL_TOKEN", hide_env_values = true)]
    control_token: Option<String>,
    #[command(flatten)]
    pub(super) believes: Believes,
}

/// A sandbox that a command may talk to, and that is stopped with it if the command started it.
pub(super) struct Reached {
    pub(super) client: Client,
    /// What the certificates of the sandbox name as its address.
    pub(super) base_url: String,
    _served: Option<Served>,
}

/// A sandbox that runs in this process for the time of a command.
pub(super) struct Served {
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    task: Option<tokio::task::JoinHandle<()>>,
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The receiver is gone only when the server has stopped by itself.
            let _ = stop.send(());
        }
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}

/// Serves a bound sandbox beside the command.
pub(super) fn serve(bound: Bound) -> Result<(Client, Served), Failure> {
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let base = bound.sandbox.base_url().to_owned();
    let client = Client::new(bound.sandbox.client()?, &base, None);
    let task = tokio::spawn(async move {
        let stopped = async move {
            // Dropping the sender stops it as well.
            let _ = stopped.await;
        };
        if let Err(problem) = bound.serve(stopped).await {
            tracing::error!(%problem, "the sandbox stopped");
        }
    });
    Ok((client, Served { stop: Some(stop), task: Some(task) }))
}

impl Target {
    /// Reaches the sandbox. A data folder is opened by a sandbox of this process on a free port: certificates
    /// carry the base URL of the folder's usual sandbox all the same.
    pub(super) async fn reach(&self) -> Result<Reached, Failure> {
        if let (Some(url), None) = (&self.against, &self.data) {
            return Ok(Reached {
                client: Client::new(self.believes.client()?, url, self.control_token.clone()),
                base_url: url.trim_end_matches('/').to_owned(),
                _served: None,
            });
        }
        let data = self.data.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_DATA));
        let regulations = Regulations::built_in().map_err(|error| {
            Failure::usage(error.to_string(), "report this: the built-in regulations must load")
        })?;
        let options = Options {
            base_url: Some(DEFAULT_SANDBOX.to_owned()),
            keep_base_url: true,
            data: Some(data),
            durability: Durability::Process,
            ..Options::ephemeral(Plan::following(regulations))
        };
        let bound = Sandbox::bind(options).await?;
        let local = bound.local_url()?;
        let base_url = bound.sandbox.base_url().to_owned();
        let (_, served) = serve(bound)?;
        let client = Client::new(client()?, &local, None);
        Ok(Reached { client, base_url, _served: Some(served) })
    }
}
