//! Brings a database to the version this program knows.

use tokio_postgres::{Client, Transaction};

use super::failed;
use crate::store::StoreError;

/// Every migration in order; its version is its place, counted from 1. Only ever append.
const MIGRATIONS: &[(&str, &str)] = &[
    ("start", include_str!("migrations/0001_start.sql")),
    ("life", include_str!("migrations/0002_life.sql")),
];

/// The schema that everything is in, so that a database may be shared with other programs.
pub(super) const NAME: &str = "qaqpa";

/// The advisory lock under which one process at a time looks and migrates ("Qaqpa").
const LOCK: i64 = 0x51_6171_7061;

/// Runs what is missing, all in one transaction; a database that a newer program made stays untouched.
pub(super) async fn migrate(client: &mut Client) -> Result<(), StoreError> {
    let doing = "bringing the database up to date";
    let work = client.transaction().await.map_err(failed(doing))?;
    work.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await.map_err(failed(doing))?;
    let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    let found = version(&work).await.map_err(failed("reading the database's version"))?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    if found < known {
        run(&work, found).await.map_err(failed(doing))?;
    }
    work.commit().await.map_err(failed(doing))
}

async fn version(work: &Transaction<'_>) -> Result<u32, tokio_postgres::Error> {
    let begun: bool =
        work.query_one("SELECT to_regclass($1::text || '.migration') IS NOT NULL", &[&NAME]).await?.get(0);
    if !begun {
        return Ok(0);
    }
    let newest = format!("SELECT coalesce(max(version), 0) FROM {NAME}.migration");
    let found: i32 = work.query_one(&newest, &[]).await?.get(0);
    Ok(u32::try_from(found).unwrap_or(0))
}

async fn run(work: &Transaction<'_>, found: u32) -> Result<(), tokio_postgres::Error> {
    work.batch_execute(&format!(
        "CREATE SCHEMA IF NOT EXISTS {NAME};
         SET LOCAL search_path = {NAME};
         CREATE TABLE IF NOT EXISTS migration (version integer PRIMARY KEY, name text NOT NULL)"
    ))
    .await?;
    for (version, (name, sql)) in (1_u32..).zip(MIGRATIONS).filter(|(version, _)| *version > found) {
        work.batch_execute(sql).await?;
        let version = i32::try_from(version).unwrap_or(i32::MAX);
        work.execute("INSERT INTO migration (version, name) VALUES ($1, $2)", &[&version, name]).await?;
    }
    Ok(())
}
