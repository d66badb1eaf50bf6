//! Outcomes of cases: taken where the application came from.

use registries::store::Batch;
use serde::Serialize;
use serde::de::DeserializeOwned;
use signer::{Code, Problem};

use crate::exchange::{Delivery, Issue, Payload};
use crate::regulation::End;
use crate::site::Site;
use crate::walk::{Formed, Position, ShownKind, Turn, Worker, walk};

/// The case that a message belongs to, at the step that receives it.
///
/// # Errors
/// [`Code::StepOutOfOrder`] when the system keeps no such case.
pub(super) async fn case_of<'a, Own>(site: &'a Site, delivery: &Delivery) -> Result<Turn<'a, Own>, Problem>
where
    Own: Serialize + DeserializeOwned,
{
    let payload = &delivery.payload;
    let Some(turn) = Turn::<Own>::load(site, payload.case).await? else {
        let detail = format!("no case {} at the {}", payload.case, site.system());
        return Err(Problem::new(Code::StepOutOfOrder).detail(detail));
    };
    if turn.subject() != payload.subject() {
        let detail = format!("the case is of {}/{}", turn.case.regulation, turn.case.channel);
        return Err(Problem::new(Code::StepOutOfOrder).detail(detail));
    }
    Ok(turn)
}

/// Takes an outcome into the case that waits for it, and goes on from there.
///
/// # Errors
/// [`Code::StepOutOfOrder`] when the case does not wait for one.
pub(super) async fn take_outcome<W>(
    worker: &W,
    site: &Site,
    delivery: Delivery,
    receipt: Batch,
) -> Result<(), Problem>
where
    W: Worker,
    W::Own: Serialize + DeserializeOwned,
{
    let at = delivery.receiving_step(site.system())?.at().to_owned();
    let mut turn = case_of::<W::Own>(site, &delivery).await?;
    if !matches!(turn.case.position, Position::Elsewhere { .. }) {
        let detail = "the case does not wait for an outcome";
        return Err(Problem::new(Code::StepOutOfOrder).detail(detail).at(&at));
    }
    turn.merge(receipt);
    turn.case.position = Position::At { at: at.clone(), done: 0 };
    turn.case.formed = Some(formed(&at, delivery.payload)?);
    walk(worker, &mut turn).await?;
    turn.commit().await.map(drop)
}

fn issue(content: &[u8]) -> Result<Issue, Problem> {
    serde_json::from_slice(content)
        .map_err(|error| Problem::new(Code::EnvelopeMalformed).detail(error.to_string()))
}

/// What the cabinet will show of an outcome: the refusal's own message, or the title of the result.
fn formed(at: &str, payload: Payload) -> Result<Formed, Problem> {
    let content = payload.document.verify()?.content;
    let issue = issue(&content)?;
    let kind = match payload.carries {
        Some(End::Refusal) => ShownKind::Refusal,
        _ => ShownKind::Result,
    };
    Ok(Formed {
        at: at.to_owned(),
        kind,
        code: issue.code.unwrap_or_else(|| issue.document.word().to_owned()),
        message: issue.message.unwrap_or(issue.title),
        reasons: Vec::new(),
        document: Some(payload.document),
        paper: None,
    })
}
