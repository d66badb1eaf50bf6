//! What an employee does at the workstation.

use std::collections::{BTreeMap, BTreeSet};

use certs::{Bin, CheckDigit, Identifier, Iin};
use serde::Deserialize;
use serde_json::json;
use signer::{Code, Problem};

use super::checks::may_take;
use super::{Own, Presented, Workstation};
use crate::exchange::{Attachment, CertifiedBy, Consent, ConsentState, Representative, record};
use crate::regulation::file::Form;
use crate::regulation::{CheckWord, Person, Verb};
use crate::systems::accounts::{EMPLOYEES, is_login};
use crate::systems::application::Request;
use crate::systems::cases::Sign;
use crate::systems::form;
use crate::walk::{Deed, Turn};

/// The longest ground for doing without consent, in characters.
const LONGEST_GROUND: usize = 500;

fn invalid(field: &str, why: impl Into<String>) -> Problem {
    let why = why.into();
    Problem::new(Code::InvalidValue).detail(format!("{field}: {why}")).fact("fields", json!({ field: why }))
}

fn iin(workstation: &Workstation, field: &str, text: &str) -> Result<Iin, Problem> {
    Iin::parse(text, workstation.site.world.settings.plan.check_digit)
        .map_err(|error| invalid(field, error.to_string()))
}

/// What was said about consent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TakeConsent {
    consent: ConsentState,
    /// The law that does without it; only, and always, when it is not required.
    ground: Option<String>,
}

impl Deed<Workstation> for TakeConsent {
    const NAME: &'static str = "consent";
    type Output = ();

    async fn act(&self, _: &Workstation, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        turn.accept(&[Verb::Consent])?;
        let ground = self.ground.as_deref().map(str::trim).filter(|ground| !ground.is_empty());
        let needed = self.consent == ConsentState::NotRequired;
        if needed != ground.is_some() {
            return Err(invalid("ground", "the law is named when consent is not required, and only then"));
        }
        if ground.is_some_and(|g| g.chars().count() > LONGEST_GROUND || g.chars().any(char::is_control)) {
            return Err(invalid(
                "ground",
                format!("1 to {LONGEST_GROUND} characters, no control characters"),
            ));
        }
        let ground = ground.map(str::to_owned);
        turn.case.own.consent = Some(Consent { state: self.consent, ground, taken_at: turn.now });
        Ok(())
    }
}

/// The documents that were presented, by their names in the form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Package {
    presented: Vec<String>,
}

impl Deed<Workstation> for Package {
    const NAME: &'static str = "package";
    type Output = ();

    async fn act(&self, _: &Workstation, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        let awaited = turn.step().is_some_and(|step| step.checks().contains(&CheckWord::PackageComplete));
        if !awaited || turn.case.own.presented.is_some() {
            return Err(Problem::new(Code::StepOutOfOrder).detail("no package of documents is awaited"));
        }
        let form = &turn.regulation.said.form;
        known(form, "presented", &self.presented)?;
        let missing =
            form.copies.iter().filter(|copy| !copy.optional && !self.presented.contains(&copy.name));
        let missing = missing.map(|copy| copy.name.clone()).collect();
        turn.case.own.presented = Some(Presented { documents: self.presented.clone(), missing });
        Ok(())
    }
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

/// An employee's login and password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Credentials {
    login: String,
    password: String,
}

impl Credentials {
    /// Opens a session; its token and whose it is come back, with the changes to commit.
    ///
    /// # Errors
    /// [`Code::NotSignedIn`] deliberately without saying which half was wrong. The act knows no refusal here.
    pub(super) async fn sign_in(
        &self,
        workstation: &Workstation,
    ) -> Result<(Iin, String, registries::store::Batch), Problem> {
        let world = &workstation.site.world;
        let wrong = || Problem::new(Code::NotSignedIn).detail("login or password is wrong");
        if !is_login(&self.login) {
            return Err(wrong());
        }
        let (now, batch) = (world.clock.now(), world.store.batch());
        let password = self.password.clone();
        let (employee, change) =
            EMPLOYEES.authenticate(&world.store, &self.login, password, now, batch).await?;
        let Some(Identifier::Iin(employee)) = employee else { return Err(wrong()) };
        let (token, change) = EMPLOYEES.open_session(employee.into(), now, change)?;
        Ok((employee, token, change))
    }
}

impl Deed<Workstation> for Credentials {
    const NAME: &'static str = "session";
    type Output = String;

    async fn act(&self, workstation: &Workstation, turn: &mut Turn<'_, Own>) -> Result<String, Problem> {
        turn.accept(&[Verb::SignIn])?;
        let (employee, token, change) = self.sign_in(workstation).await?;
        turn.merge(change);
        turn.case.own.employee = Some(employee);
        Ok(token)
    }
}

