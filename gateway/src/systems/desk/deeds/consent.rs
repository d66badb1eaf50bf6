//! Consent to use data protected by law.

use serde::Deserialize;
use signer::Problem;

use super::invalid;
use crate::exchange::{Consent, ConsentState};
use crate::regulation::Verb;
use crate::systems::desk::Desk;
use crate::systems::desk::own::Own;
use crate::walk::{Deed, Turn};

/// The longest ground for doing without consent, in characters.
const LONGEST_GROUND: usize = 500;

/// What was said about consent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::systems::desk) struct TakeConsent {
    consent: ConsentState,
    /// The law that does without it; only, and always, when it is not required.
    ground: Option<String>,
}

impl Deed<Desk> for TakeConsent {
    const NAME: &'static str = "consent";
    type Output = ();

    async fn act(&self, _: &Desk, turn: &mut Turn<'_, Own>) -> Result<(), Problem> {
        turn.accept(&[Verb::Consent])?;
        let ground = self.ground.as_deref().map(str::trim).filter(|ground| !ground.is_empty());
        let needed = self.consent == ConsentState::NotRequired;
        if needed != ground.is_some() {
            return Err(invalid("ground", "the law is named when consent is not required, and only then"));
        }
        if ground.is_some_and(|g| g.chars().count() > LONGEST_GROUND || g.chars().any(char::is_control)) {
            return Err(invalid(
                "ground",
                format!("1 to {LONGEST_GROUND} characters, no control characters"),
            ));
        }
        let ground = ground.map(str::to_owned);
        turn.case.own.consent = Some(Consent { state: self.consent, ground, taken_at: turn.now });
        Ok(())
    }
}
