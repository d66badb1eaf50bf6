//! What an author should look at in a file that can be used.

use std::collections::BTreeSet;

use super::diagnostic::{Diagnostic, Severity};
use super::model::Channel;
use super::paths::{PathEnd, paths};
use super::vocabulary::Verb;

/// Paths whose end nobody is shown.
pub(super) fn warnings(channel: &Channel) -> Vec<Diagnostic> {
    let mut at = BTreeSet::new();
    for path in paths(channel) {
        let last = path.steps.last().and_then(|gone| channel.step(&gone.at));
        let shown = last.is_some_and(|step| step.does(Verb::Deliver));
        if let (false, Some(step)) = (shown || matches!(path.end, PathEnd::Stopped { .. }), last) {
            at.insert(step.at().to_owned());
        }
    }
    let warning = |at: String| Diagnostic {
        severity: Severity::Warning,
        code: "nothing-shown",
        at: Some(format!("{} §{at}", channel.name)),
        message: "a path ends here and the person is shown nothing".to_owned(),
        hint: "add \"deliver\" to what the last step does".to_owned(),
    };
    let printed = channel.steps.iter().map(|step| step.at().to_owned());
    printed.filter(|step| at.contains(step)).map(warning).collect()
}