/// The form and the representative, as far as the step asks for them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FillIn {
    /// The service as it is chosen: the regulation's id.
    service: String,
    fields: BTreeMap<String, String>,
    representative: Option<Representative>,
}

impl Deed<Workstation> for FillIn {
    const NAME: &'static str = "request";
    type Output = ();

    async fn act(&self, workstation: &Workstation, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        turn.accept(&[Verb::ChooseService, Verb::FillForm, Verb::EnterRepresentative])?;
        if self.service != turn.case.regulation {
            let detail = format!("the case is of `{}`, not of {:?}", turn.case.regulation, self.service);
            return Err(Problem::new(Code::UnknownService).detail(detail));
        }
        let digit = workstation.site.world.settings.plan.check_digit;
        let fields = form::fields(&turn.regulation.said.form, &self.fields, digit)?;
        turn.case.own.request = Some(Request { fields, copies: Vec::new() });
        let representative = self.representative.as_ref();
        turn.case.own.representative =
            representative.map(|entered| representative_of(workstation, turn, entered)).transpose()?;
        Ok(())
    }
}

/// The representative without the blanks around what was entered. The data of a notarised power of attorney are
/// entered; those of another are not.
fn representative_of(
    workstation: &Workstation,
    turn: &Turn<'_, Own>,
    entered: &Representative,
) -> Result<Representative, Problem> {
    let representative = Representative {
        iin: entered.iin.trim().to_owned(),
        name: entered.name.trim().to_owned(),
        certified: entered.certified,
        power: entered.power.as_deref().map(|number| number.trim().to_owned()),
    };
    let who = iin(workstation, "representative.iin", &representative.iin)?;
    if super::recipient(turn) == Some(who) {
        return Err(invalid("representative.iin", "nobody represents themselves"));
    }
    form::text("representative.name", &representative.name)?;
    match (representative.certified, &representative.power) {
        (CertifiedBy::Notary, Some(number)) => form::text("representative.power", number),
        (CertifiedBy::Notary, None) => {
            Err(invalid("representative.power", "the number of a notarised power of attorney is entered"))
        }
        (CertifiedBy::Otherwise, Some(_)) => Err(invalid(
            "representative.power",
            "the data of one that is certified otherwise are not entered",
        )),
        (CertifiedBy::Otherwise, None) => Ok(()),
    }?;
    Ok(representative)
}

/// The documents on paper and their scans.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Papers {
    papers: Vec<String>,
    copies: Vec<Attachment>,
}

impl Deed<Workstation> for Papers {
    const NAME: &'static str = "papers";
    type Output = ();

    async fn act(&self, _: &Workstation, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        turn.accept(&[Verb::MarkPapers, Verb::Scan, Verb::AttachCopies])?;
        let form = &turn.regulation.said.form;
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

impl Deed<Workstation> for Sign {
    const NAME: &'static str = "signature";
    type Output = ();

    /// The certificate is the signed-in employee's, issued in the organisation's name, for a role that may sign.
    async fn act(&self, workstation: &Workstation, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        let signs = turn.step().and_then(|step| step.said.signed_by).unwrap_or(Person::CorporationEmployee);
        let carrier = self.carrier(turn.step())?;
        turn.accept(&[Verb::Sign])?;
        let out_of_order = || Problem::new(Code::StepOutOfOrder);
        let draft = turn.case.own.draft.clone().ok_or_else(out_of_order)?;
        let employee = turn.case.own.employee.ok_or_else(out_of_order)?;
        let document = self.over(draft);
        let site = &workstation.site;
        let bin = record(&site.world, site.system()).await?.bin;
        let bin = Bin::parse(&bin, CheckDigit::AnyDigit).map_err(Problem::technical)?;
        let declared = [Identifier::Iin(employee), Identifier::Bin(bin)];
        site.check_signer(&document.verify()?, Some(signs), &declared).await?;
        turn.case.own.document = Some(document);
        turn.case.own.carrier = carrier;
        Ok(())
    }
}

/// Who takes what the case came to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HandOver {
    to: String,
}

impl Deed<Workstation> for HandOver {
    const NAME: &'static str = "handover";
    type Output = ();

    async fn act(&self, workstation: &Workstation, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        turn.accept(&[Verb::HandOver])?;
        let who = iin(workstation, "to", &self.to)?;
        if !may_take(turn, who) {
            let detail = "only the recipient, or who came for them, takes the result";
            return Err(Problem::new(Code::IdentityMismatch).detail(detail));
        }
        turn.case.own.handed_to = Some(who);
        Ok(())
    }
}
