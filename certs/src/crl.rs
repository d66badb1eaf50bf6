//! Revocation lists (RFC 5280, 5): written by the centre, read from anybody.

mod entry;
mod write;

use jiff::Timestamp;

use crate::der::{DerError, INTEGER, Reader, SEQUENCE};
use crate::{
    AlgorithmPolicy, ListScope, Name, PublicKey, RevokedEntry, SignatureAlgorithm, SignatureError, pem,
};

pub(crate) use entry::read_extension;
use entry::{Base, Entry, ListExtensions};
pub(crate) use write::{Extent, ListDraft, write};

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
    base: Option<Base>,
    akid: Option<Vec<u8>>,
    scope: Option<ListScope>,
    delta_urls: Vec<String>,
    /// From which entry on certificates are whose; entries before the first are the list's own issuer's.
    issuers: Vec<(u32, Name)>,
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
        let (mut index, mut issuers) = (Vec::new(), Vec::new());
        if let Some(entries) = fields.optional(SEQUENCE)? {
            let mut reader = entries.reader();
            while !reader.is_empty() {
                let entry = reader.expect(SEQUENCE)?;
                let parsed = Entry::parse(entry.reader())?;
                extensions.unknown_critical.extend(parsed.unknown_critical);
                issuers.extend(parsed.issuer.map(|issuer| (offset(der, entry.whole), issuer)));
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
            base: extensions.base,
            akid: extensions.akid,
            scope: extensions.scope,
            delta_urls: extensions.delta_urls,
            issuers,
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

    /// The same in PEM.
    pub fn pem(&self) -> String {
        pem::encode("X509 CRL", &self.der)
    }

    /// The issuer for people.
    pub fn issuer(&self) -> String {
        self.issuer.to_string()
    }

    /// The issuer, to be compared as the standard says.
    pub fn issuer_name(&self) -> &Name {
        &self.issuer
    }

    /// What it speaks of, if it says so (RFC 5280, 5.2.5).
    pub fn scope(&self) -> Option<&ListScope> {
        self.scope.as_ref()
    }

    /// Where the delta list is to be had that adds to this one (freshestCRL; RFC 5280, 5.2.6).
    pub fn delta_crl_urls(&self) -> &[String] {
        &self.delta_urls
    }

    /// Whether entries name other issuers, as only those of an indirect list may.
    pub fn names_other_issuers(&self) -> bool {
        !self.issuers.is_empty()
    }

    /// The issuer's Name in DER.
    pub fn issuer_der(&self) -> &[u8] {
        &self.issuer_der
    }

    /// The CRLNumber, if there is one below 2^64.
    pub fn number(&self) -> Option<u64> {
        self.number
    }

    /// Whether it only says what changed since another list (RFC 5280, 5.2.4): alone it says nothing of most
    /// certificates.
    pub fn is_delta(&self) -> bool {
        self.base.is_some()
    }

    /// The number of the oldest list that a delta list can be added to, if it is below 2^64.
    pub fn base_number(&self) -> Option<u64> {
        self.base.and_then(|base| base.number)
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
    /// on then (RFC 5280, 5.2).
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

    /// The entry on a certificate by the list's issuer with exactly this serial (the content of its INTEGER); if there
    /// are several, the first.
    pub fn find(&self, serial: &[u8]) -> Option<RevokedEntry> {
        self.find_of(&self.issuer, serial)
    }

    /// The same of a certificate by `issuer`, whom an indirect list may speak of as well.
    pub fn find_of(&self, issuer: &Name, serial: &[u8]) -> Option<RevokedEntry> {
        let from =
            self.index.partition_point(|&start| self.entry(start).is_some_and(|entry| entry.serial < serial));
        self.index
            .get(from..)?
            .iter()
            .map_while(|&start| {
                let entry = self.entry(start).filter(|entry| entry.serial == serial)?;
                Some((start, entry))
            })
            .find(|&(start, _)| self.issuer_of(start) == issuer)
            .map(|(_, entry)| entry.to_owned())
    }

    /// Whose certificate the entry that starts there speaks of.
    fn issuer_of(&self, start: u32) -> &Name {
        let after = self.issuers.partition_point(|(from, _)| *from <= start);
        after.checked_sub(1).and_then(|last| self.issuers.get(last)).map_or(&self.issuer, |(_, name)| name)
    }

    /// All entries, by ascending bytes of the serial.
    pub fn entries(&self) -> impl Iterator<Item = RevokedEntry> {
        self.index.iter().filter_map(|&start| self.entry(start)).map(|entry| entry.to_owned())
    }

    /// Verifies the issuer's signature with `key`.
    pub fn verify_signature(&self, key: &PublicKey) -> Result<(), SignatureError> {
        self.verify_signature_under(AlgorithmPolicy::Strict, key)
    }

    /// The same under another policy.
    pub fn verify_signature_under(
        &self,
        policy: AlgorithmPolicy,
        key: &PublicKey,
    ) -> Result<(), SignatureError> {
        let tbs = self.der.get(self.tbs.clone()).unwrap_or_default();
        key.verify_under(policy, &self.signature_algorithm, tbs, &self.signature)
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

/// Where `part` starts in `whole`, of which it is a slice.
fn offset(whole: &[u8], part: &[u8]) -> u32 {
    u32::try_from(part.as_ptr().addr().saturating_sub(whole.as_ptr().addr())).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
