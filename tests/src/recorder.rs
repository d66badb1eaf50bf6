//! Somebody who writes down what the systems send each other.

use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use gateway::sandbox::{Options, client};

use crate::{Town, free_ports};

/// A request and what answered it.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Where it went.
    pub path: String,
    /// What was sent.
    pub request: Bytes,
    /// The status of the answer.
    pub status: u16,
    /// The answer.
    pub answer: Bytes,
}

#[derive(Clone)]
struct Shared {
    behind: String,
    http: reqwest::Client,
    seen: Arc<RwLock<Vec<Exchange>>>,
}

/// Stands before a town: its base URL is the recorder's, so whatever goes from system to system goes through it.
pub struct Recorder {
    shared: Shared,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Recorder {
    /// A town with these options and a recorder before it.
    pub async fn before(options: Options) -> (Town, Self) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base_url = format!("http://{}", listener.local_addr().expect("its address"));
        let listen = SocketAddr::from(([127, 0, 0, 1], free_ports(1)[0]));
        let shared = Shared {
            behind: format!("http://{listen}"),
            http: client().expect("a client"),
            seen: Arc::default(),
        };
        let router = Router::new().fallback(pass).with_state(shared.clone());
        let serving = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        let town = Town::with(Options { listen, base_url: Some(base_url), ..options }).await;
        (town, Self { shared, serving })
    }

    /// What went to addresses that end so.
    pub fn seen(&self, ending: &str) -> Vec<Exchange> {
        let seen = self.shared.seen.read().unwrap_or_else(PoisonError::into_inner);
        seen.iter().filter(|exchange| exchange.path.ends_with(ending)).cloned().collect()
    }
}

async fn pass(State(shared): State<Shared>, request: Request) -> Response {
    let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let (method, headers) = (request.method().clone(), request.headers().clone());
    let sent = to_bytes(request.into_body(), usize::MAX).await.unwrap_or_default();
    let passed = shared.http.request(method, format!("{}{path}", shared.behind));
    let passed = passed.headers(without_host(headers)).body(sent.clone()).send().await;
    let Ok(answer) = passed else { return StatusCode::BAD_GATEWAY.into_response() };
    let (status, headers) = (answer.status(), answer.headers().clone());
    let answer = answer.bytes().await.unwrap_or_default();
    let exchange = Exchange { path, request: sent, status: status.as_u16(), answer: answer.clone() };
    shared.seen.write().unwrap_or_else(PoisonError::into_inner).push(exchange);
    (status, without_host(headers), answer).into_response()
}

fn without_host(mut headers: HeaderMap) -> HeaderMap {
    for name in [header::HOST, header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION] {
        headers.remove(name);
    }
    headers
}
