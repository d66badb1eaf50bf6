//! How long things may take: what a step's limit says, and the clocks that run over several steps.

use certs::Lang;

use super::model::{Clock, Diagram};
use super::words;
use crate::regulation::{Channel, Step};

/// What a step's box says of time: how long it may take, until which day it is open.
pub(super) fn of_step(step: &Step, lang: Lang) -> Option<String> {
    let within =
        step.said.within.map(|within| format!("{} {}", words::within(lang), within.text().get(lang)));
    let until = step.said.not_after.as_ref().map(|not_after| {
        let day = &not_after.day;
        format!("{} {:02}.{:02}", words::not_after(lang), day.day, day.month)
    });
    let said: Vec<String> = within.into_iter().chain(until).collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// The clocks of a channel.
pub(super) fn clocks(channel: &Channel, lang: Lang) -> Vec<Clock> {
    let index = |at: &str| channel.steps.iter().position(|step| step.at() == at);
    let clock = |clock: &crate::regulation::file::Clock| {
        let (from, to) = (index(&clock.from)?, index(&clock.to)?);
        Some(Clock {
            from,
            to,
            limit: clock.limit.text().get(lang).to_owned(),
            paragraph: clock.at.trim_end_matches(|c: char| c.is_ascii_lowercase()).to_owned(),
            what: clock.title.get(lang).to_owned(),
            inferred: clock.inferred,
        })
    };
    channel.clocks.iter().filter_map(clock).collect()
}

impl Clock {
    /// `15 min · §9: duration of the service`
    pub(super) fn said(&self) -> String {
        format!("{} · §{}: {}", self.limit, self.paragraph, self.what)
    }

    /// The first and the last row that it runs over.
    pub(super) fn rows(&self) -> (usize, usize) {
        (self.from.min(self.to), self.from.max(self.to))
    }
}

impl Diagram {
    /// The track of each clock: clocks that run at the same time have one each, the shortest nearest to the lanes.
    pub(super) fn clock_tracks(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.clocks.len()).collect();
        order.sort_by_key(|clock| {
            let (first, last) = self.clocks[*clock].rows();
            (last - first, *clock)
        });
        let mut tracks = vec![0; self.clocks.len()];
        let mut set: Vec<usize> = Vec::new();
        for clock in order {
            let (first, last) = self.clocks[clock].rows();
            let meets = |other: &usize| {
                let (a, b) = self.clocks[*other].rows();
                first <= b && last >= a
            };
            let free = |track: &usize| !set.iter().any(|other| tracks[*other] == *track && meets(other));
            tracks[clock] = (0..self.clocks.len()).find(free).unwrap_or(0);
            set.push(clock);
        }
        tracks
    }
}
