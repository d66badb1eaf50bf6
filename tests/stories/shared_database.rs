//! `qaqpa up --database`, and two processes on one PostgreSQL.

use std::time::{Duration, Instant};

use gateway::play::Client;
use gateway::sandbox::client;
use serde_json::{Value, json};
use signer::Problem;
use tests::{Citizen, Process, Server, free_ports, qaqpa};

use crate::durability::ends_with_one_result;

#[test]
fn a_database_that_is_away_is_told_with_code_and_hint() {
    let folder = tempfile::tempdir().unwrap();
    let [port] = free_ports(1)[..] else { unreachable!("one port") };
    let away = format!("postgres://qaqpa:secret@127.0.0.1:{port}/sandbox");
    let up = qaqpa(folder.path(), &["up", "--listen", "127.0.0.1:0", "--database", &away]);
    assert_eq!((up.code, up.out.as_str()), (2, ""), "{up:?}");
    assert!(up.err.contains("unreachable") && up.err.contains("sandbox"), "{}", up.err);
    assert!(!up.err.contains("secret"), "{}", up.err);
    let hint = up.err.lines().find(|line| line.starts_with("hint: ")).unwrap_or_default();
    assert!(hint.contains("--database"), "{}", up.err);

    let both = qaqpa(folder.path(), &["up", "--database", &away, "--data", "data"]);
    assert_eq!(both.code, 2, "{both:?}");
}

/// The second of two processes that serve the same world, as behind one address: it is the first one's.
fn second(database: &str, first: &Process) -> (Process, Client) {
    let [port] = free_ports(1)[..] else { unreachable!("one port") };
    let base_url = first.client.base().to_owned();
    let process =
        Process::up_on(database, &format!("127.0.0.1:{port}"), &["--base-url".to_owned(), base_url]);
    (process, Client::new(client().unwrap(), &format!("http://127.0.0.1:{port}"), None))
}

/// How often a message of a case came to a system, taken or not.
async fn came(client: &Client, case: &str, system: &str, message: &str) -> usize {
    let path = format!("/control/journal?case={case}&system={system}&kind=crossing");
    let entries: Vec<Value> = client.get(&path, None).await.unwrap();
    let enters = |entry: &&Value| entry["body"]["message"] == message && entry["body"]["seen"] == "entering";
    entries.iter().filter(enters).count()
}

#[tokio::test]
async fn two_processes_serve_one_world() {
    let Some(server) = Server::shared() else { return };
    let database = server.database();
    let first = Process::up_on(&database, "127.0.0.1:0", &[]);
    let (_second, other) = second(&database, &first);
    let one = first.client.clone();
    let mut twice = 0;
    for (here, there) in [(&one, &other), (&other, &one), (&one, &other), (&other, &one)] {
        let mut citizen = Citizen::arrives_at(here, |order| order).await;
        citizen.applies().await.unwrap();
        let case = citizen.case();
        let mut citizen = citizen.with_client(there);
        ends_with_one_result(there, &mut citizen).await;
        for (system, message) in
            [("gateway", "application"), ("provider", "assignment"), ("portal", "outcome")]
        {
            twice += came(here, &case, system, message).await - 1;
        }
    }
    assert_eq!(twice, 0, "each message is sent by one of them");
}

#[tokio::test]
async fn what_one_process_took_with_it_the_other_ends() {
    let Some(server) = Server::shared() else { return };
    let database = server.database();
    let first = Process::up_on(&database, "127.0.0.1:0", &[]);
    let (_second, other) = second(&database, &first);
    let address = first.address();
    let mut citizen = Citizen::arrives_at(&other, |order| order).await;
    citizen.applies().await.unwrap();
    first.kill();
    citizen.looks().await.expect("the second one goes on");
    let _again = Process::up_on(&database, &address, &[]);
    ends_with_one_result(&other, &mut citizen).await;
}

/// Two processes on a database of their own, each at its own address.
fn neighbours(server: &Server) -> (Process, Process) {
    let database = server.database();
    let first = Process::up_on(&database, "127.0.0.1:0", &[]);
    let second = Process::up_on(&database, "127.0.0.1:0", &[]);
    assert_ne!(first.client.base(), second.client.base(), "the base URL is the process's");
    (first, second)
}

/// Asks until the answer is as it should be; what one process does shows in the other soon, not at once.
async fn shows(client: &Client, path: &str, good: impl Fn(&Result<Value, Problem>) -> bool) {
    let begun = Instant::now();
    loop {
        let answer = client.get::<Value>(path, None).await;
        if good(&answer) {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{path} at {client:?}: {answer:?}");
        tokio::task::yield_now().await;
    }
}

fn is(code: &str) -> impl Fn(&Result<Value, Problem>) -> bool + '_ {
    move |answer| answer.as_ref().is_err_and(|problem| problem.code.code() == code)
}

