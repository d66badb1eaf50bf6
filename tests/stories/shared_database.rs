//! `qaqpa up --database`, and two processes on one PostgreSQL.

use gateway::play::Client;
use gateway::sandbox::client;
use serde_json::Value;
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
