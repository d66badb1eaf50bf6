//! A case as the journal tells it, to be drawn over a picture.

use std::collections::BTreeSet;

use certs::{Lang, Text};
use registries::store::{Entry, EntryKind};
use serde::Deserialize;
use serde_json::Value;

use super::model::{Diagram, Mark, Note, Role, Shape, State, Traced};
use super::{difference, names, words};
use crate::exchange::Issue;
use crate::journal::Crossing;
use crate::regulation::{Channel, CheckWord, End, Message, Step};
use crate::walk::Reason;

/// What the journal has of one case.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// The case.
    pub case: String,
    /// The regulation and the channel that the systems say they followed, where they say it.
    pub follows: Option<(String, String)>,
    /// What systems reported of themselves, in order.
    pub(super) reports: Vec<Report>,
    /// What crossed between systems, each once, in order.
    pub(super) crossed: Vec<Crossed>,
    /// The systems whose journal it is.
    pub(super) seen: BTreeSet<String>,
}

/// A step that a system reported.
#[derive(Debug, Clone)]
pub(super) struct Report {
    pub(super) seq: u64,
    pub(super) system: String,
    pub(super) step: String,
    pub(super) result: String,
    pub(super) reasons: Vec<Reason>,
}

/// A message that crossed, or tried to.
#[derive(Debug, Clone)]
pub(super) struct Crossed {
    pub(super) seq: u64,
    message_id: String,
    pub(super) message: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) accepted: bool,
    /// Why not, for people.
    pub(super) why: Option<Text>,
    /// Whether it was not accepted for a reason that decides nothing.
    failed: bool,
    /// Refusal or result, where the document inside says it.
    carries: Option<End>,
}

/// On which way of which step a message crossed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Way {
    /// The sending step, by index.
    pub(super) step: usize,
    /// Whether it is the other way of its message.
    pub(super) other: bool,
    /// The hop on that way.
    pub(super) hop: usize,
}

#[derive(Deserialize)]
struct Reported {
    step: String,
    result: String,
    #[serde(default)]
    reasons: Vec<Reason>,
}

impl Trace {
    /// Reads the journal of a case. Entries that are not understood are left out.
    pub fn read(case: &str, journal: &[Entry]) -> Self {
        let mut trace = Self { case: case.to_owned(), ..Self::default() };
        for entry in journal {
            trace.seen.insert(entry.system.clone());
            match entry.kind {
                EntryKind::Step => trace.report(entry),
                EntryKind::Crossing => trace.crossing(entry),
                EntryKind::Fault => {}
            }
        }
        trace
    }

    /// Whether there is nothing of it.
    pub fn is_empty(&self) -> bool {
        self.reports.is_empty() && self.crossed.is_empty()
    }

    fn report(&mut self, entry: &Entry) {
        let name = |key: &str| entry.body[key].as_str().map(str::to_owned);
        if let (None, Some(regulation), Some(channel)) = (&self.follows, name("regulation"), name("channel"))
        {
            self.follows = Some((regulation, channel));
        }
        if let Ok(Reported { step, result, reasons }) =
            Value::deserialize(&entry.body).and_then(Reported::deserialize)
        {
            self.reports.push(Report { seq: entry.seq, system: entry.system.clone(), step, result, reasons });
        }
    }

    fn crossing(&mut self, entry: &Entry) {
        let Ok(crossing) = Crossing::deserialize(&entry.body) else { return };
        let Some(message_id) = crossing.message_id.clone() else { return };
        let same = |known: &&mut Crossed| {
            known.message_id == message_id && known.from == crossing.from && known.to == crossing.to
        };
        if let Some(known) = self.crossed.iter_mut().find(same) {
            // A repeated message is refused the second time; it was taken all the same.
            known.accepted |= crossing.accepted;
            return;
        }
        // A technical failure decides nothing: the message is sent again, perhaps under another id.
        let again = |known: &Crossed| {
            known.failed
                && !known.accepted
                && (&known.message, &known.from, &known.to)
                    == (&crossing.message, &crossing.from, &crossing.to)
        };
        self.crossed.retain(|known| !again(known));
        self.crossed.push(Crossed {
            seq: entry.seq,
            failed: crossing.problem.as_ref().is_some_and(|problem| problem.status >= 500),
            message_id,
            carries: carries(&crossing),
            accepted: crossing.accepted,
            why: crossing.problem.map(|problem| problem.message.clone()),
            message: crossing.message,
            from: crossing.from,
            to: crossing.to,
        });
    }

