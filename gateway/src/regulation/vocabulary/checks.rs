//! What is checked, and what may be asked of a case.

use certs::verdict::Check;

use super::words;

words! {
    /// One check of a condition.
    CheckWord, "check" {
        /// The entered IIN and password belong to a registered recipient.
        LoginAuthentic = "login-authentic",
        /// The certificate is inside its validity period.
        ValidityPeriod = "certificate-in-validity-period",
        /// The certificate is not in the list of revoked (annulled) certificates.
        NotRevoked = "certificate-not-revoked",
        /// The identifier declared in the request is that of the certificate.
        IdentityMatches = "identity-matches",
        /// Consent was given where it is needed.
        ConsentGiven = "consent-given",
        /// Every document that the standard asks for was presented: decided at the counter.
        PackageComplete = "package-complete",
        /// The people database has the recipient.
        PersonFound = "person-found",
        /// The notary registry has the power of attorney, of this recipient for this representative, and it stands.
        AttorneyFound = "attorney-found",
        /// It is filed by the last day that the act gives.
        FiledInTime = "filed-in-time",
        /// The registers have the identity document, issued after 2008 in Kazakhstan, and the certificate of birth.
        DocumentsInRegisters = "documents-in-registers",
        /// The complaint is about the provider or its officials, and not about the Corporation's employee.
        AboutProvider = "about-provider",
        /// The documents the standard asks for are attached and in order: decided at the desk.
        DocumentsConform = "documents-conform",
        /// There are grounds to render the service: decided at the desk.
        GroundsExist = "grounds-exist",
        /// None of the grounds on which the standard has the service refused: decided at the desk.
        NoGroundsToRefuse = "no-grounds-to-refuse",
        /// The recipient is content with the answer to a complaint: decided by them.
        AnswerAccepted = "answer-accepted",
        /// The recipient's health lets them be visited at home: decided by who answers the telephone.
        HomeVisitEligible = "home-visit-eligible",
    }
}

impl CheckWord {
    /// The certificate check behind the word, for words that speak of a certificate.
    pub fn of_certificate(self) -> Option<Check> {
        match self {
            Self::ValidityPeriod => Some(Check::ValidityPeriod),
            Self::NotRevoked => Some(Check::NotRevoked),
            Self::IdentityMatches => Some(Check::IdentityMatches),
            _ => None,
        }
    }

    /// Whether a person decides it at a desk.
    pub fn is_decided(self) -> bool {
        matches!(
            self,
            Self::PackageComplete
                | Self::DocumentsConform
                | Self::GroundsExist
                | Self::NoGroundsToRefuse
                | Self::AnswerAccepted
                | Self::HomeVisitEligible
        )
    }
}

words! {
    /// A named fact that a guard may ask for.
    Fact, "fact" {
        /// The recipient has no account at the portal yet.
        NotRegistered = "not-registered-on-portal",
        /// No law does without the recipient's consent.
        ConsentRequired = "consent-required",
        /// Somebody comes for the recipient, by a power of attorney.
        Represented = "represented",
        /// A notary certified the power of attorney.
        AttorneyNotarised = "attorney-notarised",
        /// The preschool that the recipient asked for has a free place.
        PlaceAvailable = "place-available",
        /// The organisation that the recipient asked for is reached by the regional gateway.
        RegionalRoute = "regional-route",
        /// The recipient applies to the akim of a settlement, village or rural district.
        RuralAkimat = "rural-akimat",
    }
}

impl Fact {
    /// Whether only the person who acts knows it, until they act.
    pub fn is_known_by_whoever_comes(self) -> bool {
        matches!(self, Self::NotRegistered | Self::Represented)
    }
}
