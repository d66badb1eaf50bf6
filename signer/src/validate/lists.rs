//! Asking revocation lists (RFC 5280, 6.3): those at the addresses that a certificate names, and those at hand.

use std::sync::Arc;

use certs::verdict::{Answer, Asked, Source};
use certs::{Certificate, Crl, DistributionPoint, PublicKey, Reasons};

use super::cache::Read;
use super::policy::Method;
use super::revocation::{Inquiry, MOST_SOURCES, is_ahead, no_answer, silent, too_many};
use super::scope;

/// A list that speaks of the certificate, of all reasons or of some, and whose signature holds.
pub(super) struct Found {
    pub(super) list: Arc<Crl>,
    pub(super) url: Option<String>,
    /// Who signed it.
    pub(super) key: PublicKey,
    reasons: Reasons,
    /// Why what the address gives now is of no use, if it is the last good one.
    instead_of: Option<String>,
}

/// The answers, and the reasons of which usable ones speak.
struct Collected {
    asked: Vec<Asked>,
    covered: Reasons,
}

impl Found {
    /// # Errors
    /// Why the list does not speak of the certificate or cannot be believed, in English.
    pub(super) async fn new(
        inquiry: &Inquiry<'_>,
        issuer: &Certificate,
        point: &DistributionPoint,
        read: Read,
        url: Option<&str>,
    ) -> Result<Self, String> {
        let reasons = scope::speaks(&read.list, inquiry.certificate, point)?;
        let key = inquiry.signer(issuer, &read).await?;
        Ok(Self { list: read.list, url: url.map(str::to_owned), key, reasons, instead_of: None })
    }

    /// What it says of the certificate.
    pub(super) fn said(&self, inquiry: &Inquiry<'_>) -> Asked {
        let certificate = inquiry.certificate;
        let answer = match inquiry.stale(&self.list) {
            Some(why) => Answer::NoAnswer { why },
            None => match self.list.find_of(certificate.issuer_name(), certificate.serial()) {
                Ok(Some(entry)) => Answer::Revoked { at: entry.at, reason: entry.reason },
                Ok(None) => Answer::Good,
                Err(error) => Answer::NoAnswer { why: error.to_string() },
            },
        };
        let instead_of = self.instead_of.clone();
        Asked { instead_of, ..answered(&self.list, self.url.clone(), answer) }
    }

    /// Whether it speaks of every reason.
    pub(super) fn covers_everything(&self) -> bool {
        self.reasons == Reasons::ALL
    }
}

/// What a list answers.
pub(super) fn answered(list: &Crl, url: Option<String>, answer: Answer) -> Asked {
    let source = Source::Crl { number: list.number(), url };
    let (this_update, next_update) = (Some(list.this_update()), list.next_update());
    Asked { about: None, source, answer, this_update, next_update, instead_of: None }
}

/// Whether there is an answer to go by.
fn is_usable(asked: &Asked) -> bool {
    !matches!(asked.answer, Answer::NoAnswer { .. })
}

