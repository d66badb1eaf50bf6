//! What a certificate is ordered with, and what comes of it.

use jiff::Timestamp;

use crate::issue::SigningError;
use crate::{
    Algorithm, AuthorityError, Branch, BranchKind, Certificate, Flaw, KeyError, KeyPair, Profile, PublicKey,
    Purpose, RevokedEntry, Subject,
};

/// An order for one certificate.
#[derive(Clone, Debug)]
pub struct Order {
    /// Whom it is for.
    pub subject: Subject,
    /// Of which kind it is.
    pub profile: Profile,
    /// What it is for.
    pub purpose: Purpose,
    /// The algorithm of its key, which must be the centre's.
    pub algorithm: Algorithm,
    /// First and last moment; by default from now on, for as long as the profile says. Flaws of time win over it.
    pub validity: Option<(Timestamp, Timestamp)>,
    /// What is to be wrong with it.
    pub flaws: Vec<Flaw>,
    /// The key to certify; by default a new one is made and handed over.
    pub public_key: Option<PublicKey>,
    /// An address for the alternative names.
    pub email: Option<String>,
    /// Names and IP addresses for the alternative names; a TLS server has at least one.
    pub hosts: Vec<String>,
    /// Where the certificate says that revocation can be asked about.
    pub revocation_by: RevocationBy,
    /// The branch of the hierarchy that the order [needs](Self::branch_needed), of those made before; by default a new
    /// one is made and handed over.
    pub branch: Option<Branch>,
}

impl Order {
    /// A flawless signing certificate with a new key.
    pub const fn new(subject: Subject, profile: Profile, algorithm: Algorithm) -> Self {
        Self {
            subject,
            profile,
            purpose: Purpose::Signing,
            algorithm,
            validity: None,
            flaws: Vec::new(),
            public_key: None,
            email: None,
            hosts: Vec::new(),
            revocation_by: RevocationBy::CrlAndOcsp,
            branch: None,
        }
    }

    /// Whether it has this flaw.
    pub fn has(&self, flaw: Flaw) -> bool {
        self.flaws.contains(&flaw)
    }

    /// The branch that it takes to carry it out: an odd centre that signs, or an issuer of lists.
    pub fn branch_needed(&self) -> Option<BranchKind> {
        let odd = self.flaws.iter().copied().find(|flaw| flaw.has_odd_centre()).map(BranchKind::Odd);
        odd.or((self.revocation_by == RevocationBy::IndirectCrl).then_some(BranchKind::ListIssuer))
    }

    /// The same with one more flaw.
    pub fn flawed(mut self, flaw: Flaw) -> Self {
        self.flaws.push(flaw);
        self
    }
}

/// Where a certificate says that revocation can be asked about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RevocationBy {
    /// A revocation list and an OCSP responder.
    #[default]
    CrlAndOcsp,
    /// A revocation list only.
    CrlOnly,
    /// One of the lists into which the issuer's are divided by number.
    PartitionedCrl,
    /// A list that somebody else issues about the issuer's certificates.
    IndirectCrl,
}

impl RevocationBy {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::CrlAndOcsp, Self::CrlOnly, Self::PartitionedCrl, Self::IndirectCrl];

    /// The name on the command line and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CrlAndOcsp => "crl-and-ocsp",
            Self::CrlOnly => "crl-only",
            Self::PartitionedCrl => "partitioned-crl",
            Self::IndirectCrl => "indirect-crl",
        }
    }
}

/// A certificate as issued.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The certificate.
    pub certificate: Certificate,
    /// The key made for it, unless the order brought one.
    pub key: Option<KeyPair>,
    /// What a flaw wants to be recorded of it: that it is revoked or on hold, now or from a later moment on.
    pub revocation: Option<RevokedEntry>,
    /// The branch of the hierarchy that signed it or lists it, if one did.
    pub branch: Option<Branch>,
    /// An earlier certificate for the same key, and that it was replaced.
    pub earlier: Option<(Certificate, RevokedEntry)>,
}

/// Why an order cannot be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IssueError {
    /// The profile is for another kind of subject.
    #[error("a certificate of profile {profile} cannot have this kind of subject")]
    SubjectDoesNotFit {
        /// The profile ordered.
        profile: Profile,
    },
    /// The flaw cannot be had with this profile.
    #[error("the flaw {flaw} does not apply to profile {profile}")]
    FlawDoesNotApply {
        /// The flaw.
        flaw: Flaw,
        /// The profile ordered.
        profile: Profile,
    },
    /// No certificate can have both flaws.
    #[error("the flaws {one} and {other} contradict each other")]
    ContradictoryFlaws {
        /// One flaw.
        one: Flaw,
        /// The other.
        other: Flaw,
    },
    /// The flaw is about signing certificates, and another was ordered.
    #[error("the flaw {flaw} needs an order for a signing certificate")]
    FlawNeedsSigning {
        /// The flaw.
        flaw: Flaw,
    },
    /// The flaw is about the key, and the order brought one.
    #[error("the flaw {flaw} needs an order that brings no key")]
    FlawNeedsNewKey {
        /// The flaw.
        flaw: Flaw,
    },
    /// The flaw has lists of its own, and the order wants others.
    #[error("the flaw {flaw} does not go with partitioned or indirect lists")]
    FlawNeedsUsualLists {
        /// The flaw.
        flaw: Flaw,
    },
    /// The odd centre that a flaw needs, or the issuer of lists, could not be made.
    #[error(transparent)]
    Branch(AuthorityError),
    /// The centre issues for another algorithm.
    #[error("this centre issues for {centre}, not {ordered}")]
    OtherAlgorithm {
        /// The centre's.
        centre: Algorithm,
        /// That of the order or of its key.
        ordered: OrderedAlgorithm,
    },
    /// The validity ends before it starts.
    #[error("the validity ends {not_after}, before it starts {not_before}")]
    Validity {
        /// Its start.
        not_before: Timestamp,
        /// Its end.
        not_after: Timestamp,
    },
    /// A moment lies beyond what a certificate can hold.
    #[error("the validity reaches beyond the range of time")]
    OutOfTime,
    /// A name has no letters.
    #[error("the subject's {field} is empty")]
    EmptyName {
        /// Which one.
        field: &'static str,
    },
    /// The address is not of ASCII letters around an `@`.
    #[error("`{address}` is no e-mail address of ASCII letters")]
    Email {
        /// The address.
        address: String,
    },
    /// A host is neither a name of ASCII letters nor an IP address, or a TLS server has none.
    #[error("`{host}` is no host name of ASCII letters and no IP address")]
    Host {
        /// The host.
        host: String,
    },
    /// No key could be made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The certificate could not be signed.
    #[error(transparent)]
    Signing(#[from] SigningError),
}

/// The algorithm of an order or of the key it brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderedAlgorithm {
    /// One of ours.
    Known(Algorithm),
    /// The key's algorithm is not one of ours.
    Foreign,
}

impl std::fmt::Display for OrderedAlgorithm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Known(algorithm) => algorithm.fmt(f),
            Self::Foreign => f.write_str("a foreign algorithm"),
        }
    }
}
