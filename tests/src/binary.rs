//! The real binary: commands that end, and a sandbox that runs until it is killed.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use gateway::play::Client;
use gateway::sandbox::client;
use serde_json::Value;

/// What a command left behind.
#[derive(Debug)]
pub struct Ran {
    /// Exit code.
    pub code: i32,
    /// What it printed.
    pub out: String,
    /// What it complained of.
    pub err: String,
}

impl Ran {
    /// What it printed, as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).expect("JSON on stdout")
    }
}

/// Runs `qaqpa` in a folder until it ends.
pub fn qaqpa(folder: &Path, arguments: &[&str]) -> Ran {
    let ran = command(folder).args(arguments).stdin(Stdio::null()).output().expect("qaqpa runs");
    Ran {
        code: ran.status.code().unwrap_or(-1),
        out: String::from_utf8(ran.stdout).expect("text on stdout"),
        err: String::from_utf8_lossy(&ran.stderr).into_owned(),
    }
}

/// Free of what the caller's environment says to `qaqpa`.
fn command(folder: &Path) -> Command {
    let mut command = Command::new(path());
    for name in
        ["QAQPA_URL", "QAQPA_LANG", "QAQPA_PASSWORD", "QAQPA_CONTROL_TOKEN", "QAQPA_LOG", "QAQPA_DATABASE"]
    {
        command.env_remove(name);
    }
    command.current_dir(folder);
    command
}

/// The binary beside the tests, as the sources are now.
fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let tests = std::env::current_exe().expect("the test's own path");
        let profile = tests.ancestors().nth(2).expect("target/PROFILE/deps/stories");
        let binary = profile.join(format!("qaqpa{}", std::env::consts::EXE_SUFFIX));
        // Always: a stale one would be tested otherwise. Nothing is done when it is fresh.
        let target = profile.parent().expect("the target folder");
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--quiet", "-p", "gateway", "--bin", "qaqpa", "--target-dir"]).arg(target);
        if profile.ends_with("release") {
            cargo.arg("--release");
        }
        cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
        assert!(cargo.status().expect("cargo runs").success(), "qaqpa is built");
        binary
    })
}

/// `qaqpa up`, killed with the story.
pub struct Process {
    child: Child,
    /// What it said when it was ready.
    pub ready: Value,
    /// Talks to it.
    pub client: Client,
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be gone already: that is what the story is about.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    /// Starts `qaqpa up` on a folder and waits until it is ready.
    pub fn up(data: &Path, listen: &str) -> Self {
        Starting::up(data, listen, &[]).ready()
    }

    /// Starts `qaqpa up` on a folder with these arguments more and waits until it is ready.
    pub fn up_with(data: &Path, listen: &str, arguments: &[String]) -> Self {
        Starting::up(data, listen, arguments).ready()
    }

    /// Starts `qaqpa up` on a PostgreSQL database with these arguments more and waits until it is ready.
    pub fn up_on(database: &str, listen: &str, arguments: &[String]) -> Self {
        let mut command = command(&std::env::temp_dir());
        command.args(["up", "--json", "--listen", listen, "--database", database]).args(arguments);
        Starting::spawned(command).ready()
    }

    /// Where it listens, as `up` takes it.
    pub fn address(&self) -> String {
        self.client.base().trim_start_matches("http://").to_owned()
    }

    /// SIGKILL; no goodbye.
    pub fn kill(mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it is gone");
    }
}

/// `qaqpa up` that may not be ready yet: it waits for others.
pub struct Starting {
    child: Child,
    said: BufReader<std::process::ChildStdout>,
}

impl Starting {
    /// Starts `qaqpa up` on a folder with these arguments more.
    pub fn up(data: &Path, listen: &str, arguments: &[String]) -> Self {
        let mut command = command(data.parent().unwrap_or(data));
        command.args(["up", "--json", "--listen", listen, "--data"]).arg(data).args(arguments);
        Self::spawned(command)
    }

    fn spawned(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("qaqpa up starts");
        let said = BufReader::new(child.stdout.take().expect("its stdout"));
        Self { child, said }
    }

    /// Waits for the line that says it is ready.
    pub fn ready(mut self) -> Process {
        let mut line = String::new();
        self.said.read_line(&mut line).expect("a line");
        let ready: Value = serde_json::from_str(&line).expect("a ready line");
        let client =
            Client::new(client().expect("a client"), ready["base_url"].as_str().unwrap_or_default(), None);
        Process { child: self.child, ready, client }
    }
}

/// Free ports of the loopback, each another one.
pub fn free_ports(count: usize) -> Vec<u16> {
    let bind = |_| std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    // All at once, so that none is given out twice.
    let listeners: Vec<_> = (0..count).map(bind).collect();
    listeners.iter().map(|listener| listener.local_addr().expect("its address").port()).collect()
}
