//! Ordering a certificate in a few words.

use certs::pkcs12::{self, Encoding};
use certs::{
    Algorithm, Bin, Certificate, CheckDigit, Flaw, Iin, Order, Organisation, Person, Profile, PublicKey,
    Purpose, RevocationBy, Subject, SystemName,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use signer::{Bytes, Code, Problem};

use super::branches::chain_of;
use super::{CertificationCentre, KeptCertificate, moment};

/// The password of key files when none is given; it keeps to the rule of the national tools.
pub const PASSWORD: &str = "Qaqpa1";

/// An order as people write it. Everything but the profile has a default.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderRequest {
    /// `individual`, `head`, …
    pub profile: String,
    /// Twelve digits, or `auto` for one that was never issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iin: Option<String>,
    /// Twelve digits, or `auto`; the organisation's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bin: Option<String>,
    /// Surname, name and, if there is one, patronymic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The organisation's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// The OID of an information system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oid: Option<String>,
    /// The DER of the SubjectPublicKeyInfo to certify: whoever orders keeps the private key. A new key without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_key: Option<Bytes>,
    /// The names and IP addresses of a TLS server.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
    /// What is to be wrong with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flaws: Vec<String>,
    /// The first moment of validity, or a span from the world's now on, as `+1d`; without it, now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<String>,
    /// The last one; without it, as long after the first as the profile says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<String>,
    /// `p256`, `rsa`, `gost512`, `gost256` or `gost2004`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// `signing` or `authentication`.
    #[serde(default)]
    pub purpose: Purpose,
    /// Which sources of revocation it names.
    #[serde(default)]
    pub revocation_by: RevocationBy,
    /// Of the key file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Of the key file: `national` or `modern`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
}

/// What comes back: the certificate, its key, and both as a key file. The centre keeps no private key.
#[derive(Clone, Serialize, Deserialize)]
pub struct Issued {
    /// As the registry keeps it.
    #[serde(flatten)]
    pub kept: KeptCertificate,
    /// PKCS#8 as PEM.
    pub private_key: String,
    /// PKCS#12.
    pub pkcs12: Bytes,
    /// Of the PKCS#12.
    pub password: String,
    /// The name that national tools give the key file.
    pub file_name: String,
    /// The certificates up to the root, the issuer's first, as PEM; in another order, or without some, if a flaw wants
    /// it.
    #[serde(default)]
    pub chain: String,
}

impl std::fmt::Debug for OrderRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OrderRequest({}, flaws {:?}, password not shown)", self.profile, self.flaws)
    }
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Issued({}, key not shown)", self.kept.serial)
    }
}

impl OrderRequest {
    /// An order of a profile with nothing else said.
    pub fn of(profile: Profile) -> Self {
        Self {
            profile: profile.name().to_owned(),
            iin: None,
            bin: None,
            name: None,
            organisation: None,
            oid: None,
            public_key: None,
            hosts: Vec::new(),
            flaws: Vec::new(),
            not_before: None,
            not_after: None,
            algorithm: None,
            purpose: Purpose::Signing,
            revocation_by: RevocationBy::CrlAndOcsp,
            password: None,
            encoding: None,
        }
    }
}

impl CertificationCentre {
    /// Carries out an order with a new key.
    ///
    /// # Errors
    /// [`Code::UnknownFlaw`] with the known ones; [`Code::InvalidValue`] for anything else that is not understood.
    pub async fn issue(&self, request: &OrderRequest) -> Result<Issued, Problem> {
        let password = request.password.clone().unwrap_or_else(|| PASSWORD.to_owned());
        let order = Order { public_key: None, ..self.read_order(request)? };
        let (algorithm, reversed) = (order.algorithm, order.has(Flaw::ChainOrder));
        let issued = self.order(order).await?;
        let authority = self.authority(algorithm).await?;
        let chain = chain_of(&authority, &issued, reversed).iter().map(Certificate::pem).collect();
        let key = issued.key.ok_or_else(|| Problem::technical("no key was made"))?;
        let kept = self.certificate(&issued.certificate.serial_hex()).await?;
        let encoding = request.encoding.unwrap_or(Encoding::National);
        let (certificate, secret) = (issued.certificate.clone(), password.clone());
        let file_key = key.clone();
        let pkcs12 = tokio::task::spawn_blocking(move || {
            pkcs12::write(encoding, &secret, &file_key, &certificate, &[])
        });
        let pkcs12 = pkcs12.await.map_err(Problem::technical)?.map_err(invalid)?;
        Ok(Issued {
            kept,
            private_key: key.to_pkcs8_pem().to_string(),
            pkcs12: pkcs12.into(),
            password,
            file_name: pkcs12::file_name(&issued.certificate),
            chain,
        })
    }

    /// Carries out an order that brings its public key.
    ///
    /// # Errors
    /// As [`issue`](Self::issue); [`Code::InvalidValue`] for a key that is none, or of another algorithm.
    pub async fn certify(&self, request: &OrderRequest) -> Result<KeptCertificate, Problem> {
        let issued = self.order(self.read_order(request)?).await?;
        self.certificate(&issued.certificate.serial_hex()).await
    }

