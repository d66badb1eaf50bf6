//! What a desk forms: results, receipts, refusals; on paper, signed by hand, or as an electronic document.

use signer::{Code, Problem, System};

use super::own::Own;
use super::{Desk, choice, places};
use crate::exchange::{ByHand, Issue, JSON, Organisation, SPECIMEN, record};
use crate::regulation::file::Document;
use crate::regulation::{Fact, Issued, Person, Step};
use crate::walk::{Formed, ShownKind, ToSign, Turn};

/// The bytes of a document that is to be signed.
pub(super) fn bytes(turn: &Turn<'_, Own>, step: &Step, issue: &Issue) -> Result<ToSign, Problem> {
    let content = serde_json::to_vec_pretty(issue).map_err(|error| turn.cannot(step, &error.to_string()))?;
    Ok(ToSign { media_type: JSON.to_owned(), content: content.into() })
}

/// A document of this case, with nothing in it yet.
async fn blank(
    desk: &Desk,
    turn: &Turn<'_, Own>,
    step: &Step,
    document: Issued,
    title: certs::Text,
) -> Result<Issue, Problem> {
    // Whom the acting person works for; where a system acts, whoever renders the service.
    let organisation = step.person().or(step.said.signed_by).and_then(Person::works_for);
    let organisation = record(&desk.site.world, organisation.unwrap_or(System::Provider)).await?;
    Ok(Issue {
        specimen: SPECIMEN.to_owned(),
        document,
        title,
        subject: turn.subject(),
        made_at: turn.now,
        provider: Organisation { name: organisation.organisation, bin: organisation.bin },
        code: None,
        message: None,
        grounds: None,
        queue_number: None,
        organisation: None,
        appendix: None,
        by_hand: None,
    })
}

/// Forms the step's refusal: to be shown here, or signed and sent.
pub(super) async fn refuse(desk: &Desk, turn: &mut Turn<'_, Own>, step: &Step) -> Result<(), Problem> {
    let refusal = step.said.refusal.clone().ok_or_else(|| turn.cannot(step, "it has no refusal"))?;
    let title = turn.regulation.said.title.clone();
    let issue = blank(desk, turn, step, Issued::Refusal, title).await?;
    let grounds = turn.case.own.grounds.clone();
    turn.form_refusal(step);
    turn.case.own.issue =
        Some(Issue { code: Some(refusal.code), message: Some(refusal.message), grounds, ..issue });
    Ok(())
}

/// Forms the document whose guard holds, with what it takes from the desk's data.
pub(super) async fn issue(desk: &Desk, turn: &mut Turn<'_, Own>, step: &Step) -> Result<(), Problem> {
    let said = choice::document(desk, turn, step).await?;
    if said.document == Issued::AcceptanceRefusalReceipt {
        return refusal_receipt(desk, turn, step, said).await;
    }
    let appendix = said.appendix;
    let by_place = said.when.as_ref().is_some_and(|when| when.all.contains(&Fact::PlaceAvailable));
    let mut issue = blank(desk, turn, step, said.document, said.title.clone()).await?;
    issue.appendix = appendix;
    issue.organisation = super::own::field_of(turn, crate::regulation::FieldType::Organisation)?;
    match said.document {
        // One that is given without a free place takes none.
        Issued::Referral if by_place => {
            let change = places::take(&desk.site, &choice::organisation(turn)?).await?;
            turn.merge(change);
        }
        Issued::QueueNotice | Issued::QueueNumberReceipt => {
            let (number, change) = places::next_number(&desk.site, &choice::organisation(turn)?).await?;
            turn.merge(change);
            issue.queue_number = Some(number);
        }
        Issued::ComplaintAnswer => issue.grounds.clone_from(&turn.case.own.grounds),
        _ => {}
    }
    let receipt = said.document == Issued::AcceptanceReceipt;
    turn.case.formed = Some(Formed {
        at: step.at().to_owned(),
        kind: if receipt { ShownKind::Receipt } else { ShownKind::Result },
        code: said.document.word().to_owned(),
        message: said.title,
        reasons: Vec::new(),
        document: None,
        paper: receipt.then(|| issue.clone()),
    });
    turn.case.own.document = None;
    turn.case.own.issue = (!receipt).then_some(issue);
    Ok(())
}

