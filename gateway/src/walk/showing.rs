//! What a person is shown of a case: refusals, results, problems.

use registries::store::NewEntry;
use serde_json::{Value, json};
use signer::Problem;

use super::Turn;
use super::case::{Formed, Position, Shown, ShownKind};
use crate::exchange::Payload;
use crate::regulation::Step;

impl<Own> Turn<'_, Own> {
    /// Forms the step's refusal from the checks that failed before it. One that was received meanwhile, and is refused
    /// with, stays beside it as its document.
    pub fn form_refusal(&mut self, step: &Step) {
        if let Some(refusal) = &step.said.refusal {
            let received = self.case.formed.take().and_then(|formed| formed.document);
            self.case.formed = Some(Formed {
                at: step.at().to_owned(),
                kind: ShownKind::Refusal,
                code: refusal.code.clone(),
                message: refusal.message.clone(),
                reasons: std::mem::take(&mut self.case.reasons),
                document: received,
                paper: None,
            });
        }
    }

    /// Shows the person what was formed or received.
    pub fn deliver(&mut self, step: &Step) {
        if let Some(formed) = self.case.formed.take() {
            self.case.shown.push(Shown {
                shown_at: self.now,
                step: step.at().to_owned(),
                paragraph: step.paragraph().to_owned(),
                formed_at: formed.at,
                kind: formed.kind,
                code: formed.code,
                message: formed.message,
                reasons: formed.reasons,
                document: formed.document,
                paper: formed.paper,
            });
        }
    }

    /// Stops the case at the step that sent a message which was not let through; a case that is over stays so.
    pub fn stop_message(&mut self, payload: &Payload, problem: Problem) {
        let sent = self.channel.steps.iter().find(|step| {
            let sends = step.said.sends.as_ref();
            step.system == self.site.system()
                && sends.is_some_and(|s| s.message == payload.message && s.carries == payload.carries)
        });
        if let Some(at) = sent.map(|step| step.at().to_owned())
            && !self.case.is_over()
        {
            self.stop(&at, problem);
        }
    }

    /// Ends the case because another system did not let its message through, and shows that.
    pub fn stop(&mut self, at: &str, problem: Problem) {
        let facts = serde_json::to_value(&problem).unwrap_or(Value::Null);
        let entry = json!({ "step": at, "result": "stopped", "problem": facts });
        self.entry(NewEntry::step(self.now, self.site.system().name(), entry));
        self.case.shown.push(Shown {
            shown_at: self.now,
            step: at.to_owned(),
            formed_at: at.to_owned(),
            paragraph: at.trim_end_matches(|c: char| c.is_ascii_lowercase()).to_owned(),
            kind: ShownKind::Problem,
            code: problem.code.to_string(),
            message: problem.message.clone(),
            reasons: Vec::new(),
            document: None,
            paper: None,
        });
        self.case.hindrance = None;
        self.case.position = Position::Stopped { at: at.to_owned(), problem };
    }
}
