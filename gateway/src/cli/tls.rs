//! How `qaqpa up` protects its connections.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::Failure;
use super::target::roots;
use crate::tls::{Serves, Tls, TlsKey};

#[derive(Args)]
pub(super) struct TlsArguments {
    /// Listen with TLS, with a certificate by the world's own centre (P-256, or RSA in a world of RSA).
    #[arg(long)]
    tls: bool,
    /// Listen with TLS, with this certificate (PEM, those of centres above it behind it).
    #[arg(long, value_name = "FILE", requires = "tls_key", conflicts_with = "tls")]
    tls_cert: Option<PathBuf>,
    /// The private key of --tls-cert (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Let only systems to the endpoints of systems: they show a certificate when they connect. Needs TLS.
    #[arg(long)]
    mtls: bool,
    /// Root certificates (PEM) of servers elsewhere that the systems believe beside the world's own.
    #[arg(long, value_name = "FILE", env = "QAQPA_CACERT")]
    cacert: Option<PathBuf>,
    /// Write the roots that clients have to believe into this file (PEM).
    #[arg(long, value_name = "FILE")]
    pub(super) write_root: Option<PathBuf>,
}

impl TlsArguments {
    pub(super) fn read(&self) -> Result<Tls, Failure> {
        let serves = match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => {
                let read = |path: &Path| std::fs::read(path).map_err(|error| Failure::file(path, error));
                Serves::Given(Arc::new(TlsKey::from_pem(&read(certificate)?, &read(key)?)?))
            }
            _ if self.tls => Serves::Own,
            _ => Serves::Plain,
        };
        if self.mtls && matches!(serves, Serves::Plain) {
            return Err(Failure::usage("--mtls needs TLS", "add --tls, or --tls-cert and --tls-key"));
        }
        let anchors = self.cacert.as_deref().map(roots).transpose()?.unwrap_or_default();
        Ok(Tls { serves, mutual: self.mtls, anchors, ..Tls::default() })
    }
}
