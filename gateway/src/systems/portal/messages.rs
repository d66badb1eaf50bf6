//! The portal's part in exchanging messages: it takes outcomes.

use registries::store::Batch;
use signer::{Code, Problem};

use super::{Own, Portal};
use crate::exchange::{Delivery, Issue, Node, Payload, inspect_document};
use crate::regulation::End;
use crate::site::Site;
use crate::walk::{Formed, Position, ShownKind, Turn, stop, walk};

impl Node for Portal {
    fn site(&self) -> &Site {
        &self.site
    }

    async fn inspect(&self, delivery: &Delivery) -> Result<(), Problem> {
        inspect_document(&self.site, delivery).await.map(drop)
    }

    async fn take(&self, delivery: Delivery, receipt: Batch) -> Result<(), Problem> {
        let case = delivery.payload.case;
        let at = delivery.receiving_step(self.site.system())?.at().to_owned();
        let Some(mut turn) = Turn::<Own>::load(&self.site, case).await? else {
            return Err(Problem::new(Code::StepOutOfOrder).detail(format!("no case {case} at the portal")));
        };
        if (&turn.case.regulation, &turn.case.channel)
            != (&delivery.payload.regulation, &delivery.payload.channel)
        {
            let detail = format!("the case is of {}/{}", turn.case.regulation, turn.case.channel);
            return Err(Problem::new(Code::StepOutOfOrder).detail(detail));
        }
        if !matches!(turn.case.position, Position::Elsewhere { .. }) {
            let detail = "the case does not wait for an outcome";
            return Err(Problem::new(Code::StepOutOfOrder).detail(detail).at(&at));
        }
        turn.merge(receipt);
        turn.case.position = Position::At { at: at.clone(), done: 0 };
        turn.case.formed = Some(formed(&at, delivery.payload)?);
        walk(self, &mut turn).await?;
        turn.commit().await.map(drop)
    }

    async fn rejected(&self, payload: &Payload, problem: Problem) -> Result<(), Problem> {
        stop::<Own>(&self.site, payload, problem).await
    }
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
    })
}
