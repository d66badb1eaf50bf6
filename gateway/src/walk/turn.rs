//! One turn of a system with a case: read, changed in memory, committed as one.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use registries::store::{Batch, Committed, Expect, NewEntry, Outgoing, Page};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use signer::{Code, Problem};
use uuid::Uuid;

use super::abandoned::{keep_in_mind, let_be};
use super::case::{Case, Position, Reason, RunningClock};
use crate::calendar::{Limit, NoYear};
use crate::exchange::{Delivery, Subject};
use crate::journal::Crossing;
use crate::regulation::{Channel, Regulation, Step, Verb};
use crate::site::Site;

/// The record kind of cases; keys are `{system}/{case}`.
pub(super) const CASE: &str = "case";

/// How many cases are in memory at once when all of a system are looked at.
const AT_ONCE: usize = 50;

/// A case in the hands of a system. Nothing is kept until [`commit`](Self::commit).
pub struct Turn<'a, Own> {
    /// The system and its world.
    pub site: &'a Site,
    /// The regulation that the case follows.
    pub regulation: Arc<Regulation>,
    /// Its channel.
    pub channel: Arc<Channel>,
    /// The case.
    pub case: Case<Own>,
    /// When the turn began, on the world's clock.
    pub now: Timestamp,
    expect: Expect,
    batch: Batch,
}

impl<'a, Own: Serialize + DeserializeOwned> Turn<'a, Own> {
    /// Begins a case that the system has not seen yet, at a step of its own.
    pub fn open(
        site: &'a Site,
        id: Uuid,
        regulation: &Arc<Regulation>,
        channel: &Arc<Channel>,
        at: &str,
        own: Own,
    ) -> Self {
        let now = site.world.clock.now();
        let case = Case {
            id,
            regulation: regulation.id.clone(),
            channel: channel.name.clone(),
            since: now,
            position: Position::At { at: at.to_owned(), done: 0 },
            limits: BTreeMap::new(),
            clocks: Vec::new(),
            reasons: Vec::new(),
            hindrance: None,
            formed: None,
            shown: Vec::new(),
            lasts: false,
            own,
        };
        Self {
            site,
            regulation: regulation.clone(),
            channel: channel.clone(),
            case,
            now,
            expect: Expect::Absent,
            batch: site.world.store.batch(),
        }
    }

    /// Begins a case with the message that brought it, at the step that receives it.
    ///
    /// # Errors
    /// [`Code::StepOutOfOrder`] when the case is here already: a second application changes nothing.
    pub async fn begin_with(
        site: &'a Site,
        delivery: &Delivery,
        at: &str,
        own: Own,
    ) -> Result<Self, Problem> {
        let payload = &delivery.payload;
        if site.world.store.get(CASE, &key(site, payload.case)).await?.is_some() {
            return Err(Problem::new(Code::StepOutOfOrder).detail("the case is here already").at(at));
        }
        let (regulation, channel) = site.channel(&payload.regulation, &payload.channel)?;
        Ok(Self::open(site, payload.case, &regulation, &channel, at, own))
    }

    /// Takes up a case that the system keeps; `None` when it keeps none of that id.
    pub async fn load(site: &'a Site, id: Uuid) -> Result<Option<Self>, Problem> {
        let key = key(site, id);
        let Some(record) = site.world.store.get_as::<Case<Own>>(CASE, &key).await? else {
            return Ok(None);
        };
        Self::take_up(site, record.value, record.version).map(Some)
    }

    /// What `pick` makes of the cases of the system; without those whose regulation is not there any more. They are
    /// looked at a few at a time: there may be many, and each carries its papers.
    pub async fn list<T>(site: &'a Site, pick: impl Fn(Self) -> Option<T>) -> Result<Vec<T>, Problem> {
        let mut page = Page::first(AT_ONCE).prefix(format!("{}/", site.system()));
        let mut picked = Vec::new();
        loop {
            let cases = site.world.store.list_as::<Case<Own>>(CASE, page.clone()).await?;
            let Some(last) = cases.last() else { return Ok(picked) };
            page = page.after(&last.key);
            let turns = cases.into_iter().map(|record| Self::take_up(site, record.value, record.version));
            picked.extend(turns.flatten().filter_map(&pick));
        }
    }

    fn take_up(site: &'a Site, case: Case<Own>, version: u64) -> Result<Self, Problem> {
        let (regulation, channel) = site.channel(&case.regulation, &case.channel)?;
        Ok(Self {
            site,
            channel,
            regulation,
            case,
            now: site.world.clock.now(),
            expect: Expect::Version(version),
            batch: site.world.store.batch(),
        })
    }

