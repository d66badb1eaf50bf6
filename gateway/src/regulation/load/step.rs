//! One step: what it needs, and where it leads.

use std::collections::BTreeSet;

use super::Findings;
use crate::regulation::file;
use crate::regulation::model::{Flow, Step};
use crate::regulation::vocabulary::{Actor, Inferred, Issued, Kind, Message, Mode, Verb};

impl Findings {
    pub(super) fn step(
        &mut self,
        said: &file::Step,
        channel: &file::Channel,
        known: &BTreeSet<&str>,
    ) -> Option<Step> {
        let at = Some(said.at.as_str());
        if said.at.is_empty() || !said.at.starts_with(|c: char| c.is_ascii_digit()) {
            let message = format!("`at` = {:?} is no paragraph; the step is “{}”", said.at, said.what.en);
            self.error("missing-paragraph", at, message, "write the paragraph that is quoted, as in the act");
        }
        if said.text.is_none() && !said.inferred.contains(&Inferred::Step) {
            self.error(
                "missing-text",
                at,
                "no `text`",
                "quote the act, or mark the step inferred = [\"step\"]",
            );
        }
        let system = match (said.actor, said.with) {
            (Actor::System(system), None) | (Actor::Person(_), Some(system)) => Some(system),
            (Actor::System(_), Some(_)) => {
                self.error("with-without-person", at, "`with` beside a system as actor", "remove `with`");
                None
            }
            (Actor::Person(_), None) => {
                self.error(
                    "missing-system",
                    at,
                    "a person acts, but at no system",
                    "say where: with = \"portal\"",
                );
                None
            }
        };
        let mut lanes = vec![said.actor];
        lanes.extend(said.with.map(Actor::System));
        if let Some(sends) = &said.sends {
            let other = sends.otherwise.iter().flat_map(|other| &other.through);
            lanes.extend(sends.through.iter().chain(other).chain([&sends.to]).copied().map(Actor::System));
        }
        for lane in lanes.into_iter().filter(|lane| !channel.lanes.contains(lane)) {
            let message = format!("`{lane}` is not a lane of the channel");
            self.error("actor-without-lane", at, message, "add it to `lanes`");
        }
        self.contents(said);
        self.slips(said);
        self.guards(said);
        self.marks(said);
        self.step_texts(said);
        self.carried(said);
        self.last_day(said);
        self.restored(&said.at, said.text.as_deref(), said.restored.as_deref());
        let flow = self.flow(said, known);
        Some(Step { system: system?, flow: flow?, author: None, said: said.clone() })
    }

    /// That a message crosses asynchronously only where it can: through a gateway, and unanswered.
    fn mode(&mut self, said: &file::Step) {
        let Some(sends) = said.sends.as_ref().filter(|sends| sends.mode == Some(Mode::Async)) else { return };
        let at = Some(said.at.as_str());
        if sends.message.answer().is_some() {
            self.error("async-question", at, "a question waits for its answer", "remove `mode`");
        }
        let passes = |way: &[signer::System]| way.iter().any(|system| system.is_gateway());
        if !passes(&sends.through) || sends.otherwise.as_ref().is_some_and(|other| !passes(&other.through)) {
            let message = "asynchronous messages go through a gateway, which keeps them";
            self.error(
                "async-without-gateway",
                at,
                message,
                "remove `mode`, or add the gateway to `through`",
            );
        }
    }

