//! The power of attorney in a representative's hand. The personas' terms are as of the day when they were made, and the
//! clock goes on: whose power has run out is given a new one, as at a notary's.

use certs::Clock;
use jiff::ToSpan as _;
use registries::notary::{PowerOfAttorney, PowerState};
use registries::people::{Imported, today};
use signer::{Code, Problem};
use uuid::Uuid;

use crate::play::Play;

/// How often a new one is tried, while others are entered at the same moment.
const ATTEMPTS: usize = 16;

/// The power itself, or one in the notary registry that says the same for a longer term.
pub(super) async fn in_force(play: &Play, power: PowerOfAttorney) -> Result<PowerOfAttorney, Problem> {
    let today = today(&Clock::frozen_at(play.now().await?));
    if power.state_on(today) != PowerState::Expired {
        return Ok(power);
    }
    let (principal, representative) = (power.principal, power.representative);
    let known = format!("/notary/powers?principal={principal}&representative={representative}");
    let number = format!("TEST-{}", Uuid::new_v4().simple());
    let renewed =
        PowerOfAttorney { number, date: today, until: today.saturating_add(1.year()), ..power.clone() };
    let mut last = Problem::new(Code::Busy);
    for _ in 0..ATTEMPTS {
        let known: Vec<PowerOfAttorney> = match play.client.get(&known, None).await {
            // Another's registry has powers of its own, and no such address.
            Err(problem) if matches!(problem.code, Code::SystemSwapped | Code::NotFound) => return Ok(power),
            known => known?,
        };
        if let Some(known) = known.into_iter().find(|known| known.state_on(today) == PowerState::Valid) {
            return Ok(known);
        }
        match play.client.post::<Imported>("/notary/import", None, &[&renewed]).await {
            Err(problem) if problem.code == Code::Busy => last = problem,
            entered => return entered.map(|_| renewed),
        }
    }
    Err(last)
}
