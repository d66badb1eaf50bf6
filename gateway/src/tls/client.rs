//! Clients of HTTP: whom they believe, and what they show.

use std::sync::Arc;
use std::time::Duration;

use certs::{Certificate, Clock};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use signer::{Code, Problem};

use super::{TlsKey, WorldTime, provider};

/// A client that believes the servers that the machine does: rustls with ring, no proxy, no redirects.
pub fn client() -> Result<reqwest::Client, Problem> {
    builder().build().map_err(Problem::technical)
}

/// How long a connection is kept for the next request, in real time: less than servers of ours wait for one, so that
/// none is sent into a connection that is just being closed.
const IDLE: Duration = Duration::from_secs(20);

fn builder() -> reqwest::ClientBuilder {
    // A second installation answers with the first one: that is what we want.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .pool_idle_timeout(IDLE)
        .user_agent(concat!("qaqpa/", env!("CARGO_PKG_VERSION")))
}

/// A client that believes servers under these roots only, by this clock, and shows a certificate if it has one.
///
/// # Errors
/// [`Code::CertificateMalformed`] for a root that rustls does not read.
pub(crate) fn client_with(
    roots: &[Certificate],
    clock: Clock,
    shows: Option<&TlsKey>,
) -> Result<reqwest::Client, Problem> {
    let mut store = RootCertStore::empty();
    for root in roots {
        store.add(CertificateDer::from(root.der().to_vec())).map_err(|error| {
            Problem::new(Code::CertificateMalformed).detail(format!("{}: {error}", root.subject()))
        })?;
    }
    let config = ClientConfig::builder_with_details(provider(), Arc::new(WorldTime(clock)))
        .with_safe_default_protocol_versions()
        .map_err(Problem::technical)?
        .with_root_certificates(store);
    let config = match shows {
        None => config.with_no_client_auth(),
        Some(own) => config
            .with_client_auth_cert(own.chain.clone(), own.key.clone_key())
            .map_err(Problem::technical)?,
    };
    builder().tls_backend_preconfigured(config).build().map_err(Problem::technical)
}
