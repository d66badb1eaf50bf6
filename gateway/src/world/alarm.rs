//! Waiting on a world's clock.

use certs::Clock;
use jiff::Timestamp;
use tokio::sync::watch;

/// Lets tasks sleep on a clock that can be frozen, set forward and resumed.
pub(super) struct Alarm {
    clock: Clock,
    changed: watch::Receiver<u64>,
}

impl Alarm {
    pub(super) fn new(clock: Clock) -> Self {
        let (sender, changed) = watch::channel(0_u64);
        clock.on_change(move || sender.send_modify(|count| *count = count.wrapping_add(1)));
        Self { clock, changed }
    }

    /// Returns once the clock shows the moment or a later one; never without a moment.
    pub(super) async fn sleep_until(&self, moment: Option<Timestamp>) {
        let Some(moment) = moment else { return std::future::pending().await };
        let mut changed = self.changed.clone();
        loop {
            changed.borrow_and_update();
            if self.clock.now() >= moment {
                return;
            }
            let real = self.clock.real_wait_until(moment);
            let passes = async {
                match real {
                    Some(wait) => tokio::time::sleep(wait).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = passes => {}
                result = changed.changed() => if result.is_err() { return std::future::pending().await },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::SignedDuration;

    use super::*;

    #[tokio::test]
    async fn a_frozen_clock_wakes_sleepers_when_it_is_advanced() {
        let clock = Clock::frozen_at("2026-11-20T00:00:00Z".parse().unwrap());
        let alarm = Arc::new(Alarm::new(clock.clone()));
        let day = clock.now() + SignedDuration::from_hours(24);
        let sleeper = tokio::spawn({
            let alarm = alarm.clone();
            async move { alarm.sleep_until(Some(day)).await }
        });
        clock.advance(SignedDuration::from_hours(23)).unwrap();
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        clock.advance(SignedDuration::from_hours(1)).unwrap();
        sleeper.await.unwrap();
    }
}
