//! Whether memory stays flat: plays cases against a sandbox whose journal is kept short, and looks at what it holds.
//!
//! `scripts/soak` runs it. It reads `/proc`, so it is for Linux.

#![expect(clippy::expect_used, dead_code, reason = "a measurement that cannot go on has no result")]

#[path = "measure/process.rs"]
mod process;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use gateway::play::{Play, select};
use gateway::regulation::Regulations;
use process::Process;
use serde_json::{Value, json};
use tokio::task::{JoinSet, LocalSet};

/// How many entries the journal keeps.
const KEPT: &str = "5000";
/// How many humans play at once.
const HUMANS: usize = 8;
/// How many looks are taken on the way.
const LOOKS: usize = 10;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let qaqpa = arguments.next().expect("the path of the qaqpa binary");
    let cases: usize = arguments.next().map_or(2_000, |count| count.parse().expect("a number of cases"));
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    let mut process = Process::start(&qaqpa, "127.0.0.1:0", &["--data", data, "--keep-journal", KEPT]);
    let regulations = Regulations::built_in().expect("regulations");
    let play = Play {
        client: process.client.clone(),
        regulations: regulations.clone(),
        algorithm: None,
        faults: Vec::new(),
        patience: Duration::from_mins(1),
    };
    let begin = Instant::now();
    for look in 1..=LOOKS {
        LocalSet::new().run_until(played(&play, &regulations, cases / LOOKS)).await;
        // What was abandoned is forgotten after 30 days.
        let _: Value = process
            .client
            .post("/control/clock", None, &json!({ "advance": "31 days" }))
            .await
            .expect("the clock goes on");
        println!(
            "{:>6} cases  {}, journal {} entries, {:.0} s",
            look * cases / LOOKS,
            process.said(),
            journal(&process).await,
            begin.elapsed().as_secs_f64()
        );
    }
    process.stop();
}

/// Plays so many cases and opens as many that are left at once: paths one after the other, those that need a day of the year left out.
async fn played(play: &Play, regulations: &Regulations, cases: usize) {
    let next = Arc::new(AtomicUsize::new(0));
    let mut humans = JoinSet::new();
    for _ in 0..HUMANS {
        let (play, regulations, next) = (play.clone(), regulations.clone(), next.clone());
        humans.spawn_local(async move {
            let mut paths = select(&regulations, &[]).expect("paths");
            paths.retain(|path| path.channel.steps.iter().all(|step| step.said.not_after.is_none()));
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= cases {
                    return;
                }
                let open = json!({ "regulation": regulations.iter().next().map(|known| &known.id) });
                let _: Value = play.client.post("/portal/cases", None, &open).await.expect("a case");
                let played = play.play(&paths[number % paths.len()]).await.expect("it plays");
                assert!(played.as_documented, "path {number}");
            }
        });
    }
    while let Some(human) = humans.join_next().await {
        human.expect("no panic");
    }
}

/// How many entries the journal has.
async fn journal(process: &Process) -> usize {
    let (mut count, mut after) = (0, 0);
    loop {
        // A few at a time: counting them is not to be what takes the memory.
        let path = format!("/control/journal?after={after}&limit=50");
        let entries: Vec<Value> = process.client.get(&path, None).await.expect("the journal");
        let Some(last) = entries.last() else { return count };
        after = last["seq"].as_u64().expect("a number");
        count += entries.len();
    }
}
