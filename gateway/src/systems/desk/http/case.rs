//! A case as people at a desk see it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use signer::Problem;

use crate::exchange::{Answer, Application, Attachment, Registration, Representative};
use crate::regulation::Carrier;
use crate::systems::desk::own::Own;
use crate::walk::{CaseView, Turn};

/// A case as whoever sits at the desk sees it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeskCase {
    /// Where it stands and what it waits for.
    #[serde(flatten)]
    pub view: CaseView,
    /// What was signed where the case came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<Application>,
    /// The copies that came with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// The form as it was filled in, here or there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// Who came for the recipient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub representative: Option<Representative>,
    /// The documents that are missing from the package.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// What the registers answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// Who was determined as executor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executor: Option<String>,
    /// What holds the key that signed, as was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<Carrier>,
    /// Under which number it was registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<Registration>,
    /// Whom the result was handed to: an IIN, or `BIN` and a BIN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed_to: Option<String>,
}

impl DeskCase {
    /// # Errors
    /// When what was brought does not read any more: an empty case is not shown in its place.
    pub(in crate::systems::desk) fn of(own: &Own, view: CaseView) -> Result<Self, Problem> {
        Ok(Self {
            view,
            application: own.application()?,
            attachments: own.brought.as_ref().map(|brought| brought.attachments.clone()).unwrap_or_default(),
            fields: own.fields()?,
            representative: own.representative.clone(),
            missing: own.presented.as_ref().map(|presented| presented.missing.clone()).unwrap_or_default(),
            answers: own.answers.clone(),
            executor: own.executor.clone(),
            carrier: own.carrier,
            registration: own.registration.clone(),
            handed_to: own.handed_to.clone(),
        })
    }

    pub(super) fn now(turn: &Turn<'_, Own>) -> Result<Self, Problem> {
        Self::of(&turn.case.own, view(turn))
    }
}

/// The case as everybody's view has it.
pub(super) fn view(turn: &Turn<'_, Own>) -> CaseView {
    let draft = turn.case.own.draft.as_ref();
    CaseView::of(turn.site, &turn.case, turn.version(), &turn.channel, draft)
}
