//! What a recipient does at the portal.

use std::collections::BTreeMap;

use certs::{Bin, Identifier, Iin};
use serde::Deserialize;
use serde_json::json;
use signer::service::read_certificate;
use signer::{Code, Problem};

use super::{Login, Own, Portal, Request};
use crate::exchange::{Attachment, identifier_text};
use crate::regulation::{FieldType, Verb};
use crate::systems::accounts::RECIPIENTS;
use crate::systems::cases::Sign;
use crate::systems::form;
use crate::walk::{Deed, Turn};

/// IIN or BIN, and password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Credentials {
    iin: Option<String>,
    bin: Option<String>,
    password: String,
}

fn invalid(field: &str, why: impl Into<String>) -> Problem {
    let why = why.into();
    Problem::new(Code::InvalidValue).detail(format!("{field}: {why}")).fact("fields", json!({ field: why }))
}

impl Credentials {
    fn who(&self, portal: &Portal) -> Result<Identifier, Problem> {
        let digit = portal.site.world.settings.plan.check_digit;
        match (&self.iin, &self.bin) {
            (Some(iin), None) => {
                Iin::parse(iin, digit).map(Identifier::Iin).map_err(|error| invalid("iin", error.to_string()))
            }
            (None, Some(bin)) => {
                Bin::parse(bin, digit).map(Identifier::Bin).map_err(|error| invalid("bin", error.to_string()))
            }
            (None, None) => Err(invalid("iin", "is missing")),
            (Some(_), Some(_)) => Err(invalid("bin", "stands beside `iin`: it is one of them")),
        }
    }

    /// Whose account it is to be, of those that the case's act knows recipients by.
    fn of_case(&self, portal: &Portal, turn: &Turn<'_, Own>) -> Result<Identifier, Problem> {
        let who = self.who(portal)?;
        let (kind, field) = match who {
            Identifier::Iin(_) => (FieldType::Iin, "iin"),
            Identifier::Bin(_) => (FieldType::Bin, "bin"),
        };
        if turn.regulation.knows_recipients_by(kind) {
            return Ok(who);
        }
        Err(invalid(field, "this service does not know its recipients by such a number"))
    }

    /// Tries the password; with the right one a session is opened, and its token comes back. The changes are to
    /// be committed either way: wrong passwords are counted.
    pub(super) async fn sign_in(
        &self,
        portal: &Portal,
    ) -> Result<(Identifier, Option<String>, registries::store::Batch), Problem> {
        let who = self.who(portal)?;
        let world = &portal.site.world;
        let now = world.clock.now();
        let batch = world.store.batch();
        let password = self.password.clone();
        let (authentic, change) =
            RECIPIENTS.authenticate(&world.store, &identifier_text(who), password, now, batch).await?;
        if authentic.is_none() {
            return Ok((who, None, change));
        }
        let (token, change) = RECIPIENTS.open_session(who, now, change)?;
        Ok((who, Some(token), change))
    }
}

/// Registration: an account is opened.
pub(super) struct Register(pub(super) Credentials);

impl Deed<Portal> for Register {
    const NAME: &'static str = "account";
    type Output = ();

    async fn act(&self, portal: &Portal, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        let for_everybody = turn.step().is_some_and(|step| step.guard().is_empty());
        turn.accept(&[Verb::Register])?;
        let who = self.0.of_case(portal, turn)?;
        let store = &portal.site.world.store;
        let (login, password) = (identifier_text(who), self.0.password.clone());
        let change = match RECIPIENTS.register(store, &login, who, password, store.batch()).await {
            // Where everybody registers, so does who has an account: with its password.
            Err(problem) if problem.code == Code::AlreadyRegistered && for_everybody => {
                let password = self.0.password.clone();
                let (authentic, change) =
                    RECIPIENTS.authenticate(store, &login, password, turn.now, store.batch()).await?;
                authentic.map(|_| change).ok_or(problem)
            }
            registered => registered,
        }?;
        turn.merge(change);
        Ok(())
    }
}

/// Signing in; the session's token comes back if the password was right.
pub(super) struct SignIn(pub(super) Credentials);

impl Deed<Portal> for SignIn {
    const NAME: &'static str = "session";
    type Output = Option<String>;

    async fn act(&self, portal: &Portal, turn: &mut Turn<'_, Own>) -> Result<Option<String>, Problem> {
        turn.accept(&[Verb::SignIn])?;
        self.0.of_case(portal, turn)?;
        let (who, token, change) = self.0.sign_in(portal).await?;
        turn.merge(change);
        turn.case.own.login = Some(Login { who, authentic: token.is_some() });
        Ok(token)
    }
}

/// The form, the copies and the certificate, as far as the step asks for them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FillIn {
    /// The service as it is chosen: the regulation's id.
    service: String,
    fields: BTreeMap<String, String>,
    #[serde(default)]
    copies: Vec<Attachment>,
    /// PEM, or base64 of DER.
    certificate: Option<String>,
}

impl Deed<Portal> for FillIn {
    const NAME: &'static str = "request";
    type Output = ();

    async fn act(&self, portal: &Portal, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        let deeds = [Verb::ChooseService, Verb::FillForm, Verb::AttachCopies, Verb::ChooseCertificate];
        let accepted = turn.accept(&deeds)?;
        if self.service != turn.case.regulation {
            let detail = format!("the case is of `{}`, not of {:?}", turn.case.regulation, self.service);
            return Err(Problem::new(Code::UnknownService).detail(detail));
        }
        let form = &turn.regulation.said.form;
        let fields = form::fields(form, &self.fields, portal.site.world.settings.plan.check_digit)?;
        if accepted.contains(&Verb::AttachCopies) {
            form::copies(form, &self.copies)?;
        } else if !self.copies.is_empty() {
            return Err(invalid("copies", "none are attached here"));
        }
        if accepted.contains(&Verb::ChooseCertificate) {
            let missing =
                || Problem::new(Code::InvalidValue).detail("certificate: none is chosen to sign with");
            let chosen = read_certificate(self.certificate.as_deref().ok_or_else(missing)?)?;
            turn.case.own.certificate = Some(chosen.pem());
        }
        turn.case.own.request = Some(Request { fields, copies: self.copies.clone() });
        Ok(())
    }
}

impl Deed<Portal> for Sign {
    const NAME: &'static str = "signature";
    type Output = ();

    async fn act(&self, _portal: &Portal, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        turn.accept(&[Verb::Sign])?;
        let own = &mut turn.case.own;
        let draft = own.draft.clone().ok_or_else(|| Problem::new(Code::StepOutOfOrder))?;
        let document = self.over(draft);
        let verified = document.verify()?;
        let signer = verified.sole_signer()?;
        // Where none was chosen before, signing chooses it.
        let chosen = own.certificate.get_or_insert_with(|| signer.certificate.pem());
        if *chosen != signer.certificate.pem() {
            return Err(Problem::new(Code::SignedByAnother).detail(signer.certificate.subject()));
        }
        own.document = Some(document);
        Ok(())
    }
}
