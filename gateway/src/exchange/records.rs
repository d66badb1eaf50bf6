//! Systems as records: who may send, with which certificate and password.

use certs::Certificate;
use registries::store::Page;
use serde::{Deserialize, Serialize};
use signer::{Code, Opened, Problem, System};

use super::sha256_hex;
use crate::world::World;

/// The record kind; keys are sender ids.
pub const SYSTEM: &str = "system";

/// What the others know of a system.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
}

/// The record of a system.
pub async fn record(world: &World, system: System) -> Result<SystemRecord, Problem> {
    let record = world.store.get_as::<SystemRecord>(SYSTEM, system.name()).await?;
    let missing = || Problem::new(Code::SenderUnknown).detail(format!("no record of `{system}`"));
    record.map(|record| record.value).ok_or_else(missing)
}

/// Every record.
pub async fn records(world: &World) -> Result<Vec<SystemRecord>, Problem> {
    let all = world.store.list_as::<SystemRecord>(SYSTEM, Page::all()).await?;
    Ok(all.into_iter().map(|record| record.value).collect())
}

/// Makes sure that the envelope comes from the system that it names: known, with its password, signed with the
/// certificate bound to it.
pub(super) async fn authenticate(world: &World, opened: &Opened) -> Result<SystemRecord, Problem> {
    let sender = &opened.envelope.sender;
    let unknown = || Problem::new(Code::SenderUnknown).detail(format!("senderId {:?}", sender.sender_id));
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if sender.sender_id.is_empty() || sender.sender_id.len() > 200 || !sender.sender_id.bytes().all(is_name) {
        return Err(unknown());
    }
    let record =
        world.store.get_as::<SystemRecord>(SYSTEM, &sender.sender_id).await?.ok_or_else(unknown)?.value;
    let password = sender.password.as_deref().unwrap_or_default();
    if sha256_hex(password.as_bytes()) != record.password_sha256 {
        return Err(Problem::new(Code::WrongPassword).detail(format!("senderId {:?}", sender.sender_id)));
    }
    bound(&record, &opened.certificate)?;
    Ok(record)
}

/// That a certificate is of the key bound to the system; a renewed certificate keeps its key.
pub(super) fn bound(record: &SystemRecord, certificate: &Certificate) -> Result<(), Problem> {
    let bound = Certificate::from_pem(&record.certificate)
        .is_ok_and(|bound| bound.public_key() == certificate.public_key());
    if bound {
        return Ok(());
    }
    let detail = format!("`{}` does not sign with {}", record.sender_id, certificate.subject());
    Err(Problem::new(Code::CertificateNotBound).detail(detail))
}
