//! Why a register did not do what was asked of it.

use signer::{Code, Problem};

use super::population::PlanError;
use super::transfer::ImportError;
use crate::StoreError;

/// A failure of the people database or the notary registry. That somebody is not found is none.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file was refused as a whole.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// There is no such population.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Making everything anew would lose what was imported.
    #[error("{imported} imported records would be lost")]
    Imported {
        /// How many there are.
        imported: usize,
    },
    /// A record cannot be written down.
    #[error("the records cannot be written: {0}")]
    Unwritable(#[from] serde_json::Error),
}

impl From<RegisterError> for Problem {
    fn from(error: RegisterError) -> Self {
        let problem = |code| Self::new(code).detail(error.to_string());
        match &error {
            RegisterError::Store(store) => store.clone().into(),
            RegisterError::Import(ImportError::TooLarge { .. } | ImportError::TooMany) => {
                problem(Code::BodyTooLarge)
            }
            RegisterError::Import(ImportError::Faults(faults)) => {
                problem(Code::InvalidValue).fact("faults", faults)
            }
            RegisterError::Plan(_) => problem(Code::InvalidValue),
            RegisterError::Imported { .. } => {
                let mut problem = problem(Code::InvalidValue);
                "export them first, or say that they may be replaced".clone_into(&mut problem.hint);
                problem
            }
            RegisterError::Unwritable(_) => problem(Code::Technical),
        }
    }
}
