//! A client keeps an account of every acknowledgement while the sandbox is killed again and again.
//!
//! `scripts/crash N` kills it N times; without it three times are enough.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gateway::play::Client;
use serde_json::{Value, json};
use tests::{Citizen, Process, Server};
use tokio::task::JoinSet;

use crate::durability::ends_with_one_result;

/// How many sign at once in each round.
const AT_ONCE: usize = 4;

/// No round begins after this time; what is acknowledged by then is looked after all the same.
const LONGEST: Duration = Duration::from_mins(10);

/// Where the sandbox keeps what it must not lose.
enum Place {
    Folder(PathBuf),
    Database(String),
}

impl Place {
    fn up(&self, listen: &str) -> Process {
        match self {
            Self::Folder(folder) => Process::up(folder, listen),
            Self::Database(address) => Process::up_on(address, listen, &[]),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_or_doubled_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    is_killed_again_and_again(&Place::Folder(folder.path().join("data"))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_or_doubled_on_a_server() {
    let Some(server) = Server::shared() else { return };
    is_killed_again_and_again(&Place::Database(server.database())).await;
}

async fn is_killed_again_and_again(place: &Place) {
    let kills =
        std::env::var("QAQPA_KILLS").map_or(3, |kills| kills.parse().expect("QAQPA_KILLS is a number"));
    let begun = Instant::now();
    let mut process = place.up("127.0.0.1:0");
    let (address, mut client) = (process.address(), to_talk_to(&process));
    let mut account = Vec::new();
    let (mut done, mut at_once, mut signed_again) = (0, 0, 0);
    while done < kills && begun.elapsed() < LONGEST {
        let citizens = ready_to_sign(client).await;
        let signing = sign_all(client, &citizens);
        let acknowledged = dies(process, signing, done).await;
        process = place.up(&address);
        client = to_talk_to(&process);
        for (citizen, acknowledged) in citizens.into_iter().zip(acknowledged) {
            let mut citizen = citizen.with_client(client);
            let view = citizen.looks().await.expect("the case is there");
            let waits = view["awaits"]["step"] == "12.8";
            assert!(!(acknowledged && waits), "an acknowledgement holds");
            at_once += usize::from(acknowledged);
            if waits {
                citizen.signs().await.expect("the same bytes can be signed again");
                signed_again += 1;
            }
            account.push(citizen);
        }
        done += 1;
    }
    let applications = account.len();
    end_with_one_result(client, account).await;
    println!(
        "{done} kills, {applications} applications acknowledged ({at_once} at the kill, {signed_again} signed again after it): \
         each is there once and has ended; {:.0?}",
        begun.elapsed(),
    );
    assert!(done > 0 || kills == 0, "there was time for a kill");
}

/// The client of this process, without connections to the one before: kept to the end of the test, as the
/// citizens are.
fn to_talk_to(process: &Process) -> &'static Client {
    Box::leak(Box::new(process.client.clone()))
}

/// Citizens with everything done but the signature.
async fn ready_to_sign(client: &'static Client) -> Vec<Citizen<'static>> {
    let mut arriving = JoinSet::new();
    for _ in 0..AT_ONCE {
        arriving.spawn(async {
            let mut citizen = Citizen::arrives_at(client, |order| order).await;
            citizen.enters().await.expect("an account");
            citizen.fills_in().await.expect("a form");
            citizen
        });
    }
    arriving.join_all().await
}

/// Every application is there once, and its case ends.
async fn end_with_one_result(client: &'static Client, account: Vec<Citizen<'static>>) {
    let rest = Arc::new(Mutex::new(account));
    let mut ending = JoinSet::new();
    for _ in 0..AT_ONCE {
        let rest = rest.clone();
        ending.spawn(async move {
            loop {
                let next = rest.lock().expect("nobody panics with it in hand").pop();
                let Some(citizen) = next else { return };
                ends_with_one_result(client, &mut citizen.with_client(client)).await;
            }
        });
    }
    ending.join_all().await;
}

/// Everybody signs at once; each task says whether that was acknowledged.
fn sign_all(client: &Client, citizens: &[Citizen<'_>]) -> JoinSet<(usize, bool)> {
    let mut signing = JoinSet::new();
    for (place, citizen) in citizens.iter().enumerate() {
        let path = format!("/portal/cases/{}/signature", citizen.case());
        let body = json!({ "signature": citizen.key.sign(&citizen.to_sign()) });
        let (client, token) = (client.clone(), citizen.token.clone());
        signing.spawn(
            async move { (place, client.post::<Value>(&path, token.as_deref(), &body).await.is_ok()) },
        );
    }
    signing
}

/// Kills the process at another moment each time: at once, after a while, at one of the acknowledgements.
async fn dies(process: Process, mut signing: JoinSet<(usize, bool)>, round: usize) -> Vec<bool> {
    let mut acknowledged = vec![false; AT_ONCE];
    match round % 3 {
        0 => {
            for _ in 0..[0, 10, 100, 1_000][round / 3 % 4] {
                tokio::task::yield_now().await;
            }
        }
        awaited => {
            let awaited = if awaited == 1 { 1 + round / 3 % AT_ONCE } else { AT_ONCE };
            for _ in 0..awaited {
                let (place, is) = signing.join_next().await.expect("a signature").expect("no panic");
                acknowledged[place] = is;
            }
        }
    }
    process.kill();
    while let Some(signed) = signing.join_next().await {
        let (place, is) = signed.expect("no panic");
        acknowledged[place] = is;
    }
    acknowledged
}
