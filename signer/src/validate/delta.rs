//! Delta lists (RFC 5280, 5.2.4): what a certificate's list has to be added to be of now.

use certs::Reason;
use certs::verdict::{Answer, Asked};

use super::cache::Read;
use super::lists::{Found, answered};
use super::policy::Method;
use super::revocation::{Inquiry, MOST_SOURCES, no_answer, silent};

impl Inquiry<'_> {
    /// What a list said, with what the delta lists add to it that the certificate or the list itself names. One that
    /// cannot be gone by leaves an answer of its own: nobody knows what would have stood there.
    pub(super) async fn freshened(&self, found: &Found) -> Vec<Asked> {
        let mut answers = vec![found.said(self)];
        if matches!(answers[0].answer, Answer::NoAnswer { .. }) {
            return answers;
        }
        let named = self.certificate.delta_crl_urls();
        let by_list = found.list.delta_crl_urls().iter().filter(|url| !named.contains(url));
        for url in named.iter().chain(by_list).take(MOST_SOURCES) {
            match self.changed_at(found, url).await {
                Ok(Some(newer)) => answers[0] = newer,
                Ok(None) => {}
                Err(why) => answers.push(no_answer(silent(Method::Crl, url), why)),
            }
        }
        answers
    }

    /// The same with the newest of the delta lists at hand that fits; none need.
    pub(super) fn freshened_at_hand(&self, found: &Found, deltas: &[Read]) -> Asked {
        let said = found.said(self);
        if matches!(said.answer, Answer::NoAnswer { .. }) {
            return said;
        }
        let fitting = deltas.iter().filter_map(|delta| {
            let changed = self.changed(found, delta, None).ok()?;
            Some((delta.list.number(), changed))
        });
        fitting.max_by_key(|(number, _)| *number).and_then(|(_, changed)| changed).unwrap_or(said)
    }

    async fn changed_at(&self, found: &Found, url: &str) -> Result<Option<Asked>, String> {
        self.changed(found, &self.list_at(url).await?, Some(url))
    }

    /// What the delta list says of the certificate, if anything changed since the list that was found.
    fn changed(&self, found: &Found, read: &Read, url: Option<&str>) -> Result<Option<Asked>, String> {
        let (list, delta) = (&found.list, &read.list);
        if delta.issuer_name() != list.issuer_name() {
            return Err(format!("the list is by {}", delta.issuer()));
        }
        if let Some(oid) = delta.unknown_critical_extensions().first() {
            return Err(format!("the list has the critical extension {oid}, which is not understood"));
        }
        self.verified(read, &found.key)?;
        if !delta.is_delta() {
            return Err("the list is a whole one where a delta list was named".to_owned());
        }
        if delta.scope() != list.scope() || delta.akid() != list.akid() {
            return Err("the delta list speaks of other certificates than the list".to_owned());
        }
        if let Some(why) = self.stale(delta) {
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
        let answer = match delta.find_of(self.certificate.issuer_name(), self.certificate.serial()) {
            None => return Ok(None),
            Some(entry) if entry.reason == Reason::RemoveFromCrl => Answer::Good,
            Some(entry) => Answer::Revoked { at: entry.at, reason: entry.reason },
        };
        Ok(Some(answered(delta, url.map(str::to_owned), answer)))
    }
}