    /// Writes the case with everything the turn reported and sends; the new version of the case comes back.
    ///
    /// # Errors
    /// [`Code::Busy`] when the case changed meanwhile: nothing of this turn is kept.
    pub async fn commit(mut self) -> Result<(u64, Case<Own>), Problem> {
        let (id, key) = (self.case.id.to_string(), key(self.site, self.case.id));
        // Mostly the system where the channel begins sees its end. Where a case ends elsewhere, that one never hears of it;
        // until it does something more, the journal may forget the case.
        let begins = self.channel.steps.first().is_some_and(|step| step.system == self.site.system());
        let batch = match (begins, self.case.is_over()) {
            (_, true) => self.batch.close_case(&id),
            (true, false) => self.batch.open_case(&id),
            (false, false) => self.batch,
        };
        let batch = if self.case.lasts || !begins {
            batch
        } else {
            let case = &self.case;
            self.case.lasts = case.is_over()
                || !(batch.outgoing.is_empty() && case.shown.is_empty())
                || !(case.limits.is_empty() && case.clocks.is_empty());
            if self.case.lasts { let_be(batch, &key) } else { keep_in_mind(batch, &key, self.now)? }
        };
        let batch = batch.put(CASE, &key, &self.case, self.expect)?;
        let Committed { version, .. } = self.site.world.store.commit(batch).await?;
        Ok((version, self.case))
    }
}

fn key(site: &Site, id: Uuid) -> String {
    format!("{}/{id}", site.system())
}

