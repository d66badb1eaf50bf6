//! Delta lists (RFC 5280, 5.2.4): what a certificate's list has to be added to be of now.

use certs::verdict::{Answer, Asked, Source};
use certs::{Certificate, Crl, Reason};

use super::policy::Method;
use super::revocation::{Inquiry, MOST_SOURCES, no_answer, silent};

impl Inquiry<'_> {
    /// What a list said, with what the delta lists that the certificate names add to it. One that cannot be gone by
    /// leaves an answer of its own: nobody knows what would have stood there.
    pub(super) async fn freshened(&self, issuer: &Certificate, list: &Crl, said: Asked) -> Vec<Asked> {
        let mut answers = vec![said];
        for url in self.certificate.delta_crl_urls().iter().take(MOST_SOURCES) {
            match self.changed(issuer, list, url).await {
                Ok(Some(newer)) => answers[0] = newer,
                Ok(None) => {}
                Err(why) => answers.push(no_answer(silent(Method::Crl, url), why)),
            }
        }
        answers
    }

    /// What the delta list at `url` says of the certificate, if anything changed since `list`.
    async fn changed(&self, issuer: &Certificate, list: &Crl, url: &str) -> Result<Option<Asked>, String> {
        let bytes = self.trust.crl(url).await.map_err(|silence| silence.to_string())?;
        let delta = self.read_list(issuer, url, &bytes)?;
        if !delta.is_delta() {
            return Err("the list is a whole one where a delta list was named".to_owned());
        }
        if let Some(why) = self.stale(&delta) {
            return Err(why);
        }
        let (Some(base), Some(number), Some(newest)) = (delta.base_number(), list.number(), delta.number())
        else {
            return Err("the lists have no numbers that tell whether they fit".to_owned());
        };
        if base > number {
            return Err(format!(
                "the delta list adds to list no. {base} and later ones, and this is no. {number}"
            ));
        }
        if newest < number {
            // The list is newer: it has all that the delta list says, and more.
            return Ok(None);
        }
        let answer = match delta.find(self.certificate.serial()) {
            None => return Ok(None),
            Some(entry) if entry.reason == Reason::RemoveFromCrl => Answer::Good,
            Some(entry) => Answer::Revoked { at: entry.at, reason: entry.reason },
        };
        let source = Source::Crl { number: Some(newest), url: Some(url.to_owned()) };
        let (this_update, next_update) = (Some(delta.this_update()), delta.next_update());
        Ok(Some(Asked { source, answer, this_update, next_update }))
    }
}
