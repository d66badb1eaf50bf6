//! The centre as validators in the same process see it: the very bytes that HTTP serves.

use std::sync::Arc;

use async_trait::async_trait;
use certs::Certificate;
use signer::{NoAnswer, Trust};

use super::CertificationCentre;

#[async_trait]
impl Trust for CertificationCentre {
    async fn roots(&self) -> Result<Vec<Certificate>, NoAnswer> {
        let trusted =
            self.trusted_certificates().await.map_err(|problem| NoAnswer::new(problem.to_string()))?;
        let own = self.hierarchies().into_iter().map(|authority| authority.root().clone());
        Ok(own.chain(trusted.into_iter().filter(Certificate::is_self_issued)).collect())
    }

    async fn authorities(&self) -> Result<Vec<Certificate>, NoAnswer> {
        let trusted =
            self.trusted_certificates().await.map_err(|problem| NoAnswer::new(problem.to_string()))?;
        let own = self.authority_certificates().into_iter();
        Ok(own.chain(trusted.into_iter().filter(|centre| !centre.is_self_issued())).collect())
    }

    async fn crl(&self, url: &str) -> Result<Arc<[u8]>, NoAnswer> {
        let file = url.strip_prefix(self.base_url()).and_then(|path| path.strip_prefix("/ca/crl/"));
        let file = file.ok_or_else(|| NoAnswer::new(format!("{url} is outside of {}", self.base_url())))?;
        let list = self.list_file(file).await.map_err(|problem| NoAnswer::new(problem.to_string()))?;
        list.map(Arc::from).ok_or_else(|| NoAnswer::new(format!("{url} answered 404 Not Found")))
    }

    async fn ocsp(&self, url: &str, request: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        if url.strip_prefix(self.base_url()) != Some("/ca/ocsp") {
            return Err(NoAnswer::new(format!("{url} is outside of {}", self.base_url())));
        }
        self.respond(request).await.map_err(|problem| NoAnswer::new(problem.to_string()))
    }

    async fn given_list(&self, issuer: &Certificate) -> Result<Option<Arc<[u8]>>, NoAnswer> {
        self.list_given(&hex::encode(issuer.public_key().key_id()))
            .await
            .map_err(|problem| NoAnswer::new(problem.to_string()))
    }

    /// Unknown where other processes may have written into the store.
    async fn revision(&self) -> Option<u64> {
        (!self.store.store().is_shared()).then(|| self.changes.by(self.now()))
    }

    async fn timestamp(&self, request: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        self.timestamped(request).await.map_err(|problem| NoAnswer::new(problem.to_string()))
    }
}
