//! Somebody who goes to a counter, and the employee who sits there.

use certs::{Iin, Profile};
use registries::people::{Cast, Persona, Played};
use serde_json::{Value, json};
use signer::{Problem, System};
use uuid::Uuid;

use super::{Applicant, Key};
use crate::play::human::Deed;
use crate::play::{Play, Selected};
use crate::regulation::{CheckWord, Fact, Verb};
use crate::walk::Awaits;

/// Who stands at the counter with which papers, and who serves them.
pub(in crate::play) struct Visit {
    pub(in crate::play) applicant: Applicant,
    pub(in crate::play) signs_with: Key,
    representative: Option<Value>,
    visitor: Iin,
    login: String,
    password: String,
}

impl Visit {
    /// Finds the personas that the path needs, and puts an employee behind the counter.
    pub(in crate::play) async fn prepare(play: &Play, selected: &Selected<'_>) -> Result<Self, Problem> {
        let path = &selected.path;
        let fact = |fact| path.fact(selected.channel, fact);
        let fails = |check| path.failing().any(|failing| failing == check);
        let (unknown, no_power) = (fails(CheckWord::PersonFound), fails(CheckWord::AttorneyFound));
        let persona = match (fact(Fact::Represented), fact(Fact::AttorneyNotarised)) {
            (false, _) if unknown => Persona::NotInRegister,
            (false, _) => Persona::ParentWithChild,
            (true, false) => Persona::AttorneyOtherwiseCertified,
            (true, true) if no_power => Persona::AttorneyNotFound,
            (true, true) if unknown => Persona::AttorneyOfUnregistered,
            (true, true) => Persona::AttorneyNotarised,
        };
        let cast = find(play, persona).await?;
        // Nobody plays both: that neither the recipient nor the power is known needs no record of either.
        let stranger =
            if unknown && no_power { Some(find(play, Persona::NotInRegister).await?) } else { None };
        let recipient = stranger.as_ref().map_or(cast.recipient.unwrap_or(cast.iin), |stranger| stranger.iin);
        let child = cast.children.first().copied().unwrap_or_else(|| Iin::never_issued(1));
        let id = Uuid::new_v4();
        let employee = Iin::never_issued(id.as_u64_pair().0 >> 32);
        let (login, password) = (format!("employee-{}", id.simple()), format!("Qaqpa-{}", id.simple()));
        let body = json!({ "iin": employee, "password": password });
        let _: Value = play.client.put(&format!("/workstation/employees/{login}"), &body).await?;
        Ok(Self {
            applicant: Applicant::new(recipient, "ҮЛГІБАЕВА СЫНАҚ TEST".to_owned(), child, path),
            signs_with: play.staff_key(Profile::Employee, System::Workstation, Some(employee)).await?,
            representative: representative(&cast),
            visitor: cast.iin,
            login,
            password,
        })
    }

    /// What is done at the counter when the case waits for it.
    pub(in crate::play) fn deed(&self, selected: &Selected<'_>, awaits: &Awaits) -> Deed {
        let fails = |check| selected.path.failing().any(|failing| failing == check);
        if awaits.decides.contains(&CheckWord::PackageComplete) {
            return Deed::Does("package", json!({ "presented": Self::presented(selected) }));
        }
        match awaits.does.first() {
            Some(Verb::Consent) if fails(CheckWord::ConsentGiven) => {
                Deed::Does("consent", json!({ "consent": "refused" }))
            }
            Some(Verb::Consent) if selected.path.goes_without(Fact::ConsentRequired) => {
                let ground = "ҮЛГІ заң / закон-ОБРАЗЕЦ TEST";
                Deed::Does("consent", json!({ "consent": "not-required", "ground": ground }))
            }
            Some(Verb::Consent) => Deed::Does("consent", json!({ "consent": "given" })),
            Some(Verb::SignIn) => {
                Deed::Does("session", json!({ "login": self.login, "password": self.password }))
            }
            Some(Verb::ChooseService | Verb::FillForm | Verb::EnterRepresentative) => {
                Deed::Does("request", self.request(selected))
            }
            Some(Verb::MarkPapers | Verb::Scan | Verb::AttachCopies) => {
                let copies = self.applicant.copies(&selected.regulation.said.form);
                Deed::Does("papers", json!({ "papers": Self::presented(selected), "copies": copies }))
            }
            Some(Verb::HandOver) => Deed::Does("handover", json!({ "to": self.visitor })),
            _ => Deed::CannotDo,
        }
    }

    /// The required documents; all but one when the package is to be incomplete.
    fn presented(selected: &Selected<'_>) -> Vec<String> {
        let incomplete = selected.path.failing().any(|check| check == CheckWord::PackageComplete);
        let copies = selected.regulation.said.form.copies.iter().filter(|copy| !copy.optional);
        copies.skip(usize::from(incomplete)).map(|copy| copy.name.clone()).collect()
    }

    fn request(&self, selected: &Selected<'_>) -> Value {
        json!({
            "service": selected.regulation.id,
            "fields": self.applicant.fields(&selected.regulation.said.form),
            "representative": self.representative,
        })
    }
}

async fn find(play: &Play, persona: Persona) -> Result<Cast, Problem> {
    let played: Played = play.client.get(&format!("/people/personas/{persona}"), None).await?;
    Ok(played.cast)
}

/// The representative's data as an employee enters them: those of the power of attorney only of a notarised one.
fn representative(cast: &Cast) -> Option<Value> {
    let power = cast.power.as_ref().filter(|_| cast.recipient.is_some())?;
    let notarised = power.certified.is_registered();
    let certified = if notarised { "notary" } else { "otherwise" };
    let number = notarised.then(|| power.number.clone());
    Some(json!({ "iin": cast.iin, "name": cast.name, "certified": certified, "power": number }))
}
