//! The store, the certification centre's persistence and HTTP, the people database, the notary registry and the registers beside.

pub mod ca;
pub mod notary;
pub mod people;
mod problem;
pub mod registers;
pub mod store;

pub use store::{SqliteStore, Store, StoreError, WorldId, WorldStore};
