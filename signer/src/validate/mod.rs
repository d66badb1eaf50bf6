//! Is a certificate what a regulation wants it to be? Answers with reasons.
//!
//! Each check answers for itself and all of them are made, so that a verdict holds *all* failures in the order
//! that was asked for. What could not be checked is neither passed nor failed.

mod cache;
mod decide;
mod delta;
mod elsewhere;
mod list_signer;
mod lists;
mod path;
mod policy;
mod responder;
mod revocation;
mod scope;
mod seen;

use std::sync::Arc;

use certs::verdict::{Check, Doubt, Failure, Finding, Outcome, Summary, Verdict};
use certs::{Certificate, Clock, Identifier, ObjectIdentifier, Role, oid, whole_second};
use jiff::Timestamp;

use crate::trust::{NoAnswer, Trust};
use cache::{KnownCache, ListCache};
use decide::Answers;
use elsewhere::Elsewhere;
use path::{Known, NoPath};
use revocation::{Inquiries, Inquiry};
use seen::Seen;

pub use path::PathDemands;
pub use policy::{CentrePolicy, Method, RevocationPolicy, Unanswered};

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
    demands: PathDemands,
    clock: Clock,
    lists: ListCache,
    known: KnownCache,
    seen: Seen,
    elsewhere: Option<Elsewhere>,
}

/// A certificate with what is known of the way to a root.
struct Way<'a> {
    certificate: &'a Certificate,
    revision: Option<u64>,
    known: Result<Arc<Known>, NoAnswer>,
    path: Result<Vec<Certificate>, NoPath>,
}

/// What was found out about a certificate: its path to a root and, if that was asked, what is said of its revocation.
struct Looked {
    path: Result<Vec<Certificate>, NoPath>,
    answers: Option<Answers>,
}

impl Validator {
    /// A validator that asks `trust` about revocation as `policy` says.
    pub fn new(trust: Arc<dyn Trust>, policy: RevocationPolicy, clock: Clock) -> Self {
        let demands = PathDemands::default();
        let (lists, known, seen) = (ListCache::default(), KnownCache::default(), Seen::default());
        Self { trust, policy, demands, clock, lists, known, seen, elsewhere: None }
    }

    /// From now on a signing service elsewhere judges, by its own policy: the one whose `/x509/verify` is below
    /// `address`. Whatever it does not answer is unknown.
    pub fn asking(mut self, client: reqwest::Client, address: &str) -> Self {
        self.elsewhere = Some(Elsewhere::at(client, address));
        self
    }

    /// The same with demands on paths.
    pub fn demanding(self, demands: PathDemands) -> Self {
        Self { demands, known: KnownCache::default(), seen: Seen::default(), ..self }
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
        let looked = self.look(certificate, at, question.checks.contains(&Check::NotRevoked)).await;
        for check in question.checks {
            let outcome = match check {
                Check::ValidityPeriod => of(validity(certificate, at)),
                Check::NotRevoked => match &looked.answers {
                    Some(answers) => decide::decide(&self.policy, answers, proven),
                    None => Outcome::Unknown(Doubt::RevocationUnknown { asked: Vec::new() }),
                },
                Check::IdentityMatches => match question.declared {
                    Some(declared) => of(identity(certificate, declared)),
                    None => Outcome::Unknown(Doubt::NothingDeclared),
                },
                Check::PathToRoot => match &looked.path {
                    Ok(_) => Outcome::Passed,
                    Err(NoPath::Failed(failure)) => Outcome::Failed(failure.clone()),
                    Err(NoPath::Unknown(doubt)) => Outcome::Unknown(doubt.clone()),
                },
                Check::KeyUsage => of(usage(certificate)),
                Check::Role => of(role(certificate, question.roles)),
            };
            findings.push(Finding { check: *check, outcome });
        }
        let asked = looked.answers.as_ref().map(Answers::listed).unwrap_or_default();
        Verdict { at, certificate: Summary::from(certificate), findings, asked }
    }

    /// What there is to know of a certificate. What was found out before counts if it is judged as of now and the
    /// centre says that nothing has changed.
    async fn look(&self, certificate: &Certificate, at: Timestamp, about_revocation: bool) -> Arc<Looked> {
        let revision = self.trust.revision().await;
        let now = revision.filter(|_| at == whole_second(self.clock.now()));
        if let Some(seen) = now.and_then(|revision| self.seen.recall(certificate, revision, at)) {
            return seen;
        }
        let way = self.way(certificate, at, revision).await;
        let answers = if about_revocation { Some(self.ask(&way, at).await) } else { None };
        let looked = Arc::new(Looked { path: way.path, answers });
        if let Some(revision) = now {
            self.seen.remember(certificate, revision, &looked);
        }
        looked
    }

