//! What follows from the answers of the sources.

use certs::verdict::{Answer, Asked, Doubt, Failure, Outcome, Source};
use certs::{Certificate, Reason};
use jiff::Timestamp;

use super::policy::{RevocationPolicy, Unanswered};

/// What was asked about a certificate and the centres above it.
pub(super) struct Answers {
    pub(super) certificate: Vec<Asked>,
    pub(super) centres: Vec<(Certificate, Vec<Asked>)>,
}

impl Answers {
    /// All of them, each saying whom it is about.
    pub(super) fn listed(&self) -> Vec<Asked> {
        let of_centres = self.centres.iter().flat_map(|(centre, asked)| {
            asked.iter().map(|asked| Asked { about: Some(centre.subject()), ..asked.clone() })
        });
        self.certificate.iter().cloned().chain(of_centres).collect()
    }

    /// What was asked about the certificate, and about each of the centres.
    pub(super) fn of_each(&self) -> impl Iterator<Item = &[Asked]> {
        let of_centres = self.centres.iter().map(|(_, asked)| asked.as_slice());
        std::iter::once(self.certificate.as_slice()).chain(of_centres)
    }

    /// The centres about which nobody could be asked.
    fn unnamed(&self) -> impl Iterator<Item = Asked> {
        let silent = self.centres.iter().filter(|(_, asked)| asked.is_empty());
        silent.map(|(centre, _)| Asked {
            about: Some(centre.subject()),
            source: Source::Crl { number: None, url: None },
            answer: Answer::NoAnswer { why: "its certificate names no CRL and no OCSP".to_owned() },
            this_update: None,
            next_update: None,
            instead_of: None,
        })
    }
}

/// What is decided about one certificate.
enum Said {
    Good,
    Revoked(Timestamp, Reason, Vec<Source>),
    Open,
}

/// A revoked certificate is refused, and one below a revoked centre. Otherwise all must be good: what is open about
/// the certificate or a centre leaves it open, unless the policy says that silence passes. What was revoked after a
/// `proven` moment was good then.
pub(super) fn decide(policy: &RevocationPolicy, answers: &Answers, proven: Option<Timestamp>) -> Outcome {
    let certificate = said(&answers.certificate, proven);
    if let Said::Revoked(at, reason, said_by) = certificate {
        return Outcome::Failed(match reason {
            Reason::CertificateHold => Failure::Suspended { at, said_by },
            reason => Failure::Revoked { at, reason, said_by },
        });
    }
    let mut open = matches!(certificate, Said::Open) && policy.unanswered == Unanswered::CouldNotCheck;
    let unanswered = policy.centres.as_ref().map_or(Unanswered::Passes, |centres| centres.unanswered);
    for (centre, asked) in &answers.centres {
        match said(asked, proven) {
            Said::Good => {}
            Said::Revoked(at, reason, _) => {
                return Outcome::Failed(Failure::IssuerRevoked { issuer: centre.subject(), at, reason });
            }
            Said::Open => open |= unanswered == Unanswered::CouldNotCheck,
        }
    }
    if open {
        let asked = answers.listed().into_iter().chain(answers.unnamed()).collect();
        Outcome::Unknown(Doubt::RevocationUnknown { asked })
    } else {
        Outcome::Passed
    }
}

/// Whether every one of these says *good*, and there is one.
pub(super) fn all_good(asked: &[Asked]) -> bool {
    matches!(said(asked, None), Said::Good)
}

/// One *revoked* decides, and *revoked for good* before *on hold*. Otherwise every source asked must have said
/// *good*, and there must be one.
fn said(asked: &[Asked], proven: Option<Timestamp>) -> Said {
    let later = |at: Timestamp| proven.is_some_and(|proven| at > proven);
    let good = |source: &Asked| match source.answer {
        Answer::Good => true,
        Answer::Revoked { at, .. } => later(at),
        Answer::Unknown | Answer::NoAnswer { .. } => false,
    };
    let revoked = |on_hold: bool| {
        asked.iter().filter_map(move |source| match source.answer {
            Answer::Revoked { at, reason }
                if (reason == Reason::CertificateHold) == on_hold && !later(at) =>
            {
                Some((at, reason, source.source.clone()))
            }
            _ => None,
        })
    };
    for on_hold in [false, true] {
        if let Some((at, reason, _)) = revoked(on_hold).next() {
            return Said::Revoked(at, reason, by(revoked(on_hold)));
        }
    }
    if !asked.is_empty() && asked.iter().all(good) { Said::Good } else { Said::Open }
}

/// Reports name the list before the responder: the regulations speak of the list.
fn by(revoked: impl Iterator<Item = (Timestamp, Reason, Source)>) -> Vec<Source> {
    let mut said_by: Vec<Source> = revoked.map(|(_, _, source)| source).collect();
    said_by.sort_by_key(|source| matches!(source, Source::Ocsp { .. }));
    said_by
}
