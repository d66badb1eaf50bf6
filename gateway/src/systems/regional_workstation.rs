//! АРМ РШЭП: takes applications and hands them to the provider; passes outcomes back.

use registries::store::Batch;
use signer::Problem;

use crate::exchange::{Delivery, Node, Payload, inspect_document};
use crate::regulation::{Fact, Step, Verb};
use crate::site::Site;
use crate::walk::{Checked, Performed, Turn, Worker, stop, take_up};

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

    /// Before it acknowledges: what the next system would refuse is refused here, where the sender learns of it.
    async fn inspect(&self, delivery: &Delivery) -> Result<(), Problem> {
        inspect_document(&self.site, delivery).await.map(drop)
    }

    async fn take(&self, delivery: Delivery, receipt: Batch) -> Result<(), Problem> {
        let own = Own { application: delivery.payload.clone() };
        take_up(self, &self.site, &delivery, receipt, own).await
    }

    async fn rejected(&self, payload: &Payload, problem: Problem) -> Result<(), Problem> {
        stop::<Own>(&self.site, payload, problem).await
    }
}

impl Worker for RegionalWorkstation {
    type Own = Own;

    async fn check(&self, turn: &mut Turn<'_, Own>, step: &Step) -> Result<Checked, Problem> {
        Err(turn.cannot(step, "it makes no checks"))
    }

    async fn perform(&self, turn: &mut Turn<'_, Own>, step: &Step, verb: Verb) -> Result<Performed, Problem> {
        if verb != Verb::Forward {
            return Err(turn.cannot(step, verb.word()));
        }
        turn.send_by(step, turn.case.own.application.clone())?;
        Ok(Performed::Done)
    }

    async fn fact(&self, turn: &Turn<'_, Own>, fact: Fact) -> Result<bool, Problem> {
        Err(turn.unknown_fact(fact))
    }
}
