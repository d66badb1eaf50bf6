//! A case as people see it.

use certs::Text;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use signer::{Bytes, Problem};
use uuid::Uuid;

use super::case::{Case, Position, RunningClock, Shown};
use super::turn::Turn;
use crate::calendar::Limit;
use crate::regulation::{Actor, Channel, CheckWord, Verb};
use crate::site::Site;

/// What a person at a desk sees of a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CaseView {
    /// The case.
    pub case: Uuid,
    /// Grows with every change; `?after=` waits for a greater one.
    pub version: u64,
    /// The regulation's id.
    pub regulation: String,
    /// The channel's name.
    pub channel: String,
    /// Where it stands.
    pub position: Position,
    /// What a person has to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awaits: Option<Awaits>,
    /// What keeps it from going on just now; it is tried again, and nothing is decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hindrance: Option<Problem>,
    /// The bytes to sign, when a signature is awaited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_sign: Option<ToSign>,
    /// The clocks that the act sets, as far as they have begun here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<ShownClock>,
    /// What was shown, oldest first.
    pub shown: Vec<Shown>,
}

/// A clock that the act sets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShownClock {
    /// What it is called, and when it began, is due and ended.
    #[serde(flatten)]
    pub clock: RunningClock,
    /// For people.
    pub title: Text,
    /// How long the act gives.
    pub limit: Limit,
    /// The paragraph that says so.
    pub paragraph: String,
    /// Whether it ran, or runs, longer.
    pub overdue: bool,
}

/// What a case waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Awaits {
    /// The step.
    pub step: String,
    /// The paragraph to cite.
    pub paragraph: String,
    /// The number that the act prints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// A few words on it.
    pub what: Text,
    /// Who acts.
    pub by: Actor,
    /// The deeds that are pending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub does: Vec<Verb>,
    /// The checks that staff decide.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decides: Vec<CheckWord>,
    /// Whether the step may be passed by.
    #[serde(default)]
    pub optional: bool,
    /// How long the act gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Limit>,
    /// Until when, by the act's clock and the business calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// Whether that is over.
    #[serde(default)]
    pub overdue: bool,
}

/// Bytes that wait for a signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToSign {
    /// IANA media type.
    pub media_type: String,
    /// Exactly what is signed.
    pub content: Bytes,
}

impl CaseView {
    /// The view of a case as it was read or written at `version`, by the clock of its system now.
    pub fn of<Own>(
        site: &Site,
        case: &Case<Own>,
        version: u64,
        channel: &Channel,
        to_sign: Option<&ToSign>,
    ) -> Self {
        let now = site.world.clock.now();
        let awaits = awaits(case, channel, now);
        let signing = awaits.as_ref().is_some_and(|awaits| awaits.does.first() == Some(&Verb::Sign));
        Self {
            case: case.id,
            version,
            regulation: case.regulation.clone(),
            channel: case.channel.clone(),
            position: case.position.clone(),
            hindrance: case.hindrance.clone(),
            awaits,
            to_sign: to_sign.filter(|_| signing).cloned(),
            clocks: clocks(case, channel, now),
            shown: case.shown.clone(),
        }
    }
}

fn clocks<Own>(case: &Case<Own>, channel: &Channel, now: Timestamp) -> Vec<ShownClock> {
    let shown = |running: &RunningClock| {
        let said = channel.clocks.iter().find(|clock| clock.name == running.name)?;
        Some(ShownClock {
            clock: running.clone(),
            title: said.title.clone(),
            limit: said.limit,
            paragraph: said.at.clone(),
            overdue: running.due < running.ended.unwrap_or(now),
        })
    };
    case.clocks.iter().filter_map(shown).collect()
}

fn awaits<Own>(case: &Case<Own>, channel: &Channel, now: Timestamp) -> Option<Awaits> {
    let Position::At { at, done } = &case.position else { return None };
    let step = channel.step(at)?;
    let pending = step.said.does.get(*done..).unwrap_or_default();
    let due = case.limits.get(step.paragraph()).copied();
    Some(Awaits {
        step: step.at().to_owned(),
        paragraph: step.paragraph().to_owned(),
        label: step.said.label.clone(),
        what: step.said.what.clone(),
        by: step
            .said
            .signed_by
            .filter(|_| pending.first() == Some(&Verb::Sign))
            .map_or(step.said.actor, Actor::Person),
        does: pending.iter().copied().take_while(|verb| verb.is_deed()).collect(),
        decides: step.decided(),
        optional: step.is_offer(),
        within: due.and(channel.limit_of(step)),
        due,
        overdue: due.is_some_and(|due| due < now),
    })
}

impl<Own> Turn<'_, Own> {
    /// Whether the case waits for a person here.
    pub fn awaits_somebody(&self) -> bool {
        awaits(&self.case, &self.channel, self.now).is_some()
    }
}
