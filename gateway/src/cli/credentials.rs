//! What a system in the place of a built-in one is given: keys, certificates, and whom it talks to.

use std::path::Path;

use certs::Profile;
use certs::pkcs12::Encoding;
use registries::ca::{Issued, OrderRequest};
use serde_json::{Map, Value, json};
use signer::System;

use super::Failure;
use super::cert::{write, write_secret};
use crate::play::Client;
use crate::world::{ShownSystem, Swap};

/// The file that says who the system is and whom it talks to.
pub(super) const DESCRIPTION: &str = "system.json";

/// A folder of credentials.
pub(super) struct Credentials<'a> {
    pub(super) client: &'a Client,
    pub(super) system: System,
    pub(super) out: &'a Path,
}

impl Credentials<'_> {
    /// Makes the folder.
    pub(super) fn folder(&self) -> Result<(), Failure> {
        std::fs::create_dir_all(self.out).map_err(|error| Failure::file(self.out, error))
    }

    /// Orders the system's certificate with a key, and writes the key.
    pub(super) async fn own_key(&self, swap: &Swap) -> Result<Issued, Failure> {
        let order = OrderRequest {
            name: Some(format!("{} OF YOURS", self.system.name().to_uppercase())),
            organisation: swap.organisation.clone(),
            bin: swap.bin.clone(),
            // Every OpenSSL reads it without its legacy provider.
            encoding: Some(Encoding::Modern),
            ..OrderRequest::of(Profile::InformationSystem)
        };
        let issued: Issued = self.client.post("/ca/certificates", None, &order).await?;
        write_secret(&self.out.join("system.p12"), &issued.pkcs12.0)?;
        write_secret(&self.out.join("system.key"), issued.private_key.as_bytes())?;
        Ok(issued)
    }

    /// Orders a key for somebody who signs documents at the system, in the name of the organisation that they work
    /// for, where the system's place needs one.
    pub(super) async fn staff_key(&self, put: &ShownSystem) -> Result<(), Failure> {
        let (profile, works_for) = match self.system {
            // What queues issue, the provider's authorised person signs.
            System::Queue | System::QueueRegistry => (Profile::AuthorisedPerson, System::Provider),
            System::Provider | System::QualityControl => (Profile::AuthorisedPerson, self.system),
            System::Workstation => (Profile::ServiceCentreEmployee, self.system),
            _ => return Ok(()),
        };
        let other: ShownSystem;
        let organisation = if works_for == self.system {
            put
        } else {
            other = self.client.get(&format!("/control/systems/{works_for}"), None).await?;
            &other
        };
        let order = OrderRequest {
            bin: Some(organisation.bin.clone()),
            organisation: Some(organisation.organisation.clone()),
            ..OrderRequest::of(profile)
        };
        let issued: Issued = self.client.post("/ca/certificates", None, &order).await?;
        write_secret(&self.out.join("staff.key"), issued.private_key.as_bytes())?;
        write(&self.out.join("staff.pem"), issued.kept.certificate.as_bytes())
    }

    /// Writes the certificates that the system needs, and who it is: with its password, for its owner's eyes.
    pub(super) async fn describe(
        &self,
        put: &ShownSystem,
        password: &str,
        key_file_password: Option<String>,
    ) -> Result<Value, Failure> {
        write(&self.out.join("system.pem"), put.certificate.as_bytes())?;
        for name in ["roots.pem", "authorities.pem"] {
            write(&self.out.join(name), &self.client.bytes(&format!("/ca/{name}")).await?)?;
        }
        let known: Vec<ShownSystem> = self.client.get("/control/systems", None).await?;
        let health: Value = self.client.get("/control/health", None).await?;
        let peers: Map<String, Value> = known
            .into_iter()
            .map(|peer| {
                let shown = json!({
                    "system": peer.system, "address": peer.address, "certificate": peer.certificate,
                    "organisation": peer.organisation, "bin": peer.bin,
                });
                (peer.sender_id, shown)
            })
            .collect();
        let mut description = json!({
            "system": put.system,
            "address": put.address,
            "senderId": put.sender_id,
            "password": password,
            "organisation": put.organisation,
            "bin": put.bin,
            "subscriptions": put.subscriptions,
            "sandbox": self.client.base(),
            "ca": health["systems"]["ca"],
            "peers": peers,
        });
        if let (Some(password), Some(said)) = (key_file_password, description.as_object_mut()) {
            said.insert("keyFilePassword".to_owned(), password.into());
        }
        let text = serde_json::to_string_pretty(&description).map_err(|error| {
            Failure::usage(error.to_string(), "report this: it should always be writable")
        })?;
        write_secret(&self.out.join(DESCRIPTION), format!("{text}\n").as_bytes())?;
        Ok(description)
    }
}
