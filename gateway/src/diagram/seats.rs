//! In whose lane a step stands.
//!
//! Where several of an organisation's people act at one system, as in its office, the acts draw them and not the
//! system: a directory of business processes. There a person's step stands in the person's own lane. Where one person
//! acts at a system, the step stands with the system and the deed leads there.

use signer::System;

use crate::regulation::{Actor, Channel, Person, Step};

/// The systems at which several people act.
pub(super) struct Seats(Vec<System>);

impl Seats {
    pub(super) fn of(channel: &Channel) -> Self {
        let people = |system: System| {
            let mut people: Vec<Person> = Vec::new();
            for person in channel.steps.iter().filter(|step| step.system == system).filter_map(Step::person) {
                if person != Person::Recipient && !people.contains(&person) {
                    people.push(person);
                }
            }
            people.len()
        };
        Self(System::ALL.iter().copied().filter(|system| people(*system) > 1).collect())
    }

    /// Whether a step stands with the person who acts.
    pub(super) fn is_seated(&self, step: &Step) -> bool {
        step.person().is_some() && self.0.contains(&step.system)
    }

    /// In whose lane a step stands.
    pub(super) fn place(&self, step: &Step) -> Actor {
        if self.is_seated(step) { step.said.actor } else { Actor::System(step.system) }
    }

    /// The channel's lanes, and whatever else the steps name; without the systems of which nothing is seen but the
    /// people who act there.
    pub(super) fn lanes(&self, channel: &Channel) -> Vec<Actor> {
        let mut named: Vec<Actor> = Vec::new();
        for step in &channel.steps {
            named.extend(step.person().map(Actor::Person));
            named.push(self.place(step));
            for way in step.ways() {
                // The last one's own step has its place.
                let asked = step.said.sends.as_ref().is_some_and(|sends| sends.message.answer().is_some());
                let last = way.len() - usize::from(!asked);
                named.extend(way.get(1..last).into_iter().flatten().copied().map(Actor::System));
            }
        }
        let unseen = |actor: &Actor| match actor {
            Actor::System(system) => self.0.contains(system) && !named.contains(actor),
            Actor::Person(_) => false,
        };
        let mut lanes: Vec<Actor> = Vec::new();
        for actor in channel.lanes.iter().copied().filter(|actor| !unseen(actor)).chain(named.iter().copied())
        {
            if !lanes.contains(&actor) {
                lanes.push(actor);
            }
        }
        lanes
    }
}
