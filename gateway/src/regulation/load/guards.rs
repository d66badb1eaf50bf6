//! Guards: on steps, on documents, on the other way of a message.

use super::Findings;
use crate::regulation::file::{self, When};
use crate::regulation::model::{Flow, Step};
use crate::regulation::vocabulary::Fact;

impl Findings {
    /// That every guard asks for something, and every document has a case in which it is issued.
    pub(super) fn guards(&mut self, said: &file::Step) {
        let at = Some(said.at.as_str());
        let documents = said.documents.iter().filter_map(|document| document.when.as_ref());
        let other = said.sends.iter().filter_map(|sends| sends.otherwise.as_ref()).map(|other| &other.when);
        if said.when.iter().chain(documents).chain(other).any(|when| when.all.is_empty()) {
            self.error("empty-when", at, "`when` asks for nothing", "name a fact in `all`, or remove `when`");
        }
        for (index, document) in said.documents.iter().enumerate() {
            let own = facts(document.when.as_ref());
            let always = |earlier: &&file::Document| {
                facts(earlier.when.as_ref()).iter().all(|fact| own.contains(fact))
            };
            if let Some(earlier) = said.documents.iter().take(index).find(always) {
                let message = format!(
                    "`{}` is never issued: whenever it could be, `{}` is, which stands before it",
                    document.document, earlier.document
                );
                let hint = "put the document without `when` last, and the narrower guard first";
                self.error("document-never-issued", at, message, hint);
            }
        }
    }

    /// That nobody who passes an offer by passes by a question to a system with it.
    ///
    /// Whoever does the deed behind it goes past it and past every guarded step between, and
    /// of those that are no offers the guard would never be looked at.
    pub(super) fn offers(&mut self, steps: &[Step]) {
        for offer in steps.iter().filter(|step| step.is_offer()) {
            let Flow::Then(next) = &offer.flow else { continue };
            let Some(next) = steps.iter().find(|step| step.at() == next) else { continue };
            let (asked, offered) = (next.guard(), offer.guard());
            if next.is_offer() || asked.is_empty() || asked.iter().any(|fact| offered.contains(fact)) {
                continue;
            }
            let message = format!(
                "whoever passes this offer by (`{}`) is never asked whether `{}`, as §{} wants it",
                words(offered),
                words(asked),
                next.at()
            );
            let hint = "put a deed that everybody does between them, or the guarded step before the offer";
            self.error("offer-before-guard", Some(offer.at()), message, hint);
        }
    }
}

fn facts(when: Option<&When>) -> &[Fact] {
    when.map_or(&[], |when| &when.all)
}

fn words(facts: &[Fact]) -> String {
    facts.iter().map(|fact| fact.word()).collect::<Vec<_>>().join("`, `")
}