#[tokio::test]
async fn a_clock_that_one_turns_the_other_follows() {
    let Some(server) = Server::shared() else { return };
    let (first, second) = neighbours(server);
    let (one, other) = (&first.client, &second.client);
    let turn = async |client: &Client, how: Value| -> Value {
        client.post("/control/clock", None, &how).await.unwrap()
    };
    let before = turn(one, json!("freeze")).await;
    shows(other, "/control/clock", |answer| answer.as_ref().is_ok_and(|clock| *clock == before)).await;

    // Nobody's turn is lost, and none counts twice.
    for _ in 0..5 {
        let day = || json!({ "advance": "P1D" });
        tokio::join!(turn(one, day()), turn(other, day()));
    }
    let days = |clock: &Value| -> jiff::Timestamp { clock["now"].as_str().unwrap().parse().unwrap() };
    let ten = days(&before) + jiff::SignedDuration::from_hours(240);
    for client in [one, other] {
        shows(client, "/control/clock", |answer| answer.as_ref().is_ok_and(|clock| days(clock) == ten)).await;
    }

    // Beyond the end of the systems' certificates: whoever renewed them, both go on with them.
    turn(other, json!({ "advance": "P1200D" })).await;
    let far = ten + jiff::SignedDuration::from_hours(1200 * 24);
    shows(one, "/control/clock", |answer| answer.as_ref().is_ok_and(|clock| days(clock) == far)).await;
    for (here, there) in [(one, other), (other, one)] {
        let mut citizen = Citizen::arrives_at(here, |order| order).await;
        citizen.applies().await.unwrap();
        ends_with_one_result(there, &mut citizen.with_client(there)).await;
    }
}

#[tokio::test]
async fn a_world_that_one_makes_or_drops_comes_and_goes_at_the_other() {
    let Some(server) = Server::shared() else { return };
    let (first, second) = neighbours(server);
    let (one, other) = (&first.client, &second.client);
    let made = json!({ "id": "team", "seed": 7, "now": "2020-02-03T04:00:00Z" });
    let _: Value = one.post("/control/worlds", None, &made).await.unwrap();
    let health: Value = other.get("/w/team/control/health", None).await.unwrap();
    assert!(health["now"].as_str().unwrap().starts_with("2020-02-03T04:0"), "at once, where it is asked for");
    shows(other, "/control/worlds", |answer| answer.as_ref().is_ok_and(|all| all[1]["seed"] == 7)).await;
    let there = other.at(&format!("{}/w/team", other.base()));
    let here = one.at(&format!("{}/w/team", one.base()));
    let mut citizen = Citizen::arrives_at(&here, |order| order).await;
    citizen.applies().await.unwrap();
    ends_with_one_result(&there, &mut citizen.with_client(&there)).await;

    let _: Value = other.delete("/control/worlds/team").await.unwrap();
    shows(one, "/w/team/control/health", is("unknown-world")).await;
    shows(one, "/control/worlds", |answer| answer.as_ref().is_ok_and(|all| all[1].is_null())).await;
    let _: Value = one.post("/control/worlds", None, &json!({ "id": "team" })).await.unwrap();
    let fresh: Value = other.get("/w/team/provider/cases", None).await.unwrap();
    assert_eq!(fresh, json!([]), "the one made after it is empty");
}

#[tokio::test]
async fn two_who_make_the_same_world_agree() {
    let Some(server) = Server::shared() else { return };
    let database = server.database();
    // The default world, too, is made by both at once.
    let starts = [(), ()].map(|()| {
        let database = database.clone();
        tokio::task::spawn_blocking(move || Process::up_on(&database, "127.0.0.1:0", &[]))
    });
    let mut both = Vec::new();
    for start in starts {
        both.push(start.await.unwrap());
    }
    let (one, other) = (&both[0].client, &both[1].client);
    for round in 0..5 {
        let body = json!({ "id": format!("race-{round}") });
        let (here, there) = tokio::join!(
            one.post::<Value>("/control/worlds", None, &body),
            other.post::<Value>("/control/worlds", None, &body)
        );
        let refused = [&here, &there].into_iter().filter_map(|made| made.as_ref().err());
        let refused: Vec<&str> = refused.map(|problem| problem.code.code()).collect();
        assert_eq!(refused, ["world-exists"], "{here:?} {there:?}");
        let roots = format!("/w/race-{round}/ca/roots.pem");
        assert_eq!(one.bytes(&roots).await.unwrap(), other.bytes(&roots).await.unwrap());
    }
    assert_eq!(one.bytes("/ca/roots.pem").await.unwrap(), other.bytes("/ca/roots.pem").await.unwrap());
    let mut citizen = Citizen::arrives_at(one, |order| order).await;
    citizen.applies().await.unwrap();
    ends_with_one_result(other, &mut citizen.with_client(other)).await;
}

#[tokio::test]
async fn a_system_that_is_put_at_one_is_known_to_the_other() {
    let Some(server) = Server::shared() else { return };
    let (first, second) = neighbours(server);
    let folder = tempfile::tempdir().unwrap();
    let base = first.client.base().to_owned();
    let url = "http://127.0.0.1:9";
    let run = |arguments: &[&str]| {
        let ran = qaqpa(folder.path(), arguments);
        assert_eq!(ran.code, 0, "{ran:?}");
    };
    run(&["systems", "add", "provider", "--url", url, "--out", "me", "--against", &base]);
    let path = "/control/systems/provider";
    shows(&second.client, path, |answer| answer.as_ref().is_ok_and(|one| one["address"] == url)).await;
    shows(&second.client, "/provider/cases", is("unreachable")).await;
    run(&["systems", "remove", "provider", "--against", second.client.base()]);
    shows(&first.client, path, |answer| answer.as_ref().is_ok_and(|one| one["served"] == true)).await;
}

#[tokio::test]
async fn hierarchies_that_one_founds_the_other_trusts() {
    let Some(server) = Server::shared() else { return };
    let (first, second) = neighbours(server);
    let order = json!({ "profile": "individual", "algorithm": "gost512" });
    let issued: Value = first.client.post("/ca/certificates", None, &order).await.unwrap();
    let body = json!({ "certificate": issued["certificate"] });
    let begun = Instant::now();
    loop {
        let verdict: Value = second.client.post("/signer/x509/verify", None, &body).await.unwrap();
        if !verdict["findings"].to_string().contains("issuer-unknown") {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{verdict}");
    }
}
