//! A system's place in a world: who it is, and what it may use.

use std::sync::Arc;

use certs::Certificate;
use certs::verdict::Check;
use signer::{Code, Problem, Question, System, SystemIdentity, Validator};

use crate::world::World;

/// What every built-in system holds.
#[derive(Clone)]
pub struct Site {
    /// The world it lives in: clock, store, addresses, regulations.
    pub world: Arc<World>,
    /// Which system this is.
    pub system: System,
    /// Its own judgement of certificates.
    pub validator: Arc<Validator>,
}

impl Site {
    /// Which system this is, by name.
    pub fn system(&self) -> System {
        self.system
    }

    /// Its own credentials and key, as they are now.
    pub fn identity(&self) -> Result<SystemIdentity, Problem> {
        self.world.identity(self.system)
    }

    /// That a system's organisation certificate is good for signing envelopes now.
    pub async fn check_system_certificate(&self, certificate: &Certificate) -> Result<(), Problem> {
        let checks = [Check::PathToRoot, Check::ValidityPeriod, Check::NotRevoked, Check::KeyUsage];
        let question = Question { checks: &checks, declared: None, roles: &[] };
        let verdict = self.validator.validate(certificate, &question).await;
        match Problem::of_verdict(&verdict) {
            None => Ok(()),
            Some(problem) if problem.status >= 500 => Err(problem),
            Some(problem) => {
                let why = problem.detail.clone().unwrap_or_default();
                let detail = format!("{}: {why}", problem.code);
                Err(Problem::new(Code::SenderCertificate).detail(detail).fact("verdict", &verdict))
            }
        }
    }
}
