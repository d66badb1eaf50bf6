//! Entries and extensions of a list.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;

use crate::der::{DerError, ENUMERATED, INTEGER, OCTET_STRING, Reader, SEQUENCE};
use crate::{DistributionPoint, ListScope, Reason, RevokedEntry, oid};

/// So many critical extensions that are not understood are named; each entry may have others.
const MOST_NAMED: usize = 8;

pub(super) struct Entry<'a> {
    pub(super) serial: &'a [u8],
    pub(super) at: Timestamp,
    pub(super) reason: Reason,
    /// The names of who issued this and the following certificates, where an indirect list says so.
    pub(super) issuer: Option<&'a [u8]>,
    pub(super) unknown_critical: Option<ObjectIdentifier>,
}

impl<'a> Entry<'a> {
    pub(super) fn parse(mut fields: Reader<'a>) -> Result<Self, DerError> {
        let serial = fields.expect(INTEGER)?.value;
        let at = fields.time()?;
        let mut entry =
            Self { serial, at, reason: Reason::Unspecified, issuer: None, unknown_critical: None };
        if let Some(extensions) = fields.optional(SEQUENCE)? {
            let mut reader = extensions.reader();
            while !reader.is_empty() {
                let (id, critical, value) = read_extension(&mut reader)?;
                match id {
                    oid::CRL_REASON => {
                        let code = Reader::only(value, ENUMERATED)?.value;
                        let &[code] = code else { return Err(DerError::Value { what: "a reason" }) };
                        entry.reason = Reason::from_code(code).ok_or(DerError::Value { what: "a reason" })?;
                    }
                    oid::CERTIFICATE_ISSUER => entry.issuer = Some(Reader::only(value, SEQUENCE)?.value),
                    id if critical => entry.unknown_critical = Some(id),
                    _ => {}
                }
            }
        }
        fields.end()?;
        Ok(entry)
    }

    pub(super) fn to_owned(&self) -> RevokedEntry {
        RevokedEntry { serial: self.serial.to_vec(), at: self.at, reason: self.reason }
    }
}

/// What a delta list is to be added to.
#[derive(Clone, Copy)]
pub(super) struct Base {
    /// The number of the oldest list that it fits, if it is below 2^64.
    pub(super) number: Option<u64>,
}

#[derive(Default)]
pub(super) struct ListExtensions {
    pub(super) number: Option<u64>,
    pub(super) base: Option<Base>,
    pub(super) akid: Option<Vec<u8>>,
    pub(super) scope: Option<ListScope>,
    pub(super) delta_urls: Vec<String>,
    pub(super) unknown_critical: Vec<String>,
}

impl ListExtensions {
    pub(super) fn read(&mut self, mut reader: Reader<'_>) -> Result<(), DerError> {
        while !reader.is_empty() {
            let (id, critical, value) = read_extension(&mut reader)?;
            match id {
                oid::CRL_NUMBER => {
                    let number = Reader::only(value, INTEGER)?.value;
                    self.number = unsigned(number);
                }
                oid::DELTA_CRL => {
                    let number = unsigned(Reader::only(value, INTEGER)?.value);
                    self.base = Some(Base { number });
                }
                oid::ISSUING_DISTRIBUTION_POINT => self.scope = Some(ListScope::read(value)?),
                oid::FRESHEST_CRL => {
                    let points = DistributionPoint::read_all(value)?;
                    self.delta_urls =
                        points.iter().flat_map(DistributionPoint::urls).map(str::to_owned).collect();
                }
                oid::AUTHORITY_KEY_ID => {
                    let mut fields = Reader::only(value, SEQUENCE)?.reader();
                    self.akid = fields.optional(0x80)?.map(|id| id.value.to_vec());
                }
                id if critical => self.not_understood(id),
                _ => {}
            }
        }
        Ok(())
    }

    /// Takes down that there is a critical extension that nothing here evaluates.
    pub(super) fn not_understood(&mut self, id: ObjectIdentifier) {
        if self.unknown_critical.len() < MOST_NAMED {
            let id = id.to_string();
            if !self.unknown_critical.contains(&id) {
                self.unknown_critical.push(id);
            }
        }
    }
}

/// OID, criticality and content of the next extension.
pub(crate) fn read_extension<'a>(
    reader: &mut Reader<'a>,
) -> Result<(ObjectIdentifier, bool, &'a [u8]), DerError> {
    let mut fields = reader.sequence()?;
    let id = fields.oid()?;
    let critical = fields.optional(0x01)?.is_some_and(|flag| flag.value != [0]);
    let value = fields.expect(OCTET_STRING)?.value;
    fields.end()?;
    Ok((id, critical, value))
}

fn unsigned(content: &[u8]) -> Option<u64> {
    let zeros = content.iter().take_while(|&&b| b == 0).count();
    let significant = content.get(zeros..)?;
    if significant.len() > 8 || content.first().is_some_and(|&b| b >= 0x80) {
        return None;
    }
    Some(significant.iter().fold(0, |sum, &b| (sum << 8) | u64::from(b)))
}
