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
mod desk;
mod message;
mod town;

pub use answer::Answer;
pub use binary::{Process, Ran, qaqpa};
pub use citizen::{Citizen, Key};
pub use desk::Desk;
pub use message::{application, envelope};
pub use town::{REGULATION, Town};
