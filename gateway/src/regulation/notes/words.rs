//! What is printed: numbers, names, diagrams, words of two meanings.

use super::{note, place, printed};
use crate::regulation::diagnostic::Diagnostic;
use crate::regulation::file::{Abbreviation, Paragraphs};
use crate::regulation::model::{Channel, Regulation, Step};
use crate::regulation::vocabulary::{Kind, Topic};

/// «шарт»: a condition of a channel, and a contract.
const HOMONYM: &str = "шарт";

pub(super) fn of_channel(channel: &Channel) -> Vec<Diagnostic> {
    let mut found = unnumbered(channel);
    let homonyms = printed(channel).filter(|step| {
        let text = step.said.text.as_deref().unwrap_or_default().to_lowercase();
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        step.said.kind != Kind::Condition && words.any(|word| word.starts_with(HOMONYM))
    });
    found.extend(homonyms.map(|step| {
        let message = "«шарт» stands here, and the step is no condition: it is a contract";
        note("homonym", place(channel, step.at()), message, "do not read conditions off the word")
    }));
    if let Some(diagram) = &channel.diagram {
        let message = format!("the act refers to a diagram ({diagram}), and the copy has no picture of it");
        let hint = "`qaqpa regulations diagram` draws one from the file; it is not the act's";
        found.push(note("diagram-missing", place(channel, &channel.paragraph), message, hint));
    }
    found
}

/// Steps without a printed number beside others that have one, or a channel where none has.
fn unnumbered(channel: &Channel) -> Vec<Diagnostic> {
    let own: Vec<&Step> = printed(channel).filter(|step| is_of(channel, step)).collect();
    let labelled = |step: &&Step| step.said.label.is_some();
    let hint = "cite the paragraph; the number is a label only";
    if !own.iter().any(labelled) {
        let message = "the act prints no numbers of processes and conditions in this channel";
        return vec![note("unnumbered-step", place(channel, &channel.paragraph), message, hint)];
    }
    let beside =
        |step: &Step| own.iter().filter(|s| labelled(s)).any(|other| other.paragraph() == step.paragraph());
    let missing = own.iter().filter(|step| step.said.label.is_none() && !beside(step));
    missing
        .map(|step| {
            let message = "the step has no printed number, though others of the channel have";
            note("unnumbered-step", place(channel, step.at()), message, hint)
        })
        .collect()
}

/// Whether a step stands in the paragraph that describes the channel.
fn is_of(channel: &Channel, step: &Step) -> bool {
    let rest = step.at().strip_prefix(channel.paragraph.as_str());
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// What concerns the act as a whole.
pub(super) fn of_act(regulation: &Regulation) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> =
        regulation.said.abbreviations.iter().flat_map(|short| abbreviation(regulation, short)).collect();
    if regulation.said.act.repealed.is_none() {
        let message = "the text does not say what became of the act";
        let hint = "look it up, and write `repealed` where it was repealed; it is not taken to be in force";
        found.push(note("status-unknown", None, message, hint));
    }
    let drawn = regulation.channels.iter().any(|channel| channel.diagram.is_some());
    let referred = regulation.said.statements.iter().find(|statement| statement.topic == Topic::Diagram);
    if let (false, Some(statement)) = (drawn, referred) {
        let message = "the act speaks of a diagram, and the copy has no picture of it";
        let hint = "write `diagram` in the channel that it is of";
        found.push(note("diagram-missing", format!("§{}", statement.at), message, hint));
    }
    found
}

fn abbreviation(regulation: &Regulation, short: &Abbreviation) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let expanded: Vec<&str> = match &short.expanded_at {
        Paragraphs::None => Vec::new(),
        Paragraphs::One(at) => vec![at],
        Paragraphs::Several(all) => all.iter().map(String::as_str).collect(),
    };
    let forms = short.printed.join(", ");
    let places: Vec<String> = short.printed.iter().filter_map(|form| first_place(regulation, form)).collect();
    let at = if expanded.len() > 1 {
        Some(format!("§{}", expanded.join(", §")))
    } else {
        places.first().cloned()
    };
    if short.printed.len() > 1 {
        let message = format!("one thing is printed in several ways: {forms} ({})", places.join("; "));
        let hint = "they are one in the file; ask whether they are one in the act";
        found.push(note("inconsistent-abbreviation", at, message, hint));
    } else if expanded.len() > 1 {
        let message = format!("{forms} is written out more than once");
        found.push(note("inconsistent-abbreviation", at, message, "compare the wordings"));
    }
    for form in short.printed.iter().filter(|form| !is_expanded(regulation, &short.printed, form, &expanded))
    {
        let message = format!("{form} is nowhere written out; read is `{}`", short.means);
        let at = first_place(regulation, form);
        found.push(note(
            "undefined-abbreviation",
            at,
            message,
            "take its meaning from a sister act, and say so",
        ));
    }
    found
}

/// Whether a form stands in a paragraph that expands the abbreviation. Where none of the forms does, the file's word
/// is taken for it.
fn is_expanded(regulation: &Regulation, forms: &[String], form: &str, expanded: &[&str]) -> bool {
    let stands = |form: &str| {
        quotations(regulation).any(|(_, at, text)| {
            expanded.iter().any(|paragraph| belongs(at, paragraph)) && text.contains(form)
        })
    };
    !expanded.is_empty() && (stands(form) || !forms.iter().any(|other| stands(other)))
}

/// Whether a key is a paragraph's: the same, or one of its parts.
fn belongs(at: &str, paragraph: &str) -> bool {
    at.strip_prefix(paragraph).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit() || c == '.'))
}

/// Everything quoted: the channel where it is a step, the paragraph, the words.
fn quotations(regulation: &Regulation) -> impl Iterator<Item = (Option<&Channel>, &str, &str)> {
    let steps = regulation.channels.iter().flat_map(|channel| {
        printed(channel).filter_map(|step| Some((Some(&**channel), step.at(), step.said.text.as_deref()?)))
    });
    let statements = regulation.said.statements.iter();
    steps.chain(statements.map(|statement| (None, statement.at.as_str(), statement.text.as_str())))
}

fn first_place(regulation: &Regulation, form: &str) -> Option<String> {
    let (channel, at, _) = quotations(regulation).find(|(_, _, text)| text.contains(form))?;
    Some(channel.map_or_else(|| format!("§{at}"), |channel| place(channel, at)))
}
