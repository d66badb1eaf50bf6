//! Asking responders and lists about a certificate.

use std::sync::Arc;

use certs::verdict::{Answer, Asked, Source};
use certs::{Certificate, DistributionPoint};
use jiff::{SignedDuration, Timestamp};

use super::cache::{ListCache, Read};
use super::lists::Found;
use super::path::{Known, PathDemands};
use super::policy::Method;
use super::responder;
use crate::trust::{NoAnswer, Trust};

/// The clock of a source may be ahead by this much.
pub(super) const AHEAD: SignedDuration = SignedDuration::from_mins(5);
/// A certificate that names more sources of one kind than this is not worth the asking.
pub(super) const MOST_SOURCES: usize = 4;

/// What all inquiries of one verdict share.
pub(super) struct Inquiries<'a> {
    pub(super) trust: &'a dyn Trust,
    pub(super) lists: &'a ListCache,
    pub(super) known: &'a Result<Arc<Known>, NoAnswer>,
    /// The centre's revision, where it has one.
    pub(super) revision: Option<u64>,
    /// Whether the last good list of an address is gone by where a newer one is of no use.
    pub(super) last_good: bool,
    pub(super) demands: &'a PathDemands,
    /// When the sources are asked: what they say must be of now or earlier.
    pub(super) now: Timestamp,
    /// For when the answer is wanted, or now if that is in the past: what they say must hold until then.
    pub(super) until: Timestamp,
    /// The moment that is judged for.
    pub(super) at: Timestamp,
}

impl Inquiries<'_> {
    /// The list in these bytes, which come from an address.
    pub(super) async fn read(&self, address: &str, bytes: &Arc<[u8]>) -> Result<Read, String> {
        self.lists.read(address, bytes, self.revision).await
    }

    /// The list that somebody gave for an issuer; it is had again only when the centre has come to say something else.
    pub(super) async fn given(&self, issuer: &Certificate) -> Result<Option<Read>, String> {
        let address = format!("given for {}", hex::encode(issuer.public_key().key_id()));
        if let Some(read) = self.revision.and_then(|revision| self.lists.recall_given(&address, revision)) {
            return Ok(Some(read));
        }
        match self.trust.given_list(issuer).await {
            Ok(Some(bytes)) => self.read(&address, &bytes).await.map(Some),
            Ok(None) => Ok(None),
            Err(silence) => Err(silence.to_string()),
        }
    }

    /// Whether somebody gave a list for the certificates of a centre and none for the centre itself: whoever takes in a
    /// foreign centre with its list trusts it as it is, for nobody there can be asked.
    pub(super) async fn is_vouched_for(&self, centre: &Certificate, issuer: &Certificate) -> bool {
        matches!(self.given(centre).await, Ok(Some(_))) && matches!(self.given(issuer).await, Ok(None))
    }
}

/// One certificate about whose revocation the sources are asked.
pub(super) struct Inquiry<'a> {
    pub(super) all: &'a Inquiries<'a>,
    pub(super) certificate: &'a Certificate,
    pub(super) issuer: Result<&'a Certificate, NoAnswer>,
    /// The root of the certificate's path, if there is a path.
    pub(super) root: Option<&'a Certificate>,
    /// The certificates that this is asked for the sake of, which are not asked about again.
    pub(super) for_the_sake_of: Vec<Certificate>,
}

impl Inquiry<'_> {
    /// Asks every source of these kinds that the certificate names.
    pub(super) async fn ask(&self, methods: &[Method]) -> Vec<Asked> {
        if let Ok(issuer) = self.issuer
            && let Some(answer) = self.ask_given(issuer).await
        {
            return vec![answer];
        }
        let mut asked = Vec::new();
        for method in methods {
            asked.extend(match (&self.issuer, method) {
                (Err(nobody), _) => self.silent(*method, nobody),
                (Ok(issuer), Method::Ocsp) => self.ask_responders(issuer).await,
                (Ok(issuer), Method::Crl) => self.ask_lists(issuer).await,
            });
        }
        asked
    }

    /// The same answer for every source that the certificate names.
    fn silent(&self, method: Method, why: &NoAnswer) -> Vec<Asked> {
        let urls = match method {
            Method::Ocsp => self.certificate.ocsp_urls(),
            Method::Crl => self.certificate.crl_urls(),
        };
        urls.iter().take(MOST_SOURCES).map(|url| no_answer(silent(method, url), why)).collect()
    }

    async fn ask_responders(&self, issuer: &Certificate) -> Vec<Asked> {
        let mut asked = Vec::new();
        for (index, url) in self.certificate.ocsp_urls().iter().enumerate() {
            let source = silent(Method::Ocsp, url);
            if index == MOST_SOURCES {
                asked.push(too_many(source));
                break;
            }
            let answer = responder::ask(self, issuer, url).await;
            asked.push(answer.unwrap_or_else(|why| no_answer(source, why)));
        }
        asked
    }

    /// What the list says that somebody gave for the issuer; it may be of an earlier day, and is not of a later one.
    async fn ask_given(&self, issuer: &Certificate) -> Option<Asked> {
        let silent = Source::Crl { number: None, url: None };
        let given = self.all.given(issuer).await.transpose()?;
        let whole = DistributionPoint::of_issuer(issuer.subject_name());
        let found = match given {
            Ok(read) if read.list.is_delta() => Err("the list given is a delta list".to_owned()),
            Ok(read) => Found::new(self, issuer, &whole, read, None).await,
            Err(why) => Err(why),
        };
        Some(match found {
            Ok(found) if !found.covers_everything() => {
                no_answer(silent, "the list given speaks of some reasons only")
            }
            Ok(found) => found.said(self),
            Err(why) => no_answer(silent, why),
        })
    }
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

pub(super) fn too_many(source: Source) -> Asked {
    no_answer(source, format!("not asked: more than {MOST_SOURCES} are named"))
}

pub(super) fn no_answer(source: Source, why: impl std::fmt::Display) -> Asked {
    let answer = Answer::NoAnswer { why: why.to_string() };
    Asked { about: None, source, answer, this_update: None, next_update: None, instead_of: None }
}
