//! How fast the sandbox is: cold start, paths per second, and a verdict against the signatures it needs.
//!
//! `scripts/bench` runs it. Figures are ratios taken in one run, so that machines can be compared.

#![expect(clippy::expect_used, reason = "a benchmark that cannot go on has no result")]

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use certs::verdict::Check;
use certs::{Algorithm, CheckDigit, Clock, Identifier, Iin, Profile};
use gateway::play::{Client, Play, select};
use gateway::regulation::Regulations;
use gateway::sandbox::{Options, Sandbox, client};
use gateway::world::Plan;
use registries::ca::{CertificationCentre, OrderRequest};
use registries::{SqliteStore, WorldId, WorldStore};
use signer::{Question, RevocationPolicy, Trust, Validator};

#[tokio::main]
async fn main() {
    let qaqpa = std::env::args().nth(1).expect("the path of the qaqpa binary");
    cold_start(&qaqpa).await;
    for algorithm in [Algorithm::P256, Algorithm::Rsa] {
        paths(algorithm).await;
    }
    for algorithm in [Algorithm::P256, Algorithm::Rsa] {
        verdicts(algorithm).await;
    }
}

/// From starting the process to the first answer over HTTP, against starting it for nothing.
async fn cold_start(qaqpa: &str) {
    let http = client().expect("a client");
    let mut nothing = Vec::new();
    let mut answer = Vec::new();
    for _ in 0..10 {
        let begin = Instant::now();
        Command::new(qaqpa).arg("--version").stdout(Stdio::null()).status().expect("it runs");
        nothing.push(begin.elapsed());

        let begin = Instant::now();
        let mut process = Command::new(qaqpa)
            .args(["up", "--ephemeral", "--listen", "127.0.0.1:0", "--json"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut ready = String::new();
        BufReader::new(process.stdout.take().expect("its output"))
            .read_line(&mut ready)
            .expect("a ready line");
        let base = ready.split('"').skip_while(|part| *part != "base_url").nth(2).expect("a base URL");
        let health = http.get(format!("{base}/control/health")).send().await.expect("an answer");
        assert!(health.status().is_success());
        answer.push(begin.elapsed());
        process.kill().expect("it stops");
        process.wait().expect("it stopped");
    }
    let (nothing, answer) = (median(nothing), median(answer));
    println!(
        "cold start          {:>8.1} ms to the first answer of `up --ephemeral`, {:.1} × `qaqpa --version`",
        ms(answer),
        answer.as_secs_f64() / nothing.as_secs_f64()
    );
}

/// Every path of every regulation, one after the other, by one human.
async fn paths(algorithm: Algorithm) {
    let regulations = Regulations::built_in().expect("regulations");
    let plan = Plan { algorithm, ..Plan::following(regulations.clone()) };
    let bound = Sandbox::bind(Options::ephemeral(plan)).await.expect("a sandbox");
    let base = bound.sandbox.base_url().to_owned();
    tokio::spawn(bound.serve(std::future::pending()));
    let human = Play {
        client: Client::new(client().expect("a client"), &base, None),
        regulations: regulations.clone(),
        algorithm: Some(algorithm),
        patience: Duration::from_secs(20),
        faults: Vec::new(),
    };
    let selected = select(&regulations, &[]).expect("paths");
    let begin = Instant::now();
    let mut played = 0;
    while begin.elapsed() < Duration::from_secs(5) {
        for path in &selected {
            assert!(human.play(path).await.expect("it plays").as_documented);
            played += 1;
        }
    }
    let rate = f64::from(played) / begin.elapsed().as_secs_f64();
    println!("paths, {algorithm:<5}        {rate:>8.1} per second, played one after the other");
}

/// A full verdict (path, validity, OCSP and list, usage, identity) against the bare signatures it verifies.
async fn verdicts(algorithm: Algorithm) {
    let store = WorldStore::new(SqliteStore::ephemeral().expect("a store"), WorldId::default());
    let clock = Clock::system();
    let centre = CertificationCentre::open(store, clock.clone(), "http://127.0.0.1:1", algorithm)
        .await
        .expect("a centre");
    let issued = centre.issue(&OrderRequest::of(Profile::Individual)).await.expect("a certificate");
    let certificate = certs::Certificate::from_pem(&issued.kept.certificate).expect("it parses");
    let iin = Iin::parse(certificate.iin_text().expect("an IIN"), CheckDigit::Strict).expect("an IIN");
    let centre = Arc::new(centre);
    let authorities = centre.authorities().await.expect("authorities");
    let validator = Validator::new(centre, RevocationPolicy::default(), clock);
    let checks = [
        Check::PathToRoot,
        Check::ValidityPeriod,
        Check::NotRevoked,
        Check::KeyUsage,
        Check::IdentityMatches,
    ];
    let question = Question { checks: &checks, declared: Some(Identifier::Iin(iin)), roles: &[] };

    let rounds = 1_000_u32;
    let begin = Instant::now();
    for _ in 0..rounds {
        assert!(validator.validate(&certificate, &question).await.passed());
    }
    let verdict = begin.elapsed() / rounds;
    let begin = Instant::now();
    for _ in 0..rounds {
        certificate.verify_signature(authorities[0].public_key()).expect("it verifies");
    }
    // Leaf, authority, OCSP answer, responder. The list's signature is remembered with its bytes.
    let bare = begin.elapsed() / rounds * 4;
    println!(
        "a verdict, {algorithm:<5}    {:>8.0} µs, {:.1} × the four signatures it verifies ({:.0} µs)",
        verdict.as_secs_f64() * 1e6,
        verdict.as_secs_f64() / bare.as_secs_f64(),
        bare.as_secs_f64() * 1e6
    );
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