    /// The last report of a step.
    pub(super) fn last(&self, step: &str) -> Option<&Report> {
        self.reports.iter().rev().find(|report| report.step == step)
    }

    /// Draws the case over a picture of the channel.
    pub fn over(&self, diagram: &mut Diagram, channel: &Channel) {
        let ways = self.ways(channel);
        for (step, node) in channel.steps.iter().zip(&mut diagram.nodes) {
            let report = self.last(step.at());
            let sent = ways.iter().flatten().any(|way| channel.steps[way.step].at() == step.at());
            node.state = if report.is_some() || sent { State::Gone } else { State::Not };
            let Some(report) = report.filter(|_| node.shape == Shape::Condition) else { continue };
            node.answer = match report.result.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            };
            let asked = |check: CheckWord| self.asked(check, channel);
            node.notes.extend(checked(step.checks(), report, &asked, diagram.lang));
        }
        self.edges(diagram, channel, &ways);
        self.exchanges(diagram, &ways);
        let begun = |at: usize| diagram.nodes.get(at).is_some_and(|node| node.state == State::Gone);
        let past = diagram.past.as_ref().map(|past| begun(past.to) && !begun(0));
        if let (Some(past), Some(gone)) = (&mut diagram.past, past) {
            past.state = if gone { State::Gone } else { State::Not };
        }
        let difference = difference::first(self, channel, &ways, diagram.lang);
        diagram.traced = Some(Traced {
            case: self.case.clone(),
            difference: difference.as_ref().map(|found| format!("§{}: {}", found.paragraph, found.what)),
        });
        if let Some(found) = difference
            && let Some(node) = diagram.nodes.get_mut(found.step)
        {
            let head = format!("{} · §{}", words::first_difference(diagram.lang), found.paragraph);
            node.notes.push(Note {
                difference: true,
                lines: vec![(Mark::Differs, head), (Mark::None, found.what)],
            });
        }
    }

    fn edges(&self, diagram: &mut Diagram, channel: &Channel, ways: &[Option<Way>]) {
        let nodes = &diagram.nodes;
        for edge in &mut diagram.edges {
            let (from, to) = (&nodes[edge.from], &nodes[edge.to]);
            let both = from.state == State::Gone && to.state == State::Gone;
            let gone = match edge.role {
                Role::Then => both,
                Role::Yes => both && from.answer != Some(false),
                Role::No => both && from.answer != Some(true),
                Role::Past => both && edge.past.is_some_and(|past| nodes[past].state != State::Gone),
                Role::Message => false,
            };
            edge.hops.fill(if gone { State::Gone } else { State::Not });
            if edge.role != Role::Message {
                continue;
            }
            for (crossed, way) in self.crossed.iter().zip(ways) {
                let on = |way: &Way| way.step == edge.from && way.other == edge.other;
                let Some(Way { hop, .. }) = way.filter(on) else { continue };
                edge.hops.get_mut(hop).into_iter().for_each(|state| went(state, crossed));
            }
            // What the destination reports has come to it, even where it does not say how.
            let all = edge.hops.iter().all(|state| *state == State::Not);
            if all && both && channel.steps[edge.from].said.sends.is_none() {
                edge.hops.fill(State::Gone);
            }
        }
    }

    /// Whether a register was asked for what a check looks at; yes where no register is.
    fn asked(&self, check: CheckWord, channel: &Channel) -> bool {
        let question = match check {
            CheckWord::PersonFound => Message::PersonQuery,
            CheckWord::AttorneyFound => Message::AttorneyQuery,
            _ => return true,
        };
        let asks = |step: &&Step| step.said.sends.as_ref().is_some_and(|sends| sends.message == question);
        let mut steps = channel.steps.iter().filter(asks).peekable();
        steps.peek().is_none() || steps.any(|step| self.last(step.at()).is_some())
    }

    fn exchanges(&self, diagram: &mut Diagram, ways: &[Option<Way>]) {
        for (index, node) in diagram.nodes.iter_mut().enumerate() {
            let Some(exchange) = &mut node.exchange else { continue };
            exchange.hops.fill(State::Not);
            for (crossed, way) in self.crossed.iter().zip(ways) {
                let hop = way.filter(|way| way.step == index).map(|way| way.hop);
                hop.and_then(|hop| exchange.hops.get_mut(hop)).into_iter().for_each(|s| went(s, crossed));
            }
        }
    }

    /// For each crossing the step that sends it and the hop; nothing where the channel has no such way.
    fn ways(&self, channel: &Channel) -> Vec<Option<Way>> {
        self.crossed.iter().map(|crossed| self.way(crossed, channel)).collect()
    }

    fn way(&self, crossed: &Crossed, channel: &Channel) -> Option<Way> {
        let mut found: Vec<(Way, Option<End>)> = Vec::new();
        for (index, step) in channel.steps.iter().enumerate() {
            let fits = |hop: &crate::regulation::Hop| {
                hop.message.word() == crossed.message
                    && hop.from.name() == crossed.from
                    && hop.to.name() == crossed.to
            };
            let carries = step.said.sends.as_ref().and_then(|sends| sends.carries);
            for other in [false, true] {
                let hop = step.hops(other).iter().position(fits);
                found.extend(hop.map(|hop| (Way { step: index, other, hop }, carries)));
            }
        }
        if let Some(carries) = crossed.carries
            && found.iter().any(|(_, end)| *end == Some(carries))
        {
            found.retain(|(_, end)| *end == Some(carries));
        }
        let reported = |(way, _): &&(Way, Option<End>)| self.last(channel.steps[way.step].at()).is_some();
        found.iter().find(reported).or(found.first()).map(|(way, _)| *way)
    }
}

