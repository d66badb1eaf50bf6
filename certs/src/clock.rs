//! A world's clock, the only place where machine time is read.
//!
//! The clock runs at the pace of the machine, at some distance from it, or stands still. It never goes backwards
//! within a life: setting it earlier is refused, and a machine whose time is turned back makes it wait.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The time of one world. Clones share it: what one sets, all see.
#[derive(Clone)]
pub struct Clock(Arc<Shared>);

struct Shared {
    time: Mutex<Time>,
    listeners: Mutex<Vec<Arc<dyn Fn() + Send + Sync>>>,
}

struct Time {
    state: ClockState,
    /// The latest time ever told.
    told: Timestamp,
}

/// What to persist of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// It runs, this far ahead of (or, negative, behind) the machine.
    Offset(SignedDuration),
    /// It stands still at this moment.
    FrozenAt(Timestamp),
}

/// Why a clock cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// Time does not go backwards within a world's life.
    #[error("the world's clock shows {now} and cannot go back to {asked}")]
    Backwards {
        /// What the clock shows.
        now: Timestamp,
        /// What was asked for.
        asked: Timestamp,
    },
    /// The moment lies beyond what a timestamp can hold.
    #[error("{by} after {now} is beyond the range of time")]
    OutOfRange {
        /// What the clock shows.
        now: Timestamp,
        /// How far it was to be advanced.
        by: SignedDuration,
    },
}

impl Clock {
    /// A running clock that shows the machine's time.
    pub fn system() -> Self {
        Self::from_state(ClockState::Offset(SignedDuration::ZERO))
    }

    /// A clock that stands still at `at`.
    pub fn frozen_at(at: Timestamp) -> Self {
        Self::from_state(ClockState::FrozenAt(at))
    }

    /// The state of one that shows a moment now, and goes on from there.
    pub fn running_from(now: Timestamp) -> ClockState {
        running_from(now)
    }

    /// A clock as it was persisted.
    pub fn from_state(state: ClockState) -> Self {
        let time = Time { state, told: Timestamp::MIN };
        Self(Arc::new(Shared { time: Mutex::new(time), listeners: Mutex::new(Vec::new()) }))
    }

    /// What to persist, for [`Clock::from_state`].
    pub fn state(&self) -> ClockState {
        self.time().state
    }

    /// The time in this world, with fractions of a second.
    pub fn now(&self) -> Timestamp {
        self.time().now()
    }

    /// Whether the clock stands still.
    pub fn is_frozen(&self) -> bool {
        matches!(self.state(), ClockState::FrozenAt(_))
    }

    /// Stops the clock at what it shows.
    pub fn freeze(&self) {
        self.change(|time| time.state = ClockState::FrozenAt(time.now()));
    }

    /// Lets the clock run on from what it shows.
    pub fn resume(&self) {
        self.change(|time| {
            let now = time.now();
            time.state = running_from(now);
        });
    }

    /// Sets the clock forward to `to`; it stands still or runs as before.
    pub fn set(&self, to: Timestamp) -> Result<(), ClockError> {
        self.change(|time| {
            let now = time.now();
            if to < now {
                return Err(ClockError::Backwards { now, asked: to });
            }
            time.show(to);
            Ok(())
        })
    }

    /// Sets the clock forward by `by` and returns what it shows then.
    pub fn advance(&self, by: SignedDuration) -> Result<Timestamp, ClockError> {
        self.change(|time| {
            let now = time.now();
            let asked = now.checked_add(by).map_err(|_| ClockError::OutOfRange { now, by })?;
            if asked < now {
                return Err(ClockError::Backwards { now, asked });
            }
            time.show(asked);
            Ok(asked)
        })
    }

    /// Takes on what another process has made of the clock of the same world. That one counts: this may go back by
    /// what the news took to arrive, so that both show the same.
    pub fn adopt(&self, state: ClockState) {
        if self.state() != state {
            self.change(|time| *time = Time { state, told: Timestamp::MIN });
        }
    }

    /// Pushes the clock forward to `floor` if it shows less: after a restart, to the latest moment on record.
    pub fn never_before(&self, floor: Timestamp) {
        self.change(|time| {
            if time.now() < floor {
                time.show(floor);
            }
        });
    }

    /// Calls `listener` after every freeze, resume, set, advance and push, so that whoever waits for a moment can look
    /// again. It is called outside the clock's lock and may ask for the time.
    pub fn on_change(&self, listener: impl Fn() + Send + Sync + 'static) {
        self.listeners().push(Arc::new(listener));
    }

    /// How long to wait in real time until the clock shows `until`; zero if it does already, `None` while frozen
    /// before it.
    pub fn real_wait_until(&self, until: Timestamp) -> Option<Duration> {
        let mut time = self.time();
        let now = time.now();
        match time.state {
            _ if until <= now => Some(Duration::ZERO),
            ClockState::FrozenAt(_) => None,
            ClockState::Offset(_) => Some(until.duration_since(now).unsigned_abs()),
        }
    }

