//! Results that the act names and no step of it makes.

use super::{is_printed, note, place};
use crate::regulation::diagnostic::Diagnostic;
use crate::regulation::model::{Channel, Flow, Regulation, Step};
use crate::regulation::vocabulary::{CheckWord, Topic, Verb};

/// A refusal, as acts say it.
const REFUSAL: &str = "бас тарту";
/// Paper, as acts say it.
const PAPER: &str = "қағаз";

pub(super) fn notes(regulation: &Regulation) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    found.extend(said(regulation, Topic::Result, REFUSAL).and_then(|at| refusal(regulation, at)));
    found.extend(documents(regulation));
    found.extend(said(regulation, Topic::ResultForm, PAPER).and_then(|at| paper(regulation, at)));
    found
}

/// The paragraph of the statement of a topic in which a word stands.
fn said<'a>(regulation: &'a Regulation, topic: Topic, word: &str) -> Option<&'a str> {
    let mut statements = regulation.said.statements.iter().filter(|statement| statement.topic == topic);
    statements
        .find(|statement| statement.text.to_lowercase().contains(word))
        .map(|statement| statement.at.as_str())
}

fn steps(regulation: &Regulation) -> impl Iterator<Item = (&Channel, &Step)> {
    regulation.channels.iter().flat_map(|channel| channel.steps.iter().map(|step| (&**channel, step)))
}

fn missing(at: &str, by: &[(&Channel, &Step)], what: &str) -> Diagnostic {
    let by: Vec<String> = by.iter().map(|(channel, step)| place(channel, step.at())).collect();
    let message = if by.is_empty() {
        format!("§{at} has {what} as a result, and no step makes it")
    } else {
        format!("§{at} has {what} as a result, and only inferred steps make it: {}", by.join(", "))
    };
    note("result-without-step", format!("§{at}"), message, "ask the act's author where it is made")
}

/// The refusal on the grounds of the standard.
fn refusal(regulation: &Regulation, at: &str) -> Option<Diagnostic> {
    let on_grounds = |channel: &Channel, step: &Step| {
        channel.steps.iter().any(|condition| {
            matches!(&condition.flow, Flow::Condition { no, .. } if no == step.at())
                && condition.checks().contains(&CheckWord::NoGroundsToRefuse)
        })
    };
    let refusing: Vec<_> = steps(regulation)
        .filter(|(channel, step)| step.does(Verb::Refuse) && on_grounds(channel, step))
        .collect();
    let inferred = !refusing.is_empty() && !refusing.iter().any(|(_, step)| is_printed(step));
    inferred.then(|| missing(at, &refusing, "a reasoned refusal"))
}

/// Documents whose name, the last word of the title, the act has among its results.
fn documents(regulation: &Regulation) -> Vec<Diagnostic> {
    let all = steps(regulation).flat_map(|(_, step)| &step.said.documents);
    let mut kinds: Vec<_> = all.map(|document| (document.document, &document.title)).collect();
    kinds.sort_by_key(|(kind, _)| *kind);
    kinds.dedup_by_key(|(kind, _)| *kind);
    let missing = kinds.into_iter().filter_map(|(kind, title)| {
        let name = title.kk.split_whitespace().last()?.to_lowercase();
        let at = said(regulation, Topic::Result, &name)?;
        let makes = |step: &Step| step.said.documents.iter().any(|document| document.document == kind);
        let making: Vec<_> = steps(regulation).filter(|(_, step)| makes(step)).collect();
        let inferred = !making.iter().any(|(_, step)| is_printed(step));
        inferred.then(|| missing(at, &making, &format!("`{kind}`")))
    });
    missing.collect()
}

/// A result on paper that nobody prints, seals or signs by hand.
fn paper(regulation: &Regulation, at: &str) -> Option<Diagnostic> {
    let on_paper = [Verb::Print, Verb::Seal, Verb::SignByHand];
    let made =
        steps(regulation).any(|(_, step)| is_printed(step) && on_paper.iter().any(|verb| step.does(*verb)));
    (!made).then(|| missing(at, &[], "paper"))
}
