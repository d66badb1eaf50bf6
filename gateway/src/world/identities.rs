//! The organisations and keys of a world's systems.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use certs::{Bin, Certificate, KeyPair, Order, Organisation, Profile, Subject, SystemName};
use jiff::SignedDuration;
use registries::store::Expect;
use serde::{Deserialize, Serialize};
use signer::{Bytes, Problem, System, SystemIdentity};
use uuid::Uuid;

use super::World;
use super::directory::organisation;
use crate::exchange::kept as kept_record;
use crate::exchange::{Origin, SystemRecord, every_service, sha256_hex};

/// The record kind of a system's own secrets; keys are the systems' names.
const IDENTITY: &str = "identity";

/// Which organisation runs which system. The names are ours (certificates put TEST behind them), the numbers follow
/// from the world's seed.
pub const ORGANISATIONS: &[(System, &str)] = &[
    (System::Portal, "Портал операторы"),
    (System::Gateway, "Шлюз операторы"),
    (System::RegionalWorkstation, "Өңірлік шлюз операторы"),
    (System::Provider, "Жергілікті атқарушы орган"),
    (System::Workstation, "Мемлекеттік корпорация"),
    (System::People, "Жеке тұлғалар дерекқорының операторы"),
    (System::Notary, "Нотариат жүйесінің операторы"),
    (System::RegionalGateway, "Өңірлік шлюздің өзінің операторы"),
    (System::Registers, "Мемлекеттік тіркелімдер операторы"),
    (System::Queue, "Кезек жүйесінің операторы"),
    (System::QueueRegistry, "Электрондық тізілім операторы"),
    (System::School, "Білім беру ұйымы"),
    (System::QualityControl, "Қызмет сапасын бақылау органы"),
    (System::ContactCentre, "Бірыңғай байланыс орталығы"),
];

/// What a system alone knows.
#[derive(Serialize, Deserialize)]
struct Kept {
    password: String,
    pkcs8: Bytes,
    certificate: String,
}

/// A certificate is renewed when it ends within this time.
pub(super) const RENEWED_BEFORE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The name in the certificate of a system.
pub(super) fn common_name(system: System) -> String {
    format!("QAQPA {}", system.name().to_uppercase())
}

/// The OID in the certificate of the system of an organisation.
pub(super) fn system_oid(number: u64) -> String {
    format!("1.2.398.3.999.{number}")
}

impl World {
    /// The BIN of the organisation of that number: processes with the same seed agree on it.
    pub(super) fn bin(&self, number: u64) -> Bin {
        Bin::generated(self.settings.plan.seed.wrapping_mul(16).wrapping_add(number))
    }

    /// Gives every system of this process that exchanges messages a key, a certificate, a password and a record;
    /// renews certificates that end soon. To be called again whenever the clock was turned.
    ///
    /// # Errors
    /// When a system has no key yet and gets none: within `patience` of the centre of another process.
    pub(super) async fn prepare_identities(&self, patience: Duration) -> Result<(), Problem> {
        let served = |(_, (system, _)): &(u64, &(System, &str))| self.settings.plan.serves(*system);
        for (number, (system, organisation)) in (1..).zip(ORGANISATIONS).filter(served) {
            let order = self.order(*system, organisation, number);
            let identity = match self.kept_identity(*system).await? {
                None => self.create_identity(*system, order, patience).await?,
                Some((identity, version)) => {
                    let ends = identity.certificate.not_after();
                    if ends.duration_since(self.clock.now()) > RENEWED_BEFORE {
                        identity
                    } else {
                        match self.renew(identity.clone(), version, order).await {
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
            {
                let mut known = self.identities.write().unwrap_or_else(PoisonError::into_inner);
                known.insert(*system, identity);
            }
            if !self.stands_elsewhere(*system) {
                let kept = kept_record(self, *system).await?;
                let former = kept.as_ref().and_then(|kept| kept.former.clone());
                let record = SystemRecord { former, ..self.own_record(*system)? };
                if kept.as_ref() != Some(&record) {
                    self.keep_record(&record).await?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn order(&self, system: System, organisation: &str, number: u64) -> Order {
        let subject = Subject::System(SystemName {
            common_name: common_name(system),
            oid: system_oid(number),
            organisation: Organisation { name: organisation.to_owned(), bin: self.bin(number) },
        });
        Order::new(subject, Profile::InformationSystem, self.settings.plan.algorithm)
    }

    async fn create_identity(
        &self,
        system: System,
        order: Order,
        patience: Duration,
    ) -> Result<SystemIdentity, Problem> {
        let algorithm = self.settings.plan.algorithm;
        let key = tokio::task::spawn_blocking(move || KeyPair::generate(algorithm)).await;
        let key = key.map_err(Problem::technical)?.map_err(Problem::technical)?;
        let order = Order { public_key: Some(key.public_key().clone()), ..order };
        let identity = SystemIdentity {
            system,
            sender_id: system.name().to_owned(),
            password: Uuid::new_v4().simple().to_string(),
            key: Arc::new(key),
            certificate: self.certified(order, patience).await?,
        };
        self.keep_identity(identity, Expect::Absent).await
    }

    /// A new certificate for the same key, so that messages that wait to be sent stay good.
    async fn renew(
        &self,
        identity: SystemIdentity,
        version: u64,
        order: Order,
    ) -> Result<SystemIdentity, Problem> {
        let order = Order { public_key: Some(identity.key.public_key().clone()), ..order };
        let certificate = self.certified(order, Duration::ZERO).await?;
        let identity = SystemIdentity { certificate, ..identity };
        self.keep_identity(identity, Expect::Version(version)).await
    }

    async fn kept_identity(&self, system: System) -> Result<Option<(SystemIdentity, u64)>, Problem> {
        let kept = self.store.get_as::<Kept>(IDENTITY, system.name()).await?;
        kept.map(|kept| Ok((identity(system, &kept.value)?, kept.version))).transpose()
    }

    /// Keeps an identity. Where another process was first, its counts, and comes back.
    pub(super) async fn keep_identity(
        &self,
        identity: SystemIdentity,
        expect: Expect,
    ) -> Result<SystemIdentity, Problem> {
        let kept = Kept {
            password: identity.password.clone(),
            pkcs8: identity.key.to_pkcs8_der().to_vec().into(),
            certificate: identity.certificate.pem(),
        };
        let batch = self.store.batch().put(IDENTITY, identity.system.name(), &kept, expect)?;
        match self.store.commit(batch).await {
            Err(error) if error.is_conflict() => {
                let theirs = self.kept_identity(identity.system).await?;
                theirs.map(|(theirs, _)| theirs).ok_or_else(|| error.into())
            }
            committed => Ok(committed.map(|_| identity)?),
        }
    }

    /// The record of a system of this process.
    ///
    /// # Errors
    /// For systems that exchange no messages.
    pub(super) fn own_record(&self, system: System) -> Result<SystemRecord, Problem> {
        let identity = self.identity(system)?;
        Ok(SystemRecord {
            system,
            sender_id: identity.sender_id.clone(),
            password_sha256: sha256_hex(identity.password.as_bytes()),
            organisation: organisation(system).map_or("", |(name, _)| name).to_owned(),
            bin: identity.certificate.bin_text().unwrap_or_default().to_owned(),
            certificate: identity.certificate.pem(),
            former: None,
            address: None,
            wire: self.settings.plan.wire,
            service: None,
            timeout: None,
            subscriptions: every_service(),
            origin: Origin::BuiltIn,
        })
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
