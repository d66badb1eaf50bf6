//! How long things may take: what a step's limit says, and the clocks that run over several steps.

use certs::{Lang, Text};

use super::model::{Clock, Diagram};
use super::words;
use crate::calendar::Limit;
use crate::regulation::{Channel, Step};

/// A time limit in words.
pub(super) fn limit(limit: Limit) -> Text {
    let (number, kk, ru) = match limit {
        Limit::Minutes(number) => (number, "мин", ["мин"; 3]),
        Limit::WorkingHours(number) => {
            (number, "жұмыс сағаты", ["рабочий час", "рабочих часа", "рабочих часов"])
        }
        Limit::WorkingDays(number) => (number, "жұмыс күні", ["рабочий день", "рабочих дня", "рабочих дней"]),
        Limit::CalendarDays(number) => {
            (number, "күнтізбелік күн", ["календарный день", "календарных дня", "календарных дней"])
        }
    };
    let form = match (number % 10, number % 100) {
        (_, 11..=14) => 2,
        (1, _) => 0,
        (2..=4, _) => 1,
        _ => 2,
    };
    Text::new(format!("{number} {kk}"), format!("{number} {}", ru[form]), limit.to_string())
}

/// What a step's box says of time: how long it may take, until which day it is open.
pub(super) fn of_step(step: &Step, lang: Lang) -> Option<String> {
    let within = step.said.within.map(|within| {
        let limit = limit(within);
        format!("{} {}", words::within(lang), limit.get(lang))
    });
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
            limit: limit(clock.limit).get(lang).to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_told_in_each_language() {
        let told = |text: &str, lang| limit(text.parse().unwrap()).get(lang).to_owned();
        assert_eq!(told("15 min", Lang::Ru), "15 мин");
        assert_eq!(told("1 working day", Lang::Ru), "1 рабочий день");
        assert_eq!(told("3 working hours", Lang::Ru), "3 рабочих часа");
        assert_eq!(told("13 working days", Lang::Ru), "13 рабочих дней");
        assert_eq!(told("13 working days", Lang::Kk), "13 жұмыс күні");
        assert_eq!(told("3 calendar days", Lang::En), "3 calendar days");
    }
}
