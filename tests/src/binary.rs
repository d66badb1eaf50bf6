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
    for name in ["QAQPA_URL", "QAQPA_LANG", "QAQPA_PASSWORD", "QAQPA_CONTROL_TOKEN", "QAQPA_LOG"] {
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
        let mut command = command(data.parent().unwrap_or(data));
        command.args(["up", "--json", "--listen", listen, "--data"]).arg(data);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("qaqpa up starts");
        let mut line = String::new();
        let said = child.stdout.take().expect("its stdout");
        BufReader::new(said).read_line(&mut line).expect("a line");
        let ready: Value = serde_json::from_str(&line).expect("a ready line");
        let client =
            Client::new(client().expect("a client"), ready["base_url"].as_str().unwrap_or_default(), None);
        Self { child, ready, client }
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