    fn read_order(&self, request: &OrderRequest) -> Result<Order, Problem> {
        let profile: Profile = request.profile.parse().map_err(invalid)?;
        let flaws = request.flaws.iter().map(|flaw| known_flaw(flaw)).collect::<Result<Vec<_>, _>>()?;
        let algorithm = match &request.algorithm {
            Some(name) => name.parse::<Algorithm>().map_err(invalid)?,
            None => self.default_algorithm(),
        };
        let public_key = request.public_key.as_ref().map(|key| PublicKey::from_spki_der(&key.0));
        let public_key = public_key.transpose().map_err(|error| invalid(format!("public_key: {error}")))?;
        Ok(Order {
            validity: self.validity(request, profile)?,
            hosts: request.hosts.clone(),
            purpose: request.purpose,
            revocation_by: request.revocation_by,
            flaws,
            public_key,
            ..Order::new(subject(profile, request)?, profile, algorithm)
        })
    }
}

impl CertificationCentre {
    /// The validity that was asked for: what is not said follows from the profile.
    fn validity(
        &self,
        request: &OrderRequest,
        profile: Profile,
    ) -> Result<Option<(Timestamp, Timestamp)>, Problem> {
        let now = self.now();
        let read = |field, text: &Option<String>| {
            text.as_deref().map(|text| moment::read(field, text, now)).transpose()
        };
        let first = read("not_before", &request.not_before)?;
        let last = read("not_after", &request.not_after)?;
        let lasts = SignedDuration::from_hours(profile.years() * 365 * 24);
        let too_far = |_| invalid("the validity reaches beyond the range of time");
        Ok(match (first, last) {
            (None, None) => None,
            (Some(first), Some(last)) => Some((first, last)),
            (Some(first), None) => Some((first, first.checked_add(lasts).map_err(too_far)?)),
            (None, Some(last)) if last < now => Some((last.checked_sub(lasts).map_err(too_far)?, last)),
            (None, Some(last)) => Some((now, last)),
        })
    }
}

/// Whether an OID can stand in a certificate's name: numbers with dots, as `1.2.398.3.999.100`.
fn is_oid(text: &str) -> bool {
    text.len() <= 64
        && text.contains('.')
        && text.split('.').all(|arc| !arc.is_empty() && arc.bytes().all(|byte| byte.is_ascii_digit()))
}

fn known_flaw(name: &str) -> Result<Flaw, Problem> {
    name.parse::<Flaw>().map_err(|error| {
        let known: Vec<&str> = Flaw::all().iter().map(|flaw| flaw.name()).collect();
        Problem::new(Code::UnknownFlaw).detail(error.to_string()).fact("known", known)
    })
}

fn subject(profile: Profile, request: &OrderRequest) -> Result<Subject, Problem> {
    let organisation = || {
        Ok::<_, Problem>(Organisation {
            name: request.organisation.clone().unwrap_or_else(|| "ҮЛГІ ҰЙЫМЫ".to_owned()),
            bin: match request.bin.as_deref() {
                None | Some("auto") => Bin::generated(random()),
                Some(bin) => Bin::parse(bin, CheckDigit::Strict).map_err(invalid)?,
            },
        })
    };
    Ok(match profile {
        Profile::Individual => Subject::Person(person(request)?),
        Profile::InformationSystem => Subject::System(SystemName {
            common_name: request.name.clone().unwrap_or_else(|| "QAQPA SYSTEM".to_owned()),
            oid: match request.oid.as_deref() {
                None => "1.2.398.3.999.100".to_owned(),
                Some(oid) if is_oid(oid) => oid.to_owned(),
                Some(oid) => return Err(invalid(format!("`oid`: {oid:?} is not numbers with dots"))),
            },
            organisation: organisation()?,
        }),
        Profile::TlsServer => Subject::Service {
            common_name: request.name.clone().or(request.hosts.first().cloned()).unwrap_or_default(),
            organisation: request.organisation.clone().unwrap_or_else(|| "ҮЛГІ ҰЙЫМЫ".to_owned()),
        },
        Profile::OcspResponder | Profile::TimestampAuthority => {
            return Err(invalid("the centre makes its own services itself"));
        }
        _ => Subject::Employee { person: person(request)?, organisation: organisation()? },
    })
}

fn person(request: &OrderRequest) -> Result<Person, Problem> {
    let iin = match request.iin.as_deref() {
        None | Some("auto") => Iin::never_issued(random()),
        Some(iin) => Iin::parse(iin, CheckDigit::Strict).map_err(invalid)?,
    };
    let name = request.name.as_deref().unwrap_or("ҮЛГІБАЕВ СЫНАҚ ТЕСТҰЛЫ");
    let mut words = name.split_whitespace().map(str::to_owned);
    match (words.next(), words.next()) {
        (Some(surname), Some(name)) => {
            let patronymic: Vec<String> = words.collect();
            let patronymic = (!patronymic.is_empty()).then(|| patronymic.join(" "));
            Ok(Person { surname, name, patronymic, iin })
        }
        _ => Err(invalid("`name` is a surname and a name, separated by a space")),
    }
}

/// Numbers for `auto`: apart from each other, nothing more.
fn random() -> u64 {
    let bytes = uuid::Uuid::new_v4().into_bytes();
    u64::from(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}

fn invalid(error: impl std::fmt::Display) -> Problem {
    Problem::new(Code::InvalidValue).detail(error.to_string())
}
