//! Time limits that do not add up.

use std::fmt;

use signer::System;

use super::{after, next, note, place};
use crate::calendar::Limit;
use crate::regulation::diagnostic::Diagnostic;
use crate::regulation::file::Clock;
use crate::regulation::model::{Channel, Regulation, Step};

pub(super) fn notes(regulation: &Regulation) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for channel in &regulation.channels {
        found.extend(channel.clocks.iter().filter_map(|clock| too_much(channel, clock)));
        found.extend(no_total(regulation, channel));
    }
    found
}

/// Limits put together: days are not turned into hours, as acts do not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Sum {
    days: u32,
    minutes: u32,
}

impl Sum {
    fn of(limit: Limit) -> Self {
        match limit {
            Limit::Minutes(minutes) => Self { days: 0, minutes },
            Limit::WorkingHours(hours) => Self { days: 0, minutes: hours * 60 },
            Limit::WorkingDays(days) | Limit::CalendarDays(days) => Self { days, minutes: 0 },
        }
    }

    fn and(self, other: Self) -> Self {
        Self { days: self.days + other.days, minutes: self.minutes + other.minutes }
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.days, self.minutes) {
            (0, minutes) => write!(f, "{minutes} min"),
            (days, 0) => write!(f, "{days} days"),
            (days, minutes) => write!(f, "{days} days and {minutes} min"),
        }
    }
}

/// The most that the limits of steps come to on a way that begins with `step`: the sum, and how many they are. The
/// way ends at `to`, and is that of one system where one is named.
fn most(
    channel: &Channel,
    step: &Step,
    to: Option<&str>,
    system: Option<System>,
    gone: &mut Vec<String>,
) -> (Sum, usize) {
    let counts = system.is_none_or(|system| step.system == system);
    let own = step.said.within.filter(|_| counts).map(Sum::of);
    let mut best = (Sum::default(), 0);
    if to != Some(step.at()) {
        gone.push(step.at().to_owned());
        for following in next(channel, step) {
            if !gone.iter().any(|at| at == following.at()) {
                best = best.max(most(channel, following, to, system, gone));
            }
        }
        gone.pop();
    }
    (best.0.and(own.unwrap_or_default()), best.1 + usize::from(own.is_some()))
}

/// A clock that is shorter than the steps it runs over.
fn too_much(channel: &Channel, clock: &Clock) -> Option<Diagnostic> {
    let from = channel.step(&clock.from)?;
    let (sum, limited) = most(channel, from, Some(&clock.to), None, &mut Vec::new());
    (limited > 0 && sum > Sum::of(clock.limit)).then(|| {
        let message = format!("the limits of the steps come to {sum}, the whole to {}", clock.limit);
        let hint = "the shorter steps are read as lying within the first and the last day";
        note("sum-exceeds-total", place(channel, &clock.at), message, hint)
    })
}

/// Steps with limits of one system, and no limit for all of them.
fn no_total(regulation: &Regulation, channel: &Channel) -> Option<Diagnostic> {
    let limited: Vec<&Step> = channel.steps.iter().filter(|step| step.said.within.is_some()).collect();
    let first = limited.first()?;
    let (sum, steps) = most(channel, first, None, Some(first.system), &mut Vec::new());
    if steps < 2 || limited.iter().any(|step| has_clock(regulation, step.at())) {
        return None;
    }
    let message = format!("{steps} steps have limits and the whole has none; they come to {sum}");
    Some(note("no-total", place(channel, &channel.paragraph), message, "the sum is computed, not the act's"))
}

/// Whether a clock of any channel runs over a step with this paragraph.
fn has_clock(regulation: &Regulation, at: &str) -> bool {
    regulation.channels.iter().any(|channel| {
        channel.clocks.iter().any(|clock| {
            let (Some(from), Some(to)) = (channel.step(&clock.from), channel.step(&clock.to)) else {
                return false;
            };
            let over = |step: &Step| after(channel, step).iter().any(|after| after.at() == to.at());
            let ends = clock.from == at || clock.to == at;
            let between = || after(channel, from).iter().any(|step| step.at() == at && over(step));
            ends || between()
        })
    })
}
