//! Comparing what crossed and what was shown with what the regulation says.

use std::collections::BTreeMap;

use certs::Text;
use serde::Serialize;
use signer::{Document, Problem};

use super::Selected;
use super::human::{Seen, crossings};
use crate::exchange::Issue;
use crate::journal::Crossing;
use crate::regulation::{Choice, End, Hop, Issued, PathEnd, PathStep, Showing, Step, Verb};
use crate::walk::{Shown, ShownKind};

/// What the journal calls the deed of handing a result over.
const HAND_OVER: &str = "handover";

/// A message that crossed between two systems, seen from whichever end reported it.
#[derive(Debug, Clone, Serialize)]
pub struct Crossed {
    /// The message.
    pub message: String,
    /// The system it left.
    pub from: String,
    /// The system it entered, or tried to.
    pub to: String,
    /// Whether it was taken.
    pub accepted: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    #[serde(skip)]
    message_id: Option<String>,
    #[serde(skip)]
    crossing: Crossing,
}

impl Crossed {
    /// Whether it was not taken for a reason that decides nothing.
    fn failed_technically(&self) -> bool {
        !self.accepted && self.problem.as_ref().is_some_and(|problem| problem.status >= 500)
    }
}

/// A difference between the regulation and what happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deviation {
    /// The step it belongs to.
    pub step: String,
    /// The paragraph to cite.
    pub paragraph: String,
    /// What the regulation has and what happened instead.
    pub what: String,
}

impl Deviation {
    fn at(step: &str, what: impl Into<String>) -> Self {
        let paragraph = step.trim_end_matches(|c: char| c.is_ascii_lowercase()).to_owned();
        Self { step: step.to_owned(), paragraph, what: what.into() }
    }
}

/// The crossings between systems, each once, in the order they happened. What people do at desks is left out.
pub(super) fn crossed(lived: &Seen) -> Vec<Crossed> {
    let mut all: Vec<Crossed> = Vec::new();
    for crossing in crossings(&lived.journal) {
        if crossing.message_id.is_none() {
            continue;
        }
        let same = |known: &&mut Crossed| {
            known.message_id == crossing.message_id && known.from == crossing.from && known.to == crossing.to
        };
        if let Some(known) = all.iter_mut().find(same) {
            // A repeated message is refused the second time; it was taken all the same.
            known.accepted |= crossing.accepted;
            continue;
        }
        // A technical failure decides nothing: the message is sent again, perhaps under another id.
        let again = |known: &Crossed| {
            known.failed_technically()
                && (&known.message, &known.from, &known.to)
                    == (&crossing.message, &crossing.from, &crossing.to)
        };
        all.retain(|known| !again(known));
        all.push(Crossed {
            message: crossing.message.clone(),
            from: crossing.from.clone(),
            to: crossing.to.clone(),
            accepted: crossing.accepted,
            problem: crossing.problem.clone(),
            message_id: crossing.message_id.clone(),
            crossing,
        });
    }
    all
}

/// What the regulation wants to cross on the path: the step, the hop, and the code if it is to be refused.
fn expected<'a>(selected: &'a Selected<'_>) -> Vec<(&'a Step, Hop, Option<&'a str>)> {
    let mut hops = Vec::new();
    for gone in &selected.path.steps {
        if matches!(gone.choice, Some(Choice::PassedBy(_))) {
            continue;
        }
        let Some(step) = selected.channel.step(&gone.at) else { continue };
        for hop in step.hops(gone.choice == Some(Choice::OtherWay)) {
            let stopped = match &selected.path.end {
                PathEnd::Stopped { at, by, code } if *at == gone.at && *by == hop.to => Some(code.as_str()),
                _ => None,
            };
            hops.push((step, hop, stopped));
            if stopped.is_some() {
                return hops;
            }
        }
    }
    hops
}

/// Every difference, the earliest step first.
pub(super) fn judge(selected: &Selected<'_>, lived: &Seen, crossed: &[Crossed]) -> Vec<Deviation> {
    let mut deviations = compare_crossings(selected, lived, crossed);
    deviations.extend(compare_shown(selected, lived));
    deviations.extend(not_handed_over(selected, lived));
    if let Some(problem) = &lived.problem {
        let step = problem.step.clone().or_else(|| selected.path.steps.last().map(|step| step.at.clone()));
        deviations
            .push(Deviation::at(&step.unwrap_or_default(), format!("the human met a problem: {problem}")));
    }
    // Why somebody could not go on explains the rest: it stands before what follows from it at the same step.
    let met = |deviation: &Deviation| !deviation.what.starts_with("the human met");
    let position =
        |step: &str| selected.channel.steps.iter().position(|s| s.at() == step).unwrap_or(usize::MAX);
    deviations.sort_by_key(|deviation| (position(&deviation.step), met(deviation)));
    deviations
}