impl Inquiry<'_> {
    /// Asks the lists at every address that the certificate names, and those at hand if these leave reasons open.
    pub(super) async fn ask_lists(&self, issuer: &Certificate) -> Vec<Asked> {
        let mut collected = Collected { asked: Vec::new(), covered: Reasons::NONE };
        for (index, (point, url)) in self.named().into_iter().enumerate() {
            if index == MOST_SOURCES {
                collected.asked.push(too_many(silent(Method::Crl, url)));
                break;
            }
            match self.found_at(issuer, point, url).await {
                Ok(found) => {
                    let said = self.freshened(&found).await;
                    if said.iter().all(is_usable) {
                        collected.covered = collected.covered.or(found.reasons);
                    }
                    collected.asked.extend(said);
                }
                Err(why) => collected.asked.push(no_answer(silent(Method::Crl, url), why)),
            }
        }
        if collected.covered != Reasons::ALL {
            self.ask_at_hand(issuer, &mut collected).await;
        }
        let Collected { mut asked, covered } = collected;
        let missing = Reasons::ALL.without(covered);
        if !missing.is_empty() && !asked.is_empty() && asked.iter().all(is_usable) {
            let source = Source::Crl { number: None, url: None };
            asked.push(no_answer(source, format!("no list speaks of the reasons {missing}")));
        }
        asked
    }

    /// The points that the certificate names, by each of their addresses.
    fn named(&self) -> Vec<(&DistributionPoint, &str)> {
        let mut named = Vec::new();
        for point in self.certificate.crl_points() {
            named.extend(point.urls().map(|url| (point, url)));
        }
        named
    }

    /// The list at an address or, where that cannot be gone by and the policy allows it, the last good one from there.
    async fn found_at(
        &self,
        issuer: &Certificate,
        point: &DistributionPoint,
        url: &str,
    ) -> Result<Found, String> {
        let found = match self.list_at(url).await {
            Ok(read) => self.found_in(issuer, point, url, read).await,
            Err(why) => Err(why),
        };
        let why = match &found {
            Ok(found) => self.stale(&found.list),
            Err(why) => Some(why.clone()),
        };
        let Some((why, good)) = why.zip(self.last_good(url)) else { return found };
        match self.found_in(issuer, point, url, good).await {
            Ok(good) => Ok(Found { instead_of: Some(why), ..good }),
            Err(_) => found,
        }
    }

    async fn found_in(
        &self,
        issuer: &Certificate,
        point: &DistributionPoint,
        url: &str,
        read: Read,
    ) -> Result<Found, String> {
        let found = Found::new(self, issuer, point, read, Some(url)).await?;
        if found.list.is_delta() {
            return Err("the list is a delta list where a whole one was named".to_owned());
        }
        Ok(found)
    }

    /// The last good list from an address, if it is still good and the policy lets it be gone by.
    pub(super) fn last_good(&self, url: &str) -> Option<Read> {
        let good = self.all.lists.last_good(url).filter(|_| self.all.last_good)?;
        self.stale(&good.list).is_none().then_some(good)
    }

    /// Asks those of the lists at hand that speak of the certificate at one of its points, or at none. One that cannot
    /// be gone by does not matter if another speaks of the same.
    async fn ask_at_hand(&self, issuer: &Certificate, collected: &mut Collected) {
        let lists = match self.all.trust.lists().await {
            Ok(lists) if lists.is_empty() => return,
            Ok(lists) => lists,
            Err(silence) => {
                collected.asked.push(no_answer(Source::Crl { number: None, url: None }, silence));
                return;
            }
        };
        let (mut deltas, mut whole) = (Vec::new(), Vec::new());
        for bytes in &lists {
            match self.all.read("at hand", bytes).await {
                Ok(read) if read.list.is_delta() => deltas.push(read),
                Ok(read) => whole.push(read),
                Err(_) => {}
            }
        }
        let mut points = self.certificate.crl_points().to_vec();
        points.push(DistributionPoint::of_issuer(self.certificate.issuer_name()));
        let mut unusable = Vec::new();
        for point in &points {
            for read in &whole {
                let adds = scope::speaks(&read.list, self.certificate, point)
                    .is_ok_and(|reasons| !reasons.without(collected.covered).is_empty());
                if !adds {
                    continue;
                }
                match Found::new(self, issuer, point, read.clone(), None).await {
                    Ok(found) => {
                        let said = self.freshened_at_hand(&found, &deltas).await;
                        if is_usable(&said) {
                            collected.covered = collected.covered.or(found.reasons);
                            collected.asked.push(said);
                        } else {
                            unusable.push(said);
                        }
                    }
                    Err(why) => unusable.push(answered(&read.list, None, Answer::NoAnswer { why })),
                }
            }
        }
        if collected.covered != Reasons::ALL {
            collected.asked.extend(unusable);
        }
        if collected.asked.is_empty() {
            let source = Source::Crl { number: None, url: None };
            collected.asked.push(no_answer(source, "none of the lists at hand speaks of the certificate"));
        }
    }

    /// The list at an address, fetched unless nothing can have changed since it was.
    pub(super) async fn list_at(&self, url: &str) -> Result<Read, String> {
        let all = self.all;
        if let Some(read) = all.revision.and_then(|revision| all.lists.recall(url, revision, all.until)) {
            return Ok(read);
        }
        let bytes = all.trust.crl(url).await.map_err(|silence| silence.to_string())?;
        all.read(url, &bytes).await
    }

    pub(super) fn stale(&self, list: &Crl) -> Option<String> {
        if is_ahead(list.this_update(), self.all.now) {
            return Some(format!("the list is of {}, in the future", list.this_update()));
        }
        match list.next_update() {
            Some(next) if next < self.all.until => Some(format!("the list was due again {next}")),
            Some(_) => None,
            None => Some("the list does not say when the next one is due".to_owned()),
        }
    }
}
