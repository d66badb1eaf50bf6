//! What a counter adds to an application: somebody files it there for the recipient.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::subject::Organisation;

/// Who files an application for the recipient, and on what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counter {
    /// The organisation that the employee files for; its BIN is compared with that of the employee's certificate.
    pub organisation: Organisation,
    /// The recipient's consent to use data protected by law, where the act has it taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
    /// The documents that there are on paper, by their names in the form.
    pub papers: Vec<String>,
    /// Who came for the recipient; nobody when the recipient came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub representative: Option<Representative>,
}

/// Consent to use data protected by law in information systems.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// What was said.
    pub state: ConsentState,
    /// The law that does without consent; only where it is not required.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<String>,
    /// When it was taken, on the workstation's clock.
    pub taken_at: Timestamp,
}

/// What was said about consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentState {
    /// It was given.
    Given,
    /// It was not given.
    Refused,
    /// A law does without it.
    NotRequired,
}

impl Consent {
    /// Whether data may be used: it was given, or a law that is named does without it.
    pub fn allows(&self) -> bool {
        match self.state {
            ConsentState::Given => true,
            ConsentState::NotRequired => self.ground.as_deref().is_some_and(|law| !law.trim().is_empty()),
            ConsentState::Refused => false,
        }
    }
}

/// Somebody who comes for the recipient: with a power of attorney, or as a legal representative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Representative {
    /// IIN.
    pub iin: String,
    /// Surname and name.
    pub name: String,
    /// Who certified the power of attorney.
    pub certified: CertifiedBy,
    /// Its number in the notary registry; only of a notarised one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power: Option<String>,
}

/// Who certified a power of attorney, if one is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CertifiedBy {
    /// A notary.
    Notary,
    /// Somebody else whom the law allows to.
    Otherwise,
    /// Nobody: a parent or guardian represents by law.
    Law,
}
