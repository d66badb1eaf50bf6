//! ПЭП: the portal with the personal cabinet.
//!
//! A recipient opens a case of a service and then does, deed by deed, what the case waits for. The portal goes
//! through its own steps of the regulation in between.

mod deeds;
mod http;

use certs::verdict::Verdict;
use certs::{Certificate, Identifier};
use registries::store::Batch;
use serde::{Deserialize, Serialize};
use signer::{Document, Problem, Question};

use super::accounts;
use super::application::{self, Request};
use super::outcome::take_outcome;
use crate::exchange::{Delivery, Node, Payload, inspect_document};
use crate::regulation::{CheckWord, Fact, Step, Verb};
use crate::site::Site;
use crate::walk::{Checked, Performed, Reason, ToSign, Turn, Worker, hinder, stop};

pub use http::router;

/// The portal.
pub struct Portal {
    /// Where it lives.
    pub site: Site,
}

/// What the portal keeps of a case.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Own {
    /// The last try to sign in.
    login: Option<Login>,
    /// The form as it was filled in.
    request: Option<Request>,
    /// The chosen certificate, as PEM.
    certificate: Option<String>,
    /// The application, waiting for its signature.
    draft: Option<ToSign>,
    /// The signed application.
    document: Option<Document>,
}

/// A try to sign in.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Login {
    /// `iin` or `bin`.
    #[serde(flatten)]
    who: Identifier,
    authentic: bool,
}

impl Own {
    /// The recipient, once signed in.
    fn recipient(&self) -> Option<Identifier> {
        self.login.as_ref().filter(|login| login.authentic).map(|login| login.who)
    }
}

impl Node for Portal {
    fn site(&self) -> &Site {
        &self.site
    }

    async fn inspect(&self, delivery: &Delivery) -> Result<(), Problem> {
        inspect_document(&self.site, delivery).await.map(drop)
    }

    async fn take(&self, delivery: Delivery, receipt: Batch) -> Result<(), Problem> {
        take_outcome(self, &self.site, delivery, receipt).await
    }

    async fn rejected(&self, payload: &Payload, problem: Problem) -> Result<(), Problem> {
        stop::<Own>(&self.site, payload, problem).await
    }

    async fn hindered(&self, payload: &Payload, problem: Option<Problem>) -> Result<(), Problem> {
        hinder::<Own>(&self.site, payload, problem).await
    }
}

impl Worker for Portal {
    type Own = Own;

    async fn check(&self, turn: &mut Turn<'_, Own>, step: &Step) -> Result<Checked, Problem> {
        let of_certificate: Vec<_> =
            step.checks().iter().filter_map(|check| check.of_certificate()).collect();
        let mut verdict = None;
        if !of_certificate.is_empty() {
            let certificate = turn.case.own.certificate.as_deref();
            let certificate = certificate.ok_or_else(|| turn.cannot(step, "no certificate was chosen"))?;
            let certificate =
                Certificate::from_pem(certificate).map_err(|error| turn.cannot(step, &error.to_string()))?;
            let question = Question { checks: &of_certificate, declared: declared(turn), roles: &[] };
            verdict = Some(self.site.validator.validate(&certificate, &question).await);
        }
        let mut failed = Vec::new();
        for check in step.checks() {
            match check.of_certificate() {
                Some(of_certificate) => {
                    let failures = verdict.iter().flat_map(Verdict::failed);
                    failed.extend(failures.filter(|(failing, _)| *failing == of_certificate).map(
                        |(_, failure)| Reason {
                            check: *check,
                            code: failure.code().to_owned(),
                            text: failure.text(),
                            facts: serde_json::json!(failure)["facts"].clone(),
                        },
                    ));
                }
                None if *check == CheckWord::LoginAuthentic => {
                    if turn.case.own.recipient().is_none() {
                        failed.push(accounts::not_authentic(*check));
                    }
                }
                None => return Err(turn.cannot(step, check.word())),
            }
        }
        // What could not be checked decides nothing, unless something else failed for certain.
        match verdict.as_ref().filter(|_| failed.is_empty()).and_then(Problem::of_verdict) {
            Some(problem) => Err(problem.at(step.at()).by(self.site.system())),
            None => Ok(Checked::Decided(failed)),
        }
    }

    async fn perform(&self, turn: &mut Turn<'_, Own>, step: &Step, verb: Verb) -> Result<Performed, Problem> {
        match verb {
            Verb::Sign => {
                turn.case.own.draft = Some(draft(turn, step)?);
                Ok(Performed::Awaits)
            }
            deed if deed.is_deed() => Ok(Performed::Awaits),
            Verb::Send => {
                let own = &turn.case.own;
                let payload = application::payload(turn, step, own.document.as_ref(), own.request.as_ref())?;
                turn.send_by(step, payload)?;
                Ok(Performed::Done)
            }
            Verb::Refuse => {
                turn.form_refusal(step);
                Ok(Performed::Done)
            }
            Verb::Deliver => {
                turn.deliver(step);
                Ok(Performed::Done)
            }
            other => Err(turn.cannot(step, other.word())),
        }
    }

    async fn fact(&self, turn: &Turn<'_, Own>, fact: Fact) -> Result<bool, Problem> {
        match (fact, turn.case.own.recipient()) {
            (Fact::NotRegistered, recipient) => Ok(recipient.is_none()),
            _ => Err(turn.unknown_fact(fact)),
        }
    }
}

/// The identifier that the form declares.
fn declared(turn: &Turn<'_, Own>) -> Option<Identifier> {
    turn.regulation.declared(&turn.case.own.request.as_ref()?.fields)
}

/// The bytes of the application: from the form, once, never again.
fn draft(turn: &Turn<'_, Own>, step: &Step) -> Result<ToSign, Problem> {
    if let Some(draft) = &turn.case.own.draft {
        return Ok(draft.clone());
    }
    let request = turn.case.own.request.as_ref();
    let request = request.ok_or_else(|| turn.cannot(step, "the form is not filled in"))?;
    let declared = declared(turn).ok_or_else(|| turn.cannot(step, "nobody is declared"))?;
    application::draft(turn, step, request, declared, None)
}
