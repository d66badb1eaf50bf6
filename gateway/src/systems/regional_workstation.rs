//! АРМ РШЭП: takes applications and hands them to the provider; passes outcomes back.

use registries::store::Batch;
use signer::Problem;

use crate::exchange::{Delivery, Node, Parcel, Payload};
use crate::regulation::{Fact, Step, Verb};
use crate::site::Site;
use crate::walk::{Checked, Performed, Turn, Worker, walk};

/// The regional gateway's workstation.
pub struct RegionalWorkstation {
    /// Where it lives.
    pub site: Site,
}

/// What it keeps of a case: the message it took, to hand on unchanged.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Own {
    application: Payload,
}

impl Node for RegionalWorkstation {
    fn site(&self) -> &Site {
        &self.site
    }

    async fn inspect(&self, _delivery: &Delivery) -> Result<(), Problem> {
        Ok(())
    }

    async fn take(&self, delivery: Delivery, receipt: Batch) -> Result<(), Problem> {
        let at = delivery.receiving_step(self.site.system())?.at().to_owned();
        let own = Own { application: delivery.payload.clone() };
        let mut turn = Turn::begin_with(&self.site, &delivery, &at, own).await?;
        turn.merge(receipt);
        walk(self, &mut turn).await?;
        turn.commit().await.map(drop)
    }

    async fn rejected(&self, payload: &Payload, problem: Problem) -> Result<(), Problem> {
        if let Some(mut turn) = Turn::<Own>::load(&self.site, payload.case).await? {
            turn.stop_message(payload, problem);
            turn.commit().await?;
        }
        Ok(())
    }
}

impl Worker for RegionalWorkstation {
    type Own = Own;

    async fn check(&self, turn: &mut Turn<'_, Own>, step: &Step) -> Result<Checked, Problem> {
        Err(turn.cannot(step, "it makes no checks"))
    }

    async fn perform(&self, turn: &mut Turn<'_, Own>, step: &Step, verb: Verb) -> Result<Performed, Problem> {
        match (verb, &step.said.sends) {
            (Verb::Forward, Some(sends)) => {
                let payload = Payload { message: sends.message, ..turn.case.own.application.clone() };
                let next = step.way()[1];
                let outgoing = Parcel::pack(&self.site, next, &payload, None, None, turn.now)?;
                turn.send(outgoing);
                Ok(Performed::Done)
            }
            _ => Err(turn.cannot(step, verb.word())),
        }
    }

    async fn fact(&self, turn: &Turn<'_, Own>, fact: Fact) -> Result<bool, Problem> {
        Err(turn.unknown_fact(fact))
    }
}
