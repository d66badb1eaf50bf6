//! The people database and the notary registry: who is made up, what a register answers, what files it takes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "this is how a test fails")]

mod files;
mod http;
mod national;
mod notary;
mod personas;
mod population;
mod register;

use jiff::civil::{Date, date};
use registries::people::{ImportRules, People, Population, PopulationPlan};
use registries::store::{SqliteStore, WorldId, WorldStore};

const TODAY: Date = date(2026, 3, 2);

fn plan(seed: u64, size: usize) -> PopulationPlan {
    PopulationPlan::new(seed, size, TODAY).unwrap()
}

fn population(seed: u64, size: usize) -> Population {
    Population::generate(plan(seed, size))
}

fn rules() -> ImportRules {
    ImportRules { today: TODAY, issued_forms: false }
}

fn store() -> WorldStore {
    WorldStore::new(SqliteStore::ephemeral().unwrap(), WorldId::default())
}

fn people() -> People {
    People::new(store())
}
