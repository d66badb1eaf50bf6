//! Desks: systems at which people go through the steps of a case.
//!
//! The portal, the State Corporation's workstation, the provider, the regional workstation, the queues, the school, the
//! contact centre and the body that controls quality are desks. They have one engine: what happens at which of them is
//! the regulation's to say, so that any act may stand at any of them.

mod application;
mod cabinet;
mod checks;
mod choice;
mod deeds;
mod form;
mod http;
mod issue;
mod journals;
mod own;
mod places;
mod queries;
mod status;
mod take;
mod worker;

use registries::store::Batch;
use signer::{Document, Problem};

use crate::exchange::{Delivery, Node, Payload, inspect_document};
use crate::regulation::Message;
use crate::site::Site;
use crate::walk::{hinder, stop};

pub use deeds::{Decision, Work};
pub use http::{DeskCase, router};
pub use own::Own;
pub use status::{Standing, Status};

/// How often a deed or message is repeated when another case took the same place or number first.
const ATTEMPTS: usize = 32;

/// A system with desks.
pub struct Desk {
    /// Where it lives.
    pub site: Site,
}

impl Node for Desk {
    fn site(&self) -> &Site {
        &self.site
    }

    /// Before it acknowledges: what the next system would refuse is refused here, where the sender learns of it.
    async fn inspect(&self, delivery: &Delivery) -> Result<(), Problem> {
        inspect_document(&self.site, delivery).await.map(drop)
    }

    async fn take(&self, delivery: Delivery, receipt: Batch) -> Result<(), Problem> {
        take::take(self, delivery, receipt).await
    }

    async fn rejected(&self, payload: &Payload, problem: Problem) -> Result<(), Problem> {
        // A number and a copy for somebody else are for information: a case goes on without them.
        if matches!(payload.message, Message::Registration | Message::ForwardedDocuments) {
            return Ok(());
        }
        stop::<Own>(&self.site, payload, problem).await
    }

    async fn hindered(&self, payload: &Payload, problem: Option<Problem>) -> Result<(), Problem> {
        hinder::<Own>(&self.site, payload, problem).await
    }

    async fn answered(&self, payload: &Payload, document: Document) -> Result<(), Problem> {
        queries::answered(self, payload, document).await
    }
}
