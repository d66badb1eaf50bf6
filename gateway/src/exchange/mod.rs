//! Messages between systems: receiving, passing on, sending.
//!
//! Every hop is the same. The receiver opens the envelope, makes sure who sent it, that the message comes this
//! way and was not taken before, and inspects the document as its duty says. Then it commits what it learned,
//! *then* it acknowledges. What becomes of the case is a message of its own.

mod inspect;
mod node;
mod outbox;
mod parcel;
mod payload;
mod receive;
mod records;

pub use inspect::inspect_document;
pub use node::{Delivery, Node};
pub use outbox::run as run_outbox;
pub use parcel::Parcel;
pub use payload::{
    Acknowledgement, Application, Attachment, CopyDigest, Issue, Organisation, Payload, SPECIMEN, Subject,
    service_id,
};
pub use receive::messages_router;
pub use records::{SYSTEM, SystemRecord, record, records};

/// SHA-256 in hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(ring::digest::digest(&ring::digest::SHA256, bytes))
}
