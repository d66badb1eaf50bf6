//! АРМ ИС ГК: the State Corporation's workstation.
//!
//! An employee opens a case for whoever stands at the counter, asks the registers, scans the papers, and files the
//! application with a key of their own. The workstation goes through its own steps of the regulation in between.

mod checks;
mod deeds;
mod http;

use certs::{Identifier, Iin};
use registries::store::Batch;
use serde::{Deserialize, Serialize};
use signer::{Code, Document, Problem, json_fault};
use uuid::Uuid;

use super::application::{self, Request};
use super::outcome::{case_of, take_outcome};
use crate::exchange::{
    About, Answer, CertifiedBy, Consent, ConsentState, Counter, Delivery, Issue, Node, Organisation, Payload,
    Query, Registration, Representative, SPECIMEN, inspect_answer, inspect_document, record, sign_document,
};
use crate::regulation::{Carrier, Fact, Message, Step, Verb};
use crate::site::Site;
use crate::walk::{Checked, Performed, Position, ToSign, Turn, Worker, hinder, stop, walk};

pub use http::{CounterCase, router};

/// The workstation.
pub struct Workstation {
    /// Where it lives.
    pub site: Site,
}

/// What the workstation keeps of a case.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Own {
    /// What was said about consent.
    consent: Option<Consent>,
    /// What was presented at the counter.
    presented: Option<Presented>,
    /// The employee who sits at it.
    employee: Option<Iin>,
    /// The form as it was filled in, with the scans.
    request: Option<Request>,
    /// Who came for the recipient.
    representative: Option<Representative>,
    /// The documents that are there on paper.
    papers: Vec<String>,
    /// The questions that were sent, by the steps that ask them.
    asked: Vec<Asked>,
    /// What the registers answered.
    answers: Vec<Answer>,
    /// The application, waiting for its signature.
    draft: Option<ToSign>,
    /// The signed application.
    document: Option<Document>,
    /// What holds the key that signed, as the employee said.
    #[serde(default)]
    carrier: Option<Carrier>,
    /// Under which number it was registered.
    registration: Option<Registration>,
    /// Whom the result was handed to.
    handed_to: Option<Iin>,
}

/// What was presented at the counter.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Presented {
    documents: Vec<String>,
    missing: Vec<String>,
}

/// A question that was sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Asked {
    at: String,
    query: Uuid,
}

impl Node for Workstation {
    fn site(&self) -> &Site {
        &self.site
    }

    async fn inspect(&self, delivery: &Delivery) -> Result<(), Problem> {
        inspect_document(&self.site, delivery).await.map(drop)
    }

    async fn take(&self, delivery: Delivery, receipt: Batch) -> Result<(), Problem> {
        if delivery.payload.message == Message::Registration {
            return self.take_registration(&delivery, receipt).await;
        }
        take_outcome(self, &self.site, delivery, receipt).await
    }

    async fn rejected(&self, payload: &Payload, problem: Problem) -> Result<(), Problem> {
        stop::<Own>(&self.site, payload, problem).await
    }

    async fn hindered(&self, payload: &Payload, problem: Option<Problem>) -> Result<(), Problem> {
        hinder::<Own>(&self.site, payload, problem).await
    }

    async fn answered(&self, payload: &Payload, document: Document) -> Result<(), Problem> {
        let not_awaited = |what: &str| Problem::new(Code::StepOutOfOrder).detail(what);
        let Some(mut turn) = Turn::<Own>::load(&self.site, payload.case).await? else {
            return Err(not_awaited("the case is not kept here"));
        };
        let query: Query = serde_json::from_slice(&payload.document.verify()?.content)
            .map_err(|error| Problem::new(Code::EnvelopeMalformed).detail(json_fault(&error)))?;
        let asked = turn.case.own.asked.iter().find(|asked| asked.query == query.query).cloned();
        let step = turn.step().filter(|step| asked.is_some_and(|asked| asked.at == step.at())).cloned();
        let (Some(step), Position::At { at, done }) = (step, turn.case.position.clone()) else {
            return Err(not_awaited("the case does not wait for this answer any more"));
        };
        let register = step.said.sends.as_ref().map(|sends| sends.to);
        let register = register.ok_or_else(|| turn.cannot(&step, "it asks nobody"))?;
        let located = |problem: Problem| problem.at(step.at()).by(self.site.system());
        let answer = inspect_answer(&self.site, register, payload, &document).await.map_err(located)?;
        turn.case.own.answers.push(answer);
        turn.case.hindrance = None;
        turn.case.position = Position::At { at, done: done + 1 };
        walk(self, &mut turn).await?;
        turn.commit().await.map(drop)
    }
}

