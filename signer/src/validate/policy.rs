//! How a validator asks whether a certificate is revoked.

/// A source of revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The responder that the certificate names (RFC 6960).
    Ocsp,
    /// The list that the certificate names (RFC 5280 §5).
    Crl,
}

/// What it means when a source that was asked gives no answer to go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// The check could not be made: the outcome is *unknown*.
    CouldNotCheck,
    /// The check passes all the same. Never the default: it is what careless systems do, and exists so that a
    /// test can plant one.
    Passes,
}

/// Which sources are asked, in which order, and what their silence means.
///
/// Of the sources in `ask`, every one that the certificate names is asked. One that says *revoked* decides; a
/// certificate that names none of them leaves the check unanswered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationPolicy {
    /// The sources in the order of asking.
    pub ask: Vec<Method>,
    /// When one of them gives no answer.
    pub unanswered: Unanswered,
}

impl Default for RevocationPolicy {
    /// OCSP first, then the list, each of them if the certificate names it; silence is not consent.
    fn default() -> Self {
        Self { ask: vec![Method::Ocsp, Method::Crl], unanswered: Unanswered::CouldNotCheck }
    }
}
