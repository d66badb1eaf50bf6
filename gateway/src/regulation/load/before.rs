//! What has to be there before something is done with it.

use std::collections::{BTreeSet, VecDeque};

use super::Findings;
use super::graph::leads_to;
use crate::regulation::model::Step;
use crate::regulation::vocabulary::Verb;

/// What gives a document that can be signed with a key.
const SIGNABLE: &[Verb] = &[Verb::FillForm, Verb::Issue, Verb::Refuse];
/// What gives a document that can be printed, sealed and signed by hand.
const FORMED: &[Verb] = &[Verb::Issue, Verb::Refuse];

impl Findings {
    /// That a document is there when it is signed or sealed, and on paper when it is shown.
    pub(super) fn made_before(&mut self, steps: &[Step]) {
        for (index, step) in steps.iter().enumerate() {
            let at = Some(step.at());
            if step.does(Verb::Sign) && !is_made(steps, index, Verb::Sign, SIGNABLE) {
                let message = format!(
                    "`sign`, and at `{}` nothing was filled in, issued or refused before",
                    step.system
                );
                let hint = "let the step that fills in the form, or `issue` or `refuse`, come before; what a \
                            message brought is signed already";
                self.error("nothing-to-sign", at, message, hint);
            }
            for verb in [Verb::Seal, Verb::SignByHand] {
                if step.does(verb) && !is_made(steps, index, verb, FORMED) {
                    let message =
                        format!("`{verb}`, and at `{}` nothing was issued or refused before", step.system);
                    let hint = "let `issue` or `refuse` come before it at the same system";
                    self.error("nothing-to-seal", at, message, hint);
                }
            }
            let place = |verb| step.said.does.iter().position(|done| *done == verb);
            if let (Some(print), Some(deliver)) = (place(Verb::Print), place(Verb::Deliver))
                && deliver < print
            {
                let hint = "write `print` before `deliver`: what is shown is no longer there to be printed";
                self.error("print-after-deliver", at, "`print` stands after `deliver`", hint);
            }
        }
    }
}

/// Whether one of these is done before the verb: in the step, or in one of the same system from which edges and
/// messages lead to it.
fn is_made(steps: &[Step], index: usize, verb: Verb, by: &[Verb]) -> bool {
    let Some(step) = steps.get(index) else { return false };
    if step.said.does.iter().take_while(|done| **done != verb).any(|done| by.contains(done)) {
        return true;
    }
    let mut seen = BTreeSet::new();
    let mut queue = VecDeque::from([step]);
    while let Some(later) = queue.pop_front() {
        for before in steps.iter().filter(|before| leads_to(before, later, steps)) {
            if before.system == step.system && by.iter().any(|made| before.does(*made)) {
                return true;
            }
            if seen.insert(before.at()) {
                queue.push_back(before);
            }
        }
    }
    false
}
