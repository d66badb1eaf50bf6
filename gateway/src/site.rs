//! A system's place in a world: who it is, and what it may use.

use std::sync::Arc;

use certs::Certificate;
use certs::verdict::Check;
use signer::{Problem, Question, System, SystemIdentity, Validator};

use crate::world::World;

/// What every built-in system holds.
#[derive(Clone)]
pub struct Site {
    /// The world it lives in: clock, store, addresses, regulations.
    pub world: Arc<World>,
    /// Its own name, credentials and key.
    pub identity: SystemIdentity,
    /// Its own judgement of certificates.
    pub validator: Arc<Validator>,
}

impl Site {
    /// Which system this is.
    pub fn system(&self) -> System {
        self.identity.system
    }

    /// That a system's organisation certificate is good for signing envelopes now.
    pub async fn check_system_certificate(&self, certificate: &Certificate) -> Result<(), Problem> {
        let checks = [Check::PathToRoot, Check::ValidityPeriod, Check::NotRevoked, Check::KeyUsage];
        let question = Question { checks: &checks, declared: None, roles: &[] };
        let verdict = self.validator.validate(certificate, &question).await;
        Problem::of_verdict(&verdict).map_or(Ok(()), Err)
    }
}
