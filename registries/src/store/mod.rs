//! Where a world keeps what it must not lose: records, the journal and outgoing messages.
//!
//! State change, journal entry and outgoing message commit together in one [`Batch`]: all of it or
//! nothing. Every key carries a [`WorldId`], so many worlds share one database without meeting.
//!
//! * [`Store`] is the contract; its documentation says what *durable* and *in order* mean.
//! * [`SqliteStore`] keeps it in one file (or a temporary one), for one process.
//! * [`PostgresStore`] keeps it in a PostgreSQL database that several processes may share.
//! * [`WorldStore`] is the convenient view of one world, with typed records.
//!
//! There are no locks to hold. A writer says what it believes to be true ([`Expect`]); when it is not,
//! nothing is written and [`StoreError::is_conflict`] tells the caller to read again.
//!
//! ```
//! use registries::store::{Expect, SqliteStore, WorldId, WorldStore};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), registries::store::StoreError> {
//! let store = WorldStore::new(SqliteStore::ephemeral()?, WorldId::default());
//! store.commit(store.batch().put("colour", "sky", &"blue", Expect::Absent)?).await?;
//! let sky = store.get_as::<String>("colour", "sky").await?.map(|found| found.value);
//! assert_eq!(sky.as_deref(), Some("blue"));
//! # Ok(())
//! # }
//! ```

mod batch;
mod changes;
mod contract;
mod durability;
mod error;
mod journal;
mod life;
mod names;
mod outbox;
mod postgres;
mod record;
mod sql;
mod sqlite;
mod world;
mod world_store;

pub use batch::{Batch, Committed, Expect, OPEN_CASE, Write};
pub use contract::Store;
pub use durability::Durability;
pub use error::StoreError;
pub use journal::{Entry, EntryKind, JournalQuery, NewEntry, UnknownEntryKind};
pub use life::Life;
pub use names::{LONGEST_NAME, NameFault};
pub use outbox::{Outgoing, OutgoingChange, Taken};
pub use postgres::PostgresStore;
pub use record::{Page, Record, Versioned};
pub use sqlite::SqliteStore;
pub use world::{BadWorldId, WorldId};
pub use world_store::WorldStore;
