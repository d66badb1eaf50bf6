//! An answer as it came over HTTP, before anybody believed it.

use reqwest::Method;
use serde_json::Value;
use signer::Problem;

use crate::Town;

/// The status, the media type and the body of an answer.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`.
    pub media_type: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The problem document of an answer, which must be one: right media type, right status inside.
    pub fn problem(&self) -> Problem {
        assert_eq!(self.media_type, "application/problem+json", "{self:?}");
        let problem: Problem = serde_json::from_slice(&self.body).expect("a problem document");
        assert_eq!(problem.status, self.status);
        assert_eq!(problem.kind, format!("urn:qaqpa:problem:{}", problem.code));
        problem
    }

    /// Expects the problem with this code.
    pub fn is(&self, code: &str) -> Problem {
        let problem = self.problem();
        assert_eq!(problem.code.code(), code, "{problem}");
        problem
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Town {
    /// Sends whatever to wherever; `content_type` may be empty for none.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        content_type: &str,
        body: impl Into<Vec<u8>>,
    ) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let url = format!("{}{path}", self.client.base());
        let mut request = self.client.http().request(method, &url).body(body.into());
        if !content_type.is_empty() {
            request = request.header("content-type", content_type);
        }
        let response = request.send().await.unwrap_or_else(|error| unanswered(&url, &error));
        let status = response.status().as_u16();
        let media_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
        let media_type = media_type.unwrap_or_default().to_owned();
        let body = response.bytes().await.expect("a whole answer").to_vec();
        Answer { status, media_type, body }
    }

    /// Posts JSON, or what claims to be.
    pub async fn send_json(&self, path: &str, body: impl Into<Vec<u8>>) -> Answer {
        self.send("POST", path, "application/json", body).await
    }
}

fn unanswered(url: &str, error: &reqwest::Error) -> ! {
    panic!("{url} did not answer: {error:?}")
}
