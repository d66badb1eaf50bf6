//! Revocation lists (RFC 5280, 5): written by the centre, read from anybody.

use jiff::{SignedDuration, Timestamp};

use crate::der_read::{DerError, ENUMERATED, INTEGER, OCTET_STRING, Reader, SEQUENCE};
use crate::issue::{SigningError, extension};
use crate::names::Name;
use crate::{
    Certificate, KeyPair, PublicKey, Reason, RevokedEntry, SignatureAlgorithm, SignatureError, der_write,
    oid, pem,
};

const LIFE: SignedDuration = SignedDuration::from_hours(180 * 24);

/// A revocation list as received. Made for lists of a million entries: the bytes are kept once, and beside them a
/// sorted index of eight bytes for each entry.
#[derive(Clone)]
pub struct Crl {
    der: Vec<u8>,
    tbs: std::ops::Range<usize>,
    signature_algorithm: SignatureAlgorithm,
    signature: Vec<u8>,
    issuer_der: Vec<u8>,
    issuer: Name,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    number: Option<u64>,
    akid: Option<Vec<u8>>,
    unknown_critical: Vec<String>,
    /// Start of each entry, sorted by serial; `entries_end` is where the last one ends.
    index: Vec<u32>,
}

/// Why bytes are not a revocation list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrlError {
    /// There is nothing in the file: what an issuing centre that failed half-way leaves behind.
    #[error("the revocation list is empty: no byte in it")]
    Empty,
    /// A text without an X509 CRL block.
    #[error("neither a DER revocation list nor PEM with an X509 CRL block")]
    NotPem,
    /// The encoding is broken.
    #[error("not a revocation list: {0}")]
    Der(#[from] DerError),
    /// The algorithm inside what is signed is not the one outside (RFC 5280, 5.1.1.2).
    #[error("the revocation list names two different signature algorithms")]
    TwoAlgorithms,
    /// More than four gigabytes.
    #[error("the revocation list is too long")]
    TooLong,
}

impl Crl {
    /// Reads exactly one list in DER; every entry is looked at.
    pub fn from_der(der: &[u8]) -> Result<Self, CrlError> {
        if der.is_empty() {
            return Err(CrlError::Empty);
        }
        if u32::try_from(der.len()).is_err() {
            return Err(CrlError::TooLong);
        }
        let mut outer = Reader::only(der, SEQUENCE)?.reader();
        let tbs = outer.expect(SEQUENCE)?;
        let signature_algorithm = SignatureAlgorithm::from_der(outer.expect(SEQUENCE)?.whole)?;
        let signature = outer.bit_string()?.to_vec();
        outer.end()?;

        let mut fields = tbs.reader();
        fields.optional(INTEGER)?;
        if SignatureAlgorithm::from_der(fields.expect(SEQUENCE)?.whole)? != signature_algorithm {
            return Err(CrlError::TwoAlgorithms);
        }
        let issuer_der = fields.expect(SEQUENCE)?.whole.to_vec();
        let this_update = fields.time()?;
        let next_update = match fields.peek() {
            Some(0x17 | 0x18) => Some(fields.time()?),
            _ => None,
        };
        let mut extensions = ListExtensions::default();
        let mut index = Vec::new();
        if let Some(entries) = fields.optional(SEQUENCE)? {
            let mut reader = entries.reader();
            while !reader.is_empty() {
                let entry = reader.expect(SEQUENCE)?;
                let parsed = Entry::parse(entry.reader())?;
                extensions.unknown_critical.extend(parsed.unknown_critical);
                index.push((parsed.serial, offset(der, entry.whole)));
            }
        }
        index.sort_unstable();
        let index = index.into_iter().map(|(_, start)| start).collect();
        if let Some(wrapper) = fields.optional(0xa0)? {
            extensions.read(wrapper.reader().expect(SEQUENCE)?.reader())?;
        }
        fields.end()?;
        let start = offset(der, tbs.whole) as usize;
        Ok(Self {
            tbs: start..start + tbs.whole.len(),
            signature_algorithm,
            signature,
            issuer: Name::from_der(&issuer_der)?,
            issuer_der,
            this_update,
            next_update,
            number: extensions.number,
            akid: extensions.akid,
            unknown_critical: extensions.unknown_critical,
            index,
            der: der.to_vec(),
        })
    }

    /// Reads DER, or PEM if the bytes are a text.
    pub fn from_pem_or_der(bytes: &[u8]) -> Result<Self, CrlError> {
        match std::str::from_utf8(bytes) {
            Ok(text) if text.contains("-----BEGIN") => {
                Self::from_der(&pem::decode(text, &["X509 CRL"]).ok_or(CrlError::NotPem)?)
            }
            _ => Self::from_der(bytes),
        }
    }

    /// The bytes as received.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The issuer for people.
    pub fn issuer(&self) -> String {
        self.issuer.to_string()
    }

    /// The issuer's Name in DER.
    pub fn issuer_der(&self) -> &[u8] {
        &self.issuer_der
    }

    /// The CRLNumber, if there is one below 2^64.
    pub fn number(&self) -> Option<u64> {
        self.number
    }

    /// When it was made.
    pub fn this_update(&self) -> Timestamp {
        self.this_update
    }

    /// When a newer one is due.
    pub fn next_update(&self) -> Option<Timestamp> {
        self.next_update
    }

    /// The key id of its issuer.
    pub fn akid(&self) -> Option<&[u8]> {
        self.akid.as_deref()
    }

