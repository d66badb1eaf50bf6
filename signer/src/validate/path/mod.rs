//! The path from a certificate to a root of the world (RFC 5280, 6.1), and the search for it.
//!
//! Every certificate whose name and key identifier fit is tried as the issuer, the roots first. What a centre demands
//! of the certificates below it is looked at on the way up, policies when a root is reached. If no path is good, the
//! failure is that of the one that came farthest.

mod policies;

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use certs::verdict::{Doubt, Failure};
use certs::{AlgorithmPolicy, Certificate, ObjectIdentifier, SignatureError};
use jiff::Timestamp;

use super::is_valid;
use crate::trust::{NoAnswer, Trust};

/// The longest path that is tried, in centres.
const LONGEST: usize = 8;
/// How many signatures are verified before the search is given up.
const MOST_SIGNATURES: u32 = 200;

/// What is demanded of paths: what RFC 5280, 6.1.1, leaves to the one who asks. Without demands any policy will do,
/// and none need be there.
#[derive(Debug, Clone, Default)]
pub struct PathDemands {
    /// The policies of which one must hold along the path, if one must hold at all; any will do without them.
    pub policies: Option<Vec<ObjectIdentifier>>,
    /// A policy must hold along the path.
    pub explicit_policy: bool,
    /// Policies are not mapped.
    pub no_mapping: bool,
    /// anyPolicy stands for nothing.
    pub no_any_policy: bool,
    /// Which algorithms are good enough.
    pub algorithms: AlgorithmPolicy,
}

/// The certificates that paths are made of.
pub(super) struct Known {
    roots: Vec<Certificate>,
    authorities: Vec<Certificate>,
    /// Which of them have signed which.
    signed: Mutex<HashSet<(Certificate, Certificate)>>,
}

impl Known {
    /// Those of a centre.
    pub(super) async fn of(trust: &dyn Trust) -> Result<Self, NoAnswer> {
        let (roots, authorities) = (trust.roots().await?, trust.authorities().await?);
        Ok(Self { roots, authorities, signed: Mutex::default() })
    }

    /// All of them, the roots first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Certificate> {
        self.roots.iter().chain(&self.authorities)
    }

    /// Verifies the signature of a certificate. That of one of these is verified once.
    fn verify(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        algorithms: AlgorithmPolicy,
    ) -> Result<(), SignatureError> {
        let pair = (certificate.clone(), issuer.clone());
        let signed = || self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        if signed().contains(&pair) {
            return Ok(());
        }
        certificate.verify_signature_under(algorithms, issuer.public_key())?;
        if self.authorities.contains(certificate) {
            signed().insert(pair);
        }
        Ok(())
    }
}

/// Why there is no path.
pub(super) enum NoPath {
    Failed(Failure),
    Unknown(Doubt),
}

impl From<Failure> for NoPath {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Goes up from issuer to issuer: the path from `leaf` to a root, both in it.
pub(super) fn to_root(
    known: &Known,
    demands: &PathDemands,
    leaf: &Certificate,
    at: Timestamp,
) -> Result<Vec<Certificate>, NoPath> {
    critical(leaf)?;
    let mut search = Search { known, demands, at, signatures: 0, farthest: None };
    let mut path = vec![leaf.clone()];
    if search.goes_up(&mut path).map_err(NoPath::Unknown)? {
        // Keys of centres are looked at where they verify; this one verifies nothing on the way.
        return match leaf.public_key().weakness(demands.algorithms) {
            Some(refused) => Err(signature(&refused, leaf).into()),
            None => Ok(path),
        };
    }
    let unknown = || Failure::IssuerUnknown { issuer: leaf.issuer() };
    Err(search.farthest.map_or_else(unknown, |(_, failure)| failure).into())
}

struct Search<'a> {
    known: &'a Known,
    demands: &'a PathDemands,
    at: Timestamp,
    signatures: u32,
    /// How long the longest path was that came to nothing, and why it did.
    farthest: Option<(usize, Failure)>,
}

