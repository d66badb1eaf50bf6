//! Systems of somebody else's in another language, each a process of its own.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use gateway::play::Client;
use gateway::sandbox::client;
use signer::System;

use crate::{Town, free_ports, qaqpa};

/// A script of `tests/foreign`, killed with the story.
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

impl Foreign {
    /// A script in the place of a system of a town, with the files that `qaqpa systems add` wrote for it.
    pub async fn stands_in(town: &Town, system: System, script: &str) -> Self {
        Self::stands_in_with(town, system, script, &[]).await
    }

    /// The same with more files in its folder.
    pub async fn stands_in_with(town: &Town, system: System, script: &str, files: &[(&str, String)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let listen = format!("127.0.0.1:{}", free_ports(1)[0]);
        let (base, out, url) =
            (town.sandbox.base_url().to_owned(), folder.path().to_owned(), format!("http://{listen}"));
        let add = move || {
            let add = ["systems", "add", system.name(), "--url", &url, "--out", ".", "--against", &base];
            qaqpa(&out, &add)
        };
        let added = tokio::task::spawn_blocking(add).await.expect("the command runs");
        assert_eq!(added.code, 0, "{}", added.err);
        for (name, content) in files {
            std::fs::write(folder.path().join(name), content).expect("a file");
        }
        Self::listens(script, folder, &listen)
    }

    /// A script that listens at an address, with a folder to work in.
    pub fn listens(script: &str, folder: tempfile::TempDir, listen: &str) -> Self {
        let mut child = Command::new("python3")
            .arg(Self::script(script))
            .arg(folder.path())
            .args(["--listen", listen])
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs");
        let mut ready = String::new();
        let said = child.stdout.take().expect("its stdout");
        BufReader::new(said).read_line(&mut ready).expect("a line");
        assert!(ready.contains("ready"), "{ready}");
        let client = Client::new(client().expect("a client"), &format!("http://{listen}"), None);
        Self { child, folder, client }
    }

    fn script(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("foreign").join(name)
    }
}
