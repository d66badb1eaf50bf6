//! Revocation lists (RFC 5280, 5): written by the centre, read from anybody.

mod entry;
mod index;
mod issuers;
mod kept;
mod write;

use std::io;
use std::ops::Range;

use jiff::Timestamp;

use crate::der::{DerError, INTEGER, Reader, SEQUENCE};
use crate::{
    AlgorithmPolicy, ListScope, Name, PublicKey, RevokedEntry, SignatureAlgorithm, SignatureError, pem,
};

pub(crate) use entry::read_extension;
use entry::{Base, Entry, ListExtensions};
use index::Index;
use issuers::Issuers;
use kept::Kept;
pub(crate) use write::{Extent, ListDraft, write};

/// An entry is looked for in so many bytes first: most have forty, with a reason fifty.
const ROOM: usize = 256;
/// Then in so many, before all that is left of the list.
const MORE_ROOM: usize = 64 << 10;

/// A revocation list as received. Made for lists of a million entries: the bytes are kept once, those of a large list
/// (from 1 MiB on) in a temporary file, and beside them a sorted index of eight bytes for each entry.
#[derive(Clone)]
pub struct Crl {
    kept: Kept,
    length: usize,
    tbs: Range<usize>,
    /// Where the entries are.
    entries: Range<usize>,
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
    issuers: Issuers,
    unknown_critical: Vec<String>,
    index: Index,
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
    /// A large list could not be read back from where it was put.
    #[error("the revocation list cannot be read from its temporary file: {0}")]
    File(io::ErrorKind),
}

impl From<io::Error> for CrlError {
    fn from(error: io::Error) -> Self {
        Self::File(error.kind())
    }
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
        let (mut index, mut naming, mut entries) = (Index::default(), issuers::Reading::default(), 0..0);
        if let Some(row) = fields.optional(SEQUENCE)? {
            let mut reader = row.reader();
            let end = offset(der, row.whole) as usize + row.whole.len();
            entries = end - row.value.len()..end;
            while !reader.is_empty() {
                let entry = reader.expect(SEQUENCE)?;
                let start = offset(der, entry.whole);
                let entry = Entry::parse(entry.reader())?;
                if let Some(oid) = entry.unknown_critical {
                    extensions.not_understood(oid);
                }
                if let Some(names) = entry.issuer {
                    naming.add(start, names)?;
                }
                index.add(entry.serial, start);
            }
        }
        index.finish();
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
            issuers: naming.finish(),
            unknown_critical: extensions.unknown_critical,
            index,
            entries,
            kept: Kept::new(der),
            length: der.len(),
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

    /// The bytes as received, in DER.
    ///
    /// # Errors
    /// [`CrlError::File`].
    pub fn to_der(&self) -> Result<Vec<u8>, CrlError> {
        Ok(self.kept.range(0..self.length)?.into_owned())
    }

    /// The same in PEM.
    ///
    /// # Errors
    /// [`CrlError::File`].
    pub fn to_pem(&self) -> Result<String, CrlError> {
        Ok(pem::encode("X509 CRL", &self.to_der()?))
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

    /// The OIDs of critical extensions, of the list or of its entries, that nothing here evaluates, or the first few of
    /// them: it cannot be relied on then (RFC 5280, 5.2).
    pub fn unknown_critical_extensions(&self) -> &[String] {
        &self.unknown_critical
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether nothing is revoked.
    pub fn is_empty(&self) -> bool {
        self.index.len() == 0
    }

    /// The entry on a certificate by the list's issuer with exactly this serial (the content of its INTEGER); if there
    /// are several, the first.
    ///
    /// # Errors
    /// [`CrlError::File`]: whether there is one is not known then.
    pub fn find(&self, serial: &[u8]) -> Result<Option<RevokedEntry>, CrlError> {
        self.find_of(&self.issuer, serial)
    }

    /// The same of a certificate by `issuer`, whom an indirect list may speak of as well.
    ///
    /// # Errors
    /// [`CrlError::File`].
    pub fn find_of(&self, issuer: &Name, serial: &[u8]) -> Result<Option<RevokedEntry>, CrlError> {
        for start in self.index.of(serial) {
            if self.issuers.at(start).unwrap_or(&self.issuer) != issuer {
                continue;
            }
            let found =
                self.entry(start as usize, |entry, _| (entry.serial == serial).then(|| entry.to_owned()))?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// All entries, in their order.
    pub fn entries(&self) -> impl Iterator<Item = Result<RevokedEntry, CrlError>> {
        let mut rest = self.entries.clone();
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let read = self.entry(rest.start, |entry, length| (entry.to_owned(), length));
            rest.start = read.as_ref().map_or(rest.end, |(_, length)| rest.start + length);
            Some(read.map(|(entry, _)| entry))
        })
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
        let tbs =
            self.kept.range(self.tbs.clone()).map_err(|error| SignatureError::Unreadable(error.kind()))?;
        key.verify_under(policy, &self.signature_algorithm, &tbs, &self.signature)
    }

    /// What there is to say of the entry that starts there, and of its length.
    fn entry<T>(&self, start: usize, say: impl FnOnce(&Entry<'_>, usize) -> T) -> Result<T, CrlError> {
        let left = self.entries.end.saturating_sub(start);
        let mut room = [0; ROOM];
        let mut more: Vec<u8>;
        let mut read = self.kept.from(start, &mut room)?;
        for size in [MORE_ROOM, left] {
            if read.len() < left && matches!(Reader::new(read).element(), Err(DerError::Truncated)) {
                more = vec![0; size];
                read = self.kept.from(start, &mut more)?;
            }
        }
        if read.is_empty() {
            return Err(CrlError::File(io::ErrorKind::UnexpectedEof));
        }
        let whole = Reader::new(read).expect(SEQUENCE)?;
        Ok(say(&Entry::parse(whole.reader())?, whole.whole.len()))
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
