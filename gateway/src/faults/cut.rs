//! Bodies that end too early.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::response::Response;
use http_body::Frame;

/// Something, and then the connection breaks off.
pub(super) struct Cut {
    first: Option<Bytes>,
    /// Whether what was given out had time to leave.
    left: bool,
}

impl Cut {
    /// An answer of which nothing leaves: the head is thrown away with the connection.
    pub(super) fn nothing() -> Response {
        Response::new(Body::new(Self { first: None, left: true }))
    }

    /// The first half of a content.
    pub(super) fn half(mut content: Bytes) -> Body {
        content.truncate(content.len() / 2);
        Body::new(Self { first: Some(content), left: false })
    }
}

/// The whole of a body of our own; nothing if it fails.
pub(super) async fn whole(body: Body) -> Bytes {
    axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default()
}

impl http_body::Body for Cut {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if let Some(first) = self.first.take().filter(|first| !first.is_empty()) {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        if !self.left {
            self.left = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(std::io::Error::other("the fault cuts the connection off"))))
    }
}
