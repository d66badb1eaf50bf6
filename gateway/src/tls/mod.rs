//! TLS of the process's own: what it shows when somebody connects, whom it believes, and whom it asks to say who they
//! are.
//!
//! rustls with ring knows P-256 and RSA, and no GOST: a world of GOST signs its messages with GOST all the same, and
//! its connections have certificates of P-256. Validity is looked at by the world's clock on our side; programs of
//! others go by their own.

mod client;
mod listener;
mod peer;
mod server;

use std::sync::Arc;

use certs::{Algorithm, Certificate, Clock};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::UnixTime;
use rustls::time_provider::TimeProvider;

pub use client::client;
pub(crate) use client::client_with;
pub(crate) use listener::{Listener, acceptor};
pub(crate) use peer::required;
pub(crate) use server::Shown;
pub use server::TlsKey;

/// How connections are protected.
#[derive(Clone, Default)]
pub struct Tls {
    /// What the process listens with.
    pub serves: Serves,
    /// Whether the endpoints of systems want the certificate of a system.
    pub mutual: bool,
    /// Roots of servers elsewhere that are believed beside the world's own.
    pub anchors: Vec<Certificate>,
    /// The names and IP addresses in a certificate by the world's own centre.
    pub hosts: Vec<String>,
    /// The clock that validity is looked at by; the world's own without it.
    pub clock: Option<Clock>,
}

/// What a process listens with.
#[derive(Clone, Default)]
pub enum Serves {
    /// Nothing: HTTP as it is.
    #[default]
    Plain,
    /// A certificate by the world's own centre.
    Own,
    /// A key and its certificate, and those of centres between it and its root, given from outside.
    Given(Arc<TlsKey>),
}

impl Tls {
    /// Whether the process listens with TLS.
    pub fn is_on(&self) -> bool {
        !matches!(self.serves, Serves::Plain)
    }

    /// `https` or `http`.
    pub fn scheme(&self) -> &'static str {
        if self.is_on() { "https" } else { "http" }
    }
}

/// The algorithm of TLS keys in a world of this algorithm.
pub(crate) fn algorithm(of_world: Algorithm) -> Algorithm {
    match of_world {
        Algorithm::Rsa => Algorithm::Rsa,
        _ => Algorithm::P256,
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// A world's clock, as rustls asks for the time.
struct WorldTime(Clock);

impl std::fmt::Debug for WorldTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WorldTime")
    }
}

impl TimeProvider for WorldTime {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().as_second()).ok()?;
        Some(UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds)))
    }
}
