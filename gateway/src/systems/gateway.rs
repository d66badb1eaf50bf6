//! ШЭП: the gateway passes on what it has made sure of.

use registries::store::Batch;
use signer::{Code, Problem};

use crate::exchange::{Delivery, Node, Payload, inspect_document};
use crate::site::Site;

/// The e-government gateway. It keeps no cases: routes follow from the regulations, by service id.
pub struct Gateway {
    /// Where it lives.
    pub site: Site,
}

impl Node for Gateway {
    fn site(&self) -> &Site {
        &self.site
    }

    /// The document's signature, its certificate and the identifier declared in it, before it goes on.
    async fn inspect(&self, delivery: &Delivery) -> Result<(), Problem> {
        inspect_document(&self.site, delivery).await.map(drop)
    }

    async fn take(&self, delivery: Delivery, _receipt: Batch) -> Result<(), Problem> {
        let detail = format!("`{}` ends at the gateway", delivery.payload.message);
        Err(Problem::new(Code::RouteUnknown).detail(detail))
    }

    /// What a system behind it refused stands in the journal; the sender had its acknowledgement.
    async fn rejected(&self, payload: &Payload, problem: Problem) -> Result<(), Problem> {
        tracing::warn!(case = %payload.case, message = %payload.message, %problem, "refused behind the gateway");
        Ok(())
    }
}
