//! Which of a step's documents is issued, and for which organisation.

use signer::Problem;

use super::Desk;
use super::own::{Own, field_of};
use crate::regulation::{FieldType, Step, file};
use crate::walk::{Turn, Worker as _};

/// The first document whose guard holds.
pub(super) async fn document(
    desk: &Desk,
    turn: &Turn<'_, Own>,
    step: &Step,
) -> Result<file::Document, Problem> {
    for document in &step.said.documents {
        let mut holds = true;
        for fact in document.when.iter().flat_map(|when| &when.all) {
            holds = holds && desk.fact(turn, *fact).await?;
        }
        if holds {
            return Ok(document.clone());
        }
    }
    Err(turn.cannot(step, "no document's guard holds"))
}

/// The organisation that is asked for, for what cannot be done without one.
pub(super) fn organisation(turn: &Turn<'_, Own>) -> Result<String, Problem> {
    let missing = || Problem::technical("the form asks for no organisation").by(turn.site.system());
    field_of(turn, FieldType::Organisation)?.ok_or_else(missing)
}
