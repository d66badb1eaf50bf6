//! Keys and certificates of systems that are not what they should be, for faults; and changing over to new ones.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use certs::{Algorithm, Flaw, KeyPair, Order};
use registries::store::Expect;
use signer::{Problem, System, SystemIdentity};

use super::World;
use super::directory::organisation;
use crate::exchange::{SystemRecord, kept};

impl World {
    /// The same key with a flawed certificate.
    ///
    /// # Errors
    /// When the centre does not certify it.
    pub(crate) async fn identity_with(
        &self,
        identity: SystemIdentity,
        flaw: Flaw,
    ) -> Result<SystemIdentity, Problem> {
        let order = self.order_of(identity.system)?.flawed(flaw);
        let order = Order { public_key: Some(identity.key.public_key().clone()), ..order };
        self.spoiled(identity.clone(), flaw.name(), async move {
            Ok(SystemIdentity { certificate: self.certified(order, Duration::ZERO).await?, ..identity })
        })
        .await
    }

    /// A good certificate of another key, of RSA where the system's own is not.
    ///
    /// # Errors
    /// When the centre does not certify it.
    pub(crate) async fn identity_of_another_algorithm(
        &self,
        identity: SystemIdentity,
    ) -> Result<SystemIdentity, Problem> {
        let algorithm = match self.settings.plan.algorithm {
            Algorithm::Rsa => Algorithm::P256,
            _ => Algorithm::Rsa,
        };
        let order = Order { algorithm, ..self.order_of(identity.system)? };
        self.spoiled(identity.clone(), algorithm.name(), async move {
            let key = new_key(algorithm).await?;
            let order = Order { public_key: Some(key.public_key().clone()), ..order };
            let certificate = self.certified(order, Duration::ZERO).await?;
            Ok(SystemIdentity { key: Arc::new(key), certificate, ..identity })
        })
        .await
    }

    /// Made once for each of the system's certificates.
    async fn spoiled(
        &self,
        identity: SystemIdentity,
        how: &'static str,
        making: impl Future<Output = Result<SystemIdentity, Problem>>,
    ) -> Result<SystemIdentity, Problem> {
        let key = (identity.certificate.serial_hex(), how);
        let mut known = self.spoiled.lock().await;
        if let Some(known) = known.get(&key) {
            return Ok(known.clone());
        }
        let made = making.await?;
        known.insert(key, made.clone());
        Ok(made)
    }

    /// Gives a system of this process a new key and certificate. The former one stays in its record, and is taken as
    /// long as it is good: messages that wait were signed with it.
    ///
    /// # Errors
    /// When the centre does not certify it, or the store fails.
    pub(crate) async fn roll_over(&self, system: System) -> Result<(), Problem> {
        let _one_at_a_time = self.spoiled.lock().await;
        let before = self.identity(system)?;
        let key = new_key(self.settings.plan.algorithm).await?;
        let order = Order { public_key: Some(key.public_key().clone()), ..self.order_of(system)? };
        let certificate = self.certified(order, Duration::ZERO).await?;
        let former = Some(before.certificate.pem());
        let identity = SystemIdentity { key: Arc::new(key), certificate, ..before };
        let identity = self.keep_identity(identity, Expect::Anything).await?;
        {
            let mut known = self.identities.write().unwrap_or_else(PoisonError::into_inner);
            known.insert(system, identity);
        }
        if kept(self, system).await?.is_some() && !self.stands_elsewhere(system) {
            self.keep_record(&SystemRecord { former, ..self.own_record(system)? }).await?;
        }
        Ok(())
    }

    fn order_of(&self, system: System) -> Result<Order, Problem> {
        let (name, number) = organisation(system)
            .ok_or_else(|| Problem::technical(format!("`{system}` has no key in this world")))?;
        Ok(self.order(system, name, number))
    }
}

async fn new_key(algorithm: Algorithm) -> Result<KeyPair, Problem> {
    let key = tokio::task::spawn_blocking(move || KeyPair::generate(algorithm)).await;
    key.map_err(Problem::technical)?.map_err(Problem::technical)
}
