//! What a system is to the exchange of messages.

use std::future::Future;
use std::sync::Arc;

use registries::store::Batch;
use signer::{Code, Problem, System};
use uuid::Uuid;

use super::payload::Payload;
use crate::regulation::{Channel, Step};
use crate::site::Site;

/// A system that takes part in exchanging messages.
pub trait Node: Send + Sync + 'static {
    /// Where it lives.
    fn site(&self) -> &Site;

    /// What the system makes sure of before it takes a message or passes it on.
    fn inspect(&self, delivery: &Delivery) -> impl Future<Output = Result<(), Problem>> + Send;

    /// Takes a message that is for this system. `receipt` is committed with whatever changes.
    fn take(&self, delivery: Delivery, receipt: Batch) -> impl Future<Output = Result<(), Problem>> + Send;

    /// Learns that a message it sent, or passed on, was not let through.
    fn rejected(
        &self,
        payload: &Payload,
        problem: Problem,
    ) -> impl Future<Output = Result<(), Problem>> + Send;
}

/// A message whose sender and way are certain.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Its id.
    pub message_id: Uuid,
    /// The system it came from.
    pub from: System,
    /// What it carries.
    pub payload: Payload,
    /// The channel it belongs to.
    pub channel: Arc<Channel>,
}

impl Delivery {
    /// The step that sent the message, seen from the system that receives it now.
    pub fn sending_step(&self, me: System) -> Option<&Step> {
        self.channel.sender_of(self.payload.message, self.payload.carries, self.from, me)
    }

    /// The step of the system that begins with the message.
    ///
    /// # Errors
    /// [`Code::RouteUnknown`] when the regulation has none.
    pub fn receiving_step(&self, me: System) -> Result<&Step, Problem> {
        self.channel.receiver(me, self.payload.message, self.payload.carries).ok_or_else(|| {
            let detail = format!("no step of `{me}` receives this `{}`", self.payload.message);
            Problem::new(Code::RouteUnknown).detail(detail)
        })
    }
}
