//! Signed round trips through the gateway: a message is verified and inspected, journalled, acknowledged by a signed
//! answer. Against the bare signature operations of such a call, and against the same hop without signatures.
//!
//! `cargo run --release -p tests --example round_trips`. Clients and sandbox share the process and its cores.

#![expect(clippy::expect_used, reason = "a benchmark that cannot go on has no result")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use certs::{Algorithm, KeyPair, SignatureAlgorithm};
use gateway::exchange::{POLLED, Wire};
use gateway::sandbox::Options;
use gateway::world::{Plan, Swap};
use jiff::Timestamp;
use registries::ca::OrderRequest;
use registries::store::{Durability, Expect, NewEntry, SqliteStore, WorldId, WorldStore};
use serde_json::{Value, json};
use signer::{Envelope, System};
use tests::{Citizen, Town, application, envelope, sync_message};
use uuid::Uuid;

/// Messages of a round.
const MESSAGES: usize = 2_000;
/// Clients at once.
const CLIENTS: usize = 8;

#[tokio::main]
async fn main() {
    println!("{MESSAGES} messages, {CLIENTS} clients at once");
    for algorithm in [Algorithm::P256, Algorithm::Rsa, Algorithm::Gost512] {
        for wire in [Wire::Json, Wire::Soap] {
            signed(algorithm, wire).await;
        }
    }
    unsigned().await;
}

/// The portal's application to the gateway, where it waits to be fetched: nothing happens after the acknowledgement.
async fn signed(algorithm: Algorithm, wire: Wire) {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = Plan { algorithm, ..Plan::following(Town::regulations()) };
    let options = Options { data: Some(folder.path().to_owned()), ..Options::ephemeral(plan) };
    let town = Town::with(options).await;
    let identity = town.identity(System::RegionalWorkstation);
    let swap = Swap {
        certificate: Some(identity.certificate.pem()),
        password: Some(identity.password),
        wire: Wire::Soap,
        ..Swap::at(POLLED)
    };
    let world = town.sandbox.world(&WorldId::default()).expect("a world").world.clone();
    world.put_system(System::RegionalWorkstation, &swap).await.expect("it is put");

    let mut citizen = Citizen::arrives_with(&town, |order| OrderRequest {
        algorithm: Some(algorithm.to_string()),
        ..order
    })
    .await;
    citizen.enters().await.expect("they enter");
    citizen.fills_in().await.expect("they fill in");
    let payload = application(&citizen);
    let portal = town.identity(System::Portal);
    let (path, media_type) = match wire {
        Wire::Json => ("/gateway/messages", "application/json"),
        _ => ("/gateway/sync", "text/xml"),
    };
    let bodies = (0..MESSAGES).map(|_| {
        let envelope = Envelope { message_id: Uuid::new_v4(), ..envelope(&portal, &payload) };
        match wire {
            Wire::Json => serde_json::to_string(&envelope.seal(&portal).expect("it seals")).expect("JSON"),
            _ => sync_message(&envelope, &portal),
        }
    });
    let bodies: Vec<String> = bodies.collect();
    let url = format!("{}{path}", town.client.base());
    let round = rounds(town.client.http(), &url, media_type, bodies).await;
    // Envelope and document are verified, the acknowledgement is signed: both certificates were seen before.
    let made = bare(algorithm, 2, 1);
    // For one that was not, a chain of two is verified, an OCSP answer is signed and verified, and its responder is.
    let unseen = bare(algorithm, 2 + 2 * 4, 1 + 2);
    println!(
        "{algorithm:<8} {:<5} {round}, {:.1} × its signature operations ({:.0} µs), {:.2} × those with certificates that \
         nobody has seen ({:.0} µs)",
        wire.word(),
        round.cpu.as_secs_f64() / made.as_secs_f64(),
        made.as_secs_f64() * 1e6,
        round.cpu.as_secs_f64() / unseen.as_secs_f64(),
        unseen.as_secs_f64() * 1e6
    );
}

