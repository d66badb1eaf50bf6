//! Systems that stand elsewhere: what is said of them, and making sure of it.

use certs::{Bin, Certificate, CheckDigit};
use serde::{Deserialize, Serialize};
use serde_json::json;
use signer::{Code, Problem, System};

use crate::exchange::{
    EVERY_SERVICE, Origin, POLLED, Service, SystemRecord, Wire, every_service, is_sender_id, is_service,
    sha256_hex,
};
use crate::regulation::Regulations;

/// The most seconds that one request may be given.
const LONGEST_TIMEOUT: u64 = 600;

/// Another system in the place of a built-in one.
///
/// With a certificate and a password it is what is said here and nothing else. Without, it is a system of another
/// Qaqpa process of the same certification centre, and its record is read at its own address.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Swap {
    /// Its URL: messages go to `{address}/messages`, or by SOAP to the address itself. [`POLLED`] for a system that
    /// fetches them.
    pub address: String,
    /// The certificate that it signs envelopes with, as PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// What envelopes name it by; the system's name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_id: Option<String>,
    /// Its password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// The organisation that runs it; that of the built-in system when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// That organisation's BIN; that of the built-in system when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bin: Option<String>,
    /// How messages to it are written.
    #[serde(default)]
    pub wire: Wire,
    /// The service by which it is asked in the place of the regulations' own questions: for a register that knows no
    /// regulation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// How many seconds one request to it may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
    /// The service ids it may send to.
    #[serde(default = "every_service")]
    pub subscriptions: Vec<String>,
}

impl std::fmt::Debug for Swap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Swap({}, password not shown)", self.address)
    }
}

impl Swap {
    /// A system of another Qaqpa process.
    pub fn at(address: &str) -> Self {
        Self { address: address.to_owned(), subscriptions: every_service(), ..Self::default() }
    }

    /// The address without a slash at its end.
    pub fn address(&self) -> &str {
        self.address.trim_end_matches('/')
    }

    /// That everything said is in order for this system.
    ///
    /// # Errors
    /// [`Code::InvalidValue`], naming the field.
    pub fn check(&self, system: System) -> Result<(), Problem> {
        let host = ["http://", "https://"].iter().find_map(|scheme| self.address.strip_prefix(scheme));
        let is_host = |rest: &str| {
            let host = rest.split('/').next().unwrap_or_default();
            !host.is_empty() && !rest.contains(['?', '#', '@']) && !rest.contains(char::is_whitespace)
        };
        if self.address == POLLED {
            let answers = [System::People, System::Notary, System::Registers].contains(&system);
            if answers || system.is_gateway() {
                return Err(invalid(
                    "address",
                    format!("`{system}` is called, and cannot fetch its messages"),
                ));
            }
            if self.certificate.is_none() || self.wire == Wire::Json {
                let why =
                    "a system that fetches its messages does so by SOAP, with a certificate and a password";
                return Err(invalid("address", why));
            }
        } else if !host.is_some_and(is_host) {
            return Err(invalid("address", format!("{:?} is no http:// or https:// URL", self.address)));
        }
        if system == System::Ca && !self.address().ends_with("/ca") {
            let why = "the centre's address ends in /ca: certificates name its lists below it";
            return Err(invalid("address", why));
        }
        if self.certificate.is_some() != self.password.is_some() {
            let why = "a certificate and a password go together: both, or neither for a system of Qaqpa";
            return Err(invalid(if self.password.is_some() { "certificate" } else { "password" }, why));
        }
        let named = self.sender_id.is_some() || self.organisation.is_some() || self.bin.is_some();
        if self.certificate.is_none() && named {
            let why =
                "senderId, organisation and BIN of a system without certificate are read at its address";
            return Err(invalid("certificate", why));
        }
        if self.certificate.is_some() && matches!(system, System::Ca | System::Signer) {
            return Err(invalid("certificate", format!("`{system}` exchanges no messages")));
        }
        if self.password.as_deref().is_some_and(|password| !(8..=200).contains(&password.len())) {
            return Err(invalid("password", "8 to 200 characters"));
        }
        if self.sender_id.as_deref().is_some_and(|id| !is_sender_id(id)) {
            return Err(invalid("sender_id", "1 to 200 letters, digits, `-`, `_` and `.`"));
        }
        if self.timeout.is_some_and(|seconds| !(1..=LONGEST_TIMEOUT).contains(&seconds)) {
            return Err(invalid("timeout", format!("1 to {LONGEST_TIMEOUT} seconds")));
        }
        if self.organisation.as_deref().is_some_and(|name| name.trim().is_empty() || name.len() > 400) {
            return Err(invalid("organisation", "1 to 400 characters"));
        }
        if let Some(service) = self.service {
            if (service, system) != (Service::Person, System::People) {
                let why = format!("`people` alone is asked by a service, `{}`", Service::Person.id());
                return Err(invalid("service", why));
            }
            if self.wire == Wire::Json || self.certificate.is_none() {
                let why = "a system that is asked by a service has wire=soap, a certificate and a password";
                return Err(invalid("service", why));
            }
        }
        Ok(())
    }

    /// That it is subscribed to services of these regulations or of registers.
    ///
    /// # Errors
    /// [`Code::InvalidValue`], saying what there is.
    pub fn is_subscribed_to(&self, regulations: &Regulations) -> Result<(), Problem> {
        let mut named = self.subscriptions.iter().filter(|service| *service != EVERY_SERVICE);
        named
            .try_for_each(|service| is_service(regulations, service))
            .map_err(|error| invalid("subscriptions", error.to_string()).fact("known", error.known))
    }

    /// The record of a system that is given with its certificate; `None` without one.
    ///
    /// # Errors
    /// [`Code::InvalidValue`] when the certificate does not parse or is another organisation's.
    pub(super) fn record(
        &self,
        system: System,
        organisation: &str,
        bin: &Bin,
        origin: Origin,
    ) -> Result<Option<SystemRecord>, Problem> {
        let (Some(certificate), Some(password)) = (&self.certificate, &self.password) else {
            return Ok(None);
        };
        let certificate = Certificate::from_pem(certificate)
            .map_err(|error| Problem::new(Code::CertificateMalformed).detail(error.to_string()))?;
        let bin = match &self.bin {
            Some(bin) => Bin::parse(bin, CheckDigit::AnyDigit).map_err(|e| invalid("bin", e.to_string()))?,
            None => *bin,
        };
        let found = certificate.bin_text().unwrap_or("none").to_owned();
        if found != bin.to_string() {
            return Err(invalid("certificate", format!("its BIN is {found}, the organisation's is {bin}")));
        }
        Ok(Some(SystemRecord {
            system,
            sender_id: self.sender_id.clone().unwrap_or_else(|| system.name().to_owned()),
            password_sha256: sha256_hex(password.as_bytes()),
            organisation: self.organisation.clone().unwrap_or_else(|| organisation.to_owned()),
            bin: bin.to_string(),
            certificate: certificate.pem(),
            former: None,
            // A SOAP endpoint is called by the very address that was given.
            address: Some(if self.wire == Wire::Json { self.address() } else { &self.address }.to_owned()),
            wire: self.wire,
            service: self.service,
            timeout: self.timeout,
            subscriptions: self.subscriptions.clone(),
            origin,
        }))
    }
}

pub(super) fn invalid(field: &str, why: impl Into<String>) -> Problem {
    let why = why.into();
    let problem = Problem::new(Code::InvalidValue).detail(format!("{field}: {why}"));
    problem.fact("fields", json!({ field: why }))
}
