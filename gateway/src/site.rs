//! A system's place in a world: who it is, and what it may use.

use std::sync::Arc;

use certs::Certificate;
use certs::verdict::Check;
use signer::{Code, Problem, Question, System, SystemIdentity, Validator};

use crate::regulation::{Channel, Regulation, Regulations};
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

    /// The regulations it follows.
    pub fn regulations(&self) -> &Regulations {
        let plan = &self.world.settings.plan;
        plan.deviating.get(&self.system).unwrap_or(&plan.regulations)
    }

    /// A regulation and one of its channels.
    ///
    /// # Errors
    /// [`Code::UnknownService`], naming what is known.
    pub fn channel(
        &self,
        regulation: &str,
        channel: &str,
    ) -> Result<(Arc<Regulation>, Arc<Channel>), Problem> {
        let regulations = self.regulations();
        let known = || regulations.iter().map(|known| known.id.as_str()).collect::<Vec<_>>();
        let found = regulations.regulation(regulation).ok_or_else(|| {
            Problem::new(Code::UnknownService)
                .detail(format!("no regulation {regulation:?} is loaded"))
                .fact("known", known())
        })?;
        let channel = found.channel(channel).ok_or_else(|| {
            let channels: Vec<&str> = found.channels.iter().map(|known| known.name.as_str()).collect();
            Problem::new(Code::UnknownService)
                .detail(format!("`{regulation}` has no channel {channel:?}"))
                .fact("known", channels)
        })?;
        Ok((found.clone(), channel.clone()))
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
