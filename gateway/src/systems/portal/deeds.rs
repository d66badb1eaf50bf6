//! What a recipient does at the portal.

use std::collections::BTreeMap;

use certs::Iin;
use serde::Deserialize;
use serde_json::json;
use signer::service::read_certificate;
use signer::{Bytes, Code, Document, Problem};

use super::{Login, Own, Portal, Request, accounts, form};
use crate::exchange::Attachment;
use crate::regulation::Verb;
use crate::walk::{Deed, Turn};

/// IIN and password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Credentials {
    iin: String,
    password: String,
}

impl Credentials {
    fn iin(&self, portal: &Portal) -> Result<Iin, Problem> {
        Iin::parse(&self.iin, portal.site.world.settings.plan.check_digit).map_err(|error| {
            let why = error.to_string();
            Problem::new(Code::InvalidValue)
                .detail(format!("iin: {why}"))
                .fact("fields", json!({ "iin": why }))
        })
    }

    /// Tries the password; with the right one a session is opened, and its token comes back. The changes are to
    /// be committed either way: wrong passwords are counted.
    pub(super) async fn sign_in(
        &self,
        portal: &Portal,
    ) -> Result<(Iin, Option<String>, registries::store::Batch), Problem> {
        let iin = self.iin(portal)?;
        let world = &portal.site.world;
        let now = world.clock.now();
        let batch = world.store.batch();
        let (authentic, change) =
            accounts::authenticate(&world.store, iin, self.password.clone(), now, batch).await?;
        if !authentic {
            return Ok((iin, None, change));
        }
        let (token, change) = accounts::open_session(iin, now, change)?;
        Ok((iin, Some(token), change))
    }
}

/// Registration: an account is opened.
pub(super) struct Register(pub(super) Credentials);

impl Deed<Portal> for Register {
    const NAME: &'static str = "account";
    type Output = ();

    async fn act(&self, portal: &Portal, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        turn.accept(&[Verb::Register])?;
        let iin = self.0.iin(portal)?;
        let store = &portal.site.world.store;
        let change = accounts::register(store, iin, self.0.password.clone(), store.batch()).await?;
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
        let (iin, token, change) = self.0.sign_in(portal).await?;
        turn.merge(change);
        turn.case.own.login = Some(Login { iin, authentic: token.is_some() });
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

/// The signature over the bytes that were given out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sign {
    /// Detached CMS.
    signature: Bytes,
}

impl Deed<Portal> for Sign {
    const NAME: &'static str = "signature";
    type Output = ();

    async fn act(&self, _portal: &Portal, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        turn.accept(&[Verb::Sign])?;
        let own = &mut turn.case.own;
        let draft = own.draft.as_ref().ok_or_else(|| Problem::new(Code::StepOutOfOrder))?;
        let document =
            Document::detached(draft.content.0.clone(), &draft.media_type, self.signature.0.clone());
        let verified = document.verify()?;
        let signer = verified.sole_signer()?;
        if own.certificate.as_deref().is_some_and(|chosen| chosen != signer.certificate.pem()) {
            return Err(Problem::new(Code::SignedByAnother).detail(signer.certificate.subject()));
        }
        own.document = Some(document);
        Ok(())
    }
}
