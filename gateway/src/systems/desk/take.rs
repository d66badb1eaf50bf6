//! Messages as a desk takes them: one that begins a case, one that a case waits for, one that is beside its way.

use registries::store::Batch;
use signer::{Code, Problem, json_fault};

use super::own::Own;
use super::{ATTEMPTS, Desk};
use crate::exchange::{Delivery, Issue, Payload};
use crate::regulation::{End, Flow, Message};
use crate::walk::{Formed, Position, ShownKind, Turn, take_up, walk};

/// Takes a message into its case. Repeated when another case took the same number first.
pub(super) async fn take(desk: &Desk, delivery: Delivery, receipt: Batch) -> Result<(), Problem> {
    let mut last = Problem::new(Code::Busy);
    for _ in 0..ATTEMPTS {
        match try_to_take(desk, &delivery, receipt.clone()).await {
            Err(problem) if problem.code == Code::Busy => last = problem,
            taken => return taken,
        }
    }
    Err(last)
}

async fn try_to_take(desk: &Desk, delivery: &Delivery, receipt: Batch) -> Result<(), Problem> {
    let payload = &delivery.payload;
    let step = delivery.receiving_step(desk.site.system())?;
    let known = Turn::<Own>::load(&desk.site, payload.case).await?;
    if let Some(turn) = &known
        && turn.subject() != payload.subject()
    {
        let detail = format!("the case is of {}/{}", turn.case.regulation, turn.case.channel);
        return Err(Problem::new(Code::StepOutOfOrder).detail(detail));
    }
    match known {
        Some(turn) if step.flow == Flow::Aside => note(turn, delivery, receipt).await,
        Some(turn) if payload.message.answers_a_case() => go_on(desk, turn, delivery, receipt).await,
        None if payload.message.answers_a_case() || payload.message == Message::Registration => {
            let detail = format!("no case {} at the {}", payload.case, desk.site.system());
            Err(Problem::new(Code::StepOutOfOrder).detail(detail))
        }
        // A second application finds the case here already.
        _ => {
            let own = Own { brought: Some(payload.clone()), ..Own::default() };
            take_up(desk, &desk.site, delivery, receipt, own).await
        }
    }
}

/// Takes an outcome or answer into the case that waits for it, and goes on from there.
async fn go_on(
    desk: &Desk,
    mut turn: Turn<'_, Own>,
    delivery: &Delivery,
    receipt: Batch,
) -> Result<(), Problem> {
    let at = delivery.receiving_step(desk.site.system())?.at().to_owned();
    if !matches!(turn.case.position, Position::Elsewhere { .. }) {
        let detail = format!("the case does not wait for `{}`", delivery.payload.message);
        return Err(Problem::new(Code::StepOutOfOrder).detail(detail).at(&at));
    }
    turn.merge(receipt);
    turn.case.position = Position::At { at: at.clone(), done: 0 };
    turn.case.formed = Some(formed(&at, &delivery.payload)?);
    walk(desk, &mut turn).await?;
    turn.commit().await.map(drop)
}

/// What will be shown of an outcome: the refusal's own message, or the title of the result.
fn formed(at: &str, payload: &Payload) -> Result<Formed, Problem> {
    let content = payload.document.verify()?.content;
    let issue: Issue = read(&content)?;
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
        document: Some(payload.document.clone()),
        paper: None,
    })
}

/// Notes what came beside the way; the case goes on where it stands.
async fn note(mut turn: Turn<'_, Own>, delivery: &Delivery, receipt: Batch) -> Result<(), Problem> {
    let step = delivery.receiving_step(turn.site.system())?.clone();
    let out_of_order = |what: &str| Problem::new(Code::StepOutOfOrder).detail(what);
    if delivery.payload.message == Message::Registration {
        if turn.case.own.request.is_none() || !turn.was_signed() {
            return Err(out_of_order("the case was not sent to be registered"));
        }
        if turn.case.own.registration.is_some() {
            return Err(out_of_order("the case is registered already"));
        }
        turn.case.own.registration = Some(read(&delivery.payload.document.verify()?.content)?);
    }
    turn.merge(receipt);
    turn.report(&step, "done", &[]);
    turn.commit().await.map(drop)
}

fn read<T: serde::de::DeserializeOwned>(content: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(content)
        .map_err(|error| Problem::new(Code::EnvelopeMalformed).detail(json_fault(&error)))
}

impl Turn<'_, Own> {
    /// Whether something was signed here and is not taken back.
    fn was_signed(&self) -> bool {
        self.case.own.document.is_some()
    }
}
