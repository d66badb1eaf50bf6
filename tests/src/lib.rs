//! A town of systems for stories: a sandbox of its own, reached over HTTP only.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a story that cannot go on ends at once and says where"
)]

mod answer;
mod binary;
mod citizen;
mod counter;
mod desk;
mod foreign;
mod message;
mod office;
pub mod outside;
mod recorder;
mod sample;
#[path = "../../registries/tests/store/server.rs"]
mod server;
mod service;
mod soap;
mod stand_in;
mod town;

pub use answer::Answer;
pub use binary::{Process, Ran, Starting, free_ports, qaqpa};
pub use citizen::{Citizen, Key};
pub use counter::{Counter, REQUIRED, is_over};
pub use desk::Desk;
pub use foreign::{Foreign, Script, has, wires};
pub use message::{application, counter_application, envelope, query, question, signed, subject};
pub use office::Office;
pub use recorder::{Exchange, Recorder};
pub use server::Server;
pub use service::Question;
pub use soap::{MESSAGE, sync_message};
pub use stand_in::{Asked, Said, StandIn};
pub use town::{REGULATION, Town};
