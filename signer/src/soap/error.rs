//! Why a SOAP message is not taken.

use crate::xml::XmlError;
use crate::{Code, Problem};

/// Why a SOAP message is not read or not written. Each has a stable [`Code`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SoapError {
    /// The XML, the SOAP message or its signature.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// The Body holds something else than one element that is known here.
    #[error("the Body holds {found}; it is to hold {wanted}")]
    Operation {
        /// What it holds.
        found: String,
        /// What it is to hold.
        wanted: String,
    },
    /// An element is missing.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// An element that stands once stands twice.
    #[error("`{0}` stands there twice")]
    Twice(String),
    /// A value does not have its form.
    #[error("`{field}` is {what}")]
    Value {
        /// The element.
        field: String,
        /// What it is instead.
        what: String,
    },
}

impl From<SoapError> for Problem {
    fn from(error: SoapError) -> Self {
        match error {
            SoapError::Xml(error) => error.into(),
            error => Self::new(Code::EnvelopeMalformed).detail(error.to_string()),
        }
    }
}
