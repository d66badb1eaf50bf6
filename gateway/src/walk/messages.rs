//! Cases and the messages that bring, move and stop them.

use registries::store::Batch;
use serde::Serialize;
use serde::de::DeserializeOwned;
use signer::Problem;

use super::{Turn, Worker, walk};
use crate::exchange::{Delivery, Parcel, Payload};
use crate::regulation::Step;
use crate::site::Site;

/// Begins a case with the message that brought it, goes as far as it goes, and commits with the receipt.
pub async fn take_up<W>(
    worker: &W,
    site: &Site,
    delivery: &Delivery,
    receipt: Batch,
    own: W::Own,
) -> Result<(), Problem>
where
    W: Worker,
    W::Own: Serialize + DeserializeOwned,
{
    let at = delivery.receiving_step(site.system())?.at().to_owned();
    let mut turn = Turn::begin_with(site, delivery, &at, own).await?;
    turn.merge(receipt);
    walk(worker, &mut turn).await?;
    turn.commit().await.map(drop)
}

/// Stops the case whose message was not let through, if it is kept here and not over.
pub async fn stop<Own>(site: &Site, payload: &Payload, problem: Problem) -> Result<(), Problem>
where
    Own: Serialize + DeserializeOwned,
{
    if let Some(mut turn) = Turn::<Own>::load(site, payload.case).await? {
        turn.stop_message(payload, problem);
        turn.commit().await?;
    }
    Ok(())
}

/// Says in the case, if it is kept here and not over, what keeps its message from being delivered; or that nothing
/// does any more.
pub async fn hinder<Own>(site: &Site, payload: &Payload, problem: Option<Problem>) -> Result<(), Problem>
where
    Own: Serialize + DeserializeOwned,
{
    let Some(mut turn) = Turn::<Own>::load(site, payload.case).await? else { return Ok(()) };
    let same = |known: &Option<Problem>| match (known, &problem) {
        (Some(known), Some(problem)) => known.code == problem.code && known.detail == problem.detail,
        (known, problem) => known.is_none() && problem.is_none(),
    };
    if turn.case.is_over() || same(&turn.case.hindrance) {
        return Ok(());
    }
    turn.case.hindrance = problem;
    turn.commit().await.map(drop)
}

impl<Own> Turn<'_, Own> {
    /// Queues the step's message on its way, or on the other one: what it carries is said by the step, the rest by
    /// `payload`.
    pub fn send_by(&mut self, step: &Step, otherwise: bool, payload: Payload) -> Result<(), Problem> {
        let way = step.ways().nth(usize::from(otherwise));
        let sends = step.said.sends.as_ref().zip(way);
        let (sends, way) = sends.ok_or_else(|| self.cannot(step, "it sends nothing"))?;
        let payload = Payload { message: sends.message, carries: sends.carries, ..payload };
        let outgoing = Parcel::pack(self.site, way[1], &payload, None, None, self.now)?;
        self.send(outgoing);
        Ok(())
    }
}
