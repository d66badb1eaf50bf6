//! Cases that were opened and left are forgotten on the world's clock, and their journal entries with them.

use std::time::{Duration, Instant};

use gateway::sandbox::Options;
use gateway::world::Plan;
use registries::store::{OPEN_CASE, Page, WorldId};
use serde_json::json;
use tests::{Citizen, Desk, Town};

/// A town whose journal keeps almost nothing of what is over.
async fn forgetful() -> Town {
    Town::with(Options::ephemeral(Plan { keep_entries: 5, ..Plan::following(Town::regulations()) })).await
}

async fn passes(town: &Town, span: &str) {
    town.post("/control/clock", &json!({ "advance": span })).await.unwrap();
}

/// Waits until a case is not there any more.
async fn is_forgotten(town: &Town, citizen: &Citizen<'_>) {
    let begun = Instant::now();
    let path = format!("/portal/cases/{}", citizen.case());
    while town.get(&path).await.unwrap_err().code.code() != "not-found" {
        assert!(begun.elapsed() < Duration::from_secs(20), "{path} is still there");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_case_that_is_never_sent_is_forgotten_with_its_entries() {
    let town = forgetful().await;
    town.post("/control/clock", &json!("freeze")).await.unwrap();
    let mut left = Citizen::arrives(&town).await;
    left.enters().await.unwrap();
    left.fills_in().await.unwrap();
    let mut sent = Citizen::arrives(&town).await;
    sent.applies().await.unwrap();
    Desk::of(&town).task(&sent.case()).await.unwrap();

    passes(&town, "P20D").await;
    let mut others = Vec::new();
    for _ in 0..100 {
        let case = town.post("/portal/cases", &json!({ "regulation": Citizen::regulation() })).await.unwrap();
        others.push(format!("/portal/cases/{}", case["case"].as_str().unwrap()));
    }
    passes(&town, "P11D").await;
    is_forgotten(&town, &left).await;
    passes(&town, "P400D").await;
    for other in [&others[0], &others[99]] {
        town.get(other).await.expect("the newest hundred are kept, however far the clock is turned");
    }

    let open: Vec<&str> = others.iter().map(|other| other.trim_start_matches("/portal/cases/")).collect();
    let begun = Instant::now();
    loop {
        let journal = town.get("/control/journal").await.unwrap();
        let over = journal.as_array().unwrap().iter().filter(|entry| {
            let case = entry["case"].as_str().unwrap_or_default();
            case != sent.case() && !open.contains(&case)
        });
        if over.count() <= 5 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{journal}");
        tokio::task::yield_now().await;
    }
    assert!(!town.journal(&sent.case()).await.is_empty(), "what was sent stays, however long it takes");
    let there = town.get(&format!("/portal/cases/{}", sent.case())).await.unwrap_err();
    assert_eq!(there.code.code(), "not-signed-in", "it is there, for its owner alone");
}

#[tokio::test]
async fn a_case_that_ends_away_from_where_it_began_is_not_open_for_ever() {
    let town = Town::up().await;
    let played = town.play("passport-preschool-queue/home-intake").await;
    assert!(!played.is_empty() && played.iter().all(|one| one.as_documented));
    let world = town.sandbox.world(&WorldId::default()).unwrap().world.clone();
    let open = world.store.list(OPEN_CASE, Page::all()).await.unwrap();
    assert!(open.is_empty(), "{open:?}");
}
