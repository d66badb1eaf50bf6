//! Systems of somebody else's in another language, each a process of its own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use gateway::exchange::Wire;
use gateway::play::Client;
use serde_json::Value;
use signer::System;

use crate::{Town, free_ports, qaqpa};

/// A script of `tests/foreign`, and how it is to stand in for a system.
pub struct Script {
    name: &'static str,
    wire: Wire,
    files: Vec<(&'static str, String)>,
    arguments: Vec<&'static str>,
}

impl Script {
    /// It speaks JSON.
    pub fn new(name: &'static str) -> Self {
        Self { name, wire: Wire::Json, files: Vec::new(), arguments: Vec::new() }
    }

    /// It speaks over this wire.
    pub fn over(mut self, wire: Wire) -> Self {
        self.wire = wire;
        self
    }

    /// There is one file more in its folder.
    pub fn with(mut self, file: &'static str, content: impl Into<String>) -> Self {
        self.files.push((file, content.into()));
        self
    }

    /// It listens with TLS, with this certificate and key, and takes messages from those who show theirs.
    pub fn behind_tls(self, certificate: &str, key: &str) -> Self {
        let mut script = self.with("server.pem", certificate).with("server.key", key);
        script.arguments.extend(["--tls-cert", "server.pem", "--tls-key", "server.key", "--mtls"]);
        script
    }

    /// It takes the place of a system of a town, with the files that `qaqpa systems add` wrote for it.
    pub async fn stands_in(self, town: &Town, system: System) -> Foreign {
        let folder = tempfile::tempdir().expect("a folder");
        let listen = format!("127.0.0.1:{}", free_ports(1)[0]);
        let scheme = if self.arguments.contains(&"--mtls") { "https" } else { "http" };
        let (url, base) = (format!("{scheme}://{listen}"), town.client.base().to_owned());
        let mut add = vec!["systems", "add", system.name(), "--url", &url, "--out", ".", "--against", &base];
        if self.wire != Wire::Json {
            add.extend(["--wire", self.wire.word()]);
        }
        if base.starts_with("https:") {
            std::fs::write(folder.path().join("root.pem"), town.roots().await).expect("a file");
            add.extend(["--cacert", "root.pem"]);
        }
        let (out, add): (_, Vec<String>) =
            (folder.path().to_owned(), add.into_iter().map(str::to_owned).collect());
        let add = move || qaqpa(&out, &add.iter().map(String::as_str).collect::<Vec<_>>());
        let added = tokio::task::spawn_blocking(add).await.expect("the command runs");
        assert_eq!(added.code, 0, "{}", added.err);
        for (name, content) in &self.files {
            std::fs::write(folder.path().join(name), content).expect("a file");
        }
        let mut arguments = self.arguments;
        if self.wire != Wire::Json {
            arguments.extend(["--wire", "soap"]);
        }
        // The town answers meanwhile: a script may ask it for contracts before it is ready.
        let (name, at) = (self.name, folder.path().to_owned());
        let start = move || started(name, &at, &listen, &arguments);
        let (child, url) = tokio::task::spawn_blocking(start).await.expect("it starts");
        Foreign { child, folder, client: Client::new(town.client.http().clone(), &url, None) }
    }

    /// It listens by itself, with a folder to work in.
    pub fn listens(self, listen: &str) -> Foreign {
        let folder = tempfile::tempdir().expect("a folder");
        let (child, url) = started(self.name, folder.path(), listen, &self.arguments);
        let http = gateway::sandbox::client().expect("a client");
        Foreign { child, folder, client: Client::new(http, &url, None) }
    }
}

/// Starts a script and waits until it is ready; where it is reached.
fn started(name: &str, folder: &Path, listen: &str, arguments: &[&str]) -> (Child, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("foreign").join(name);
    let is_node = script.extension().is_some_and(|extension| extension == "js");
    let mut child = Command::new(if is_node { "node" } else { "python3" })
        .arg(script)
        .arg(folder)
        .args(["--listen", listen])
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut ready = String::new();
    let said = child.stdout.take().expect("its stdout");
    BufReader::new(said).read_line(&mut ready).expect("a line");
    let ready: Value = serde_json::from_str(&ready).expect("a ready line");
    (child, ready["url"].as_str().expect("its address").to_owned())
}

/// A script that runs, killed with the story.
pub struct Foreign {
    child: Child,
    /// Its folder.
    pub folder: tempfile::TempDir,
    /// Talks to it.
    pub client: Client,
}

impl Drop for Foreign {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The wires that the scripts in Python can speak here.
pub fn wires() -> Vec<Wire> {
    let soap = has("zeep and cryptography (PyPI)", "python3", "import zeep, lxml, cryptography");
    [Some(Wire::Json), soap.then_some(Wire::Soap)].into_iter().flatten().collect()
}

/// Whether a program has what a script stands on. Says so loudly where it has not, and fails where `CI=true`.
pub fn has(packages: &str, program: &str, script: &str) -> bool {
    let option = if program == "node" { "-e" } else { "-c" };
    let tried = Command::new(program).args([option, script]).output();
    let there = tried.is_ok_and(|tried| tried.status.success());
    assert!(there || std::env::var("CI").as_deref() != Ok("true"), "{packages}: not installed");
    if !there {
        eprintln!("SKIPPED: {packages}: not installed; scripts/test installs it");
    }
    there
}
