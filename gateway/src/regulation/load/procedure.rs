//! Procedures: steps that several channels run through, put in the place where each does.

use std::collections::BTreeSet;

use super::Findings;
use crate::regulation::file;

/// What the last step of a procedure leads to.
const RETURN: &str = "return";

impl Findings {
    /// The steps of a channel, with those of a procedure behind the step that runs through it.
    pub(super) fn with_procedures(&mut self, said: &file::Channel, file: &file::File) -> Vec<file::Step> {
        let mut steps = Vec::new();
        for step in &said.steps {
            let Some(name) = &step.runs else {
                steps.push(step.clone());
                continue;
            };
            let at = Some(step.at.as_str());
            let hint = "leave it a `then`, and nothing that is done or checked";
            if !step.does.is_empty() || !step.checks.is_empty() || step.then.is_none() {
                self.error("runs-and-does", at, "a step with `runs` does nothing itself", hint);
            }
            let Some(procedure) = file.procedure.get(name).filter(|known| !known.steps.is_empty()) else {
                let message = format!("runs through `{name}`, which is no procedure of the file");
                let known: Vec<&str> = file.procedure.keys().map(String::as_str).collect();
                let hint = format!("add [[procedure.{name}.step]]; there are: {}", known.join(", "));
                self.error("unknown-procedure", at, message, &hint);
                continue;
            };
            if !procedure.steps.iter().any(leads_back) {
                let message = format!("the procedure `{name}` does not lead back");
                self.error("no-return", at, message, "write then = \"return\" in its last step");
            }
            let first = procedure.steps.first().map(|first| first.at.clone());
            steps.push(file::Step { then: first, ..step.clone() });
            steps.extend(procedure.steps.iter().map(|inner| returning(inner, step.then.as_deref())));
        }
        steps
    }

    /// That the steps of a procedure are its own: one that runs through another would do nothing.
    pub(super) fn nested_procedures(&mut self, said: &file::File) {
        for (name, procedure) in &said.procedure {
            for (step, inner) in procedure.steps.iter().filter_map(|step| Some((step, step.runs.as_ref()?))) {
                let at = format!("procedure {name} §{}", step.at);
                let message = format!("a step of a procedure runs through `{inner}`, and would do nothing");
                let hint = "write its steps out here, or let the channel run through both";
                self.error("procedure-runs", Some(&at), message, hint);
            }
        }
    }

    /// Procedures that no channel runs through.
    pub(super) fn unused_procedures(&mut self, said: &file::File) {
        let run: BTreeSet<&String> = said
            .channel
            .values()
            .flat_map(|channel| &channel.steps)
            .filter_map(|s| s.runs.as_ref())
            .collect();
        for name in said.procedure.keys().filter(|name| !run.contains(name)) {
            let message = format!("no channel runs through the procedure `{name}`");
            self.error("unused-procedure", None, message, "add runs = \"…\" to a step, or remove it");
        }
    }
}

fn leads_back(step: &file::Step) -> bool {
    [&step.then, &step.yes, &step.no].into_iter().flatten().any(|next| next == RETURN)
}

/// A step of a procedure, leading back to where the channel goes on.
fn returning(step: &file::Step, back: Option<&str>) -> file::Step {
    let target = |next: &Option<String>| match next.as_deref() {
        Some(RETURN) => back.map(str::to_owned),
        _ => next.clone(),
    };
    file::Step { then: target(&step.then), yes: target(&step.yes), no: target(&step.no), ..step.clone() }
}
