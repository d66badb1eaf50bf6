//! Faults by name: what the counterpart sees, and that no case is lost or doubled by any of them.

mod centre;
mod every;
mod headers;
mod order;
mod rules;

use std::time::Duration;

use gateway::exchange::Wire;
use gateway::sandbox::Options;
use gateway::world::Plan;
use serde_json::{Value, json};
use tests::Town;

/// How long a system waits for another one here.
const PATIENCE: Duration = Duration::from_secs(3);

/// A town whose systems talk in one way, and do not wait long for each other.
async fn town(wire: Wire) -> Town {
    let mut plan = Plan::following(Town::regulations());
    plan.patience = PATIENCE;
    plan.wire = wire;
    Town::with(Options::ephemeral(plan)).await
}

/// From now on this goes wrong.
async fn goes_wrong(town: &Town, rule: &str) -> u64 {
    let kept = town.post("/control/faults", &json!(rule)).await.unwrap();
    kept["id"].as_u64().unwrap()
}

/// Everything goes right again, and what was to be tried later is tried now. What had gone wrong, with its counts.
async fn is_mended(town: &Town) -> Vec<Value> {
    let cleared = town.client.delete::<Vec<Value>>("/control/faults").await.unwrap();
    town.post("/control/clock", &json!({ "advance": "PT10M" })).await.unwrap();
    cleared
}

/// The faults that the journal tells of.
async fn noted(town: &Town) -> Vec<Value> {
    let entries = town.get("/control/journal?kind=fault").await.unwrap();
    entries.as_array().unwrap().iter().map(|entry| entry["body"]["fault"].clone()).collect()
}
