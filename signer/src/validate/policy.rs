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
    /// Whom to ask about the centres between the certificate and the root; nobody if there is nothing.
    pub centres: Option<CentrePolicy>,
    /// Whether the last good list of an address is gone by until it is due, where the address gives none, or one that
    /// is empty, broken, expired, of other certificates or wrongly signed. Answers say so (`instead_of`). Off by
    /// default: such a list then leaves the check unanswered.
    pub last_good_list: bool,
}

/// The same for the centres of a path. Their roots are trusted and not asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CentrePolicy {
    /// The sources in the order of asking.
    pub ask: Vec<Method>,
    /// When one of them gives no answer.
    pub unanswered: Unanswered,
}

impl Default for RevocationPolicy {
    /// OCSP first, then the list, each of them if the certificate names it, and the same for every centre; silence is
    /// not consent.
    fn default() -> Self {
        let (ask, unanswered) = (vec![Method::Ocsp, Method::Crl], Unanswered::CouldNotCheck);
        Self {
            ask: ask.clone(),
            unanswered,
            centres: Some(CentrePolicy { ask, unanswered }),
            last_good_list: false,
        }
    }
}

impl RevocationPolicy {
    /// The same, but nobody is asked about centres.
    pub fn without_centres(self) -> Self {
        Self { centres: None, ..self }
    }
}
