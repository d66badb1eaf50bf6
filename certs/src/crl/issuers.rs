//! Whose certificates the entries of an indirect list speak of (RFC 5280, 5.3.3).

use std::collections::HashMap;

use crate::der::{DerError, Reader};
use crate::{GeneralName, Name};

/// From which entry on certificates are whose; those before the first are the list's own issuer's. Eight bytes for
/// each entry that names somebody, and each name once.
#[derive(Clone, Default)]
pub(super) struct Issuers {
    /// Where the entry starts, and which of the names it has.
    named: Vec<(u32, u32)>,
    names: Vec<Name>,
}

/// While they are read: the names that are known already, as they are encoded.
#[derive(Default)]
pub(super) struct Reading<'a> {
    known: HashMap<&'a [u8], u32>,
    read: Issuers,
}

impl<'a> Reading<'a> {
    /// The content of an entry's certificateIssuer.
    pub(super) fn add(&mut self, start: u32, names: &'a [u8]) -> Result<(), DerError> {
        let which = match self.known.get(names) {
            Some(&which) => which,
            None => self.learn(names)?,
        };
        if self.read.named.last().is_none_or(|&(_, last)| last != which) {
            self.read.named.push((start, which));
        }
        Ok(())
    }

    fn learn(&mut self, names: &'a [u8]) -> Result<u32, DerError> {
        let malformed = DerError::Value { what: "a certificate's issuer" };
        let name = GeneralName::read_all(Reader::new(names))?.into_iter().find_map(|name| match name {
            GeneralName::Directory(name) => Some(name),
            _ => None,
        });
        let which = u32::try_from(self.read.names.len()).map_err(|_| malformed)?;
        self.read.names.push(name.ok_or(malformed)?);
        self.known.insert(names, which);
        Ok(which)
    }

    pub(super) fn finish(mut self) -> Issuers {
        self.read.named.shrink_to_fit();
        self.read
    }
}

impl Issuers {
    pub(super) fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

    #[cfg(test)]
    pub(super) fn names(&self) -> usize {
        self.names.len()
    }

    /// Whose certificate the entry that starts there speaks of; nobody named, then the list's own issuer's.
    pub(super) fn at(&self, start: u32) -> Option<&Name> {
        let after = self.named.partition_point(|&(from, _)| from <= start);
        let &(_, which) = self.named.get(after.checked_sub(1)?)?;
        self.names.get(which as usize)
    }
}
