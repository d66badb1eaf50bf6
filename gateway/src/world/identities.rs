//! The organisations and keys of a world's systems.

use std::sync::Arc;

use certs::{Bin, Certificate, KeyPair, Order, Organisation, Profile, Subject, SystemName};
use registries::store::Expect;
use serde::{Deserialize, Serialize};
use signer::{Bytes, Problem, System, SystemIdentity};

use super::World;
use crate::exchange::{SystemRecord, sha256_hex};

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

impl World {
    /// Gives every system that exchanges messages a key, a certificate, a password and a record.
    pub(super) async fn prepare_identities(&self) -> Result<(), Problem> {
        for (number, (system, organisation)) in (1..).zip(ORGANISATIONS) {
            if self.store.get(IDENTITY, system.name()).await?.is_none() {
                self.create_identity(*system, organisation, number).await?;
            }
        }
        Ok(())
    }

    async fn create_identity(&self, system: System, organisation: &str, number: u64) -> Result<(), Problem> {
        let bin = Bin::generated(self.settings.plan.seed.wrapping_mul(16).wrapping_add(number));
        let subject = Subject::System(SystemName {
            common_name: format!("QAQPA {}", system.name().to_uppercase()),
            oid: format!("1.2.398.3.999.{number}"),
            organisation: Organisation { name: organisation.to_owned(), bin },
        });
        let order = Order::new(subject, Profile::InformationSystem, self.settings.plan.algorithm);
        let issued = self.centre.order(order).await?;
        let key = issued.key.ok_or_else(|| Problem::technical("the centre made no key"))?;
        let password = sha256_hex(&key.to_pkcs8_der())[..32].to_owned();
        let certificate = issued.certificate.pem();
        let record = SystemRecord {
            system,
            sender_id: system.name().to_owned(),
            password_sha256: sha256_hex(password.as_bytes()),
            organisation: organisation.to_owned(),
            bin: bin.to_string(),
            certificate: certificate.clone(),
        };
        let kept = Kept { password, pkcs8: key.to_pkcs8_der().to_vec().into(), certificate };
        let batch = self.store.batch().put(IDENTITY, system.name(), &kept, Expect::Absent)?.put(
            crate::exchange::SYSTEM,
            system.name(),
            &record,
            Expect::Absent,
        )?;
        self.store.commit(batch).await?;
        Ok(())
    }

    /// What a system signs its envelopes with.
    pub async fn identity(&self, system: System) -> Result<SystemIdentity, Problem> {
        let kept = self.store.get_as::<Kept>(IDENTITY, system.name()).await?;
        let kept =
            kept.ok_or_else(|| Problem::technical(format!("`{system}` has no key in this world")))?.value;
        Ok(SystemIdentity {
            system,
            sender_id: system.name().to_owned(),
            password: kept.password,
            key: Arc::new(KeyPair::from_pkcs8_der(&kept.pkcs8.0).map_err(Problem::technical)?),
            certificate: Certificate::from_pem(&kept.certificate).map_err(Problem::technical)?,
        })
    }
}
