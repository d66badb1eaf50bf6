//! DER (X.690) as this field needs it: for keys, revocation lists with a million entries, and messages whose signed
//! bytes must be taken as received.
//!
//! Identifier octets are written as numbers: `0xa0` is context-specific, constructed, number 0; `0x80` the same
//! primitive. Tags of more than one byte do not occur here and are refused.
//!
//! ```
//! use certs::der::{self, OCTET_STRING, Reader, SEQUENCE};
//!
//! let written = der::sequence(&[&der::integer(1), &der::octets(b"text")]);
//! let mut fields = Reader::only(&written, SEQUENCE)?.reader();
//! fields.expect(der::INTEGER)?;
//! assert_eq!(fields.expect(OCTET_STRING)?.value, b"text");
//! fields.end()?;
//! # Ok::<(), der::DerError>(())
//! ```

mod ber;
mod read;
mod write;

pub use ber::from_ber;
pub(crate) use ber::from_ber_with_encrypted;
pub use read::{
    BIT_STRING, DerError, ENUMERATED, Element, INTEGER, OCTET_STRING, OID, Reader, SEQUENCE, SET,
};
pub use write::{
    bits, element, enumerated, generalized_time, identifier_with_null, integer, integer_content, octets, oid,
    positive, row, sequence, set_of, time,
};