impl Worker for Workstation {
    type Own = Own;

    async fn check(&self, turn: &mut Turn<'_, Own>, step: &Step) -> Result<Checked, Problem> {
        checks::check(turn, step)
    }

    async fn perform(&self, turn: &mut Turn<'_, Own>, step: &Step, verb: Verb) -> Result<Performed, Problem> {
        match verb {
            Verb::Query => return self.ask(turn, step),
            Verb::Sign => {
                let counter = self.counter(turn, step).await?;
                let own = &turn.case.own;
                let request =
                    own.request.as_ref().ok_or_else(|| turn.cannot(step, "the form is not filled in"))?;
                let employee = own.employee.ok_or_else(|| turn.cannot(step, "nobody is signed in"))?;
                let draft = application::draft(turn, step, request, employee.into(), Some(counter))?;
                turn.case.own.draft.get_or_insert(draft);
                return Ok(Performed::Awaits);
            }
            deed if deed.is_deed() => return Ok(Performed::Awaits),
            Verb::Send => {
                let own = &turn.case.own;
                let payload = application::payload(turn, step, own.document.as_ref(), own.request.as_ref())?;
                turn.send_by(step, payload)?;
            }
            Verb::Refuse => turn.form_refusal(step),
            Verb::Issue => self.form_receipt(turn, step).await?,
            Verb::Deliver => turn.deliver(step),
            other => return Err(turn.cannot(step, other.word())),
        }
        Ok(Performed::Done)
    }

    async fn fact(&self, turn: &Turn<'_, Own>, fact: Fact) -> Result<bool, Problem> {
        let own = &turn.case.own;
        match fact {
            Fact::ConsentRequired => {
                let consent = own.consent.as_ref().ok_or_else(|| turn.unknown_fact(fact))?;
                Ok(consent.state != ConsentState::NotRequired)
            }
            Fact::Represented => Ok(own.representative.is_some()),
            Fact::AttorneyNotarised => Ok(own.notarised().is_some()),
            Fact::NotRegistered | Fact::PlaceAvailable => Err(turn.unknown_fact(fact)),
        }
    }
}

impl Own {
    /// The representative, if a notary certified their power of attorney.
    fn notarised(&self) -> Option<&Representative> {
        self.representative.as_ref().filter(|who| who.certified == CertifiedBy::Notary)
    }
}

/// The IIN of the recipient, as the form has it.
fn recipient(turn: &Turn<'_, Own>) -> Option<Iin> {
    match turn.regulation.declared(&turn.case.own.request.as_ref()?.fields)? {
        Identifier::Iin(iin) => Some(iin),
        Identifier::Bin(_) => None,
    }
}

/// The grounds of the refusal that was received, as the provider's staff wrote them.
fn found_by_provider(turn: &Turn<'_, Own>) -> String {
    let document = turn.case.formed.as_ref().and_then(|formed| formed.document.as_ref());
    let content = document.and_then(|document| document.verify().ok()).map(|verified| verified.content);
    let issue = content.and_then(|content| serde_json::from_slice::<Issue>(&content).ok());
    issue.and_then(|issue| issue.grounds).unwrap_or_default()
}

