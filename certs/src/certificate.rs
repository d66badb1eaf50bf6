//! Certificates as received: everything a check needs, taken out once and kept.

mod error;
mod extensions;
mod key_usage;

use std::fmt;
use std::sync::Arc;

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::der::{DerError, Reader, SEQUENCE};
use crate::{
    AlgorithmPolicy, Bin, CheckDigit, DistributionPoint, GeneralName, Identifier, Iin, Name, NameConstraints,
    PublicKey, Role, SignatureAlgorithm, SignatureError, oid, pem,
};

pub use error::CertificateError;
use extensions::Extensions;
pub use key_usage::KeyUsage;

/// An X.509 certificate (RFC 5280). Cheap to clone; two are equal when their bytes are.
#[derive(Clone)]
pub struct Certificate(Arc<Parts>);

struct Parts {
    der: Vec<u8>,
    tbs: Vec<u8>,
    signature_algorithm: SignatureAlgorithm,
    signature: Vec<u8>,
    serial: Vec<u8>,
    subject_der: Vec<u8>,
    subject: Name,
    issuer_der: Vec<u8>,
    issuer: Name,
    not_before: Timestamp,
    not_after: Timestamp,
    public_key: PublicKey,
    extensions: Extensions,
}

impl Certificate {
    /// Reads exactly one certificate in DER.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let mut outer = Reader::only(der, SEQUENCE)?.reader();
        let tbs = outer.expect(SEQUENCE)?.whole;
        let signature_algorithm = SignatureAlgorithm::from_der(outer.expect(SEQUENCE)?.whole)?;
        let signature = outer.bit_string()?;
        outer.end()?;
        let (_, parsed) = X509Certificate::from_der(der)
            .map_err(|error| CertificateError::Structure { reason: error.to_string() })?;
        if SignatureAlgorithm::from_der(inner_algorithm(tbs)?)? != signature_algorithm {
            return Err(CertificateError::TwoAlgorithms);
        }
        // The end of 9999 stands for no end (RFC 5280, 4.1.2.5), and time ends a day before it here.
        let moment = |seconds: i64| {
            Timestamp::from_second(seconds.min(Timestamp::MAX.as_second()))
                .map_err(|_| CertificateError::Validity)
        };
        Ok(Self(Arc::new(Parts {
            der: der.to_vec(),
            tbs: tbs.to_vec(),
            signature_algorithm,
            signature: signature.to_vec(),
            serial: parsed.raw_serial().to_vec(),
            subject_der: parsed.subject().as_raw().to_vec(),
            subject: Name::from_der(parsed.subject().as_raw())?,
            issuer_der: parsed.issuer().as_raw().to_vec(),
            issuer: Name::from_der(parsed.issuer().as_raw())?,
            not_before: moment(parsed.validity().not_before.timestamp())?,
            not_after: moment(parsed.validity().not_after.timestamp())?,
            public_key: PublicKey::from_spki_der(parsed.public_key().raw)?,
            extensions: Extensions::take(&parsed)?,
        })))
    }

    /// Reads the first CERTIFICATE block of a PEM text, whatever stands around it.
    pub fn from_pem(text: &str) -> Result<Self, CertificateError> {
        let der = pem::decode(text, &["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"]);
        Self::from_der(&der.ok_or(CertificateError::NotPem)?)
    }

    /// Reads DER, or PEM if the bytes are a text.
    pub fn from_pem_or_der(bytes: &[u8]) -> Result<Self, CertificateError> {
        match std::str::from_utf8(bytes) {
            Ok(text) if text.contains("-----BEGIN") => Self::from_pem(text),
            _ => Self::from_der(bytes),
        }
    }

    /// The bytes as received.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The same in PEM.
    pub fn pem(&self) -> String {
        pem::encode("CERTIFICATE", self.der())
    }

    /// The subject for people: `CN=… TEST,SURNAME=…,SERIALNUMBER=IIN…,C=KZ,G=…`, in the certificate's order.
    pub fn subject(&self) -> String {
        self.0.subject.to_string()
    }

    /// The issuer for people.
    pub fn issuer(&self) -> String {
        self.0.issuer.to_string()
    }

    /// The subject's Name in DER.
    pub fn subject_der(&self) -> &[u8] {
        &self.0.subject_der
    }

    /// The issuer's Name in DER.
    pub fn issuer_der(&self) -> &[u8] {
        &self.0.issuer_der
    }

    /// The first value of an attribute of the subject.
    pub fn subject_attribute(&self, oid: ObjectIdentifier) -> Option<&str> {
        self.0.subject.first(oid)
    }

    /// The subject's common name.
    pub fn common_name(&self) -> Option<&str> {
        self.subject_attribute(oid::COMMON_NAME)
    }

    /// The first value of an attribute of the issuer.
    pub fn issuer_attribute(&self, oid: ObjectIdentifier) -> Option<&str> {
        self.0.issuer.first(oid)
    }

    /// The content of the serial number's INTEGER, byte for byte, a leading zero included.
    pub fn serial(&self) -> &[u8] {
        &self.0.serial
    }

    /// The same in lowercase hex.
    pub fn serial_hex(&self) -> String {
        hex::encode(self.serial())
    }

    /// Start of the validity period, inclusive.
    pub fn not_before(&self) -> Timestamp {
        self.0.not_before
    }

    /// End of the validity period, inclusive.
    pub fn not_after(&self) -> Timestamp {
        self.0.not_after
    }

    /// The subject's key; of an algorithm that we may not know ([`PublicKey::algorithm`]).
    pub fn public_key(&self) -> &PublicKey {
        &self.0.public_key
    }

    /// What is signed, as received.
    pub fn tbs_der(&self) -> &[u8] {
        &self.0.tbs
    }

    /// The issuer's signature.
    pub fn signature(&self) -> &[u8] {
        &self.0.signature
    }

    /// The algorithm of the issuer's signature.
    pub fn signature_algorithm(&self) -> &SignatureAlgorithm {
        &self.0.signature_algorithm
    }

    /// Verifies the issuer's signature with `key`; nothing else about the issuer is looked at.
    pub fn verify_signature(&self, key: &PublicKey) -> Result<(), SignatureError> {
        self.verify_signature_under(AlgorithmPolicy::Strict, key)
    }

    /// The same under another policy.
    pub fn verify_signature_under(
        &self,
        policy: AlgorithmPolicy,
        key: &PublicKey,
    ) -> Result<(), SignatureError> {
        key.verify_under(policy, self.signature_algorithm(), self.tbs_der(), self.signature())
    }

    /// The subject, to be compared as the standard says.
    pub fn subject_name(&self) -> &Name {
        &self.0.subject
    }

    /// The issuer, to be compared as the standard says.
    pub fn issuer_name(&self) -> &Name {
        &self.0.issuer
    }

    /// Whether subject and issuer are the same name.
    pub fn is_self_issued(&self) -> bool {
        self.subject_name() == self.issuer_name()
    }

    /// What follows `IIN` in the subject's serialNumber, whatever it is; `None` if there is none or two differ.
    pub fn iin_text(&self) -> Option<&str> {
        the_only(self.0.subject.all(oid::SERIAL_NUMBER).filter_map(|v| v.strip_prefix("IIN")))
    }

    /// The person's number, its check digit not looked at.
    pub fn iin(&self) -> Option<Iin> {
        self.iin_text().and_then(|digits| Iin::parse(digits, CheckDigit::AnyDigit).ok())
    }

    /// What follows `BIN` in an organisational unit of the subject; `None` if there is none or two differ.
    pub fn bin_text(&self) -> Option<&str> {
        the_only(self.0.subject.all(oid::ORGANISATIONAL_UNIT).filter_map(|v| v.strip_prefix("BIN")))
    }

    /// The organisation's number, its check digit not looked at.
    pub fn bin(&self) -> Option<Bin> {
        self.bin_text().and_then(|digits| Bin::parse(digits, CheckDigit::AnyDigit).ok())
    }

    /// The number of the same kind as `declared`, which is what it has to be compared with.
    pub fn identifier_like(&self, declared: Identifier) -> Option<Identifier> {
        match declared {
            Identifier::Iin(_) => self.iin().map(Identifier::Iin),
            Identifier::Bin(_) => self.bin().map(Identifier::Bin),
        }
    }

    /// The key usage, if stated.
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.0.extensions.key_usage
    }

    /// The extended key usages in their order, roles included; empty if not stated.
    pub fn extended_key_usage(&self) -> &[ObjectIdentifier] {
        &self.0.extensions.extended_key_usage
    }

    /// Whether it may sign time stamps: that is the one usage stated, and stated as critical (RFC 3161, 2.3).
    pub fn is_for_timestamps(&self) -> bool {
        let extensions = &self.0.extensions;
        let may_sign =
            extensions.key_usage.is_none_or(|usage| usage.digital_signature() || usage.non_repudiation());
        may_sign
            && extensions.extended_key_usage_critical
            && extensions.extended_key_usage == [oid::TIME_STAMPING]
    }

    /// The roles among the extended key usages.
    pub fn roles(&self) -> Vec<Role> {
        self.extended_key_usage().iter().filter_map(Role::from_oid).collect()
    }

    /// Whether basicConstraints say that this is a certification centre.
    pub fn is_ca(&self) -> bool {
        self.0.extensions.ca
    }

    /// Whether its subject or issuer is a centre of the national infrastructure in production: named as one, in
    /// Kazakhstan, without the word TEST that all centres of test environments carry.
    pub fn is_of_production(&self) -> bool {
        [&self.0.subject, &self.0.issuer].into_iter().any(|name| {
            let named = |oid| name.first(oid).unwrap_or_default().to_uppercase();
            let (own, organisation) = (named(oid::COMMON_NAME), named(oid::ORGANISATION));
            let is_centre = NATIONAL_CENTRES.iter().any(|words| own.contains(words));
            let is_test = [own, organisation]
                .iter()
                .any(|name| name.split(|c: char| !c.is_alphanumeric()).any(|word| word == "TEST"));
            is_centre && !is_test
        })
    }

    /// How many centres may follow below this one, if limited.
    pub fn path_len(&self) -> Option<u32> {
        self.0.extensions.path_len
    }

    /// The subject key identifier.
    pub fn skid(&self) -> Option<&[u8]> {
        self.0.extensions.skid.as_deref()
    }

    /// The authority key identifier's key id.
    pub fn akid(&self) -> Option<&[u8]> {
        self.0.extensions.akid.as_deref()
    }

    /// Where OCSP answers are to be had.
    pub fn ocsp_urls(&self) -> &[String] {
        &self.0.extensions.ocsp_urls
    }

    /// Where the revocation list is to be had.
    pub fn crl_urls(&self) -> &[String] {
        &self.0.extensions.crl_urls
    }

    /// The points at which lists speak of it, those without an address as well.
    pub fn crl_points(&self) -> &[DistributionPoint] {
        &self.0.extensions.crl_points
    }

    /// Where the delta list is to be had (freshestCRL).
    pub fn delta_crl_urls(&self) -> &[String] {
        &self.0.extensions.delta_crl_urls
    }

    /// Where the issuer's certificate is to be had.
    pub fn ca_issuer_urls(&self) -> &[String] {
        &self.0.extensions.ca_issuer_urls
    }

    /// The points at which delta lists speak of it (freshestCRL).
    pub fn delta_crl_points(&self) -> &[DistributionPoint] {
        &self.0.extensions.delta_crl_points
    }

    /// Which policies of the issuer a centre holds equal to which of its own.
    pub fn policy_mappings(&self) -> &[(ObjectIdentifier, ObjectIdentifier)] {
        &self.0.extensions.policy_mappings
    }

    /// What a centre demands of policies below it.
    pub fn policy_constraints(&self) -> PolicyConstraints {
        self.0.extensions.policy_constraints
    }

    /// Which names certificates below a centre may have.
    pub fn name_constraints(&self) -> Option<&NameConstraints> {
        self.0.extensions.name_constraints.as_ref()
    }

    /// The subject's alternative names.
    pub fn alternative_names(&self) -> &[GeneralName] {
        &self.0.extensions.alternative_names
    }

    /// The certificate policies.
    pub fn policies(&self) -> &[ObjectIdentifier] {
        &self.0.extensions.policies
    }

    /// The e-mail addresses among the alternative names.
    pub fn emails(&self) -> &[String] {
        &self.0.extensions.emails
    }

    /// The OIDs of critical extensions that nothing here evaluates: a reason to refuse (RFC 5280, 4.2).
    pub fn unknown_critical_extensions(&self) -> &[String] {
        &self.0.extensions.unknown_critical
    }

    /// Whether it is an OCSP responder's whose own revocation need not be checked (RFC 6960, 4.2.2.2.1).
    pub fn has_ocsp_no_check(&self) -> bool {
        self.0.extensions.ocsp_no_check
    }
}