/// The same bytes, parsed and journalled as durably, and acknowledged, by nobody who verifies anything.
async fn unsigned() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = SqliteStore::open(folder.path().join("store"), Durability::Process).expect("a store");
    let store = WorldStore::new(store, WorldId::default());
    let router = Router::new().route("/messages", post(taken)).with_state(store);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/messages", listener.local_addr().expect("its address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let filler = "x".repeat(8_000);
    let bodies = (0..MESSAGES).map(|_| json!({ "messageId": Uuid::new_v4(), "data": filler }).to_string());
    let http = gateway::sandbox::client().expect("a client");
    println!("unsigned       {}", rounds(&http, &url, "application/json", bodies.collect()).await);
}

async fn taken(State(store): State<WorldStore>, Json(message): Json<Value>) -> Json<Value> {
    let id = message["messageId"].as_str().unwrap_or_default();
    let entry = NewEntry::crossing(Timestamp::UNIX_EPOCH, "gateway", message.clone());
    let batch = store.batch().put("message", id, &message, Expect::Absent).expect("JSON").entry(entry);
    store.commit(batch).await.expect("it commits");
    Json(json!({ "accepted": id }))
}

/// What a round of calls took.
struct Round {
    per_second: f64,
    p50: Duration,
    p99: Duration,
    /// Of the whole process, for each call.
    cpu: Duration,
}

impl std::fmt::Display for Round {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        write!(
            f,
            "{:>6.0} calls/s, {:>6.0} per core, p50 {:.1} ms, p99 {:.1} ms, {:.0} µs of a core each",
            self.per_second,
            1.0 / self.cpu.as_secs_f64(),
            ms(self.p50),
            ms(self.p99),
            self.cpu.as_secs_f64() * 1e6
        )
    }
}

async fn rounds(http: &reqwest::Client, url: &str, media_type: &'static str, bodies: Vec<String>) -> Round {
    let (count, bodies, next) = (bodies.len(), Arc::new(bodies), Arc::new(AtomicUsize::new(0)));
    let (begin, before) = (Instant::now(), cpu());
    let clients = (0..CLIENTS).map(|_| {
        let (http, url, bodies, next) = (http.clone(), url.to_owned(), bodies.clone(), next.clone());
        tokio::spawn(async move {
            let mut times = Vec::new();
            while let Some(body) = bodies.get(next.fetch_add(1, Ordering::Relaxed)) {
                let begin = Instant::now();
                let request = http.post(&url).header("content-type", media_type).body(body.clone());
                let answer = request.send().await.expect("an answer");
                assert!(answer.status().is_success(), "{:?}", answer.text().await);
                answer.bytes().await.expect("a whole answer");
                times.push(begin.elapsed());
            }
            times
        })
    });
    let mut times = Vec::new();
    for client in clients.collect::<Vec<_>>() {
        times.extend(client.await.expect("the client goes on"));
    }
    let (took, cpu) = (begin.elapsed(), cpu().saturating_sub(before));
    times.sort();
    let each = |time: Duration| time / u32::try_from(count).expect("few");
    Round {
        per_second: 1.0 / each(took).as_secs_f64(),
        p50: times[count / 2],
        p99: times[count * 99 / 100],
        cpu: each(cpu),
    }
}

/// The processor time of the process so far (proc(5): fields 14 and 15 of stat, in hundredths of a second).
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    let ticks: u64 = fields.map(|field| field.parse::<u64>().expect("a number")).sum();
    Duration::from_millis(ticks * 10)
}

/// The bare cost of that many verifications and signatures.
fn bare(algorithm: Algorithm, verifications: u32, signatures: u32) -> Duration {
    let key = KeyPair::generate(algorithm).expect("a key");
    let message = [0x5a; 300];
    let rounds = 300;
    let begin = Instant::now();
    let mut signature = Vec::new();
    for _ in 0..rounds {
        signature = key.sign(&message).expect("it signs");
    }
    let sign = begin.elapsed() / rounds;
    let begin = Instant::now();
    for _ in 0..rounds {
        key.public_key()
            .verify(&SignatureAlgorithm::of(algorithm), &message, &signature)
            .expect("it verifies");
    }
    let verify = begin.elapsed() / rounds;
    verify * verifications + sign * signatures
}
