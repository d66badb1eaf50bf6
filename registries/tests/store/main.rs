//! One suite for every store, and what is particular to files.
//!
//! A new implementation joins with one line: `every_store!(name, open)`, where `open` gives a [`Fixture`], or none where
//! what it needs is not installed.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "this is how a test fails")]

mod file;
mod kill;
mod postgres;
mod server;
mod suite;

use std::sync::Arc;

use jiff::Timestamp;
use registries::store::{Durability, PostgresStore, SqliteStore, Store, WorldId};
use tempfile::TempDir;

/// A fresh store and what has to live as long as it.
struct Fixture {
    store: Arc<dyn Store>,
    _keep: Option<TempDir>,
}

fn ephemeral() -> Fixture {
    Fixture { store: Arc::new(SqliteStore::ephemeral().unwrap()), _keep: None }
}

fn file(durability: Durability) -> Fixture {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("store.db"), durability).unwrap();
    Fixture { store: Arc::new(store), _keep: Some(directory) }
}

/// A database of its own on the shared server; `None` where there is no PostgreSQL, which is said loudly.
async fn database(durability: Durability) -> Option<Fixture> {
    let address = server::Server::shared()?.database();
    let store = PostgresStore::open(&address, durability).await.unwrap();
    Some(Fixture { store: Arc::new(store), _keep: None })
}

fn world(name: &str) -> WorldId {
    name.parse().unwrap()
}

/// A moment `seconds` after the start of 2026 in Almaty.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_767_207_600 + seconds).unwrap()
}

macro_rules! every_store {
    ($name:ident, $open:expr) => {
        mod $name {
            every_store! { @tests $open;
                records: put_then_get, absent_must_be_absent, a_version_must_match, a_version_never_returns,
                    deletion_expects_too, a_check_guards_the_rest, a_conflict_writes_nothing,
                    an_unexpecting_put_replaces, later_writes_see_earlier_ones, bad_names_are_refused,
                    malformed_json_is_typed, big_and_foreign_text_comes_back;
                lists: keys_ascend_by_bytes, pages_join_without_gap, a_prefix_is_literal, kinds_are_apart;
                journal: entries_come_back_in_order, filters_combine, after_and_limit_page,
                    moments_do_not_order_it, a_failed_batch_leaves_no_gap, pruning_keeps_the_newest,
                    pruning_spares_open_cases, numbers_go_on_after_pruning;
                outbox: the_longest_due_comes_first, the_same_moment_keeps_the_order_of_commits,
                    what_is_not_due_waits, done_removes_once, cancelling_twice_is_fine,
                    only_one_claim_gets_through, an_id_waits_once, systems_have_their_own_queues,
                    a_moment_between_microseconds_is_reached, taking_is_as_reading_where_nobody_shares;
                worlds: worlds_do_not_meet, a_world_begins_with_its_first_commit,
                    a_deleted_world_is_gone_alone, the_view_keeps_to_its_world,
                    a_life_is_begun_once, nothing_reaches_a_later_life, a_large_world_goes_in_parts,
                    worlds_that_wait_are_known;
                concurrency: a_counter_loses_nothing, rivals_in_one_group_fail_alone,
                    numbers_are_given_once, readers_see_whole_batches, every_commit_is_announced,
                    other_worlds_hear_nothing,
                    a_failed_commit_is_not_announced;
            }
        }
    };
    (@tests $open:expr; $($group:ident: $($test:ident),+;)+) => {
        $(mod $group {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let Some(fixture) = $open else { return };
                crate::suite::$group::$test(&fixture.store).await;
            })+
        })+
    };
}

every_store!(in_a_temporary_file, Some(crate::ephemeral()));
every_store!(in_a_file, Some(crate::file(registries::store::Durability::Process)));
every_store!(in_a_power_proof_file, Some(crate::file(registries::store::Durability::Power)));
every_store!(in_a_database, crate::database(registries::store::Durability::Process).await);
every_store!(in_a_power_proof_database, crate::database(registries::store::Durability::Power).await);