/// What a centre demands of policies below it, each after so many more certificates that are not self-issued (RFC 5280,
/// 4.2.1.11 and 4.2.1.14).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PolicyConstraints {
    /// From then on a path needs a policy.
    pub require_explicit: Option<u32>,
    /// From then on policies are not mapped.
    pub inhibit_mapping: Option<u32>,
    /// From then on anyPolicy stands for nothing.
    pub inhibit_any: Option<u32>,
}

/// What the names of national centres have in them, in either language.
const NATIONAL_CENTRES: [&str; 4] = [
    "КУӘЛАНДЫРУШЫ ОРТАЛЫҚ",
    "КУӘЛАНДЫРУШЫ ОРТАЛЫҒЫ",
    "УДОСТОВЕРЯЮЩИЙ ЦЕНТР",
    "NATIONAL CERTIFICATION AUTHORITY",
];

/// The AlgorithmIdentifier inside a TBSCertificate, in DER.
fn inner_algorithm(tbs: &[u8]) -> Result<&[u8], DerError> {
    let mut reader = Reader::only(tbs, SEQUENCE)?.reader();
    reader.optional(0xa0)?;
    reader.element()?;
    Ok(reader.expect(SEQUENCE)?.whole)
}

fn the_only<'a>(mut values: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let first = values.next()?;
    values.all(|other| other == first).then_some(first)
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der() == other.der()
    }
}

impl Eq for Certificate {}

impl std::hash::Hash for Certificate {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        // Equal certificates have equal signatures, and nothing in a certificate is more its own.
        self.0.signature.hash(state);
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({} no. {})", self.0.subject, self.serial_hex())
    }
}

#[cfg(test)]
mod tests;
