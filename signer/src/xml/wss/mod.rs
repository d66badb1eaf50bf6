//! WS-Security of SOAP 1.1 messages: one signature over the Body (WS-Security 1.0, X.509 token profile 1.0).

mod message;
mod sign;
mod verify;

pub use sign::{sign, sign_as};
pub use verify::{VerifiedMessage, verify};
