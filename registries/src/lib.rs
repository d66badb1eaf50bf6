//! The store, the certification centre's persistence and HTTP, the people database and the notary registry.

pub mod ca;
pub mod notary;
pub mod people;
mod problem;
pub mod store;

pub use store::{SqliteStore, Store, StoreError, WorldId, WorldStore};
