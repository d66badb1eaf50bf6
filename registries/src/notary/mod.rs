//! The notary registry (ЕНИС): powers of attorney.
//!
//! **No message or field list of the real one is public: this registry and its shapes are an invention of ours**, and
//! their documentation and answers say so. [`Notary`] keeps it in the store; that a power of attorney is not there is
//! an answer and no failure. What a register of powers answers is not yet whether one may act on it: see
//! [`PowerOfAttorney::serves`].

mod http;
mod power;
mod registry;
pub mod service;

pub use http::{Desk, router};
pub use power::{Certified, PowerOfAttorney, PowerState, PowerStatus};
pub use registry::Notary;
