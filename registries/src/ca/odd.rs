//! What the centre says when it is told to say something odd: truly signed, and of no use.

use certs::ocsp::OcspRequest;
use certs::{Algorithm, Authority, CertStatus};
use jiff::SignedDuration;
use signer::Problem;

use super::CertificationCentre;
use super::kept::{KeptList, LIST};

/// Longer than lists and answers last.
const LONG_AGO: SignedDuration = SignedDuration::from_hours(400 * 24);

/// What is odd about a list or an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// It is of long ago.
    Old,
    /// A delta list (RFC 5280, 5.2.4) in the place of the complete one.
    Delta,
    /// Every certificate is unknown.
    Unknown,
    /// It is about another certificate than asked.
    AboutAnother,
}

impl CertificationCentre {
    /// The list at a file name below `/ca/crl/`, odd; `None` when there is no such file.
    ///
    /// # Errors
    /// When the store or the centre's key fails.
    pub async fn list_oddly(&self, file: &str, oddity: Oddity) -> Result<Option<Vec<u8>>, Problem> {
        let Some(name) = file.strip_suffix(".crl") else { return Ok(None) };
        let (name, root) = name.strip_suffix("-root").map_or((name, false), |name| (name, true));
        let Some(authority) = name.parse::<Algorithm>().ok().and_then(|algorithm| self.known(algorithm))
        else {
            return Ok(None);
        };
        let now = self.now();
        let record = self.store().get_as::<KeptList>(LIST, authority.algorithm().name()).await?;
        let (number, revoked) =
            record.map_or((1, Vec::new()), |list| (list.value.number, list.value.revoked_by(None, now)));
        let revoked = if root { self.revoked_centres(authority.algorithm()) } else { revoked };
        let list = if oddity == Oddity::Delta && !root {
            authority.delta_crl(&[], number + 1, number, now)
        } else {
            let then = now.saturating_sub(LONG_AGO).unwrap_or(now);
            let write = if root { Authority::root_crl } else { Authority::crl };
            write(&authority, &revoked, number, then)
        };
        list.map(Some).map_err(Problem::technical)
    }

    /// Answers an OCSP request oddly.
    ///
    /// # Errors
    /// When the store or the centre's key fails.
    pub async fn respond_oddly(&self, request: &[u8], oddity: Oddity) -> Result<Vec<u8>, Problem> {
        match oddity {
            Oddity::AboutAnother => self.respond(&about_another(request)).await,
            Oddity::Unknown => {
                let authority = self.speaks_for(request)?;
                Ok(authority.ocsp_respond(request, &|_| CertStatus::Unknown, self.now()))
            }
            Oddity::Old | Oddity::Delta => {
                let then = self.now().saturating_sub(LONG_AGO).unwrap_or_else(|_| self.now());
                self.respond_at(request, then).await
            }
        }
    }
}

/// The same request about certificates with other serial numbers.
fn about_another(request: &[u8]) -> Vec<u8> {
    let mut changed = request.to_vec();
    for id in OcspRequest::from_der(request).map(|asked| asked.certificates).unwrap_or_default() {
        let at = request.windows(id.serial.len().max(1)).position(|bytes| bytes == id.serial);
        if let Some(last) = at.and_then(|at| changed.get_mut(at + id.serial.len().saturating_sub(1))) {
            *last ^= 1;
        }
    }
    changed
}