    /// That a step has what its verbs need.
    fn contents(&mut self, said: &file::Step) {
        let at = Some(said.at.as_str());
        let does = |verb| said.does.contains(&verb);
        let sending = [Verb::Send, Verb::Forward, Verb::Query].into_iter().any(does);
        if sending != said.sends.is_some() {
            let message = "`send`, `forward` or `query` and `sends` belong together";
            self.error("send-and-sends", at, message, "add the other one");
        }
        let asks = said.sends.as_ref().is_some_and(|sends| sends.message.answer().is_some());
        if does(Verb::Query) != asks {
            let message = "`query` and a message that is answered at once belong together";
            self.error(
                "query-and-message",
                at,
                message,
                "send a query with `query`, another message with `send`",
            );
        }
        self.mode(said);
        if does(Verb::Refuse) != said.refusal.is_some() {
            self.error(
                "refuse-and-refusal",
                at,
                "`refuse` and `refusal` belong together",
                "add the other one",
            );
        }
        if (does(Verb::Sign) || does(Verb::SignByHand)) != said.signed_by.is_some() {
            self.error(
                "sign-and-signed-by",
                at,
                "`sign` or `sign-by-hand` and `signed-by` belong together",
                "add the other one",
            );
        }
        if said.carrier.is_some() && !does(Verb::Sign) {
            let hint = "move `carrier` to the step that signs";
            self.error("carrier-without-signature", at, "`carrier` in a step that does not sign", hint);
        }
        if does(Verb::Issue) == said.documents.is_empty() {
            self.error(
                "issue-and-documents",
                at,
                "`issue` and `documents` belong together",
                "add the other one",
            );
        }
        if does(Verb::Issue) && said.documents.last().is_some_and(|last| last.when.is_some()) {
            let hint = "let the last document stand without `when`";
            self.error("no-document-left", at, "every document is guarded: none may hold", hint);
        }
        if said.documents.iter().any(|document| document.document == Issued::Refusal) {
            self.error("refusal-issued", at, "a refusal is not issued", "use `refuse` with a `refusal`");
        }
    }

    /// That an outcome says what it is, and nothing else does.
    fn carried(&mut self, said: &file::Step) {
        let sent = said.sends.as_ref().map(|sends| ("sends", sends.message, sends.carries));
        let received =
            said.receives.as_ref().map(|received| ("receives", received.message, received.carries));
        for (key, message, carries) in [sent, received].into_iter().flatten() {
            if (message == Message::Outcome) != carries.is_some() {
                let what = format!(
                    "`{key}` and `carries`: an outcome is a refusal or a result, another message neither"
                );
                let hint = "write carries = \"refusal\" or \"result\" with an outcome, and with nothing else";
                self.error("outcome-and-carries", Some(&said.at), what, hint);
            }
        }
    }

    fn flow(&mut self, said: &file::Step, known: &BTreeSet<&str>) -> Option<Flow> {
        let at = Some(said.at.as_str());
        let target = |findings: &mut Self, next: &String| {
            if !known.contains(next.as_str()) {
                let message = format!("leads to `{next}`, which is not a step of the channel");
                findings.error("unknown-step", at, message, "name the paragraph of an existing step");
            }
            next.clone()
        };
        if said.aside {
            let beside = said.receives.is_some() && said.kind != Kind::Condition;
            if !beside || said.then.is_some() || said.ends.is_some() {
                let hint = "keep `receives`, and remove `yes`, `no`, `then` and `ends`";
                self.error(
                    "aside-flow",
                    at,
                    "a step beside the way receives a message and leads nowhere",
                    hint,
                );
                return None;
            }
            return Some(Flow::Aside);
        }
        match (said.kind, &said.yes, &said.no, &said.then, said.ends) {
            (Kind::Condition, Some(yes), Some(no), None, None) => {
                if said.checks.is_empty() {
                    self.error(
                        "condition-without-check",
                        at,
                        "a condition without checks",
                        "list them in `checks`",
                    );
                }
                Some(Flow::Condition { yes: target(self, yes), no: target(self, no) })
            }
            (Kind::Condition, Some(_), None, None, None) => {
                let hint = "say where it leads when a check fails: no = \"…\", and mark it inferred";
                self.error("condition-without-refusal", at, "a condition without `no`", hint);
                None
            }
            (Kind::Condition, ..) => {
                self.error(
                    "condition-flow",
                    at,
                    "a condition has `yes` and `no` and nothing else",
                    "write both",
                );
                None
            }
            (Kind::Action | Kind::Process, None, None, Some(then), None) => {
                Some(Flow::Then(target(self, then)))
            }
            (Kind::Action | Kind::Process, None, None, None, Some(end)) => Some(Flow::Ends(end)),
            (Kind::Action | Kind::Process, None, None, None, None) => {
                self.error(
                    "dead-end",
                    at,
                    "the step leads nowhere",
                    "write `then`, or `ends` if the channel ends here",
                );
                None
            }
            (Kind::Action | Kind::Process, ..) => {
                self.error("step-flow", at, "a step has either `then` or `ends`", "remove what is too much");
                None
            }
        }
    }
}
