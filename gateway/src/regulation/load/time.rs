//! Time limits: clocks between steps, last days.

use super::Findings;
use crate::regulation::file;
use crate::regulation::model::Step;
use crate::regulation::vocabulary::CheckWord;

impl Findings {
    /// That a clock runs between two steps of one system.
    pub(super) fn clocks(&mut self, clocks: &[file::Clock], steps: &[Step]) {
        for clock in clocks {
            let at = Some(clock.at.as_str());
            let system = |step: &str| steps.iter().find(|known| known.at() == step).map(|known| known.system);
            match (system(&clock.from), system(&clock.to)) {
                (Some(from), Some(to)) if from == to => {}
                (Some(from), Some(to)) => {
                    let message = format!("the clock `{}` begins at `{from}` and ends at `{to}`", clock.name);
                    self.error("clock-of-two-systems", at, message, "let one system see both of its ends");
                }
                _ => {
                    let message =
                        format!("the clock `{}` names a step that the channel does not have", clock.name);
                    self.error("unknown-step", at, message, "name the paragraphs of existing steps");
                }
            }
        }
    }

    /// That a last day stands where it is checked.
    pub(super) fn last_day(&mut self, said: &file::Step) {
        if said.checks.contains(&CheckWord::FiledInTime) != said.not_after.is_some() {
            let message = "`filed-in-time` and `not-after` belong together";
            self.error("deadline-and-check", Some(&said.at), message, "add the other one");
        }
    }
}
