//! OCSP (RFC 6960): what both sides say to each other.
//!
//! [`request`] asks and [`BasicResponse`] is the answer; the centre's side is
//! [`Authority::ocsp_respond`](crate::Authority::ocsp_respond).

mod certid;
mod request;
mod response;

use crate::der::DerError;

pub use certid::{CertId, CertIdHash};
pub use request::{OcspRequest, request};
pub use response::{BasicResponse, ResponderId, Response, ResponseStatus, SingleResponse};
pub(crate) use response::{failure, success};

/// Why bytes are no OCSP message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OcspError {
    /// The encoding is broken.
    #[error("not an OCSP message: {0}")]
    Der(#[from] DerError),
    /// The response is of a kind other than the basic one.
    #[error("an OCSP response of type {oid} is not supported")]
    OtherType {
        /// Its type.
        oid: const_oid::ObjectIdentifier,
    },
    /// A code that RFC 6960 does not know.
    #[error("unknown OCSP response status {code}")]
    UnknownStatus {
        /// The code.
        code: u8,
    },
    /// A certificate in the response cannot be read.
    #[error("a certificate in the OCSP response cannot be read: {0}")]
    Certificate(#[from] crate::CertificateError),
    /// A critical extension that nothing here evaluates.
    #[error("the OCSP message has the critical extension {oid}, which is not evaluated")]
    CriticalExtension {
        /// Its OID.
        oid: const_oid::ObjectIdentifier,
    },
}

#[cfg(test)]
mod tests;
