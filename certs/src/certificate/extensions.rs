//! The extensions of a certificate that some check looks at.

use const_oid::ObjectIdentifier;
use x509_parser::extensions::{GeneralName as ParsedName, ParsedExtension, X509Extension};
use x509_parser::prelude::X509Certificate;

use super::{CertificateError, KeyUsage, PolicyConstraints};
use crate::der::{DerError, INTEGER, Reader, SEQUENCE};
use crate::{DistributionPoint, GeneralName, NameConstraints, oid};

#[derive(Default)]
pub(super) struct Extensions {
    pub(super) key_usage: Option<KeyUsage>,
    pub(super) extended_key_usage: Vec<ObjectIdentifier>,
    pub(super) extended_key_usage_critical: bool,
    pub(super) ca: bool,
    pub(super) path_len: Option<u32>,
    pub(super) skid: Option<Vec<u8>>,
    pub(super) akid: Option<Vec<u8>>,
    pub(super) ocsp_urls: Vec<String>,
    pub(super) ca_issuer_urls: Vec<String>,
    pub(super) crl_points: Vec<DistributionPoint>,
    pub(super) crl_urls: Vec<String>,
    pub(super) delta_crl_points: Vec<DistributionPoint>,
    pub(super) delta_crl_urls: Vec<String>,
    pub(super) policies: Vec<ObjectIdentifier>,
    pub(super) policy_mappings: Vec<(ObjectIdentifier, ObjectIdentifier)>,
    pub(super) policy_constraints: PolicyConstraints,
    pub(super) name_constraints: Option<NameConstraints>,
    pub(super) alternative_names: Vec<GeneralName>,
    pub(super) emails: Vec<String>,
    pub(super) unknown_critical: Vec<String>,
    pub(super) ocsp_no_check: bool,
}

impl Extensions {
    pub(super) fn take(certificate: &X509Certificate<'_>) -> Result<Self, CertificateError> {
        let mut taken = Self::default();
        let mut seen = Vec::new();
        for extension in certificate.extensions() {
            if seen.contains(&&extension.oid) {
                return Err(CertificateError::DuplicateExtension { oid: extension.oid.to_id_string() });
            }
            seen.push(&extension.oid);
            taken.add(extension)?;
        }
        Ok(taken)
    }

    fn add(&mut self, extension: &X509Extension<'_>) -> Result<(), CertificateError> {
        let malformed = |_| CertificateError::Extension { oid: extension.oid.to_id_string() };
        let id = convert(&extension.oid);
        match id.map_or(Ok(false), |id| self.read(id, extension)) {
            Ok(true) => Ok(()),
            Ok(false) => self.take_parsed(extension),
            Err(error) => Err(malformed(error)),
        }
    }

