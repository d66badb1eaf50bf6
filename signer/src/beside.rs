//! A centre of somebody else's beside the sandbox's own.

use std::sync::Arc;

use async_trait::async_trait;
use certs::Certificate;

use crate::trust::{HttpTrust, NoAnswer, Trust};

/// The sandbox's centre, and beside it an outside one that need not be Qaqpa's.
///
/// The outside centre's certificates are given. What its certificates name below its address is asked there: lists
/// and responder; and so are time stamps, at `/tsp`. Everything else is the sandbox's centre's to say.
pub struct Beside {
    own: Arc<dyn Trust>,
    outside: HttpTrust,
    given: Vec<Certificate>,
}

impl Beside {
    /// An outside centre at `address`, with the certificates of its root and of the authorities below.
    pub fn new(own: Arc<dyn Trust>, client: reqwest::Client, address: &str, given: Vec<Certificate>) -> Self {
        Self { own, outside: HttpTrust::at(client, address, address), given }
    }

    fn given(&self, roots: bool) -> impl Iterator<Item = Certificate> {
        self.given.iter().filter(move |known| known.is_self_issued() == roots).cloned()
    }
}

#[async_trait]
impl Trust for Beside {
    async fn roots(&self) -> Result<Vec<Certificate>, NoAnswer> {
        let mut roots = self.own.roots().await?;
        roots.extend(self.given(true));
        Ok(roots)
    }

    async fn authorities(&self) -> Result<Vec<Certificate>, NoAnswer> {
        let mut authorities = self.own.authorities().await?;
        authorities.extend(self.given(false));
        Ok(authorities)
    }

    async fn crl(&self, url: &str) -> Result<Arc<[u8]>, NoAnswer> {
        if self.outside.is_below(url) { self.outside.crl(url).await } else { self.own.crl(url).await }
    }

    async fn ocsp(&self, url: &str, request: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        if self.outside.is_below(url) {
            return self.outside.ocsp(url, request).await;
        }
        self.own.ocsp(url, request).await
    }

    async fn lists(&self) -> Result<Vec<Arc<[u8]>>, NoAnswer> {
        self.own.lists().await
    }

    async fn given_list(&self, issuer: &Certificate) -> Result<Option<Arc<[u8]>>, NoAnswer> {
        self.own.given_list(issuer).await
    }

    async fn timestamp(&self, request: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        self.outside.timestamp_at("/tsp", request).await
    }
}
