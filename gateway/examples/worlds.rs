//! What many worlds cost: memory, threads, files and time of a process that holds them, open and asleep.
//!
//! `scripts/worlds` runs it. It reads `/proc`, so it is for Linux.

#![expect(clippy::expect_used, reason = "a measurement that cannot go on has no result")]

#[path = "measure/process.rs"]
mod process;

use std::time::{Duration, Instant};

use process::Process;
use serde_json::{Value, json};

/// How long an idle process is watched, in real time.
const WATCHED: Duration = Duration::from_secs(20);

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let qaqpa = arguments.next().expect("the path of the qaqpa binary");
    let worlds: u32 = arguments.next().map_or(1_000, |count| count.parse().expect("a number of worlds"));
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");

    let mut process = Process::start(&qaqpa, "127.0.0.1:0", &["--data", data, "--sleep-after", "1000000"]);
    let alone = process.memory();
    println!("one world            {}", process.said());
    let begin = Instant::now();
    for n in 0..worlds {
        let body = json!({ "id": format!("world-{n}") });
        let _: Value = process.client.post("/control/worlds", None, &body).await.expect("a world");
    }
    let each = begin.elapsed() / worlds;
    println!("{worlds} worlds, open    {}", process.said());
    println!(
        "  a world is made in {:.1} ms and costs {} while open",
        ms(each),
        kib(process.memory(), alone, worlds)
    );
    println!("  idle: {}", process.idle(WATCHED));
    let address = process.client.base().trim_start_matches("http://").to_owned();
    process.stop();

    let mut process = Process::start(&qaqpa, &address, &["--data", data]);
    println!("{worlds} worlds, asleep  {}", process.said());
    println!(
        "  ready after {:.0} ms; a world costs {} while asleep",
        ms(process.started),
        kib(process.memory(), alone, worlds)
    );
    println!("  idle: {}", process.idle(WATCHED));
    let mut first = Vec::new();
    for n in 0..worlds.min(100) {
        let begin = Instant::now();
        let path = format!("/w/world-{n}/portal/cabinet");
        // Nobody is signed in: what matters is that the portal of that world says so.
        let problem = process.client.get::<Value>(&path, None).await.expect_err("nobody is signed in");
        assert_eq!(problem.code.code(), "not-signed-in");
        first.push(begin.elapsed());
    }
    first.sort();
    println!("  the first request to one is answered in {:.1} ms (median)", ms(first[first.len() / 2]));
    let begin = Instant::now();
    let dropped = worlds.min(100);
    for n in 0..dropped {
        let path = format!("/control/worlds/world-{n}");
        let _: Value = process.client.delete(&path).await.expect("it is dropped");
    }
    println!("  a world is dropped in {:.1} ms", ms(begin.elapsed() / dropped));
    process.stop();
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// What each of some worlds adds to the memory of a process.
fn kib(with: u64, without: u64, worlds: u32) -> String {
    let added = with.saturating_sub(without) * 10 / u64::from(worlds);
    format!("{}.{} KiB", added / 10, added % 10)
}
