//! Records: JSON under a kind and a key.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::StoreError;

/// One stored record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The key within its kind.
    pub key: String,
    /// Grows with every write, also across a deletion: a key never has the same version twice.
    /// Versions are not consecutive.
    pub version: u64,
    /// The JSON as it was put.
    pub body: String,
}

impl Record {
    /// Reads the body as a `T`; [`StoreError::Malformed`] when it is not one.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, StoreError> {
        serde_json::from_str(&self.body)
            .map_err(|source| StoreError::Malformed { key: self.key.clone(), source: Arc::new(source) })
    }

    /// Reads the body and keeps key and version beside it.
    pub fn into_versioned<T: DeserializeOwned>(self) -> Result<Versioned<T>, StoreError> {
        let value = self.parse()?;
        Ok(Versioned { key: self.key, version: self.version, value })
    }
}

/// A record whose body has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned<T> {
    /// The key within its kind.
    pub key: String,
    /// The version to expect in the next write, see [`Record::version`].
    pub version: u64,
    /// The record itself.
    pub value: T,
}

/// Which part of a kind's records to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Only keys that start with this; empty for all.
    pub prefix: String,
    /// Only keys after this one: the last key of the page before.
    pub after: Option<String>,
    /// At most so many records.
    pub limit: usize,
}

impl Page {
    /// The first `limit` records.
    pub fn first(limit: usize) -> Self {
        Self { prefix: String::new(), after: None, limit }
    }

    /// Every record. For kinds that are known to be small.
    pub fn all() -> Self {
        Self::first(usize::MAX)
    }

    /// Only keys that start with `prefix`.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Only keys after `key`.
    pub fn after(mut self, key: impl Into<String>) -> Self {
        self.after = Some(key.into());
        self
    }
}
