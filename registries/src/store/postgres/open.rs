//! Reaches the server: with which address, which settings, and whether it can keep the contract.

use std::error::Error;
use std::time::Duration;

use tokio_postgres::config::Host;
use tokio_postgres::tls::NoTlsStream;
use tokio_postgres::{Client, Config, Connection, NoTls, Socket};

use super::{failed, schema};
use crate::store::{Durability, StoreError};

/// How long a server may take to let us in, per address of its name.
const PATIENCE: Duration = Duration::from_secs(5);

/// The oldest release that can be asked what became of a transaction (`pg_xact_status` of an `xid8`).
const OLDEST: i32 = 130_000;

/// Where the database is, and what its sessions are like.
#[derive(Clone, Debug)]
pub(super) struct Database {
    config: Config,
    durability: Durability,
}

/// What a session is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Writes what must be durable; finds everything by its key.
    Writing,
    /// Reads, takes messages (which may be forgotten), listens.
    Reading,
}

/// A session whose messages nobody reads yet.
pub(super) type Session = (Client, Connection<Socket, NoTlsStream>);

impl Database {
    /// Understands an address, as `postgres://user:password@host:port/name`.
    pub(super) fn at(address: &str, durability: Durability) -> Result<Self, StoreError> {
        let mut config: Config =
            address.parse().map_err(|error| StoreError::BadAddress { why: reasons(&error) })?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(StoreError::BadAddress { why: "it names no host".to_owned() });
        }
        if config.get_application_name().is_none() {
            config.application_name("qaqpa");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(PATIENCE);
        }
        Ok(Self { config, durability })
    }

    /// Makes sure that the server can keep the contract, and brings the database up to date.
    pub(super) async fn prepare(&self) -> Result<(), StoreError> {
        let mut client = drive(self.connect().await?);
        self.check(&client).await?;
        schema::migrate(&mut client).await
    }

    /// A session with its settings made; its messages are read by a task of its own.
    pub(super) async fn session(&self, purpose: Purpose) -> Result<Client, StoreError> {
        let client = drive(self.connect().await?);
        self.settle(&client, purpose).await?;
        Ok(client)
    }

    /// A session without any settings, whose messages the caller reads.
    pub(super) async fn connect(&self) -> Result<Session, StoreError> {
        self.config
            .connect(NoTls)
            .await
            .map_err(|error| StoreError::Unreachable { database: self.name(), why: reasons(&error) })
    }

    /// Makes the settings of a session.
    pub(super) async fn settle(&self, client: &Client, purpose: Purpose) -> Result<(), StoreError> {
        let settings = match purpose {
            // One plan for ever, by key: whatever the statistics say of tables that were empty yesterday. A
            // process that stands still in a transaction does not hold the world up for long.
            Purpose::Writing => format!(
                "SET search_path = {}; SET synchronous_commit = {}; SET jit = off;
                 SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
                 SET plan_cache_mode = force_generic_plan; SET idle_in_transaction_session_timeout = '30s'",
                schema::NAME,
                self.synchronous_commit(),
            ),
            Purpose::Reading => {
                format!("SET search_path = {}; SET synchronous_commit = off; SET jit = off", schema::NAME)
            }
        };
        client.batch_execute(&settings).await.map_err(failed("configuring a session"))
    }

    /// Without `synchronous_commit` the last commits are in the server's memory only and are lost when *it* is
    /// killed, so there is nothing cheaper for the lower level: both wait for the server's own disk. The upper
    /// one also waits for the standbys that the server was told to wait for.
    fn synchronous_commit(&self) -> &'static str {
        match self.durability {
            Durability::Process => "local",
            Durability::Power => "on",
            Durability::None => "off",
        }
    }

    async fn check(&self, client: &Client) -> Result<(), StoreError> {
        let row = client
            .query_one(
                "SELECT current_setting('server_version_num')::int, current_setting('server_encoding'),
                        current_setting('fsync')::bool AND current_setting('full_page_writes')::bool,
                        pg_is_in_recovery()",
                &[],
            )
            .await
            .map_err(failed("asking the server about itself"))?;
        let (release, encoding): (i32, String) = (row.get(0), row.get(1));
        let (keeps, standby): (bool, bool) = (row.get(2), row.get(3));
        let unfit = |why: String| Err(StoreError::Unfit { database: self.name(), why });
        if release < OLDEST {
            return unfit(format!(
                "the server is PostgreSQL {}; 13 is the oldest that will do",
                release / 10_000
            ));
        }
        if encoding != "UTF8" {
            return unfit(format!("its encoding is {encoding}, not UTF8"));
        }
        if standby {
            return unfit("it is a standby and cannot be written to".to_owned());
        }
        if self.durability == Durability::Power && !keeps {
            return unfit("without fsync and full_page_writes nothing survives a loss of power".to_owned());
        }
        Ok(())
    }

    /// The address without what is secret.
    pub(super) fn name(&self) -> String {
        let host = match self.config.get_hosts().first() {
            Some(Host::Tcp(name)) => name.clone(),
            #[cfg(unix)]
            Some(Host::Unix(path)) => path.display().to_string(),
            None => self.config.get_hostaddrs().first().map(ToString::to_string).unwrap_or_default(),
        };
        let port = self.config.get_ports().first().copied().unwrap_or(5432);
        let name = self.config.get_dbname().or(self.config.get_user()).unwrap_or_default();
        format!("the database \"{name}\" at {host}:{port}")
    }
}

/// Reads a session's messages in a task of its own, which ends with the client.
fn drive((client, connection): Session) -> Client {
    tokio::spawn(async move {
        // Whoever waits for an answer hears that the connection is gone.
        let _ = connection.await;
    });
    client
}

/// An error with everything it says below its surface.
pub(super) fn reasons(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(error) = below {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        below = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(address: &str) -> Result<String, StoreError> {
        Database::at(address, Durability::Process).map(|database| database.name())
    }

    #[test]
    fn a_database_is_named_without_its_password() {
        let shown = name("postgres://me:secret@db.example:5433/sandbox").unwrap();
        assert_eq!(shown, "the database \"sandbox\" at db.example:5433");
        assert_eq!(name("postgres://me@127.0.0.1").unwrap(), "the database \"me\" at 127.0.0.1:5432");
    }

    #[test]
    fn an_address_that_is_none_is_told() {
        for bad in ["", "sandbox", "postgres:///sandbox", "postgres://me@host:port/x"] {
            assert!(matches!(name(bad), Err(StoreError::BadAddress { .. })), "{bad}");
        }
    }
}
