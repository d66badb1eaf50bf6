//! The organisations and keys of a world's systems.

use std::sync::{Arc, PoisonError};

use certs::{Bin, Certificate, KeyPair, Order, Organisation, Profile, Subject, SystemName};
use jiff::SignedDuration;
use registries::store::Expect;
use serde::{Deserialize, Serialize};
use signer::{Bytes, Problem, System, SystemIdentity};
use uuid::Uuid;

use super::World;
use crate::exchange::{SYSTEM, SystemRecord, sha256_hex};

/// The record kind of a system's own secrets; keys are the systems' names.
const IDENTITY: &str = "identity";

/// Which organisation runs which system. The names are ours (certificates put TEST behind them), the numbers follow
/// from the world's seed.
pub const ORGANISATIONS: &[(System, &str)] = &[
    (System::Portal, "Портал операторы"),
    (System::Gateway, "Шлюз операторы"),
    (System::RegionalWorkstation, "Өңірлік шлюз операторы"),
    (System::Provider, "Жергілікті атқарушы орган"),
];

/// What a system alone knows.
#[derive(Serialize, Deserialize)]
struct Kept {
    password: String,
    pkcs8: Bytes,
    certificate: String,
}

/// A certificate is renewed when it ends within this time.
const RENEWED_BEFORE: SignedDuration = SignedDuration::from_hours(30 * 24);

impl World {
    /// Gives every system that exchanges messages a key, a certificate, a password and a record; renews
    /// certificates that end soon. To be called again whenever the clock was turned.
    pub(super) async fn prepare_identities(&self) -> Result<(), Problem> {
        for (number, (system, organisation)) in (1..).zip(ORGANISATIONS) {
            let kept = self.store.get_as::<Kept>(IDENTITY, system.name()).await?;
            let identity = match kept {
                None => self.create_identity(*system, organisation, number).await?,
                Some(kept) => {
                    let identity = identity(*system, &kept.value)?;
                    let ends = identity.certificate.not_after();
                    if ends.duration_since(self.clock.now()) > RENEWED_BEFORE {
                        identity
                    } else {
                        match self.renew(identity.clone(), organisation, number).await {
                            Ok(renewed) => renewed,
                            Err(problem) => {
                                // At the end of time, say. The others will refuse the system, and say why.
                                tracing::warn!(%system, %problem, "the certificate is not renewed");
                                identity
                            }
                        }
                    }
                }
            };
            let mut known = self.identities.write().unwrap_or_else(PoisonError::into_inner);
            known.insert(*system, identity);
        }
        Ok(())
    }

    fn order(&self, system: System, organisation: &str, number: u64) -> Order {
        let bin = Bin::generated(self.settings.plan.seed.wrapping_mul(16).wrapping_add(number));
        let subject = Subject::System(SystemName {
            common_name: format!("QAQPA {}", system.name().to_uppercase()),
            oid: format!("1.2.398.3.999.{number}"),
            organisation: Organisation { name: organisation.to_owned(), bin },
        });
        Order::new(subject, Profile::InformationSystem, self.settings.plan.algorithm)
    }

    async fn create_identity(
        &self,
        system: System,
        organisation: &str,
        number: u64,
    ) -> Result<SystemIdentity, Problem> {
        let issued = self.centre.order(self.order(system, organisation, number)).await?;
        let key = issued.key.ok_or_else(|| Problem::technical("the centre made no key"))?;
        let identity = SystemIdentity {
            system,
            sender_id: system.name().to_owned(),
            password: Uuid::new_v4().simple().to_string(),
            key: Arc::new(key),
            certificate: issued.certificate,
        };
        self.keep_identity(&identity, organisation, Expect::Absent).await?;
        Ok(identity)
    }

    /// A new certificate for the same key, so that messages that wait to be sent stay good.
    async fn renew(
        &self,
        identity: SystemIdentity,
        organisation: &str,
        number: u64,
    ) -> Result<SystemIdentity, Problem> {
        let order = Order {
            public_key: Some(identity.key.public_key().clone()),
            ..self.order(identity.system, organisation, number)
        };
        let certificate = self.centre.order(order).await?.certificate;
        let identity = SystemIdentity { certificate, ..identity };
        self.keep_identity(&identity, organisation, Expect::Anything).await?;
        Ok(identity)
    }

    async fn keep_identity(
        &self,
        identity: &SystemIdentity,
        organisation: &str,
        expect: Expect,
    ) -> Result<(), Problem> {
        let certificate = identity.certificate.pem();
        let record = SystemRecord {
            system: identity.system,
            sender_id: identity.sender_id.clone(),
            password_sha256: sha256_hex(identity.password.as_bytes()),
            organisation: organisation.to_owned(),
            bin: identity.certificate.bin_text().unwrap_or_default().to_owned(),
            certificate: certificate.clone(),
        };
        let pkcs8 = identity.key.to_pkcs8_der().to_vec().into();
        let kept = Kept { password: identity.password.clone(), pkcs8, certificate };
        let name = identity.system.name();
        let batch =
            self.store.batch().put(IDENTITY, name, &kept, expect)?.put(SYSTEM, name, &record, expect)?;
        self.store.commit(batch).await?;
        Ok(())
    }

    /// What a system signs its envelopes with.
    ///
    /// # Errors
    /// For systems that exchange no messages.
    pub fn identity(&self, system: System) -> Result<SystemIdentity, Problem> {
        let known = self.identities.read().unwrap_or_else(PoisonError::into_inner);
        known
            .get(&system)
            .cloned()
            .ok_or_else(|| Problem::technical(format!("`{system}` has no key in this world")))
    }
}

fn identity(system: System, kept: &Kept) -> Result<SystemIdentity, Problem> {
    Ok(SystemIdentity {
        system,
        sender_id: system.name().to_owned(),
        password: kept.password.clone(),
        key: Arc::new(KeyPair::from_pkcs8_der(&kept.pkcs8.0).map_err(Problem::technical)?),
        certificate: Certificate::from_pem(&kept.certificate).map_err(Problem::technical)?,
    })
}
