//! What a failure of the store means to whoever asked.

use signer::{Code, Problem};

use crate::StoreError;

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            error if error.is_conflict() => Code::Busy,
            // Names come from addresses and messages: a bad one is the caller's.
            StoreError::BadName { .. } => Code::InvalidValue,
            StoreError::InUse { .. } => Code::DataInUse,
            StoreError::Foreign { .. } | StoreError::Newer { .. } => Code::DataForeign,
            _ => Code::Technical,
        };
        Self::new(code).detail(error.to_string())
    }
}
