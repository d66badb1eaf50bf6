//! A sandbox that was given a control token asks for it, wherever `/control` is reached.

use gateway::play::Client;
use gateway::sandbox::{Options, client};
use gateway::world::Plan;
use serde_json::{Value, json};
use tests::{Citizen, Town};

const TOKEN: &str = "hush-hush-4711";

async fn guarded() -> Town {
    let mut options = Options::ephemeral(Plan::following(Town::regulations()));
    options.control_token = Some(TOKEN.to_owned());
    Town::with(options).await
}

#[tokio::test]
async fn control_is_closed_without_the_token_and_open_with_it() {
    let town = guarded().await;
    let (right, base) = (Some(TOKEN.to_owned()), town.client.base());
    let holder = Client::new(client().unwrap(), base, right.clone());
    let created: Value = holder.post("/control/worlds", None, &json!({ "id": "second" })).await.unwrap();
    assert_eq!(created["id"], "second");

    let paths =
        ["/control/health", "/control/clock", "/control/journal", "/control/systems", "/control/worlds"];
    let second = town.world("second");
    let in_second = Client::new(client().unwrap(), second.client.base(), right);
    for (open, closed, path) in paths
        .iter()
        .map(|path| (&holder, &town.client, *path))
        .chain(paths[..4].iter().map(|path| (&in_second, &second.client, *path)))
    {
        for token in [None, Some(""), Some("guess"), Some("hush-hush-471"), Some("hush-hush-47111")] {
            let problem = closed.get::<Value>(path, token).await.unwrap_err();
            assert_eq!(
                (problem.code.code(), problem.status),
                ("control-token", 401),
                "{path} with {token:?}"
            );
        }
        open.get::<Value>(path, None).await.unwrap();
    }
    let problem = town.post("/control/clock", &json!("freeze")).await.unwrap_err();
    assert_eq!(problem.code.code(), "control-token");
    let problem = town.post("/control/worlds", &json!({ "id": "third" })).await.unwrap_err();
    assert_eq!(problem.code.code(), "control-token");
    assert_eq!(holder.get::<Value>("/control/clock", None).await.unwrap()["frozen"], false);
}

#[tokio::test]
async fn whoever_has_no_token_cannot_go_round_the_door() {
    let town = guarded().await;
    let odd = [
        "/control//journal",
        "//control/journal",
        "/Control/journal",
        "/%63ontrol/journal",
        "/portal/../control/journal",
    ];
    for path in odd.iter().map(|&path| path.to_owned()).chain(["/w/default/control/journal".to_owned()]) {
        let answer = town.send("GET", &path, "", "").await;
        assert!([401, 404].contains(&answer.status), "{path} answered {}", answer.status);
    }
}

#[tokio::test]
async fn people_need_no_control_token() {
    let town = guarded().await;
    let mut citizen = Citizen::arrives(&town).await;
    assert_eq!(citizen.applies().await.unwrap()["position"]["state"], "elsewhere");
    assert!(town.get("/").await.unwrap()["base_url"].is_string());
}
