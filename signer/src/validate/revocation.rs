//! Asking the responder and the list, and what follows from their answers.

use std::sync::Arc;

use certs::verdict::{Answer, Asked, Doubt, Failure, Outcome, Source};
use certs::{Certificate, Crl, Reason};
use jiff::{SignedDuration, Timestamp};
use ring::digest;

use super::cache::ListCache;
use super::path::issued;
use super::policy::{Method, RevocationPolicy, Unanswered};
use super::responder;
use crate::trust::{NoAnswer, Trust};

/// The clock of a source may be ahead by this much.
pub(super) const AHEAD: SignedDuration = SignedDuration::from_mins(5);
/// A certificate that names more sources of one kind than this is not worth the asking.
pub(super) const MOST_SOURCES: usize = 4;

/// One certificate about whose revocation the sources are asked.
pub(super) struct Inquiry<'a> {
    pub(super) trust: &'a dyn Trust,
    pub(super) lists: &'a ListCache,
    pub(super) certificate: &'a Certificate,
    /// When the sources are asked: what they say must be of now or earlier.
    pub(super) now: Timestamp,
    /// For when the answer is wanted, or now if that is in the past: what they say must hold until then.
    pub(super) until: Timestamp,
}

impl Inquiry<'_> {
    /// Asks every source that the policy wants and the certificate names.
    pub(super) async fn ask(&self, policy: &RevocationPolicy) -> Vec<Asked> {
        let issuer = self.issuer().await;
        if let Ok(issuer) = &issuer
            && let Some(answer) = self.ask_given(issuer).await
        {
            return vec![answer];
        }
        let mut asked = Vec::new();
        for method in &policy.ask {
            let urls = match method {
                Method::Ocsp => self.certificate.ocsp_urls(),
                Method::Crl => self.certificate.crl_urls(),
            };
            for (index, url) in urls.iter().enumerate() {
                let source = silent(*method, url);
                if index == MOST_SOURCES {
                    asked.push(no_answer(source, format!("not asked: more than {MOST_SOURCES} are named")));
                    break;
                }
                match (&issuer, method) {
                    (Err(nobody), _) => asked.push(no_answer(source, nobody)),
                    (Ok(issuer), Method::Ocsp) => asked.push(self.ask_responder(issuer, url).await),
                    (Ok(issuer), Method::Crl) => asked.extend(self.ask_list(issuer, url).await),
                }
            }
        }
        asked
    }

    async fn issuer(&self) -> Result<Certificate, NoAnswer> {
        let mut known = self.trust.authorities().await?;
        known.extend(self.trust.roots().await?);
        known.into_iter().find(|authority| issued(authority, self.certificate)).ok_or_else(|| {
            NoAnswer::new(format!("nobody here speaks for the issuer {}", self.certificate.issuer()))
        })
    }

    /// What the list says that somebody gave for the issuer; it may be of an earlier day, and is not of a later one.
    async fn ask_given(&self, issuer: &Certificate) -> Option<Asked> {
        let silent = Source::Crl { number: None, url: None };
        let bytes = match self.trust.given_list(issuer).await {
            Ok(bytes) => bytes?,
            Err(silence) => return Some(no_answer(silent, silence)),
        };
        let at = format!("given for {}", issuer.serial_hex());
        Some(match self.read_list(issuer, &at, &bytes) {
            Ok(list) if list.is_delta() => no_answer(silent, "the list given is a delta list"),
            Ok(list) => self.said_by(&list, None),
            Err(why) => no_answer(silent, why),
        })
    }

    fn said_by(&self, list: &Crl, url: Option<&str>) -> Asked {
        let answer = match self.stale(list) {
            Some(why) => Answer::NoAnswer { why },
            None => match list.find(self.certificate.serial()) {
                Some(entry) => Answer::Revoked { at: entry.at, reason: entry.reason },
                None => Answer::Good,
            },
        };
        let source = Source::Crl { number: list.number(), url: url.map(str::to_owned) };
        Asked { source, answer, this_update: Some(list.this_update()), next_update: list.next_update() }
    }

    async fn ask_list(&self, issuer: &Certificate, url: &str) -> Vec<Asked> {
        let silent = silent(Method::Crl, url);
        let bytes = match self.trust.crl(url).await {
            Ok(bytes) => bytes,
            Err(silence) => return vec![no_answer(silent, silence)],
        };
        let list = match self.read_list(issuer, url, &bytes) {
            Ok(list) if list.is_delta() => {
                return vec![no_answer(silent, "the list is a delta list where a whole one was named")];
            }
            Ok(list) => list,
            Err(why) => return vec![no_answer(silent, why)],
        };
        let said = self.said_by(&list, Some(url));
        let usable = !matches!(said.answer, Answer::NoAnswer { .. });
        if usable { self.freshened(issuer, &list, said).await } else { vec![said] }
    }

    /// The list, if it is the issuer's and its signature holds.
    pub(super) fn read_list(
        &self,
        issuer: &Certificate,
        url: &str,
        bytes: &[u8],
    ) -> Result<Arc<Crl>, String> {
        let sha256 = digest::digest(&digest::SHA256, bytes);
        let key = issuer.public_key();
        let known = self.lists.known(url, sha256.as_ref(), key.spki_der());
        let list = match &known {
            Some(known) => known.clone(),
            None => Arc::new(Crl::from_pem_or_der(bytes).map_err(|error| error.to_string())?),
        };
        if list.issuer_der() != issuer.subject_der() {
            return Err(format!("the list is by {}", list.issuer()));
        }
        if let Some(oid) = list.unknown_critical_extensions().first() {
            return Err(format!("the list has the critical extension {oid}, which is not understood"));
        }
        if known.is_none() {
            list.verify_signature(key).map_err(|error| format!("the list's signature: {error}"))?;
            self.lists.remember(url, sha256.as_ref(), key.spki_der(), &list);
        }
        Ok(list)
    }

    pub(super) fn stale(&self, list: &Crl) -> Option<String> {
        if is_ahead(list.this_update(), self.now) {
            return Some(format!("the list is of {}, in the future", list.this_update()));
        }
        match list.next_update() {
            Some(next) if next < self.until => Some(format!("the list was due again {next}")),
            Some(_) => None,
            None => Some("the list does not say when the next one is due".to_owned()),
        }
    }

    async fn ask_responder(&self, issuer: &Certificate, url: &str) -> Asked {
        match responder::ask(self, issuer, url).await {
            Ok(answered) => answered,
            Err(why) => no_answer(silent(Method::Ocsp, url), why),
        }
    }
}

