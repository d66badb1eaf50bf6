//! Systems as records: who may send what, with which certificate and password, and where it is reached.

use certs::{Certificate, Role, oid};
use registries::store::Page;
use serde::{Deserialize, Serialize};
use signer::{Code, Problem, Sender, System};

use super::service::Service;
use super::sha256_hex;
use super::wire::Wire;
use crate::world::World;

/// The record kind; keys are the names of systems.
pub const SYSTEM: &str = "system";
/// The subscription that stands for every service.
pub const EVERY_SERVICE: &str = "*";

/// The address of a system that nobody calls: it fetches its messages from the gateway.
pub const POLLED: &str = "poll:";

/// What the others know of a system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SystemRecord {
    /// Which system.
    pub system: System,
    /// What envelopes name it by.
    pub sender_id: String,
    /// SHA-256 of its password: the password is random and long, so a slow hash would add nothing.
    pub password_sha256: String,
    /// The organisation that runs it.
    pub organisation: String,
    /// That organisation's BIN.
    pub bin: String,
    /// The certificate that it signs envelopes with, as PEM.
    pub certificate: String,
    /// The certificate that it signed with before it changed over to another key; what waited then is still on its way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<String>,
    /// Where it is reached; absent when this process serves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// How messages to it are written.
    #[serde(default)]
    pub wire: Wire,
    /// The service by which it is asked, where it knows no regulation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// How many seconds one request to it may take; the world's patience when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
    /// The service ids it may send to, as `regulation/channel/message`; [`EVERY_SERVICE`] stands for all.
    #[serde(default = "every_service")]
    pub subscriptions: Vec<String>,
    /// Where the record comes from.
    #[serde(default)]
    pub origin: Origin,
}

/// Where a record comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// A system of this process.
    #[default]
    BuiltIn,
    /// Put in the running world; it stays until it is taken out again.
    Put,
    /// Given when the process was started, for as long as it runs.
    Given,
    /// Read from the system's own address; read again when it does not fit any more.
    Learned,
}

/// Every service: what a system may send to when nothing is said.
pub fn every_service() -> Vec<String> {
    vec![EVERY_SERVICE.to_owned()]
}

impl SystemRecord {
    /// The OID of the system, from its certificate.
    pub fn oid(&self) -> Option<String> {
        let certificate = Certificate::from_pem(&self.certificate).ok()?;
        certificate.subject_attribute(oid::USER_ID).map(str::to_owned)
    }

    /// The role in its certificate that says most: the last one, as the profile writes them.
    pub fn role(&self) -> Option<Role> {
        Certificate::from_pem(&self.certificate).ok()?.roles().last().copied()
    }

    /// That it may send to a service.
    ///
    /// # Errors
    /// [`Code::NotSubscribed`].
    pub(super) fn subscribed(&self, service: &str) -> Result<(), Problem> {
        if self.subscriptions.iter().any(|known| known == EVERY_SERVICE || known == service) {
            return Ok(());
        }
        let detail = format!("`{}` has no subscription to {service:?}", self.sender_id);
        Err(Problem::new(Code::NotSubscribed).detail(detail).fact("subscriptions", &self.subscriptions))
    }

    fn has_password(&self, password: Option<&str>) -> Result<(), Problem> {
        if sha256_hex(password.unwrap_or_default().as_bytes()) == self.password_sha256 {
            return Ok(());
        }
        Err(Problem::new(Code::WrongPassword).detail(format!("senderId {:?}", self.sender_id)))
    }

    /// That a certificate is of the key bound to the system; a renewed certificate keeps its key.
    fn has_key_of(&self, certificate: &Certificate) -> Result<(), Problem> {
        let is_bound = |bound: &String| {
            Certificate::from_pem(bound).is_ok_and(|bound| bound.public_key() == certificate.public_key())
        };
        if std::iter::once(&self.certificate).chain(&self.former).any(is_bound) {
            return Ok(());
        }
        let detail = format!("`{}` does not sign with {}", self.sender_id, certificate.subject());
        Err(Problem::new(Code::CertificateNotBound).detail(detail))
    }
}

/// The record of a system, as this process has it.
pub(crate) async fn kept(world: &World, system: System) -> Result<Option<SystemRecord>, Problem> {
    Ok(world.store.get_as::<SystemRecord>(SYSTEM, system.name()).await?.map(|record| record.value))
}

/// The record of a system; that of one in another process is read there if need be.
///
/// # Errors
/// [`Code::SenderUnknown`] without a record; [`Code::SystemUnreachable`] when it cannot be read now.
pub async fn record(world: &World, system: System) -> Result<SystemRecord, Problem> {
    match kept(world, system).await? {
        Some(record) => Ok(record),
        None if world.learns(system) => world.learn(system).await,
        None => Err(Problem::new(Code::SenderUnknown).detail(format!("no record of `{system}`"))),
    }
}

/// Every record that this process has.
pub async fn records(world: &World) -> Result<Vec<SystemRecord>, Problem> {
    let all = world.store.list_as::<SystemRecord>(SYSTEM, Page::all()).await?;
    Ok(all.into_iter().map(|record| record.value).collect())
}

/// Whether a word can be a senderId.
pub fn is_sender_id(word: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    !word.is_empty() && word.len() <= 200 && word.bytes().all(is_name)
}

/// The record that an envelope names: mostly the system's name is its senderId.
async fn sender(world: &World, sender_id: &str) -> Result<SystemRecord, Problem> {
    let unknown = || Problem::new(Code::SenderUnknown).detail(format!("senderId {sender_id:?}"));
    if !is_sender_id(sender_id) {
        return Err(unknown());
    }
    let named = sender_id.parse::<System>().ok();
    if let Some(system) = named
        && let Some(record) = kept(world, system).await?
        && record.sender_id == sender_id
    {
        return Ok(record);
    }
    if let Some(record) = records(world).await?.into_iter().find(|known| known.sender_id == sender_id) {
        return Ok(record);
    }
    match named.filter(|system| world.learns(*system)) {
        Some(system) => world.learn(system).await,
        None => Err(unknown()),
    }
}

/// Makes sure that the envelope comes from the system that it names: known, with its password, signed with the
/// certificate bound to it. A record that was learned and does not fit any more is learned again.
///
/// A system that is not named is known by its key; its signature stands for the password then.
pub(super) async fn authenticate(
    world: &World,
    said: Option<&Sender>,
    certificate: &Certificate,
) -> Result<SystemRecord, Problem> {
    let Some(said) = said else {
        let known = records(world).await?.into_iter().find(|record| record.has_key_of(certificate).is_ok());
        let unknown =
            || Problem::new(Code::SenderUnknown).detail(format!("signed by {}", certificate.subject()));
        return known.ok_or_else(unknown);
    };
    let fits = |record: &SystemRecord| {
        record.has_password(said.password.as_deref())?;
        record.has_key_of(certificate)
    };
    let record = sender(world, &said.sender_id).await?;
    let refused = match fits(&record) {
        Ok(()) => return Ok(record),
        Err(refused) => refused,
    };
    if !world.learns(record.system) {
        return Err(refused);
    }
    let record = world.learn(record.system).await?;
    fits(&record)?;
    Ok(record)
}

/// Makes sure that a certificate is of the key bound to a system, learning the system's record again if need be.
pub(super) async fn bound(world: &World, system: System, certificate: &Certificate) -> Result<(), Problem> {
    match record(world, system).await?.has_key_of(certificate) {
        Err(_) if world.learns(system) => world.learn(system).await?.has_key_of(certificate),
        settled => settled,
    }
}
