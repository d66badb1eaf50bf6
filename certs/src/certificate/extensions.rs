//! The extensions of a certificate that some check looks at.

use const_oid::ObjectIdentifier;
use x509_parser::extensions::{DistributionPointName, GeneralName, ParsedExtension, X509Extension};
use x509_parser::prelude::X509Certificate;

use super::{CertificateError, KeyUsage};
use crate::der::{DerError, Reader, SEQUENCE};
use crate::oid;

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
    pub(super) crl_urls: Vec<String>,
    pub(super) delta_crl_urls: Vec<String>,
    pub(super) policies: Vec<ObjectIdentifier>,
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
        let malformed = || CertificateError::Extension { oid: extension.oid.to_id_string() };
        match extension.parsed_extension() {
            ParsedExtension::KeyUsage(usage) => self.key_usage = Some(KeyUsage::from_flags(usage.flags)),
            ParsedExtension::ExtendedKeyUsage(_) => {
                self.extended_key_usage = oids(extension.value).map_err(|_| malformed())?;
                self.extended_key_usage_critical = extension.critical;
            }
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
                    let GeneralName::URI(url) = description.access_location else { continue };
                    match convert(&description.access_method) {
                        Some(oid::AD_OCSP) => self.ocsp_urls.push(url.to_owned()),
                        Some(oid::AD_CA_ISSUERS) => self.ca_issuer_urls.push(url.to_owned()),
                        _ => {}
                    }
                }
            }
            ParsedExtension::CRLDistributionPoints(points) => {
                let names = points.iter().filter_map(|point| match &point.distribution_point {
                    Some(DistributionPointName::FullName(names)) => Some(names),
                    _ => None,
                });
                self.crl_urls.extend(names.flatten().filter_map(|name| match name {
                    GeneralName::URI(url) => Some((*url).to_owned()),
                    _ => None,
                }));
            }
            ParsedExtension::CertificatePolicies(policies) => {
                self.policies = policies.iter().filter_map(|policy| convert(&policy.policy_id)).collect();
            }
            ParsedExtension::SubjectAlternativeName(names) => {
                self.emails.extend(names.general_names.iter().filter_map(|name| match name {
                    GeneralName::RFC822Name(email) => Some((*email).to_owned()),
                    _ => None,
                }));
            }
            ParsedExtension::ParseError { .. } => return Err(malformed()),
            _ if convert(&extension.oid) == Some(oid::OCSP_NO_CHECK) => self.ocsp_no_check = true,
            _ if convert(&extension.oid) == Some(oid::FRESHEST_CRL) => {
                self.delta_crl_urls = full_names(extension.value).map_err(|_| malformed())?;
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

/// The URLs of distribution points (RFC 5280, 4.2.1.13) that are named in full.
fn full_names(value: &[u8]) -> Result<Vec<String>, DerError> {
    let mut points = Reader::only(value, SEQUENCE)?.reader();
    let mut urls = Vec::new();
    while !points.is_empty() {
        let Some(point) = points.sequence()?.optional(0xa0)? else { continue };
        let Some(names) = point.reader().optional(0xa0)? else { continue };
        let mut names = names.reader();
        while !names.is_empty() {
            let name = names.element()?;
            if name.tag == 0x86 {
                urls.push(String::from_utf8_lossy(name.value).into_owned());
            }
        }
    }
    Ok(urls)
}

fn convert(oid: &x509_parser::der_parser::asn1_rs::Oid<'_>) -> Option<ObjectIdentifier> {
    ObjectIdentifier::from_bytes(oid.as_bytes()).ok()
}
