//! `qaqpa cert export`

use std::path::{Path, PathBuf};

use certs::{Algorithm, Clock, Flaw};
use clap::Args;
use registries::ca::{File, bundles};

use super::{Done, Failure, Talk, Target, say, say_json, write, write_secret};
use crate::cli::play::progress;
use crate::play::Client;

#[derive(Args)]
pub(in crate::cli) struct Export {
    /// Folder to write into.
    #[arg(value_name = "DIR")]
    out: PathBuf,
    /// Every flaw in a folder of its own, with what a verifier must answer: from a centre made for it, with no sandbox.
    #[arg(long)]
    all_flaws: bool,
    /// Algorithm of that centre: p256, rsa, gost512, gost256 or gost2004.
    #[arg(long, value_name = "ALG", default_value = "p256", requires = "all_flaws")]
    alg: Algorithm,
    #[command(flatten)]
    target: Target,
}

impl Export {
    pub(super) async fn run(self, talk: Talk) -> Result<Done, Failure> {
        if self.all_flaws {
            all_flaws(talk, &self.out, self.alg).await
        } else {
            own(talk, &self.out, &self.target).await
        }
    }
}

/// Roots, authorities and current lists, for OpenSSL and other tools.
async fn own(talk: Talk, out: &Path, target: &Target) -> Result<Done, Failure> {
    let reached = target.reach().await?;
    std::fs::create_dir_all(out).map_err(|error| Failure::file(out, error))?;
    let mut written = Vec::new();
    for name in ["roots.pem", "authorities.pem"] {
        let content = reached.client.bytes(&format!("/ca/{name}")).await?;
        write(&out.join(name), &content)?;
        written.push(out.join(name));
    }
    for algorithm in Algorithm::ALL {
        written.extend(lists(&reached.client, *algorithm, out).await?);
    }
    if talk.json {
        say_json(&written)?;
    } else {
        written.iter().try_for_each(|path| say(path.display()))?;
    }
    Ok(Done::Fine)
}

/// The lists of a hierarchy, with every key that its issuing centre had. One that nobody has asked for yet has none.
async fn lists(client: &Client, algorithm: Algorithm, out: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut written = Vec::new();
    let mut generation = 1;
    loop {
        let name = if generation == 1 { algorithm.to_string() } else { format!("{algorithm}-{generation}") };
        let more: &[&str] = if generation == 1 { &["", "-delta", "-root"] } else { &["", "-delta"] };
        for list in more {
            let file = format!("{name}{list}.crl");
            let Ok(content) = client.bytes(&format!("/ca/crl/{file}")).await else { return Ok(written) };
            write(&out.join(&file), &content)?;
            written.push(out.join(file));
        }
        generation += 1;
    }
}

/// Every flaw, from a centre made for it.
async fn all_flaws(talk: Talk, out: &Path, algorithm: Algorithm) -> Result<Done, Failure> {
    let bar = progress(Flaw::all().len() + 1, "bundles");
    let files = bundles(algorithm, Clock::system().now(), || bar.inc(1)).await?;
    bar.finish_and_clear();
    for File { name, content } in &files {
        let path = out.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| Failure::file(folder, error))?;
        }
        if name.contains("/key.") {
            write_secret(&path, content)?;
        } else {
            write(&path, content)?;
        }
    }
    let readme = out.join("README.md");
    if talk.json {
        say_json(&files.iter().map(|file| out.join(&file.name)).collect::<Vec<_>>())?;
    } else {
        say(readme.display())?;
        eprintln!("{} flaws, each in a folder of its own", Flaw::all().len());
    }
    Ok(Done::Fine)
}
