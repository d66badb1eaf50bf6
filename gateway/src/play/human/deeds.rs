//! What somebody does when a case waits for them: each deed with the address that it has.

use serde_json::{Value, json};
use signer::cms::{self, Mode};
use signer::{Bytes, Problem};

use super::Human;
use crate::exchange::identifier_text;
use crate::play::persona::faults;
use crate::regulation::{Actor, CheckWord, Choice, Fact, Flow, Person, Step, Verb};
use crate::systems::desk::{Decision, DeskCase, Work};
use crate::walk::Awaits;

impl Human<'_> {
    /// The step that is done next: an offer that the path passes by is left to the step behind it.
    pub(super) fn next_step(&self, awaits: &Awaits) -> Option<(&Step, Vec<Verb>)> {
        let mut step = self.selected.channel.step(&awaits.step)?;
        let mut does = awaits.does.clone();
        while step.is_offer() && self.selected.path.passes_by(step.at()) {
            let Flow::Then(next) = &step.flow else { break };
            step = self.selected.channel.step(next)?;
            does.clone_from(&step.said.does);
        }
        Some((step, does))
    }

    /// A deed, and the address that it has.
    pub(super) async fn done(
        &mut self,
        case: &DeskCase,
        awaits: &Awaits,
    ) -> Result<(&'static str, Value), Problem> {
        let unknown = || Problem::technical(format!("§{} is no step of the channel", awaits.step));
        let (step, does) = self.next_step(awaits).ok_or_else(unknown)?;
        let person = step.person().unwrap_or(Person::Recipient);
        let fails = |check| self.selected.path.failing().any(|failing| failing == check);
        let form = &self.selected.channel.form;
        Ok(match does.first() {
            Some(Verb::Sign) => {
                let mut body = json!({});
                if let Some(carrier) = step.said.carrier {
                    body["carrier"] = json!(carrier);
                }
                body["signature"] = json!(self.signature(case, awaits).await?);
                ("signature", body)
            }
            Some(Verb::Register) => ("account", self.cast.credentials(person, true)),
            Some(Verb::SignIn) => {
                let right = person != Person::Recipient || !fails(CheckWord::LoginAuthentic);
                ("session", self.cast.credentials(person, right))
            }
            Some(Verb::Consent) if fails(CheckWord::ConsentGiven) => {
                ("consent", json!({ "consent": "refused" }))
            }
            Some(Verb::Consent) if self.selected.path.goes_without(Fact::ConsentRequired) => {
                let ground = "ҮЛГІ заң / закон-ОБРАЗЕЦ TEST";
                ("consent", json!({ "consent": "not-required", "ground": ground }))
            }
            Some(Verb::Consent) => ("consent", json!({ "consent": "given" })),
            Some(Verb::Present) => {
                let originals = self.selected.path.fact(self.selected.channel, Fact::RuralAkimat);
                ("presentation", json!({ "documents": self.presented(), "originals": originals }))
            }
            Some(
                Verb::ChooseService
                | Verb::FillForm
                | Verb::EnterRepresentative
                | Verb::AttachCopies
                | Verb::ChooseCertificate,
            ) => ("request", self.request(&does)),
            Some(Verb::MarkPapers | Verb::Scan) => {
                let copies = self.cast.applicant.copies(form);
                ("papers", json!({ "papers": self.presented(), "copies": copies }))
            }
            Some(Verb::HandOver) => ("handover", json!({ "to": identifier_text(self.cast.visitor()) })),
            Some(verb) if verb.is_work() => {
                let does: Vec<Verb> = does.iter().copied().take_while(|verb| verb.is_work()).collect();
                let executor = does.contains(&Verb::Assign).then(|| "ОРЫНДАУШЫ СЫНАҚ TEST".to_owned());
                ("work", json!(Work { by: person, name: None, does, executor, note: None }))
            }
            _ => {
                let words: Vec<&str> = does.iter().map(|verb| verb.word()).collect();
                let what = format!("nobody here does {} at §{}", words.join(", "), awaits.paragraph);
                return Err(Problem::technical(what));
            }
        })
    }

    /// What the step asks for of the form.
    pub(super) fn request(&self, does: &[Verb]) -> Value {
        let form = &self.selected.channel.form;
        let mut request = json!({});
        if does.contains(&Verb::FillForm) || does.contains(&Verb::ChooseService) {
            request["service"] = json!(self.selected.regulation.id);
            request["fields"] = json!(self.cast.applicant.fields(form));
        }
        if does.contains(&Verb::AttachCopies) {
            request["copies"] = self.cast.applicant.copies(form).into();
        }
        if does.contains(&Verb::ChooseCertificate)
            && let Some(key) = self.cast.known_key(Person::Recipient)
        {
            request["certificate"] = key.certificate.pem().into();
        }
        if does.contains(&Verb::EnterRepresentative) {
            request["representative"] = json!(self.cast.representative);
        }
        request
    }

    /// The required documents; all but one when the package is to be incomplete.
    pub(super) fn presented(&self) -> Vec<String> {
        let incomplete = self.selected.path.failing().any(|check| check == CheckWord::PackageComplete);
        let copies = self.selected.channel.form.copies.iter().filter(|copy| !copy.optional);
        copies.skip(usize::from(incomplete)).map(|copy| copy.name.clone()).collect()
    }

    /// What people decide: staff by what they see in the papers and the form; what nobody can see, as the path has it.
    pub(super) fn decided(&self, case: &DeskCase, awaits: &Awaits) -> (&'static str, Value) {
        if awaits.decides.contains(&CheckWord::PackageComplete) {
            return ("package", json!({ "presented": self.presented() }));
        }
        let papers: Vec<String> = case
            .attachments
            .iter()
            .map(|paper| String::from_utf8_lossy(&paper.content.0).into_owned())
            .collect();
        let mut failing = faults(&self.selected.channel.form, &awaits.decides, &case.fields, &papers);
        if let Some(Choice::Failing(checks)) = self.selected.path.choice(&awaits.step) {
            let felt = [CheckWord::AnswerAccepted, CheckWord::HomeVisitEligible];
            failing.extend(checks.iter().copied().filter(|check| felt.contains(check)));
        }
        let grounds = match failing.first() {
            None => None,
            Some(CheckWord::NoGroundsToRefuse) => Some("Алушы өзі үшін сұрайды / получатель просит за себя"),
            Some(CheckWord::AnswerAccepted) => Some("Жауаппен келіспеймін / с ответом не согласен"),
            Some(CheckWord::HomeVisitEligible) => Some("Негіз жоқ / оснований нет"),
            Some(_) => Some("Қағаздарда басқа адам көрсетілген / в документах указано другое лицо"),
        };
        ("decision", json!(Decision { failing, grounds: grounds.map(str::to_owned) }))
    }

    /// The signature of whoever signs: made at home, by the clock of the world.
    pub(super) async fn signature(&mut self, case: &DeskCase, awaits: &Awaits) -> Result<Bytes, Problem> {
        let person = match awaits.by {
            Actor::Person(person) => person,
            Actor::System(_) => Person::Recipient,
        };
        let key = self.cast.key(self.play, person).await?;
        if self.selected.path.choice(&awaits.step) == Some(&Choice::RevokedLate) {
            let path = format!("/ca/certificates/{}/revocation", key.serial);
            let _: Value = self.play.client.post(&path, None, &json!({ "reason": "keyCompromise" })).await?;
        }
        let missing = || Problem::technical("a signature is awaited, but there is nothing to sign");
        let content = &case.view.to_sign.as_ref().ok_or_else(missing)?.content.0;
        let at = self.play.now().await?;
        cms::sign(content, Mode::Detached, &key.pair, &key.certificate, at)
            .map(Bytes)
            .map_err(Problem::technical)
    }
}
