//! Connections with and without TLS, as axum takes them.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener as Accepts;
use certs::Clock;
use signer::Problem;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::peer::Peer;
use super::server::{Shown, config};

/// How long somebody who connects may take to agree on TLS, in real time.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How many may be at it at once; more wait until one of them is done.
const HANDSHAKES: usize = 256;

/// A TCP listener, with TLS or without.
pub(crate) struct Listener {
    tcp: TcpListener,
    acceptor: Option<TlsAcceptor>,
    handshakes: JoinSet<Option<(Stream, Peer)>>,
}

/// What agrees on TLS. When it `asks`, clients are asked for a certificate.
pub(crate) fn acceptor(shown: Arc<Shown>, clock: Clock, asks: bool) -> Result<TlsAcceptor, Problem> {
    Ok(TlsAcceptor::from(Arc::new(config(shown, clock, asks)?)))
}

impl Listener {
    /// Without an acceptor, HTTP as it is.
    pub(crate) fn new(tcp: TcpListener, acceptor: Option<TlsAcceptor>) -> Self {
        Self { tcp, acceptor, handshakes: JoinSet::new() }
    }
}

/// A connection.
pub(crate) type Stream = Box<dyn Connection>;

/// What a connection can do.
pub(crate) trait Connection: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Connection for T {}

impl Accepts for Listener {
    type Io = Stream;
    type Addr = Peer;

    async fn accept(&mut self) -> (Stream, Peer) {
        loop {
            tokio::select! {
                (tcp, address) = Accepts::accept(&mut self.tcp), if self.handshakes.len() < HANDSHAKES => {
                    match &self.acceptor {
                        None => return (Box::new(tcp), Peer::at(address)),
                        Some(acceptor) => drop(self.handshakes.spawn(agreed(acceptor.clone(), tcp, address))),
                    }
                }
                Some(done) = self.handshakes.join_next() => {
                    if let Ok(Some(connected)) = done {
                        return connected;
                    }
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<Peer> {
        self.tcp.local_addr().map(Peer::at)
    }
}

/// The connection, once both sides agree; nothing when they do not.
async fn agreed(acceptor: TlsAcceptor, tcp: TcpStream, address: SocketAddr) -> Option<(Stream, Peer)> {
    match tokio::time::timeout(HANDSHAKE, acceptor.accept(tcp)).await {
        Ok(Ok(stream)) => {
            let chain = stream.get_ref().1.peer_certificates().unwrap_or_default();
            let certificate = chain.first().map(|certificate| Arc::from(certificate.as_ref()));
            Some((Box::new(stream), Peer { address, certificate }))
        }
        Ok(Err(error)) => {
            tracing::debug!(%address, %error, "no TLS with this client");
            None
        }
        Err(_) => None,
    }
}
