//! What every HTTP interface of Qaqpa has in common, and the signing service's own.

mod body;
mod parts;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Uri;

pub use body::{Body, body, read};
pub use parts::{Asked, At};

use crate::problem::{Code, Problem};

/// The largest body taken, in bytes.
pub const LARGEST_BODY: usize = 24 << 20;

/// Gives a router the limits and refusals that all have: a body limit, and problem documents for addresses and
/// methods that do not exist.
pub fn finish(router: Router) -> Router {
    router
        .fallback(|uri: Uri| async move {
            Problem::new(Code::NotFound).detail(format!("nothing at {}", uri.path()))
        })
        .method_not_allowed_fallback(|| async { Problem::new(Code::MethodNotAllowed) })
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
}
