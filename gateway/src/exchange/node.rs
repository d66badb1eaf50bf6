//! What a system is to the exchange of messages.

use std::future::Future;
use std::sync::Arc;

use registries::store::Batch;
use serde_json::Value;
use signer::{Code, Document, Problem, System};
use uuid::Uuid;

use super::payload::Payload;
use super::service::Call;
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

    /// Learns what keeps a message of its from being delivered just now; `None` once it is.
    fn hindered(
        &self,
        _payload: &Payload,
        _problem: Option<Problem>,
    ) -> impl Future<Output = Result<(), Problem>> + Send {
        std::future::ready(Ok(()))
    }

    /// Answers a question that is for this system: the signed answer, and `batch` with what the system notes of
    /// it, which is committed with the receipt.
    fn answer(
        &self,
        delivery: &Delivery,
        batch: Batch,
    ) -> impl Future<Output = Result<(Document, Batch), Problem>> + Send {
        let problem = Problem::new(Code::RouteUnknown).detail(format!(
            "`{}` answers no `{}`",
            self.site().system(),
            delivery.payload.message
        ));
        drop(batch);
        std::future::ready(Err(problem))
    }

    /// Answers a question to a service of this system; what it notes of it goes into `batch`.
    fn serve(
        &self,
        call: Call<'_>,
        batch: Batch,
    ) -> impl Future<Output = Result<(Value, Batch), Problem>> + Send {
        let detail = format!("`{}` does not answer `{}`", self.site().system(), call.service.id());
        drop(batch);
        std::future::ready(Err(Problem::new(Code::RouteUnknown).detail(detail)))
    }

    /// Learns what a register answered to its question.
    ///
    /// # Errors
    /// [`Code::StepOutOfOrder`] when the case does not wait for it any more: it changes nothing. Anything else
    /// leaves the case where it is, and the question is asked again.
    fn answered(
        &self,
        payload: &Payload,
        _answer: Document,
    ) -> impl Future<Output = Result<(), Problem>> + Send {
        let detail = format!("`{}` asked nothing", self.site().system());
        std::future::ready(Err(
            Problem::new(Code::StepOutOfOrder).detail(format!("{}: {detail}", payload.message))
        ))
    }
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

    /// The register that a question is for, seen from the system that receives it now.
    pub fn register(&self, me: System) -> Option<System> {
        self.sending_step(me)?.said.sends.as_ref().map(|sends| sends.to)
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