    /// The OIDs of critical extensions, of the list or of an entry, that nothing here evaluates: it cannot be relied
    /// on then (RFC 5280, 5.2). Delta and indirect lists are among them.
    pub fn unknown_critical_extensions(&self) -> &[String] {
        &self.unknown_critical
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether nothing is revoked.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// The entry with exactly this serial (the content of its INTEGER); if there are several, the first.
    pub fn find(&self, serial: &[u8]) -> Option<RevokedEntry> {
        let at =
            self.index.partition_point(|&start| self.entry(start).is_some_and(|entry| entry.serial < serial));
        let entry = self.entry(*self.index.get(at)?)?;
        (entry.serial == serial).then(|| entry.to_owned())
    }

    /// All entries, by ascending bytes of the serial.
    pub fn entries(&self) -> impl Iterator<Item = RevokedEntry> {
        self.index.iter().filter_map(|&start| self.entry(start)).map(|entry| entry.to_owned())
    }

    /// Verifies the issuer's signature with `key`.
    pub fn verify_signature(&self, key: &PublicKey) -> Result<(), SignatureError> {
        let tbs = self.der.get(self.tbs.clone()).unwrap_or_default();
        key.verify(&self.signature_algorithm, tbs, &self.signature)
    }

    fn entry(&self, start: u32) -> Option<Entry<'_>> {
        let from = self.der.get(start as usize..)?;
        Entry::parse(Reader::new(from).sequence().ok()?).ok()
    }
}

impl std::fmt::Debug for Crl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Crl({} no. {:?}, {} entries)", self.issuer, self.number, self.len())
    }
}

struct Entry<'a> {
    serial: &'a [u8],
    at: Timestamp,
    reason: Reason,
    unknown_critical: Option<String>,
}

impl<'a> Entry<'a> {
    fn parse(mut fields: Reader<'a>) -> Result<Self, DerError> {
        let serial = fields.expect(INTEGER)?.value;
        let at = fields.time()?;
        let mut entry = Self { serial, at, reason: Reason::Unspecified, unknown_critical: None };
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
                    id if critical => entry.unknown_critical = Some(id.to_string()),
                    _ => {}
                }
            }
        }
        fields.end()?;
        Ok(entry)
    }

    fn to_owned(&self) -> RevokedEntry {
        RevokedEntry { serial: self.serial.to_vec(), at: self.at, reason: self.reason }
    }
}

#[derive(Default)]
struct ListExtensions {
    number: Option<u64>,
    akid: Option<Vec<u8>>,
    unknown_critical: Vec<String>,
}

impl ListExtensions {
    fn read(&mut self, mut reader: Reader<'_>) -> Result<(), DerError> {
        while !reader.is_empty() {
            let (id, critical, value) = read_extension(&mut reader)?;
            match id {
                oid::CRL_NUMBER => {
                    let number = Reader::only(value, INTEGER)?.value;
                    self.number = unsigned(number);
                }
                oid::AUTHORITY_KEY_ID => {
                    let mut fields = Reader::only(value, SEQUENCE)?.reader();
                    self.akid = fields.optional(0x80)?.map(|id| id.value.to_vec());
                }
                id if critical => self.unknown_critical.push(id.to_string()),
                _ => {}
            }
        }
        Ok(())
    }
}

/// OID, criticality and content of the next extension.
pub(crate) fn read_extension<'a>(
    reader: &mut Reader<'a>,
) -> Result<(const_oid::ObjectIdentifier, bool, &'a [u8]), DerError> {
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

/// Where `part` starts in `whole`, of which it is a slice.
fn offset(whole: &[u8], part: &[u8]) -> u32 {
    u32::try_from(part.as_ptr().addr().saturating_sub(whole.as_ptr().addr())).unwrap_or(u32::MAX)
}

pub(crate) fn write(
    issuer: &Certificate,
    key: &KeyPair,
    revoked: &[RevokedEntry],
    number: u64,
    this_update: Timestamp,
) -> Result<Vec<u8>, SigningError> {
    let next_update = this_update.checked_add(LIFE).unwrap_or(Timestamp::MAX);
    let identifier = SignatureAlgorithm::of(key.algorithm()).to_der();
    let entries: Vec<Vec<u8>> = revoked.iter().map(write_entry).collect();
    // The row is left out when there is nothing in it (RFC 5280, 5.1.2.6).
    let entries = if entries.is_empty() { Vec::new() } else { der_write::row(SEQUENCE, &entries) };
    let extensions = der_write::sequence(&[
        &extension::authority_key_id(issuer.public_key()),
        &extension::write(oid::CRL_NUMBER, false, &der_write::integer(number)),
    ]);
    let tbs = der_write::sequence(&[
        &der_write::integer(1),
        &identifier,
        issuer.subject_der(),
        &der_write::time(this_update),
        &der_write::time(next_update),
        &entries,
        &der_write::element(0xa0, &[&extensions]),
    ]);
    let signature = key.sign(&tbs)?;
    Ok(der_write::sequence(&[&tbs, &identifier, &der_write::bits(&signature)]))
}

fn write_entry(entry: &RevokedEntry) -> Vec<u8> {
    let extensions = match entry.reason {
        // Left out, as RFC 5280, 5.3.1 wants it.
        Reason::Unspecified => Vec::new(),
        reason => {
            let code = der_write::enumerated(reason.code());
            der_write::sequence(&[&extension::write(oid::CRL_REASON, false, &code)])
        }
    };
    let serial = der_write::integer_content(&entry.serial);
    der_write::sequence(&[&serial, &der_write::time(entry.at), &extensions])
}

#[cfg(test)]
mod tests;
