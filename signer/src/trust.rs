//! Where a validator learns whom to trust and what is revoked.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use certs::Certificate;

/// A source did not answer: what was asked stays unknown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct NoAnswer {
    /// What happened, in English.
    pub why: String,
}

impl NoAnswer {
    /// With the reason in words.
    pub fn new(why: impl Into<String>) -> Self {
        Self { why: why.into() }
    }
}

/// A certification centre as validators see it: its certificates, its lists, its responder, its time stamps.
///
/// Built-in systems hold the sandbox's centre itself; others reach one over HTTP ([`HttpTrust`]). The bytes are
/// the same, and nothing in them is believed before its signature was verified.
#[async_trait]
pub trait Trust: Send + Sync {
    /// The roots that paths must end in.
    async fn roots(&self) -> Result<Vec<Certificate>, NoAnswer>;

    /// Certificates of the authorities below the roots.
    async fn authorities(&self) -> Result<Vec<Certificate>, NoAnswer>;

    /// The DER of the list at a URL that a certificate names.
    async fn crl(&self, url: &str) -> Result<Arc<[u8]>, NoAnswer>;

    /// Lists that are at hand without an address, each in DER or PEM: those that speak of a certificate are looked for
    /// among them where it names no address.
    async fn lists(&self) -> Result<Vec<Arc<[u8]>>, NoAnswer> {
        Ok(Vec::new())
    }

    /// The responder's answer to the DER of an OCSP request, from a URL that a certificate names.
    async fn ocsp(&self, url: &str, request: &[u8]) -> Result<Vec<u8>, NoAnswer>;

    /// The list that was given for the certificates of an issuer, in DER or PEM: it is asked in the place of whatever
    /// they name. None unless somebody gave one.
    async fn given_list(&self, _issuer: &Certificate) -> Result<Option<Arc<[u8]>>, NoAnswer> {
        Ok(None)
    }

    /// A number that changes whenever the centre comes to say something else of a certificate that it spoke of before,
    /// by the time the change is acknowledged: what was learned may be used again while it stays the same. None where
    /// nobody can know, so that the centre is asked each time.
    async fn revision(&self) -> Option<u64> {
        None
    }

    /// The centre's answer to the DER of a TimeStampReq.
    async fn timestamp(&self, request: &[u8]) -> Result<Vec<u8>, NoAnswer>;
}

/// A centre reached over HTTP. It follows only URLs below its own base address.
#[derive(Debug, Clone)]
pub struct HttpTrust {
    client: reqwest::Client,
    /// What certificates name.
    base: String,
    /// Where that is reached.
    address: String,
}

/// The most bytes taken from a source: 1.5 million entries of a list have some 80 MB.
pub const LARGEST_LIST: usize = 128 << 20;
/// How long a source may take, in real time.
const PATIENCE: Duration = Duration::from_secs(10);

impl HttpTrust {
    /// `base` is the sandbox's base URL as certificates name it, without `/ca`; `address` is where it is reached,
    /// which differs when it listens elsewhere than it is known.
    pub fn at(client: reqwest::Client, base: &str, address: &str) -> Self {
        let trimmed = |url: &str| url.trim_end_matches('/').to_owned();
        Self { client, base: trimmed(base), address: trimmed(address) }
    }

    async fn certificates(&self, which: &str) -> Result<Vec<Certificate>, NoAnswer> {
        let url = format!("{}/ca/{which}.pem", self.address);
        Self::read_certificates(&url, read(self.get(&url)).await?)
    }

    /// Those of other centres that somebody trusts the certificates of; a centre that is not Qaqpa's says nothing of
    /// that.
    async fn trusted(&self) -> Result<Vec<Certificate>, NoAnswer> {
        let url = format!("{}/ca/trusted.pem", self.address);
        match read_if_there(self.get(&url)).await? {
            Some(bytes) => Self::read_certificates(&url, bytes),
            None => Ok(Vec::new()),
        }
    }

