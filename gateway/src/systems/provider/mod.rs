//! The provider's information system with its staff desks.
//!
//! An application arrives and waits at the desk. Staff decide and sign; what is issued follows from the
//! provider's own data: free places and the numbers of its queues.

mod desk;
mod places;

use registries::store::Batch;
use serde::{Deserialize, Serialize};
use signer::{Document, Problem, System};

use crate::exchange::{
    Application, Delivery, Issue, Node, Organisation, Payload, SPECIMEN, inspect_document, record,
};
use crate::regulation::file;
use crate::regulation::{Fact, FieldType, Issued, Step, Verb};
use crate::site::Site;
use crate::walk::{Checked, Performed, Reason, ToSign, Turn, Worker, hinder, stop, take_up};

pub use desk::{Decision, Task, router};

/// The provider's system.
pub struct Provider {
    /// Where it lives.
    pub site: Site,
}

/// What the provider keeps of a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Own {
    /// The application as it arrived.
    application: Payload,
    /// What staff decided, until the condition has taken note of it.
    decision: Option<Decision>,
    /// What staff found last.
    grounds: Option<String>,
    /// The document that waits for its signature.
    draft: Option<ToSign>,
    /// The signed document.
    document: Option<Document>,
}

impl Own {
    /// What the recipient signed.
    fn read(&self) -> Result<Application, Problem> {
        let verified = self.application.document.verify()?;
        serde_json::from_slice(&verified.content)
            .map_err(|error| Problem::new(signer::Code::EnvelopeMalformed).detail(error.to_string()))
    }
}

impl Node for Provider {
    fn site(&self) -> &Site {
        &self.site
    }

    async fn inspect(&self, delivery: &Delivery) -> Result<(), Problem> {
        inspect_document(&self.site, delivery).await.map(drop)
    }

    async fn take(&self, delivery: Delivery, receipt: Batch) -> Result<(), Problem> {
        let own = Own {
            application: delivery.payload.clone(),
            decision: None,
            grounds: None,
            draft: None,
            document: None,
        };
        take_up(self, &self.site, &delivery, receipt, own).await
    }

    async fn rejected(&self, payload: &Payload, problem: Problem) -> Result<(), Problem> {
        stop::<Own>(&self.site, payload, problem).await
    }

    async fn hindered(&self, payload: &Payload, problem: Option<Problem>) -> Result<(), Problem> {
        hinder::<Own>(&self.site, payload, problem).await
    }
}

impl Worker for Provider {
    type Own = Own;

    async fn check(&self, turn: &mut Turn<'_, Own>, step: &Step) -> Result<Checked, Problem> {
        if let Some(other) = step.checks().iter().find(|check| !check.is_decided_by_staff()) {
            return Err(turn.cannot(step, other.word()));
        }
        let Some(decision) = turn.case.own.decision.take() else { return Ok(Checked::Awaits) };
        turn.case.own.grounds.clone_from(&decision.grounds);
        let failed =
            step.checks().iter().filter(|check| decision.failing.contains(check)).map(|check| Reason {
                check: *check,
                code: format!("not-{check}"),
                text: decision.grounds_text(),
                facts: serde_json::Value::Null,
            });
        Ok(Checked::Decided(failed.collect()))
    }

    async fn perform(&self, turn: &mut Turn<'_, Own>, step: &Step, verb: Verb) -> Result<Performed, Problem> {
        match verb {
            Verb::Refuse => {
                let issue = self.refusal(turn, step).await?;
                draft(turn, step, &issue)
            }
            Verb::Issue => {
                let issue = self.result(turn, step).await?;
                draft(turn, step, &issue)
            }
            deed if deed.is_deed() => Ok(Performed::Awaits),
            Verb::Send => {
                let document = turn.case.own.document.clone();
                let document = document.ok_or_else(|| turn.cannot(step, "nothing is signed"))?;
                let application = turn.case.own.application.clone();
                turn.send_by(step, Payload { document, attachments: Vec::new(), ..application })?;
                Ok(Performed::Done)
            }
            other => Err(turn.cannot(step, other.word())),
        }
    }

