//! `inferred`: that what it names is there.

use super::Findings;
use crate::regulation::file;
use crate::regulation::vocabulary::{Inferred, Verb};

impl Findings {
    /// That a step has every key that it marks as inferred; and no words of the act, where it is inferred as a whole.
    pub(super) fn marks(&mut self, said: &file::Step) {
        let at = Some(said.at.as_str());
        for mark in said.inferred.iter().filter(|mark| !has(said, **mark)) {
            let (message, hint) = match mark {
                Inferred::Step => (
                    "the step quotes the act and is `inferred` as a whole".to_owned(),
                    "name what the text leaves out, as \"then\", in the place of \"step\"",
                ),
                mark => (
                    format!("`inferred` names `{mark}`, which the step does not have"),
                    "remove the mark, or write what it marks",
                ),
            };
            self.error("inferred-without-key", at, message, hint);
        }
    }
}

fn has(said: &file::Step, mark: Inferred) -> bool {
    let does = |verb| said.does.contains(&verb);
    match mark {
        Inferred::Step => said.text.is_none(),
        Inferred::Actor => true,
        Inferred::With => said.with.is_some(),
        Inferred::Checks => !said.checks.is_empty(),
        Inferred::When => said.when.is_some(),
        Inferred::Within => said.within.is_some(),
        Inferred::Then => said.then.is_some(),
        Inferred::Yes => said.yes.is_some(),
        Inferred::No => said.no.is_some(),
        Inferred::DoesSign => does(Verb::Sign),
        Inferred::DoesDeliver => does(Verb::Deliver),
        Inferred::DoesIssue => does(Verb::Issue),
        Inferred::DoesPrint => does(Verb::Print),
        Inferred::DoesRefuse => does(Verb::Refuse),
        Inferred::Sends => said.sends.is_some(),
        Inferred::Receives => said.receives.is_some(),
        Inferred::Documents => !said.documents.is_empty(),
        Inferred::SignedBy => said.signed_by.is_some(),
    }
}
