//! Questions to registers: asked once by a step, answered through the gateway.

use certs::Iin;
use signer::{Code, Document, Problem, json_fault};
use uuid::Uuid;

use super::Desk;
use super::own::{Asked, Own, recipient};
use crate::exchange::{About, Payload, Query, SPECIMEN, inspect_answer, sign_document};
use crate::regulation::{FieldType, Message, Step};
use crate::walk::{Performed, Position, Turn, walk};

/// Sends the step's question, once; its answer leads on.
pub(super) fn ask(desk: &Desk, turn: &mut Turn<'_, Own>, step: &Step) -> Result<Performed, Problem> {
    if turn.case.own.asked.iter().any(|asked| asked.at == step.at()) {
        return Ok(Performed::Awaits);
    }
    let query = Query {
        specimen: SPECIMEN.to_owned(),
        subject: turn.subject(),
        query: Uuid::new_v4(),
        asked_at: turn.now,
        employee: turn.case.own.employee.map(|employee| employee.to_string()),
        consent: turn.case.own.any_consent()?,
        about: about(turn, step)?,
    };
    let document = sign_document(&desk.site, &query, turn.now)?;
    let payload = Payload::of(turn.subject(), query.about.message(), document);
    turn.send_by(step, false, payload)?;
    turn.case.own.asked.push(Asked { at: step.at().to_owned(), query: query.query });
    Ok(Performed::Awaits)
}

/// Whom or what the step asks about.
fn about(turn: &Turn<'_, Own>, step: &Step) -> Result<About, Problem> {
    let person = || recipient(turn).ok_or_else(|| turn.cannot(step, "no recipient is entered"));
    match step.said.sends.as_ref().map(|sends| sends.message) {
        Some(Message::PersonQuery) => Ok(About::Person { iin: person()?.to_string() }),
        Some(Message::AttorneyQuery) => {
            let power = turn.case.own.notarised().and_then(|who| who.power.clone());
            Ok(About::Power {
                number: power.ok_or_else(|| turn.cannot(step, "no power of attorney is entered"))?,
            })
        }
        Some(Message::DocumentsQuery) => Ok(About::Documents {
            iin: person()?.to_string(),
            child: child(turn)?.map(|iin| iin.to_string()),
        }),
        _ => Err(turn.cannot(step, "it knows no such question")),
    }
}

/// The child that the service is for, as the form has it.
fn child(turn: &Turn<'_, Own>) -> Result<Option<Iin>, Problem> {
    let fields = turn.case.own.fields()?;
    let mut others = turn.channel.form.fields.iter();
    let other = others.find(|field| field.kind == FieldType::Iin && !field.declares_identity);
    let digits = other.and_then(|field| fields.get(&field.name));
    Ok(digits.and_then(|digits| Iin::parse(digits, certs::CheckDigit::AnyDigit).ok()))
}

/// Takes the answer of a register, and goes on.
pub(super) async fn answered(desk: &Desk, payload: &Payload, document: Document) -> Result<(), Problem> {
    let not_awaited = |what: &str| Problem::new(Code::StepOutOfOrder).detail(what);
    let Some(mut turn) = Turn::<Own>::load(&desk.site, payload.case).await? else {
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
    let located = |problem: Problem| problem.at(step.at()).by(desk.site.system());
    let answer = inspect_answer(&desk.site, register, payload, &document).await.map_err(located)?;
    turn.case.own.answers.push(answer);
    turn.case.hindrance = None;
    turn.case.position = Position::At { at, done: done + 1 };
    walk(desk, &mut turn).await?;
    turn.commit().await.map(drop)
}