/// One *revoked* decides, and *revoked for good* before *on hold*. Otherwise every source asked must have said
/// *good*, and there must be one. What was revoked after a `proven` moment was good then.
pub(super) fn decide(policy: &RevocationPolicy, asked: &[Asked], proven: Option<Timestamp>) -> Outcome {
    let later = |at: Timestamp| proven.is_some_and(|proven| at > proven);
    let good = |source: &Asked| match source.answer {
        Answer::Good => true,
        Answer::Revoked { at, .. } => later(at),
        Answer::Unknown | Answer::NoAnswer { .. } => false,
    };
    let revoked = |on_hold: bool| {
        asked.iter().filter_map(move |source| match source.answer {
            Answer::Revoked { at, reason }
                if (reason == Reason::CertificateHold) == on_hold && !later(at) =>
            {
                Some((at, reason, source.source.clone()))
            }
            _ => None,
        })
    };
    if let Some((at, reason, _)) = revoked(false).next() {
        return Outcome::Failed(Failure::Revoked { at, reason, said_by: by(revoked(false)) });
    }
    if let Some((at, ..)) = revoked(true).next() {
        return Outcome::Failed(Failure::Suspended { at, said_by: by(revoked(true)) });
    }
    if !asked.is_empty() && asked.iter().all(good) {
        return Outcome::Passed;
    }
    match policy.unanswered {
        Unanswered::Passes => Outcome::Passed,
        Unanswered::CouldNotCheck => Outcome::Unknown(Doubt::RevocationUnknown { asked: asked.to_vec() }),
    }
}

/// Reports name the list before the responder: the regulations speak of the list.
fn by(revoked: impl Iterator<Item = (Timestamp, Reason, Source)>) -> Vec<Source> {
    let mut said_by: Vec<Source> = revoked.map(|(_, _, source)| source).collect();
    said_by.sort_by_key(|source| matches!(source, Source::Ocsp { .. }));
    said_by
}

/// Whether an answer is of the future, beyond what clocks may differ by.
pub(super) fn is_ahead(this_update: Timestamp, now: Timestamp) -> bool {
    this_update > now.saturating_add(AHEAD).unwrap_or(now)
}

/// A source of which nothing is known yet but its address.
pub(super) fn silent(method: Method, url: &str) -> Source {
    let url = Some(url.to_owned());
    match method {
        Method::Ocsp => Source::Ocsp { url, responder: None },
        Method::Crl => Source::Crl { number: None, url },
    }
}

pub(super) fn no_answer(source: Source, why: impl std::fmt::Display) -> Asked {
    let answer = Answer::NoAnswer { why: why.to_string() };
    Asked { source, answer, this_update: None, next_update: None }
}
