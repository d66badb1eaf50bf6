//! JSON bodies whose refusals are problem documents.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;

use super::LARGEST_BODY;
use crate::problem::{Code, Problem, json_fault};

/// A JSON body. Another content type, a body over the limit and anything that is not a `T` is refused with a
/// problem of its own code.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let content_type = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            let detail = format!("Content-Type is {content_type:?}");
            return Err(Problem::new(Code::WrongContentType).detail(detail));
        }
        let bytes = whole(request).await?;
        read(&bytes).map(Self)
    }
}

/// How long a body may take to come, in real time: a slow sender holds a connection no longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The whole body as bytes, whatever its type; also where no route has set a limit.
///
/// # Errors
/// [`Code::BodyTooLarge`], [`Code::BodyTooSlow`].
pub async fn body(mut request: Request) -> Result<Bytes, Problem> {
    DefaultBodyLimit::max(LARGEST_BODY).apply(&mut request);
    whole(request).await
}

/// The same up to the limit of the route.
async fn whole(request: Request) -> Result<Bytes, Problem> {
    let read = tokio::time::timeout(PATIENCE, Bytes::from_request(request, &())).await;
    let read =
        read.map_err(|_| Problem::new(Code::BodyTooSlow).detail(format!("not here in {PATIENCE:?}")))?;
    read.map_err(|rejection| {
        let code = match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Code::BodyTooLarge,
            _ => Code::MalformedJson,
        };
        Problem::new(code).detail(rejection.body_text())
    })
}

/// Reads JSON, telling where it goes wrong.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes)
        .map_err(|error| Problem::new(Code::MalformedJson).detail(json_fault(&error)))
}
