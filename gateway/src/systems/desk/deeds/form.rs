//! Filling in the form.

use std::collections::BTreeMap;

use serde::Deserialize;
use signer::service::read_certificate;
use signer::{Code, Problem};

use super::{iin, invalid};
use crate::exchange::{Attachment, CertifiedBy, Representative};
use crate::regulation::Verb;
use crate::systems::desk::application::Request;
use crate::systems::desk::own::{Own, recipient};
use crate::systems::desk::{Desk, form};
use crate::walk::{Deed, Turn};

/// The form, the copies, the certificate and the representative, as far as the step asks for them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::systems::desk) struct FillIn {
    /// The service as it is chosen: the regulation's id.
    service: Option<String>,
    #[serde(default)]
    fields: BTreeMap<String, String>,
    #[serde(default)]
    copies: Vec<Attachment>,
    /// PEM, or base64 of DER.
    certificate: Option<String>,
    representative: Option<Representative>,
}

impl Deed<Desk> for FillIn {
    const NAME: &'static str = "request";
    type Output = ();

    async fn act(&self, desk: &Desk, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        let mut deeds =
            vec![Verb::ChooseService, Verb::FillForm, Verb::AttachCopies, Verb::ChooseCertificate];
        if self.representative.is_some() {
            deeds.push(Verb::EnterRepresentative);
        }
        let mut accepted = turn.accept(&deeds)?;
        // Nobody is entered: where it was offered it is passed by, and where it stands beside the form it is done.
        let beside = |turn: &Turn<'_, Own>| {
            turn.awaits().is_some_and(|(_, pending)| pending.first() == Some(&Verb::EnterRepresentative))
        };
        if self.representative.is_none() && beside(turn) {
            accepted.extend(turn.accept(&[Verb::EnterRepresentative])?);
        }
        if let (Some(entered), [Verb::EnterRepresentative]) = (&self.representative, accepted.as_slice()) {
            turn.case.own.representative = Some(representative_of(desk, turn, entered)?);
            return Ok(());
        }
        if self.service.as_ref() != Some(&turn.case.regulation) {
            let asked = self.service.as_deref().unwrap_or_default();
            let detail = format!("the case is of `{}`, not of {asked:?}", turn.case.regulation);
            return Err(Problem::new(Code::UnknownService).detail(detail));
        }
        let form = turn.channel.form.clone();
        let digit = desk.site.world.settings.plan.check_digit;
        let fields = form::fields(&form, &self.fields, digit)?;
        if accepted.contains(&Verb::AttachCopies) {
            form::copies(&form, &self.copies)?;
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
        if accepted.contains(&Verb::EnterRepresentative) {
            let representative = self.representative.as_ref();
            turn.case.own.representative =
                representative.map(|entered| representative_of(desk, turn, entered)).transpose()?;
        } else if self.representative.is_some() {
            return Err(invalid("representative", "nobody is entered here"));
        }
        Ok(())
    }
}

/// The representative without the blanks around what was entered. The data of a notarised power of attorney are
/// entered; those of another are not.
fn representative_of(
    desk: &Desk,
    turn: &Turn<'_, Own>,
    entered: &Representative,
) -> Result<Representative, Problem> {
    let representative = Representative {
        iin: entered.iin.trim().to_owned(),
        name: entered.name.trim().to_owned(),
        certified: entered.certified,
        power: entered.power.as_deref().map(|number| number.trim().to_owned()),
    };
    let who = iin(desk, "representative.iin", &representative.iin)?;
    if recipient(turn) == Some(who) {
        return Err(invalid("representative.iin", "nobody represents themselves"));
    }
    form::text("representative.name", &representative.name)?;
    match (representative.certified, &representative.power) {
        (CertifiedBy::Notary, Some(number)) => form::text("representative.power", number),
        (CertifiedBy::Notary, None) => {
            Err(invalid("representative.power", "the number of a notarised power of attorney is entered"))
        }
        (CertifiedBy::Law, Some(_)) => {
            Err(invalid("representative.power", "a legal representative needs no power of attorney"))
        }
        (CertifiedBy::Otherwise, Some(_)) => Err(invalid(
            "representative.power",
            "the data of one that is certified otherwise are not entered",
        )),
        (CertifiedBy::Otherwise | CertifiedBy::Law, None) => Ok(()),
    }?;
    Ok(representative)
}
