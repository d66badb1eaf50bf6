//! What a desk does in its steps.

use signer::Problem;

use super::own::Own;
use super::{Desk, application, checks, choice, issue, journals, places, queries};
use crate::exchange::{Consent, ConsentState, Payload, Visit, sign_document};
use crate::regulation::{Fact, FieldType, Message, Step, Verb};
use crate::walk::{Checked, Performed, Turn, Worker};

impl Worker for Desk {
    type Own = Own;

    async fn check(&self, turn: &mut Turn<'_, Own>, step: &Step) -> Result<Checked, Problem> {
        checks::check(self, turn, step).await
    }

    async fn perform(&self, turn: &mut Turn<'_, Own>, step: &Step, verb: Verb) -> Result<Performed, Problem> {
        match verb {
            Verb::Query => return queries::ask(self, turn, step),
            Verb::Sign => {
                let draft = match &turn.case.own.issue {
                    Some(formed) => issue::bytes(turn, step, formed)?,
                    None => application::draft(self, turn, step).await?,
                };
                turn.case.own.draft.get_or_insert(draft);
                return Ok(Performed::Awaits);
            }
            deed if deed.is_deed() => return Ok(Performed::Awaits),
            Verb::Send => {
                let payload = self.outgoing(turn, step)?;
                self.send(turn, step, payload).await?;
            }
            Verb::Forward => {
                let brought = turn.case.own.brought.clone();
                let brought = brought.ok_or_else(|| turn.cannot(step, "nothing was brought"))?;
                self.send(turn, step, brought).await?;
            }
            Verb::Record => journals::record_case(self, turn, step).await?,
            Verb::RecordResult => journals::record_result(turn)?,
            Verb::Refuse => issue::refuse(self, turn, step).await?,
            Verb::Issue => issue::issue(self, turn, step).await?,
            Verb::Print => issue::print(turn, step)?,
            Verb::Deliver => issue::deliver(turn, step),
            other => return Err(turn.cannot(step, other.word())),
        }
        Ok(Performed::Done)
    }

    async fn fact(&self, turn: &Turn<'_, Own>, fact: Fact) -> Result<bool, Problem> {
        let own = &turn.case.own;
        match fact {
            Fact::NotRegistered => Ok(own.signed_in().is_none()),
            Fact::ConsentRequired => {
                let required = |consent: Consent| consent.state != ConsentState::NotRequired;
                own.any_consent()?.map(required).ok_or_else(|| turn.unknown_fact(fact))
            }
            Fact::Represented => Ok(own.representative.is_some()),
            Fact::AttorneyNotarised => Ok(own.notarised().is_some()),
            Fact::PlaceAvailable => {
                let organisation = choice::organisation(turn)?;
                Ok(places::free(&self.site, &organisation).await? > 0)
            }
            Fact::RegionalRoute => match super::own::field_of(turn, FieldType::Organisation)? {
                Some(organisation) => places::goes_by_region(&self.site, &organisation).await,
                None => Ok(false),
            },
            Fact::RuralAkimat => Ok(own.presented.as_ref().is_some_and(|presented| presented.originals)),
        }
    }
}

impl Desk {
    /// Sends the step's message, by the usual way or the other one.
    async fn send(&self, turn: &mut Turn<'_, Own>, step: &Step, payload: Payload) -> Result<(), Problem> {
        let mut otherwise = step.other_way_when().is_some();
        for fact in step.other_way_when().unwrap_or_default() {
            otherwise = otherwise && self.fact(turn, *fact).await?;
        }
        turn.send_by(step, otherwise, payload)
    }

    /// What the step sends: what was signed here, or what the system says for itself.
    fn outgoing(&self, turn: &mut Turn<'_, Own>, step: &Step) -> Result<Payload, Problem> {
        let message = step.said.sends.as_ref().map(|sends| sends.message);
        let message = message.ok_or_else(|| turn.cannot(step, "it sends nothing"))?;
        let own = &turn.case.own;
        match message {
            Message::Registration => {
                let registration = own.registration.as_ref();
                let registration = registration.ok_or_else(|| turn.cannot(step, "nothing is registered"))?;
                let document = sign_document(&self.site, registration, turn.now)?;
                Ok(Payload::of(turn.subject(), message, document))
            }
            Message::HomeVisit => {
                let visit = Visit::of(turn.subject(), turn.now, own.grounds.clone());
                let document = sign_document(&self.site, &visit, turn.now)?;
                Ok(Payload::of(turn.subject(), message, document))
            }
            _ => {
                let document = own.document.clone();
                let document = document.ok_or_else(|| turn.cannot(step, "nothing is signed"))?;
                let copies = own.request.as_ref().filter(|_| message.is_application());
                let attachments = copies.map(|request| request.copies.clone()).unwrap_or_default();
                // What was formed here is shown where it goes to.
                turn.case.formed = None;
                turn.case.own.issue = None;
                Ok(Payload { attachments, ..Payload::of(turn.subject(), message, document) })
            }
        }
    }
}
