//! The journals of a desk: what came in, under which number; which results were given.

use registries::store::{Expect, Page};
use serde::{Deserialize, Serialize};
use signer::Problem;

use super::Desk;
use super::own::Own;
use super::places::count_on;
use crate::exchange::{Accepted, Organisation, Registration, SPECIMEN, Subject, record};
use crate::regulation::Step;
use crate::site::Site;
use crate::walk::Turn;
use jiff::Timestamp;

/// The record kind of the last incoming number; keys are systems.
const NUMBER: &str = "incoming-number";
/// The record kind of the registration journal; keys are `{system}/{number}`.
const JOURNAL: &str = "registration";
/// The record kind of the journal of results; keys are `{system}/{case}`.
const RESULTS: &str = "result-journal";

/// Whom a stamp names where nobody said who they are.
const SOMEBODY: &str = "ҮЛГІБАЕВ С. TEST";

/// An entry of the journal of results.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ResultEntry {
    /// What it belongs to.
    #[serde(flatten)]
    subject: Subject,
    /// The document that was given.
    document: Option<String>,
    /// When.
    given_at: Timestamp,
}

/// Enters the case into the journal under the next number, once.
pub(super) async fn record_case(desk: &Desk, turn: &mut Turn<'_, Own>, step: &Step) -> Result<(), Problem> {
    if turn.case.own.registration.is_some() {
        return Ok(());
    }
    let site = &desk.site;
    let (number, change) = count_on(site, NUMBER, site.system().name()).await?;
    let us = record(&site.world, site.system()).await?;
    let answer_due = answer_due(turn, step)?;
    let registration = Registration {
        specimen: SPECIMEN.to_owned(),
        subject: turn.subject(),
        number: format!("TEST-{number:06}"),
        registered_at: turn.now,
        organisation: Organisation { name: us.organisation, bin: us.bin },
        accepted_by: accepted_by(turn, step),
        answer_due,
    };
    let key = format!("{}/{}", site.system(), registration.number);
    turn.merge(change.put(JOURNAL, &key, &registration, Expect::Absent)?);
    turn.case.own.registration = Some(registration);
    Ok(())
}

/// Who took the document in, where a person did.
fn accepted_by(turn: &Turn<'_, Own>, step: &Step) -> Option<Accepted> {
    let worked = turn.case.own.worked.iter().rev().find(|worked| worked.at == step.at())?;
    let name = worked.name.clone().unwrap_or_else(|| SOMEBODY.to_owned());
    Some(Accepted { role: worked.by, name })
}

/// Until when the answer is due, where the channel answers what it registers: the limit of the step that examines it.
fn answer_due(turn: &Turn<'_, Own>, step: &Step) -> Result<Option<Timestamp>, Problem> {
    let complaint = turn.case.own.brought.as_ref().is_some_and(|brought| brought.message.is_complaint());
    let here =
        |other: &&Step| other.system == step.system && other.said.within.is_some() && other.at() != step.at();
    let Some(limit) = turn.channel.steps.iter().find(here).and_then(|step| step.said.within) else {
        return Ok(None);
    };
    if complaint { turn.ends(limit, step).map(Some) } else { Ok(None) }
}

/// Enters into the journal of results that the result was given.
pub(super) fn record_result(turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
    let entry = ResultEntry {
        subject: turn.subject(),
        document: turn.case.own.issue.as_ref().map(|issue| issue.document.word().to_owned()),
        given_at: turn.now,
    };
    let key = format!("{}/{}", turn.site.system(), turn.case.id);
    let batch = turn.site.world.store.batch().put(RESULTS, &key, &entry, Expect::Anything)?;
    turn.merge(batch);
    Ok(())
}

/// The registration journal of a system.
pub(super) async fn registrations(site: &Site) -> Result<Vec<Registration>, Problem> {
    let page = Page::all().prefix(format!("{}/", site.system()));
    let entries = site.world.store.list_as::<Registration>(JOURNAL, page).await?;
    Ok(entries.into_iter().map(|entry| entry.value).collect())
}

/// The journal of results of a system.
pub(super) async fn results(site: &Site) -> Result<Vec<ResultEntry>, Problem> {
    let page = Page::all().prefix(format!("{}/", site.system()));
    let entries = site.world.store.list_as::<ResultEntry>(RESULTS, page).await?;
    Ok(entries.into_iter().map(|entry| entry.value).collect())
}
