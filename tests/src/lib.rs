//! A town of systems for stories: a sandbox of its own, reached over HTTP only.

mod citizen;
mod town;

pub use citizen::{Citizen, Key};
pub use town::Town;
