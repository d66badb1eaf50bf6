//! АРМ РШЭП: takes applications, registers them and hands them to the provider; passes outcomes back.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use registries::store::{Batch, Expect, Page};
use serde::{Deserialize, Serialize};
use signer::{Code, Problem};

use crate::exchange::{
    Delivery, Node, Organisation, Payload, Registration, SPECIMEN, inspect_document, messages_router, record,
    sign_document,
};
use crate::regulation::{Fact, Message, Step, Verb};
use crate::site::Site;
use crate::walk::{Checked, Performed, Turn, Worker, hinder, stop, take_up};

/// The record kind of the last incoming number; its one key is `last`.
const NUMBER: &str = "incoming-number";
/// The record kind of the registration journal; keys are the numbers.
const JOURNAL: &str = "registration";
/// How often a number is taken anew when another application took it first.
const ATTEMPTS: usize = 16;

/// The regional gateway's workstation.
pub struct RegionalWorkstation {
    /// Where it lives.
    pub site: Site,
}

/// What it keeps of a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Own {
    /// The message it took, to hand on unchanged.
    application: Payload,
    /// Under which number it was registered.
    registration: Option<Registration>,
}

/// The addresses below `/regional-workstation`.
pub fn router(workstation: Arc<RegionalWorkstation>) -> Router {
    Router::new()
        .route("/registrations", get(registrations))
        .with_state(workstation.clone())
        .merge(messages_router(workstation))
}

/// The registration journal.
async fn registrations(
    State(workstation): State<Arc<RegionalWorkstation>>,
) -> Result<Json<Vec<Registration>>, Problem> {
    let entries = workstation.site.world.store.list_as::<Registration>(JOURNAL, Page::all()).await?;
    Ok(Json(entries.into_iter().map(|entry| entry.value).collect()))
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
        let own = Own { application: delivery.payload.clone(), registration: None };
        let mut last = Problem::new(Code::Busy);
        for _ in 0..ATTEMPTS {
            match take_up(self, &self.site, &delivery, receipt.clone(), own.clone()).await {
                Err(problem) if problem.code == Code::Busy => last = problem,
                taken => return taken,
            }
        }
        Err(last)
    }

    async fn rejected(&self, payload: &Payload, problem: Problem) -> Result<(), Problem> {
        // The number is for information: a case goes on without it.
        if payload.message == Message::Registration {
            return Ok(());
        }
        stop::<Own>(&self.site, payload, problem).await
    }

    async fn hindered(&self, payload: &Payload, problem: Option<Problem>) -> Result<(), Problem> {
        hinder::<Own>(&self.site, payload, problem).await
    }
}

impl Worker for RegionalWorkstation {
    type Own = Own;

    async fn check(&self, turn: &mut Turn<'_, Own>, step: &Step) -> Result<Checked, Problem> {
        Err(turn.cannot(step, "it makes no checks"))
    }

    async fn perform(&self, turn: &mut Turn<'_, Own>, step: &Step, verb: Verb) -> Result<Performed, Problem> {
        match verb {
            Verb::Record => self.register(turn).await?,
            Verb::Send => {
                let registration = turn.case.own.registration.as_ref();
                let registration = registration.ok_or_else(|| turn.cannot(step, "nothing is registered"))?;
                let document = sign_document(&self.site, registration, turn.now)?;
                turn.send_by(step, Payload::of(turn.subject(), Message::Registration, document))?;
            }
            Verb::Forward => turn.send_by(step, turn.case.own.application.clone())?,
            other => return Err(turn.cannot(step, other.word())),
        }
        Ok(Performed::Done)
    }

    async fn fact(&self, turn: &Turn<'_, Own>, fact: Fact) -> Result<bool, Problem> {
        Err(turn.unknown_fact(fact))
    }
}

impl RegionalWorkstation {
    /// Enters the application into the journal, under the next number.
    async fn register(&self, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        let store = &self.site.world.store;
        let last = store.get_as::<u64>(NUMBER, "last").await?;
        let (number, expect) =
            last.map_or((1, Expect::Absent), |record| (record.value + 1, Expect::Version(record.version)));
        let us = record(&self.site.world, self.site.system()).await?;
        let registration = Registration {
            specimen: SPECIMEN.to_owned(),
            subject: turn.subject(),
            number: format!("TEST-{number:06}"),
            registered_at: turn.now,
            organisation: Organisation { name: us.organisation, bin: us.bin },
        };
        let batch = store.batch().put(NUMBER, "last", &number, expect)?;
        turn.merge(batch.put(JOURNAL, &registration.number, &registration, Expect::Absent)?);
        turn.case.own.registration = Some(registration);
        Ok(())
    }
}
