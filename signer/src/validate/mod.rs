//! Is a certificate what a regulation wants it to be? Answers with reasons.
//!
//! Each check answers for itself and all of them are made, so that a verdict holds *all* failures in the order
//! that was asked for. What could not be checked is neither passed nor failed.

mod cache;
mod delta;
mod elsewhere;
mod path;
mod policy;
mod responder;
mod revocation;

use std::sync::Arc;

use certs::verdict::{Asked, Check, Doubt, Failure, Finding, Outcome, Summary, Verdict};
use certs::{Certificate, Clock, Identifier, Role, whole_second};
use jiff::Timestamp;

use crate::trust::Trust;
use cache::ListCache;
use elsewhere::Elsewhere;

pub use policy::{Method, RevocationPolicy, Unanswered};

/// What is asked of a certificate.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Which checks, in which order.
    pub checks: &'a [Check],
    /// The identifier that its holder declared; without one [`Check::IdentityMatches`] cannot be made.
    pub declared: Option<Identifier>,
    /// The roles that may do this; any of them is enough for [`Check::Role`].
    pub roles: &'a [Role],
}

/// Judges certificates by a centre's word, a policy and a clock.
pub struct Validator {
    trust: Arc<dyn Trust>,
    policy: RevocationPolicy,
    clock: Clock,
    lists: ListCache,
    elsewhere: Option<Elsewhere>,
}

impl Validator {
    /// A validator that asks `trust` about revocation as `policy` says.
    pub fn new(trust: Arc<dyn Trust>, policy: RevocationPolicy, clock: Clock) -> Self {
        Self { trust, policy, clock, lists: ListCache::default(), elsewhere: None }
    }

    /// From now on a signing service elsewhere judges, by its own policy: the one whose `/x509/verify` is below
    /// `address`. Whatever it does not answer is unknown.
    pub fn asking(mut self, client: reqwest::Client, address: &str) -> Self {
        self.elsewhere = Some(Elsewhere::at(client, address));
        self
    }

    /// The centre that it asks.
    pub(crate) fn trust(&self) -> &dyn Trust {
        &*self.trust
    }

    /// Judges a certificate as of now.
    pub async fn validate(&self, certificate: &Certificate, question: &Question<'_>) -> Verdict {
        self.validate_at(certificate, question, self.clock.now()).await
    }

    /// Judges a certificate as of the second that a moment lies in: certificates know no fractions.
    ///
    /// Sources of revocation are asked now, and their answers must be fresh now; what they revoked after the
    /// moment counts as well. Of a moment to come they can say no more than their answers are good for.
    pub async fn validate_at(
        &self,
        certificate: &Certificate,
        question: &Question<'_>,
        at: Timestamp,
    ) -> Verdict {
        self.judge(certificate, question, at, None).await
    }

    /// Judges a certificate as of a moment that a time stamp proves: what was revoked after it does not count.
    pub async fn validate_stamped(
        &self,
        certificate: &Certificate,
        question: &Question<'_>,
        at: Timestamp,
    ) -> Verdict {
        self.judge(certificate, question, at, Some(at)).await
    }

    async fn judge(
        &self,
        certificate: &Certificate,
        question: &Question<'_>,
        at: Timestamp,
        proven: Option<Timestamp>,
    ) -> Verdict {
        let at = whole_second(at);
        if let Some(elsewhere) = &self.elsewhere {
            return elsewhere.judge(certificate, question, at, proven.is_some()).await;
        }
        let mut findings = Vec::with_capacity(question.checks.len());
        let mut asked = Vec::new();
        for check in question.checks {
            let outcome = match check {
                Check::ValidityPeriod => of(validity(certificate, at)),
                Check::NotRevoked => self.not_revoked(certificate, at, proven, &mut asked).await,
                Check::IdentityMatches => match question.declared {
                    Some(declared) => of(identity(certificate, declared)),
                    None => Outcome::Unknown(Doubt::NothingDeclared),
                },
                Check::PathToRoot => match path::to_root(&*self.trust, certificate, at).await {
                    Ok(()) => Outcome::Passed,
                    Err(path::NoPath::Failed(failure)) => Outcome::Failed(failure),
                    Err(path::NoPath::Unknown(silence)) => {
                        Outcome::Unknown(Doubt::CentreUnreachable { why: silence.why })
                    }
                },
                Check::KeyUsage => of(usage(certificate)),
                Check::Role => of(role(certificate, question.roles)),
            };
            findings.push(Finding { check: *check, outcome });
        }
        Verdict { at, certificate: Summary::from(certificate), findings, asked }
    }

    async fn not_revoked(
        &self,
        certificate: &Certificate,
        at: Timestamp,
        proven: Option<Timestamp>,
        asked: &mut Vec<Asked>,
    ) -> Outcome {
        // A question that is put twice is not asked twice.
        if asked.is_empty() {
            let inquiry = revocation::Inquiry {
                trust: &*self.trust,
                lists: &self.lists,
                certificate,
                now: whole_second(self.clock.now()),
                until: at.max(whole_second(self.clock.now())),
            };
            *asked = inquiry.ask(&self.policy).await;
        }
        revocation::decide(&self.policy, asked, proven)
    }
}

fn of(checked: Result<(), Failure>) -> Outcome {
    match checked {
        Ok(()) => Outcome::Passed,
        Err(failure) => Outcome::Failed(failure),
    }
}

/// Whether a whole second is in the validity period; both ends belong to it (RFC 5280, 4.1.2.5).
fn is_valid(certificate: &Certificate, at: Timestamp) -> bool {
    (certificate.not_before()..=certificate.not_after()).contains(&at)
}

fn validity(certificate: &Certificate, at: Timestamp) -> Result<(), Failure> {
    let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
    if is_valid(certificate, at) {
        Ok(())
    } else if at > not_after {
        Err(Failure::Expired { not_after, at })
    } else {
        Err(Failure::NotYetValid { not_before, at })
    }
}

/// The number declared must stand in the certificate as a number of the same kind.
fn identity(certificate: &Certificate, declared: Identifier) -> Result<(), Failure> {
    let (same_kind, other_kind) = match declared {
        Identifier::Iin(_) => (certificate.iin_text(), certificate.bin().map(Identifier::Bin)),
        Identifier::Bin(_) => (certificate.bin_text(), certificate.iin().map(Identifier::Iin)),
    };
    match (same_kind, other_kind) {
        (Some(found), _) if found == declared.digits() => Ok(()),
        (Some(found), _) => Err(Failure::IdentityMismatch { declared, in_certificate: found.to_owned() }),
        (None, Some(in_certificate)) => Err(Failure::IdentityOtherKind { declared, in_certificate }),
        (None, None) => Err(Failure::IdentityMissing { declared }),
    }
}

/// Documents are signed with digitalSignature and nonRepudiation.
fn usage(certificate: &Certificate) -> Result<(), Failure> {
    let usage = certificate.key_usage();
    if usage.is_some_and(|usage| usage.digital_signature() && usage.non_repudiation()) {
        return Ok(());
    }
    let found = usage.map(|usage| usage.names().into_iter().map(str::to_owned).collect());
    Err(Failure::KeyUsage { found: found.unwrap_or_default() })
}

fn role(certificate: &Certificate, allowed: &[Role]) -> Result<(), Failure> {
    let found = certificate.roles();
    if found.iter().any(|role| allowed.contains(role)) {
        return Ok(());
    }
    Err(Failure::Role { allowed: allowed.to_vec(), found })
}

#[cfg(test)]
mod tests;