    /// Reads what the parser does not read as we need it; `false` for any other extension.
    fn read(&mut self, id: ObjectIdentifier, extension: &X509Extension<'_>) -> Result<bool, DerError> {
        let value = extension.value;
        match id {
            oid::EXTENDED_KEY_USAGE => {
                self.extended_key_usage = oids(value)?;
                self.extended_key_usage_critical = extension.critical;
            }
            oid::CRL_DISTRIBUTION_POINTS => {
                self.crl_points = DistributionPoint::read_all(value)?;
                self.crl_urls = urls(&self.crl_points);
            }
            oid::FRESHEST_CRL => {
                self.delta_crl_points = DistributionPoint::read_all(value)?;
                self.delta_crl_urls = urls(&self.delta_crl_points);
            }
            oid::CERTIFICATE_POLICIES => self.policies = policies(value)?,
            oid::POLICY_MAPPINGS => self.policy_mappings = mappings(value)?,
            oid::POLICY_CONSTRAINTS => {
                let mut fields = Reader::only(value, SEQUENCE)?.reader();
                self.policy_constraints.require_explicit = skip_certs(fields.optional(0x80)?)?;
                self.policy_constraints.inhibit_mapping = skip_certs(fields.optional(0x81)?)?;
                fields.end()?;
            }
            oid::INHIBIT_ANY_POLICY => {
                self.policy_constraints.inhibit_any = skip_certs(Some(Reader::only(value, INTEGER)?))?;
            }
            oid::NAME_CONSTRAINTS => self.name_constraints = Some(NameConstraints::read(value)?),
            oid::SUBJECT_ALT_NAME => {
                self.alternative_names = GeneralName::read_all(Reader::only(value, SEQUENCE)?.reader())?;
                self.emails.extend(self.alternative_names.iter().filter_map(|name| match name {
                    GeneralName::Email(email) => Some(email.clone()),
                    _ => None,
                }));
            }
            oid::OCSP_NO_CHECK => self.ocsp_no_check = true,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn take_parsed(&mut self, extension: &X509Extension<'_>) -> Result<(), CertificateError> {
        match extension.parsed_extension() {
            ParsedExtension::KeyUsage(usage) => self.key_usage = Some(KeyUsage::from_flags(usage.flags)),
            ParsedExtension::BasicConstraints(constraints) => {
                self.ca = constraints.ca;
                self.path_len = constraints.path_len_constraint;
            }
            ParsedExtension::SubjectKeyIdentifier(id) => self.skid = Some(id.0.to_vec()),
            ParsedExtension::AuthorityKeyIdentifier(id) => {
                self.akid = id.key_identifier.as_ref().map(|id| id.0.to_vec());
            }
            ParsedExtension::AuthorityInfoAccess(access) => {
                for description in access.iter() {
                    let ParsedName::URI(url) = description.access_location else { continue };
                    match convert(&description.access_method) {
                        Some(oid::AD_OCSP) => self.ocsp_urls.push(url.to_owned()),
                        Some(oid::AD_CA_ISSUERS) => self.ca_issuer_urls.push(url.to_owned()),
                        _ => {}
                    }
                }
            }
            ParsedExtension::ParseError { .. } => {
                return Err(CertificateError::Extension { oid: extension.oid.to_id_string() });
            }
            _ if extension.critical => self.unknown_critical.push(extension.oid.to_id_string()),
            _ => {}
        }
        Ok(())
    }
}

fn oids(value: &[u8]) -> Result<Vec<ObjectIdentifier>, DerError> {
    let mut reader = Reader::only(value, SEQUENCE)?.reader();
    let mut oids = Vec::new();
    while !reader.is_empty() {
        oids.push(reader.oid()?);
    }
    Ok(oids)
}

/// The OIDs of the policies (RFC 5280, 4.2.1.4); their qualifiers are for people.
fn policies(value: &[u8]) -> Result<Vec<ObjectIdentifier>, DerError> {
    let mut row = Reader::only(value, SEQUENCE)?.reader();
    let mut policies = Vec::new();
    while !row.is_empty() {
        policies.push(row.sequence()?.oid()?);
    }
    Ok(policies)
}

/// Pairs of a policy of the issuer and one of the subject (RFC 5280, 4.2.1.5).
fn mappings(value: &[u8]) -> Result<Vec<(ObjectIdentifier, ObjectIdentifier)>, DerError> {
    let mut row = Reader::only(value, SEQUENCE)?.reader();
    let mut mappings = Vec::new();
    while !row.is_empty() {
        let mut pair = row.sequence()?;
        mappings.push((pair.oid()?, pair.oid()?));
        pair.end()?;
    }
    Ok(mappings)
}

/// A number of certificates; one beyond any path is as good as the largest.
fn skip_certs(element: Option<crate::der::Element<'_>>) -> Result<Option<u32>, DerError> {
    let Some(element) = element else { return Ok(None) };
    match element.value {
        [] | [0x80..=0xff, ..] => Err(DerError::Value { what: "a number of certificates" }),
        digits => Ok(Some(
            digits
                .iter()
                .fold(0, |sum: u32, &digit| sum.saturating_mul(256).saturating_add(u32::from(digit))),
        )),
    }
}

fn urls(points: &[DistributionPoint]) -> Vec<String> {
    points.iter().flat_map(DistributionPoint::urls).map(str::to_owned).collect()
}

fn convert(oid: &x509_parser::der_parser::asn1_rs::Oid<'_>) -> Option<ObjectIdentifier> {
    ObjectIdentifier::from_bytes(oid.as_bytes()).ok()
}
