//! What a failure of the store means to whoever asked.

use signer::{Code, Problem};

use crate::StoreError;

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let code = if error.is_conflict() { Code::Busy } else { Code::Technical };
        Self::new(code).detail(error.to_string())
    }
}
