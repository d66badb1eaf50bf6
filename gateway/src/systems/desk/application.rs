//! The application: made once from a filled-in form, signed by its author, sent unchanged. A complaint is one too.

use std::collections::BTreeMap;

use certs::{Bin, CheckDigit, Identifier};
use serde::{Deserialize, Serialize};
use signer::Problem;

use super::Desk;
use super::own::{Own, declared};
use crate::exchange::{
    Application, Attachment, CopyDigest, Counter, JSON, Organisation, SPECIMEN, identifier_text, record,
    sha256_hex,
};
use crate::regulation::{Person, Step};
use crate::walk::{ToSign, Turn};

/// A filled-in form.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Request {
    /// The fields by name.
    pub(super) fields: BTreeMap<String, String>,
    /// The copies.
    pub(super) copies: Vec<Attachment>,
}

/// The bytes of the application. What it declares is the identifier of whoever signs it: the recipient, the signed-in
/// employee, or else the organisation that staff sign for.
pub(super) async fn draft(desk: &Desk, turn: &Turn<'_, Own>, step: &Step) -> Result<ToSign, Problem> {
    let own = &turn.case.own;
    let request = own.request.as_ref().ok_or_else(|| turn.cannot(step, "the form is not filled in"))?;
    let counter = match step.said.signed_by {
        Some(person) if person != Person::Recipient => Some(counter(desk, turn, step, person).await?),
        _ => None,
    };
    let declared = match (&counter, own.employee) {
        (None, _) => declared(turn).ok_or_else(|| turn.cannot(step, "nobody is declared"))?,
        (Some(_), Some(employee)) => employee.into(),
        (Some(counter), None) => Identifier::Bin(
            Bin::parse(&counter.organisation.bin, CheckDigit::AnyDigit).map_err(Problem::technical)?,
        ),
    };
    let copies = request.copies.iter().map(|copy| CopyDigest {
        name: copy.name.clone(),
        media_type: copy.media_type.clone(),
        sha256: sha256_hex(&copy.content.0),
    });
    let application = Application {
        specimen: SPECIMEN.to_owned(),
        subject: turn.subject(),
        service: turn.regulation.said.title.clone(),
        made_at: turn.now,
        declared: identifier_text(declared),
        counter,
        fields: request.fields.clone(),
        copies: copies.collect(),
    };
    let content =
        serde_json::to_vec_pretty(&application).map_err(|error| turn.cannot(step, &error.to_string()))?;
    Ok(ToSign { media_type: JSON.to_owned(), content: content.into() })
}

/// Who files the application for the recipient, and on what.
async fn counter(desk: &Desk, turn: &Turn<'_, Own>, step: &Step, person: Person) -> Result<Counter, Problem> {
    let own = &turn.case.own;
    let asked = turn.channel.does(crate::regulation::Verb::Consent);
    if asked && own.consent.is_none() {
        return Err(turn.cannot(step, "no consent was taken"));
    }
    let organisation = person.works_for().ok_or_else(|| turn.cannot(step, "nobody signs for it"))?;
    let known = record(&desk.site.world, organisation).await?;
    Ok(Counter {
        organisation: Organisation { name: known.organisation, bin: known.bin },
        consent: own.consent.clone(),
        papers: own.papers.clone(),
        representative: own.representative.clone(),
    })
}