/// The receipt that goes with a refusal: on paper, with the documents that are missing, or with what the provider
/// found of them.
async fn refusal_receipt(
    desk: &Desk,
    turn: &mut Turn<'_, Own>,
    step: &Step,
    said: Document,
) -> Result<(), Problem> {
    let missing = turn.case.own.presented.as_ref().map(|presented| &presented.missing);
    let titles = turn.channel.form.copies.iter();
    let titles = titles.filter(|copy| missing.is_some_and(|missing| missing.contains(&copy.name)));
    let grounds: Vec<String> = titles.map(|copy| format!("{} / {}", copy.title.kk, copy.title.ru)).collect();
    let grounds = if grounds.is_empty() { found_by_provider(turn) } else { grounds.join("; ") };
    let refusal = step.said.refusal.as_ref();
    let (code, message) = (refusal.map(|r| r.code.clone()), refusal.map(|r| r.message.clone()));
    let receipt = blank(desk, turn, step, said.document, said.title).await?;
    let receipt = Issue { code, message, grounds: Some(grounds), appendix: said.appendix, ..receipt };
    if let Some(formed) = &mut turn.case.formed {
        formed.paper = Some(receipt);
    }
    Ok(())
}

/// The grounds of the refusal that was received, as the provider's staff wrote them.
fn found_by_provider(turn: &Turn<'_, Own>) -> String {
    let document = turn.case.formed.as_ref().and_then(|formed| formed.document.as_ref());
    let content = document.and_then(|document| document.verify().ok()).map(|verified| verified.content);
    let issue = content.and_then(|content| serde_json::from_slice::<Issue>(&content).ok());
    issue.and_then(|issue| issue.grounds).unwrap_or_default()
}

/// Prints what was formed here, or what came as an electronic document.
pub(super) fn print(turn: &mut Turn<'_, Own>, step: &Step) -> Result<(), Problem> {
    let came = turn.case.formed.as_ref().and_then(|formed| formed.document.as_ref());
    let came = came.and_then(|document| document.verify().ok());
    let came = came.and_then(|verified| serde_json::from_slice::<Issue>(&verified.content).ok());
    let issue = turn.case.own.issue.clone().or(came);
    let nothing = turn.cannot(step, "nothing is formed");
    let formed = turn.case.formed.as_mut().ok_or_else(|| nothing.clone())?;
    formed.paper = Some(issue.ok_or(nothing)?);
    Ok(())
}

/// Somebody signs what is on paper by hand, or puts seal and signature to what was printed.
///
/// # Errors
/// [`Code::StepOutOfOrder`] when there is no paper.
pub(super) fn by_hand(turn: &mut Turn<'_, Own>, person: Person, sealed: bool) -> Result<(), Problem> {
    let no_paper = || Problem::new(Code::StepOutOfOrder).detail("there is nothing on paper to sign");
    let issue = turn.case.own.issue.clone();
    let signed_at = turn.now;
    let formed = turn.case.formed.as_mut().ok_or_else(no_paper)?;
    let mut paper = formed.paper.take().or(issue).ok_or_else(no_paper)?;
    paper.by_hand = Some(ByHand { person, signed_at, sealed });
    formed.paper = Some(paper);
    Ok(())
}

/// Shows what was formed or received, with the document that was signed here.
pub(super) fn deliver(turn: &mut Turn<'_, Own>, step: &Step) {
    let own = &mut turn.case.own;
    if let Some(formed) = &mut turn.case.formed
        && formed.kind == ShownKind::Result
        && formed.document.is_none()
        && own.issue.is_some()
    {
        formed.document = own.document.take();
    }
    turn.deliver(step);
}
