//! Journals of cases, to be drawn over pictures.

use jiff::Timestamp;
use registries::store::{Entry, EntryKind};
use serde_json::{Value, json};

/// A journal of a case.
#[derive(Default)]
pub(crate) struct Journal(pub(crate) Vec<Entry>);

impl Journal {
    fn entry(mut self, kind: EntryKind, system: &str, body: Value) -> Self {
        let seq = u64::try_from(self.0.len()).unwrap() + 1;
        let system = system.to_owned();
        self.0.push(Entry { seq, at: Timestamp::UNIX_EPOCH, kind, case: None, system, body });
        self
    }

    pub(crate) fn step(self, system: &str, at: &str, result: &str) -> Self {
        self.entry(EntryKind::Step, system, json!({ "step": at, "result": result }))
    }

    fn failing(self, system: &str, at: &str, check: &str, why: &str) -> Self {
        let reason = json!({ "check": check, "code": "some", "text": { "kk": why, "ru": why, "en": why } });
        self.entry(EntryKind::Step, system, json!({ "step": at, "result": "no", "reasons": [reason] }))
    }

    /// A message that crossed, seen from both ends.
    pub(crate) fn crossing(self, message: &str, from: &str, to: &str) -> Self {
        let id = self.0.len();
        let body = |seen: &str| {
            json!({ "message_id": format!("m{id}"), "message": message, "from": from, "to": to, "seen": seen,
                "accepted": true })
        };
        self.entry(EntryKind::Crossing, to, body("entering")).entry(
            EntryKind::Crossing,
            from,
            body("leaving"),
        )
    }

    /// A message that was not taken for a technical reason.
    pub(crate) fn failing_technically(self, message: &str, from: &str, to: &str) -> Self {
        let id = self.0.len();
        let problem = signer::Problem::new(signer::Code::SystemUnreachable);
        let body = json!({ "message_id": format!("m{id}"), "message": message, "from": from, "to": to,
            "seen": "leaving", "accepted": false, "problem": problem });
        self.entry(EntryKind::Crossing, from, body)
    }

    fn begun() -> Self {
        Self::default()
            .step("portal", "12.1", "done")
            .step("portal", "12.2", "done")
            .step("portal", "12.3", "yes")
            .step("portal", "12.5", "done")
            .step("portal", "12.6", "yes")
            .step("portal", "12.8", "done")
    }

    fn at_the_provider() -> Self {
        Self::begun()
            .crossing("application", "portal", "gateway")
            .crossing("application", "gateway", "regional-workstation")
            .step("regional-workstation", "12.8b", "done")
            .crossing("assignment", "regional-workstation", "provider")
    }

    fn back(self) -> Self {
        self.crossing("outcome", "provider", "regional-workstation")
            .crossing("outcome", "regional-workstation", "gateway")
            .crossing("outcome", "gateway", "portal")
    }

    pub(crate) fn served() -> Self {
        Self::at_the_provider()
            .step("provider", "12.9", "yes")
            .step("provider", "12.11", "done")
            .back()
            .step("portal", "12.11b", "done")
    }

    pub(crate) fn refused() -> Self {
        Self::at_the_provider()
            .failing("provider", "12.9", "documents-conform", "Туу туралы куәлік басқа балаға берілген")
            .step("provider", "12.10", "done")
            .back()
            .step("portal", "12.10b", "done")
    }

    fn exchange(self, question: &str, answer: &str, register: &str) -> Self {
        self.crossing(question, "workstation", "gateway")
            .crossing(question, "gateway", register)
            .crossing(answer, register, "gateway")
            .crossing(answer, "gateway", "workstation")
    }

    fn at_the_counter() -> Self {
        Self::default()
            .step("workstation", "9-p3", "done")
            .step("workstation", "9-p3b", "yes")
            .step("workstation", "10", "yes")
            .step("workstation", "11.1", "done")
            .step("workstation", "11.2", "done")
    }

