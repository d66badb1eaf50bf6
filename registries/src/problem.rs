//! What a failure of the store means to whoever asked.

use signer::{Code, Problem};

use crate::StoreError;

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            error if error.is_conflict() => Code::Busy,
            // Names come from addresses and messages: a bad one is the caller's.
            StoreError::BadName { .. } | StoreError::BadAddress { .. } | StoreError::Unfit { .. } => {
                Code::InvalidValue
            }
            StoreError::WorldGone { .. } => Code::WorldGone,
            StoreError::InUse { .. } => Code::DataInUse,
            StoreError::Foreign { .. } | StoreError::Newer { .. } => Code::DataForeign,
            StoreError::Unreachable { .. } => Code::Unreachable,
            _ => Code::Technical,
        };
        let mut problem = Self::new(code).detail(error.to_string());
        if let Some(hint) = hint(&error) {
            hint.clone_into(&mut problem.hint);
        }
        problem
    }
}

/// What to do about a database server, where the code's own hint speaks of something else.
fn hint(error: &StoreError) -> Option<&'static str> {
    match error {
        StoreError::BadAddress { .. } => {
            Some("write it as postgres://USER:PASSWORD@HOST:PORT/NAME, or leave --database out")
        }
        StoreError::Unreachable { .. } => Some(
            "start the PostgreSQL server, make the database, and check host, user and password in --database",
        ),
        StoreError::Unfit { .. } => {
            Some("change the server's settings, take another database with --database, or leave it out")
        }
        _ => None,
    }
}
