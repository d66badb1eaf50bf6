//! Serving connections. Whoever sends the head of a request slowly, or asks nothing any more, holds one no longer than
//! a slow body does.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::serve::Listener as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::sync::watch;
use tower::ServiceExt as _;

use crate::tls::Listener;

/// How long the head of a request may take to come, in real time; and how long a connection waits for the next one.
const HEAD: Duration = Duration::from_secs(30);

/// The largest head of a request, in bytes; it has at most a hundred headers as well. More is answered with 431.
const LARGEST_HEAD: usize = 64 << 10;

/// Answers at a listener until `stopped`, and goes on with what is under way then.
pub(super) async fn serve(mut listener: Listener, router: Router, mut stopped: watch::Receiver<bool>) {
    let open = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_header_size(LARGEST_HEAD);
    loop {
        let (stream, peer) = tokio::select! {
            connected = listener.accept() => connected,
            // A sender that is gone stops it as well.
            _ = stopped.wait_for(|stopped| *stopped) => break,
        };
        let router = router.clone();
        let answer = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer.clone()));
            router.clone().oneshot(request.map(Body::new))
        });
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), answer));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
        });
    }
    drop(listener);
    open.shutdown().await;
}