/// Marks a hop; a message that came again and was taken then has crossed.
fn went(state: &mut State, crossed: &Crossed) {
    if *state != State::Gone {
        *state = if crossed.accepted { State::Gone } else { State::Refused };
    }
}

/// Refusal or result, as the document inside a crossing says.
fn carries(crossing: &Crossing) -> Option<End> {
    let verified = crossing.document.as_ref()?.verify().ok()?;
    let issue: Issue = serde_json::from_slice(&verified.content).ok()?;
    Some(issue.document.end())
}

/// The checks of a condition with their results.
fn checked(
    checks: &[CheckWord],
    report: &Report,
    asked: &impl Fn(CheckWord) -> bool,
    lang: Lang,
) -> Option<Note> {
    let mut lines = Vec::new();
    for check in checks {
        let title = names::check(*check).get(lang).to_owned();
        match report.reasons.iter().find(|reason| reason.check == *check) {
            Some(reason) => {
                lines.push((Mark::No, title));
                lines.push((Mark::None, reason.text.get(lang).to_owned()));
            }
            // Without reasons a negative answer says nothing of the single check.
            None if report.result == "no" && report.reasons.is_empty() => lines.push((Mark::None, title)),
            None if !asked(*check) => {
                lines.push((Mark::None, format!("{title}: {}", words::not_asked(lang))));
            }
            None => lines.push((Mark::Yes, title)),
        }
    }
    matches!(report.result.as_str(), "yes" | "no").then_some(Note { difference: false, lines })
}
