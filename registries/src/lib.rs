//! The store and the certification centre's persistence and HTTP.

pub mod ca;
mod problem;
pub mod store;

pub use store::{SqliteStore, Store, StoreError, WorldId, WorldStore};
