//! A sandbox as the operating system sees it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use gateway::play::Client;
use gateway::sandbox::client;
use serde_json::Value;

/// How many ticks of the clock a second of processor time has, on every Linux there is.
const TICKS: f64 = 100.0;

/// `qaqpa up`, stopped at the end.
pub(crate) struct Process {
    child: Child,
    /// Talks to it.
    pub(crate) client: Client,
    /// How long it took to its ready line.
    pub(crate) started: Duration,
}

impl Process {
    /// Starts `qaqpa up` with these arguments more.
    pub(crate) fn start(qaqpa: &str, listen: &str, arguments: &[&str]) -> Self {
        let begin = Instant::now();
        let mut child = Command::new(qaqpa)
            .args(["up", "--json", "--listen", listen])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut ready = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut ready).expect("a ready line");
        let started = begin.elapsed();
        let ready: Value = serde_json::from_str(&ready).expect("JSON");
        let base = ready["base_url"].as_str().expect("a base URL");
        let client = Client::new(client().expect("a client"), base, None);
        Self { child, client, started }
    }

    fn read(&self, file: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).expect("a process of Linux")
    }

    /// Its private memory that it has written to, in KiB.
    pub(crate) fn memory(&self) -> u64 {
        let all = self.read("smaps_rollup");
        let of = |line: &&str| line.starts_with("Private_Dirty:");
        let kib = |line: &str| line.split_whitespace().nth(1)?.parse::<u64>().ok();
        all.lines().filter(of).filter_map(kib).sum()
    }

    /// Its memory, threads and open files.
    pub(crate) fn said(&self) -> String {
        let list = |folder: &str| {
            std::fs::read_dir(format!("/proc/{}/{folder}", self.child.id()))
                .expect("a process of Linux")
                .count()
        };
        format!("{:>7} KiB private, {} threads, {} open files", self.memory(), list("task"), list("fd"))
    }

    /// How often it woke and how much it worked while nobody asked it for anything.
    #[expect(clippy::disallowed_methods, reason = "nothing happens that could be waited for")]
    pub(crate) fn idle(&mut self, watched: Duration) -> String {
        let (switches, ticks) = (self.switches(), self.ticks());
        std::thread::sleep(watched);
        let seconds = watched.as_secs_f64();
        // Threads that have ended meanwhile are not counted.
        let woken = self.switches().into_iter().map(|(task, now)| now - switches.get(&task).unwrap_or(&0.0));
        let (woken, worked) = (woken.sum::<f64>() / seconds, (self.ticks() - ticks) / TICKS / seconds);
        format!("woken {woken:.1} times a second, {:.2} % of a core", worked * 100.0)
    }

    /// How often each of its threads has woken.
    fn switches(&self) -> BTreeMap<PathBuf, f64> {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).expect("its threads");
        let of = |task: std::fs::DirEntry| {
            let status = std::fs::read_to_string(task.path().join("status")).unwrap_or_default();
            let line = status.lines().find(|line| line.starts_with("voluntary_ctxt_switches"));
            let woken = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
            (task.path(), woken.unwrap_or_default())
        };
        tasks.flatten().map(of).collect()
    }

    fn ticks(&self) -> f64 {
        let stat = self.read("stat");
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum()
    }

    /// Ends it.
    pub(crate) fn stop(&mut self) {
        self.child.kill().expect("it stops");
        self.child.wait().expect("it stopped");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be stopped already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