impl Search<'_> {
    /// Whether the path can be led on to a root; it is as it was if not.
    fn goes_up(&mut self, path: &mut Vec<Certificate>) -> Result<bool, Doubt> {
        let Some(current) = path.last().cloned() else { return Ok(false) };
        let known = self.known;
        let mut nobody = true;
        for (index, issuer) in known.all().enumerate().filter(|(_, known)| issued(known, &current)) {
            let is_root = index < known.roots.len();
            if !is_root && path.iter().any(|member| is_same(member, issuer)) {
                continue;
            }
            nobody = false;
            if path.len() > LONGEST {
                let limit = u32::try_from(LONGEST).unwrap_or(u32::MAX);
                self.fails(path, Failure::PathTooLong { issuer: current.issuer(), limit });
                return Ok(false);
            }
            if let Err(failure) = self.step(path, issuer)? {
                self.fails(path, failure);
                continue;
            }
            path.push(issuer.clone());
            if self.arrives(path, is_root)? {
                return Ok(true);
            }
            path.pop();
        }
        if nobody {
            self.fails(path, Failure::IssuerUnknown { issuer: current.issuer() });
        }
        Ok(false)
    }

    fn arrives(&mut self, path: &mut Vec<Certificate>, is_root: bool) -> Result<bool, Doubt> {
        if !is_root {
            return self.goes_up(path);
        }
        match policies::hold(path, self.demands) {
            Ok(()) => Ok(true),
            Err(failure) => {
                self.fails(path, failure);
                Ok(false)
            }
        }
    }

    /// Whether the issuer may be what comes next in the path.
    fn step(&mut self, path: &[Certificate], issuer: &Certificate) -> Result<Result<(), Failure>, Doubt> {
        if let Err(failure) = may_issue(issuer, path, self.at) {
            return Ok(Err(failure));
        }
        if self.signatures == MOST_SIGNATURES {
            return Err(Doubt::PathBudgetExceeded { limit: MOST_SIGNATURES });
        }
        self.signatures += 1;
        let verified =
            path.last().map_or(Ok(()), |current| self.known.verify(current, issuer, self.demands.algorithms));
        Ok(verified.map_err(|error| signature(&error, issuer)))
    }

    fn fails(&mut self, path: &[Certificate], failure: Failure) {
        if self.farthest.as_ref().is_none_or(|(length, _)| path.len() > *length) {
            self.farthest = Some((path.len(), failure));
        }
    }
}

/// Whether the names fit, and the key identifiers where both are there.
pub(super) fn issued(issuer: &Certificate, certificate: &Certificate) -> bool {
    let keys = match (issuer.skid(), certificate.akid()) {
        (Some(skid), Some(akid)) => skid == akid,
        _ => true,
    };
    keys && issuer.subject_name() == certificate.issuer_name()
}

/// Whether they are the same name with the same key: a path that comes to it twice goes in a circle.
fn is_same(one: &Certificate, other: &Certificate) -> bool {
    one.subject_name() == other.subject_name() && one.public_key() == other.public_key()
}

/// Whether a centre may stand above those in the path.
fn may_issue(issuer: &Certificate, path: &[Certificate], at: Timestamp) -> Result<(), Failure> {
    let name = issuer.subject();
    if !issuer.is_ca() || issuer.key_usage().is_some_and(|usage| !usage.key_cert_sign()) {
        return Err(Failure::NotACa { issuer: name });
    }
    // Those that a centre certifies itself with are not counted (RFC 5280, 6.1.4).
    let below = path.iter().skip(1).filter(|member| !member.is_self_issued()).count();
    if let Some(limit) = issuer.path_len()
        && usize::try_from(limit).is_ok_and(|limit| below > limit)
    {
        return Err(Failure::PathTooLong { issuer: name, limit });
    }
    if !is_valid(issuer, at) {
        let (not_before, not_after) = (issuer.not_before(), issuer.not_after());
        return Err(Failure::IssuerNotValid { issuer: name, not_before, not_after, at });
    }
    names(issuer, path)?;
    critical(issuer)
}

/// Whether a centre allows the names of all below it, without those that it certifies itself with (RFC 5280, 6.1.3).
fn names(issuer: &Certificate, path: &[Certificate]) -> Result<(), Failure> {
    let Some(constraints) = issuer.name_constraints() else { return Ok(()) };
    let constrained =
        path.iter().enumerate().filter(|(index, member)| *index == 0 || !member.is_self_issued());
    for (_, member) in constrained {
        if let Some(name) = constraints.refused(member) {
            return Err(Failure::NameNotPermitted { issuer: issuer.subject(), name: name.to_string() });
        }
    }
    Ok(())
}

fn critical(certificate: &Certificate) -> Result<(), Failure> {
    match certificate.unknown_critical_extensions().first() {
        Some(oid) => Err(Failure::CriticalExtension { oid: oid.clone() }),
        None => Ok(()),
    }
}

fn signature(error: &SignatureError, issuer: &Certificate) -> Failure {
    match error.refused() {
        Some(algorithm) => Failure::AlgorithmRefused { algorithm },
        None => Failure::SignatureInvalid { issuer: issuer.subject() },
    }
}
