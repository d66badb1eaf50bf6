//! The world's keys for TLS: the process's when it listens, the systems' when they connect.

use std::sync::PoisonError;
use std::time::Duration;

use certs::{Algorithm, Certificate, Clock, KeyPair, Order, Profile, Purpose, Subject};
use jiff::SignedDuration;
use registries::store::{Expect, WorldId};
use serde::{Deserialize, Serialize};
use signer::{Bytes, Problem, System};

use super::identities::{ORGANISATIONS, RENEWED_BEFORE};
use super::{Centre, Settings, World};
use crate::exchange::records;
use crate::tls::{Serves, TlsKey, algorithm, client_with};

/// The record kind of TLS keys; keys are the names of systems, and `server`.
const TLS_KEY: &str = "tls-key";
const SERVER: &str = "server";
/// How long a server's certificate lasts: some systems refuse longer ones.
const LASTS: SignedDuration = SignedDuration::from_hours(800 * 24);

#[derive(Serialize, Deserialize)]
struct Kept {
    hosts: Vec<String>,
    pkcs8: Bytes,
    certificate: String,
}

/// Whose servers a world believes beside those that the machine does; empty when TLS is not its affair.
pub(super) async fn believed(settings: &Settings, centre: &Centre) -> Result<Vec<Certificate>, Problem> {
    let tls = &settings.plan.tls;
    let mut roots = tls.anchors.clone();
    if let (true, Centre::Here(centre)) = (tls.is_on(), centre) {
        roots.push(centre.authority(algorithm(settings.plan.algorithm)).await?.root().clone());
    }
    Ok(roots)
}

/// The client for requests in a world's own name; the process's plain one where TLS is not its affair.
pub(super) fn http(
    settings: &Settings,
    believed: &[Certificate],
    clock: &Clock,
    plain: reqwest::Client,
) -> Result<reqwest::Client, Problem> {
    if believed.is_empty() {
        return Ok(plain);
    }
    let clock = settings.plan.tls.clock.clone().unwrap_or_else(|| clock.clone());
    client_with(believed, clock, None)
}

impl World {
    /// The client of a system: where the sandbox wants certificates of clients, it shows the system's.
    pub(crate) fn http_of(&self, system: System) -> reqwest::Client {
        let clients = self.clients.read().unwrap_or_else(PoisonError::into_inner);
        clients.get(&system).unwrap_or(&self.http).clone()
    }

    /// Whether a system was put in its place with this certificate.
    pub(crate) async fn gave_certificate(&self, certificate: &Certificate) -> Result<bool, Problem> {
        let is_this = |pem: &str| Certificate::from_pem(pem).is_ok_and(|known| known == *certificate);
        Ok(records(self).await?.iter().any(|record| record.address.is_some() && is_this(&record.certificate)))
    }

    /// Makes the keys that the world's plan wants, and renews certificates that end soon. To be called again
    /// whenever the clock was turned.
    pub(super) async fn prepare_tls(&self, patience: Duration) -> Result<(), Problem> {
        let tls = &self.settings.plan.tls;
        match &tls.serves {
            Serves::Own if self.settings.id == WorldId::default() => {
                let (key, _) = self.tls_key(SERVER, self.server_order(), patience).await?;
                self.shown.becomes(&key)?;
            }
            Serves::Given(key) => self.shown.becomes(key)?,
            Serves::Own | Serves::Plain => {}
        }
        if !tls.mutual {
            return Ok(());
        }
        for (number, (system, organisation)) in (1..).zip(ORGANISATIONS) {
            if !self.settings.plan.serves(*system) {
                continue;
            }
            let order = Order {
                purpose: Purpose::Authentication,
                algorithm: self.tls_algorithm(),
                ..self.order(*system, organisation, number)
            };
            let (key, is_new) = self.tls_key(system.name(), order, patience).await?;
            let known = self.clients.read().unwrap_or_else(PoisonError::into_inner).contains_key(system);
            if is_new || !known {
                let clock = tls.clock.clone().unwrap_or_else(|| self.clock.clone());
                let client = client_with(&self.believed, clock, Some(&key))?;
                self.clients.write().unwrap_or_else(PoisonError::into_inner).insert(*system, client);
            }
        }
        Ok(())
    }

    fn tls_algorithm(&self) -> Algorithm {
        algorithm(self.settings.plan.algorithm)
    }

    fn server_order(&self) -> Order {
        let hosts = self.settings.plan.tls.hosts.clone();
        let subject = Subject::Service {
            common_name: hosts.first().cloned().unwrap_or_default(),
            organisation: "QAQPA SANDBOX".to_owned(),
        };
        Order { hosts, ..Order::new(subject, Profile::TlsServer, self.tls_algorithm()) }
    }

    /// The key of that name with its certificate, and whether it is new.
    async fn tls_key(&self, name: &str, order: Order, patience: Duration) -> Result<(TlsKey, bool), Problem> {
        let kept = self.store.get_as::<Kept>(TLS_KEY, name).await?.map(|record| record.value);
        if let Some(kept) = kept.filter(|kept| kept.hosts == order.hosts) {
            let key = KeyPair::from_pkcs8_der(&kept.pkcs8.0).map_err(Problem::technical)?;
            let certificate = Certificate::from_pem(&kept.certificate).map_err(Problem::technical)?;
            let lasts = certificate.not_after().duration_since(self.clock.now()) > RENEWED_BEFORE;
            if lasts && key.algorithm() == order.algorithm {
                return Ok((self.with_chain(&key, certificate).await?, false));
            }
        }
        let algorithm = order.algorithm;
        let key = tokio::task::spawn_blocking(move || KeyPair::generate(algorithm)).await;
        let key = key.map_err(Problem::technical)?.map_err(Problem::technical)?;
        let hosts = order.hosts.clone();
        let validity = self.since_the_centre(algorithm).await?;
        let order = Order { public_key: Some(key.public_key().clone()), validity, ..order };
        let certificate = self.certified(order, patience).await?;
        let kept = Kept { hosts, pkcs8: key.to_pkcs8_der().to_vec().into(), certificate: certificate.pem() };
        self.store.commit(self.store.batch().put(TLS_KEY, name, &kept, Expect::Anything)?).await?;
        Ok((self.with_chain(&key, certificate).await?, true))
    }

    /// From the centre's beginning: so that it is valid for foreign programs too, whose clock is behind the world's.
    async fn since_the_centre(
        &self,
        algorithm: Algorithm,
    ) -> Result<Option<(jiff::Timestamp, jiff::Timestamp)>, Problem> {
        let Centre::Here(centre) = &self.centre else { return Ok(None) };
        let begins = centre.authority(algorithm).await?.issuing().not_before();
        Ok(self.clock.now().checked_add(LASTS).ok().map(|ends| (begins, ends)))
    }

    async fn with_chain(&self, key: &KeyPair, certificate: Certificate) -> Result<TlsKey, Problem> {
        let authorities = self.trust.authorities().await.map_err(Problem::technical)?;
        let is_issuer = |known: &Certificate| {
            known.subject_der() == certificate.issuer_der() && known.skid() == certificate.akid()
        };
        let issuer = authorities.into_iter().find(is_issuer);
        let chain: Vec<Certificate> = std::iter::once(certificate).chain(issuer).collect();
        Ok(TlsKey::new(key, &chain))
    }
}