    fn read_certificates(url: &str, bytes: Vec<u8>) -> Result<Vec<Certificate>, NoAnswer> {
        let text = String::from_utf8(bytes).map_err(|_| NoAnswer::new(format!("{url}: not PEM")))?;
        text.split_inclusive("-----END CERTIFICATE-----")
            .filter(|block| block.contains("BEGIN CERTIFICATE"))
            .map(|block| {
                Certificate::from_pem(block).map_err(|error| NoAnswer::new(format!("{url}: {error}")))
            })
            .collect()
    }

    fn get(&self, url: &str) -> reqwest::RequestBuilder {
        self.client.get(url).timeout(PATIENCE)
    }

    fn post(&self, url: &str, media_type: &str, request: &[u8]) -> reqwest::RequestBuilder {
        let post = self.client.post(url).timeout(PATIENCE).header("content-type", media_type);
        post.body(request.to_vec())
    }

    /// The answer to the DER of a TimeStampReq, from below the address.
    pub(crate) async fn timestamp_at(&self, path: &str, request: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        let url = format!("{}{path}", self.address);
        read(self.post(&url, "application/timestamp-query", request)).await
    }

    /// Whether a URL that a certificate names is below the base address.
    pub(crate) fn is_below(&self, url: &str) -> bool {
        url.strip_prefix(&self.base).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Where a URL of a certificate is reached; one outside of the base URL is not followed.
    fn reached(&self, url: &str) -> Result<String, NoAnswer> {
        let inside = url.strip_prefix(&self.base).filter(|rest| rest.starts_with('/'));
        let inside = inside.ok_or_else(|| NoAnswer::new(format!("{url} is outside of {}", self.base)))?;
        Ok(format!("{}{inside}", self.address))
    }
}

/// What a source sends, if it is not too much.
pub(crate) async fn read(request: reqwest::RequestBuilder) -> Result<Vec<u8>, NoAnswer> {
    let response = request.send().await.map_err(|error| failed(&error))?;
    content(response).await
}

/// The same, or nothing where there is nothing.
async fn read_if_there(request: reqwest::RequestBuilder) -> Result<Option<Vec<u8>>, NoAnswer> {
    let response = request.send().await.map_err(|error| failed(&error))?;
    if response.status() == reqwest::StatusCode::NOT_FOUND {
        return Ok(None);
    }
    content(response).await.map(Some)
}

fn failed(error: &reqwest::Error) -> NoAnswer {
    NoAnswer::new(error.to_string())
}

async fn content(mut response: reqwest::Response) -> Result<Vec<u8>, NoAnswer> {
    if !response.status().is_success() {
        return Err(NoAnswer::new(format!("{} answered {}", response.url(), response.status())));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LARGEST_LIST {
            return Err(NoAnswer::new(format!("{} sends more than {LARGEST_LIST} bytes", response.url())));
        }
    }
    Ok(bytes)
}

#[async_trait]
impl Trust for HttpTrust {
    async fn roots(&self) -> Result<Vec<Certificate>, NoAnswer> {
        let mut roots = self.certificates("roots").await?;
        roots.extend(self.trusted().await?.into_iter().filter(Certificate::is_self_issued));
        Ok(roots)
    }

    async fn authorities(&self) -> Result<Vec<Certificate>, NoAnswer> {
        let mut authorities = self.certificates("authorities").await?;
        authorities.extend(self.trusted().await?.into_iter().filter(|known| !known.is_self_issued()));
        Ok(authorities)
    }

    async fn crl(&self, url: &str) -> Result<Arc<[u8]>, NoAnswer> {
        read(self.get(&self.reached(url)?)).await.map(Arc::from)
    }

    async fn ocsp(&self, url: &str, request: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        read(self.post(&self.reached(url)?, "application/ocsp-request", request)).await
    }

    async fn given_list(&self, issuer: &Certificate) -> Result<Option<Arc<[u8]>>, NoAnswer> {
        let key_id = hex::encode(issuer.public_key().key_id());
        let url = format!("{}/ca/trusted/{key_id}.crl", self.address);
        Ok(read_if_there(self.get(&url)).await?.map(Arc::from))
    }

    async fn timestamp(&self, request: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        self.timestamp_at("/ca/tsp", request).await
    }
}
