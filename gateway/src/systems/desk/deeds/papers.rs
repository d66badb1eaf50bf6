//! Documents at the counter: which are presented, which are there on paper, and their scans.

use std::collections::BTreeSet;

use serde::Deserialize;
use signer::{Code, Problem};

use super::invalid;
use crate::exchange::Attachment;
use crate::regulation::file::Form;
use crate::regulation::{CheckWord, Verb};
use crate::systems::desk::own::{Own, Presented};
use crate::systems::desk::{Desk, form};
use crate::walk::{Deed, Turn};

/// The documents that were presented, by their names in the form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::systems::desk) struct Package {
    presented: Vec<String>,
}

impl Deed<Desk> for Package {
    const NAME: &'static str = "package";
    type Output = ();

    async fn act(&self, _: &Desk, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        let awaited = turn.step().is_some_and(|step| step.checks().contains(&CheckWord::PackageComplete));
        if !awaited || turn.case.own.presented.is_some() {
            return Err(Problem::new(Code::StepOutOfOrder).detail("no package of documents is awaited"));
        }
        let form = turn.channel.form.clone();
        let form = &form;
        known(form, "presented", &self.presented)?;
        turn.case.own.presented = Some(presented(form, &self.presented, false));
        Ok(())
    }
}

/// What a visitor presents: the documents by their names in the form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::systems::desk) struct Present {
    documents: Vec<String>,
    /// The originals with copies of them.
    #[serde(default)]
    originals: bool,
}

impl Deed<Desk> for Present {
    const NAME: &'static str = "presentation";
    type Output = ();

    async fn act(&self, _: &Desk, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        turn.accept(&[Verb::Present])?;
        let form = turn.channel.form.clone();
        known(&form, "documents", &self.documents)?;
        turn.case.own.presented = Some(presented(&form, &self.documents, self.originals));
        Ok(())
    }
}

/// What is there, and what the form asks for beside it.
fn presented(form: &Form, documents: &[String], originals: bool) -> Presented {
    let missing = form.copies.iter().filter(|copy| !copy.optional && !documents.contains(&copy.name));
    let missing = missing.map(|copy| copy.name.clone()).collect();
    Presented { documents: documents.to_vec(), missing, originals }
}

/// That the names are those of documents in the form, each once.
fn known(form: &Form, field: &str, names: &[String]) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    for name in names {
        let shown: String = name.chars().take(60).collect();
        if !form.copies.iter().any(|copy| copy.name == *name) {
            let all: Vec<&str> = form.copies.iter().map(|copy| copy.name.as_str()).collect();
            return Err(invalid(field, format!("{shown:?} is no document of the form: {}", all.join(", "))));
        }
        if !seen.insert(name) {
            return Err(invalid(field, format!("{shown:?} stands there twice")));
        }
    }
    Ok(())
}

/// The documents on paper and their scans.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::systems::desk) struct Papers {
    papers: Vec<String>,
    copies: Vec<Attachment>,
}

impl Deed<Desk> for Papers {
    const NAME: &'static str = "papers";
    type Output = ();

    async fn act(&self, _: &Desk, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        turn.accept(&[Verb::MarkPapers, Verb::Scan, Verb::AttachCopies])?;
        let form = turn.channel.form.clone();
        let form = &form;
        known(form, "papers", &self.papers)?;
        form::copies(form, &self.copies)?;
        if let Some(presented) = &turn.case.own.presented {
            let names = self.papers.iter().chain(self.copies.iter().map(|copy| &copy.name));
            if let Some(other) = names.into_iter().find(|name| !presented.documents.contains(name)) {
                return Err(invalid("papers", format!("{other:?} was not presented")));
            }
        }
        turn.case.own.papers.clone_from(&self.papers);
        if let Some(request) = &mut turn.case.own.request {
            request.copies.clone_from(&self.copies);
        }
        Ok(())
    }
}
