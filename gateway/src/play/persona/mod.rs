//! Who goes along a path: the data that makes it come true.

mod applicant;
mod cast;
mod power;

use certs::{Bin, Certificate, CheckDigit, Iin, KeyPair, Profile};
use registries::ca::{Issued, OrderRequest};
use serde_json::Value;
use signer::{Problem, System};
use uuid::Uuid;

use super::Play;
use super::client::Client;
use crate::regulation::Person;

pub(super) use applicant::{Applicant, faults};
pub(super) use cast::Cast;

/// Somebody's key, as they hold it.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) pair: KeyPair,
    pub(super) certificate: Certificate,
    pub(super) serial: String,
}

/// The profile of certificates that somebody signs with.
fn profile(person: Person) -> Profile {
    match person {
        Person::Recipient => Profile::Individual,
        Person::AuthorisedPerson | Person::QualityOfficer => Profile::AuthorisedPerson,
        Person::Head | Person::CorporationHead => Profile::Head,
        _ => Profile::Employee,
    }
}

impl Play {
    /// The key of somebody who works for an organisation; somebody new without an IIN.
    pub(super) async fn staff_key(&self, person: Person, iin: Option<Iin>) -> Result<Key, Problem> {
        let organisation = person.works_for().unwrap_or(System::Provider);
        let systems: Vec<Value> = self.client.everywhere("/control/systems").await?;
        let known = systems.iter().find(|record| record["system"] == organisation.name());
        let bin = known.and_then(|record| record["bin"].as_str()).unwrap_or_default();
        let bin = Bin::parse(bin, CheckDigit::AnyDigit)
            .map_err(|error| Problem::technical(format!("the BIN of `{organisation}`: {error}")))?;
        let iin = iin.unwrap_or_else(|| Iin::never_issued(Uuid::new_v4().as_u64_pair().0 >> 32));
        let order = OrderRequest {
            iin: Some(iin.to_string()),
            bin: Some(bin.to_string()),
            algorithm: self.algorithm.map(|algorithm| algorithm.name().to_owned()),
            ..OrderRequest::of(profile(person))
        };
        order_key(&self.client, &order).await
    }
}

/// Orders a certificate and takes its key home.
async fn order_key(client: &Client, order: &OrderRequest) -> Result<Key, Problem> {
    let issued: Issued = client.post("/ca/certificates", None, order).await?;
    let failed = |error: String| Problem::technical(error);
    let certificate = Certificate::from_pem(&issued.kept.certificate).map_err(|e| failed(e.to_string()))?;
    let entries =
        certs::pkcs12::read(&issued.pkcs12.0, &issued.password).map_err(|e| failed(e.to_string()))?;
    let entry = entries.into_iter().next().ok_or_else(|| failed("the key file is empty".to_owned()))?;
    Ok(Key { pair: entry.key, certificate, serial: issued.kept.serial })
}