impl<Own> Turn<'_, Own> {
    /// The step the case stands at in this system.
    pub fn step(&self) -> Option<&Step> {
        match &self.case.position {
            Position::At { at, .. } => self.channel.step(at),
            _ => None,
        }
    }

    /// Begins the time limit of this step's paragraph, if it has not begun.
    ///
    /// # Errors
    /// When the business calendar does not have the days that the limit needs.
    pub(super) fn begin_limit(&mut self, step: &Step) -> Result<(), Problem> {
        if let Some(limit) = step.said.within
            && !self.case.limits.contains_key(step.paragraph())
        {
            let ends = self.ends(limit, step)?;
            self.case.limits.insert(step.paragraph().to_owned(), ends);
        }
        Ok(())
    }

    /// When a limit that begins now ends.
    ///
    /// # Errors
    /// When the business calendar does not have the days that the limit needs.
    pub fn ends(&self, limit: Limit, step: &Step) -> Result<Timestamp, Problem> {
        let ends = limit.ends(self.now, &self.regulation.time_zone, &self.site.world.calendar);
        let no_year = |error| Problem::new(Code::NoCalendar).detail(format!("{error}")).at(step.at());
        ends.map_err(|error: NoYear| no_year(error).by(self.site.system()))
    }

    /// Starts the clocks that run from this step, if they have not begun.
    ///
    /// # Errors
    /// When the business calendar does not have the days that a limit needs.
    pub(super) fn begin_clocks(&mut self, step: &Step) -> Result<(), Problem> {
        let channel = self.channel.clone();
        for clock in channel.clocks.iter().filter(|clock| clock.from == step.at()) {
            if !self.case.clocks.iter().any(|known| known.name == clock.name) {
                let due = self.ends(clock.limit, step)?;
                let clock = RunningClock { name: clock.name.clone(), began: self.now, due, ended: None };
                self.case.clocks.push(clock);
            }
        }
        Ok(())
    }

    /// Stops the clocks that run until this step is done.
    pub(super) fn end_clocks(&mut self, step: &Step) {
        for clock in self.channel.clocks.iter().filter(|clock| clock.to == step.at()) {
            let mut running = self.case.clocks.iter_mut();
            if let Some(known) = running.find(|known| known.name == clock.name) {
                known.ended.get_or_insert(self.now);
            }
        }
    }

    /// What documents of the case belong to.
    pub fn subject(&self) -> Subject {
        Subject {
            case: self.case.id,
            regulation: self.case.regulation.clone(),
            channel: self.case.channel.clone(),
        }
    }

    /// What the case waits for a person to do: the step and its pending deeds.
    pub fn awaits(&self) -> Option<(&Step, &[Verb])> {
        let Position::At { done, .. } = &self.case.position else { return None };
        let step = self.step()?;
        Some((step, step.said.does.get(*done..).unwrap_or_default()))
    }

    /// Takes note that a person does these deeds now; those of them that are pending count as done.
    ///
    /// A guarded step is an offer: when the deed is not one of its own, the case goes past it.
    ///
    /// # Errors
    /// [`Code::StepOutOfOrder`] when the case waits for something else.
    pub fn accept(&mut self, deeds: &[Verb]) -> Result<Vec<Verb>, Problem> {
        let before = self.case.position.clone();
        for _ in 0..self.channel.steps.len() {
            let Position::At { at, done } = self.case.position.clone() else { break };
            let Some(step) = self.channel.step(&at).cloned() else { return Err(self.lost(&at)) };
            let pending = step.said.does.get(done..).unwrap_or_default();
            let now: Vec<Verb> = pending.iter().copied().take_while(|verb| deeds.contains(verb)).collect();
            if !now.is_empty() {
                self.case.position = Position::At { at, done: done + now.len() };
                return Ok(now);
            }
            if !step.is_offer() || done > 0 {
                break;
            }
            match &step.flow {
                crate::regulation::Flow::Then(next) => {
                    self.case.position = Position::At { at: next.clone(), done: 0 };
                }
                _ => break,
            }
        }
        self.case.position = before;
        Err(self.out_of_order(deeds))
    }

    fn out_of_order(&self, deeds: &[Verb]) -> Problem {
        let wanted: Vec<&str> = deeds.iter().map(|verb| verb.word()).collect();
        let problem = Problem::new(Code::StepOutOfOrder).by(self.site.system());
        match (&self.case.position, self.awaits()) {
            (Position::At { at, .. }, Some((_, pending))) => problem.at(at).detail(format!(
                "the case waits for {} and not for {}",
                words(pending),
                wanted.join(", ")
            )),
            (position, _) => problem.detail(format!("the case is {}", state(position))),
        }
    }

    /// Queues something for the journal of the turn.
    pub fn entry(&mut self, entry: NewEntry) {
        self.batch.entries.push(entry.case(self.case.id.to_string()));
    }

    /// Notes a crossing of this case.
    pub fn crossing(&mut self, crossing: &Crossing) {
        let entry = crossing.entry(self.now, self.site.system());
        self.entry(entry);
    }

    /// Reports a step that the system went through.
    pub fn report(&mut self, step: &Step, result: &str, reasons: &[Reason]) {
        let mut body = json!({
            "regulation": self.case.regulation,
            "channel": self.case.channel,
            "step": step.at(),
            "paragraph": step.paragraph(),
            "label": step.said.label,
            "actor": step.said.actor,
            "result": result,
        });
        if !reasons.is_empty() {
            body["reasons"] = json!(reasons);
        }
        self.entry(NewEntry::step(self.now, self.site.system().name(), body));
    }

    /// Queues a message to leave with the commit.
    pub fn send(&mut self, outgoing: Outgoing) {
        self.batch.outgoing.push(outgoing);
    }

    /// Commits these changes of other records together with the case.
    pub fn merge(&mut self, other: Batch) {
        self.batch.writes.extend(other.writes);
        self.batch.entries.extend(other.entries);
        self.batch.outgoing.extend(other.outgoing);
        self.batch.outgoing_changes.extend(other.outgoing_changes);
    }

    /// The version of the case that was read; 0 for one that is new.
    pub fn version(&self) -> u64 {
        match self.expect {
            Expect::Version(version) => version,
            Expect::Anything | Expect::Absent => 0,
        }
    }

    /// The regulation wants something of this system that it cannot do.
    pub fn cannot(&self, step: &Step, what: &str) -> Problem {
        let detail = format!("`{}` cannot do this step: {what}", self.site.system());
        Problem::technical(detail).at(step.at()).by(self.site.system())
    }

    /// The regulation asks this system for a fact that it has no data on.
    pub fn unknown_fact(&self, fact: crate::regulation::Fact) -> Problem {
        let detail = format!("`{}` does not know whether `{fact}`", self.site.system());
        Problem::technical(detail).by(self.site.system())
    }

    /// The case stands at a step that its regulation does not have: the file was changed under it.
    pub(super) fn lost(&self, at: &str) -> Problem {
        let detail = format!("§{at} is not a step of `{}` any more", self.case.regulation);
        Problem::technical(detail).by(self.site.system())
    }
}

fn words(verbs: &[Verb]) -> String {
    let words: Vec<&str> = verbs.iter().map(|verb| verb.word()).collect();
    words.join(", ")
}

fn state(position: &Position) -> String {
    match position {
        Position::At { at, .. } => format!("at §{at}"),
        Position::Elsewhere { after } => format!("with another system after §{after}"),
        Position::Ended { at, end } => format!("over: {end} at §{at}"),
        Position::Stopped { at, .. } => format!("stopped at §{at}"),
    }
}