impl Workstation {
    /// Sends the step's question, once; its answer leads on.
    fn ask(&self, turn: &mut Turn<'_, Own>, step: &Step) -> Result<Performed, Problem> {
        let own = &turn.case.own;
        if own.asked.iter().any(|asked| asked.at == step.at()) {
            return Ok(Performed::Awaits);
        }
        let message = step.said.sends.as_ref().map(|sends| sends.message);
        let about = match message {
            Some(Message::PersonQuery) => {
                let iin = recipient(turn).ok_or_else(|| turn.cannot(step, "no recipient is entered"))?;
                About::Person { iin: iin.to_string() }
            }
            Some(Message::AttorneyQuery) => {
                let power = own.notarised().and_then(|who| who.power.clone());
                About::Power {
                    number: power.ok_or_else(|| turn.cannot(step, "no power of attorney is entered"))?,
                }
            }
            _ => return Err(turn.cannot(step, "it knows no such question")),
        };
        let employee = own.employee.ok_or_else(|| turn.cannot(step, "nobody is signed in"))?;
        let query = Query {
            specimen: SPECIMEN.to_owned(),
            subject: turn.subject(),
            query: Uuid::new_v4(),
            asked_at: turn.now,
            employee: employee.to_string(),
            consent: own.consent.clone(),
            about,
        };
        let document = sign_document(&self.site, &query, turn.now)?;
        turn.send_by(step, Payload::of(turn.subject(), query.about.message(), document))?;
        turn.case.own.asked.push(Asked { at: step.at().to_owned(), query: query.query });
        Ok(Performed::Awaits)
    }

    /// Who files the application, and on what.
    async fn counter(&self, turn: &Turn<'_, Own>, step: &Step) -> Result<Counter, Problem> {
        let own = &turn.case.own;
        let consent = own.consent.clone().ok_or_else(|| turn.cannot(step, "no consent was taken"))?;
        Ok(Counter {
            organisation: self.organisation().await?,
            consent,
            papers: own.papers.clone(),
            representative: own.representative.clone(),
        })
    }

    async fn organisation(&self) -> Result<Organisation, Problem> {
        let us = record(&self.site.world, self.site.system()).await?;
        Ok(Organisation { name: us.organisation, bin: us.bin })
    }

    /// The receipt that goes with a refusal: on paper, with the documents that are missing, or with what the provider
    /// found of them.
    async fn form_receipt(&self, turn: &mut Turn<'_, Own>, step: &Step) -> Result<(), Problem> {
        let said = step.said.documents.first().ok_or_else(|| turn.cannot(step, "it has no receipt"))?;
        let missing = turn.case.own.presented.as_ref().map(|presented| &presented.missing);
        let titles = turn.regulation.said.form.copies.iter();
        let titles = titles.filter(|copy| missing.is_some_and(|missing| missing.contains(&copy.name)));
        let grounds: Vec<String> =
            titles.map(|copy| format!("{} / {}", copy.title.kk, copy.title.ru)).collect();
        let refusal = step.said.refusal.as_ref();
        let receipt = Issue {
            specimen: SPECIMEN.to_owned(),
            document: said.document,
            title: said.title.clone(),
            subject: turn.subject(),
            made_at: turn.now,
            provider: self.organisation().await?,
            code: refusal.map(|refusal| refusal.code.clone()),
            message: refusal.map(|refusal| refusal.message.clone()),
            grounds: Some(if grounds.is_empty() { found_by_provider(turn) } else { grounds.join("; ") }),
            queue_number: None,
            organisation: None,
        };
        if let Some(formed) = &mut turn.case.formed {
            formed.paper = Some(receipt);
        }
        Ok(())
    }

    /// Notes the number; the case goes on where it stands.
    async fn take_registration(&self, delivery: &Delivery, receipt: Batch) -> Result<(), Problem> {
        let step = delivery.receiving_step(self.site.system())?.clone();
        let mut turn = case_of::<Own>(&self.site, delivery).await?;
        let out_of_order = |what: &str| Problem::new(Code::StepOutOfOrder).detail(what);
        if turn.case.own.document.is_none() {
            return Err(out_of_order("the case was not sent to be registered"));
        }
        if turn.case.own.registration.is_some() {
            return Err(out_of_order("the case is registered already"));
        }
        let content = delivery.payload.document.verify()?.content;
        let registration = serde_json::from_slice(&content)
            .map_err(|error| Problem::new(Code::EnvelopeMalformed).detail(json_fault(&error)))?;
        turn.case.own.registration = Some(registration);
        turn.merge(receipt);
        turn.report(&step, "done", &[]);
        turn.commit().await.map(drop)
    }
}
