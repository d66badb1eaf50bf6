//! What was shown, and handed over, against what the path shows.

use certs::Text;

use super::Deviation;
use crate::exchange::Issue;
use crate::play::Selected;
use crate::play::human::{Seen, crossings};
use crate::regulation::{CheckWord, Choice, End, Issued, PathEnd, PathStep, Showing, Verb};
use crate::walk::{Shown, ShownKind};

/// What the journal calls the deed of handing a result over.
const HAND_OVER: &str = "handover";

/// What was shown, against what the path shows: as much, in this order.
pub(super) fn compare_shown(selected: &Selected<'_>, lived: &Seen) -> Vec<Deviation> {
    let shown = &lived.shown;
    match &selected.path.end {
        PathEnd::Stopped { at, code, .. } => {
            let found = shown.iter().find(|s| s.kind == ShownKind::Problem && s.code == *code);
            return match found {
                Some(_) => more_than(shown, 1, at, code),
                None => vec![not_shown(at, &format!("the problem {code}"), shown)],
            };
        }
        PathEnd::Silent { at } => {
            let what = "the regulation ends this path without showing anything";
            return vec![Deviation::at(at, what)];
        }
        PathEnd::Refused { .. } | PathEnd::Served { .. } => {}
    }
    let mut deviations = Vec::new();
    for (position, wanted) in selected.path.shows.iter().enumerate() {
        let kind = kind_of(wanted);
        // Compared by position first, so that one too much in between is found where it is.
        let fits = |shown: &&Shown| shown.kind == kind && shown.code == wanted.code;
        let found = shown.get(position).filter(fits).or_else(|| shown.iter().find(fits));
        let Some(found) = found else {
            deviations.push(not_shown(&wanted.at, &format!("the {} {}", kind.word(), wanted.code), shown));
            continue;
        };
        deviations.extend(wrong_showing(selected, wanted, found));
    }
    if deviations.is_empty() {
        let last = selected.path.shows.last();
        let (at, code) = last.map_or(("", "nothing"), |last| (last.at.as_str(), last.code.as_str()));
        deviations.extend(more_than(shown, selected.path.shows.len(), at, code));
    }
    deviations
}

fn kind_of(wanted: &Showing) -> ShownKind {
    match wanted.end {
        Some(End::Refusal) => ShownKind::Refusal,
        Some(End::Result) => ShownKind::Result,
        None => ShownKind::Receipt,
    }
}

fn not_shown(at: &str, wanted: &str, shown: &[Shown]) -> Deviation {
    let instead: Vec<&str> = shown.iter().map(|shown| shown.code.as_str()).collect();
    let instead = if instead.is_empty() { "nothing".to_owned() } else { instead.join(", ") };
    Deviation::at(at, format!("{wanted} was not shown; shown: {instead}"))
}

fn more_than(shown: &[Shown], wanted: usize, at: &str, code: &str) -> Vec<Deviation> {
    if shown.len() <= wanted {
        return Vec::new();
    }
    let codes: Vec<&str> = shown.iter().map(|shown| shown.code.as_str()).collect();
    vec![Deviation::at(at, format!("more was shown than {code}: {}", codes.join(", ")))]
}

/// What is wrong with something that was shown.
fn wrong_showing(selected: &Selected<'_>, wanted: &Showing, found: &Shown) -> Vec<Deviation> {
    let step = selected.channel.step(&wanted.at);
    match found.kind {
        ShownKind::Refusal => {
            let message = step.and_then(|step| step.said.refusal.as_ref()).map(|refusal| &refusal.message);
            let words = message.filter(|message| found.message != **message);
            let words = words.map(|message| other_words(&wanted.at, &found.message, message));
            let reasons = wrong_reasons(selected, found);
            words.into_iter().chain(reasons).chain(wrong_paper(selected, &wanted.at, found)).collect()
        }
        _ if holds_document(selected, wanted, found) => Vec::new(),
        kind => {
            let what = format!("the {} {} was shown without its document", kind.word(), wanted.code);
            vec![Deviation::at(&wanted.at, what)]
        }
    }
}

/// A result that somebody is to hand over is not shown before they did. What a foreign system does is not observed.
pub(super) fn not_handed_over(selected: &Selected<'_>, lived: &Seen) -> Option<Deviation> {
    let gone = selected.path.steps.iter().filter_map(|gone| selected.channel.step(&gone.at));
    let step =
        gone.into_iter().find(|step| step.does(Verb::HandOver) && !lived.foreign.contains(&step.system))?;
    let handed_over = crossings(&lived.journal).iter().any(|crossing| {
        crossing.message == HAND_OVER && crossing.to == step.system.name() && crossing.accepted
    });
    let shown = lived.shown.iter().any(|shown| shown.kind == ShownKind::Result);
    (shown && !handed_over).then(|| Deviation::at(step.at(), "the result was shown and not handed over"))
}

fn other_words(at: &str, found: &Text, wanted: &Text) -> Deviation {
    Deviation::at(at, format!("shown in other words: {:?} instead of {:?}", found.kk, wanted.kk))
}

/// Whether what was shown carries the document it announces: electronic, with a signature that holds; or on paper, where
/// nothing was signed electronically.
fn holds_document(selected: &Selected<'_>, wanted: &Showing, found: &Shown) -> bool {
    if let Some(document) = &found.document {
        return document.verify().is_ok_and(|verified| {
            serde_json::from_slice::<Issue>(&verified.content)
                .is_ok_and(|issue| issue.document.word() == wanted.code)
        });
    }
    let gone = selected.path.steps.iter().skip_while(|gone| gone.at != wanted.at);
    let until_shown = gone.take_while(|gone| gone.at != wanted.shown_at);
    let signs = |gone: &PathStep| selected.channel.step(&gone.at).is_some_and(|step| step.does(Verb::Sign));
    let on_paper = found.paper.as_ref().is_some_and(|paper| paper.document.word() == wanted.code);
    on_paper && !until_shown.into_iter().any(signs)
}

/// A refusal that goes with a document on paper hands that document over.
fn wrong_paper(selected: &Selected<'_>, at: &str, found: &Shown) -> Option<Deviation> {
    let step = selected.channel.step(at).filter(|step| step.said.refusal.is_some())?;
    let wanted = step.said.documents.first()?.document;
    let given = found.paper.as_ref().map(|paper| paper.document);
    (given != Some(wanted)).then(|| {
        let given = given.map_or("nothing", Issued::word);
        Deviation::at(at, format!("handed over on paper: {given} instead of {wanted}"))
    })
}

/// A refusal after a condition of the same system names every failing check, in printed order.
fn wrong_reasons(selected: &Selected<'_>, found: &Shown) -> Option<Deviation> {
    let shown_by = selected.channel.step(&found.step)?.system;
    let condition = selected.path.steps.iter().find_map(|gone| match &gone.choice {
        Some(Choice::Failing(checks)) if !checks.is_empty() => {
            Some((selected.channel.step(&gone.at)?, checks))
        }
        _ => None,
    });
    let (step, checks) = condition.filter(|(step, _)| step.system == shown_by)?;
    let named: Vec<_> = found.reasons.iter().map(|reason| reason.check).collect();
    (named != *checks).then(|| {
        let words =
            |checks: &[CheckWord]| checks.iter().map(|check| check.word()).collect::<Vec<_>>().join(", ");
        let what = format!("the reasons given are [{}] instead of [{}]", words(&named), words(checks));
        Deviation::at(step.at(), what)
    })
}
