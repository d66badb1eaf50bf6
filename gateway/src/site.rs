//! A system's place in a world: who it is, and what it may use.

use std::sync::Arc;

use certs::verdict::Check;
use certs::{Certificate, Identifier};
use signer::{Code, Problem, Question, System, SystemIdentity, Validator, Verified};

use crate::regulation::{Channel, Person, Regulation, Regulations};
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

    /// A regulation.
    ///
    /// # Errors
    /// [`Code::UnknownService`], naming what is known.
    fn regulation(&self, id: &str) -> Result<&Arc<Regulation>, Problem> {
        let regulations = self.regulations();
        let known = || regulations.iter().map(|known| known.id.as_str()).collect::<Vec<_>>();
        regulations.regulation(id).ok_or_else(|| {
            Problem::new(Code::UnknownService)
                .detail(format!("no regulation {id:?} is loaded"))
                .fact("known", known())
        })
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
        let found = self.regulation(regulation)?;
        let channel = found.channel(channel).ok_or_else(|| {
            let channels: Vec<&str> = found.channels.iter().map(|known| known.name.as_str()).collect();
            Problem::new(Code::UnknownService)
                .detail(format!("`{regulation}` has no channel {channel:?}"))
                .fact("known", channels)
        })?;
        Ok((found.clone(), channel.clone()))
    }

    /// The channel of a regulation that cases are opened in here: the one named, or the first that begins here.
    ///
    /// # Errors
    /// [`Code::UnknownService`] when there is none, or when the one named begins elsewhere.
    pub fn opens(
        &self,
        regulation: &str,
        channel: Option<&str>,
    ) -> Result<(Arc<Regulation>, Arc<Channel>), Problem> {
        let begins_here =
            |channel: &Channel| channel.steps.first().is_some_and(|step| step.system == self.system);
        let first = || {
            let regulation = self.regulations().regulation(regulation)?;
            // The one that is called after the system, if there is one: an office may file at the portal too.
            let named = regulation.channel(self.system.name()).filter(|channel| begins_here(channel));
            let first = || regulation.channels.iter().find(|channel| begins_here(channel));
            named.or_else(first).map(|channel| channel.name.clone())
        };
        let Some(name) = channel.map(str::to_owned).or_else(first) else {
            // Whether there is such a regulation is said first.
            self.regulation(regulation)?;
            let detail = format!("no channel of `{regulation}` begins at the {}", self.system);
            return Err(Problem::new(Code::UnknownService).detail(detail));
        };
        let (regulation, channel) = self.channel(regulation, &name)?;
        if begins_here(&channel) {
            return Ok((regulation, channel));
        }
        let detail = format!("the channel `{}` does not begin at the {}", channel.name, self.system);
        Err(Problem::new(Code::UnknownService).detail(detail))
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

    /// That the sole signature of a verified document is good, by a certificate of every declared identifier and of
    /// the role that the regulation's person signs in.
    pub async fn check_signer(
        &self,
        verified: &Verified,
        person: Option<Person>,
        declared: &[Identifier],
    ) -> Result<(), Problem> {
        let signer = verified.sole_signer()?;
        let role = person.and_then(Person::certificate_role);
        let mut checks = vec![Check::PathToRoot, Check::ValidityPeriod, Check::NotRevoked];
        checks.extend([Check::KeyUsage, Check::IdentityMatches]);
        checks.extend(role.map(|_| Check::Role));
        for identifier in declared {
            let question = Question { checks: &checks, declared: Some(*identifier), roles: role.as_slice() };
            let verdict = self.validator.validate(&signer.certificate, &question).await;
            Problem::of_verdict(&verdict).map_or(Ok(()), Err)?;
            // The rest was seen to with the first one.
            checks = vec![Check::IdentityMatches];
        }
        Ok(())
    }
}
