//! The human's browser: JSON over HTTP to the addresses of a sandbox.

use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use signer::{Code, Problem};

/// How long an answer may take; long polls answer after thirty seconds at the latest.
const PATIENCE: Duration = Duration::from_secs(40);

/// Talks to one world of a sandbox.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    control_token: Option<String>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Client({})", self.base)
    }
}

impl Client {
    /// For the world at a base URL.
    pub fn new(http: reqwest::Client, base: &str, control_token: Option<String>) -> Self {
        Self { http, base: base.trim_end_matches('/').to_owned(), control_token }
    }

    /// The base URL.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The HTTP client below.
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    fn request(&self, method: Method, path: &str, token: Option<&str>) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base)).timeout(PATIENCE);
        let control = self.control_token.as_deref().filter(|_| path.starts_with("/control"));
        match token.or(control) {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Reads something.
    pub async fn get<T: DeserializeOwned>(&self, path: &str, token: Option<&str>) -> Result<T, Problem> {
        read(self.request(Method::GET, path, token)).await
    }

    /// Does something.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        token: Option<&str>,
        body: &impl Serialize,
    ) -> Result<T, Problem> {
        read(self.request(Method::POST, path, token).json(body)).await
    }

    /// Puts something in its place.
    pub async fn put<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Problem> {
        read(self.request(Method::PUT, path, None).json(body)).await
    }

    /// Reads a file as it is.
    pub async fn bytes(&self, path: &str) -> Result<Vec<u8>, Problem> {
        let response =
            self.request(Method::GET, path, None).send().await.map_err(|error| unreachable(&error))?;
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
        read(self.request(Method::DELETE, path, None)).await
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