    fn change<T>(&self, how: impl FnOnce(&mut Time) -> T) -> T {
        let outcome = how(&mut self.time());
        let listeners = self.listeners().clone();
        for listener in listeners {
            listener();
        }
        outcome
    }

    fn time(&self) -> MutexGuard<'_, Time> {
        self.0.time.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn listeners(&self) -> MutexGuard<'_, Vec<Arc<dyn Fn() + Send + Sync>>> {
        self.0.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Time {
    fn now(&mut self) -> Timestamp {
        let shown = match self.state {
            ClockState::FrozenAt(at) => at,
            ClockState::Offset(by) => machine_time().saturating_add(by).unwrap_or(self.told),
        };
        self.told = self.told.max(shown);
        self.told
    }

    fn show(&mut self, moment: Timestamp) {
        self.told = self.told.max(moment);
        self.state = match self.state {
            ClockState::FrozenAt(_) => ClockState::FrozenAt(moment),
            ClockState::Offset(_) => running_from(moment),
        };
    }
}

/// The second that a moment lies in: certificates, lists and signing times know no fractions.
pub fn whole_second(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment)
}

fn running_from(moment: Timestamp) -> ClockState {
    ClockState::Offset(moment.duration_since(machine_time()))
}

#[expect(clippy::disallowed_methods, reason = "the one place where a world's clock meets the machine's")]
fn machine_time() -> Timestamp {
    Timestamp::now()
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.state()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn moment(s: &str) -> Timestamp {
        s.parse().unwrap()
    }

    #[test]
    fn clones_share_time() {
        let clock = Clock::frozen_at(moment("2026-11-20T10:00:00Z"));
        let twin = clock.clone();
        clock.advance(SignedDuration::from_hours(2)).unwrap();
        assert_eq!(twin.now(), moment("2026-11-20T12:00:00Z"));
    }

    #[test]
    fn never_backwards() {
        let (now, asked) = (moment("2026-11-20T10:00:00Z"), moment("2026-11-20T09:59:59Z"));
        let clock = Clock::frozen_at(now);
        assert_eq!(clock.set(asked), Err(ClockError::Backwards { now, asked }));
        assert!(clock.advance(SignedDuration::from_secs(-1)).is_err());
        assert!(clock.advance(SignedDuration::MAX).is_err());
        assert_eq!(clock.now(), now);
    }

    #[test]
    fn a_frozen_clock_waits_for_ever_and_a_running_one_does_not() {
        let clock = Clock::frozen_at(moment("2026-11-20T10:00:00Z"));
        let later = moment("2026-11-20T10:01:00Z");
        assert_eq!(clock.real_wait_until(later), None);
        assert_eq!(clock.real_wait_until(clock.now()), Some(Duration::ZERO));
        clock.resume();
        assert!(clock.real_wait_until(later).unwrap() <= Duration::from_mins(1));
        clock.set(later).unwrap();
        assert!(clock.now() >= later && !clock.is_frozen());
    }

    #[test]
    fn listeners_hear_every_change() {
        let clock = Clock::frozen_at(moment("2026-11-20T10:00:00Z"));
        let heard = Arc::new(AtomicUsize::new(0));
        let (counter, asked) = (Arc::clone(&heard), clock.clone());
        clock.on_change(move || {
            asked.now();
            counter.fetch_add(1, Ordering::SeqCst);
        });
        clock.resume();
        clock.freeze();
        clock.advance(SignedDuration::from_secs(1)).unwrap();
        clock.set(clock.now()).unwrap();
        clock.never_before(moment("2027-01-01T00:00:00Z"));
        assert_eq!(heard.load(Ordering::SeqCst), 5);
    }

    #[test]
    fn what_one_process_turns_another_adopts() {
        let clock = Clock::frozen_at(moment("2026-11-20T10:00:00Z"));
        for theirs in ["2026-11-20T09:59:59Z", "2026-11-21T00:00:00Z"].map(moment) {
            clock.adopt(ClockState::FrozenAt(theirs));
            assert_eq!(clock.now(), theirs);
        }
    }

    #[test]
    fn a_persisted_clock_goes_on() {
        let clock = Clock::frozen_at(moment("2026-11-20T10:00:00Z"));
        let json = serde_json::to_string(&clock.state()).unwrap();
        assert_eq!(json, r#"{"frozen_at":"2026-11-20T10:00:00Z"}"#);
        let again = Clock::from_state(serde_json::from_str(&json).unwrap());
        again.never_before(moment("2026-11-21T00:00:00Z"));
        assert_eq!(again.now(), moment("2026-11-21T00:00:00Z"));
        again.resume();
        assert!(matches!(again.state(), ClockState::Offset(_)));
    }
}
