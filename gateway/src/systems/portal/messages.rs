//! The portal's part in exchanging messages: it takes outcomes.

use registries::store::Batch;
use signer::{Code, Problem, System};

use super::{Own, Portal};
use crate::exchange::{Delivery, Issue, Node, Payload, inspect_document, record};
use crate::regulation::{End, Person};
use crate::site::Site;
use crate::walk::{Formed, Position, ShownKind, Turn, stop, walk};

impl Node for Portal {
    fn site(&self) -> &Site {
        &self.site
    }

    /// The outcome's signature: by the person the regulation names, in the name of the provider.
    async fn inspect(&self, delivery: &Delivery) -> Result<(), Problem> {
        let signed_by = delivery.sending_step(self.site.system()).and_then(|step| step.said.signed_by);
        let role = signed_by.and_then(Person::certificate_role);
        let verified = inspect_document(&self.site, &delivery.payload, role.as_slice()).await?;
        let issue = issue(&verified.content)?;
        let provider = record(&self.site.world, System::Provider).await?;
        if issue.provider.bin != provider.bin {
            let detail = format!("issued by BIN {}, the provider is {}", issue.provider.bin, provider.bin);
            return Err(Problem::new(Code::IdentityMismatch).detail(detail));
        }
        Ok(())
    }

    async fn take(&self, delivery: Delivery, receipt: Batch) -> Result<(), Problem> {
        let case = delivery.payload.case;
        let at = delivery.receiving_step(self.site.system())?.at().to_owned();
        let Some(mut turn) = Turn::<Own>::load(&self.site, case).await? else {
            return Err(Problem::new(Code::NotFound).detail(format!("no case {case} at the portal")));
        };
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