    async fn way<'a>(&self, certificate: &'a Certificate, at: Timestamp, revision: Option<u64>) -> Way<'a> {
        let known = self.known.of(&*self.trust, revision).await;
        let path = match &known {
            Ok(known) => path::to_root(known, &self.demands, certificate, at),
            Err(silence) => Err(NoPath::Unknown(Doubt::CentreUnreachable { why: silence.why.clone() })),
        };
        Way { certificate, revision, known, path }
    }

    /// Asks about the certificate and, if there is a path, about the centres on it.
    async fn ask(&self, way: &Way<'_>, at: Timestamp) -> Answers {
        let now = whole_second(self.clock.now());
        let all = Inquiries {
            trust: &*self.trust,
            lists: &self.lists,
            known: &way.known,
            revision: way.revision,
            last_good: self.policy.last_good_list,
            demands: &self.demands,
            now,
            until: at.max(now),
            at,
        };
        let path = way.path.as_deref().unwrap_or_default();
        let about = |certificate, issuer| Inquiry {
            all: &all,
            certificate,
            issuer,
            root: path.last(),
            for_the_sake_of: Vec::new(),
        };
        let certificate = about(way.certificate, way.issuer()).ask(&self.policy.ask).await;
        let mut centres = Vec::new();
        if let Some(policy) = &self.policy.centres {
            for pair in path.windows(2).skip(1) {
                let [centre, issuer] = pair else { continue };
                if all.is_vouched_for(centre, issuer).await {
                    continue;
                }
                centres.push((centre.clone(), about(centre, Ok(issuer)).ask(&policy.ask).await));
            }
        }
        Answers { certificate, centres }
    }
}

impl Way<'_> {
    /// Who issued the certificate: the next one on its path or, without a path, whoever has the name.
    fn issuer(&self) -> Result<&Certificate, NoAnswer> {
        if let Some(issuer) = self.path.as_ref().ok().and_then(|path| path.get(1)) {
            return Ok(issuer);
        }
        let known = self.known.as_ref().map_err(Clone::clone)?;
        known.all().find(|known| path::issued(known, self.certificate)).ok_or_else(|| {
            NoAnswer::new(format!("nobody here speaks for the issuer {}", self.certificate.issuer()))
        })
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

/// Documents are signed with digitalSignature and nonRepudiation. Where a certificate says more of what its key is for,
/// in an extended key usage or a national policy, signing must be part of it.
fn usage(certificate: &Certificate) -> Result<(), Failure> {
    let usage = certificate.key_usage();
    let signs = usage.is_some_and(|usage| usage.digital_signature() && usage.non_repudiation());
    if signs && extended_usage(certificate) && policy(certificate) {
        return Ok(());
    }
    let stated = usage.map(|usage| usage.names().into_iter().map(str::to_owned).collect());
    let mut found: Vec<String> = stated.unwrap_or_default();
    if signs {
        let more = certificate.extended_key_usage().iter().chain(certificate.policies());
        found.extend(more.map(ToString::to_string));
    }
    Err(Failure::KeyUsage { found })
}

/// Roles are of those who sign; among the general usages only that of signed mail is near enough to documents, which
/// the national profile takes for them.
fn extended_usage(certificate: &Certificate) -> bool {
    let stated = certificate.extended_key_usage();
    let signs = |usage| {
        [oid::EMAIL_PROTECTION, oid::ANY_EXTENDED_KEY_USAGE].contains(usage)
            || Role::from_oid(usage).is_some()
    };
    stated.is_empty() || stated.iter().any(signs)
}

/// Of the national policies, two are for logging in and one is for TLS.
fn policy(certificate: &Certificate) -> bool {
    const OTHERS: [ObjectIdentifier; 3] =
        [oid::POLICY_ENTITY_AUTHENTICATION, oid::POLICY_INDIVIDUAL_AUTHENTICATION, oid::POLICY_TLS];
    let stated = certificate.policies();
    stated.is_empty() || stated.iter().any(|policy| !OTHERS.contains(policy))
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
