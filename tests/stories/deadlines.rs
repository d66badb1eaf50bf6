//! Time limits of acts, on the world's clock and the business calendar.

use certs::Clock;
use gateway::sandbox::Options;
use gateway::world::Plan;
use serde_json::json;
use tests::{Citizen, Desk, Town};

/// A town on a certain day whose provider has fifteen working days for the documents.
async fn town(now: &str) -> Town {
    let limited = Town::changed(|text| {
        let condition = "at       = \"12.9\"\n";
        text.replacen(condition, &format!("{condition}within   = \"15 working days\"\n"), 1)
    });
    let clock = Some(Clock::frozen_at(now.parse().unwrap()).state());
    Town::with(Options::ephemeral(Plan { clock, ..Plan::following(limited) })).await
}

#[tokio::test]
async fn a_limit_runs_in_working_days_and_is_overdue_when_it_is_over() {
    // Monday; weekends only until the end of the limit.
    let town = town("2016-10-03T06:00:00Z").await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.applies().await.unwrap();
    let desk = Desk::of(&town);
    let awaits = desk.task(&citizen.case()).await.unwrap()["awaits"].clone();
    assert_eq!(awaits["within"], "15 working days");
    assert_eq!(awaits["due"], "2016-10-24T13:00:00Z", "six in the evening in Aqtau");
    assert_eq!(awaits["overdue"], false);
    town.post("/control/clock", &json!({ "advance": "21 days" })).await.unwrap();
    assert_eq!(desk.task_now(&citizen.case()).await.unwrap()["awaits"]["overdue"], false);
    town.post("/control/clock", &json!({ "advance": "8 hours" })).await.unwrap();
    let awaits = desk.task_now(&citizen.case()).await.unwrap()["awaits"].clone();
    assert_eq!(awaits["due"], "2016-10-24T13:00:00Z", "the limit stays where it was");
    assert_eq!(awaits["overdue"], true);
    // Late is late, but it is decided all the same.
    let decided = desk.accepts(&citizen.case()).await.unwrap();
    assert!(decided["awaits"]["due"].is_null(), "the next step has no limit: {decided}");
    assert_eq!(decided["awaits"]["overdue"], false);
}

#[tokio::test]
async fn a_year_without_a_calendar_is_an_error_and_no_guess() {
    let town = town("2027-12-20T06:00:00Z").await;
    let mut citizen = Citizen::arrives(&town).await;
    citizen.applies().await.unwrap();
    let case = citizen.case();
    let mut refused = Vec::new();
    while refused.is_empty() {
        refused = town.refusals(&case).await;
    }
    assert_eq!(refused[0], ("provider".to_owned(), "assignment".to_owned(), "no-calendar".to_owned()));
    assert!(Desk::of(&town).task_now(&case).await.is_err(), "nothing was taken");
}
