//! A world's clock: stopped, set forward, never back.

use certs::Profile;
use gateway::sandbox::Options;
use gateway::world::Plan;
use jiff::Timestamp;
use registries::ca::OrderRequest;
use serde_json::{Value, json};
use tests::{Citizen, Key, Town};

/// Turns the clock; what it shows then.
async fn turn(town: &Town, how: Value) -> Value {
    town.post("/control/clock", &how).await.unwrap()
}

fn moment(shown: &Value) -> Timestamp {
    shown["now"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_frozen_clock_stands_still_until_it_is_advanced_or_resumed() {
    let town = Town::up().await;
    let frozen = turn(&town, json!("freeze")).await;
    assert_eq!(frozen["frozen"], true);
    assert_eq!(town.get("/control/clock").await.unwrap(), frozen);
    assert_eq!(town.get("/control/health").await.unwrap()["now"], frozen["now"]);
    let advanced = turn(&town, json!({ "advance": "P21D" })).await;
    assert_eq!(moment(&advanced).duration_since(moment(&frozen)), jiff::SignedDuration::from_hours(21 * 24));
    assert_eq!(advanced["frozen"], true);
    let resumed = turn(&town, json!("resume")).await;
    assert!(resumed["frozen"] == false && moment(&resumed) >= moment(&advanced));
}

#[test]
fn the_command_line_takes_the_sandbox_before_and_behind_the_turn() {
    let folder = tempfile::tempdir().unwrap();
    let process = tests::Process::up(&folder.path().join("data"), "127.0.0.1:0");
    let base = process.client.base();
    let runs = |arguments: &[&str]| {
        let ran = tests::qaqpa(folder.path(), arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
        ran.json()["now"].as_str().unwrap().to_owned()
    };
    let stopped = runs(&["clock", "freeze", "--against", base, "--json"]);
    assert_eq!(runs(&["clock", "--against", base, "--json"]), stopped);
    let later = runs(&["clock", "advance", "1 hour", "--against", base, "--json"]);
    let last = runs(&["clock", "--against", base, "--json", "advance", "1 hour"]);
    assert!(stopped < later && later < last, "{stopped} {later} {last}");
}

#[tokio::test]
async fn the_clock_never_goes_backwards() {
    let town = Town::up().await;
    let frozen = turn(&town, json!("freeze")).await;
    for back in
        [json!({ "set": "2001-01-01T00:00:00Z" }), json!({ "advance": "-PT1S" }), json!({ "advance": "-1h" })]
    {
        let problem = town.post("/control/clock", &back).await.unwrap_err();
        assert_eq!((problem.code.code(), problem.status), ("clock-backwards", 409), "{back}");
    }
    assert_eq!(town.get("/control/clock").await.unwrap(), frozen);
    let now = frozen["now"].clone();
    assert_eq!(turn(&town, json!({ "set": now })).await, frozen, "standing still is not going back");
}

#[tokio::test]
async fn a_span_that_is_none_is_refused_and_the_clock_stays() {
    let town = Town::up().await;
    let frozen = turn(&town, json!("freeze")).await;
    for span in ["", "soon", "P1Y", "21", "P99999999999D"] {
        let problem = town.post("/control/clock", &json!({ "advance": span })).await.unwrap_err();
        assert_eq!(problem.code.code(), "invalid-value", "{span:?}: {problem}");
    }
    for body in
        [json!({ "set": "tomorrow" }), json!("stop"), json!({ "advance": 7 }), json!({ "back": "PT1S" })]
    {
        let problem = town.post("/control/clock", &body).await.unwrap_err();
        assert_eq!(problem.code.code(), "malformed-json", "{body}");
    }
    assert_eq!(town.get("/control/clock").await.unwrap(), frozen);
}

#[tokio::test]
async fn the_clocks_of_two_worlds_are_apart() {
    let town = Town::up().await;
    town.post("/control/worlds", &json!({ "id": "later" })).await.unwrap();
    let later = town.world("later");
    let (here, there) = (turn(&town, json!("freeze")).await, turn(&later, json!("freeze")).await);
    turn(&later, json!({ "advance": "P400D" })).await;
    assert_eq!(town.get("/control/clock").await.unwrap(), here);
    let ahead = moment(&later.get("/control/clock").await.unwrap()).duration_since(moment(&there));
    assert_eq!(ahead, jiff::SignedDuration::from_hours(400 * 24));
}

#[tokio::test]
async fn a_certificate_expires_with_the_clock_of_its_world() {
    let town = Town::up().await;
    town.post("/control/worlds", &json!({ "id": "later" })).await.unwrap();
    let later = town.world("later");
    let mut here = Citizen::arrives(&town).await;
    let mut there = Citizen::arrives(&later).await;
    turn(&later, json!({ "advance": "P366D" })).await;
    here.enters().await.unwrap();
    there.enters().await.unwrap();
    assert_eq!(here.fills_in().await.unwrap()["awaits"]["step"], "12.8");
    let view = there.fills_in().await.unwrap();
    assert_eq!(view["position"], json!({ "state": "ended", "at": "12.7", "end": "refusal" }));
    assert_eq!(view["shown"][0]["reasons"][0]["code"], "certificate-expired");
    let order = OrderRequest { iin: Some(there.iin.to_string()), ..OrderRequest::of(Profile::Individual) };
    there.key = Key::order(&later, &order).await;
    there.opens_a_case().await.unwrap();
    let credentials = there.credentials();
    there.deed("session", &credentials).await.unwrap();
    assert_eq!(there.fills_in().await.unwrap()["awaits"]["step"], "12.8", "a new one is of the new time");
}

#[tokio::test]
async fn a_certificate_that_is_not_valid_yet_becomes_so() {
    let town = Town::up().await;
    let flaws = vec!["not-yet-valid".to_owned()];
    let mut citizen = Citizen::arrives_with(&town, |order| OrderRequest { flaws, ..order }).await;
    turn(&town, json!({ "advance": "P2D" })).await;
    assert_eq!(citizen.applies().await.unwrap()["position"]["state"], "elsewhere");
}

#[tokio::test]
async fn lists_are_made_anew_however_far_the_clock_is_set() {
    let town = Town::up().await;
    for span in ["P3D", "P200D", "P100D"] {
        turn(&town, json!({ "advance": span })).await;
        let mut citizen = Citizen::arrives(&town).await;
        let view = citizen.applies().await.expect("the list and the responder answer of the day");
        assert_eq!(view["position"]["state"], "elsewhere");
    }
}

#[tokio::test]
async fn nothing_fails_at_the_end_of_time() {
    let town = Town::up().await;
    let citizen = Citizen::arrives(&town).await;
    turn(&town, json!({ "set": "9999-12-30T21:59:59Z" })).await;
    let order = serde_json::to_vec(&OrderRequest::of(Profile::Individual)).unwrap();
    let verify = json!({ "certificate": citizen.key.certificate.pem() }).to_string();
    let open = json!({ "regulation": Citizen::regulation() }).to_string();
    let advance = json!({ "advance": "P30D" }).to_string();
    let register = format!("/portal/cases/{}/account", citizen.case());
    let session = format!("/portal/cases/{}/session", citizen.case());
    let credentials = citizen.credentials().to_string();
    let posts = [
        ("/ca/certificates", order),
        ("/signer/x509/verify", verify.into_bytes()),
        ("/portal/cases", open.into_bytes()),
        ("/control/clock", advance.into_bytes()),
        (register.as_str(), credentials.clone().into_bytes()),
        (session.as_str(), credentials.into_bytes()),
    ];
    for (path, body) in posts {
        let answer = town.send_json(path, body).await;
        assert!(answer.status < 500, "{path} answered {}: {}", answer.status, answer.json());
    }
    for path in ["/control/clock", "/control/health", "/ca/roots.pem", "/control/journal"] {
        assert_eq!(town.send("GET", path, "", "").await.status, 200, "{path}");
    }
    let list = town.send("GET", "/ca/crl/p256.crl", "", "").await;
    assert!(list.status < 500, "the list answered {}: {}", list.status, list.json());
}

#[tokio::test]
async fn a_world_may_begin_in_the_past() {
    let begins: Timestamp = "2016-08-01T09:00:00Z".parse().unwrap();
    let mut options = Options::ephemeral(Plan::following(Town::regulations()));
    options.worlds.clock = Some(certs::Clock::frozen_at(begins).state());
    let town = Town::with(options).await;
    assert_eq!(
        town.get("/control/clock").await.unwrap(),
        json!({ "now": "2016-08-01T09:00:00Z", "frozen": true })
    );
    let mut citizen = Citizen::arrives(&town).await;
    assert_eq!(citizen.key.certificate.not_before().to_string().get(..4), Some("2016"));
    assert_eq!(citizen.applies().await.unwrap()["position"]["state"], "elsewhere");
}

#[tokio::test]
async fn systems_go_on_after_their_certificates_have_ended() {
    let town = Town::up().await;
    town.post("/control/clock", &serde_json::json!({ "advance": "2000 days" })).await.unwrap();
    let path = format!("{}/portal/queue-notice", Citizen::regulation());
    let played = town.play(&path).await.remove(0);
    assert!(played.as_documented, "{:?}", played.deviations);
}

#[tokio::test]
async fn a_representative_comes_with_a_new_power_of_attorney_when_theirs_has_run_out() {
    let town = Town::up().await;
    let cast = town.get("/people/personas/attorney-notarised").await.unwrap()["cast"].clone();
    let last_day = format!("{}T12:00:00Z", cast["power"]["until"].as_str().unwrap());
    for how in [json!({ "set": last_day }), json!({ "advance": "P2D" }), json!({ "advance": "P730D" })] {
        turn(&town, how.clone()).await;
        for path in ["referral", "person-not-found", "attorney-not-found"] {
            let path = format!("{}/state-corporation/{path}", Citizen::regulation());
            let played = town.play(&path).await.remove(0);
            assert!(played.as_documented, "{path} after {how}: {:?}", played.deviations);
        }
    }
    // The first one, and those of the second and the third time: one that is still good is taken again.
    let [principal, representative] = ["recipient", "iin"].map(|who| cast[who].as_str().unwrap());
    let between = format!("/notary/powers?principal={principal}&representative={representative}");
    assert_eq!(town.get(&between).await.unwrap().as_array().unwrap().len(), 3);
}
