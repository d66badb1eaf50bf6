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
        let mut said = found.said(self);
        if matches!(said.answer, Answer::NoAnswer { .. }) {
            return vec![said];
        }
        let mut beside = Vec::new();
        let named = self.certificate.delta_crl_urls();
        let by_list = found.list.delta_crl_urls().iter().filter(|url| !named.contains(url));
        for url in named.iter().chain(by_list).take(MOST_SOURCES) {
            match self.changed_at(found, url).await {
                Ok(Some(newer)) => said = Asked { instead_of: said.instead_of, ..newer },
                Ok(None) => {}
                Err(why) => match self.said_before(found, url, &said).await {
                    Some(before) => {
                        let before = Asked { instead_of: Some(why), ..before };
                        if before.answer == said.answer { beside.push(before) } else { said = before }
                    }
                    None => beside.push(no_answer(silent(Method::Crl, url), why)),
                },
            }
        }
        beside.insert(0, said);
        beside
    }

    /// The same with the newest of the delta lists at hand that fits; none need.
    pub(super) async fn freshened_at_hand(&self, found: &Found, deltas: &[Read]) -> Asked {
        let said = found.said(self);
        if matches!(said.answer, Answer::NoAnswer { .. }) {
            return said;
        }
        let mut newest = None;
        for delta in deltas {
            if let Ok(changed) = self.changed(found, delta, None).await
                && newest.as_ref().is_none_or(|(number, _)| delta.list.number() >= *number)
            {
                newest = Some((delta.list.number(), changed));
            }
        }
        newest.and_then(|(_, changed)| changed).unwrap_or(said)
    }

    async fn changed_at(&self, found: &Found, url: &str) -> Result<Option<Asked>, String> {
        self.changed(found, &self.list_at(url).await?, Some(url)).await
    }

    /// What the last good delta list from an address says, if the policy allows it: where it changes nothing, what was
    /// `said`.
    async fn said_before(&self, found: &Found, url: &str, said: &Asked) -> Option<Asked> {
        let good = self.last_good(url)?;
        let changed = self.changed(found, &good, Some(url)).await.ok()?;
        let unchanged = || answered(&good.list, Some(url.to_owned()), said.answer.clone());
        Some(changed.unwrap_or_else(unchanged))
    }

    /// What the delta list says of the certificate, if anything changed since the list that was found.
    async fn changed(&self, found: &Found, read: &Read, url: Option<&str>) -> Result<Option<Asked>, String> {
        let (list, delta) = (&found.list, &read.list);
        if delta.issuer_name() != list.issuer_name() {
            return Err(format!("the list is by {}", delta.issuer()));
        }
        if let Some(oid) = delta.unknown_critical_extensions().first() {
            return Err(format!("the list has the critical extension {oid}, which is not understood"));
        }
        self.verified(read, &found.key).await?;
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
        let entry = delta.find_of(self.certificate.issuer_name(), self.certificate.serial());
        let answer = match entry.map_err(|error| error.to_string())? {
            None => return Ok(None),
            Some(entry) if entry.reason == Reason::RemoveFromCrl => Answer::Good,
            Some(entry) => Answer::Revoked { at: entry.at, reason: entry.reason },
        };
        Ok(Some(answered(delta, url.map(str::to_owned), answer)))
    }
}
