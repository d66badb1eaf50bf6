//! The path from a certificate to a root of the world (RFC 5280 §6.1, without policies and name constraints).

use certs::verdict::Failure;
use certs::{Certificate, SignatureError};
use jiff::Timestamp;

use super::is_valid;
use crate::trust::{NoAnswer, Trust};

/// The longest path that is tried.
const LONGEST: usize = 8;

/// Why there is no path.
pub(super) enum NoPath {
    Failed(Failure),
    /// The certificates of the centre could not be had.
    Unknown(NoAnswer),
}

impl From<Failure> for NoPath {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Goes up from issuer to issuer until a root.
pub(super) async fn to_root(trust: &dyn Trust, leaf: &Certificate, at: Timestamp) -> Result<(), NoPath> {
    let roots = trust.roots().await.map_err(NoPath::Unknown)?;
    let authorities = trust.authorities().await.map_err(NoPath::Unknown)?;
    critical(leaf)?;
    let mut current = leaf.clone();
    for below in 0..LONGEST {
        let root = roots.iter().find(|root| issued(root, &current));
        let issuer = root.or_else(|| authorities.iter().find(|authority| issued(authority, &current)));
        let Some(issuer) = issuer else {
            return Err(Failure::IssuerUnknown { issuer: current.issuer() }.into());
        };
        may_issue(issuer, below, at)?;
        current.verify_signature(issuer.public_key()).map_err(|error| signature(&error, issuer))?;
        if root.is_some() {
            return Ok(());
        }
        current = issuer.clone();
    }
    let limit = u32::try_from(LONGEST).unwrap_or(u32::MAX);
    Err(Failure::PathTooLong { issuer: current.issuer(), limit }.into())
}

/// Whether the names fit, and the key identifiers where both are there.
pub(super) fn issued(issuer: &Certificate, certificate: &Certificate) -> bool {
    let names = issuer.subject_der() == certificate.issuer_der();
    let keys = match (issuer.skid(), certificate.akid()) {
        (Some(skid), Some(akid)) => skid == akid,
        _ => true,
    };
    names && keys
}

/// `below`: how many authorities stand between this one and the leaf.
fn may_issue(issuer: &Certificate, below: usize, at: Timestamp) -> Result<(), Failure> {
    let name = issuer.subject();
    if !issuer.is_ca() || issuer.key_usage().is_some_and(|usage| !usage.key_cert_sign()) {
        return Err(Failure::NotACa { issuer: name });
    }
    if let Some(limit) = issuer.path_len()
        && usize::try_from(limit).is_ok_and(|limit| below > limit)
    {
        return Err(Failure::PathTooLong { issuer: name, limit });
    }
    if !is_valid(issuer, at) {
        let (not_before, not_after) = (issuer.not_before(), issuer.not_after());
        return Err(Failure::IssuerNotValid { issuer: name, not_before, not_after, at });
    }
    critical(issuer)
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
