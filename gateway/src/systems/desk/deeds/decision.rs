//! What people decide.

use certs::Text;
use serde::{Deserialize, Serialize};
use signer::{Code, Problem};

use crate::regulation::{CheckWord, Step};
use crate::systems::desk::Desk;
use crate::systems::desk::own::Own;
use crate::walk::{Deed, Turn};

/// What people find: staff of the documents, the recipient of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The checks that do not hold, of those that the step has people decide; none when all is in order.
    pub failing: Vec<CheckWord>,
    /// What is wrong; required when something does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grounds: Option<String>,
}

impl Decision {
    /// The grounds as they were written: in one language, whichever it is.
    pub(in crate::systems::desk) fn grounds_text(&self) -> Text {
        let grounds = self.grounds.clone().unwrap_or_default();
        Text::new(grounds.clone(), grounds.clone(), grounds)
    }
}

impl Deed<Desk> for Decision {
    const NAME: &'static str = "decision";
    type Output = ();

    async fn act(&self, _: &Desk, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        let mut decides: Vec<CheckWord> = turn.step().map(Step::decided).unwrap_or_default();
        decides.retain(|check| *check != CheckWord::PackageComplete);
        if decides.is_empty() || turn.case.own.decision.is_some() {
            return Err(Problem::new(Code::StepOutOfOrder).detail("no decision is awaited"));
        }
        if let Some(other) = self.failing.iter().find(|check| !decides.contains(check)) {
            let detail = format!("failing: `{other}` is not to be decided here");
            return Err(Problem::new(Code::IncompleteDecision).detail(detail));
        }
        let grounds = self.grounds.as_deref().map(str::trim).unwrap_or_default();
        let odd = grounds.chars().any(|c| c.is_control() && c != '\n');
        if (!self.failing.is_empty() && grounds.is_empty()) || grounds.chars().count() > 2_000 || odd {
            let detail = "grounds: 1 to 2000 characters when something does not hold, no control characters";
            return Err(Problem::new(Code::IncompleteDecision).detail(detail));
        }
        turn.case.own.decision = Some(self.clone());
        Ok(())
    }
}
