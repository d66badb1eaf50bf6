//! A recipient who goes to the portal.

use certs::{Flaw, Iin, Profile, RevocationBy};
use registries::ca::OrderRequest;
use serde_json::{Value, json};
use signer::Problem;
use uuid::Uuid;

use super::{Applicant, Key, order_key};
use crate::play::human::Deed;
use crate::play::{Play, Selected};
use crate::regulation::{CheckWord, Choice, Verb};
use crate::walk::Awaits;

/// A recipient with the data, papers and certificate that a path needs.
pub(in crate::play) struct Recipient {
    pub(in crate::play) applicant: Applicant,
    pub(in crate::play) signs_with: Key,
    password: String,
}

/// The flaw that makes a check of a certificate fail.
fn flaw(check: CheckWord) -> Option<Flaw> {
    match check {
        CheckWord::ValidityPeriod => Some(Flaw::Expired),
        CheckWord::NotRevoked => Some(Flaw::Revoked),
        CheckWord::IdentityMatches => Some(Flaw::IinMismatch),
        _ => None,
    }
}

impl Recipient {
    /// Somebody new, with a certificate ordered for the path.
    pub(in crate::play) async fn new(play: &Play, selected: &Selected<'_>) -> Result<Self, Problem> {
        let path = &selected.path;
        let id = Uuid::new_v4();
        let number = id.as_u64_pair().0 >> 32;
        let iin = Iin::never_issued(number);
        let late = path.steps.iter().any(|step| step.choice == Some(Choice::RevokedLate));
        let order = OrderRequest {
            iin: Some(iin.to_string()),
            flaws: path.failing().filter_map(flaw).map(|flaw| flaw.name().to_owned()).collect(),
            algorithm: play.algorithm.map(|algorithm| algorithm.name().to_owned()),
            // Whoever skips the list is found out by a certificate that names nothing else.
            revocation_by: if late { RevocationBy::CrlOnly } else { RevocationBy::CrlAndOcsp },
            ..OrderRequest::of(Profile::Individual)
        };
        let child = Iin::never_issued(number + 1);
        Ok(Self {
            applicant: Applicant::new(iin, "ҮЛГІБАЕВ СЫНАҚ TEST".to_owned(), child, path),
            signs_with: order_key(&play.client, &order).await?,
            password: format!("Qaqpa-{}", id.simple()),
        })
    }

    /// IIN and password, or not the password.
    pub(in crate::play) fn credentials(&self, right: bool) -> Value {
        let password = if right { self.password.clone() } else { "not the password".to_owned() };
        json!({ "iin": self.applicant.iin, "password": password })
    }

    /// What they do when the case waits for them.
    pub(in crate::play) fn deed(&self, selected: &Selected<'_>, awaits: &Awaits) -> Deed {
        let already = awaits.optional && selected.path.passes_by(&awaits.step);
        let right = !selected.path.failing().any(|check| check == CheckWord::LoginAuthentic);
        match awaits.does.first() {
            Some(Verb::Register) if !already => Deed::Does("account", self.credentials(true)),
            Some(Verb::Register | Verb::SignIn) => Deed::Does("session", self.credentials(right)),
            Some(Verb::ChooseService | Verb::FillForm | Verb::AttachCopies | Verb::ChooseCertificate) => {
                Deed::Does("request", self.request(selected, awaits))
            }
            _ => Deed::CannotDo,
        }
    }

    /// What the step asks for.
    fn request(&self, selected: &Selected<'_>, awaits: &Awaits) -> Value {
        let form = &selected.regulation.said.form;
        let mut request = json!({ "service": selected.regulation.id, "fields": self.applicant.fields(form) });
        if awaits.does.contains(&Verb::AttachCopies) {
            request["copies"] = self.applicant.copies(form).into();
        }
        if awaits.does.contains(&Verb::ChooseCertificate) {
            request["certificate"] = self.signs_with.certificate.pem().into();
        }
        request
    }
}