    async fn fact(&self, turn: &Turn<'_, Own>, fact: Fact) -> Result<bool, Problem> {
        match fact {
            Fact::PlaceAvailable => {
                let organisation = required(turn, asked_for(turn)?.as_deref())?;
                Ok(places::free(&self.site.world.store, &organisation).await? > 0)
            }
            _ => Err(turn.unknown_fact(fact)),
        }
    }
}

impl Provider {
    async fn issue(
        &self,
        turn: &Turn<'_, Own>,
        document: Issued,
        title: certs::Text,
    ) -> Result<Issue, Problem> {
        let provider = record(&self.site.world, System::Provider).await?;
        Ok(Issue {
            specimen: SPECIMEN.to_owned(),
            document,
            title,
            subject: turn.subject(),
            made_at: turn.now,
            provider: Organisation { name: provider.organisation, bin: provider.bin },
            code: None,
            message: None,
            grounds: None,
            queue_number: None,
            organisation: None,
        })
    }

    async fn refusal(&self, turn: &Turn<'_, Own>, step: &Step) -> Result<Issue, Problem> {
        let refusal = step.said.refusal.as_ref().ok_or_else(|| turn.cannot(step, "it has no refusal"))?;
        let issue = self.issue(turn, Issued::Refusal, turn.regulation.said.title.clone()).await?;
        Ok(Issue {
            code: Some(refusal.code.clone()),
            message: Some(refusal.message.clone()),
            grounds: turn.case.own.grounds.clone(),
            ..issue
        })
    }

    /// The first document whose guard holds, with what it takes from the provider's data.
    async fn result(&self, turn: &mut Turn<'_, Own>, step: &Step) -> Result<Issue, Problem> {
        let said = self.choose(turn, step).await?;
        let organisation = asked_for(turn)?;
        let mut issue = self.issue(turn, said.document, said.title).await?;
        let store = &self.site.world.store;
        match said.document {
            Issued::Referral => {
                let change = places::take(store, &required(turn, organisation.as_deref())?).await?;
                turn.merge(change);
            }
            Issued::QueueNotice => {
                let (number, change) =
                    places::next_number(store, &required(turn, organisation.as_deref())?).await?;
                turn.merge(change);
                issue.queue_number = Some(number);
            }
            Issued::Decision | Issued::OrderCopy => {}
            Issued::AcceptanceRefusalReceipt | Issued::Refusal => {
                return Err(turn.cannot(step, "it is not issued at the provider"));
            }
        }
        Ok(Issue { organisation, ..issue })
    }

    async fn choose(&self, turn: &Turn<'_, Own>, step: &Step) -> Result<file::Document, Problem> {
        for document in &step.said.documents {
            let mut holds = true;
            for fact in document.when.iter().flat_map(|when| &when.all) {
                holds = holds && self.fact(turn, *fact).await?;
            }
            if holds {
                return Ok(document.clone());
            }
        }
        Err(turn.cannot(step, "no document's guard holds"))
    }
}

fn draft(turn: &mut Turn<'_, Own>, step: &Step, issue: &Issue) -> Result<Performed, Problem> {
    let content = serde_json::to_vec_pretty(issue).map_err(|error| turn.cannot(step, &error.to_string()))?;
    turn.case.own.draft = Some(ToSign { media_type: "application/json".to_owned(), content: content.into() });
    Ok(Performed::Done)
}

/// The organisation that the application asks for, if its form has a field of that type.
fn asked_for(turn: &Turn<'_, Own>) -> Result<Option<String>, Problem> {
    let fields = &turn.regulation.said.form.fields;
    let field = fields.iter().find(|field| field.kind == FieldType::Organisation);
    let Some(field) = field else { return Ok(None) };
    Ok(turn.case.own.read()?.fields.get(&field.name).cloned())
}

/// The organisation, for what cannot be done without one.
fn required(turn: &Turn<'_, Own>, organisation: Option<&str>) -> Result<String, Problem> {
    let missing = || Problem::technical("the form asks for no organisation").by(turn.site.system());
    organisation.map(str::to_owned).ok_or_else(missing)
}