    fn asked() -> Self {
        Self::at_the_counter()
            .exchange("person-query", "person-answer", "people")
            .step("workstation", "11.3", "done")
            .exchange("attorney-query", "attorney-answer", "notary")
            .step("workstation", "11.3b", "done")
    }

    fn filed(self) -> Self {
        self.step("workstation", "11.4", "yes")
            .step("workstation", "11.6", "done")
            .step("workstation", "11.7", "done")
            .crossing("application", "workstation", "gateway")
            .crossing("application", "gateway", "regional-workstation")
    }

    fn registered(self) -> Self {
        self.step("regional-workstation", "11.8", "done")
            .crossing("registration", "regional-workstation", "gateway")
            .crossing("registration", "gateway", "workstation")
            .step("workstation", "11.8c", "done")
    }

    fn assigned(self) -> Self {
        self.step("regional-workstation", "11.8b", "done").crossing(
            "assignment",
            "regional-workstation",
            "provider",
        )
    }

    fn brought_back(self) -> Self {
        self.crossing("outcome", "provider", "regional-workstation")
            .crossing("outcome", "regional-workstation", "gateway")
            .crossing("outcome", "gateway", "workstation")
    }

    /// By a representative with a notarised power of attorney; the provider refuses.
    pub(crate) fn counter_refused() -> Self {
        Self::asked()
            .filed()
            .registered()
            .assigned()
            .failing("provider", "11.9", "documents-conform", "Туу туралы куәлік басқа балаға берілген")
            .step("provider", "11.10", "done")
            .brought_back()
            .step("workstation", "11.10b", "done")
    }

    /// In person, consent not needed by law: two steps are passed by. With a result.
    pub(crate) fn counter_served() -> Self {
        Self::default()
            .step("workstation", "9-p3", "done")
            .step("workstation", "10", "yes")
            .step("workstation", "11.1", "done")
            .step("workstation", "11.2", "done")
            .exchange("person-query", "person-answer", "people")
            .step("workstation", "11.3", "done")
            .filed()
            .registered()
            .assigned()
            .step("provider", "11.9", "yes")
            .step("provider", "11.9b", "done")
            .brought_back()
            .step("workstation", "11.11", "done")
    }

    /// The notary registry's answer is not taken.
    pub(crate) fn counter_stopped() -> Self {
        let problem = signer::Problem::new(signer::Code::AnswerRefused);
        let body = json!({ "message_id": "m", "message": "attorney-answer", "from": "notary", "to": "gateway",
            "seen": "entering", "accepted": false, "problem": problem });
        Self::at_the_counter()
            .exchange("person-query", "person-answer", "people")
            .step("workstation", "11.3", "done")
            .crossing("attorney-query", "workstation", "gateway")
            .crossing("attorney-query", "gateway", "notary")
            .entry(EntryKind::Crossing, "gateway", body)
    }

    /// The application is assigned, but its number is never told.
    pub(crate) fn counter_unregistered() -> Self {
        Self::asked().filed().step("regional-workstation", "11.8", "done").assigned()
    }

    /// The application goes out without the people database being asked.
    pub(crate) fn counter_unasked() -> Self {
        Self::at_the_counter().filed()
    }

    /// The people database is asked, and what it answers is not waited for.
    pub(crate) fn counter_unanswered() -> Self {
        Self::at_the_counter()
            .crossing("person-query", "workstation", "gateway")
            .crossing("person-query", "gateway", "people")
            .filed()
    }

    /// Consent is refused, and a register is asked all the same.
    pub(crate) fn counter_without_consent() -> Self {
        Self::default().step("workstation", "9-p3", "done").step("workstation", "9-p3b", "no").exchange(
            "person-query",
            "person-answer",
            "people",
        )
    }

    pub(crate) fn stopped() -> Self {
        let problem = signer::Problem::new(signer::Code::CertificateRevoked);
        let body = json!({ "message_id": "m", "message": "application", "from": "portal", "to": "gateway",
            "seen": "entering", "accepted": false, "problem": problem });
        Self::begun().entry(EntryKind::Crossing, "gateway", body).step("portal", "12.8", "stopped")
    }
}