fn compare_crossings(selected: &Selected<'_>, lived: &Seen, crossed: &[Crossed]) -> Vec<Deviation> {
    let mut deviations = Vec::new();
    let mut left: Vec<&Crossed> = crossed.iter().collect();
    // What people signed, and what systems say for themselves, are carried side by side.
    let mut carried: BTreeMap<bool, Option<&Document>> = BTreeMap::new();
    let mut under_way = None;
    for (step, hop, stopped) in expected(selected) {
        if lived.foreign.contains(&hop.from) && lived.foreign.contains(&hop.to) {
            continue; // nobody of ours saw it
        }
        let begins = under_way.replace((step.at(), hop.message)) != Some((step.at(), hop.message));
        let (from, to, message) = (hop.from.name(), hop.to.name(), hop.message.word());
        let found = left.iter().position(|c| c.from == from && c.to == to && c.message == message);
        let Some(found) = found.map(|index| left.remove(index)) else {
            deviations
                .push(Deviation::at(step.at(), format!("`{message}` did not cross from {from} to {to}")));
            continue;
        };
        if begins && !step.does(Verb::Forward) {
            carried.insert(step.author.is_some(), found.crossing.document.as_ref());
        } else if carried.get(&step.author.is_some()) != Some(&found.crossing.document.as_ref()) {
            let what = format!("the document of `{message}` changed before it crossed from {from} to {to}");
            deviations.push(Deviation::at(step.at(), what));
        }
        match (stopped, found.accepted, found.problem.as_ref()) {
            (None, true, _) => deviations.extend(wrong_signer(step, found)),
            (None, false, problem) => {
                let why = problem.map(ToString::to_string).unwrap_or_default();
                deviations.push(Deviation::at(step.at(), format!("{to} refused `{message}`: {why}")));
            }
            (Some(code), true, _) => {
                let what = format!("{to} took `{message}`; it should have refused it: {code}");
                deviations.push(Deviation::at(step.at(), what));
            }
            (Some(code), false, Some(problem)) if problem.code.code() == code => {}
            (Some(code), false, problem) => {
                let why = problem.map(ToString::to_string).unwrap_or_default();
                let what = format!("{to} refused `{message}` for another reason than {code}: {why}");
                deviations.push(Deviation::at(step.at(), what));
            }
        }
    }
    for extra in left {
        let what =
            format!("`{}` crossed from {} to {}, where nothing may", extra.message, extra.from, extra.to);
        deviations.push(Deviation::at(&stopping_step(selected, extra), what));
    }
    deviations
}

/// The step that should have kept a message from crossing: the last condition that was to fail, the step that
/// was to be stopped, or else the one that sends it.
fn stopping_step(selected: &Selected<'_>, extra: &Crossed) -> String {
    let failing = selected
        .path
        .steps
        .iter()
        .rev()
        .find(|step| matches!(&step.choice, Some(Choice::Failing(checks)) if !checks.is_empty()));
    if let Some(step) = failing {
        return step.at.clone();
    }
    if let PathEnd::Stopped { at, .. } = &selected.path.end {
        return at.clone();
    }
    let sending = selected.channel.ways().find(|(_, message, _)| message.word() == extra.message);
    sending.map(|(step, ..)| step.at().to_owned()).unwrap_or_default()
}

/// That the document is signed by the person whom the step names.
fn wrong_signer(step: &Step, crossed: &Crossed) -> Option<Deviation> {
    let person = step.author?;
    let role = person.certificate_role()?;
    let document = crossed.crossing.document.as_ref()?;
    let signer = match document.verify().and_then(|verified| verified.sole_signer().cloned()) {
        Ok(signer) => signer,
        Err(error) => {
            let what = format!("the document from {} does not verify: {error}", crossed.from);
            return Some(Deviation::at(step.at(), what));
        }
    };
    let found = signer.certificate.roles();
    (!found.contains(&role)).then(|| {
        let found: Vec<&str> = found.iter().map(|role| role.name()).collect();
        let what = format!(
            "signed with the role {} where the key of the {person} ({}) is wanted",
            found.join(", "),
            role.name()
        );
        Deviation::at(step.at(), what)
    })
}

/// What was shown, against what the path shows: as much, in this order.
fn compare_shown(selected: &Selected<'_>, lived: &Seen) -> Vec<Deviation> {
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
fn not_handed_over(selected: &Selected<'_>, lived: &Seen) -> Option<Deviation> {
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
        let words = |checks: &[crate::regulation::CheckWord]| {
            checks.iter().map(|check| check.word()).collect::<Vec<_>>().join(", ")
        };
        let what = format!("the reasons given are [{}] instead of [{}]", words(&named), words(checks));
        Deviation::at(step.at(), what)
    })
}
